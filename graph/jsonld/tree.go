package jsonld

import (
	"slices"
	"strings"

	"qlgraph/graph/rdf"
)

// treeNode is a node object between the quads and the document: what compaction
// writes and framing rearranges.
type treeNode struct {
	id         string // IRI, or "_:" and a label
	types      []string
	properties []treeProperty // sorted by IRI
}

// treeProperty is a property with its values; missing ones are written as null.
type treeProperty struct {
	iri    string
	values []treeValue
}

// treeValue is a literal, a reference, or a node in place.
type treeValue struct {
	term rdf.Term
	node *treeNode // of an embedded node; term is then zero
}

// plainNodes returns a node object per subject, sorted by identifier, and false
// where the quads hold what only the full algorithms know about: named graphs,
// lists, JSON literals, literals as types.
func plainNodes(quads []rdf.Quad) ([]*treeNode, bool) {
	var nodes []*treeNode
	var n *treeNode
	var subject rdf.Term
	for _, q := range quads {
		if !plainQuad(q) {
			return nil, false
		}
		if n == nil || q.S != subject {
			n, subject = &treeNode{id: identifier(q.S)}, q.S
			nodes = append(nodes, n)
		}
		n.add(q)
	}
	slices.SortFunc(nodes, func(a, b *treeNode) int { return strings.Compare(a.id, b.id) })
	return nodes, true
}

func plainQuad(q rdf.Quad) bool {
	if !q.G.IsZero() || !q.P.IsIRI() {
		return false
	}
	switch q.P.Value() {
	case rdf.RDFFirst, rdf.RDFRest:
		return false
	case rdf.RDFType:
		return !q.O.IsLiteral()
	}
	if q.O.IsLiteral() {
		return q.O.Datatype() != rdf.RDF+"JSON"
	}
	return q.O.Value() != rdf.RDFNil
}

// add adds the next quad of the node's subject.
func (n *treeNode) add(q rdf.Quad) {
	iri := q.P.Value()
	if iri == rdf.RDFType {
		n.types = append(n.types, identifier(q.O))
		return
	}
	if last := len(n.properties) - 1; last < 0 || n.properties[last].iri != iri {
		n.properties = append(n.properties, treeProperty{iri: iri})
	}
	p := &n.properties[len(n.properties)-1]
	p.values = append(p.values, treeValue{term: q.O})
}

// property returns the values of a property.
func (n *treeNode) property(iri string) []treeValue {
	i, found := slices.BinarySearchFunc(n.properties, iri, func(p treeProperty, iri string) int { return strings.Compare(p.iri, iri) })
	if !found {
		return nil
	}
	return n.properties[i].values
}
