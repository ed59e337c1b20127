package store_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"testing"

	"qlgraph/graph"
	"qlgraph/graph/graphtest"
	"qlgraph/graph/rdf"
	"qlgraph/graph/store"
)

// soak makes the tests of reliability as long as their numbers say.
var soak = flag.Bool("soak", false, "run the long versions of the reliability tests")

// rounds returns the short count, or with -soak the long one.
func rounds(short, long int) int {
	if *soak {
		return long
	}
	return short
}

// TestModel runs random transactions, loads and compactions beside a map, and
// opens the store anew at random.
func TestModel(t *testing.T) {
	r := graphtest.NewRandom(t, 300)
	dir := t.TempDir()
	reopen := func() *store.Store {
		s, err := store.Open(dir, store.Options{NoSync: true})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := reopen()
	defer func() { s.Close() }()
	m := graphtest.Model{}
	ctx := context.Background()
	for step := range rounds(250, 10_000) {
		next := maps.Clone(m)
		before := view(t, s).Version()
		var err error
		fails := false
		switch n := r.IntN(100); {
		case n < 3:
			err = s.Compact(ctx, store.LoadOptions{})
		case n < 6:
			quads := r.Quads(r.IntN(3000))
			add(next, quads...)
			_, err = s.Load(ctx, store.LoadOptions{}, source(quads))
		case n < 12:
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s = reopen()
			if v := view(t, s).Version(); v != before {
				t.Fatalf("step %d: version %d, was %d", step, v, before)
			}
		default:
			fails = r.IntN(10) == 0
			_, err = s.Update(ctx, func(tx graph.Tx) error { return randomWork(r, tx, next, fails) })
		}
		if (err != nil) != fails {
			t.Fatalf("step %d: %v", step, err)
		}
		if fails {
			next = m
		}
		if v := view(t, s).Version(); (v == before) != maps.Equal(m, next) {
			t.Fatalf("step %d: version %d after %d, %d quads after %d", step, v, before, len(next), len(m))
		}
		m = next
		if step%10 == 0 {
			check(t, s, m)
			verify(t, s)
		}
	}
	check(t, s, m)
	verify(t, s)
	if err := store.CheckPages(s); err != nil {
		t.Error(err)
	}
}

func add(m graphtest.Model, quads ...rdf.Quad) {
	for _, q := range quads {
		m[q] = true
	}
}

var errWork = errors.New("work fails")

// randomWork does some random changes in tx and to the model.
func randomWork(r graphtest.Random, tx graph.Tx, m graphtest.Model, fails bool) error {
	for range 1 + r.IntN(4) {
		quads := r.Quads(r.IntN(200))
		g := r.Graph()
		var err error
		switch r.IntN(6) {
		case 0:
			for q := range m {
				if r.IntN(3) == 0 {
					delete(m, q)
					err = errors.Join(err, tx.Delete(q))
				}
			}
		case 1:
			err = tx.Clear(g)
			maps.DeleteFunc(m, func(q rdf.Quad, _ bool) bool { return q.G == g })
		case 2:
			_, err = tx.Replace(g, source(quads))
			maps.DeleteFunc(m, func(q rdf.Quad, _ bool) bool { return q.G == g })
			for _, q := range quads {
				m[q.In(g)] = true
			}
		case 3: // one triple in very many graphs
			for n := range 50 * r.IntN(10) {
				q := rdf.Quad{S: rdf.IRI("http://example.org/course/1"), P: rdf.IRI("http://example.org/p1"), O: rdf.Literal("everywhere"), G: rdf.IRI(fmt.Sprintf("http://example.org/many/%d", n))}
				add(m, q)
				err = errors.Join(err, tx.Insert(q))
			}
		default:
			err = tx.Insert(quads...)
			add(m, quads...)
		}
		if err != nil {
			return err
		}
		if r.IntN(3) == 0 {
			if n, _, err := tx.Count(graph.Pattern{Graphs: graph.EveryQuad()}); err != nil || n != int64(len(m)) {
				return fmt.Errorf("%d quads in the transaction, want %d, error %w", n, len(m), err)
			}
		}
	}
	if fails {
		return errWork
	}
	return nil
}
