package ontology_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"qlgraph/graph/rdf"
	"qlgraph/graph/turtle"
	"qlgraph/internal/external"
	"qlgraph/ontology"
)

// published reads a file of the specifications' publishers.
func published(t *testing.T, name string) []rdf.Quad {
	t.Helper()
	f, err := os.Open(filepath.Join(external.Ontology(t), name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var quads []rdf.Quad
	for q, err := range turtle.NewDecoder(f, turtle.Options{AnyIRI: true}).All() {
		if err != nil {
			t.Fatal(err)
		}
		quads = append(quads, q)
	}
	return quads
}

// described are the predicates whose values are prose: ours is our own.
var described = []string{
	ontology.RDFS + "comment",
	ontology.SHACL + "description",
	ontology.DCTerms + "abstract",
	ontology.DCTerms + "description",
	"https://w3id.org/widoco/vocab#introduction",
}

// statements returns what a graph says about each IRI, as text; blank nodes are
// written out, with what is said about them in order.
func statements(quads []rdf.Quad) map[string][]string {
	bySubject := map[rdf.Term][]rdf.Quad{}
	for _, q := range quads {
		if !slices.Contains(described, q.P.Value()) {
			bySubject[q.S] = append(bySubject[q.S], q)
		}
	}
	var about func(s rdf.Term) []string
	about = func(s rdf.Term) []string {
		var texts []string
		for _, q := range bySubject[s] {
			o := q.O.String()
			if q.O.IsBlank() {
				o = "[" + strings.Join(about(q.O), "; ") + "]"
			}
			texts = append(texts, q.P.String()+" "+o)
		}
		slices.Sort(texts)
		return slices.Compact(texts)
	}
	all := map[string][]string{}
	for s := range bySubject {
		if s.IsIRI() {
			all[s.Value()] = about(s)
		}
	}
	return all
}

// No term, constraint or label of the published QualityLink file is missing
// here or different, and nothing is added to it. ql:Kajmak is a joke about
// cream.
func TestSameAsPublishedQualityLink(t *testing.T) {
	want := statements(published(t, "quality-link-1.1.0-alpha.ttl"))
	delete(want, ontology.QL+"Kajmak")
	if len(want) < 45 {
		t.Fatalf("the published file describes %d terms only", len(want))
	}
	got := statements(slices.Concat(ontology.QualityLinkGraph(), ontology.ProfileGraph()))
	compareStatements(t, got, want)
}

func compareStatements(t *testing.T, got, want map[string][]string) {
	t.Helper()
	for term, texts := range want {
		for _, text := range texts {
			if !slices.Contains(got[term], text) {
				t.Errorf("%s: missing: %s", term, text)
			}
		}
	}
	for term, texts := range got {
		for _, text := range texts {
			if !slices.Contains(want[term], text) {
				t.Errorf("%s: not in the published file: %s", term, text)
			}
		}
	}
}

// elmDifferences are the ELM terms that differ knowingly from the published
// file, which is that of version 3.1.
var elmDifferences = map[string]string{
	"limitJurisdiction": "declared for two classes; both domains together would say that nothing else has it",
}

// What is said here about the hierarchy, domains and ranges of ELM is what the
// published file says.
func TestELMAgreesWithPublished(t *testing.T) {
	structure := []string{
		ontology.RDFS + "subClassOf", ontology.RDFS + "subPropertyOf",
		ontology.RDFS + "domain", ontology.RDFS + "range",
	}
	want := statements(ontology.ELMCurrent.RenameAll(published(t, "elm-3.1.ttl")))
	terms := 0
	for term, texts := range statements(ontology.ELMGraph()) {
		local, ok := strings.CutPrefix(term, ontology.ELM)
		if !ok || elmDifferences[local] != "" {
			continue
		}
		terms++
		if want[term] == nil {
			t.Errorf("%s is not in the published file", term)
		}
		isStructure := func(text string) bool {
			return slices.ContainsFunc(structure, func(p string) bool { return strings.HasPrefix(text, "<"+p+">") })
		}
		for _, text := range texts {
			if isStructure(text) && !slices.Contains(want[term], text) {
				t.Errorf("%s: not in the published file: %s", term, text)
			}
		}
		for _, text := range want[term] {
			if isStructure(text) && !slices.Contains(texts, text) {
				t.Errorf("%s: missing: %s", term, text)
			}
		}
	}
	if terms < 100 {
		t.Errorf("only %d terms compared", terms)
	}
}
