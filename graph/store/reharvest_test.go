package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/graphtest"
	"qlgraph/graph/rdf"
	"qlgraph/graph/store"
)

// sourceGraph returns a named graph of about size quads, and its quads.
func sourceGraph(b testing.TB, snap *store.Snapshot, size int64) (rdf.Term, []rdf.Quad) {
	var best graph.ID
	distance := int64(1) << 60
	names, err := graph.NamedGraphs(snap)
	if err != nil {
		b.Fatal(err)
	}
	for _, id := range names {
		c, err := snap.Graph(id)
		if err != nil {
			b.Fatal(err)
		}
		if d := max(c.Quads-size, size-c.Quads); d < distance {
			best, distance = id, d
		}
	}
	quads := graphtest.Resolve(b, snap, graphtest.Scan(b, snap, graph.Pattern{Graphs: graph.OneGraph(best)}, graph.GSPO, graph.BatchSize))
	return quads[0].G, quads
}

func replace(b testing.TB, s *store.Store, g rdf.Term, quads []rdf.Quad) graph.Change {
	var c graph.Change
	if _, err := s.Update(context.Background(), func(tx graph.Tx) (err error) {
		c, err = tx.Replace(g, source(quads))
		return err
	}); err != nil {
		b.Fatal(err)
	}
	return c
}

// BenchmarkReplace harvests a source of about 12,500 quads again: unchanged,
// with one literal changed, and with a whole course changed. It works on a copy
// of the data, with syncs.
func BenchmarkReplace(b *testing.B) {
	from, dir := loaded(b)
	if err := from.Close(); err != nil {
		b.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, store.FileName))
	if err != nil {
		b.Fatal(err)
	}
	own := b.TempDir()
	if err := os.WriteFile(filepath.Join(own, store.FileName), data, 0o644); err != nil {
		b.Fatal(err)
	}
	s, err := store.Open(own, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	g, quads := sourceGraph(b, view(b, s), 12_500)
	written := int64(0)
	store.OnWrite(s, func(data []byte, _ int64) { written += int64(len(data)) })
	n := 0
	edits := map[string]func([]rdf.Quad){
		"unchanged": func([]rdf.Quad) {},
		"literal": func(quads []rdf.Quad) {
			i := slices.IndexFunc(quads, func(q rdf.Quad) bool { return q.O.Lang() != "" })
			quads[i].O = rdf.LangLiteral(fmt.Sprint("changed title ", n), "en")
		},
		"course": func(quads []rdf.Quad) {
			at := len(quads) / 2
			for i := at; i < len(quads) && i < at+50; i++ {
				if quads[i].O.IsLiteral() {
					quads[i].O = rdf.LangLiteral(fmt.Sprint("changed text ", n, " ", i), "en")
				} else {
					quads[i].O = rdf.IRI(fmt.Sprintf("%s/changed/%d", quads[i].O.Value(), n))
				}
			}
		},
	}
	for _, name := range []string{"unchanged", "literal", "course"} {
		b.Run(name, func(b *testing.B) {
			replace(b, s, g, quads)
			start := written
			changed := int64(0)
			for b.Loop() {
				n++
				next := slices.Clone(quads)
				edits[name](next)
				c := replace(b, s, g, next)
				changed += c.Added + c.Removed
			}
			b.ReportMetric(float64(written-start)/float64(b.N)/1e3, "kB/op")
			b.ReportMetric(float64(changed)/float64(b.N), "changes/op")
			b.ReportMetric(float64(len(quads)), "quads")
		})
	}
}

// BenchmarkGrowth harvests every source again and again with one course in a
// hundred changed, and reports how much the file has grown against a fresh load.
func BenchmarkGrowth(b *testing.B) {
	s, dir := loaded(b)
	path := filepath.Join(dir, store.FileName)
	fresh, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	graphs := map[rdf.Term][]rdf.Quad{}
	func() {
		snap, err := s.View(context.Background())
		if err != nil {
			b.Fatal(err)
		}
		defer snap.Close()
		names, err := graph.NamedGraphs(snap)
		if err != nil {
			b.Fatal(err)
		}
		for _, id := range names {
			quads := graphtest.Resolve(b, snap, graphtest.Scan(b, snap, graph.Pattern{Graphs: graph.OneGraph(id)}, graph.GSPO, graph.BatchSize))
			graphs[quads[0].G] = quads
		}
	}()
	start := time.Now()
	for round := range growthRounds() {
		for g, quads := range graphs {
			next := slices.Clone(quads)
			for i := range next {
				if q := &next[i]; q.O.Lang() != "" && (i/40+round)%100 == 0 {
					q.O = rdf.LangLiteral(fmt.Sprintf("%s (%d)", q.O.Value(), round), q.O.Lang())
				}
			}
			replace(b, s, g, next)
		}
	}
	grown, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(grown.Size())/float64(fresh.Size()), "file/fresh")
	b.ReportMetric(time.Since(start).Seconds(), "s")
	b.ReportMetric(float64(growthRounds()), "rounds")
}

// growthRounds is how often BenchmarkGrowth harvests everything.
func growthRounds() int {
	if n, err := strconv.Atoi(os.Getenv("QLGRAPH_BENCH_ROUNDS")); err == nil {
		return n
	}
	return rounds(20, 1000)
}
