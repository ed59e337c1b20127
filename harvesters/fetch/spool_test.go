package fetch_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"qlgraph/harvesters"
	"qlgraph/harvesters/fetch"
	"qlgraph/internal/netguard"
)

// pagesServer serves pages, /a with an ETag, /b with a date, /c with neither,
// and counts the bodies that it sends.
type pagesServer struct {
	*httptest.Server
	version, bodies, conditional int
}

func newPagesServer(t *testing.T) *pagesServer {
	p := &pagesServer{version: 1}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		etag, date := fmt.Sprintf(`"%d"`, p.version), "Mon, 05 Jan 2026 10:00:00 GMT"
		switch r.URL.Path {
		case "/a":
			w.Header().Set("ETag", etag)
		case "/b":
			w.Header().Set("Last-Modified", date)
		}
		w.Header().Set("X-Total-Count", fmt.Sprint(40+p.version))
		if none, since := r.Header.Get("If-None-Match"), r.Header.Get("If-Modified-Since"); none != "" || since != "" {
			p.conditional++
			if none == etag || since == date {
				w.WriteHeader(http.StatusNotModified)
				return
			}
		}
		p.bodies++
		fmt.Fprintf(w, "%s of version %d", r.URL.Path, p.version)
	}))
	t.Cleanup(p.Close)
	return p
}

// fetched gets the three pages in a session of its own.
func (p *pagesServer) fetched(t *testing.T, target fetch.Target) (bodies [3]string, total string) {
	t.Helper()
	client := fetch.New(fetch.Config{Network: netguard.New(netguard.Config{AllowPrivate: true})})
	defer client.Close()
	target.Path = p.URL
	s, err := client.Session(target)
	if err != nil {
		t.Fatal(err)
	}
	for i, path := range []string{"/a", "/b", "/c"} {
		resp, err := s.Get(t.Context(), harvesters.Request{URL: p.URL + path})
		if err != nil {
			t.Fatal(err)
		}
		bodies[i], total = string(resp.Body), resp.Header["X-Total-Count"][0]
		if len(resp.Header["X-Total-Count"]) == 0 || resp.Status != 200 {
			t.Errorf("%s: %+v", path, resp)
		}
	}
	if err := s.Done(true); err != nil {
		t.Fatal(err)
	}
	return bodies, total
}

// Pages with validators are asked for under their condition the next time, and
// taken from the run before where they still hold.
func TestPagesAreRevalidated(t *testing.T) {
	p := newPagesServer(t)
	target := fetch.Target{Spool: t.TempDir() + "/s", Keep: true}
	first, _ := p.fetched(t, target)
	for _, step := range []struct {
		name                string
		version             int
		full                bool
		bodies, conditional int
	}{
		{"unchanged", 1, false, 1, 2}, // /c has nothing to be recognised by
		{"unchanged once more", 1, false, 1, 2},
		{"changed", 2, false, 2, 2},
		{"unconditional", 2, true, 3, 0},
		{"unchanged after that", 2, false, 1, 2},
	} {
		p.version, p.bodies, p.conditional = step.version, 0, 0
		target.Full = step.full
		got, total := p.fetched(t, target)
		if p.bodies != step.bodies || p.conditional != step.conditional {
			t.Errorf("%s: %d bodies and %d conditions, want %d and %d", step.name, p.bodies, p.conditional, step.bodies, step.conditional)
		}
		want := first
		if step.version == 2 {
			want[0], want[2] = "/a of version 2", "/c of version 2"
			if step.full || step.name == "unchanged after that" {
				want[1] = "/b of version 2"
			}
		}
		if got != want || total != fmt.Sprint(40+step.version) {
			t.Errorf("%s: %q of %s, want %q", step.name, got, total, want)
		}
	}
}

// A session that does not keep leaves nothing behind, and one that does drops
// what its source does not have any more.
func TestSpoolIsCleared(t *testing.T) {
	p := newPagesServer(t)
	dir := t.TempDir() + "/s"
	p.fetched(t, fetch.Target{Spool: dir})
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("left behind: %v", err)
	}
	p.fetched(t, fetch.Target{Spool: dir, Keep: true})
	if kept, err := os.ReadDir(dir); err != nil || len(kept) != 2 {
		t.Errorf("kept: %v, %v", kept, err)
	}
	client := fetch.New(fetch.Config{Network: netguard.New(netguard.Config{AllowPrivate: true})})
	defer client.Close()
	for _, complete := range []bool{false, true} {
		s, err := client.Session(fetch.Target{Path: p.URL, Spool: dir, Keep: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Get(t.Context(), harvesters.Request{URL: p.URL + "/a"}); err != nil {
			t.Fatal(err)
		}
		if err := s.Done(complete); err != nil {
			t.Fatal(err)
		}
		want := 2
		if complete {
			want = 1 // /b is gone
		}
		if kept, err := os.ReadDir(dir); err != nil || len(kept) != want {
			t.Errorf("complete %v: kept %v, %v, want %d", complete, kept, err, want)
		}
	}
}
