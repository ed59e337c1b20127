package pipeline

import (
	"cmp"
	"context"
	"net/url"
	"sync"

	"qlgraph/harvesters"
)

// maxOddAnswers bounds how many addresses of a source are remembered for an
// answer other than 200.
const maxOddAnswers = 10_000

// statusOK is the HTTP status of nearly every answer.
const statusOK = 200

// answers passes requests on to the source's session and remembers the statuses
// that were successes but not 200, so that lineage can tell them.
type answers struct {
	harvesters.Getter
	mu    sync.Mutex
	query url.Values     // of the manifest
	odd   map[string]int // by public URL
}

// Get implements harvesters.Getter.
func (a *answers) Get(ctx context.Context, req harvesters.Request) (*harvesters.Response, error) {
	resp, err := a.Getter.Get(ctx, req)
	a.note(resp)
	return resp, err
}

// Scratch is for harvesters.Scratch.
func (a *answers) Scratch() string { return harvesters.Scratch(a.Getter) }

// Download implements harvesters.Downloader.
func (a *answers) Download(ctx context.Context, req harvesters.Request) (*harvesters.Download, error) {
	d, err := harvesters.Fetch(ctx, a.Getter, req)
	if d != nil {
		a.note(&d.Response)
	}
	return d, err
}

func (a *answers) note(resp *harvesters.Response) {
	if resp != nil && resp.Status != statusOK && resp.URL != nil {
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.odd == nil {
			a.odd = map[string]int{}
		}
		if len(a.odd) < maxOddAnswers {
			a.odd[public(resp.URL.String(), a.query)] = resp.Status
		}
	}
}

// status returns the status of the answer from a public URL.
func (a *answers) status(at string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return cmp.Or(a.odd[at], statusOK)
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
