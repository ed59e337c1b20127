package coding_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"

	"qlgraph/web/coding"
)

const tag = `"abc"`

var long = strings.Repeat("course data, ", 1000)

// content is a handler that knows nothing of codings.
func content(mediaType, entityTag, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", mediaType)
		w.Header().Set("ETag", entityTag)
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(body))
	}
}

// ask sends a request with headers, name and value in turn.
func ask(h http.HandlerFunc, method string, header ...string) *http.Response {
	r := httptest.NewRequest(method, "/", nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	coding.New().Handler(h)(w, r)
	return w.Result()
}

func read(t *testing.T, resp *http.Response) string {
	t.Helper()
	var body io.Reader = resp.Body
	if resp.Header.Get("Content-Encoding") == "gzip" {
		unzip, err := gzip.NewReader(body)
		if err != nil {
			t.Fatal(err)
		}
		body = unzip
	}
	b, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestHandler(t *testing.T) {
	redirect := func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/there", http.StatusSeeOther) }
	coded := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("Content-Encoding", "br")
		_, _ = io.WriteString(w, long)
	}
	digested := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Repr-Digest", "sha-256=:AAAA:")
		content("text/plain", tag, long)(w, r)
	}
	small := strings.Repeat("x", coding.Least-1)
	for name, test := range map[string]struct {
		h            http.HandlerFunc
		accept       string
		status       int
		coding, etag string
		vary         bool
		body         string
	}{
		"gzip":                {content("application/atom+xml; charset=utf-8", tag, long), "gzip, br", 200, "gzip", `"abc-gzip"`, true, long},
		"weak tag":            {content("text/html", "W/"+tag, long), "gzip", 200, "gzip", "W/" + tag, true, long},
		"any coding":          {content("application/ld+json", tag, long), "*", 200, "gzip", `"abc-gzip"`, true, long},
		"refused":             {content("text/csv", tag, long), "gzip;q=0", 200, "", tag, true, long},
		"not asked for":       {content("text/csv", tag, long), "", 200, "", tag, true, long},
		"short":               {content("text/csv", tag, small), "gzip", 200, "", tag, true, small},
		"just long enough":    {content("text/csv", tag, small+"x"), "gzip", 200, "gzip", `"abc-gzip"`, true, small + "x"},
		"empty":               {content("text/csv", tag, ""), "gzip", 200, "", tag, true, ""},
		"compressed as it is": {content("application/gzip", tag, long), "gzip", 200, "", tag, false, long},
		"another coding":      {coded, "gzip", 200, "br", "", false, long},
		"digest of its bytes": {digested, "gzip", 200, "", tag, false, long},
		"no body of its own":  {redirect, "gzip", 303, "", "", true, "<a href=\"/there\">See Other</a>.\n\n"},
	} {
		t.Run(name, func(t *testing.T) {
			resp := ask(test.h, http.MethodGet, "Accept-Encoding", test.accept)
			h := resp.Header
			if resp.StatusCode != test.status || h.Get("Content-Encoding") != test.coding || h.Get("ETag") != test.etag || (h.Get("Vary") == "Accept-Encoding") != test.vary {
				t.Errorf("%d, %v", resp.StatusCode, h)
			}
			if got := read(t, resp); got != test.body {
				t.Errorf("%d bytes, want %d", len(got), len(test.body))
			}
		})
	}
}

// TestConditions: a client that has a representation in either coding gets 304
// with the tag that it sent.
func TestConditions(t *testing.T) {
	h := content("text/turtle", tag, long)
	for _, has := range []string{tag, `"abc-gzip"`} {
		for _, conditions := range [][]string{{"If-None-Match", has}, {"If-None-Match", `"other", ` + has}} {
			resp := ask(h, http.MethodGet, append(conditions, "Accept-Encoding", "gzip")...)
			if resp.StatusCode != http.StatusNotModified || resp.Header.Get("ETag") != has || resp.Header.Get("Content-Encoding") != "" {
				t.Errorf("%v: %d, %v", conditions, resp.StatusCode, resp.Header)
			}
		}
	}
	if resp := ask(h, http.MethodGet, "If-None-Match", `"other-gzip"`, "Accept-Encoding", "gzip"); resp.StatusCode != 200 || read(t, resp) != long {
		t.Errorf("what is not known: %d", resp.StatusCode)
	}
}

// TestHead has the header of GET, and a range is of the representation as it is.
func TestHead(t *testing.T) {
	h := content("text/turtle", tag, long)
	get, head := ask(h, http.MethodGet, "Accept-Encoding", "gzip"), ask(h, http.MethodHead, "Accept-Encoding", "gzip")
	for _, name := range []string{"ETag", "Content-Encoding", "Content-Type", "Vary"} {
		if get.Header.Get(name) != head.Header.Get(name) {
			t.Errorf("%s: %q to GET, %q to HEAD", name, get.Header.Get(name), head.Header.Get(name))
		}
	}
	if b, _ := io.ReadAll(head.Body); len(b) > 0 || head.Header.Get("Content-Length") != "" {
		t.Errorf("HEAD: %d bytes, %v", len(b), head.Header)
	}
	resp := ask(h, http.MethodGet, "Accept-Encoding", "gzip", "Range", "bytes=7-10")
	if got := read(t, resp); resp.StatusCode != http.StatusPartialContent || got != "data" || resp.Header.Get("ETag") != tag {
		t.Errorf("range: %d %q %v", resp.StatusCode, got, resp.Header)
	}
}

func TestEncode(t *testing.T) {
	c := coding.New()
	for _, by := range []string{"", "gzip", "zstd"} {
		got, err := c.Encode([]byte(long), by)
		if err != nil || by == "" && string(got) != long || by != "" && (len(got) > len(long)/10 || bytes.Contains(got, []byte(long))) {
			t.Errorf("%q: %d bytes, %v", by, len(got), err)
		}
	}
}
