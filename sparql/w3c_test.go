package sparql_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"qlgraph/graph"
	"qlgraph/graph/canon"
	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
	"qlgraph/graph/store"
	"qlgraph/graph/xsd"
	"qlgraph/internal/w3ctest"
	"qlgraph/sparql"
	"qlgraph/sparql/results"
)

// notOurs tells the entries of entailment regimes and of federation, which
// needs endpoints on the network.
func notOurs(e w3ctest.Entry) bool {
	return strings.Contains(e.IRI(), "/entailment/") || strings.Contains(e.IRI(), "/service/")
}

// setting is a way to run the suites.
type setting struct {
	unoptimized bool
	open        func([]rdf.Quad) (graph.Writer, error)
}

func inMemory(quads []rdf.Quad) (graph.Writer, error) { return mem.FromQuads(quads...), nil }

// onDisk returns an opener of stores in directories of t, which it closes.
func onDisk(t *testing.T) func([]rdf.Quad) (graph.Writer, error) {
	n := 0
	return func(quads []rdf.Quad) (graph.Writer, error) {
		n++
		s, err := store.Open(filepath.Join(t.TempDir(), strconv.Itoa(n)), store.Options{NoSync: true, InitialMmapSize: 1 << 24})
		if err != nil {
			return nil, err
		}
		t.Cleanup(func() { s.Close() })
		_, err = s.Update(context.Background(), func(tx graph.Tx) error { return tx.Insert(quads...) })
		return s, err
	}
}

// settings are those in which the query tests run.
func settings(t *testing.T) map[string]setting {
	return map[string]setting{
		"optimized":    {false, inMemory},
		"as written":   {true, inMemory},
		"on the store": {false, onDisk(t)},
	}
}

// TestW3CQuery runs the query evaluation tests, with the optimizer and without,
// in memory and on disk.
func TestW3CQuery(t *testing.T) {
	for name, how := range settings(t) {
		t.Run(name, func(t *testing.T) {
			w3ctest.Suite{
				Manifest: "sparql/sparql11/manifest-all.ttl",
				Select: func(e w3ctest.Entry) bool {
					return e.Type == w3ctest.MF+"QueryEvaluationTest" && !notOurs(e)
				},
				Entries: 232,
				Passes:  232,
			}.Run(t, func(e w3ctest.Entry) error { return evaluate(e, how) })
		})
	}
}

// TestW3CCSV runs the tests of the CSV results format. CSV does not tell kinds
// of terms apart, so what is compared is the text.
func TestW3CCSV(t *testing.T) {
	w3ctest.Suite{
		Manifest: "sparql/sparql11/manifest-all.ttl",
		Select:   func(e w3ctest.Entry) bool { return e.Type == w3ctest.MF+"CSVResultFormatTest" },
		Entries:  3,
		Passes:   3,
	}.Run(t, func(e w3ctest.Entry) error { return evaluate(e, setting{open: inMemory}) })
}

func evaluate(e w3ctest.Entry, how setting) error {
	quads, err := dataset(e, e.Action, w3ctest.QT+"data", w3ctest.QT+"graphData")
	if err != nil {
		return err
	}
	data, err := how.open(quads)
	if err != nil {
		return err
	}
	queryIRI := e.Object(e.Action, w3ctest.QT+"query")
	text, err := e.Read(queryIRI)
	if err != nil {
		return err
	}
	engine := sparql.New(data, sparql.Options{BaseIRI: queryIRI.Value(), Unoptimized: how.unoptimized})
	q, err := engine.Parse(string(text))
	if err != nil {
		return err
	}
	res, err := engine.Query(context.Background(), q, sparql.Params{})
	if err != nil {
		return err
	}
	defer res.Close()
	got, err := answer(res)
	if err != nil {
		return err
	}
	return compare(e, got, strings.Contains(strings.ToUpper(string(text)), "ORDER BY"))
}

// result is an answer in a form that can be compared: rows, a truth value, or a
// graph.
type result struct {
	vars  []string
	rows  [][]rdf.Term
	truth bool
	quads []rdf.Quad
}

func answer(res *sparql.Result) (result, error) {
	r := result{vars: res.Vars, truth: res.Bool}
	switch res.Form {
	case sparql.Select:
		for row, err := range res.Rows() {
			if err != nil {
				return r, err
			}
			r.rows = append(r.rows, append([]rdf.Term(nil), row...))
		}
	case sparql.Construct, sparql.Describe:
		for q, err := range res.Quads() {
			if err != nil {
				return r, err
			}
			r.quads = append(r.quads, q)
		}
	}
	return r, nil
}

// compare compares got with the expected result of e.
func compare(e w3ctest.Entry, got result, ordered bool) error {
	file, err := e.Read(e.Result)
	if err != nil {
		return err
	}
	name := e.Result.Value()
	format, ok := results.FormatOf(extensions[name[strings.LastIndexByte(name, '.')+1:]])
	if !ok {
		return compareGraph(e, got, ordered)
	}
	doc, err := results.Decode(bytes.NewReader(file), format)
	if err != nil {
		return err
	}
	if doc.Boolean {
		if doc.Bool != got.truth {
			return fmt.Errorf("got %v", got.truth)
		}
		return nil
	}
	want := result{vars: doc.Vars}
	for row, err := range doc.Rows() {
		if err != nil {
			return err
		}
		want.rows = append(want.rows, append([]rdf.Term(nil), row...))
	}
	if format == results.CSV {
		plain(got.rows)
	}
	return sameRows(got, want, ordered)
}

var extensions = map[string]string{"srx": "xml", "srj": "json", "csv": "csv", "tsv": "tsv"}

