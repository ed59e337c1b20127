package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

// ErrClosed is returned by reads of a snapshot or transaction that has ended,
// and by every method of a closed Store.
var ErrClosed = errors.New("store: closed")

// ErrExpired is returned by reads of a snapshot that was open for longer than
// Options.SnapshotLimit.
var ErrExpired = errors.New("store: snapshot was open for too long")

// DamageError says that what is stored does not make sense: the disk or
// something else changed it. Nothing that was read with it should be used.
type DamageError struct {
	Where string
	Err   error
}

func (e *DamageError) Error() string { return "store: damaged file: " + e.Where + ": " + e.Err.Error() }
func (e *DamageError) Unwrap() error { return e.Err }

// Snapshot is one version of a Store. It implements graph.Snapshot,
// graph.Statistics and graph.Ledger, may be used from several goroutines, and
// ends with its context or by Options.SnapshotLimit, whichever is first.
type Snapshot struct {
	*view
	ctx context.Context
	// Reads hold mu for reading; ending the snapshot holds it for writing, as
	// pages that are still read must not be given to the writer.
	mu   sync.RWMutex
	over error // why the snapshot has ended
	end  func(error)
	// generation counts the changes of a transaction that is read: the cursors
	// of bbolt do not survive one.
	generation int
	flush      func() error // of a transaction: writes what waits
}

// begin starts a read, which must be followed by a deferred finish.
func (s *Snapshot) begin() error {
	if s.flush != nil {
		if err := s.flush(); err != nil {
			return err
		}
	}
	return s.enter()
}

func (s *Snapshot) enter() error {
	s.mu.RLock()
	err := s.over
	if err == nil {
		err = s.ctx.Err() // before end hears of it
	}
	if err != nil {
		s.mu.RUnlock()
	}
	return err
}

// finish ends a read. A damaged page makes bbolt panic or touch memory that is
// not mapped; here that becomes an error.
func (s *Snapshot) finish(faults bool, err *error) {
	debug.SetPanicOnFault(faults)
	s.mu.RUnlock()
	if r := recover(); r != nil {
		*err = damage(r)
	}
}

func damage(recovered any) error {
	if err, ok := recovered.(*DamageError); ok {
		return err
	}
	if err, ok := recovered.(error); ok {
		return &DamageError{Where: "page", Err: err}
	}
	return &DamageError{Where: "page", Err: fmt.Errorf("%v", recovered)}
}

// Version implements graph.Snapshot.
func (s *Snapshot) Version() uint64 { return s.state.version }

// Close implements graph.Snapshot.
func (s *Snapshot) Close() error {
	s.end(ErrClosed)
	return nil
}

// Lookup implements graph.Snapshot.
func (s *Snapshot) Lookup(t rdf.Term) (id graph.ID, ok bool, err error) {
	if err := s.begin(); err != nil {
		return 0, false, err
	}
	defer s.finish(debug.SetPanicOnFault(true), &err)
	return s.lookup(t)
}

func (v *view) lookup(t rdf.Term) (graph.ID, bool, error) {
	if t.IsZero() {
		return 0, false, nil
	}
	if id, ok := graph.Inline(t); ok {
		return id, true, nil
	}
	return v.find(t)
}

// Terms implements graph.Snapshot.
func (s *Snapshot) Terms(ids []graph.ID, dst []rdf.Term) (err error) {
	if err := s.begin(); err != nil {
		return err
	}
	defer s.finish(debug.SetPanicOnFault(true), &err)
	return s.resolve(ids, dst)
}

// resolve works on a few terms at a time, whose texts it copies into one
// string: so they neither cost an allocation each nor keep the blocks of the
// cache alive.
func (v *view) resolve(ids []graph.ID, dst []rdf.Term) error {
	var texts [resolveAtOnce]textTerm
	for len(ids) > 0 {
		n := min(len(ids), resolveAtOnce)
		if err := v.resolveFew(ids[:n], dst[:n], texts[:n]); err != nil {
			return err
		}
		ids, dst = ids[n:], dst[n:]
	}
	return nil
}

const resolveAtOnce = 128

