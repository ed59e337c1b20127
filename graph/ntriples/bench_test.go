package ntriples_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"qlgraph/graph/ntriples"
	"qlgraph/graph/rdf"
	"qlgraph/internal/corpus"
)

// benchCourses gives a document of about 20 MB.
const benchCourses = 2000

// benchDocument returns the document to measure with: data.nq in the directory
// that BENCH_DATA names, or a generated one.
func benchDocument(b *testing.B) []byte {
	b.Helper()
	if dir := os.Getenv("BENCH_DATA"); dir != "" {
		data, err := os.ReadFile(filepath.Join(dir, "data.nq"))
		if err != nil {
			b.Fatal(err)
		}
		return data
	}
	return encode(slices.Collect(corpus.Courses(benchCourses)))
}

// measure runs one pass over a document of the given size and statements, and
// reports what counts beside bytes per second.
func measure(b *testing.B, size, statements int, pass func()) {
	b.SetBytes(int64(size))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for b.Loop() {
		pass()
	}
	runtime.ReadMemStats(&after)
	total := float64(b.N) * float64(statements)
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/total, "allocs/quad")
	b.ReportMetric(total/b.Elapsed().Seconds(), "quads/s")
}

func BenchmarkDecode(b *testing.B) {
	data := benchDocument(b)
	quads, err := collect(data, ntriples.Options{})
	if err != nil {
		b.Fatal(err)
	}
	measure(b, len(data), len(quads), func() {
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
	data := benchDocument(b)
	quads, err := collect(data, ntriples.Options{})
	if err != nil {
		b.Fatal(err)
	}
	measure(b, len(data), len(quads), func() { encodeTo(io.Discard, quads) })
}

func encodeTo(w io.Writer, quads []rdf.Quad) {
	e := ntriples.NewEncoder(w)
	for _, q := range quads {
		e.Encode(q)
	}
	e.Close()
}
