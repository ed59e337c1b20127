package rdf

import (
	"cmp"
	"strings"
)

// Kind tells what a Term is.
type Kind uint8

// The kinds of terms, in the order in which Compare sorts them
// (SPARQL 1.1 §15.1: no value, blank nodes, IRIs, literals).
const (
	NoTerm Kind = iota
	KindBlank
	KindIRI
	KindLiteral
)

// Term is an IRI, a blank node, a literal, or (the zero value) no term.
// Terms are immutable and comparable.
type Term struct {
	value     string // IRI, blank node label or lexical form
	qualifier string // datatype IRI, or the language tag of a langString
	form      form
}

// form refines Kind by what the qualifier means. xsd:string literals have no
// qualifier, so that the commonest literal is also the smallest.
type form uint8

const (
	formNone form = iota
	formBlank
	formIRI
	formString
	formTyped
	formLang
)

// IRI returns the IRI term with the given absolute IRI, which is not checked.
func IRI(iri string) Term { return Term{value: iri, form: formIRI} }

// Blank returns the blank node with the given label, without the leading "_:".
// Labels are scoped to a document or dataset; the caller keeps them apart.
func Blank(label string) Term { return Term{value: label, form: formBlank} }

// Literal returns the xsd:string literal with the given lexical form.
func Literal(lexical string) Term { return Term{value: lexical, form: formString} }

// TypedLiteral returns the literal with the given lexical form and datatype
// IRI. An empty datatype means xsd:string (RDF 1.1 Concepts §3.3).
func TypedLiteral(lexical, datatype string) Term {
	if datatype == "" || datatype == XSDString {
		return Literal(lexical)
	}
	return Term{value: lexical, qualifier: datatype, form: formTyped}
}

// LangLiteral returns the rdf:langString literal with the given language tag,
// kept as written. An empty tag means xsd:string.
func LangLiteral(lexical, tag string) Term {
	if tag == "" {
		return Literal(lexical)
	}
	return Term{value: lexical, qualifier: tag, form: formLang}
}

// Kind tells what t is.
func (t Term) Kind() Kind {
	switch t.form {
	case formNone:
		return NoTerm
	case formBlank:
		return KindBlank
	case formIRI:
		return KindIRI
	default:
		return KindLiteral
	}
}

// IsZero reports whether t is no term.
func (t Term) IsZero() bool { return t.form == formNone }

// IsIRI reports whether t is an IRI.
func (t Term) IsIRI() bool { return t.form == formIRI }

// IsBlank reports whether t is a blank node.
func (t Term) IsBlank() bool { return t.form == formBlank }

// IsLiteral reports whether t is a literal.
func (t Term) IsLiteral() bool { return t.form >= formString }

// Value returns the IRI, the blank node's label, or the literal's lexical form.
func (t Term) Value() string { return t.value }

// Datatype returns a literal's datatype IRI, and "" for other terms.
func (t Term) Datatype() string {
	switch t.form {
	case formString:
		return XSDString
	case formTyped:
		return t.qualifier
	case formLang:
		return RDFLangString
	default:
		return ""
	}
}

// Lang returns the language tag of an rdf:langString literal as it was
// written, and "" for other terms.
func (t Term) Lang() string {
	if t.form == formLang {
		return t.qualifier
	}
	return ""
}

// Compare orders terms totally: by kind, then by value, datatype and language
// tag in code-point order. It is the order of deterministic output, not the
// value order of SPARQL's ORDER BY.
func Compare(a, b Term) int {
	if c := cmp.Compare(a.Kind(), b.Kind()); c != 0 {
		return c
	}
	if c := strings.Compare(a.value, b.value); c != 0 {
		return c
	}
	if c := strings.Compare(a.Datatype(), b.Datatype()); c != 0 {
		return c
	}
	return strings.Compare(a.Lang(), b.Lang())
}

// String returns t in N-Triples syntax; the zero Term gives "".
func (t Term) String() string { return string(AppendTerm(nil, t)) }

// AppendTerm appends t in canonical N-Triples syntax (RDF 1.1 N-Triples §4).
func AppendTerm(b []byte, t Term) []byte {
	switch t.form {
	case formNone:
		return b
	case formBlank:
		return append(append(b, "_:"...), t.value...)
	case formIRI:
		return appendIRI(b, t.value)
	}
	b = appendQuoted(b, t.value)
	switch t.form {
	case formTyped:
		return appendIRI(append(b, "^^"...), t.qualifier)
	case formLang:
		return append(append(b, '@'), t.qualifier...)
	}
	return b
}

// The characters that cannot stand as they are: in an IRIREF those that the
// production forbids (N-Triples §7), in a literal the four that canonical
// N-Triples escapes.
var (
	iriEscapes   = escapes("\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\v\f\r\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f <>\"{}|^`\\")
	quoteEscapes = escapes("\"\\\n\r")
)

func escapes(chars string) (table [256]bool) {
	for i := range len(chars) {
		table[chars[i]] = true
	}
	return table
}

// appendIRI writes an IRIREF; forbidden characters are written as UCHAR.
func appendIRI(b []byte, iri string) []byte {
	b = append(b, '<')
	start := 0
	for i := 0; i < len(iri); i++ {
		if c := iri[i]; iriEscapes[c] {
			b = append(b, iri[start:i]...)
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
			start = i + 1
		}
	}
	return append(append(b, iri[start:]...), '>')
}

const hexDigits = "0123456789ABCDEF"

// appendQuoted writes a STRING_LITERAL_QUOTE.
func appendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !quoteEscapes[c] {
			continue
		}
		switch c {
		case '\n':
			c = 'n'
		case '\r':
			c = 'r'
		}
		b = append(b, s[start:i]...)
		b = append(b, '\\', c)
		start = i + 1
	}
	return append(append(b, s[start:]...), '"')
}