func (v *view) resolveFew(ids []graph.ID, dst []rdf.Term, texts []textTerm) error {
	total := 0
	for i, id := range ids {
		if id == 0 || id.Inlined() || i > 0 && id == ids[i-1] {
			continue
		}
		text, ok, err := v.terms.text(id)
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("store: unknown term ID %#x", uint64(id))
		}
		texts[i] = text
		total += len(text.text)
	}
	var all strings.Builder
	all.Grow(total)
	for i, id := range ids {
		switch {
		case id == 0:
			dst[i] = rdf.Term{}
		case i > 0 && id == ids[i-1]:
			dst[i] = dst[i-1]
		case id.Inlined():
			dst[i] = id.InlinedTerm()
		default:
			text, start := texts[i], all.Len()
			all.WriteString(text.text)
			text.text = all.String()[start:]
			var err error
			if dst[i], err = v.terms.qualifiers.term(id.Kind(), text); err != nil {
				return err
			}
		}
	}
	return nil
}

// Scan implements graph.Snapshot.
func (s *Snapshot) Scan(p graph.Pattern, o graph.Order) (c graph.Cursor, err error) {
	if err := s.begin(); err != nil {
		return nil, err
	}
	defer s.finish(debug.SetPanicOnFault(true), &err)
	return newCursor(s, p, o), nil
}

// Count implements graph.Snapshot. It is exact where the matches are one run of
// an index, which is counted without decoding it, or few.
func (s *Snapshot) Count(p graph.Pattern) (n int64, exact bool, err error) {
	if err := s.begin(); err != nil {
		return 0, false, err
	}
	defer s.finish(debug.SetPanicOnFault(true), &err)
	return s.count(p)
}

// countByScan is the size of a run up to which Count looks at every quad.
const countByScan = 16 * targetRows

func (s *Snapshot) count(p graph.Pattern) (int64, bool, error) {
	if n, ok, err := s.countKnown(p); ok || err != nil {
		return n, true, err
	}
	o := graph.OrderFor(p)
	c := newCursor(s, p, o)
	defer c.Close()
	rows, triples, err := c.size()
	if err != nil {
		return 0, false, err
	}
	switch {
	case !c.filtered() && p.Graphs.Merged():
		return triples, true, nil
	case !c.filtered():
		return rows, true, nil
	case rows > countByScan:
		return rows, false, nil
	}
	var n int64
	b := graph.Batch{S: make([]graph.ID, graph.BatchSize)}
	matches := newCursor(s, p, o)
	defer matches.Close()
	for {
		k, err := matches.fill(&b)
		if k == 0 || err != nil {
			return n, true, err
		}
		n += int64(k)
	}
}

// CountObjects implements graph.RangeCounter by the headers of the blocks of the
// range.
func (s *Snapshot) CountObjects(p graph.Pattern, span graph.Span, enough int64) (n int64, err error) {
	if err := s.begin(); err != nil {
		return 0, err
	}
	defer s.finish(debug.SetPanicOnFault(true), &err)
	c := newCursor(s, graph.Pattern{P: p.P, Graphs: graph.EveryQuad()}, graph.POSG)
	defer c.Close()
	end := row{p.P, span.Last + 1}
	if err := c.seek(row{p.P, span.First}); err != nil {
		return 0, err
	}
	key := appendRowKey(nil, end)
	for !c.done && n <= enough {
		if next := c.blocks.block.next; len(next) == 0 || bytes.Compare(next, key) > 0 {
			return n + int64(max(0, min(c.end, c.lowerBound(end))-c.row)), nil
		}
		n += int64(c.end - c.row)
		if err := c.advance(); err != nil {
			return 0, err
		}
	}
	return n, nil
}

// countKnown returns the number of matches where it is among the statistics:
// of everything, of one graph or all named ones, of a predicate.
func (s *Snapshot) countKnown(p graph.Pattern) (n int64, ok bool, err error) {
	_, listed := p.Graphs.Set()
	g, single := p.Graphs.Single()
	merged := p.Graphs.Merged()
	switch all := readsAll(p.Graphs); {
	case p.S != 0 || p.O != 0 || p.P != 0 && merged:
		return 0, false, nil
	case p.P != 0 && all:
		c, err := s.predicateCounts(p.P)
		return c.Quads, true, err
	case p.P != 0:
		return 0, false, nil
	case all && merged:
		return int64(s.state.triples), true, nil
	case all:
		return int64(s.state.quads), true, nil
	case single:
		c, err := s.graphCounts(g)
		return c.Quads, true, err
	case listed || merged:
		return 0, false, nil
	}
	unnamed, err := s.graphCounts(0)
	return int64(s.state.quads) - unnamed.Quads, true, err
}

// Snapshot implements graph.Dataset.
func (s *Store) Snapshot(ctx context.Context) (graph.Snapshot, error) { return s.View(ctx) }

// View opens the newest version for reading; see graph.Dataset.Snapshot.
func (s *Store) View(ctx context.Context) (_ *Snapshot, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return s.open(ctx, s.options.SnapshotLimit)
}
