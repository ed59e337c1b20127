package ontology

import (
	"cmp"
	"slices"
	"strings"

	"qlgraph/graph/rdf"
)

// TermKind tells what a Term is.
type TermKind string

// The kinds of terms, in the order in which Terms returns them.
const (
	ClassTerm            TermKind = "class"
	ObjectPropertyTerm   TermKind = "object property"
	DatatypePropertyTerm TermKind = "datatype property"
	IndividualTerm       TermKind = "individual"
	ShapeTerm            TermKind = "shape"
)

// Term is a term of an ontology as its documentation shows it. IRIs are full.
type Term struct {
	IRI     string
	Name    string // the part after the namespace
	Kind    TermKind
	Label   string   // in English
	Comment string   // in English
	Types   []string // rdf:type
	Super   []string // rdfs:subClassOf, rdfs:subPropertyOf
	Domain  []string
	Range   []string
	Inverse []string // owl:inverseOf
}

// Terms returns the terms of the bundled ontologies in the given namespace (QL,
// ELM), by kind and name. Documentation of the ontology is made from it.
func Terms(namespace string) []Term {
	at := map[string]*Term{}
	var names []string
	for _, q := range Graph() {
		name, ok := strings.CutPrefix(q.S.Value(), namespace)
		if !ok || name == "" || !q.S.IsIRI() {
			continue
		}
		t := at[name]
		if t == nil {
			t = &Term{IRI: q.S.Value(), Name: name, Kind: IndividualTerm}
			at[name] = t
			names = append(names, name)
		}
		t.describe(q)
	}
	terms := make([]Term, len(names))
	for i, name := range names {
		terms[i] = *at[name]
	}
	slices.SortFunc(terms, func(a, b Term) int {
		return cmp.Or(a.Kind.rank()-b.Kind.rank(), strings.Compare(a.Name, b.Name))
	})
	return terms
}

// describe adds what q says about the term.
func (t *Term) describe(q rdf.Quad) {
	switch q.P.Value() {
	case rdf.RDFType:
		t.Types = append(t.Types, q.O.Value())
		t.setKind(q.O.Value())
	case RDFS + "label":
		t.Label = strings.TrimSpace(q.O.Value())
	case RDFS + "comment":
		t.Comment = q.O.Value()
	case RDFS + "subClassOf", RDFS + "subPropertyOf":
		t.Super = append(t.Super, q.O.Value())
	case RDFS + "domain":
		t.Domain = append(t.Domain, q.O.Value())
	case RDFS + "range":
		t.Range = append(t.Range, q.O.Value())
	case OWL + "inverseOf":
		t.Inverse = append(t.Inverse, q.O.Value())
	}
}

// setKind sets the kind by the type; what is a class and a shape is a class.
func (t *Term) setKind(class string) {
	switch class {
	case OWL + "Class", RDFS + "Class":
		t.Kind = ClassTerm
	case OWL + "ObjectProperty":
		t.Kind = ObjectPropertyTerm
	case OWL + "DatatypeProperty":
		t.Kind = DatatypePropertyTerm
	case SHACL + "NodeShape":
		if t.Kind == IndividualTerm {
			t.Kind = ShapeTerm
		}
	}
}

func (k TermKind) rank() int {
	return slices.Index([]TermKind{ClassTerm, ObjectPropertyTerm, DatatypePropertyTerm, IndividualTerm, ShapeTerm}, k)
}
