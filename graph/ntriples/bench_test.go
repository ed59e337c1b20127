package ntriples_test

import (
	"bytes"
	"io"
	"iter"
	"slices"
	"testing"

	"qlgraph/graph/ntriples"
	"qlgraph/graph/rdf"
	"qlgraph/internal/corpus"
)

func BenchmarkDecode(b *testing.B) {
	data := corpus.Document(b, "data.nq", encodeTo)
	quads, err := collect(data, ntriples.Options{})
	if err != nil {
		b.Fatal(err)
	}
	corpus.Measure(b, len(data), len(quads), "quad", func() {
		n := 0
		for _, err := range ntriples.NewDecoder(bytes.NewReader(data), ntriples.Options{}).All() {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != len(quads) {
			b.Fatalf("%d quads, want %d", n, len(quads))
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	data := corpus.Document(b, "data.nq", encodeTo)
	quads, err := collect(data, ntriples.Options{})
	if err != nil {
		b.Fatal(err)
	}
	corpus.Measure(b, len(data), len(quads), "quad", func() { encodeTo(io.Discard, slices.Values(quads)) })
}

func encodeTo(w io.Writer, quads iter.Seq[rdf.Quad]) {
	e := ntriples.NewEncoder(w)
	for q := range quads {
		e.Encode(q)
	}
	e.Close()
}
