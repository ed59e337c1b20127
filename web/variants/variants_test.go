package variants_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"qlgraph/graph/rdf"
	"qlgraph/web/resource"
	"qlgraph/web/variants"
)

func answer(ending string) variants.Answer {
	quads := []rdf.Quad{rdf.Triple(rdf.IRI("http://x.example/s"), rdf.IRI("http://x.example/p"), rdf.Literal("o"))}
	page := variants.Page(func(w io.Writer) error { _, err := io.WriteString(w, "<p>page"); return err })
	return variants.Answer{
		Path: "/doc/x/versions", Ending: ending, Query: "from=1", Changed: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		Variants: append([]variants.Variant{page}, append(variants.RDF(quads), variants.JSON(map[string]int{"n": 1}))...),
		Links:    []resource.Link{{Href: "/x", Rel: "original"}},
	}
}

func send(method string, a variants.Answer, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/doc/x/versions", nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	variants.Send(w, r, a)
	return w
}

func TestSend(t *testing.T) {
	for name, tc := range map[string]struct {
		ending, accept string
		status         int
		mediaType      string
	}{
		"anything":         {"", "*/*", 200, "text/html; charset=utf-8"},
		"nothing said":     {"", "", 200, "text/html; charset=utf-8"},
		"Turtle":           {"", "text/turtle", 200, "text/turtle"},
		"the better":       {"", "text/turtle;q=0.5, application/json", 200, "application/json"},
		"JSON-LD":          {"", "application/ld+json", 200, "application/ld+json"},
		"by ending":        {".nt", "text/html", 200, "application/n-triples"},
		"no such ending":   {".png", "*/*", 404, "application/problem+json"},
		"nothing accepted": {"", "image/png", 406, "application/problem+json"},
	} {
		t.Run(name, func(t *testing.T) {
			w := send(http.MethodGet, answer(tc.ending), "Accept", tc.accept)
			if w.Code != tc.status || w.Header().Get("Content-Type") != tc.mediaType {
				t.Errorf("got %d %s", w.Code, w.Header().Get("Content-Type"))
			}
			if varies := strings.Contains(w.Header().Get("Vary"), "Accept"); varies != (tc.ending == "") {
				t.Errorf("Vary %q", w.Header().Get("Vary"))
			}
			links := strings.Join(w.Header().Values("Link"), ", ")
			if tc.status != 404 && !strings.Contains(links, `</doc/x/versions.rdf?from=1>; rel="alternate"; type="application/rdf+xml"`) {
				t.Errorf("links %s", links)
			}
		})
	}
}

func TestConditions(t *testing.T) {
	first := send(http.MethodGet, answer(".ttl"))
	tag := first.Header().Get("ETag")
	if tag == "" || strings.HasPrefix(tag, "W/") || first.Header().Get("Last-Modified") == "" || first.Header().Get("Content-Location") != "/doc/x/versions.ttl?from=1" {
		t.Errorf("headers %v", first.Header())
	}
	if page := send(http.MethodGet, answer(".html")); !strings.HasPrefix(page.Header().Get("ETag"), "W/") {
		t.Errorf("a page has the tag %s", page.Header().Get("ETag"))
	}
	if again := send(http.MethodGet, answer(".ttl"), "If-None-Match", tag); again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("again: %d with %d bytes", again.Code, again.Body.Len())
	}
	if other := send(http.MethodGet, answer(".nt"), "If-None-Match", tag); other.Code != http.StatusOK {
		t.Errorf("another variant: %d", other.Code)
	}
	if head := send(http.MethodHead, answer(".ttl")); head.Body.Len() != 0 || head.Header().Get("ETag") != tag || head.Header().Get("Content-Length") != strconv.Itoa(first.Body.Len()) {
		t.Errorf("HEAD: %d bytes, %v", head.Body.Len(), head.Header())
	}
	gone := answer(".ttl")
	gone.Status = http.StatusGone
	if w := send(http.MethodGet, gone, "If-None-Match", tag); w.Code != http.StatusGone {
		t.Errorf("what is gone: %d", w.Code)
	}
}

// A variant that cannot be written is an error, not half an answer.
func TestBrokenVariant(t *testing.T) {
	a := answer(".html")
	a.Variants[0] = variants.Page(func(w io.Writer) error {
		_, err := io.WriteString(w, "half")
		return errors.Join(err, errors.New("no more"))
	})
	if w := send(http.MethodGet, a); w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "half") {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}
