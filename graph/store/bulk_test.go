package store_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/graphtest"
	"qlgraph/graph/rdf"
	"qlgraph/graph/store"
)

// beside is what a test knows of a store besides its quads.
type beside struct {
	ledger map[string]string
	states map[string][]string
}

func (b beside) check(t *testing.T, s *store.Store) {
	t.Helper()
	snap := view(t, s)
	var keys []string
	for e, err := range snap.Values("t", "") {
		if err != nil {
			t.Fatal(err)
		}
		if keys = append(keys, e.Key); string(e.Value) != b.ledger[e.Key] {
			t.Errorf("value of %s: %q, want %q", e.Key, e.Value, b.ledger[e.Key])
		}
	}
	if want := slices.Sorted(maps.Keys(b.ledger)); !slices.Equal(keys, want) {
		t.Errorf("keys %v, want %v", keys, want)
	}
	for name, states := range b.states {
		revisions, err := snap.Revisions(name)
		if err != nil || len(revisions) != len(states) {
			t.Fatalf("%s: %d revisions, want %d, error %v", name, len(revisions), len(states), err)
		}
		for i, r := range revisions {
			if state, err := snap.RevisionState(name, r.Number); r.Number != uint32(i+1) || string(state) != states[i] || err != nil {
				t.Errorf("revision %d of %s: %q, want %q, error %v", r.Number, name, state, states[i], err)
			}
		}
	}
}

// TestBulk compares bulk transactions between ordinary ones with a model.
func TestBulk(t *testing.T) {
	r := graphtest.NewRandom(t, 400)
	s := open(t, t.TempDir())
	m, b := graphtest.Model{}, beside{map[string]string{}, map[string][]string{}}
	for round := range 12 {
		before, version := maps.Clone(m), view(t, s).Version()
		old := view(t, s)
		if round%3 == 2 {
			quads := r.Quads(300)
			if _, err := s.Update(t.Context(), func(tx graph.Tx) error { return tx.Insert(quads...) }); err != nil {
				t.Fatal(err)
			}
			add(m, quads...)
			continue
		}
		change, err := s.Bulk(t.Context(), func(tx graph.BulkTx) error { return randomBulk(r, tx, m, b) })
		if err != nil {
			t.Fatal(err)
		}
		var want graph.Change
		for q := range m {
			if !before[q] {
				want.Added++
			}
		}
		for q := range before {
			if !m[q] {
				want.Removed++
			}
		}
		if change != want {
			t.Errorf("round %d: change %+v, want %+v", round, change, want)
		}
		if changed := view(t, s).Version() != version; changed != (want != graph.Change{}) {
			t.Errorf("round %d: a new version: %v, after the change %+v", round, changed, want)
		}
		before.Check(t, old)
		check(t, s, m)
		b.check(t, s)
		verify(t, s)
	}
}

// randomBulk fills some graphs and sets some values, in the model too.
func randomBulk(r graphtest.Random, tx graph.BulkTx, m graphtest.Model, b beside) error {
	filled := map[rdf.Term]bool{}
	for range r.IntN(3) {
		g, quads := r.Graph(), r.Quads(r.IntN(3)*r.IntN(300))
		var kept []rdf.Quad // some of what is there
		for q := range m {
			if q.G == g && r.IntN(2) == 0 {
				kept = append(kept, q)
			}
		}
		maps.DeleteFunc(m, func(q rdf.Quad, _ bool) bool { return q.G == g && !filled[g] })
		filled[g] = true
		quads = append(quads, kept...)
		if err := tx.Fill(g, source(quads)); err != nil {
			return err
		}
		for _, q := range quads {
			m[q.In(g)] = true
		}
	}
	for range r.IntN(40) {
		key, value := fmt.Sprint(r.IntN(30)), []byte(fmt.Sprint(r.IntN(5)))
		if b.ledger[key] = string(value); r.IntN(3) == 0 {
			delete(b.ledger, key)
			value = nil
		}
		if err := tx.SetValue("t", key, value); err != nil {
			return err
		}
		name, state := "r"+fmt.Sprint(r.IntN(4)), fmt.Sprint(r.IntN(3))
		recorded, err := tx.(graph.HistoryTx).Record(name, graph.Revision{Hash: sha256.Sum256([]byte(state))}, []byte(state))
		if err != nil {
			return err
		}
		states := b.states[name]
		if same := len(states) > 0 && states[len(states)-1] == state; recorded == same {
			return fmt.Errorf("recorded %v, the state before was %v", recorded, states)
		}
		if recorded {
			b.states[name] = append(states, state)
		}
	}
	_, err := tx.(graph.HistoryTx).Archive([]byte("record"), time.Unix(1, 0))
	return err
}

// TestBulkFails asks that nothing is left of a bulk transaction that fails, and
// that one which changes nothing writes nothing.
func TestBulkFails(t *testing.T) {
	r := graphtest.NewRandom(t, 100)
	s := open(t, t.TempDir())
	quads := r.Quads(200)
	g := quads[0].G
	fill := func(tx graph.BulkTx) error { return tx.Fill(g, source(quads)) }
	if _, err := s.Bulk(t.Context(), fill); err != nil {
		t.Fatal(err)
	}
	m, version := contents(t, s), view(t, s).Version()
	failed := errors.New("failed")
	broken := func(yield func(rdf.Quad, error) bool) { _ = yield(r.Quad(), nil) && yield(rdf.Quad{}, failed) }
	cancelled, cancel := context.WithCancel(t.Context())
	for name, try := range map[string]func() error{
		"fn": func() error {
			_, err := s.Bulk(t.Context(), func(tx graph.BulkTx) error { return errors.Join(tx.SetValue("t", "k", []byte("v")), failed) })
			return err
		},
		"quads": func() error {
			_, err := s.Bulk(t.Context(), func(tx graph.BulkTx) error { return tx.Fill(g, broken) })
			return err
		},
		"context": func() error {
			_, err := s.Bulk(cancelled, func(tx graph.BulkTx) error { cancel(); return fill(tx) })
			return err
		},
	} {
		if err := try(); err == nil {
			t.Errorf("%s: no error", name)
		}
		check(t, s, m)
		if value, err := view(t, s).Value("t", "k"); value != nil || err != nil {
			t.Errorf("%s: value %q, error %v", name, value, err)
		}
	}
	if change, err := s.Bulk(t.Context(), fill); err != nil || change != (graph.Change{}) || view(t, s).Version() != version {
		t.Errorf("the same again: %+v, version %d, error %v", change, view(t, s).Version(), err)
	}
	verify(t, s)
}

// TestBulkBesideWriters asks that no update is lost which shares a commit with
// others while the file is replaced.
func TestBulkBesideWriters(t *testing.T) {
	r := graphtest.NewRandom(t, 100)
	s := open(t, t.TempDir())
	g := r.Graph()
	want := graphtest.Model{}
	var writers sync.WaitGroup
	for range 8 {
		quads := r.Quads(60)
		for i := range quads {
			quads[i] = quads[i].In(rdf.IRI("http://example.org/kept"))
		}
		add(want, quads...)
		writers.Go(func() {
			for _, q := range quads {
				if _, err := s.Update(context.Background(), func(tx graph.Tx) error { return tx.Insert(q) }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for n := range 10 {
		quads := r.Quads(5)
		if _, err := s.Bulk(t.Context(), func(tx graph.BulkTx) error { return tx.Fill(g, source(quads)) }); err != nil {
			t.Fatal(err)
		}
		if n == 9 {
			for _, q := range quads {
				want[q.In(g)] = true
			}
		}
	}
	writers.Wait()
	check(t, s, want)
	verify(t, s)
}
