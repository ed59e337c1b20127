package vocabulary_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
	"qlgraph/ontology"
	"qlgraph/web/vocabulary"
)

func ask(h http.Handler, method, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestRequests(t *testing.T) {
	const (
		v1     = vocabulary.Path
		page   = "text/html; charset=utf-8"
		turtle = "text/turtle"
		fault  = "application/problem+json"
	)
	h := vocabulary.New(mem.New())
	for _, tc := range []struct {
		name, method, path, accept string
		status                     int
		header, value              string
	}{
		{"no preference", "GET", v1, "", 200, "Content-Type", page},
		{"anything", "GET", v1, "*/*", 200, "Content-Type", page},
		{"a browser", "GET", v1, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", 200, "Content-Type", page},
		{"Turtle", "GET", v1, "text/turtle", 200, "Content-Type", turtle},
		{"JSON-LD", "GET", v1, "application/ld+json", 200, "Content-Type", "application/ld+json"},
		{"RDF/XML", "GET", v1, "application/rdf+xml", 200, "Content-Type", "application/rdf+xml"},
		{"N-Triples", "GET", v1, "application/n-triples", 200, "Content-Type", "application/n-triples"},
		{"the better of two", "GET", v1, "text/html;q=0.5, text/turtle", 200, "Content-Type", turtle},
		{"no page wanted", "GET", v1, "text/html;q=0, */*", 200, "Content-Type", turtle},
		{"ending .html", "GET", v1 + ".html", "text/turtle", 200, "Content-Type", page},
		{"ending .ttl", "GET", v1 + ".ttl", "text/html", 200, "Content-Type", turtle},
		{"ending .jsonld", "GET", v1 + ".jsonld", "", 200, "Content-Type", "application/ld+json"},
		{"ending .rdf", "GET", v1 + ".rdf", "", 200, "Content-Type", "application/rdf+xml"},
		{"ending .nt", "GET", v1 + ".nt", "", 200, "Content-Type", "application/n-triples"},
		{"an ending decides alone", "GET", v1 + ".ttl", "image/png", 200, "Content-Type", turtle},
		{"location of what was chosen", "GET", v1, "text/turtle", 200, "Content-Location", v1 + ".ttl"},
		{"negotiated", "GET", v1, "", 200, "Vary", "Accept"},
		{"not negotiated", "GET", v1 + ".ttl", "", 200, "Vary", ""},
		{"read from other sites", "GET", v1, "text/turtle", 200, "Access-Control-Allow-Origin", "*"},
		{"HEAD", "HEAD", v1, "text/turtle", 200, "Content-Type", turtle},
		{"none that is accepted", "GET", v1, "image/png", 406, "Content-Type", fault},
		{"refusals are negotiated too", "GET", v1, "image/png", 406, "Vary", "Accept"},
		{"unknown ending", "GET", v1 + ".xlsx", "", 404, "Content-Type", fault},
		{"another version", "GET", "/ontology/v2", "", 404, "Content-Type", fault},
		{"writing", "POST", v1, "", 405, "Allow", "GET, HEAD"},
		{"deleting what is not there", "DELETE", "/ontology/v2", "", 404, "Content-Type", fault},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := ask(h, tc.method, tc.path, "Accept", tc.accept)
			if w.Code != tc.status {
				t.Fatalf("status %d, want %d: %s", w.Code, tc.status, w.Body)
			}
			if got := w.Header().Get(tc.header); got != tc.value {
				t.Errorf("%s: %q, want %q", tc.header, got, tc.value)
			}
			if tc.method == http.MethodHead && w.Body.Len() > 0 {
				t.Errorf("%d bytes in answer to HEAD", w.Body.Len())
			}
		})
	}
}

func TestSyntaxesSayTheSame(t *testing.T) {
	h := vocabulary.New(mem.New())
	for _, f := range []rdfio.Format{rdfio.Turtle, rdfio.JSONLD, rdfio.RDFXML, rdfio.NTriples} {
		w := ask(h, "GET", vocabulary.Path+f.Ending())
		dec, err := rdfio.NewDecoder(w.Body, f, rdfio.DecoderOptions{})
		if err != nil {
			t.Fatal(err)
		}
		found := map[rdf.Quad]bool{}
		blank := 0
		for q, err := range dec.All() {
			if err != nil {
				t.Fatalf("%s: %v", f, err)
			}
			if q.S.IsBlank() || q.O.IsBlank() {
				blank++ // labels differ; their number does not
			}
			found[q] = true
		}
		for _, q := range ontology.Graph() {
			if q.S.IsBlank() || q.O.IsBlank() {
				blank--
			} else if !found[q] {
				t.Errorf("%s: lacks %s", f, q)
			}
		}
		if len(found) != len(ontology.Graph()) || blank != 0 {
			t.Errorf("%s: %d triples, want %d; %d too many with blank nodes", f, len(found), len(ontology.Graph()), blank)
		}
	}
}

func TestEntityTags(t *testing.T) {
	data := mem.New()
	h := vocabulary.New(data)
	tags := map[string]string{}
	for _, ending := range []string{".html", ".ttl", ".jsonld", ".rdf", ".nt"} {
		path := vocabulary.Path + ending
		tag := ask(h, "GET", path).Header().Get("ETag")
		if weak := strings.HasPrefix(tag, "W/"); weak != (ending == ".html") || len(tag) < 10 {
			t.Errorf("%s: tag %s", path, tag)
		}
		if other := tags[tag]; other != "" {
			t.Errorf("%s and %s share a tag", path, other)
		}
		tags[tag] = path
		for _, known := range []string{tag, "W/" + strings.TrimPrefix(tag, "W/"), `"x", ` + tag, "*"} {
			if w := ask(h, "GET", path, "If-None-Match", known); w.Code != 304 || w.Body.Len() != 0 || w.Header().Get("ETag") != tag {
				t.Errorf("%s, If-None-Match %s: status %d, %d bytes, tag %s", path, known, w.Code, w.Body.Len(), w.Header().Get("ETag"))
			}
		}
		if w := ask(h, "GET", path, "If-None-Match", `"x"`); w.Code != 200 {
			t.Errorf("%s with another tag: status %d", path, w.Code)
		}
	}
	if w := ask(h, "GET", vocabulary.Path, "Accept", "text/turtle"); tags[w.Header().Get("ETag")] != vocabulary.Path+".ttl" {
		t.Error("the negotiated document and the named one differ in their tags")
	}
}

func TestAlternatives(t *testing.T) {
	h := vocabulary.New(mem.New())
	var problem struct{ Alternatives []string }
	if err := json.Unmarshal(ask(h, "GET", vocabulary.Path, "Accept", "image/png").Body.Bytes(), &problem); err != nil {
		t.Fatal(err)
	}
	if want := []string{"text/html", "text/turtle", "application/ld+json", "application/rdf+xml", "application/n-triples"}; !slices.Equal(problem.Alternatives, want) {
		t.Errorf("alternatives %q, want %q", problem.Alternatives, want)
	}
	links := ask(h, "GET", vocabulary.Path).Header().Values("Link")
	if want := `</ontology/v1.ttl>; rel="alternate"; type="text/turtle"`; len(links) != 5 || !slices.Contains(links, want) {
		t.Errorf("links %q lack %q", links, want)
	}
}
