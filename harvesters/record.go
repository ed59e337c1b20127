package harvesters

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"time"
)

// Record is one piece of a source that is lifted, hashed and archived on its
// own: an API's course with what belongs to it, or a subject of an ELM file.
type Record struct {
	Kind     string // the format's own name: "course", "program", "courseTemplate", …
	ID       string // the source's own id, "" where it has none
	Body     []byte // JSON text, or N-Triples for ELM
	Origin   Origin
	Attached []Record  // what the record's statements need besides: offerings, sessions, outcomes
	Modified time.Time // as the source says, zero where it does not
}

// Origin says where a Record was found.
type Origin struct {
	URL     string // of the response that held it
	Pointer string // JSON Pointer (RFC 6901) of the record in that response, "" for the whole
	Line    int    // line of the response for formats with lines, 1-based; 0: unknown
}

// Request is what a Reader asks a Getter for.
type Request struct {
	URL    string
	Accept string
	// Series tells requests for pages of one list from other requests for the
	// same path, such as a list of changes; "" where there is one list.
	Series string
}

// Response is a successful answer (status 200 to 299).
type Response struct {
	URL       *url.URL // after redirects; links in the body resolve against it
	Status    int
	MediaType string              // without parameters, lower case
	Header    map[string][]string // canonical keys: Link, X-Total-Count
	Body      []byte
}

// StatusError is the error of a Getter for an answer that is not a success.
type StatusError struct {
	URL    string
	Status int
	Detail string // what the answer's body said, shortened, without control characters
}

// ErrNotModified is the error of a Getter for a resource that has not changed
// since the last complete harvest of its source, where the Getter was told of
// that one. A Reader passes it on, wrapped or not.
var ErrNotModified = errors.New("not modified since the last harvest")

// Getter fetches one resource of the source that it was made for, with that
// source's credentials, headers, limits, retries and manners.
//
// Errors: *StatusError for an HTTP status, others for the transport.
type Getter interface {
	Get(ctx context.Context, req Request) (*Response, error)
}

// Download is a successful answer whose body is in a file: Response.Body is nil.
type Download struct {
	Response
	Content *io.SectionReader // the body
	Close   func() error      // gives the file back
}

// Downloader is an optional extra of a Getter, for resources that may be larger
// than memory allows.
type Downloader interface {
	// Download is Get with the body in a file. The caller closes the Download.
	Download(ctx context.Context, req Request) (*Download, error)
}

// Fetch downloads a resource where the Getter is able to, else gets it.
func Fetch(ctx context.Context, get Getter, req Request) (*Download, error) {
	if d, ok := get.(Downloader); ok {
		return d.Download(ctx, req)
	}
	resp, err := get.Get(ctx, req)
	if err != nil {
		return nil, err
	}
	content := io.NewSectionReader(bytes.NewReader(resp.Body), 0, int64(len(resp.Body)))
	return &Download{Response: *resp, Content: content, Close: func() error { return nil }}, nil
}

// Scratch returns the directory in which a Reader may keep what it reads, "" for
// the system's directory for temporary files. A Getter that has one of its own
// tells it by a method of this name.
func Scratch(get Getter) string {
	if s, ok := get.(interface{ Scratch() string }); ok {
		return s.Scratch()
	}
	return ""
}

// Reader walks the feeds of one format.
type Reader interface {
	// Read calls emit for every record of the source, in the order in which it
	// finds them, and stops with emit's error. A page or record that cannot be
	// read is reported through warn and skipped, and makes the run incomplete,
	// which mere information (severity Info) does not; an error means that the
	// source as a whole could not be read.
	Read(ctx context.Context, src Source, get Getter, emit func(Record) error, warn func(Finding)) error
}

// Incremental is an optional extra of a Reader whose API says what changed.
type Incremental interface {
	Reader
	// ReadSince is Read for a source that was read before. It asks for less where
	// it can tell that nothing escapes it, and says which it did.
	ReadSince(ctx context.Context, src Source, past Past, get Getter, emit func(Record) error, warn func(Finding)) (Walk, error)
}

// Past is what is known of the walk before.
type Past struct {
	Now  time.Time // of this walk
	Mark []byte    // Walk.Mark of the last complete walk; nil: read everything
	// Scheduled says that a walk may miss that something was withdrawn: one that
	// reads everything follows in due time.
	Scheduled bool
	// Record returns a record as it was emitted last, ok false where it was not,
	// or is withdrawn. Known yields all that it returns. Both are nil for a source
	// that is read for the first time.
	Record func(kind, id string) (rec Record, ok bool, err error)
	Known  func(yield func(kind, id string) error) error
}

// Walk is what became of a walk.
type Walk struct {
	// Mark is for the next walk; nil where that has to read everything.
	Mark []byte
	// Changes says that what was not emitted is as it was. Without it, it is gone.
	Changes bool
	// Full says that nothing was taken as it was: the next such walk is due a
	// while later.
	Full bool
}

// Error tells the status and what the server said.
func (e *StatusError) Error() string {
	msg := fmt.Sprintf("GET %s: HTTP status %d", e.URL, e.Status)
	if e.Detail != "" {
		msg += ": " + e.Detail
	}
	return msg
}
