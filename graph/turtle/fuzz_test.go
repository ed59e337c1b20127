package turtle_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"qlgraph/graph/canon"
	"qlgraph/graph/ntriples"
	"qlgraph/graph/rdf"
	"qlgraph/graph/turtle"
	"qlgraph/internal/w3ctest"
)

func FuzzDecode(f *testing.F) {
	for _, doc := range layouts {
		f.Add([]byte(doc))
	}
	w3ctest.Seeds(f, "rdf/rdf11", ".ttl", ".nt")
	f.Fuzz(func(t *testing.T, doc []byte) { fuzz(t, doc, false) })
}

func FuzzDecodeTriG(f *testing.F) {
	for _, doc := range layouts {
		f.Add([]byte(doc))
	}
	w3ctest.Seeds(f, "rdf/rdf11", ".trig", ".ttl")
	f.Fuzz(func(t *testing.T, doc []byte) { fuzz(t, doc, true) })
}

// maxFuzzQuads keeps the test of isomorphism short.
const maxFuzzQuads = 300

// fuzz checks that what is read can be written in both ways and reads back as
// the same graph, and that what is refused is refused with a position.
func fuzz(t *testing.T, doc []byte, trig bool) {
	list, err := collect(turtle.NewDecoder(bytes.NewReader(doc), turtle.Options{TriG: trig, Base: "http://example.org/base"}))
	if err != nil {
		var syntax *rdf.SyntaxError
		if !errors.As(err, &syntax) {
			t.Fatalf("%T: %v", err, err)
		}
		if syntax.Line < 1 || syntax.Line > 1+bytes.Count(doc, []byte("\n")) || syntax.Column < 1 || syntax.Column > len(doc)+1 {
			t.Fatalf("position outside of the document: %v", err)
		}
		if acceptsNTriples(doc) {
			t.Fatalf("refused, but N-Triples: %v", err)
		}
		return
	}
	if len(list) > maxFuzzQuads {
		return
	}
	for _, stream := range []bool{false, true} {
		opts := turtle.EncoderOptions{TriG: trig, Prefixes: prefixes, Stream: stream}
		once := print(t, list, opts)
		again := parse(t, once, trig)
		sameGraph(t, again, list)
		// Labels that look generated change whenever they are read.
		if twice := print(t, again, opts); twice != once && !strings.Contains(once, "_:g") {
			t.Fatalf("printed again:\n%s\nat first:\n%s", twice, once)
		}
	}
}

func acceptsNTriples(doc []byte) bool {
	_, err := collect(ntriples.NewDecoder(bytes.NewReader(doc), ntriples.Options{TriplesOnly: true}))
	return err == nil
}

func sameGraph(t *testing.T, got, want []rdf.Quad) {
	same, err := canon.Isomorphic(got, want)
	if err != nil {
		t.Skipf("not compared: %v", err)
	}
	if !same {
		t.Fatalf("got %v, want %v", got, want)
	}
}
