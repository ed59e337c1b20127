package vocabulary_test

import (
	"context"
	"io"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"qlgraph/graph"
	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/ontology"
	"qlgraph/web/vocabulary"
)

// readPage returns the page's elements by id, with their text, and where its links lead.
func readPage(t *testing.T, data graph.Dataset) (texts map[string]string, hrefs []string) {
	t.Helper()
	w := ask(vocabulary.New(data), "GET", vocabulary.Path)
	if w.Code != 200 {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	doc, err := html.Parse(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	texts = map[string]string{}
	for n := range doc.Descendants() {
		if n.Data == "script" {
			t.Error("the page has a script")
		}
		for _, a := range n.Attr {
			switch {
			case a.Key == "id":
				if _, twice := texts[a.Val]; twice {
					t.Errorf("id %q twice", a.Val)
				}
				texts[a.Val] = text(n)
			case a.Key == "href" && n.Data == "a":
				hrefs = append(hrefs, a.Val)
			}
		}
	}
	return texts, hrefs
}

// text is what an element reads, with single spaces.
func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			_, _ = io.WriteString(&b, d.Data)
		}
		switch d.Data {
		case "dt", "dd", "td", "p":
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func TestPageHasEveryTerm(t *testing.T) {
	texts, hrefs := readPage(t, mem.New())
	for _, namespace := range []struct{ iri, id string }{{ontology.QL, ""}, {ontology.ELM, "elm-"}} {
		for _, term := range ontology.Terms(namespace.iri) {
			got := texts[namespace.id+term.Name]
			for _, want := range []string{term.IRI, term.Label, strings.Join(strings.Fields(term.Comment), " ")} {
				if !strings.Contains(got, want) {
					t.Errorf("%s lacks %q: %q", term.Name, want, got)
				}
			}
		}
	}
	for _, href := range hrefs {
		if id, local := strings.CutPrefix(href, "#"); local && texts[id] == "" {
			t.Errorf("link to %s, which is not on the page", href)
		}
	}
}

func TestPageDescribesTerms(t *testing.T) {
	texts, _ := readPage(t, dataset())
	for _, tc := range []struct{ id, want string }{
		{"EuropeanUniversityAlliance", "Subclass of ql:GroupOfHEIs"},
		{"GroupOfHEIs", "Subclasses ql:EuropeanUniversityAlliance"},
		{"OrgReg", "Type skos:ConceptScheme"},
		{"learnerGroup", "Domain ql:LearningOpportunityInstance"},
		{"learnerGroup", "Range ql:LearnerGroup"},
		{"LearnerGroup", "ql:learnerGroup"},
		{"isMemberOf", "Inverse of foaf:member"},
		{"superseded", "Inverse of ql:supersededBy"},
		{"absorbed", "Subproperty of ql:relatedTo"},
		{"LearningOutcome", "Checks elm:LearningOutcome"},
		{"EuropeanUniversityAlliance", "Checked like ql:GroupOfHEIs"},
		{"GroupOfHEIs", "foaf:member at least 2 ql:HigherEducationInstitution"},
		{"OrgRegIdentifier", "elm:schemeId exactly 1 ql:OrgReg"},
		{"OrgRegIdentifier", "skos:notation exactly 1 is a sh:Literal, matches ^(INT|[A-Z]{2})[0-9]{4}$"},
		{"LearnerGroup", "ql:studentsOf any number ql:HigherEducationInstitution or ql:GroupOfHEIs"},
		{"LearnerGroup", "ql:isOpenToNonEnrolled at most 1 xsd:boolean"},
		{"LearnerGroup", "dcterms:title any number rdf:langString once per language"},
		{"LearningOpportunityInstance", "foaf:homepage any number loq:URLRegexRestriction or elm:WebResource"},
		{"LearningOpportunityInstance", "ql:registrationPortal at most 1 xsd:anyURI " + comment("registrationPortal")},
		{"LearningOpportunitySpecification", "In use 2 instances"},
		{"LearningOpportunityInstance", "In use 1 instance"},
		{"LearnerGroupConditions", "In use not in these data"},
		{"isActive", "In use 1 statement"},
		{"elm-learningOutcome", "In use 3 statements"},
	} {
		if !strings.Contains(texts[tc.id], tc.want) {
			t.Errorf("%s lacks %q: %q", tc.id, tc.want, texts[tc.id])
		}
	}
	for _, id := range []string{"Schac", "GradeShape"} {
		if strings.Contains(texts[id], "In use") {
			t.Errorf("%s, whose uses nobody counts: %q", id, texts[id])
		}
	}
}

// comment is what the ontology says about one of its own terms.
func comment(name string) string {
	terms := ontology.Terms(ontology.QL)
	return terms[slices.IndexFunc(terms, func(t ontology.Term) bool { return t.Name == name })].Comment
}

// uncounted hides the statistics of a dataset.
type uncounted struct{ graph.Dataset }

func (d uncounted) Snapshot(ctx context.Context) (graph.Snapshot, error) {
	snap, err := d.Dataset.Snapshot(ctx)
	return struct{ graph.Snapshot }{snap}, err
}

func TestPageWithoutStatistics(t *testing.T) {
	texts, _ := readPage(t, uncounted{dataset()})
	if got := texts["LearningOpportunitySpecification"]; got == "" || strings.Contains(got, "In use") {
		t.Errorf("%q", got)
	}
}

func TestNumbersChangeTheTag(t *testing.T) {
	before := ask(vocabulary.New(mem.New()), "GET", vocabulary.Path).Header().Get("ETag")
	if after := ask(vocabulary.New(dataset()), "GET", vocabulary.Path).Header().Get("ETag"); after == before {
		t.Errorf("%s with and without data", after)
	}
}

func dataset() *mem.Dataset {
	c1, c2, o := rdf.IRI("http://uni.example/1"), rdf.IRI("http://uni.example/2"), rdf.IRI("http://uni.example/1/o")
	a, outcome := rdf.IRI(rdf.RDFType), rdf.IRI(ontology.ELM+"learningOutcome")
	course := rdf.IRI(ontology.QL + "LearningOpportunitySpecification")
	return mem.FromQuads(
		rdf.Triple(c1, a, course),
		rdf.Triple(c2, a, course),
		rdf.Triple(o, a, rdf.IRI(ontology.QL+"LearningOpportunityInstance")),
		rdf.Triple(c1, rdf.IRI(ontology.QL+"isActive"), rdf.TypedLiteral("true", rdf.XSD+"boolean")),
		rdf.Triple(c1, outcome, rdf.Literal("a")),
		rdf.Triple(c1, outcome, rdf.Literal("b")),
		rdf.Triple(c2, outcome, rdf.Literal("a")),
	)
}
