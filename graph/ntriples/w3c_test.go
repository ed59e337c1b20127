package ntriples_test

import (
	"bytes"
	"fmt"
	"testing"

	"qlgraph/graph/ntriples"
	"qlgraph/graph/rdf"
	"qlgraph/internal/w3ctest"
)

func TestW3CNTriples(t *testing.T) {
	w3ctest.Suite{
		Manifest: "rdf/rdf11/rdf-n-triples/manifest.ttl",
		Entries:  70,
		Passes:   70,
	}.Run(t, runW3C)
}

func TestW3CNQuads(t *testing.T) {
	w3ctest.Suite{
		Manifest: "rdf/rdf11/rdf-n-quads/manifest.ttl",
		Entries:  87,
		Passes:   87,
	}.Run(t, runW3C)
}

func runW3C(e w3ctest.Entry) error {
	data, err := e.Read(e.Action)
	if err != nil {
		return err
	}
	switch e.Type {
	case w3ctest.RDFT + "TestNTriplesPositiveSyntax", w3ctest.RDFT + "TestNQuadsPositiveSyntax":
		return roundTrip(data)
	case w3ctest.RDFT + "TestNTriplesNegativeSyntax":
		return rejected(data, ntriples.Options{TriplesOnly: true})
	case w3ctest.RDFT + "TestNQuadsNegativeSyntax":
		return rejected(data, ntriples.Options{})
	}
	return fmt.Errorf("unknown test type %s", e.Type)
}

// roundTrip checks that what is written reads back as the same quads.
func roundTrip(data []byte) error {
	quads, err := collect(data, ntriples.Options{})
	if err != nil {
		return err
	}
	written := encode(quads)
	again, err := collect(written, ntriples.Options{})
	if err != nil {
		return fmt.Errorf("written document: %w", err)
	}
	if !bytes.Equal(written, encode(again)) {
		return fmt.Errorf("reads back as %q, want %q", encode(again), written)
	}
	return nil
}

func rejected(data []byte, opts ntriples.Options) error {
	_, err := collect(data, opts)
	return w3ctest.RejectedAt(err)
}

// collect returns the quads before the first error, and that error.
func collect(data []byte, opts ntriples.Options) (quads []rdf.Quad, err error) {
	for q, err := range ntriples.NewDecoder(bytes.NewReader(data), opts).All() {
		if err != nil {
			return quads, err
		}
		quads = append(quads, q)
	}
	return quads, nil
}

func encode(quads []rdf.Quad) []byte {
	var b bytes.Buffer
	e := ntriples.NewEncoder(&b)
	for _, q := range quads {
		e.Encode(q)
	}
	e.Close()
	return b.Bytes()
}
