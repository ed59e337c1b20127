package store_test

import (
	"errors"
	"fmt"
	"testing"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/graph/store"
)

// TestEmptied empties the store within a transaction that goes on: it inserts,
// or fails and is undone. Cursors of bbolt meet nothing but empty pages then.
func TestEmptied(t *testing.T) {
	const subjects, predicates = 2000, 6
	each := func(fn func(...rdf.Quad) error) error {
		for i := range subjects {
			for j := range predicates {
				q := rdf.Quad{
					S: rdf.IRI(fmt.Sprint("http://e/", i)), P: rdf.IRI(fmt.Sprint("http://e/p", j)),
					O: rdf.IRI(fmt.Sprint("http://e/", (i*7+j)%subjects)),
				}
				if err := fn(q); err != nil {
					return err
				}
			}
		}
		return nil
	}
	count := func(r interface {
		Count(graph.Pattern) (int64, bool, error)
	}) int64 {
		n, _, err := r.Count(graph.Pattern{Graphs: graph.EveryQuad()})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	failed := errors.New("failed")
	for _, test := range []struct {
		name string
		then func(graph.Tx) error
		want int64
	}{
		{"and undone", func(graph.Tx) error { return failed }, subjects * predicates},
		{"and filled again", func(tx graph.Tx) error { return each(tx.Insert) }, subjects * predicates},
		{"and given one quad", func(tx graph.Tx) error {
			return tx.Insert(rdf.Quad{S: rdf.IRI("http://e/1"), P: rdf.IRI("http://e/p1"), O: rdf.IRI("http://e/new")})
		}, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, err := store.Open(t.TempDir(), store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if _, err := s.Update(t.Context(), func(tx graph.Tx) error { return each(tx.Insert) }); err != nil {
				t.Fatal(err)
			}
			_, err = s.Update(t.Context(), func(tx graph.Tx) error {
				if err := each(tx.Delete); err != nil {
					return err
				}
				if n := count(tx); n != 0 { // counting writes what is pending
					t.Errorf("%d quads within the transaction", n)
				}
				return test.then(tx)
			})
			if err != nil && !errors.Is(err, failed) {
				t.Fatal(err)
			}
			snap, err := s.Snapshot(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer snap.Close()
			if n := count(snap); n != test.want {
				t.Errorf("%d quads, want %d", n, test.want)
			}
		})
	}
}
