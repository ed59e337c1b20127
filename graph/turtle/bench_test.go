package turtle_test

import (
	"bytes"
	"io"
	"iter"
	"slices"
	"testing"

	"qlgraph/graph/rdf"
	"qlgraph/graph/turtle"
	"qlgraph/internal/corpus"
	"qlgraph/ontology"
)

func benchDocument(b *testing.B) []byte {
	return corpus.Document(b, "data.ttl", func(w io.Writer, quads iter.Seq[rdf.Quad]) { encodeTo(w, quads, false) })
}

func BenchmarkDecode(b *testing.B) {
	data := benchDocument(b)
	triples, err := collect(turtle.NewDecoder(bytes.NewReader(data), turtle.Options{}))
	if err != nil {
		b.Fatal(err)
	}
	corpus.Measure(b, len(data), len(triples), "triple", func() {
		n := 0
		for _, err := range turtle.NewDecoder(bytes.NewReader(data), turtle.Options{}).All() {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != len(triples) {
			b.Fatalf("%d triples, want %d", n, len(triples))
		}
	})
}

func BenchmarkEncode(b *testing.B)       { benchmarkEncode(b, false) }
func BenchmarkEncodeStream(b *testing.B) { benchmarkEncode(b, true) }

func benchmarkEncode(b *testing.B, stream bool) {
	triples, err := collect(turtle.NewDecoder(bytes.NewReader(benchDocument(b)), turtle.Options{}))
	if err != nil {
		b.Fatal(err)
	}
	var doc bytes.Buffer
	encodeTo(&doc, slices.Values(triples), stream)
	corpus.Measure(b, doc.Len(), len(triples), "triple", func() { encodeTo(io.Discard, slices.Values(triples), stream) })
}

func encodeTo(w io.Writer, quads iter.Seq[rdf.Quad], stream bool) {
	e := turtle.NewEncoder(w, turtle.EncoderOptions{Prefixes: ontology.Prefixes(), Stream: stream})
	for q := range quads {
		e.Encode(q)
	}
	e.Close()
}