// plain makes every term what CSV shows of it.
func plain(rows [][]rdf.Term) {
	for _, row := range rows {
		for i, t := range row {
			switch {
			case t.IsBlank(): // the tests have one blank node, _:a
				row[i] = rdf.Literal("_:a")
			case !t.IsZero():
				row[i] = rdf.Literal(t.Value())
			}
		}
	}
}

// sameRows compares rows as graphs, so that blank nodes may have other labels.
func sameRows(got, want result, ordered bool) error {
	if fmt.Sprint(got.vars) != fmt.Sprint(want.vars) && !sameSet(got.vars, want.vars) {
		return fmt.Errorf("got the variables %v, want %v", got.vars, want.vars)
	}
	equal, err := canon.Isomorphic(asGraph(got, ordered), asGraph(want, ordered))
	if err != nil {
		return err
	}
	if !equal {
		return fmt.Errorf("got\n%swant\n%s", show(got), show(want))
	}
	return nil
}

func sameSet(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for _, x := range a {
		if !strings.Contains(" "+strings.Join(b, " ")+" ", " "+x+" ") {
			return false
		}
	}
	return true
}

func asGraph(r result, ordered bool) []rdf.Quad {
	var list []rdf.Quad
	for n, row := range r.rows {
		node := rdf.Blank("row" + strconv.Itoa(n))
		list = append(list, rdf.Triple(node, rdf.IRI("x:a"), rdf.IRI("x:Row")))
		if ordered {
			list = append(list, rdf.Triple(node, rdf.IRI("x:n"), rdf.Literal(strconv.Itoa(n))))
		}
		for i, t := range row {
			if t.IsBlank() {
				t = rdf.Blank("v" + t.Value())
			}
			t = canonical(t)
			if !t.IsZero() {
				list = append(list, rdf.Triple(node, rdf.IRI("x:"+r.vars[i]), t))
			}
		}
	}
	return list
}

// canonical gives a number its canonical form: the suites write "2.0" and "2"
// for the same xsd:decimal, and which one is not what they test. Language tags
// differ in case likewise (RDF 1.1 Concepts §3.3).
func canonical(t rdf.Term) rdf.Term {
	if v, ok := xsd.Parse(t.Value(), t.Datatype()); ok && v.Type().IsNumeric() {
		return rdf.TypedLiteral(v.String(), t.Datatype())
	}
	if t.Lang() != "" {
		return rdf.LangLiteral(t.Value(), strings.ToLower(t.Lang()))
	}
	return t
}

func show(r result) string {
	var b strings.Builder
	for _, row := range r.rows {
		fmt.Fprintln(&b, row)
	}
	for _, q := range r.quads {
		fmt.Fprintln(&b, q)
	}
	return b.String()
}

// compareGraph compares with an RDF file: the answer to a CONSTRUCT, or rows in
// the result set vocabulary.
func compareGraph(e w3ctest.Entry, got result, ordered bool) error {
	want, err := read(e, e.Result, rdf.Term{})
	if err != nil {
		return err
	}
	if got.vars != nil {
		return sameRows(got, resultSet(want), ordered)
	}
	equal, err := canon.Isomorphic(got.quads, want)
	if err != nil {
		return err
	}
	if !equal {
		return fmt.Errorf("got\n%swant\n%s", show(got), show(result{quads: want}))
	}
	return nil
}

const rs = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"

// resultSet reads rows in the result set vocabulary.
func resultSet(quads []rdf.Quad) result {
	objects := func(s rdf.Term, p string) (list []rdf.Term) {
		for _, q := range quads {
			if q.S == s && q.P.Value() == rs+p {
				list = append(list, q.O)
			}
		}
		return list
	}
	var r result
	place := map[string]int{}
	for _, q := range quads {
		if q.P.Value() == rs+"resultVariable" {
			place[q.O.Value()] = len(r.vars)
			r.vars = append(r.vars, q.O.Value())
		}
	}
	for _, q := range quads {
		if q.P.Value() != rs+"solution" {
			continue
		}
		row := make([]rdf.Term, len(r.vars))
		for _, b := range objects(q.O, "binding") {
			row[place[objects(b, "variable")[0].Value()]] = objects(b, "value")[0]
		}
		r.rows = append(r.rows, row)
	}
	return r
}

// read reads an RDF file into the graph g.
func read(e w3ctest.Entry, file, g rdf.Term) ([]rdf.Quad, error) {
	text, err := e.Read(file)
	if err != nil {
		return nil, err
	}
	format, _ := rdfio.ByPath(file.Value())
	if format == 0 {
		return nil, errors.New("unknown ending of " + file.Value())
	}
	dec, err := rdfio.NewDecoder(bytes.NewReader(text), format, rdfio.DecoderOptions{Base: file.Value(), LabelPrefix: strconv.Itoa(len(text)) + "x"})
	if err != nil {
		return nil, err
	}
	var quads []rdf.Quad
	for q, err := range dec.All() {
		if err != nil {
			return nil, err
		}
		quads = append(quads, q.In(g))
	}
	return quads, nil
}

// dataset reads the default graph and the named graphs that at lists.
func dataset(e w3ctest.Entry, at rdf.Term, data, graphData string) ([]rdf.Quad, error) {
	var all []rdf.Quad
	for _, file := range e.Objects(at, data) {
		quads, err := read(e, file, rdf.Term{})
		if err != nil {
			return nil, err
		}
		all = append(all, quads...)
	}
	for _, g := range e.Objects(at, graphData) {
		file, name := g, g
		if labelled := e.Object(g, w3ctest.UT+"graph"); !labelled.IsZero() {
			file = labelled
			name = rdf.IRI(e.Object(g, "http://www.w3.org/2000/01/rdf-schema#label").Value())
		}
		quads, err := read(e, file, name)
		if err != nil {
			return nil, err
		}
		all = append(all, quads...)
	}
	return all, nil
}
