package ontology_test

import (
	"errors"
	"iter"
	"testing"

	"qlgraph/graph/rdf"
	"qlgraph/ontology"
)

func TestTerms(t *testing.T) {
	byName := map[string]ontology.Term{}
	counts := map[ontology.TermKind]int{}
	for _, term := range ontology.Terms(ontology.QL) {
		byName[term.Name] = term
		counts[term.Kind]++
		if term.Label == "" || term.Comment == "" {
			t.Errorf("%s: label %q, comment %q", term.Name, term.Label, term.Comment)
		}
	}
	for name, kind := range map[string]ontology.TermKind{
		"LearnerGroup":     ontology.ClassTerm,
		"OrgRegIdentifier": ontology.ClassTerm,
		"superseded":       ontology.ObjectPropertyTerm,
		"isActive":         ontology.DatatypePropertyTerm,
		"Schac":            ontology.IndividualTerm,
		"GradeShape":       ontology.ShapeTerm,
	} {
		if byName[name].Kind != kind {
			t.Errorf("%s is a %q, want %q", name, byName[name].Kind, kind)
		}
	}
	if s := byName["superseded"]; len(s.Super) != 1 || len(s.Domain) != 1 || len(s.Inverse) != 1 || s.Inverse[0] != ontology.QL+"supersededBy" {
		t.Errorf("%+v", s)
	}
	if counts[ontology.ClassTerm] != 11 {
		t.Errorf("%v", counts)
	}
	if n := len(ontology.Terms(ontology.ELM)); n < 100 {
		t.Errorf("%d terms of ELM", n)
	}
}

func TestEdition(t *testing.T) {
	c := rdf.IRI(ontology.LanguageTable + "DEU")
	failed := errors.New("failed")
	edition := func(yield func(rdf.Quad, error) bool) {
		for _, q := range []rdf.Quad{
			{S: c, P: rdf.IRI(rdf.RDFType), O: rdf.IRI(ontology.SKOS + "Concept"), G: c},
			{S: c, P: rdf.IRI(rdf.RDFType), O: rdf.IRI(ontology.OWL + "NamedIndividual")},
			{S: c, P: rdf.IRI(ontology.SKOS + "prefLabel"), O: rdf.LangLiteral("German", "en")},
			{S: c, P: rdf.IRI(ontology.SKOS + "prefLabel"), O: rdf.LangLiteral("Deutsch", "de")},
			{S: c, P: rdf.IRI(ontology.SKOS + "prefLabel"), O: rdf.LangLiteral("allemand", "fr")},
			{S: c, P: rdf.IRI(ontology.DCTerms + "modified"), O: rdf.Literal("yesterday")},
		} {
			if !yield(q, nil) {
				return
			}
		}
		yield(rdf.Quad{}, failed)
	}
	count := func(seq iter.Seq2[rdf.Quad, error]) (n int, last error) {
		for q, err := range seq {
			if last = err; err == nil {
				n++
				if !q.G.IsZero() {
					t.Errorf("%s is in a graph", q)
				}
			}
		}
		return n, last
	}
	if n, err := count(ontology.Edition(edition)); n != 4 || err != failed {
		t.Errorf("%d quads, error %v", n, err)
	}
	if n, err := count(ontology.Edition(edition, "de", "fr")); n != 3 || err != failed {
		t.Errorf("in two languages: %d quads, error %v", n, err)
	}
}
