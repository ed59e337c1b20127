package ontology_test

import (
	"slices"
	"testing"

	"qlgraph/graph/rdf"
	"qlgraph/ontology"
)

func TestRename(t *testing.T) {
	for _, c := range []struct{ old, current rdf.Term }{
		{rdf.IRI(ontology.ELM32 + "Qualification"), rdf.IRI(ontology.ELM + "Qualification")},
		{rdf.IRI(ontology.LOQ32 + "NoteShape"), rdf.IRI(ontology.LOQ + "NoteShape")},
		{rdf.TypedLiteral("x", ontology.ELM32+"t"), rdf.TypedLiteral("x", ontology.ELM+"t")},
		{rdf.IRI("http://data.europa.eu/snb/model/elm"), rdf.IRI("http://data.europa.eu/snb/model/elm")},
		{rdf.Literal(ontology.ELM32 + "Qualification"), rdf.Literal(ontology.ELM32 + "Qualification")},
		{rdf.Blank("b"), rdf.Blank("b")},
	} {
		if got := ontology.ELMCurrent.Rename(c.old); got != c.current {
			t.Errorf("current name of %s: %s", c.old, got)
		}
		if got := ontology.ELMOld.Rename(c.current); got != c.old {
			t.Errorf("old name of %s: %s", c.current, got)
		}
	}
}

// What is stored goes out under the old names and comes back unchanged.
func TestRenameThereAndBack(t *testing.T) {
	g := ontology.Graph()
	old := ontology.ELMOld.RenameAll(g)
	if slices.Equal(old, g) {
		t.Fatal("the ontology has no term that moved")
	}
	if !slices.Equal(ontology.ELMCurrent.RenameAll(old), g) {
		t.Error("renaming there and back changes the graph")
	}
	if !slices.Equal(ontology.ELMCurrent.RenameAll(g), g) {
		t.Error("renaming what is current changes the graph")
	}
}
