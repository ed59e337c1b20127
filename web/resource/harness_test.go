package resource_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/ontology"
	"qlgraph/ontology/ql"
	"qlgraph/web/resource"
	"qlgraph/web/server"
)

// catalogue is the dataset of document_test.go with all other kinds of things:
// an alliance, a renamed institution, a source with its run, findings, and
// courses that point to one another or share a code.
func catalogue(more ...rdf.Quad) *mem.Dataset {
	provider, alliance := iri(base+"/provider/uni.example"), iri(base+"/alliance/A1")
	origin, run := iri(base+"/source/uni.example/main"), base+"/run/20260101T000000Z-1"
	notation := func(course, id, code string) [][3]rdf.Term {
		node := iri(course + "#" + id)
		return [][3]rdf.Term{
			{iri(course), iri(ontology.ADMS + "identifier"), node},
			{node, iri(ontology.SKOS + "notation"), rdf.Literal(code)},
		}
	}
	second, third := base+"/course/uni.example/C3", base+"/course/other.example/C9"
	all := append(quads(), more...)
	add := func(graph string, triples ...[3]rdf.Term) { all = append(all, in(graph, triples...)...) }
	add(source, notation(course, "code", "ENV-101")...)
	add(source,
		[3]rdf.Term{iri(course), iri(ontology.OWL + "sameAs"), iri("urn:schac:uniqueCourseId:uni.example:C1")},
		[3]rdf.Term{iri(course), iri(ontology.OWL + "sameAs"), iri("urn:uuid:5eed0000-0000-4000-8000-000000000001")},
		[3]rdf.Term{iri(second), a, spec},
		[3]rdf.Term{iri(second), title, rdf.LangLiteral("Tides", "en")},
		[3]rdf.Term{iri(second), title, rdf.LangLiteral("Gezeiten", "de")},
		[3]rdf.Term{iri(second), iri(ontology.ELM + "isPartOf"), iri(course)},
		[3]rdf.Term{iri(second), iri(ontology.ELM + "entryRequirement"), iri(second + "#requirement")},
		[3]rdf.Term{iri(second + "#requirement"), iri(ql.EntryRequirementLearningOpportunity), iri(course)},
		[3]rdf.Term{iri(base + "/course/uni.example/dotted.ttl"), a, spec},
		[3]rdf.Term{iri(base + "/course/uni.example/dotted.ttl"), title, rdf.LangLiteral("Dots", "en")},
	)
	add(base+"/graph/source/other.example/main", notation(third, "code", "ENV-101")...)
	add(base+"/graph/source/other.example/main",
		[3]rdf.Term{iri(third), a, spec}, [3]rdf.Term{iri(third), title, rdf.LangLiteral("Currents", "en")})
	add(base+"/graph/reference",
		[3]rdf.Term{iri(base + "/provider/old.example"), iri(ontology.DCTerms + "isReplacedBy"), provider},
		[3]rdf.Term{alliance, a, iri(ql.EuropeanUniversityAllianceClass)},
		[3]rdf.Term{alliance, iri(ontology.SKOS + "prefLabel"), rdf.LangLiteral("Alliance", "en")},
		[3]rdf.Term{alliance, iri(ontology.FOAF + "member"), provider},
	)
	add(base+"/graph/provenance",
		[3]rdf.Term{iri(run + "#uni.example.main"), a, iri(ontology.PROV + "Activity")},
		[3]rdf.Term{iri(run + "#uni.example.main"), iri(ontology.DCTerms + "isPartOf"), iri(run)},
		[3]rdf.Term{iri(run + "#uni.example.main"), iri(ontology.PROV + "used"), origin},
		[3]rdf.Term{iri(run + "#uni.example.main"), iri(ontology.PROV + "generated"), iri(source)},
		[3]rdf.Term{origin, iri(ontology.DCAT + "accessURL"), iri("https://uni.example/feed")},
		[3]rdf.Term{origin, iri(ontology.DCTerms + "publisher"), provider},
		[3]rdf.Term{iri(source), iri(ontology.PROV + "wasDerivedFrom"), origin},
	)
	result := iri(base + "/graph/validation/uni.example/main#r1")
	add(base+"/graph/validation/uni.example/main",
		[3]rdf.Term{result, iri(ontology.SHACL + "focusNode"), iri(course)},
		[3]rdf.Term{result, iri(ontology.SHACL + "resultMessage"), rdf.LangLiteral("no credits", "en")},
	)
	return mem.FromQuads(all...)
}

const licence = "https://creativecommons.org/licenses/by-nc/4.0/"

// serve runs the whole server over a dataset.
func serve(t *testing.T, data *mem.Dataset) *httptest.Server {
	t.Helper()
	h := resource.New(resource.Config{Dataset: data, BaseIRI: base, License: licence})
	routes := []server.Route{
		{Pattern: "/resolve", Handler: http.HandlerFunc(h.Resolve)},
		{Pattern: "/courseId/*", Handler: http.HandlerFunc(h.DID)},
	}
	for _, kind := range resource.Kinds() {
		routes = append(routes,
			server.Route{Pattern: "/" + kind + "/*", Handler: http.HandlerFunc(h.Thing)},
			server.Route{Pattern: "/doc/" + kind + "/*", Handler: http.HandlerFunc(h.Document)})
	}
	s := httptest.NewServer(server.New(server.Config{
		Routes: routes, Ready: func() error { return nil }, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}))
	t.Cleanup(s.Close)
	return s
}

// answer is a response with its body read.
type answer struct {
	*http.Response
	body string
}

// ask sends a request without following redirects; header is name, value, ….
func ask(t *testing.T, s *httptest.Server, method, path string, header ...string) answer {
	t.Helper()
	r, err := http.NewRequest(method, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Set(header[i], header[i+1])
	}
	if r.Header.Get("Accept-Encoding") == "" {
		r.Header.Set("Accept-Encoding", "identity")
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp, string(body)}
}
