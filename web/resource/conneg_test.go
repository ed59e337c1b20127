package resource_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// mediaTypes are those of the endings.
var mediaTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".ttl": "text/turtle", ".jsonld": "application/ld+json",
	".json": "application/json", ".rdf": "application/rdf+xml", ".nt": "application/n-triples",
	".trig": "application/trig", ".nq": "application/n-quads", ".csv": "text/csv; charset=utf-8",
}

var endings = []string{".html", ".ttl", ".jsonld", ".json", ".rdf", ".nt", ".trig", ".nq", ".csv"}

// negotiation is a row: what a request for a document is answered with. ending
// "" is 406.
type negotiation struct{ accept, ending string }

const (
	expanded  = `application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded"`
	flattened = `application/ld+json;profile="http://www.w3.org/ns/json-ld#flattened"`
	framed    = `application/ld+json;profile="http://www.w3.org/ns/json-ld#framed"`
	compacted = `application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"`
	browser   = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
)

// byAccept are the requests without an ending.
var byAccept = []negotiation{
	// one type
	{"text/html", ".html"}, {"text/turtle", ".ttl"}, {"application/ld+json", ".jsonld"}, {"application/json", ".json"},
	{"application/rdf+xml", ".rdf"}, {"application/n-triples", ".nt"}, {"application/trig", ".trig"},
	{"application/n-quads", ".nq"}, {"text/csv", ".csv"},
	// other names of them
	{"application/x-turtle", ".ttl"}, {"application/turtle", ".ttl"}, {"text/n3", ".ttl"}, {"text/rdf+n3", ".ttl"},
	{"application/xml", ".rdf"}, {"text/xml", ".rdf"}, {"application/x-trig", ".trig"}, {"text/x-nquads", ".nq"}, {"text/nquads", ".nq"},
	// no wish, or any
	{"", ".html"}, {"   ", ".html"}, {"*/*", ".html"}, {"*", ".html"}, {"*/*;q=0.1", ".html"}, {";;;", ".html"},
	// case, space and parameters
	{"TEXT/TURTLE", ".ttl"}, {"Text/Turtle;Q=0.5", ".ttl"}, {" text/turtle ", ".ttl"}, {"text/turtle;charset=utf-8", ".ttl"},
	{"text/turtle; charset=UTF-8; q=1", ".ttl"}, {"text/turtle;version=1.1", ".ttl"}, {"text/turtle;q=1.000", ".ttl"},
	// quality values
	{"text/turtle;q=0.5, text/csv;q=0.6", ".csv"}, {"text/csv;q=0.6, text/turtle;q=0.5", ".csv"},
	{"text/turtle;q=0.998, text/csv;q=0.999", ".csv"}, {"text/turtle;q=0.9, application/ld+json;q=0.8", ".ttl"},
	{"text/html;q=0.1, application/n-quads;q=0.2", ".nq"}, {"application/trig;q=0.3, application/rdf+xml;q=0.30", ".rdf"},
	{"application/json;q=0.5, application/ld+json;q=0.5", ".jsonld"}, {"text/csv, text/turtle", ".ttl"},
	{"application/n-triples, application/n-quads", ".nt"}, {"text/html, text/turtle", ".html"},
	{"text/turtle;q=0.001", ".ttl"}, {"text/turtle;q=0.001, text/csv;q=0.002", ".csv"},
	// refusals
	{"text/turtle;q=0", ""}, {"*/*;q=0", ""}, {"text/html;q=0, */*", ".ttl"}, {"text/html;q=0, text/*", ".ttl"},
	{"text/html;q=0, text/turtle;q=0, */*", ".jsonld"}, {"text/*;q=0, */*", ".jsonld"},
	{"text/*;q=0, application/ld+json;q=0, */*", ".json"}, {"text/html;q=0.000, */*;q=0.1", ".ttl"},
	{"application/*;q=0, */*;q=0.5", ".html"}, {"application/*;q=0, text/html;q=0, */*;q=0.5", ".ttl"},
	{"text/turtle;q=0, text/turtle;q=0", ""}, {"image/*;q=1, */*;q=0", ""},
	// wildcards and specificity
	{"text/*", ".html"}, {"application/*", ".jsonld"}, {"text/*;q=0.9, text/html;q=0.1", ".ttl"},
	{"*/*;q=0.9, text/html;q=0.1", ".ttl"}, {"*/*;q=0.9, text/*;q=0.1", ".jsonld"},
	{"*/*;q=0.1, text/*;q=0.2, text/csv;q=0.3", ".csv"}, {"text/*, application/trig", ".trig"}, {"text/turtle, */*", ".ttl"}, {"*/*, application/n-quads, text/*", ".nq"},
	{"text/csv;q=0.5, */*;q=0.1", ".csv"}, {"image/png, */*;q=0.1", ".html"}, {"application/*;q=0.2, text/*;q=0.1", ".jsonld"},
	{"application/*;q=0.5, application/ld+json;q=0.4", ".json"}, {"*/*, text/html;q=0.5", ".ttl"},
	{"*/*;q=0.5, application/n-quads", ".nq"}, {"*/*;q=0, text/turtle", ".ttl"}, {"*/*;q=0, text/turtle;q=0.001", ".ttl"},
	// nothing that there is
	{"image/png", ""}, {"image/*", ""}, {"text/plain", ""}, {"application/pdf", ""}, {"application/octet-stream", ""},
	{"application/xhtml+xml", ""}, {"application/sparql-results+json", ""}, {"text/markdown, application/zip", ""},
	{"video/mp4;q=0.9, audio/*;q=0.8", ""}, {"application/vnd.ms-excel", ""}, {"application/ld+xml", ""},
	// malformed elements do not count
	{"text turtle, text/csv", ".csv"}, {"text/turtle;q=2, text/csv;q=0.1", ".csv"}, {"text/turtle;q=-1, text/csv;q=0.1", ".csv"},
	{"text/turtle;q=0.9999, text/csv;q=0.1", ".csv"}, {"text/turtle;q=abc, text/csv;q=0.1", ".csv"},
	{"*/turtle, text/csv;q=0.2", ".csv"}, {",, text/turtle ,,", ".ttl"}, {"/, text/csv", ".csv"}, {"text/, text/csv", ".csv"},
	{strings.Repeat("text/turtle;q=0.5,", 200), ".html"}, {strings.Repeat("a/b,", 60) + "text/turtle", ".html"},
	// profiles
	{expanded, ".jsonld"}, {flattened, ".jsonld"}, {framed, ".jsonld"}, {compacted, ".jsonld"},
	{expanded + ";q=0.5, text/csv;q=0.4", ".jsonld"}, {expanded + ";q=0.3, text/csv;q=0.4", ".csv"},
	{`application/ld+json;profile="http://example.org/p"`, ".jsonld"}, {`application/ld+json;profile="a,b", text/csv;q=0.1`, ".jsonld"},
	{`application/ld+json;profile="http://data.europa.eu/snb/model/elm/"`, ".jsonld"}, {`text/turtle;profile="http://data.europa.eu/snb/model/elm/"`, ".ttl"},
	{`application/ld+json;profile="a\",b";q=0.9, text/csv`, ".csv"},
	// what programs send
	{browser, ".html"},
	{"text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3", ".ttl"},      // Jena
	{"application/rdf+xml;q=0.7, text/turtle;q=0.8, application/trig", ".trig"},                                            // RDF4J
	{"application/rdf+xml,text/rdf+n3;q=0.9,application/xhtml+xml;q=0.5, */*;q=0.1", ".rdf"},                               // rdflib
	{"application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,*/*;q=0.1", ".nq"}, // Comunica
	{"application/rdf+xml, text/xml;q=0.6, */*;q=0.1", ".rdf"},                                                             // raptor
	{"text/turtle;q=1,application/rdf+xml;q=0.5", ".ttl"},                                                                  // rdf2go
	{"text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", ".html"},                                                      // old Java
	{"application/json, text/plain, */*", ".json"},                                                                         // axios
	{"application/ld+json, application/json;q=0.9", ".jsonld"},                                                             // jsonld.js
	{"application/json, application/ld+json;q=0.9", ".json"}, {"text/csv, application/json;q=0.5", ".csv"},
}

