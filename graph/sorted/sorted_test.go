package sorted_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"qlgraph/graph"
	"qlgraph/graph/canon"
	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/graph/sorted"
)

func lines(t *testing.T, quads iter.Seq2[rdf.Quad, error]) string {
	t.Helper()
	var b strings.Builder
	for q, err := range quads {
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(q.String() + "\n")
	}
	return b.String()
}

func view(t *testing.T, d graph.Dataset, share int) *sorted.View {
	t.Helper()
	snap, err := d.Snapshot(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { snap.Close() })
	v, err := sorted.New(snap)
	if err != nil {
		t.Fatal(err)
	}
	v.SetShare(share)
	return v
}

// dataset makes some quads; blank returns the label of the n-th blank node.
func dataset(r *rand.Rand, blank func(n int) string) []rdf.Quad {
	node := func(n int) rdf.Term {
		if n%4 == 0 {
			return rdf.Blank(blank(n))
		}
		return rdf.IRI(fmt.Sprintf("http://example.org/n%d", n))
	}
	var quads []rdf.Quad
	for range 400 {
		q := rdf.Triple(node(r.IntN(60)), rdf.IRI(fmt.Sprintf("http://example.org/p%d", r.IntN(4))), node(r.IntN(60)))
		switch r.IntN(4) {
		case 0:
			q.O = rdf.LangLiteral(fmt.Sprintf("text %d", r.IntN(30)), []string{"de", "en", "pl"}[r.IntN(3)])
		case 1:
			q.O = rdf.TypedLiteral(fmt.Sprint(r.IntN(30)), rdf.XSDInteger)
		}
		if g := r.IntN(5); g > 0 {
			q.G = node(g)
		}
		quads = append(quads, q)
	}
	return quads
}

// TestOrder compares the walk with a sort in memory, in shares of all sizes.
func TestOrder(t *testing.T) {
	quads := dataset(rand.New(rand.NewPCG(1, 2)), func(n int) string { return fmt.Sprintf("b%d", n) })
	form, err := canon.Canonicalize(quads)
	if err != nil {
		t.Fatal(err)
	}
	relabel := func(x rdf.Term) rdf.Term {
		if x.IsBlank() {
			return rdf.Blank(form.Labels[x.Value()])
		}
		return x
	}
	want := make([]rdf.Quad, len(quads))
	for i, q := range quads {
		want[i] = rdf.Quad{S: relabel(q.S), P: q.P, O: relabel(q.O), G: relabel(q.G)}
	}
	slices.SortFunc(want, rdf.CompareQuads)
	want = slices.Compact(want)
	var b strings.Builder
	for _, q := range want {
		b.WriteString(q.String() + "\n")
	}
	for _, share := range []int{1, 7, 1000} {
		if got := lines(t, view(t, mem.FromQuads(quads...), share).All()); got != b.String() {
			t.Errorf("in shares of %d subjects:\n%s\nwant\n%s", share, got, b.String())
		}
	}
}

// TestSameContentSameBytes stores one dataset twice: in another order, and under
// other labels.
func TestSameContentSameBytes(t *testing.T) {
	for seed := range uint64(20) {
		one := dataset(rand.New(rand.NewPCG(seed, 0)), func(n int) string { return fmt.Sprintf("b%d", n) })
		two := dataset(rand.New(rand.NewPCG(seed, 0)), func(n int) string { return fmt.Sprintf("x%d", 999-n) })
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(two), func(i, j int) { two[i], two[j] = two[j], two[i] })
		a, b := lines(t, view(t, mem.FromQuads(one...), 1000).All()), lines(t, view(t, mem.FromQuads(two...), 9).All())
		if a != b {
			t.Fatalf("seed %d:\n%s\nand\n%s", seed, a, b)
		}
	}
}

// TestEmpty: an empty dataset has the unnamed graph, and nothing in it.
func TestEmpty(t *testing.T) {
	v := view(t, mem.New(), 10)
	graphs, err := v.Graphs()
	if err != nil || len(graphs) != 1 || !graphs[0].Name.IsZero() {
		t.Fatalf("%v, %v", graphs, err)
	}
	if got := lines(t, v.All()); got != "" {
		t.Error(got)
	}
}

// TestStops: a consumer that has enough ends the walk.
func TestStops(t *testing.T) {
	quads := dataset(rand.New(rand.NewPCG(3, 3)), func(n int) string { return fmt.Sprintf("b%d", n) })
	n := 0
	for _, err := range view(t, mem.FromQuads(quads...), 5).All() {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 17 {
			break
		}
	}
	if n != 17 {
		t.Errorf("%d quads", n)
	}
}
