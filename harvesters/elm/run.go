package elm

import (
	"encoding/binary"

	"qlgraph/graph/rdf"
)

// A run of triples of one subject is written as the subject and pairs of a
// predicate and an object. A predicate is its number, or 0 and a term where the
// file has too many; a term is its form, the length of its text, the text, and
// for typed and tagged literals the same of datatype or tag.

// maxPredicates bounds the table of predicates; a file uses some dozens.
const maxPredicates = 1 << 14

const (
	formIRI byte = iota
	formBlank
	formString
	formTyped
	formLang
)

func appendPair(b []byte, p uint32, q rdf.Quad) []byte {
	b = binary.AppendUvarint(b, uint64(p))
	if p == 0 {
		b = appendTerm(b, q.P)
	}
	return appendTerm(b, q.O)
}

func appendTerm(b []byte, t rdf.Term) []byte {
	form, qualifier := formString, ""
	switch {
	case t.IsIRI():
		form = formIRI
	case t.IsBlank():
		form = formBlank
	case t.Lang() != "":
		form, qualifier = formLang, t.Lang()
	case t.Datatype() != rdf.XSDString:
		form, qualifier = formTyped, t.Datatype()
	}
	b = appendText(append(b, form), t.Value())
	if form >= formTyped {
		b = appendText(b, qualifier)
	}
	return b
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// readRun appends the triples of a run, which the graph itself has written.
func (g *graph) readRun(triples []pair, text string) (rdf.Term, []pair) {
	r := runReader{text}
	subject := r.term()
	for r.rest != "" {
		var t pair
		if p := r.uvarint(); p > 0 {
			t.p = g.names[p-1]
		} else {
			t.p = r.term()
		}
		t.o = r.term()
		triples = append(triples, t)
	}
	return subject, triples
}

type runReader struct{ rest string }

func (r *runReader) uvarint() (n uint64) {
	for shift := 0; ; shift += 7 {
		b := r.rest[0]
		r.rest = r.rest[1:]
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
	}
}

func (r *runReader) text() string {
	n := r.uvarint()
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}

func (r *runReader) term() rdf.Term {
	form := r.rest[0]
	r.rest = r.rest[1:]
	value := r.text()
	switch form {
	case formIRI:
		return rdf.IRI(value)
	case formBlank:
		return rdf.Blank(value)
	case formTyped:
		return rdf.TypedLiteral(value, r.text())
	case formLang:
		return rdf.LangLiteral(value, r.text())
	}
	return rdf.Literal(value)
}
