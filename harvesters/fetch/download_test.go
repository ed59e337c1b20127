package fetch_test

import (
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"qlgraph/harvesters"
	"qlgraph/harvesters/fetch"
)

func download(t *testing.T, s *fetch.Session, url string) (string, error) {
	t.Helper()
	d, err := s.Download(t.Context(), harvesters.Request{URL: url})
	if err != nil {
		return "", err
	}
	defer d.Close()
	if d.Body != nil || d.MediaType != "text/turtle" {
		t.Errorf("body %q, media type %q", d.Body, d.MediaType)
	}
	text, err := io.ReadAll(d.Content)
	if err != nil {
		t.Fatal(err)
	}
	return string(text), nil
}

func TestDownload(t *testing.T) {
	for name, size := range map[string]int{"small": 100, "large": 10 << 20} {
		t.Run(name, func(t *testing.T) { testDownload(t, strings.Repeat("x", size)) })
	}
}

func testDownload(t *testing.T, large string) {
	var requests atomic.Int64
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/turtle")
		switch n := requests.Add(1); {
		case r.URL.Path == "/cut":
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, "only this")
		case r.URL.Path == "/again" && n == 1:
			w.WriteHeader(http.StatusServiceUnavailable)
			io.WriteString(w, "not what is wanted")
		default:
			io.WriteString(w, large)
		}
	})
	limits := fetch.DefaultLimits()
	limits.Body, limits.File = 10, int64(len(large))
	open := func(spool string) *fetch.Session {
		requests.Store(0)
		s, err := newClient(t, newClock(), limits).Session(fetch.Target{Path: server.URL, Spool: spool})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, spool := range []string{"", t.TempDir()} {
		s := open(spool)
		for _, path := range []string{"/again", "/file"} {
			if got, err := download(t, s, server.URL+path); err != nil || got != large {
				t.Errorf("%s: %d bytes, error %v", path, len(got), err)
			}
		}
		if got, err := download(t, s, server.URL+"/cut"); err != nil || got != "only this" || len(s.Truncated()) != 1 {
			t.Errorf("cut: %q, error %v, truncated %v", got, err, s.Truncated())
		}
		if spool == "" {
			continue
		}
		// A run that goes on later asks for nothing again, but for what broke off.
		s = open(spool)
		if got, err := download(t, s, server.URL+"/file"); err != nil || got != large || requests.Load() != 0 {
			t.Errorf("resumed: %d bytes, %d requests, error %v", len(got), requests.Load(), err)
		}
		if got, err := download(t, s, server.URL+"/cut"); err != nil || got != "only this" || len(s.Truncated()) != 1 {
			t.Errorf("resumed, cut: %q, error %v, truncated %v", got, err, s.Truncated())
		}
		if err := s.Done(true); err != nil {
			t.Error(err)
		}
		if left, err := os.ReadDir(spool); len(left) > 0 {
			t.Errorf("left in the spool: %v, error %v", left, err)
		}
	}
	limits.File--
	var limit *fetch.LimitError
	if _, err := download(t, open(""), server.URL+"/file"); !errors.As(err, &limit) {
		t.Errorf("a file that is too large: error %v", err)
	}
}
