package rdfxml_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"

	"qlgraph/graph/canon"
	"qlgraph/graph/ntriples"
	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfxml"
	"qlgraph/internal/w3ctest"
)

func TestW3CRDFXML(t *testing.T) {
	w3ctest.Suite{
		Manifest: "rdf/rdf11/rdf-xml/manifest.ttl",
		Entries:  166,
		Passes:   166,
	}.Run(t, runW3C)
}

func runW3C(e w3ctest.Entry) error {
	data, err := e.Read(e.Action)
	if err != nil {
		return err
	}
	got, err := collect(rdfxml.NewDecoder(bytes.NewReader(data), rdfxml.Options{Base: e.Action.Value()}))
	switch e.Type {
	case w3ctest.RDFT + "TestXMLNegativeSyntax":
		return wantSyntaxError(err)
	case w3ctest.RDFT + "TestXMLEval":
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
