package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"qlgraph/graph"
	"qlgraph/graph/graphtest"
	"qlgraph/graph/rdf"
)

// TestGroupCommit lets many writers at once succeed, fail and panic: all that
// succeeded is there, nothing of the others.
func TestGroupCommit(t *testing.T) {
	s := open(t, t.TempDir())
	ctx := context.Background()
	failed := errors.New("failed")
	p := rdf.IRI("http://example.org/p")
	m := graphtest.Model{}
	var mu sync.Mutex
	var writers sync.WaitGroup
	versions := map[uint64]bool{}
	const count = 200
	for n := range count {
		writers.Go(func() {
			defer func() {
				if r := recover(); (r != nil) != (n%7 == 3) {
					t.Errorf("writer %d: recovered %v", n, r)
				}
			}()
			q := rdf.Triple(rdf.IRI(fmt.Sprintf("http://example.org/%d", n)), p, rdf.TypedLiteral(fmt.Sprint(n), fmt.Sprintf("http://example.org/type%d", n%10)))
			v, err := s.Update(ctx, func(tx graph.Tx) error {
				if err := errors.Join(tx.Insert(q), tx.(graph.LedgerTx).SetValue("n", fmt.Sprint(n), []byte{1})); err != nil {
					return err
				}
				if _, _, err := tx.Count(graph.Pattern{Graphs: graph.EveryQuad()}); err != nil {
					return err
				}
				switch n % 7 {
				case 2:
					return failed
				case 3:
					panic(failed)
				}
				return nil
			})
			if (err != nil) != (n%7 == 2) {
				t.Errorf("writer %d: %v", n, err)
			}
			if err == nil {
				snap := view(t, s)
				if snap.Version() < v {
					t.Errorf("writer %d: version %d is not visible after %d", n, v, snap.Version())
				}
				mu.Lock()
				m[q], versions[v] = true, true
				mu.Unlock()
			}
		})
	}
	writers.Wait()
	check(t, s, m)
	t.Logf("%d updates in %d commits", len(m), len(versions))
	keys := 0
	for _, err := range view(t, s).Values("n", "") {
		if err != nil {
			t.Fatal(err)
		}
		keys++
	}
	if keys != len(m) {
		t.Errorf("%d values, want %d", keys, len(m))
	}
}
