package rdfxml_test

import (
	"bytes"
	"fmt"
	"io"
	"testing"

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
		return w3ctest.RejectedAt(err)
	case w3ctest.RDFT + "TestXMLEval":
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
