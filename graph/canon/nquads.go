package canon

import (
	"fmt"
	"strings"

	"qlgraph/graph/rdf"
)

// appendQuad appends q as a line of canonical N-Quads, with the blank nodes
// labelled by relabel. RDFC-1.0 appendix A asks for more escapes in literals
// than canonical N-Triples of RDF 1.1 does, hence not rdf.AppendQuad.
func appendQuad(b []byte, q rdf.Quad, relabel func(string) string) []byte {
	for _, t := range [...]rdf.Term{q.S, q.P, q.O, q.G} {
		switch {
		case t.IsZero():
			continue
		case t.IsBlank():
			b = append(append(b, "_:"...), relabel(t.Value())...)
		case t.IsLiteral():
			b = appendLiteral(b, t)
		default:
			b = rdf.AppendTerm(b, t)
		}
		b = append(b, ' ')
	}
	return append(b, ".\n"...)
}

func appendLiteral(b []byte, t rdf.Term) []byte {
	b = append(b, '"')
	lexical := t.Value()
	start := 0
	for i := 0; i < len(lexical); i++ {
		escape, size := escapeAt(lexical, i)
		if size == 0 {
			continue
		}
		b = append(append(b, lexical[start:i]...), escape...)
		i += size - 1
		start = i + 1
	}
	b = append(append(b, lexical[start:]...), '"')
	if lang := t.Lang(); lang != "" {
		return append(append(b, '@'), lang...)
	}
	if dt := t.Datatype(); dt != rdf.XSDString {
		return rdf.AppendTerm(append(b, "^^"...), rdf.IRI(dt))
	}
	return b
}

// escapeAt returns the escape for the character at s[i:] and how many bytes it
// stands for, or 0 where the character stands for itself: the seven ECHARs,
// and UCHARs for other controls and for what is no Char of XML 1.1.
func escapeAt(s string, i int) (escape string, size int) {
	c := s[i]
	switch {
	case c == 0xEF && strings.HasPrefix(s[i:], "\uFFFE"):
		return `\uFFFE`, 3
	case c == 0xEF && strings.HasPrefix(s[i:], "\uFFFF"):
		return `\uFFFF`, 3
	case c >= ' ' && c != '"' && c != '\\' && c != 0x7F:
		return "", 0
	}
	if k := strings.IndexByte("\b\t\n\f\r\"\\", c); k >= 0 {
		return `\b\t\n\f\r\"\\`[2*k : 2*k+2], 1
	}
	return fmt.Sprintf(`\u%04X`, c), 1
}
