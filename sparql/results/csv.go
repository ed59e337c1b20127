package results

import (
	"strings"

	"qlgraph/graph/rdf"
)

// csvSyntax is the CSV of SPARQL 1.1 Query Results CSV and TSV Formats §3: RFC
// 4180 with the plain text of terms.
type csvSyntax struct{}

func (csvSyntax) start(b []byte, vars []string) []byte {
	for i, v := range vars {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendCSVField(b, v)
	}
	return append(b, '\r', '\n')
}

func (csvSyntax) row(b []byte, vars []string, row []rdf.Term) []byte {
	for i, t := range row {
		if i > 0 {
			b = append(b, ',')
		}
		switch {
		case t.IsBlank():
			b = appendCSVField(append(b, "_:"...), t.Value())
		case len(vars) == 1 && t.IsLiteral() && t.Value() == "":
			b = append(b, `""`...) // an empty line would read as no record
		default:
			b = appendCSVField(b, t.Value())
		}
	}
	return append(b, '\r', '\n')
}

func (csvSyntax) end(b []byte) []byte { return b }

func (csvSyntax) boolean(b []byte, truth bool) []byte {
	return append(appendBool(b, truth), '\r', '\n')
}

func appendCSVField(b []byte, s string) []byte {
	if !strings.ContainsAny(s, "\",\r\n") {
		return append(b, s...)
	}
	b = append(b, '"')
	for {
		i := strings.IndexByte(s, '"')
		if i < 0 {
			return append(append(b, s...), '"')
		}
		b = append(append(b, s[:i]...), '"', '"')
		s = s[i+1:]
	}
}

// tsvSyntax is the TSV of the same specification §4: terms as SPARQL writes
// them.
type tsvSyntax struct{}

func (tsvSyntax) start(b []byte, vars []string) []byte {
	for i, v := range vars {
		if i > 0 {
			b = append(b, '\t')
		}
		b = append(append(b, '?'), v...)
	}
	return append(b, '\n')
}

func (tsvSyntax) row(b []byte, _ []string, row []rdf.Term) []byte {
	for i, t := range row {
		if i > 0 {
			b = append(b, '\t')
		}
		b = appendTSVTerm(b, t)
	}
	return append(b, '\n')
}

func (tsvSyntax) end(b []byte) []byte { return b }

func (tsvSyntax) boolean(b []byte, truth bool) []byte { return append(appendBool(b, truth), '\n') }

// appendTSVTerm writes numbers without quotes where SPARQL's grammar reads them
// back as they are. A tab cannot occur within a field, so it is escaped.
func appendTSVTerm(b []byte, t rdf.Term) []byte {
	if t.IsLiteral() && bareNumber(t) {
		return append(b, t.Value()...)
	}
	if !strings.Contains(t.Value(), "\t") || !t.IsLiteral() {
		return rdf.AppendTerm(b, t)
	}
	start := len(b)
	b = rdf.AppendTerm(b, t)
	escaped := strings.ReplaceAll(string(b[start:]), "\t", `\t`)
	return append(b[:start], escaped...)
}

// bareNumber reports whether the lexical form of t is an INTEGER, DECIMAL or
// DOUBLE of SPARQL 1.1 §19.8 [146] to [148] with at most a minus before it.
func bareNumber(t rdf.Term) bool {
	switch t.Datatype() {
	case rdf.XSDInteger, rdf.XSDDecimal, rdf.XSDDouble:
	default:
		return false
	}
	datatype, ok := numberSyntax(t.Value())
	return ok && datatype == t.Datatype()
}

// numberSyntax returns the datatype of an unquoted number.
func numberSyntax(s string) (datatype string, ok bool) {
	mantissa, exponent, double := s, "", false
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		mantissa, exponent, double = s[:i], strings.TrimLeft(s[i+1:], "+-"), true
		if len(s[i+1:])-len(exponent) > 1 || !allDigits(exponent) {
			return "", false
		}
	}
	unsigned := strings.TrimPrefix(mantissa, "-")
	if unsigned == mantissa {
		unsigned = strings.TrimPrefix(mantissa, "+")
	}
	whole, fraction, point := strings.Cut(unsigned, ".")
	switch {
	case whole != "" && !allDigits(whole), fraction != "" && !allDigits(fraction), whole+fraction == "":
		return "", false
	case double:
		return rdf.XSDDouble, true
	case point && fraction != "":
		return rdf.XSDDecimal, true
	case !point:
		return rdf.XSDInteger, true
	}
	return "", false
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
