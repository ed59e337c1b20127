package ntriples_test

import (
	"bytes"
	"errors"
	"testing"

	"qlgraph/graph/ntriples"
	"qlgraph/graph/rdf"
	"qlgraph/internal/w3ctest"
)

// What is read can be written, and reads back as the same quads; what is not
// read is refused with a position; a lenient reader takes anything.
func FuzzDecode(f *testing.F) {
	f.Add([]byte("<x:s> <x:p> \"o\\u00E9\\n\"@en-GB <x:g> . # comment\n_:a.b <x:p> \"1\"^^<x:t>."))
	w3ctest.Seeds(f, "rdf/rdf11", ".nt", ".nq")
	f.Fuzz(func(t *testing.T, doc []byte) {
		lenient(t, doc)
		quads, err := collect(doc, ntriples.Options{})
		var syntax *rdf.SyntaxError
		switch {
		case err == nil:
		case !errors.As(err, &syntax):
			t.Fatalf("%T: %v", err, err)
		case syntax.Line < 1 || syntax.Line > 1+bytes.Count(doc, []byte("\n")) || syntax.Column < 1 || syntax.Column > len(doc)+1:
			t.Fatalf("position outside of the document: %v", err)
		}
		if err != nil {
			return
		}
		if err := roundTrip(doc); err != nil {
			t.Fatalf("%d quads: %v", len(quads), err)
		}
	})
}

func lenient(t *testing.T, doc []byte) {
	d := ntriples.NewDecoder(bytes.NewReader(doc), ntriples.Options{Lenient: true})
	n := 0
	for _, err := range d.All() {
		if err != nil {
			t.Fatalf("lenient: %v", err)
		}
		n++
	}
	lines := 1 + bytes.Count(doc, []byte("\n")) + bytes.Count(doc, []byte("\r"))
	if skipped, _ := d.Skipped(); n+skipped > lines {
		t.Fatalf("lenient: %d quads and %d skipped in %d lines", n, skipped, lines)
	}
}
