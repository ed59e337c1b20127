package rdfxml

import "qlgraph/graph/rdf"

// Options sets how a Decoder reads. The zero value reads without a base IRI.
type Options struct {
	// Base is the IRI against which relative IRIs are resolved where no
	// xml:base is in scope: that of the document.
	Base string
	// LabelPrefix is put before each blank node label, so that the labels of
	// several documents stay apart.
	LabelPrefix string
	// AnyIRI accepts IRIs that have a scheme and no character that N-Triples
	// forbids, without further checks by RFC 3987.
	AnyIRI bool
	Limits rdf.Limits
}

// Limits that are particular to XML, beside those of rdf.Limits. No generator
// comes near them; each stops an attack that is known by name.
const (
	// maxEntities is how many entities a document may declare.
	maxEntities = 100
	// maxExpansion is how many bytes entities may expand to in the whole
	// document ("quadratic blowup"). Entities do not nest ("billion laughs").
	maxExpansion = 1 << 20
	// maxDoctype is how long a document type declaration may be, in bytes.
	maxDoctype = 1 << 20
	// maxAttributes is how many attributes an element may have. They are
	// compared with one another, so the cost is quadratic.
	maxAttributes = 256
	// maxNamespaces is how many namespace declarations may be in scope.
	maxNamespaces = 1000
	// maxIDs is how many rdf:ID values are remembered to find those used
	// twice. Later ones are accepted unchecked: memory must not follow the
	// length of the document.
	maxIDs = 1 << 20
)
