package results

import (
	"unicode/utf8"

	"qlgraph/graph/rdf"
)

// xmlSyntax is SPARQL Query Results XML Format.
type xmlSyntax struct {
	names [][]byte // `<binding name="…">` per variable
}

const (
	xmlNamespace = "http://www.w3.org/2005/sparql-results#"
	xmlStart     = `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<sparql xmlns="` + xmlNamespace + `"><head>`
)

func (x *xmlSyntax) start(b []byte, vars []string) []byte {
	b = append(b, xmlStart...)
	for _, v := range vars {
		b = append(appendXMLText(append(b, `<variable name="`...), v), `"/>`...)
		x.names = append(x.names, append(appendXMLText([]byte(`<binding name="`), v), `">`...))
	}
	return append(b, "</head><results>"...)
}

func (x *xmlSyntax) row(b []byte, _ []string, row []rdf.Term) []byte {
	b = append(b, "\n<result>"...)
	for i, t := range row {
		if !t.IsZero() {
			b = append(appendXMLTerm(append(b, x.names[i]...), t), "</binding>"...)
		}
	}
	return append(b, "</result>"...)
}

func (x *xmlSyntax) end(b []byte) []byte { return append(b, "\n</results></sparql>\n"...) }

func (x *xmlSyntax) boolean(b []byte, truth bool) []byte {
	b = append(append(b, xmlStart...), "</head><boolean>"...)
	return append(appendBool(b, truth), "</boolean></sparql>\n"...)
}

func appendXMLTerm(b []byte, t rdf.Term) []byte {
	switch t.Kind() {
	case rdf.KindIRI:
		return append(appendXMLText(append(b, "<uri>"...), t.Value()), "</uri>"...)
	case rdf.KindBlank:
		return append(appendXMLText(append(b, "<bnode>"...), t.Value()), "</bnode>"...)
	}
	b = append(b, "<literal"...)
	if lang := t.Lang(); lang != "" {
		b = append(appendXMLText(append(b, ` xml:lang="`...), lang), '"')
	} else if datatype := t.Datatype(); datatype != rdf.XSDString {
		b = append(appendXMLText(append(b, ` datatype="`...), datatype), '"')
	}
	b = append(b, '>')
	return append(appendXMLText(b, t.Value()), "</literal>"...)
}

// appendXMLText writes character data or an attribute's value. Line ends and
// tabs are written as references, which no parser normalises. Characters that
// XML 1.0 cannot hold at all become U+FFFD.
func appendXMLText(b []byte, s string) []byte {
	start := 0
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		if escape := xmlEscape(r, size); escape != "" {
			b = append(append(b, s[start:i]...), escape...)
			start = i + size
		}
		i += size
	}
	return append(b, s[start:]...)
}

// xmlEscape returns what is written for r, "" for r itself.
func xmlEscape(r rune, size int) string {
	switch {
	case r == '<':
		return "&lt;"
	case r == '>':
		return "&gt;"
	case r == '&':
		return "&amp;"
	case r == '"':
		return "&quot;"
	case r == '\n':
		return "&#10;"
	case r == '\r':
		return "&#13;"
	case r == '\t':
		return "&#9;"
	case r < ' ', r == 0xFFFE, r == 0xFFFF, r == utf8.RuneError && size == 1:
		return "\uFFFD"
	}
	return ""
}
