package pipeline

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"sync"
	"time"

	"qlgraph/harvesters"
	"qlgraph/harvesters/fetch"
)

// HTTP statuses: of nearly every answer, and the first that is no success.
const (
	statusOK         = 200
	statusBadRequest = 400
)

// maxAnswers bounds how many answers of a source are remembered.
const maxAnswers = 100_000

// answers passes requests on to the source's session and remembers what came of
// them, so that lineage and provenance can tell it.
type answers struct {
	harvesters.Getter
	now   func() time.Time
	query url.Values // of the manifest

	mu    sync.Mutex
	list  []answer // in the order in which they came
	index map[string]int
}

// answer is what came of a request.
type answer struct {
	url     string // public, after redirects
	private string // as it was asked for
	status  int
	at      time.Time
}

// Get implements harvesters.Getter.
func (a *answers) Get(ctx context.Context, req harvesters.Request) (*harvesters.Response, error) {
	resp, err := a.Getter.Get(ctx, req)
	a.note(resp, err)
	return resp, err
}

// Scratch is for harvesters.Scratch.
func (a *answers) Scratch() string { return harvesters.Scratch(a.Getter) }

// Download implements harvesters.Downloader.
func (a *answers) Download(ctx context.Context, req harvesters.Request) (*harvesters.Download, error) {
	d, err := harvesters.Fetch(ctx, a.Getter, req)
	var resp *harvesters.Response
	if d != nil {
		resp = &d.Response
	}
	a.note(resp, err)
	return d, err
}

func (a *answers) note(resp *harvesters.Response, err error) {
	var refused *harvesters.StatusError
	n := answer{at: a.now().UTC()}
	switch {
	case resp != nil && resp.URL != nil:
		n.private, n.status = resp.URL.String(), resp.Status
	case errors.As(err, &refused):
		n.private, n.status = refused.URL, refused.Status
	default:
		return
	}
	n.url = public(n.private, a.query)
	a.mu.Lock()
	defer a.mu.Unlock()
	if i, again := a.index[n.url]; again {
		a.list[i] = n
	} else if len(a.list) < maxAnswers {
		if a.index == nil {
			a.index = map[string]int{}
		}
		a.index[n.url] = len(a.list)
		a.list = append(a.list, n)
	}
}

// status returns the status of the answer from a public URL.
func (a *answers) status(at string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	if i, known := a.index[at]; known {
		return a.list[i].status
	}
	return statusOK
}

// maxResponses bounds the responses that a source's result lists.
const maxResponses = 100

// responses returns what the run is to be judged by later: first the answers that
// held what it changed, then those that were no successes, then the others as far
// as there is room; each of these in the order in which they came.
func (a *answers) responses(changed map[string]int, known map[string]fetch.Validators) []Response {
	a.mu.Lock()
	defer a.mu.Unlock()
	var ranked [3][]Response
	for _, n := range a.list {
		r := Response{URL: n.url, Status: n.status, At: n.at.Truncate(time.Second), SHA256: known[n.private].SHA256, Changed: changed[n.url]}
		rank := 2
		if r.Changed > 0 {
			rank = 0
		} else if n.status >= statusBadRequest {
			rank = 1
		}
		ranked[rank] = append(ranked[rank], r)
	}
	all := slices.Concat(ranked[:]...)
	return all[:min(len(all), maxResponses)]
}

// public returns an address without the parameters that the manifest adds to
// every request: they may be secrets, which a server repeats in its links to
// further pages, and the address of a record is shown to everybody.
func public(address string, query url.Values) string {
	u, err := url.Parse(address)
	if err != nil || len(query) == 0 || u.RawQuery == "" {
		return address
	}
	kept := u.Query()
	for name := range query {
		kept.Del(name)
	}
	u.RawQuery = kept.Encode()
	return u.String()
}

// published makes the addresses of a record public.
func published(rec harvesters.Record, query url.Values) harvesters.Record {
	rec.Origin.URL = public(rec.Origin.URL, query)
	for i, part := range rec.Attached {
		rec.Attached[i] = published(part, query)
	}
	return rec
}
