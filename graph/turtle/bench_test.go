package turtle_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"qlgraph/graph/rdf"
	"qlgraph/graph/turtle"
	"qlgraph/internal/corpus"
	"qlgraph/ontology"
)

// benchCourses gives a document of about 7 MB.
const benchCourses = 2000

// benchDocument returns the document to measure with: data.ttl in the directory
// that BENCH_DATA names, or a generated one.
func benchDocument(b *testing.B) []byte {
	b.Helper()
	if dir := os.Getenv("BENCH_DATA"); dir != "" {
		data, err := os.ReadFile(filepath.Join(dir, "data.ttl"))
		if err != nil {
			b.Fatal(err)
		}
		return data
	}
	var doc bytes.Buffer
	encodeTo(&doc, slices.Collect(corpus.Courses(benchCourses)), false)
	return doc.Bytes()
}

// measure runs one pass over a document of the given size and triples, and
// reports what counts beside bytes per second.
func measure(b *testing.B, size, triples int, pass func()) {
	b.SetBytes(int64(size))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for b.Loop() {
		pass()
	}
	runtime.ReadMemStats(&after)
	total := float64(b.N) * float64(triples)
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/total, "allocs/triple")
	b.ReportMetric(total/b.Elapsed().Seconds(), "triples/s")
}

func BenchmarkDecode(b *testing.B) {
	data := benchDocument(b)
	triples, err := collect(turtle.NewDecoder(bytes.NewReader(data), turtle.Options{}))
	if err != nil {
		b.Fatal(err)
	}
	measure(b, len(data), len(triples), func() {
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
	encodeTo(&doc, triples, stream)
	measure(b, doc.Len(), len(triples), func() { encodeTo(io.Discard, triples, stream) })
}

func encodeTo(w io.Writer, quads []rdf.Quad, stream bool) {
	e := turtle.NewEncoder(w, turtle.EncoderOptions{Prefixes: ontology.Prefixes(), Stream: stream})
	for _, q := range quads {
		e.Encode(q)
	}
	e.Close()
}
