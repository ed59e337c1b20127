package turtle

import (
	"strings"

	"qlgraph/graph/rdf"
)

// appendTerm appends t in the shortest form that Turtle has for it.
func (n *names) appendTerm(b []byte, t rdf.Term) []byte {
	switch t.Kind() {
	case rdf.KindIRI:
		return n.appendIRI(b, t.Value())
	case rdf.KindLiteral:
		return n.appendLiteral(b, t)
	default:
		return rdf.AppendTerm(b, t)
	}
}

// appendVerb is appendTerm with rdf:type as "a".
func (n *names) appendVerb(b []byte, t rdf.Term) []byte {
	if t == rdfType {
		return append(b, 'a')
	}
	return n.appendTerm(b, t)
}

func (n *names) appendLiteral(b []byte, t rdf.Term) []byte {
	value := t.Value()
	if tag := t.Lang(); tag != "" {
		return append(append(appendString(b, value), '@'), tag...)
	}
	datatype := t.Datatype()
	switch {
	case datatype == rdf.XSDString:
		return appendString(b, value)
	case hasShorthand(value, datatype):
		return append(b, value...)
	}
	return n.appendIRI(append(appendString(b, value), "^^"...), datatype)
}

func appendIRIRef(b []byte, iri string) []byte { return rdf.AppendTerm(b, rdf.IRI(iri)) }

// hasShorthand reports whether value alone, without quotes, means the literal
// (productions BooleanLiteral and NumericLiteral).
func hasShorthand(value, datatype string) bool {
	switch datatype {
	case rdf.XSDBoolean:
		return value == "true" || value == "false"
	case rdf.XSDInteger:
		whole, rest := cutDigits(cutSign(value))
		return whole > 0 && rest == ""
	case rdf.XSDDecimal:
		_, rest := cutDigits(cutSign(value))
		fraction, rest := cutDigits(cutByte(rest, "."))
		return fraction > 0 && rest == "" && strings.Contains(value, ".")
	case rdf.XSDDouble:
		whole, rest := cutDigits(cutSign(value))
		fraction, rest := cutDigits(cutByte(rest, "."))
		exponent := cutByte(rest, "eE")
		digits, rest := cutDigits(cutSign(exponent))
		return whole+fraction > 0 && len(exponent) > 0 && digits > 0 && rest == "" && strings.ContainsAny(value, "eE")
	}
	return false
}

func cutSign(s string) string { return cutByte(s, "+-") }

// cutByte returns s without its first byte if that is one of set.
func cutByte(s, set string) string {
	if s != "" && strings.IndexByte(set, s[0]) >= 0 {
		return s[1:]
	}
	return s
}

// cutDigits returns how many digits s starts with, and what follows them.
func cutDigits(s string) (n int, rest string) {
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return n, s[n:]
}

// appendString appends s in quotes, tripled where it has more than one line.
func appendString(b []byte, s string) []byte {
	if strings.IndexByte(s, '\n') >= 0 {
		return append(appendEscaped(append(b, `"""`...), s, true), `"""`...)
	}
	return append(appendEscaped(append(b, '"'), s, false), '"')
}

// needsEscape marks the characters that are not written as they are: controls,
// the quote and the backslash.
var needsEscape = func() (table [256]bool) {
	for c := range ' ' {
		table[c] = true
	}
	table['"'], table['\\'], table[0x7F] = true, true, true
	return table
}()

// appendEscaped appends s with escapes. In a long string line ends stay, and
// quotes do too where they cannot be taken for the end.
func appendEscaped(b []byte, s string, long bool) []byte {
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !needsEscape[c] {
			continue
		}
		if long && (c == '\n' || c == '"' && i+1 < len(s) && s[i+1] != '"') {
			continue
		}
		b = appendEscape(append(b, s[start:i]...), c)
		start = i + 1
	}
	return append(b, s[start:]...)
}

func appendEscape(b []byte, c byte) []byte {
	switch c {
	case '\n':
		c = 'n'
	case '\r':
		c = 'r'
	case '\t':
		c = 't'
	case '"', '\\':
	default:
		const hex = "0123456789ABCDEF"
		return append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
	}
	return append(b, '\\', c)
}
