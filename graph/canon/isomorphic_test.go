package canon_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"qlgraph/graph/canon"
	"qlgraph/graph/rdf"
)

// edges makes a graph of quads "_:a <p> _:b", both ways, from pairs of numbers.
func edges(pairs ...[2]int) []rdf.Quad {
	var quads []rdf.Quad
	for _, p := range pairs {
		a, b := node(p[0]), node(p[1])
		quads = append(quads, rdf.Triple(a, property, b), rdf.Triple(b, property, a))
	}
	return quads
}

func node(n int) rdf.Term { return rdf.Blank(fmt.Sprintf("n%d", n)) }

var property = rdf.IRI("http://example.org/p")

func cycle(from, length int) (pairs [][2]int) {
	for i := range length {
		pairs = append(pairs, [2]int{from + i, from + (i+1)%length})
	}
	return pairs
}

// torus returns the graph of 16 nodes in which (x, y) is joined to itself moved
// by the given steps modulo 4. The 4×4 rook's graph and the Shrikhande graph,
// both made this way, are the smallest pair of strongly regular graphs with
// equal parameters: no colour refinement tells them apart.
func torus(steps ...[2]int) []rdf.Quad {
	var pairs [][2]int
	for x := range 4 {
		for y := range 4 {
			for _, s := range steps {
				pairs = append(pairs, [2]int{4*x + y, 4*((x+s[0])%4) + (y+s[1])%4})
			}
		}
	}
	return edges(pairs...)
}

func rook() []rdf.Quad       { return torus([2]int{0, 1}, [2]int{0, 2}, [2]int{1, 0}, [2]int{2, 0}) }
func shrikhande() []rdf.Quad { return torus([2]int{0, 1}, [2]int{1, 0}, [2]int{1, 1}) }

// list returns an RDF list of n equal values, which is parted from its end only.
func list(n int) []rdf.Quad {
	var quads []rdf.Quad
	for i := range n {
		rest := node(i + 1)
		if i == n-1 {
			rest = rdf.IRI(rdf.RDFNil)
		}
		quads = append(quads,
			rdf.Triple(node(i), rdf.IRI(rdf.RDFFirst), rdf.Literal("same")),
			rdf.Triple(node(i), rdf.IRI(rdf.RDFRest), rest))
	}
	return quads
}

func pairsOf(n int) []rdf.Quad {
	var quads []rdf.Quad
	for i := range n {
		quads = append(quads, rdf.Triple(node(2*i), property, node(2*i+1)))
	}
	return quads
}

// disguise relabels the blank nodes at random and shuffles the quads.
func disguise(quads []rdf.Quad, seed uint64) []rdf.Quad {
	r := rand.New(rand.NewPCG(seed, 1))
	labels := make(map[string]rdf.Term)
	move := func(t rdf.Term) rdf.Term {
		if !t.IsBlank() {
			return t
		}
		if _, ok := labels[t.Value()]; !ok {
			labels[t.Value()] = rdf.Blank(fmt.Sprintf("x%x", r.Uint64()))
		}
		return labels[t.Value()]
	}
	out := make([]rdf.Quad, len(quads))
	for i, q := range quads {
		out[i] = rdf.Quad{S: move(q.S), P: q.P, O: move(q.O), G: move(q.G)}
	}
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

func TestIsomorphic(t *testing.T) {
	s, g := rdf.IRI("http://example.org/s"), rdf.IRI("http://example.org/g")
	one := rdf.Triple(s, property, rdf.Literal("1"))
	tests := []struct {
		name string
		a, b []rdf.Quad
		want bool
	}{
		{"empty", nil, nil, true},
		{"ground, repeated quad", []rdf.Quad{one, one}, []rdf.Quad{one}, true},
		{"ground, other datatype", []rdf.Quad{one}, []rdf.Quad{rdf.Triple(s, property, rdf.TypedLiteral("1", rdf.XSDInteger))}, false},
		{"other graph", []rdf.Quad{one}, []rdf.Quad{one.In(g)}, false},
		{"blank node is no IRI", []rdf.Quad{rdf.Triple(s, property, node(1))}, []rdf.Quad{rdf.Triple(s, property, s)}, false},
		{"one node or two", edges([2]int{1, 1}, [2]int{2, 2}), edges([2]int{1, 2}), false},
		{"direction", []rdf.Quad{rdf.Triple(node(1), property, s)}, []rdf.Quad{rdf.Triple(s, property, node(1))}, false},
		{"graph and subject are one node",
			[]rdf.Quad{rdf.Triple(node(1), property, s).In(node(1))},
			[]rdf.Quad{rdf.Triple(node(1), property, s).In(node(2))}, false},
		{"blank graph names", []rdf.Quad{one.In(node(1)), one.In(node(2))}, []rdf.Quad{one.In(node(3)), one.In(node(4))}, true},
		{"hexagon and two triangles", edges(cycle(0, 6)...), edges(append(cycle(0, 3), cycle(3, 3)...)...), false},
		{"two triangles", edges(append(cycle(0, 3), cycle(3, 3)...)...), disguise(edges(append(cycle(10, 3), cycle(3, 3)...)...), 1), true},
		{"rook and Shrikhande", rook(), shrikhande(), false},
		{"rook", rook(), disguise(rook(), 2), true},
		{"Shrikhande", shrikhande(), disguise(shrikhande(), 3), true},
		{"cycle of 2,000", edges(cycle(0, 2000)...), disguise(edges(cycle(0, 2000)...), 4), true},
		{"list of 2,000 equal values", list(2000), disguise(list(2000), 5), true},
		{"20,000 equal pairs", pairsOf(20000), disguise(pairsOf(20000), 6), true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, swap := range []bool{false, true} {
				a, b := test.a, test.b
				if swap {
					a, b = b, a
				}
				if got, err := canon.Isomorphic(a, b); err != nil || got != test.want {
					t.Errorf("Isomorphic = %v, %v; want %v (arguments swapped: %v)", got, err, test.want, swap)
				}
			}
		})
	}
}

