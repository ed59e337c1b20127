package mem

import (
	"slices"
	"sync"

	"qlgraph/graph"
)

const orders = 5 // graph.SPOG to graph.GSPO

// version is one immutable state of a dataset: its quads, sorted in each order
// that somebody has asked for.
type version struct {
	number uint64
	sorted [orders]sortedQuads
	stats  statistics
	ledger ledger
}

type sortedQuads struct {
	once  sync.Once
	quads []graph.Quad
}

// newVersion takes quads over: distinct and sorted as SPOG.
func newVersion(number uint64, quads []graph.Quad) *version {
	v := &version{number: number}
	v.sorted[graph.SPOG].quads = quads
	v.sorted[graph.SPOG].once.Do(func() {})
	return v
}

// in returns the version's quads in the order o.
func (v *version) in(o graph.Order) []graph.Quad {
	s := &v.sorted[o]
	s.once.Do(func() {
		s.quads = slices.Clone(v.sorted[graph.SPOG].quads)
		slices.SortFunc(s.quads, o.Compare)
	})
	return s.quads
}

func (v *version) holds(q graph.Quad) bool {
	_, found := slices.BinarySearchFunc(v.in(graph.SPOG), q, graph.SPOG.Compare)
	return found
}

// run returns the part of the version in the order o that can match p.
func (v *version) run(p graph.Pattern, o graph.Order) []graph.Quad {
	quads := v.in(o)
	key, n := o.Prefix(p)
	lo, _ := slices.BinarySearchFunc(quads, key, func(q graph.Quad, key [4]graph.ID) int {
		return comparePrefix(o.Key(q), key, n, -1)
	})
	hi, _ := slices.BinarySearchFunc(quads, key, func(q graph.Quad, key [4]graph.ID) int {
		return comparePrefix(o.Key(q), key, n, 1)
	})
	return quads[lo:max(lo, hi)]
}

// comparePrefix compares the first n components; equal ones count as above the
// key for tie -1's lower bound and below it for tie 1's upper bound.
func comparePrefix(a, key [4]graph.ID, n, tie int) int {
	if c := slices.Compare(a[:n], key[:n]); c != 0 {
		return c
	}
	return -tie
}

// apply returns the version that follows v by the given changes: true adds a
// quad that v lacks, false removes one that it holds.
func (v *version) apply(number uint64, changes map[graph.Quad]bool) *version {
	if len(changes) == 0 {
		return newVersion(number, v.in(graph.SPOG))
	}
	changed := make([]graph.Quad, 0, len(changes))
	for q := range changes {
		changed = append(changed, q)
	}
	slices.SortFunc(changed, graph.SPOG.Compare)
	old := v.in(graph.SPOG)
	merged := make([]graph.Quad, 0, len(old)+len(changed))
	for _, q := range changed {
		i, found := slices.BinarySearchFunc(old, q, graph.SPOG.Compare)
		merged = append(merged, old[:i]...)
		old = old[i:]
		if found {
			old = old[1:]
		}
		if changes[q] {
			merged = append(merged, q)
		}
	}
	return newVersion(number, append(merged, old...))
}
