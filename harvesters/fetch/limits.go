package fetch

import "time"

// Limits bound what one server can make us spend.
type Limits struct {
	// Body is the largest body, after decompression, that is read into memory.
	Body int64
	// File is the same for a body that goes into a file.
	File int64
	// Total bounds the bodies of one session together.
	Total int64
	// Ratio is how many times larger than its transfer a body may get, checked
	// once it exceeds RatioFree: catalogues of similar records compress 20:1 to
	// 50:1, bombs 1000:1.
	Ratio     int64
	RatioFree int64
	// Redirects per request.
	Redirects int
	// Tries per request, the first included.
	Tries int
	// Requests per session, so that links cannot lead on for ever.
	Requests int64
	// Pages is how many resources of one path, which differ in their query, are
	// fetched, and SamePage how many in a row may have the same body: a server
	// that ignores the page's number serves the first one for ever.
	Pages    int
	SamePage int
	// FirstByte bounds the wait for a response's head.
	FirstByte time.Duration
	// Every RateWindow at least RateBytes of a body must arrive.
	RateWindow time.Duration
	RateBytes  int64
	// Response bounds one response from request to last byte.
	Response time.Duration
	// RetryAfter is the longest wait that a server can ask for within a run; a
	// longer one ends the request with a *RetryLaterError.
	RetryAfter time.Duration
	// FailedInARow is the number of requests that may fail for good, one after
	// the other, before a session gives up on its server.
	FailedInARow int
}

// DefaultLimits returns the limits for a source. A page of a course catalogue
// has at most some MiB; what a body becomes in memory is several times its size,
// and a harvest has 1 GiB. A national ELM file has some hundred, on disk. Some
// APIs take a request or two for each course.
func DefaultLimits() Limits {
	return Limits{
		Body:         48 << 20,
		File:         1 << 30,
		Total:        2 << 30,
		Ratio:        100,
		RatioFree:    10 << 20,
		Redirects:    5,
		Tries:        4,
		Requests:     1_000_000,
		Pages:        10_000,
		SamePage:     2,
		FirstByte:    30 * time.Second,
		RateWindow:   60 * time.Second,
		RateBytes:    60 << 10,
		Response:     30 * time.Minute,
		RetryAfter:   2 * time.Minute,
		FailedInARow: 5,
	}
}

// maxHeader bounds a response's head; real ones have some KiB.
const maxHeader = 64 << 10

// connectionsPerHost keeps a harvest from being a burden to a campus server.
const connectionsPerHost = 2
