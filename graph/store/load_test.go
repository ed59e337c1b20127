package store_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"qlgraph/graph"
	"qlgraph/graph/graphtest"
	"qlgraph/graph/rdf"
	"qlgraph/graph/store"
)

// source returns quads as a source.
func source(quads []rdf.Quad) store.Source {
	return func(yield func(rdf.Quad, error) bool) {
		for _, q := range quads {
			if !yield(q, nil) {
				return
			}
		}
	}
}

// check compares the newest version of s with the model.
func check(t testing.TB, s *store.Store, m graphtest.Model) {
	t.Helper()
	snap, err := s.Snapshot(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	m.Check(t, snap)
}

func TestLoad(t *testing.T) {
	r := graphtest.NewRandom(t, 3000)
	s := open(t, t.TempDir())
	m := graphtest.Model{}
	ctx := context.Background()
	var version uint64
	for round := range 4 {
		var sources []store.Source
		read, before := 0, len(m)
		for range round + 1 {
			quads := r.Quads(r.IntN(20_000))
			read += len(quads)
			for _, q := range quads {
				m[q] = true
			}
			sources = append(sources, source(quads))
		}
		old, err := s.Snapshot(ctx)
		if err != nil {
			t.Fatal(err)
		}
		stages := map[string]bool{}
		loaded, err := s.Load(ctx, store.LoadOptions{Progress: func(p store.Progress) { stages[p.Stage] = true }}, sources...)
		if err != nil {
			t.Fatal(err)
		}
		if loaded.Read != int64(read) || loaded.Added != int64(len(m)-before) || loaded.Version <= version {
			t.Errorf("loaded %+v of %d quads, %d new, after version %d", loaded, read, len(m)-before, version)
		}
		check(t, s, m)
		if n, _, err := old.Count(graph.Pattern{Graphs: graph.EveryQuad()}); err != nil || n != int64(before) {
			t.Errorf("the snapshot from before shows %d quads, error %v, want %d", n, err, before)
		}
		old.Close()
		q := r.Quad()
		if _, err := s.Update(ctx, func(tx graph.Tx) error { return tx.Insert(q, r.Quad().In(q.G)) }); err != nil {
			t.Fatal(err)
		}
		snap, _ := s.Snapshot(ctx)
		for _, q := range graphtest.Resolve(t, snap, graphtest.Scan(t, snap, graph.Pattern{Graphs: graph.EveryQuad()}, graph.SPOG, graph.BatchSize)) {
			m[q] = true
		}
		version = snap.Version()
		snap.Close()
	}
	all := make([]rdf.Quad, 0, len(m))
	for q := range m {
		all = append(all, q)
	}
	if loaded, err := s.Load(ctx, store.LoadOptions{}, source(all)); err != nil || loaded.Added != 0 || loaded.Version != version {
		t.Errorf("loading the same again: %+v, error %v, version was %d", loaded, err, version)
	}
	check(t, s, m)
}

func TestLoadFails(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	quads := graphtest.NewRandom(t, 100).Quads(1000)
	m := graphtest.Model{}
	if _, err := s.Load(context.Background(), store.LoadOptions{}, source(quads)); err != nil {
		t.Fatal(err)
	}
	for _, q := range quads {
		m[q] = true
	}
	failed := errors.New("failed")
	_, err := s.Load(context.Background(), store.LoadOptions{}, source(quads), func(yield func(rdf.Quad, error) bool) {
		yield(rdf.Quad{}, failed)
	})
	if !errors.Is(err, failed) {
		t.Errorf("Load: error %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	_, err = s.Load(ctx, store.LoadOptions{}, func(yield func(rdf.Quad, error) bool) {
		for n := 0; ; n++ {
			if n == 100_000 {
				cancel()
			}
			if !yield(quads[n%len(quads)], nil) {
				return
			}
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled Load: error %v", err)
	}
	check(t, s, m)
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range left {
		if strings.HasPrefix(f.Name(), "load-") {
			t.Errorf("%s is left over", f.Name())
		}
	}
}

func TestCompact(t *testing.T) {
	r := graphtest.NewRandom(t, 2000)
	s := open(t, t.TempDir())
	ctx := context.Background()
	for range 10 {
		quads := r.Quads(5000)
		if _, err := s.Update(ctx, func(tx graph.Tx) error {
			_, err := tx.Replace(quads[0].G, source(quads))
			return errors.Join(err, tx.(graph.LedgerTx).SetValue("run", "last", []byte("value")))
		}); err != nil {
			t.Fatal(err)
		}
	}
	snap, err := s.View(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	m := graphtest.Model{}
	for _, q := range graphtest.Resolve(t, snap, graphtest.Scan(t, snap, graph.Pattern{Graphs: graph.EveryQuad()}, graph.SPOG, graph.BatchSize)) {
		m[q] = true
	}
	if err := s.Compact(ctx, store.LoadOptions{}); err != nil {
		t.Fatal(err)
	}
	check(t, s, m)
	after, err := s.View(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer after.Close()
	if value, err := after.Value("run", "last"); string(value) != "value" || err != nil || after.Version() != snap.Version() {
		t.Errorf("ledger %q, error %v, version %d, was %d", value, err, after.Version(), snap.Version())
	}
}
