package shapes_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"qlgraph/graph/canon"
	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/graph/turtle"
	"qlgraph/internal/w3ctest"
	"qlgraph/ontology"
	"qlgraph/shapes"
)

func TestW3CCore(t *testing.T) {
	w3ctest.Suite{Manifest: "shacl/core/manifest.ttl", Entries: 98, Passes: 98}.Run(t, runW3C)
}

func TestW3CSPARQL(t *testing.T) {
	w3ctest.Suite{Manifest: "shacl/sparql/manifest.ttl", Entries: 22, Passes: 22}.Run(t, runW3C)
}

// runW3C validates as the entry says and compares the report with the expected
// one up to blank nodes.
func runW3C(e w3ctest.Entry) error {
	data, err := readW3C(e, e.Object(e.Action, w3ctest.SHT+"dataGraph"))
	if err != nil {
		return err
	}
	graph, err := readW3C(e, e.Object(e.Action, w3ctest.SHT+"shapesGraph"))
	if err != nil {
		return err
	}
	report, err := validate(data, graph)
	if e.Result == rdf.IRI(w3ctest.SHT+"Failure") {
		if err == nil {
			return errors.New("a failure was expected, not a report")
		}
		return nil
	}
	if err != nil {
		return err
	}
	expected := expectedReport(e)
	actual := report.Quads()
	message := rdf.IRI(ontology.SHACL + "resultMessage")
	if !slices.ContainsFunc(expected, func(q rdf.Quad) bool { return q.P == message }) {
		actual = slices.DeleteFunc(actual, func(q rdf.Quad) bool { return q.P == message })
	}
	same, err := canon.Isomorphic(expected, actual)
	if err == nil && !same {
		err = fmt.Errorf("got\n%swant\n%s", lines(actual), lines(expected))
	}
	return err
}

func readW3C(e w3ctest.Entry, document rdf.Term) ([]rdf.Quad, error) {
	text, err := e.Read(document)
	if err != nil {
		return nil, err
	}
	return parseTurtle(text, document.Value())
}

func parseTurtle(text []byte, base string) ([]rdf.Quad, error) {
	var quads []rdf.Quad
	for q, err := range turtle.NewDecoder(bytes.NewReader(text), turtle.Options{Base: base}).All() {
		if err != nil {
			return nil, err
		}
		quads = append(quads, q)
	}
	return quads, nil
}

func validate(data, shapesGraph []rdf.Quad) (*shapes.Report, error) {
	compiled, err := shapes.Compile(shapesGraph, shapes.CompileOptions{})
	if err != nil {
		return nil, err
	}
	snapshot, err := mem.FromQuads(data...).Snapshot(context.Background())
	if err != nil {
		return nil, err
	}
	defer snapshot.Close()
	return compiled.Validate(context.Background(), snapshot, shapes.Options{})
}

// expectedReport returns the part of the manifest that is the report: the
// properties of SHACL §3.6 and the paths.
func expectedReport(e w3ctest.Entry) []rdf.Quad {
	var quads []rdf.Quad
	add := func(s rdf.Term, properties ...string) {
		for _, p := range properties {
			for _, o := range e.Objects(s, p) {
				quads = append(quads, rdf.Triple(s, rdf.IRI(p), o))
			}
		}
	}
	sh := ontology.SHACL
	add(e.Result, rdf.RDFType, sh+"conforms", sh+"result")
	seen := map[rdf.Term]bool{}
	var path func(n rdf.Term)
	path = func(n rdf.Term) {
		if !n.IsBlank() || seen[n] {
			return
		}
		seen[n] = true
		for _, p := range []string{rdf.RDFFirst, rdf.RDFRest, sh + "inversePath", sh + "alternativePath",
			sh + "zeroOrMorePath", sh + "oneOrMorePath", sh + "zeroOrOnePath"} {
			add(n, p)
			for _, o := range e.Objects(n, p) {
				path(o)
			}
		}
	}
	for _, r := range e.Objects(e.Result, sh+"result") {
		add(r, rdf.RDFType, sh+"focusNode", sh+"resultPath", sh+"value", sh+"resultSeverity", sh+"resultMessage",
			sh+"sourceShape", sh+"sourceConstraint", sh+"sourceConstraintComponent")
		for _, p := range e.Objects(r, sh+"resultPath") {
			path(p)
		}
	}
	return quads
}

func lines(quads []rdf.Quad) string {
	var b strings.Builder
	for _, q := range quads {
		b.WriteString("  " + q.String() + "\n")
	}
	return b.String()
}
