package graphtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

// Model is what a dataset should hold: a set of quads.
type Model map[rdf.Quad]bool

// Visible returns the matches of p in the order o, by definition: every quad is
// looked at, merged graphs lose their name, duplicates go, the rest is sorted.
func (m Model) Visible(t testing.TB, s graph.Snapshot, p graph.Pattern, o graph.Order) []graph.Quad {
	t.Helper()
	var out []graph.Quad
	for q := range m {
		ids := IDs(t, s, q)
		if !p.Matches(ids) {
			continue
		}
		if p.Graphs.Merged() {
			ids.G = 0
		}
		out = append(out, ids)
	}
	slices.SortFunc(out, o.Compare)
	return slices.Compact(out)
}

// IDs returns the IDs of q's terms, which s must know.
func IDs(t testing.TB, s graph.Snapshot, q rdf.Quad) graph.Quad {
	t.Helper()
	return graph.Quad{S: ID(t, s, q.S), P: ID(t, s, q.P), O: ID(t, s, q.O), G: ID(t, s, q.G)}
}

// ID returns the ID of term, which s must know; that of no term is zero.
func ID(t testing.TB, s graph.Snapshot, term rdf.Term) graph.ID {
	t.Helper()
	if term.IsZero() {
		return 0
	}
	id, ok, err := s.Lookup(term)
	if err != nil || !ok {
		t.Fatalf("Lookup(%v): found %v, error %v", term, ok, err)
	}
	return id
}

// Check compares everything that s shows with the model.
func (m Model) Check(t testing.TB, s graph.Snapshot) {
	t.Helper()
	p := graph.Pattern{Graphs: graph.EveryQuad()}
	for o := graph.SPOG; o <= graph.GSPO; o++ {
		got := Scan(t, s, p, o, graph.BatchSize)
		if !slices.IsSortedFunc(got, o.Compare) {
			t.Fatalf("%v: not in order", o)
		}
		if len(got) != len(m) {
			t.Fatalf("%v: %d quads, want %d", o, len(got), len(m))
		}
		for i, q := range Resolve(t, s, got) {
			if !m[q] {
				t.Fatalf("%v: quad %d should not be there: %v", o, i, q)
			}
			if i > 0 && got[i] == got[i-1] {
				t.Fatalf("%v: %v twice", o, q)
			}
		}
	}
	if n, exact, err := s.Count(p); err != nil || exact && n != int64(len(m)) {
		t.Fatalf("Count: %d (exact %v), error %v, want %d", n, exact, err, len(m))
	}
}

// Scan returns the matches of p in the order o, read in batches of the given size.
func Scan(t testing.TB, s graph.Snapshot, p graph.Pattern, o graph.Order, batch int) []graph.Quad {
	t.Helper()
	c, err := s.Scan(p, o)
	if err != nil {
		t.Fatalf("Scan: %v", err)
	}
	defer c.Close()
	return drain(t, c, batch)
}

func drain(t testing.TB, c graph.Cursor, batch int) []graph.Quad {
	t.Helper()
	b := graph.NewBatch()
	b.S, b.P, b.O, b.G = b.S[:batch], b.P[:batch], b.O[:batch], b.G[:batch]
	var out []graph.Quad
	for {
		n, err := c.Next(b)
		if err != nil {
			t.Fatalf("Next: %v", err)
		}
		if n == 0 {
			return out
		}
		for i := range n {
			out = append(out, graph.Quad{S: b.S[i], P: b.P[i], O: b.O[i], G: b.G[i]})
		}
	}
}

// Resolve turns IDs back into terms.
func Resolve(t testing.TB, s graph.Snapshot, quads []graph.Quad) []rdf.Quad {
	t.Helper()
	ids := make([]graph.ID, 0, 4*len(quads))
	for _, q := range quads {
		ids = append(ids, q.S, q.P, q.O, q.G)
	}
	terms := make([]rdf.Term, len(ids))
	if err := s.Terms(ids, terms); err != nil {
		t.Fatalf("Terms: %v", err)
	}
	out := make([]rdf.Quad, len(quads))
	for i := range out {
		out[i] = rdf.Quad{S: terms[4*i], P: terms[4*i+1], O: terms[4*i+2], G: terms[4*i+3]}
	}
	return out
}

// Random draws quads from a universe of terms small enough that triples recur
// in several graphs.
type Random struct {
	*rand.Rand
	// Size is about the number of distinct subjects.
	Size int
}

// NewRandom returns a source of quads whose seed is in the test's log.
func NewRandom(t testing.TB, size int) Random {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	return Random{rand.New(rand.NewPCG(seed, seed)), size}
}

// Graph draws one of five graphs, the unnamed one among them.
func (r Random) Graph() rdf.Term {
	if n := r.IntN(5); n > 0 {
		return rdf.IRI(fmt.Sprintf("http://example.org/graph/%d", n))
	}
	return rdf.Term{}
}

// Quad draws a quad.
func (r Random) Quad() rdf.Quad {
	s := rdf.IRI(fmt.Sprintf("http://example.org/course/%d", r.IntN(r.Size)))
	if r.IntN(4) == 0 {
		s = rdf.Blank(fmt.Sprintf("b%d", r.IntN(r.Size)))
	}
	p := rdf.IRI(fmt.Sprintf("http://example.org/p%d", r.IntN(5)))
	if r.IntN(4) == 0 {
		p = rdf.IRI(rdf.RDFType)
	}
	return rdf.Quad{S: s, P: p, O: r.object(), G: r.Graph()}
}

func (r Random) object() rdf.Term {
	n := r.IntN(r.Size)
	switch r.IntN(8) {
	case 0:
		return rdf.Literal(fmt.Sprintf("title %d", n))
	case 1:
		return rdf.LangLiteral(fmt.Sprintf("Titel %d", n), "de")
	case 2:
		return rdf.TypedLiteral(fmt.Sprint(n), rdf.XSDInteger)
	case 3:
		return rdf.TypedLiteral(fmt.Sprintf("%d.5", n), rdf.XSDDecimal)
	case 4:
		return rdf.TypedLiteral(fmt.Sprintf("0%d", n), rdf.XSDInteger)
	case 5:
		return rdf.Blank(fmt.Sprintf("b%d", n))
	}
	return rdf.IRI(fmt.Sprintf("http://example.org/class/%d", n%7))
}

// Quads draws n quads; some may be equal.
func (r Random) Quads(n int) []rdf.Quad {
	quads := make([]rdf.Quad, n)
	for i := range quads {
		quads[i] = r.Quad()
	}
	return quads
}

func snapshot(t testing.TB, d graph.Dataset) graph.Snapshot {
	t.Helper()
	s, err := d.Snapshot(context.Background())
	if err != nil {
		t.Fatalf("Snapshot: %v", err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func update(t testing.TB, w graph.Writer, fn func(graph.Tx) error) uint64 {
	t.Helper()
	v, err := w.Update(context.Background(), fn)
	if err != nil {
		t.Fatalf("Update: %v", err)
	}
	return v
}
