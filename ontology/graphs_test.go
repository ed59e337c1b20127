package ontology_test

import (
	"testing"

	"qlgraph/graph/rdf"
	"qlgraph/ontology"
)

func TestGraphs(t *testing.T) {
	for name, g := range map[string][]rdf.Quad{
		"QualityLink": ontology.QualityLinkGraph(),
		"profile":     ontology.ProfileGraph(),
		"ELM":         ontology.ELMGraph(),
		"vocabulary":  ontology.VocabularyGraph(),
	} {
		if len(g) < 100 {
			t.Errorf("%s: %d quads", name, len(g))
		}
	}
}

// Every concept is in a scheme (but for the topics and states, which ELM has
// outside of any), has an English label, and a hierarchy that stays in its list.
func TestConcepts(t *testing.T) {
	type statement struct{ s, p rdf.Term }
	objects := map[statement][]rdf.Term{}
	for _, q := range ontology.VocabularyGraph() {
		k := statement{q.S, q.P}
		objects[k] = append(objects[k], q.O)
	}
	concepts := 0
	for k, types := range objects {
		if k.p.Value() != rdf.RDFType || types[0].Value() != ontology.SKOS+"Concept" {
			continue
		}
		concepts++
		labels := objects[statement{k.s, rdf.IRI(ontology.SKOS + "prefLabel")}]
		if len(labels) != 1 || labels[0].Lang() != "en" {
			t.Errorf("%s: labels %v", k.s, labels)
		}
		for _, broader := range objects[statement{k.s, rdf.IRI(ontology.SKOS + "broader")}] {
			if !ontology.IsConcept(broader.Value()) {
				t.Errorf("%s: broader %s is no concept", k.s, broader)
			}
		}
	}
	if want := 2274; concepts != want {
		t.Errorf("%d concepts, want %d", concepts, want)
	}
}
