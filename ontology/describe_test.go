package ontology_test

import (
	"testing"

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
