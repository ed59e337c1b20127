package portal_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/ontology"
	"qlgraph/sparql"
	"qlgraph/web/portal"
)

const base = "http://data.quality-link.eu"

func pages(quads ...rdf.Quad) *portal.Portal {
	return portal.New(sparql.New(mem.FromQuads(quads...), sparql.Options{DefaultGraphUnion: true}), base)
}

func course(iri, title, provider string) []rdf.Quad {
	s := rdf.IRI(iri)
	return []rdf.Quad{
		rdf.Triple(s, rdf.IRI(rdf.RDFType), rdf.IRI(ontology.QL+"LearningOpportunitySpecification")),
		rdf.Triple(s, rdf.IRI(ontology.DCTerms+"title"), rdf.LangLiteral(title, "en")),
		rdf.Triple(s, rdf.IRI(ontology.DCTerms+"publisher"), rdf.IRI(provider)),
	}
}

func TestHome(t *testing.T) {
	provider := base + "/provider/uni.example"
	quads := append(course(base+"/course/uni.example/C1", "<b>Bold</b> & brave", provider),
		course("https://uni.example/id/2", "Own name", provider)...)
	quads = append(quads, rdf.Triple(rdf.IRI(provider), rdf.IRI(ontology.ROV+"legalName"), rdf.LangLiteral("University", "en")))
	w := httptest.NewRecorder()
	pages(quads...).Home(w, httptest.NewRequest("GET", "/", nil))
	body := w.Body.String()
	for _, want := range []string{
		`<a href="/provider/uni.example">University</a>`, `<td class="number">2</td>`,
		`<a href="/course/uni.example/C1">&lt;b&gt;Bold&lt;/b&gt; &amp; brave</a>`,
		`<a href="/resolve?id=https%3A%2F%2Funi.example%2Fid%2F2">Own name</a>`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not show %s:\n%s", want, body)
		}
	}
}

func TestHomeOfNothing(t *testing.T) {
	w := httptest.NewRecorder()
	pages().Home(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != 200 || !strings.Contains(w.Body.String(), "Nothing has been harvested yet") {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
}

func TestHomeIsOnlyTheRoot(t *testing.T) {
	w := httptest.NewRecorder()
	pages().Home(w, httptest.NewRequest("GET", "/favicon.ico", nil))
	if w.Code != 404 {
		t.Errorf("status %d", w.Code)
	}
}

func TestQueryPage(t *testing.T) {
	w := httptest.NewRecorder()
	pages().Query(w, httptest.NewRequest("GET", "/sparql", nil))
	if body := w.Body.String(); !strings.Contains(body, `<form action="/sparql" method="get">`) || !strings.Contains(body, "SELECT ?provider") {
		t.Error(body)
	}
}
