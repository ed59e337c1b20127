package graph

import "qlgraph/graph/rdf"

// ID names a term within one dataset. The zero ID is no term: a hole in a
// Pattern, an unbound variable, and as a Quad's graph the unnamed graph.
//
//	63..60  kind
//	59..0   dictionary number, or the inlined value (Inline, ID.InlinedTerm)
//
// IDs of one inlined kind sort as their values do (CompareInlined tells which
// are equal though spelled differently). IDs with different kinds,
// or from the dictionary, sort in no order that a query may rely on.
type ID uint64

// IDKind is the kind that the top four bits of an ID tell.
type IDKind uint8

// The kinds. Those from IDInteger to IDDateTime carry their value and need no
// dictionary; a literal that is spelled otherwise or whose value does not fit
// is an IDLiteral.
const (
	IDNone     IDKind = 0
	IDBlank    IDKind = 1
	IDIRI      IDKind = 2
	IDLiteral  IDKind = 3
	IDInteger  IDKind = 4
	IDDecimal  IDKind = 5
	IDDouble   IDKind = 6
	IDBoolean  IDKind = 7
	IDDate     IDKind = 8
	IDDateTime IDKind = 9
	// IDLocal is never stored: a query engine uses it for terms that it
	// computes and the dataset does not hold.
	IDLocal IDKind = 15
)

const (
	idKindShift      = 60
	idPayloadMask ID = 1<<idKindShift - 1
)

// MakeID returns the ID of the given kind and 60-bit payload.
func MakeID(k IDKind, payload uint64) ID {
	return ID(k)<<idKindShift | ID(payload)&idPayloadMask
}

// Kind tells the kind of the term that id names.
func (id ID) Kind() IDKind { return IDKind(id >> idKindShift) }

// Payload returns the lower 60 bits: the dictionary number or the inlined value.
func (id ID) Payload() uint64 { return uint64(id & idPayloadMask) }

// Inlined reports whether the ID itself carries the term's value.
func (id ID) Inlined() bool { k := id.Kind(); return k >= IDInteger && k <= IDDateTime }

// IsLiteral reports whether id names a literal. It cannot tell for IDLocal.
func (id ID) IsLiteral() bool { k := id.Kind(); return k >= IDLiteral && k <= IDDateTime }

// TermKind returns the kind of the term that id names, NoTerm for IDLocal.
func (id ID) TermKind() rdf.Kind {
	switch {
	case id.Kind() == IDBlank:
		return rdf.KindBlank
	case id.Kind() == IDIRI:
		return rdf.KindIRI
	case id.IsLiteral():
		return rdf.KindLiteral
	}
	return rdf.NoTerm
}
