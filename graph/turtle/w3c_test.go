package turtle_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"testing"

	"qlgraph/graph/canon"
	"qlgraph/graph/ntriples"
	"qlgraph/graph/rdf"
	"qlgraph/graph/turtle"
	"qlgraph/internal/w3ctest"
)

func TestW3CTurtle(t *testing.T) {
	w3ctest.Suite{
		Manifest: "rdf/rdf11/rdf-turtle/manifest.ttl",
		Entries:  313,
		Passes:   313,
	}.Run(t, runW3C)
}

func TestW3CTriG(t *testing.T) {
	w3ctest.Suite{
		Manifest: "rdf/rdf11/rdf-trig/manifest.ttl",
		Entries:  356,
		Passes:   356,
	}.Run(t, runW3C)
}

func runW3C(e w3ctest.Entry) error {
	data, err := e.Read(e.Action)
	if err != nil {
		return err
	}
	opts := turtle.Options{Base: e.Action.Value(), TriG: path.Ext(e.Action.Value()) == ".trig"}
	got, err := collect(turtle.NewDecoder(bytes.NewReader(data), opts))
	switch e.Type {
	case w3ctest.RDFT + "TestTurtlePositiveSyntax", w3ctest.RDFT + "TestTrigPositiveSyntax":
		return err
	case w3ctest.RDFT + "TestTurtleNegativeSyntax", w3ctest.RDFT + "TestTrigNegativeSyntax",
		w3ctest.RDFT + "TestTurtleNegativeEval", w3ctest.RDFT + "TestTrigNegativeEval":
		return wantSyntaxError(err)
	case w3ctest.RDFT + "TestTurtleEval", w3ctest.RDFT + "TestTrigEval":
		if err != nil {
			return err
		}
		return compare(e, got)
	}
	return fmt.Errorf("unknown test type %s", e.Type)
}

func wantSyntaxError(err error) error {
	var syntax *rdf.SyntaxError
	switch {
	case err == nil:
		return errors.New("accepted, want a syntax error")
	case !errors.As(err, &syntax):
		return fmt.Errorf("got %T, want a syntax error: %w", err, err)
	case syntax.Line < 1 || syntax.Column < 1:
		return fmt.Errorf("error without a position: %w", err)
	}
	return nil
}

func compare(e w3ctest.Entry, got []rdf.Quad) error {
	data, err := e.Read(e.Result)
	if err != nil {
		return err
	}
	want, err := collect(ntriples.NewDecoder(bytes.NewReader(data), ntriples.Options{}))
	if err != nil {
		return err
	}
	same, err := canon.Isomorphic(got, want)
	if err != nil {
		return err
	}
	if !same {
		return fmt.Errorf("not isomorphic: got %v, want %v", got, want)
	}
	return nil
}

// collect returns the quads before the first error, and that error.
func collect(d interface{ Next() (rdf.Quad, error) }) (quads []rdf.Quad, err error) {
	for {
		q, err := d.Next()
		if err == io.EOF {
			return quads, nil
		}
		if err != nil {
			return quads, err
		}
		quads = append(quads, q)
	}
}
