package mem

import (
	"cmp"
	"context"
	"slices"
	"sync/atomic"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

type snapshot struct {
	ctx     context.Context
	terms   *dictionary
	version *version
	refresh func() // of a transaction: brings version up to date
	ledger  ledger
	closed  atomic.Bool
}

// view returns the version to read.
func (s *snapshot) view() (*version, error) {
	if s.closed.Load() {
		return nil, errClosed
	}
	if err := s.ctx.Err(); err != nil {
		return nil, err
	}
	if s.refresh != nil {
		s.refresh()
	}
	return s.version, nil
}

func (s *snapshot) err() error {
	if s.closed.Load() {
		return errClosed
	}
	return s.ctx.Err()
}

func (s *snapshot) Version() uint64 { return s.version.number }

func (s *snapshot) Close() error {
	s.closed.Store(true)
	return nil
}

func (s *snapshot) Lookup(t rdf.Term) (graph.ID, bool, error) {
	if err := s.err(); err != nil {
		return 0, false, err
	}
	id, ok := s.terms.lookup(t)
	return id, ok && id != 0, nil
}

func (s *snapshot) Terms(ids []graph.ID, dst []rdf.Term) error {
	if err := s.err(); err != nil {
		return err
	}
	return s.terms.resolve(ids, dst)
}

func (s *snapshot) Scan(p graph.Pattern, o graph.Order) (graph.Cursor, error) {
	v, err := s.view()
	if err != nil {
		return nil, err
	}
	return &cursor{snapshot: s, walk: newWalk(v, p, o)}, nil
}

func (s *snapshot) Count(p graph.Pattern) (int64, bool, error) {
	v, err := s.view()
	if err != nil {
		return 0, false, err
	}
	var n int64
	for w := newWalk(v, p, graph.OrderFor(p)); ; n++ {
		if _, ok := w.next(); !ok {
			return n, true, nil
		}
	}
}

// CountObjects implements graph.RangeCounter.
func (s *snapshot) CountObjects(p graph.Pattern, span graph.Span, _ int64) (int64, error) {
	v, err := s.view()
	if err != nil {
		return 0, err
	}
	run := v.run(p, graph.POSG)
	first, _ := slices.BinarySearchFunc(run, span.First, func(q graph.Quad, o graph.ID) int { return cmp.Compare(q.O, o) })
	end, _ := slices.BinarySearchFunc(run, span.Last+1, func(q graph.Quad, o graph.ID) int { return cmp.Compare(q.O, o) })
	return int64(max(0, end-first)), nil
}

// walk goes through the matches of a pattern, one by one.
type walk struct {
	pattern graph.Pattern
	asked   graph.Order
	order   graph.Order // of the array that is walked
	merged  bool
	rest    []graph.Quad
	last    graph.Quad // the last match, where graphs are merged
}

func newWalk(v *version, p graph.Pattern, o graph.Order) walk {
	asked, merged := o, p.Graphs.Merged()
	if merged && o == graph.GSPO {
		// All matches have the graph zero, so they are in the order SPO; only
		// with G last are the duplicates neighbours.
		o = graph.SPOG
	}
	return walk{pattern: p, asked: asked, order: o, merged: merged, rest: v.run(p, o)}
}

func (w *walk) next() (graph.Quad, bool) {
	for len(w.rest) > 0 {
		q := w.rest[0]
		w.rest = w.rest[1:]
		if !w.pattern.Matches(q) {
			continue
		}
		if w.merged {
			q.G = 0
			if q == w.last {
				continue
			}
			w.last = q
		}
		return q, true
	}
	return graph.Quad{}, false
}

func (w *walk) seek(q graph.Quad) {
	if w.merged && q.G != 0 {
		// Matches have the graph zero: the triple of q itself lies before q,
		// and every match does where the graph comes first.
		if w.asked == graph.GSPO {
			w.rest = nil
		}
		q.G = ^graph.ID(0)
	}
	i, _ := slices.BinarySearchFunc(w.rest, q, w.order.Compare)
	w.rest = w.rest[i:]
}

type cursor struct {
	snapshot *snapshot
	walk     walk
	closed   bool
}

func (c *cursor) err() error {
	if c.closed {
		return errClosed
	}
	return c.snapshot.err()
}

func (c *cursor) Next(b *graph.Batch) (int, error) {
	if err := c.err(); err != nil {
		return 0, err
	}
	n, room := 0, b.Len()
	for ; n < room; n++ {
		q, ok := c.walk.next()
		if !ok {
			break
		}
		set(b.S, n, q.S)
		set(b.P, n, q.P)
		set(b.O, n, q.O)
		set(b.G, n, q.G)
	}
	return n, nil
}

func set(column []graph.ID, i int, id graph.ID) {
	if column != nil {
		column[i] = id
	}
}

func (c *cursor) Seek(q graph.Quad) error {
	if err := c.err(); err != nil {
		return err
	}
	c.walk.seek(q)
	return nil
}

func (c *cursor) Close() error {
	c.closed = true
	return nil
}
