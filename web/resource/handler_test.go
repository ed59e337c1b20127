package resource_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"qlgraph/graph/rdfio"
	"qlgraph/ontology"
	"qlgraph/web/resource"
)

func get(t *testing.T, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	h := resource.New(resource.Config{Dataset: dataset(), BaseIRI: base})
	mux := http.NewServeMux()
	mux.HandleFunc("/course/", h.Thing)
	mux.HandleFunc("/doc/course/", h.Document)
	mux.HandleFunc("/provider/", h.Thing)
	mux.HandleFunc("/doc/provider/", h.Document)
	mux.HandleFunc("/resolve", h.Resolve)
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	return w
}

func TestRequests(t *testing.T) {
	for _, tc := range []struct {
		name, path, accept string
		status             int
		header, value      string
	}{
		{"thing", "/course/uni.example/C1", "text/turtle", 303, "Location", "/doc/course/uni.example/C1"},
		{"thing, upper-case domain", "/course/UNI.example/C1", "", 303, "Location", "/doc/course/uni.example/C1"},
		{"thing, odd encoding", "/course/uni.example/%43%31", "", 303, "Location", "/doc/course/uni.example/C1"},
		{"thing, malformed", "/course/uni.example", "", 400, "Content-Type", "application/problem+json"},
		{"document by default", "/doc/course/uni.example/C1", "", 200, "Content-Type", "text/html; charset=utf-8"},
		{"document as turtle", "/doc/course/uni.example/C1", "text/turtle", 200, "Content-Location", "/doc/course/uni.example/C1.ttl"},
		{"document as n-triples", "/doc/course/uni.example/C1", "application/n-triples", 200, "Content-Type", "application/n-triples"},
		{"document by ending", "/doc/course/uni.example/C1.nt", "text/html", 200, "Content-Type", "application/n-triples"},
		{"provider's own IRI as subject", "/doc/course/uni.example/C2.ttl", "", 200, "Content-Type", "text/turtle"},
		{"not acceptable", "/doc/course/uni.example/C1", "image/png", 406, "Content-Type", "application/problem+json"},
		{"unknown", "/doc/course/uni.example/none", "", 404, "Content-Type", "application/problem+json"},
		{"unknown, by ending", "/doc/course/uni.example/none.ttl", "", 404, "Content-Type", "application/problem+json"},
		{"malformed", "/doc/course/uni.example", "", 400, "", ""},
		{"provider", "/provider/Uni.example", "", 303, "Location", "/doc/provider/uni.example"},
		{"provider's document", "/doc/provider/uni.example", "text/turtle", 200, "Content-Location", "/doc/provider/uni.example.ttl"},
		{"provider, unknown", "/doc/provider/none.example", "", 404, "", ""},
		{"provider, malformed", "/provider/a/b", "", 400, "", ""},
		{"resolve the IRI", "/resolve?id=" + url.QueryEscape(course), "", 303, "Location", "/doc/course/uni.example/C1"},
		{"resolve the URN", "/resolve?id=urn:schac:uniqueCourseId:uni.example:C1", "", 303, "Location", "/doc/course/uni.example/C1"},
		{"resolve the DID", "/resolve?id=did:web:uni.example:courseId:C2", "", 303, "Location", "/doc/course/uni.example/C2"},
		{"resolve a provider's IRI", "/resolve?id=" + url.QueryEscape(foreign), "", 303, "Location", "/doc/course/uni.example/C2"},
		{"resolve nothing", "/resolve", "", 400, "", ""},
		{"resolve nonsense", "/resolve?id=nonsense", "", 400, "", ""},
		{"resolve unknown", "/resolve?id=urn:schac:uniqueCourseId:uni.example:none", "", 404, "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := get(t, tc.path, "Accept", tc.accept)
			if w.Code != tc.status {
				t.Fatalf("status %d, want %d: %s", w.Code, tc.status, w.Body)
			}
			if tc.header != "" && w.Header().Get(tc.header) != tc.value {
				t.Errorf("%s: %q, want %q", tc.header, w.Header().Get(tc.header), tc.value)
			}
		})
	}
}

func TestDocumentParses(t *testing.T) {
	doc := assemble(t, course)
	for _, f := range []rdfio.Format{rdfio.Turtle, rdfio.NTriples, rdfio.TriG, rdfio.NQuads} {
		w := get(t, "/doc/course/uni.example/C1"+f.Ending())
		dec, err := rdfio.NewDecoder(w.Body, f, rdfio.DecoderOptions{})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, err := range dec.All() {
			if err != nil {
				t.Fatalf("%v: %v", f, err)
			}
			n++
		}
		if n != len(doc.Quads) {
			t.Errorf("%v: %d statements, want %d", f, n, len(doc.Quads))
		}
	}
}

func TestOlderNamespace(t *testing.T) {
	path := "/doc/course/uni.example/C1.nt"
	current, older := get(t, path), get(t, path+"?elm=3.2")
	if !strings.Contains(current.Body.String(), ontology.ELM) || strings.Contains(current.Body.String(), ontology.ELM32) {
		t.Errorf("by default: %s", current.Body)
	}
	if !strings.Contains(older.Body.String(), ontology.ELM32) || strings.Contains(older.Body.String(), ontology.ELM) {
		t.Errorf("with elm=3.2: %s", older.Body)
	}
	if current.Header().Get("ETag") == older.Header().Get("ETag") {
		t.Error("both have the same entity tag")
	}
	if bad := get(t, path+"?elm=2"); bad.Code != 400 {
		t.Errorf("elm=2: status %d", bad.Code)
	}
}

func TestConditionalRequest(t *testing.T) {
	first := get(t, "/doc/course/uni.example/C1.ttl")
	tag := first.Header().Get("ETag")
	if tag == "" || strings.HasPrefix(tag, "W/") {
		t.Fatalf("entity tag %q", tag)
	}
	again := get(t, "/doc/course/uni.example/C1.ttl", "If-None-Match", `"other", `+tag)
	if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("status %d with %d bytes", again.Code, again.Body.Len())
	}
	if other := get(t, "/doc/course/uni.example/C1.nt", "If-None-Match", tag); other.Code != http.StatusOK {
		t.Errorf("another syntax with the same tag: status %d", other.Code)
	}
}

func TestPage(t *testing.T) {
	body := get(t, "/doc/course/uni.example/C1", "Accept", "text/html").Body.String()
	for _, want := range []string{
		`<h1 lang="en">Ocean currents</h1>`, "Bring boots.", "English", `href="/provider/uni.example"`, "University",
		`<link rel="alternate" type="text/turtle" href="/doc/course/uni.example/C1.ttl">`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not show %q:\n%s", want, body)
		}
	}
}

func TestProviderPage(t *testing.T) {
	body := get(t, "/doc/provider/uni.example", "Accept", "text/html").Body.String()
	for _, want := range []string{`<h1 lang="en">University</h1>`, `<a href="/course/uni.example/C1">Ocean currents</a>`} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not show %q:\n%s", want, body)
		}
	}
}