// TestIsomorphicAgainstAllMappings compares with the definition, tried out in
// full, on small random datasets.
func TestIsomorphicAgainstAllMappings(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	same := 0
	for range 4000 {
		nodes := 2 + r.IntN(4)
		a := randomDataset(r, nodes, 1+r.IntN(7))
		b := disguise(a, r.Uint64())
		if r.IntN(3) > 0 {
			b = randomDataset(r, nodes, len(a))
		}
		want := anyMapping(a, b)
		got, err := canon.Isomorphic(a, b)
		if err != nil || got != want {
			t.Fatalf("Isomorphic = %v, %v; want %v for\n%v\n%v", got, err, want, a, b)
		}
		if want {
			same++
		}
	}
	if same < 1000 || same > 3500 {
		t.Errorf("%d of 4000 pairs are isomorphic: the generator tests one side only", same)
	}
}

func randomDataset(r *rand.Rand, nodes, size int) []rdf.Quad {
	term := func() rdf.Term {
		if n := r.IntN(nodes + 1); n < nodes {
			return node(n)
		}
		return rdf.IRI("http://example.org/s")
	}
	quads := make([]rdf.Quad, size)
	for i := range quads {
		quads[i] = rdf.Triple(term(), property, term())
		if r.IntN(4) == 0 {
			quads[i].G = term()
		}
	}
	return quads
}

func anyMapping(a, b []rdf.Quad) bool {
	from, to := labels(a), labels(b)
	want := sorted(b, nil)
	if len(from) != len(to) {
		return false
	}
	found := false
	orders(to, 0, func() {
		m := make(map[string]string)
		for i, l := range from {
			m[l] = to[i]
		}
		found = found || slices.Equal(sorted(a, m), want)
	})
	return found
}

func labels(quads []rdf.Quad) (list []string) {
	for _, q := range quads {
		for _, t := range []rdf.Term{q.S, q.O, q.G} {
			if t.IsBlank() && !slices.Contains(list, t.Value()) {
				list = append(list, t.Value())
			}
		}
	}
	return list
}

func sorted(quads []rdf.Quad, m map[string]string) []rdf.Quad {
	move := func(t rdf.Term) rdf.Term {
		if l, ok := m[t.Value()]; ok && t.IsBlank() {
			return rdf.Blank(l)
		}
		return t
	}
	out := make([]rdf.Quad, len(quads))
	for i, q := range quads {
		out[i] = rdf.Quad{S: move(q.S), P: q.P, O: move(q.O), G: move(q.G)}
	}
	slices.SortFunc(out, rdf.CompareQuads)
	return slices.Compact(out)
}

func orders(list []string, from int, f func()) {
	if from == len(list) {
		f()
	}
	for i := from; i < len(list); i++ {
		list[from], list[i] = list[i], list[from]
		orders(list, from+1, f)
		list[from], list[i] = list[i], list[from]
	}
}

func TestIsomorphicWorkLimit(t *testing.T) {
	var limit *canon.LimitError
	_, err := canon.Limits{MaxWork: 2000}.Isomorphic(rook(), shrikhande())
	if !errors.As(err, &limit) || limit.MaxWork != 2000 {
		t.Errorf("got %v; want a *LimitError after 2000 steps", err)
	}
}

func BenchmarkIsomorphic(b *testing.B) {
	quads := list(500)
	for i := range 20000 {
		quads = append(quads, rdf.Triple(node(i/4), rdf.IRI(fmt.Sprintf("http://example.org/p%d", i%4)), rdf.Literal(fmt.Sprint(i))))
	}
	other := disguise(quads, 1)
	b.ReportAllocs()
	for b.Loop() {
		if ok, err := canon.Isomorphic(quads, other); !ok || err != nil {
			b.Fatal(ok, err)
		}
	}
	b.ReportMetric(float64(len(quads))*float64(b.N)/b.Elapsed().Seconds(), "quads/s")
}
