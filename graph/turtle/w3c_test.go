package turtle_test

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"testing"

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
		return w3ctest.RejectedAt(err)
	case w3ctest.RDFT + "TestTurtleEval", w3ctest.RDFT + "TestTrigEval":
		if err != nil {
			return err
		}
		return e.Isomorphic(got)
	}
	return fmt.Errorf("unknown test type %s", e.Type)
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
