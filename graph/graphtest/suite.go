package graphtest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

// Run runs the suite; open returns an empty dataset each time.
func Run(t *testing.T, open func(t *testing.T) graph.Writer) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, graph.Writer)
	}{
		{"Scan", testScan},
		{"Quads", testQuads},
		{"Seek", testSeek},
		{"Empty", testEmpty},
		{"Terms", testTerms},
		{"Transaction", testTransaction},
		{"Rollback", testRollback},
		{"Replace", testReplace},
		{"Isolation", testIsolation},
		{"Closed", testClosed},
		{"Statistics", testStatistics},
		{"Ranges", testRanges},
		{"Ledger", testLedger},
		{"Text", testText},
		{"Rounds", testRounds},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

// choices returns every kind of Graphs over the suite's five graphs.
func choices(t testing.TB, s graph.Snapshot) map[string]graph.Graphs {
	var ids []graph.ID
	for n := 1; n <= 4; n++ {
		ids = append(ids, ID(t, s, rdf.IRI(fmt.Sprintf("http://example.org/graph/%d", n))))
	}
	return map[string]graph.Graphs{
		"unnamed":      graph.UnnamedGraph(),
		"one":          graph.OneGraph(ids[0]),
		"one unnamed":  graph.OneGraph(0),
		"each named":   graph.EachNamed(),
		"each of two":  graph.EachOf(ids[2], ids[1]),
		"each of none": graph.EachOf(),
		"each with 0":  graph.EachOf(0, ids[3]),
		"every quad":   graph.EveryQuad(),
		"union":        graph.Union(),
		"union of one": graph.UnionOf(ids[1]),
		"union of two": graph.UnionOf(ids[1], ids[3]),
		"union of 0":   graph.UnionOf(0),
		"union with 0": graph.UnionOf(ids[0], 0),
		"no union":     graph.UnionOf(),
	}
}

// patterns returns q with every choice of its components bound.
func patterns(q graph.Quad, g graph.Graphs) []graph.Pattern {
	out := make([]graph.Pattern, 8)
	for i := range out {
		out[i] = graph.Pattern{Graphs: g}
		if i&1 != 0 {
			out[i].S = q.S
		}
		if i&2 != 0 {
			out[i].P = q.P
		}
		if i&4 != 0 {
			out[i].O = q.O
		}
	}
	return out
}

// fill inserts n random quads.
func fill(t *testing.T, w graph.Writer, n int) (Random, Model) {
	r := NewRandom(t, 12)
	m := Model{}
	quads := r.Quads(n)
	update(t, w, func(tx graph.Tx) error { return tx.Insert(quads...) })
	for _, q := range quads {
		m[q] = true
	}
	return r, m
}

func testScan(t *testing.T, w graph.Writer) {
	r, m := fill(t, w, 1500)
	s := snapshot(t, w)
	m.Check(t, s)
	everything := m.Visible(t, s, graph.Pattern{Graphs: graph.EveryQuad()}, graph.SPOG)
	for name, g := range choices(t, s) {
		q := everything[r.IntN(len(everything))]
		for _, p := range patterns(q, g) {
			for o := graph.SPOG; o <= graph.GSPO; o++ {
				want := m.Visible(t, s, p, o)
				got := Scan(t, s, p, o, []int{1, 3, 100, graph.BatchSize}[r.IntN(4)])
				if !slices.Equal(got, want) {
					t.Errorf("%s, bound %x %x %x, %v: %d quads, want %d", name, p.S, p.P, p.O, o, len(got), len(want))
				}
				n, exact, err := s.Count(p)
				if err != nil || exact && n != int64(len(want)) || n < 0 || n > int64(len(m)) {
					t.Errorf("%s, bound %x %x %x: count %d (exact %v), error %v, want %d", name, p.S, p.P, p.O, n, exact, err, len(want))
				}
			}
		}
	}
}

func testSeek(t *testing.T, w graph.Writer) {
	r, m := fill(t, w, 1500)
	s := snapshot(t, w)
	everything := m.Visible(t, s, graph.Pattern{Graphs: graph.EveryQuad()}, graph.SPOG)
	for name, g := range choices(t, s) {
		for _, p := range patterns(everything[r.IntN(len(everything))], g) {
			for o := graph.SPOG; o <= graph.GSPO; o++ {
				seekAround(t, r, s, p, o, name, everything, m.Visible(t, s, p, o))
			}
		}
	}
}

// seekAround reads and seeks at random, beside an index into what is wanted.
func seekAround(t *testing.T, r Random, s graph.Snapshot, p graph.Pattern, o graph.Order, name string, targets, want []graph.Quad) {
	t.Helper()
	c, err := s.Scan(p, o)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	at := 0
	for range 12 {
		q := targets[r.IntN(len(targets))]
		if p.Graphs.Merged() && r.IntN(2) == 0 {
			q.G = 0
		}
		if r.IntN(3) == 0 {
			q.O += graph.ID(r.IntN(3)) - 1
		}
		if err := c.Seek(q); err != nil {
			t.Fatalf("Seek: %v", err)
		}
		next, _ := slices.BinarySearchFunc(want, q, o.Compare)
		at = max(at, next)
		b := graph.NewBatch()
		size := 1 + r.IntN(40)
		b.S, b.P, b.O, b.G = b.S[:size], b.P[:size], b.O[:size], b.G[:size]
		n, err := c.Next(b)
		if err != nil {
			t.Fatalf("Next: %v", err)
		}
		if (n == 0) != (at >= len(want)) || at+n > len(want) {
			t.Fatalf("%s %v: %d quads after Seek, %d are left", name, o, n, len(want)-at)
		}
		for i := range n {
			if got := (graph.Quad{S: b.S[i], P: b.P[i], O: b.O[i], G: b.G[i]}); got != want[at+i] {
				t.Fatalf("%s %v: after Seek %v, want %v", name, o, got, want[at+i])
			}
		}
		at += n
	}
	if got := drain(t, c, 7); !slices.Equal(got, want[at:]) {
		t.Fatalf("%s %v: %d quads at the end, want %d", name, o, len(got), len(want)-at)
	}
}

func testEmpty(t *testing.T, w graph.Writer) {
	s := snapshot(t, w)
	Model{}.Check(t, s)
	if _, ok, err := s.Lookup(rdf.IRI("http://example.org/nothing")); ok || err != nil {
		t.Errorf("Lookup: found %v, error %v", ok, err)
	}
	before := s.Version()
	if v := update(t, w, func(tx graph.Tx) error {
		return errors.Join(tx.Clear(rdf.Term{}), tx.Clear(rdf.IRI("http://example.org/nothing")), tx.Delete(rdf.Triple(rdf.IRI("a:"), rdf.IRI("b:"), rdf.IRI("c:"))))
	}); v != before {
		t.Errorf("version %d after nothing changed, want %d", v, before)
	}
}

func testTerms(t *testing.T, w graph.Writer) {
	terms := []rdf.Term{
		rdf.IRI("http://example.org/a"), rdf.IRI("a:"), rdf.IRI(""), rdf.Blank("a"), rdf.Literal("a"), rdf.Literal(""),
		rdf.Literal("http://example.org/a"), rdf.LangLiteral("a", "en"), rdf.LangLiteral("a", "EN"), rdf.LangLiteral("", "en"),
		rdf.TypedLiteral("a", "http://example.org/a"), rdf.TypedLiteral("1", rdf.XSDInteger), rdf.TypedLiteral("01", rdf.XSDInteger),
		rdf.TypedLiteral("1", rdf.XSDNonNegativeInteger), rdf.Literal("a\x00b"), rdf.Literal("a\x00"), rdf.Literal("\xff\xfe"), rdf.Literal("ein Ä\U0001F393"),
		rdf.Literal(string(make([]byte, 100_000))), rdf.TypedLiteral("2025-01-01T00:00:00Z", rdf.XSDDateTime),
	}
	s, p := rdf.IRI("http://example.org/s"), rdf.IRI("http://example.org/p")
	update(t, w, func(tx graph.Tx) error {
		for _, o := range terms {
			if err := tx.Insert(rdf.Triple(s, p, o)); err != nil {
				return err
			}
		}
		return nil
	})
	snap := snapshot(t, w)
	ids := []graph.ID{0}
	for _, term := range terms {
		id := ID(t, snap, term)
		if slices.Contains(ids, id) || id.TermKind() != term.Kind() {
			t.Errorf("%v: ID %x is another's or of another kind", term, uint64(id))
		}
		ids = append(ids, id)
	}
	got := make([]rdf.Term, len(ids)+1)
	if err := snap.Terms(ids, got); err != nil || !got[0].IsZero() || !slices.Equal(got[1:len(ids)], terms) {
		t.Errorf("Terms: error %v, got %v", err, got)
	}
	for _, id := range []graph.ID{graph.MakeID(graph.IDIRI, 1<<40), graph.MakeID(graph.IDLocal, 1), graph.MakeID(graph.IDLiteral, 0)} {
		if err := snap.Terms([]graph.ID{id}, got); err == nil {
			t.Errorf("ID %x resolves to %v", uint64(id), got[0])
		}
	}
	if _, ok, err := snap.Lookup(rdf.Term{}); ok || err != nil {
		t.Errorf("Lookup of no term: found %v, error %v", ok, err)
	}
}

func testTransaction(t *testing.T, w graph.Writer) {
	r := NewRandom(t, 12)
	m := Model{}
	v := update(t, w, func(tx graph.Tx) error {
		for range 60 {
			q := r.Quad()
			switch r.IntN(5) {
			case 0:
				if err := tx.Clear(q.G); err != nil {
					return err
				}
				for held := range m {
					if held.G == q.G {
						delete(m, held)
					}
				}
			case 1:
				for held := range m {
					q = held
					break
				}
				if err := tx.Delete(q, r.Quad().In(rdf.IRI("http://example.org/graph/none"))); err != nil {
					return err
				}
				delete(m, q)
			default:
				quads := r.Quads(1 + r.IntN(40))
				if err := tx.Insert(append(quads, quads[0])...); err != nil {
					return err
				}
				for _, q := range quads {
					m[q] = true
				}
			}
			m.Check(t, tx)
		}
		return nil
	})
	s := snapshot(t, w)
	m.Check(t, s)
	if s.Version() != v {
		t.Errorf("version %d, want %d", s.Version(), v)
	}
	again := update(t, w, func(tx graph.Tx) error {
		var quads []rdf.Quad
		for q := range m {
			quads = append(quads, q)
		}
		extra := r.Quad().In(rdf.IRI("http://example.org/graph/extra"))
		return errors.Join(tx.Insert(quads...), tx.Insert(extra), tx.Delete(extra))
	})
	if again != v {
		t.Errorf("version %d after nothing changed, want %d", again, v)
	}
}

func testRollback(t *testing.T, w graph.Writer) {
	r, m := fill(t, w, 200)
	before := snapshot(t, w).Version()
	failed := errors.New("failed")
	v, err := w.Update(context.Background(), func(tx graph.Tx) error {
		if err := errors.Join(tx.Insert(r.Quads(50)...), tx.Clear(rdf.IRI("http://example.org/graph/1"))); err != nil {
			return err
		}
		return failed
	})
	if !errors.Is(err, failed) || v != before {
		t.Errorf("Update: version %d, error %v", v, err)
	}
	broken := func(yield func(rdf.Quad, error) bool) {
		_ = yield(r.Quad(), nil) && yield(rdf.Quad{}, failed)
	}
	_, err = w.Update(context.Background(), func(tx graph.Tx) error {
		_, err := tx.Replace(rdf.Term{}, broken)
		return err
	})
	if !errors.Is(err, failed) {
		t.Errorf("Update with a broken Replace: error %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	_, err = w.Update(ctx, func(tx graph.Tx) error {
		defer cancel()
		return tx.Insert(r.Quads(50)...)
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Update with a cancelled context: error %v", err)
	}
	m.Check(t, snapshot(t, w))
}

func sequence(quads []rdf.Quad) iter.Seq2[rdf.Quad, error] {
	return func(yield func(rdf.Quad, error) bool) {
		for _, q := range quads {
			if !yield(q, nil) {
				return
			}
		}
	}
}

func testReplace(t *testing.T, w graph.Writer) {
	r, m := fill(t, w, 1500)
	for range 10 {
		g := r.Graph()
		var quads []rdf.Quad
		var want graph.Change
		for q := range m {
			if q.G == g {
				if r.IntN(10) > 0 {
					quads = append(quads, q.In(r.Graph()))
					continue
				}
				want.Removed++
				delete(m, q)
			}
		}
		for _, q := range r.Quads(r.IntN(30)) {
			quads = append(quads, q, q)
			if !m[q.In(g)] {
				want.Added++
				m[q.In(g)] = true
			}
		}
		// A quad that was dropped and drawn again is neither added nor removed.
		before := snapshot(t, w)
		lost := len(Scan(t, before, graph.Pattern{Graphs: graph.OneGraph(graphID(t, before, g))}, graph.GSPO, graph.BatchSize))
		var change graph.Change
		v := update(t, w, func(tx graph.Tx) (err error) {
			change, err = tx.Replace(g, sequence(quads))
			return err
		})
		if change.Added-change.Removed != want.Added-want.Removed || change.Added > want.Added || lost < int(change.Removed) {
			t.Errorf("Replace: %+v, want %+v", change, want)
		}
		if (v != before.Version()) != (change != graph.Change{}) {
			t.Errorf("version %d after %d, change %+v", v, before.Version(), change)
		}
		m.Check(t, snapshot(t, w))
		update(t, w, func(tx graph.Tx) (err error) {
			change, err = tx.Replace(g, sequence(quads))
			return err
		})
		if after := snapshot(t, w).Version(); change != (graph.Change{}) || after != v {
			t.Errorf("Replace by the same: %+v, version %d after %d", change, after, v)
		}
	}
}

func graphID(t testing.TB, s graph.Snapshot, g rdf.Term) graph.ID {
	if _, ok, err := s.Lookup(g); !ok && err == nil {
		return 0
	}
	return ID(t, s, g)
}

func testIsolation(t *testing.T, w graph.Writer) {
	r, m := fill(t, w, 500)
	type state struct {
		snapshot graph.Snapshot
		model    Model
	}
	var states []state
	for range 8 {
		held := Model{}
		for q := range m {
			held[q] = true
		}
		states = append(states, state{snapshot(t, w), held})
		quads := r.Quads(50)
		update(t, w, func(tx graph.Tx) error {
			return errors.Join(tx.Clear(quads[0].G), tx.Insert(quads...))
		})
		for q := range m {
			if q.G == quads[0].G {
				delete(m, q)
			}
		}
		for _, q := range quads {
			m[q] = true
		}
	}
	for i, s := range states {
		if i > 0 && s.snapshot.Version() <= states[i-1].snapshot.Version() {
			t.Errorf("version %d follows %d", s.snapshot.Version(), states[i-1].snapshot.Version())
		}
		s.model.Check(t, s.snapshot)
	}
}

func testClosed(t *testing.T, w graph.Writer) {
	fill(t, w, 100)
	everything := graph.Pattern{Graphs: graph.EveryQuad()}
	ctx, cancel := context.WithCancel(context.Background())
	for name, end := range map[string]func(graph.Snapshot){
		"closed":    func(s graph.Snapshot) { s.Close() },
		"cancelled": func(graph.Snapshot) { cancel() },
	} {
		s, err := w.Snapshot(ctx)
		if name == "closed" {
			s, err = w.Snapshot(context.Background())
		}
		if err != nil {
			t.Fatal(err)
		}
		c, err := s.Scan(everything, graph.SPOG)
		if err != nil {
			t.Fatal(err)
		}
		end(s)
		if _, err := c.Next(graph.NewBatch()); err == nil {
			t.Errorf("%s: Next works", name)
		}
		if err := c.Seek(graph.Quad{}); err == nil {
			t.Errorf("%s: Seek works", name)
		}
		if _, err := s.Scan(everything, graph.SPOG); err == nil {
			t.Errorf("%s: Scan works", name)
		}
		if _, _, err := s.Count(everything); err == nil {
			t.Errorf("%s: Count works", name)
		}
		if _, _, err := s.Lookup(rdf.IRI("http://example.org/p1")); err == nil {
			t.Errorf("%s: Lookup works", name)
		}
		if err := errors.Join(c.Close(), c.Close(), s.Close(), s.Close()); err != nil {
			t.Errorf("%s: closing twice: %v", name, err)
		}
	}
	if _, err := w.Snapshot(ctx); err == nil {
		t.Error("a snapshot opens with a cancelled context")
	}
}

// testRounds lets the dataset grow and shrink over many commits, so that every
// way of splitting and joining what is stored gets its turn.
func testRounds(t *testing.T, w graph.Writer) {
	r := NewRandom(t, 400)
	m := Model{}
	for round := range 12 {
		add := r.Quads([]int{3000, 10, 500}[round%3])
		var remove []rdf.Quad
		for q := range m {
			if r.IntN([]int{100, 3, 20}[(round+1)%3]) == 0 {
				remove = append(remove, q)
			}
		}
		update(t, w, func(tx graph.Tx) error { return errors.Join(tx.Delete(remove...), tx.Insert(add...)) })
		for _, q := range remove {
			delete(m, q)
		}
		for _, q := range add {
			m[q] = true
		}
		m.Check(t, snapshot(t, w))
	}
}
