package pipeline

import (
	"time"

	"qlgraph/harvesters"
)

// Status is what became of a source in a run.
type Status string

// The statuses.
const (
	OK        Status = "ok"
	Unchanged Status = "unchanged"
	Partial   Status = "partial" // good records committed, nothing withdrawn
	Held      Status = "held"    // implausible; nothing committed until released
	Failed    Status = "failed"  // nothing committed
	Waiting   Status = "waiting" // credentials have to come out of band
)

// SourceResult is a source's line in the report of a run.
type SourceResult struct {
	Provider   string            `json:"provider"`
	Source     string            `json:"source"` // "" where no manifest was found
	Type       harvesters.Format `json:"type"`
	Path       string            `json:"path"`
	Status     Status            `json:"status"`
	Requests   int64             `json:"requests"`
	Records    int               `json:"records"` // read from the source
	Created    int               `json:"created"`
	Changed    int               `json:"changed"`
	Unchanged  int               `json:"unchanged"`
	Withdrawn  int               `json:"withdrawn"`
	Withheld   int               `json:"withheld"` // unusable, or not the provider's to say
	Courses    int               `json:"courses"`  // published after the run
	Violations int               `json:"violations"`
	Quads      int64             `json:"quads"` // written: added and removed
	Seconds    float64           `json:"seconds"`
	Errors     []Error           `json:"errors"`
	// Responses are those that the result rests on, where it changed something,
	// failed or is held: at most 100.
	Responses []Response        `json:"responses,omitempty"`
	Identity  []IdentityFinding `json:"identity,omitempty"`
	Findings  map[string]int    `json:"findings,omitempty"` // of the lifter, by code
	Examples  map[string]Error  `json:"examples,omitempty"` // the first finding of each code
	Unmapped  map[string]int    `json:"unmapped,omitempty"` // what no rule looked at
}

// Response is an answer of a source.
type Response struct {
	URL     string    `json:"url"`
	Status  int       `json:"status"`
	At      time.Time `json:"at"`
	SHA256  string    `json:"sha256,omitempty"`  // of the body, hex
	Changed int       `json:"changed,omitempty"` // records of it that are new or changed
}

// Error is something that went wrong, and where.
type Error struct {
	Message string `json:"message"`
	At      string `json:"at,omitempty"` // URL#pointer, or URL:line
}

// maxErrors bounds the errors of one source in a report; the rest is counted.
const maxErrors = 100

// complain adds an error.
func (r *SourceResult) complain(message, at string) {
	if len(r.Errors) < maxErrors {
		r.Errors = append(r.Errors, Error{message, at})
	}
}

func (r *SourceResult) fail(err error, at string) {
	r.Status = Failed
	r.complain(err.Error(), at)
}

// RunReport is the account of one run.
type RunReport struct {
	ID      string         `json:"id"`
	Started time.Time      `json:"started"`
	Ended   time.Time      `json:"ended"`
	Full    bool           `json:"full,omitempty"`
	Sources []SourceResult `json:"sources"`
	// Manifests are those that changed since the run before.
	Manifests []ManifestChange `json:"manifests,omitempty"`
}

// ManifestChange says how an institution's manifest changed.
type ManifestChange struct {
	Provider string   `json:"provider"`
	URL      string   `json:"url"`
	Changes  []string `json:"changes"` // sentences, as discover.Changes makes them
}

// FailedSources counts the sources with the status Failed.
func (r *RunReport) FailedSources() int {
	n := 0
	for _, s := range r.Sources {
		if s.Status == Failed {
			n++
		}
	}
	return n
}