// TestNegotiation asks the running server: by Accept alone, and by each ending,
// which no header overrules.
func TestNegotiation(t *testing.T) {
	s := serve(t, catalogue())
	rows := 0
	check := func(path string, row negotiation, method string) {
		rows++
		t.Run(fmt.Sprintf("%s %s as %.60s", method, path, row.accept), func(t *testing.T) {
			a := ask(t, s, method, path, "Accept", row.accept)
			if row.ending == "" {
				if a.StatusCode != http.StatusNotAcceptable || a.Header.Get("Content-Type") != "application/problem+json" ||
					!strings.Contains(a.body, "text/turtle") || !strings.Contains(a.Header.Get("Link"), `rel="alternate"; type="text/turtle"`) ||
					!strings.Contains(a.Header.Get("Vary"), "Accept") {
					t.Errorf("status %d, header %v: %s", a.StatusCode, a.Header, a.body)
				}
				return
			}
			if a.StatusCode != http.StatusOK {
				t.Fatalf("status %d: %s", a.StatusCode, a.body)
			}
			if got, want := strings.Split(a.Header.Get("Content-Type"), "; profile")[0], mediaTypes[row.ending]; got != want {
				t.Errorf("Content-Type %q, want %q", got, want)
			}
			stem := strings.TrimSuffix(path, row.ending)
			if got := strings.Split(a.Header.Get("Content-Location"), "?")[0]; got != stem+row.ending {
				t.Errorf("Content-Location %q, want %q", got, stem+row.ending)
			}
			if varies := strings.HasPrefix(a.Header.Get("Vary"), "Accept, "); varies != (stem == path || row.ending == ".jsonld") {
				t.Errorf("Vary %q", a.Header.Get("Vary"))
			}
			if (method == http.MethodHead) != (a.body == "") {
				t.Errorf("%d bytes in answer to %s", len(a.body), method)
			}
		})
	}
	const document = "/doc/course/uni.example/C1"
	for _, row := range byAccept {
		check(document, row, http.MethodGet)
	}
	for _, ending := range endings {
		for _, accept := range []string{"", "*/*", browser, "text/turtle", "application/rdf+xml;q=0.1", "image/png"} {
			check(document+ending, negotiation{accept, ending}, http.MethodGet)
		}
		check(document+ending, negotiation{"", ending}, http.MethodHead)
	}
	for _, thing := range []string{"course/uni.example/C1/offerings/O1", "provider/uni.example", "alliance/A1", "source/uni.example/main", "run/20260101T000000Z-1"} {
		for _, row := range []negotiation{{"", ".html"}, {"text/turtle", ".ttl"}, {"application/ld+json", ".jsonld"}, {"application/rdf+xml", ".rdf"}, {"text/csv", ".csv"}, {"image/png", ""}} {
			check("/doc/"+thing, row, http.MethodGet)
		}
	}
	if rows < 200 {
		t.Errorf("only %d rows", rows)
	}
}

