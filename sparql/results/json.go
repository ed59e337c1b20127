package results

import (
	"unicode/utf8"

	"qlgraph/graph/rdf"
)

// jsonSyntax is SPARQL 1.1 Query Results JSON Format.
type jsonSyntax struct {
	rows  bool
	names [][]byte // `"name":` per variable
}

func (j *jsonSyntax) start(b []byte, vars []string) []byte {
	b = append(b, `{"head":{"vars":[`...)
	for i, v := range vars {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendJSONString(b, v)
		j.names = append(j.names, append(appendJSONString(nil, v), ':'))
	}
	return append(b, `]},"results":{"bindings":[`...)
}

func (j *jsonSyntax) row(b []byte, _ []string, row []rdf.Term) []byte {
	if j.rows {
		b = append(b, ',')
	}
	j.rows = true
	b = append(b, '\n', '{')
	bound := false
	for i, t := range row {
		if t.IsZero() {
			continue
		}
		if bound {
			b = append(b, ',')
		}
		bound = true
		b = appendJSONTerm(append(b, j.names[i]...), t)
	}
	return append(b, '}')
}

func (j *jsonSyntax) end(b []byte) []byte { return append(b, "\n]}}\n"...) }

func (j *jsonSyntax) boolean(b []byte, truth bool) []byte {
	return append(appendBool(append(b, `{"head":{},"boolean":`...), truth), "}\n"...)
}

func appendJSONTerm(b []byte, t rdf.Term) []byte {
	switch t.Kind() {
	case rdf.KindIRI:
		b = append(b, `{"type":"uri","value":`...)
	case rdf.KindBlank:
		b = append(b, `{"type":"bnode","value":`...)
	default:
		b = append(b, `{"type":"literal","value":`...)
	}
	b = appendJSONString(b, t.Value())
	if lang := t.Lang(); lang != "" {
		b = appendJSONString(append(b, `,"xml:lang":`...), lang)
	} else if datatype := t.Datatype(); datatype != "" && datatype != rdf.XSDString {
		b = appendJSONString(append(b, `,"datatype":`...), datatype)
	}
	return append(b, '}')
}

// appendJSONString writes a JSON string; what is not UTF-8 becomes U+FFFD.
func appendJSONString(b []byte, s string) []byte {
	const hexDigits = "0123456789abcdef"
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				b = append(append(b, s[start:i]...), "\uFFFD"...)
				start = i + 1
			}
			i += size
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		b = append(b, s[start:i]...)
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		start = i
	}
	return append(append(b, s[start:]...), '"')
}
