package shapes

import (
	"slices"

	"qlgraph/graph/rdf"
	"qlgraph/ontology"
)

// sh is the namespace of SHACL.
const sh = ontology.SHACL

// Terms that the compiler and the reports use.
var (
	rdfType       = rdf.IRI(rdf.RDFType)
	rdfFirst      = rdf.IRI(rdf.RDFFirst)
	rdfRest       = rdf.IRI(rdf.RDFRest)
	rdfNil        = rdf.IRI(rdf.RDFNil)
	rdfsLabel     = rdf.IRI(ontology.RDFS + "label")
	rdfsClass     = rdf.IRI(ontology.RDFS + "Class")
	owlClass      = rdf.IRI(ontology.OWL + "Class")
	subClassOf    = rdf.IRI(ontology.RDFS + "subClassOf")
	owlImports    = rdf.IRI(ontology.OWL + "imports")
	nodeShape     = rdf.IRI(sh + "NodeShape")
	propertyShape = rdf.IRI(sh + "PropertyShape")
	violation     = rdf.IRI(sh + "Violation")
)

// source is a shapes graph, indexed for the compiler.
type source struct {
	objects   map[key][]rdf.Term // by subject and predicate
	subjects  map[key][]rdf.Term // by object and predicate
	order     []rdf.Term         // distinct subjects as they came
	described map[rdf.Term]bool  // whether a node is among them
}

type key struct{ term, predicate rdf.Term }

func newSource(quads []rdf.Quad) *source {
	src := &source{objects: map[key][]rdf.Term{}, subjects: map[key][]rdf.Term{}, described: map[rdf.Term]bool{}}
	seen := map[rdf.Quad]bool{}
	for _, q := range quads {
		q.G = rdf.Term{}
		if seen[q] {
			continue
		}
		seen[q] = true
		if !src.described[q.S] {
			src.described[q.S] = true
			src.order = append(src.order, q.S)
		}
		forward, backward := key{q.S, q.P}, key{q.O, q.P}
		src.objects[forward] = append(src.objects[forward], q.O)
		src.subjects[backward] = append(src.subjects[backward], q.S)
	}
	return src
}

// values returns the objects of (s, sh:name).
func (src *source) values(s rdf.Term, name string) []rdf.Term {
	return src.objects[key{s, rdf.IRI(sh + name)}]
}

// list returns the members of the RDF list at head, and false where it is no
// well-formed list (SHACL §1.4): each cell has one first and one rest, and the
// chain ends in rdf:nil.
func (src *source) list(head rdf.Term) ([]rdf.Term, bool) {
	var members []rdf.Term
	seen := map[rdf.Term]bool{}
	for head != rdfNil {
		first, rest := src.objects[key{head, rdfFirst}], src.objects[key{head, rdfRest}]
		if len(first) != 1 || len(rest) != 1 || seen[head] {
			return nil, false
		}
		seen[head] = true
		members = append(members, first[0])
		head = rest[0]
	}
	return members, true
}

// isInstance reports whether s is a SHACL instance of class within the shapes
// graph (SHACL §1.1), owl:Class counting as a subclass of rdfs:Class.
func (src *source) isInstance(s, class rdf.Term) bool {
	types := slices.Clone(src.objects[key{s, rdfType}])
	seen := map[rdf.Term]bool{}
	for len(types) > 0 {
		t := types[len(types)-1]
		types = types[:len(types)-1]
		if t == class || t == owlClass && class == rdfsClass {
			return true
		}
		if !seen[t] {
			seen[t] = true
			types = append(types, src.objects[key{t, subClassOf}]...)
		}
	}
	return false
}
