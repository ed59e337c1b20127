package results_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"qlgraph/graph/rdf"
	"qlgraph/internal/w3ctest"
	"qlgraph/sparql/results"
)

// The expected results of the W3C suites are documents that have to be read,
// and to survive being written in each format that loses nothing. The queries
// themselves are evaluated by the tests of package sparql.

func TestW3CJSONResults(t *testing.T) {
	w3ctest.Suite{
		Manifest: "sparql/sparql11/json-res/manifest.ttl",
		Entries:  4, Passes: 4,
	}.Run(t, readAndRewrite)
}

func TestW3CCSVAndTSVResults(t *testing.T) {
	w3ctest.Suite{
		Manifest: "sparql/sparql11/csv-tsv-res/manifest.ttl",
		Entries:  6, Passes: 6,
	}.Run(t, readAndRewrite)
}

func readAndRewrite(e w3ctest.Entry) error {
	document, err := e.Read(e.Result)
	if err != nil {
		return err
	}
	name := e.Result.Value()
	f, ok := results.FormatOf(name[strings.LastIndexByte(name, '.')+1:])
	if !ok {
		return fmt.Errorf("%s is in no format", name)
	}
	r, rows, err := read(document, f)
	if err != nil {
		return err
	}
	if !r.Boolean && (len(rows) == 0 || len(r.Vars) == 0) {
		return fmt.Errorf("%d rows of %v", len(rows), r.Vars)
	}
	for _, again := range []results.Format{results.JSON, results.XML, results.TSV} {
		var b bytes.Buffer
		if r.Boolean {
			err = results.WriteBoolean(&b, again, r.Bool)
		} else {
			err = results.Write(&b, again, r.Vars, rowsOf(rows))
		}
		if err != nil {
			return err
		}
		r2, rows2, err := read(b.Bytes(), again)
		if err != nil {
			return fmt.Errorf("written as %s: %w", again, err)
		}
		if r2.Boolean != r.Boolean || r2.Bool != r.Bool || !slices.Equal(r2.Vars, r.Vars) || !slices.EqualFunc(rows, rows2, slices.Equal) {
			return fmt.Errorf("written as %s it comes back as %v", again, rows2)
		}
	}
	return nil
}

func read(document []byte, f results.Format) (*results.Result, [][]rdf.Term, error) {
	r, err := results.Decode(bytes.NewReader(document), f)
	if err != nil {
		return nil, nil, err
	}
	var rows [][]rdf.Term
	for row, err := range r.Rows() {
		if err != nil {
			return nil, nil, err
		}
		rows = append(rows, slices.Clone(row))
	}
	return r, rows, nil
}
