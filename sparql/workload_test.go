package sparql_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qlgraph/graph/ntriples"
	"qlgraph/graph/store"
	"qlgraph/sparql"
)

// The workload: QLGRAPH_BENCH_QUERIES is a directory of *.rq files,
// QLGRAPH_BENCH_DATA the N-Quads that they are asked of, and
// QLGRAPH_BENCH_STORE, where set, a directory that keeps the loaded store.
const (
	benchQueries = "QLGRAPH_BENCH_QUERIES"
	benchData    = "QLGRAPH_BENCH_DATA"
	benchStore   = "QLGRAPH_BENCH_STORE"
)

// BenchmarkWorkload runs each query to its last row, the answer decoded.
func BenchmarkWorkload(b *testing.B) {
	engine := sparql.New(workloadStore(b), sparql.Options{DefaultGraphUnion: true})
	files, err := filepath.Glob(filepath.Join(os.Getenv(benchQueries), "*.rq"))
	if err != nil {
		b.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(strings.TrimSuffix(filepath.Base(file), ".rq"), func(b *testing.B) {
			b.ReportAllocs()
			rows := 0
			for b.Loop() {
				rows = consume(b, engine, string(text), false)
			}
			b.ReportMetric(float64(rows), "rows")
		})
	}
	if os.Getenv("QLGRAPH_BENCH_EXPLAIN") == "" {
		return
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		b.Log(filepath.Base(file))
		consume(b, engine, string(text), true)
	}
}

// consume reads the whole answer and returns its size.
func consume(b *testing.B, engine *sparql.Engine, text string, explain bool) int {
	q, err := engine.Parse(text)
	if err != nil {
		b.Fatal(err)
	}
	res, err := engine.Query(context.Background(), q, sparql.Params{Explain: explain})
	if err != nil {
		b.Fatal(err)
	}
	defer res.Close()
	n := 0
	switch res.Form {
	case sparql.Select:
		for _, err := range res.Rows() {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
	case sparql.Construct, sparql.Describe:
		for _, err := range res.Quads() {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
	}
	if explain {
		b.Log("\n" + res.Explain().String())
	}
	return n
}

// workloadStore opens the store, and loads it where it is empty.
func workloadStore(b *testing.B) *store.Store {
	data := os.Getenv(benchData)
	if os.Getenv(benchQueries) == "" || data == "" && os.Getenv(benchStore) == "" {
		b.Skipf("%s and %s are not set", benchQueries, benchData)
	}
	dir := os.Getenv(benchStore)
	if dir == "" {
		dir = b.TempDir()
	}
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	snap, err := s.Snapshot(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	defer snap.Close()
	if snap.Version() > 0 {
		return s
	}
	f, err := os.Open(data)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	if _, err := s.Load(context.Background(), store.LoadOptions{}, ntriples.NewDecoder(f, ntriples.Options{}).All()); err != nil {
		b.Fatal(err)
	}
	return s
}
