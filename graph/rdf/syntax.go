package rdf

import "fmt"

// SyntaxError is what every reader of an RDF syntax returns for a document
// that does not conform. Line and Column start at 1; Column counts Unicode code
// points, as editors do. Msg says what was expected, or which limit the
// document exceeds.
type SyntaxError struct {
	Line, Column int
	Msg          string
}

// Error returns "line:column: message".
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Msg)
}

// Limits bounds what a reader accepts of one document, so that a hostile one
// ends in a SyntaxError instead of in exhausted memory. A zero field means its
// default.
type Limits struct {
	// Depth is how many nested structures may be open: blank node property
	// lists, collections, XML elements.
	Depth int
	// Literal is the longest literal, in bytes as written.
	Literal int
	// IRI is the longest IRI or name, in bytes as written and as resolved.
	IRI int
	// Prefixes is how many prefixes may be declared.
	Prefixes int
}

// The default limits. Real documents stay far below each of them.
const (
	// DefaultDepth is ten times what serialisers of deep lists write, and still
	// small enough for consumers that recurse.
	DefaultDepth = 1_000
	// DefaultLiteral leaves room for a boundary as WKT or an embedded image.
	DefaultLiteral = 16 << 20
	// DefaultIRI leaves room for data: IRIs; servers stop at 8 KiB.
	DefaultIRI = 64 << 10
	// DefaultPrefixes is a hundred times the size of the usual prefix tables.
	DefaultPrefixes = 100_000
)

// OrDefault returns l with each zero field replaced by its default.
func (l Limits) OrDefault() Limits {
	set := func(field *int, value int) {
		if *field <= 0 {
			*field = value
		}
	}
	set(&l.Depth, DefaultDepth)
	set(&l.Literal, DefaultLiteral)
	set(&l.IRI, DefaultIRI)
	set(&l.Prefixes, DefaultPrefixes)
	return l
}