// TestProfiles asks for the forms of JSON-LD and the names of either ELM.
func TestProfiles(t *testing.T) {
	s := serve(t, catalogue())
	const document, older, current = "/doc/course/uni.example/C1", "http://data.europa.eu/snb/model/elm/", "http://data.europa.eu/snb/model/ontology/"
	for _, tc := range []struct {
		name, path string
		header     []string
		location   string // of what is sent
		starts     string // of the body
		holds      string
	}{
		{"compacted by default", "", []string{"Accept", "application/ld+json"}, ".jsonld", `{`, `"@context": {`},
		{"compacted", "", []string{"Accept", compacted}, ".jsonld", `{`, `"@context": {`},
		{"expanded", "", []string{"Accept", expanded}, ".jsonld?profile=expanded", `[`, `"http://purl.org/dc/terms/title"`},
		{"flattened", "", []string{"Accept", flattened}, ".jsonld?profile=flattened", `{`, `"@graph": [`},
		{"framed", "", []string{"Accept", framed}, ".jsonld?profile=framed", `{`, `"elm:learningOpportunity": [`},
		{"by ending and header", ".jsonld", []string{"Accept", framed}, ".jsonld?profile=framed", `{`, `"elm:learningOpportunity": [`},
		{"by query, short", ".jsonld?profile=expanded", nil, ".jsonld?profile=expanded", `[`, `"@id"`},
		{"by query, whole", ".jsonld?profile=http://www.w3.org/ns/json-ld%23flattened", nil, ".jsonld?profile=flattened", `{`, `"@graph"`},
		{"the query beats the header", ".jsonld?profile=expanded", []string{"Accept", framed}, ".jsonld?profile=expanded", `[`, `"@id"`},
		{"by Accept-Profile", ".jsonld", []string{"Accept-Profile", "<http://www.w3.org/ns/json-ld#expanded>"}, ".jsonld?profile=expanded", `[`, `"@id"`},
		{"framed as JSON", ".json", nil, ".json", `{`, `"elm:learningOpportunity": [`},
		{"older names in Turtle", ".ttl?elm=3.2", nil, ".ttl?elm=3.2", `@prefix`, older},
		{"older names by profile", "", []string{"Accept", `text/turtle;profile="` + older + `"`}, ".ttl?elm=3.2", `@prefix`, older},
		{"older names by Accept-Profile", "", []string{"Accept", "text/turtle", "Accept-Profile", "<" + older + ">"}, ".ttl?elm=3.2", `@prefix`, older},
		{"older names, compacted", ".jsonld?elm=3.2", nil, ".jsonld?elm=3.2", `{`, older},
		{"older names, framed", ".jsonld?elm=3.2&profile=framed", nil, ".jsonld?profile=framed&elm=3.2", `{`, older},
		{"two profiles at once", "", []string{"Accept", `application/ld+json;profile="http://www.w3.org/ns/json-ld#framed ` + older + `"`}, ".jsonld?profile=framed&elm=3.2", `{`, older},
		{"older names as JSON", ".json?elm=3.2", nil, ".json?elm=3.2", `{`, older},
		{"current names by name", ".ttl?elm=3.3", nil, ".ttl", `@prefix`, current},
		{"a profile that nobody knows", ".jsonld?profile=http://example.org/", nil, ".jsonld", `{`, `"@context"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := ask(t, s, http.MethodGet, document+tc.path, tc.header...)
			if a.StatusCode != http.StatusOK || !strings.HasPrefix(a.body, tc.starts) || !strings.Contains(a.body, tc.holds) {
				t.Errorf("status %d: %s", a.StatusCode, a.body)
			}
			if strings.Contains(tc.holds, older) && strings.Contains(a.body, current) {
				t.Errorf("names of both versions: %s", a.body)
			}
			if got := a.Header.Get("Content-Location"); got != document+tc.location {
				t.Errorf("Content-Location %q, want …%s", got, tc.location)
			}
			if again := ask(t, s, http.MethodGet, a.Header.Get("Content-Location")); again.body != a.body || again.Header.Get("ETag") != a.Header.Get("ETag") {
				t.Error("what is at Content-Location is something else")
			}
		})
	}
	if a := ask(t, s, http.MethodGet, document+".ttl?elm=2"); a.StatusCode != http.StatusBadRequest {
		t.Errorf("elm=2: status %d", a.StatusCode)
	}
}
