package corpus

import (
	"bytes"
	"io"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"qlgraph/graph/rdf"
)

// benchCourses gives a document of 7 MB in Turtle, of 20 MB in N-Quads.
const benchCourses = 2000

// Document returns a document to measure a reader with: the file in the
// directory that QLGRAPH_BENCH_DIR names, or what write makes of courses.
func Document(b *testing.B, file string, write func(io.Writer, iter.Seq[rdf.Quad])) []byte {
	b.Helper()
	if dir := os.Getenv("QLGRAPH_BENCH_DIR"); dir != "" {
		data, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			b.Fatal(err)
		}
		return data
	}
	var doc bytes.Buffer
	write(&doc, Courses(benchCourses))
	return doc.Bytes()
}

// Measure runs passes over a document of the given length with so many
// statements, and reports beside bytes per second what a statement, called
// unit, costs.
func Measure(b *testing.B, length, statements int, unit string, pass func()) {
	b.SetBytes(int64(length))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for b.Loop() {
		pass()
	}
	runtime.ReadMemStats(&after)
	total := float64(b.N) * float64(statements)
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/total, "allocs/"+unit)
	b.ReportMetric(total/b.Elapsed().Seconds(), unit+"s/s")
}
