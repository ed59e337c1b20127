package resource

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"qlgraph/graph/rdf"
)

// tableHeader names the columns of the document as a table: a row per
// statement, so that a spreadsheet or data frame can filter it.
var tableHeader = []string{"subject", "property", "value", "kind", "datatype", "language", "label"}

// writeTable writes the statements as CSV (RFC 4180). kind is iri, literal or
// blank; label is the name of a value that is an IRI, where the document has
// one, in English by preference.
func writeTable(w io.Writer, quads []rdf.Quad) error {
	names := map[rdf.Term]rdf.Term{}
	for _, q := range quads {
		if !q.O.IsLiteral() || !isLabelling(q.P.Value()) {
			continue
		}
		if known, found := names[q.S]; !found || known.Lang() != "en" && q.O.Lang() == "en" {
			names[q.S] = q.O
		}
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(tableHeader); err != nil {
		return err
	}
	for _, q := range quads {
		row := []string{nodeName(q.S), q.P.Value(), nodeName(q.O), "iri", "", "", ""}
		switch {
		case q.O.IsLiteral():
			row[2], row[3], row[4], row[5] = harmless(q.O.Value()), "literal", q.O.Datatype(), q.O.Lang()
		case q.O.IsBlank():
			row[3] = "blank"
		default:
			row[6] = harmless(names[q.O].Value())
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func nodeName(t rdf.Term) string {
	if t.IsBlank() {
		return "_:" + t.Value()
	}
	return t.Value()
}

// harmless puts an apostrophe before what a spreadsheet would run as a formula;
// numbers stay as they are.
func harmless(s string) string {
	if s == "" || !strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return s
	}
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		return s
	}
	return "'" + s
}
