package canon_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/piprate/json-gold/ld"

	"qlgraph/graph/canon"
	"qlgraph/graph/rdf"
)

func ex(name string) rdf.Term { return rdf.IRI("http://example.com/#" + name) }

// TestCanonicalize works through RDFC-1.0 by hand: what the algorithm has to
// give for each of its cases.
func TestCanonicalize(t *testing.T) {
	b := rdf.Blank
	tests := []struct {
		name string
		in   []rdf.Quad
		want string
	}{
		{"empty dataset", nil, ""},
		{"no blank nodes: sorted, without repetitions",
			[]rdf.Quad{rdf.Triple(ex("s"), ex("q"), ex("o")), rdf.Triple(ex("s"), ex("p"), ex("o")).In(ex("g")), rdf.Triple(ex("s"), ex("q"), ex("o"))},
			`<http://example.com/#s> <http://example.com/#p> <http://example.com/#o> <http://example.com/#g> .
<http://example.com/#s> <http://example.com/#q> <http://example.com/#o> .
`},
		{"unique hashes (§4.4.1): labels in order of the first degree hashes",
			[]rdf.Quad{
				rdf.Triple(ex("p"), ex("q"), b("e0")), rdf.Triple(ex("p"), ex("r"), b("e1")),
				rdf.Triple(b("e0"), ex("s"), ex("u")), rdf.Triple(b("e1"), ex("t"), ex("u")),
			},
			`<http://example.com/#p> <http://example.com/#q> _:c14n0 .
<http://example.com/#p> <http://example.com/#r> _:c14n1 .
_:c14n0 <http://example.com/#s> <http://example.com/#u> .
_:c14n1 <http://example.com/#t> <http://example.com/#u> .
`},
		{"shared hashes (§4.4.2): a chain told apart by the ends' order",
			[]rdf.Quad{
				rdf.Triple(ex("p"), ex("q"), b("e0")), rdf.Triple(ex("p"), ex("q"), b("e1")),
				rdf.Triple(b("e0"), ex("p"), b("e2")), rdf.Triple(b("e1"), ex("p"), b("e3")),
				rdf.Triple(b("e2"), ex("r"), b("e3")),
			},
			`<http://example.com/#p> <http://example.com/#q> _:c14n2 .
<http://example.com/#p> <http://example.com/#q> _:c14n3 .
_:c14n0 <http://example.com/#r> _:c14n1 .
_:c14n2 <http://example.com/#p> _:c14n1 .
_:c14n3 <http://example.com/#p> _:c14n0 .
`},
		{"literals: escapes of appendix A",
			[]rdf.Quad{rdf.Triple(ex("s"), ex("p"), rdf.Literal("\b\t\n\f\r\"\\\x00\v\x7f\uFFFFé")), rdf.Triple(ex("s"), ex("p"), rdf.LangLiteral("x", "de")), rdf.Triple(ex("s"), ex("p"), rdf.TypedLiteral("1", rdf.XSDInteger))},
			`<http://example.com/#s> <http://example.com/#p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .
<http://example.com/#s> <http://example.com/#p> "\b\t\n\f\r\"\\\u0000\u000B\u007F\uFFFFé" .
<http://example.com/#s> <http://example.com/#p> "x"@de .
`},
		{"blank graph name",
			[]rdf.Quad{rdf.Triple(b("x"), ex("p"), b("x")).In(b("y"))},
			""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			form, err := canon.Canonicalize(test.in)
			if err != nil {
				t.Fatal(err)
			}
			want := test.want
			if want == "" {
				want = urdna2015(t, test.in)
			}
			if got := string(form.NQuads); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

func TestCanonicalLabels(t *testing.T) {
	form, err := canon.Canonicalize([]rdf.Quad{rdf.Triple(rdf.Blank("x"), ex("p"), rdf.Blank("y"))})
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprintf("_:%s <http://example.com/#p> _:%s .\n", form.Labels["x"], form.Labels["y"])
	if len(form.Labels) != 2 || got != string(form.NQuads) {
		t.Errorf("labels %v do not give %s", form.Labels, form.NQuads)
	}
}

// hard returns datasets whose blank nodes need Hash N-Degree Quads.
func hard() map[string][]rdf.Quad {
	return map[string][]rdf.Quad{
		"two triangles":   edges(append(cycle(0, 3), cycle(3, 3)...)...),
		"hexagon":         edges(cycle(0, 6)...),
		"list":            list(30),
		"equal pairs":     pairsOf(40),
		"complete graph":  edges([2]int{0, 1}, [2]int{0, 2}, [2]int{0, 3}, [2]int{1, 2}, [2]int{1, 3}, [2]int{2, 3}),
		"directed square": {rdf.Triple(node(0), property, node(1)), rdf.Triple(node(1), property, node(2)), rdf.Triple(node(2), property, node(3)), rdf.Triple(node(3), property, node(0))},
		"two graphs":      {rdf.Triple(node(0), property, node(1)).In(ex("g")), rdf.Triple(node(0), property, node(1)).In(ex("h")), rdf.Triple(node(1), property, node(0)).In(ex("g"))},
	}
}

// TestCanonicalFormIsLabelFree: relabelling and shuffling change nothing.
func TestCanonicalFormIsLabelFree(t *testing.T) {
	for name, quads := range hard() {
		t.Run(name, func(t *testing.T) { labelFree(t, quads) })
	}
	r := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		labelFree(t, randomDataset(r, 2+r.IntN(5), 1+r.IntN(9)))
	}
}

func labelFree(t *testing.T, quads []rdf.Quad) {
	t.Helper()
	first, err := canon.Canonicalize(quads)
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(6) {
		again, err := canon.Canonicalize(disguise(quads, seed))
		if err != nil {
			t.Fatal(err)
		}
		if string(again.NQuads) != string(first.NQuads) {
			t.Fatalf("the labels show through:\n%s\n%s", first.NQuads, again.NQuads)
		}
	}
}

// TestCanonicalFormsAgreeWithIsomorphic holds the package's two halves, which
// share no algorithm, against each other.
func TestCanonicalFormsAgreeWithIsomorphic(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 1500 {
		nodes, size := 2+r.IntN(3), 2+r.IntN(4)
		a, b := randomDataset(r, nodes, size), randomDataset(r, nodes, size)
		fa, err := canon.Canonicalize(a)
		if err != nil {
			t.Fatal(err)
		}
		fb, err := canon.Canonicalize(b)
		if err != nil {
			t.Fatal(err)
		}
		same, err := canon.Isomorphic(a, b)
		if err != nil {
			t.Fatal(err)
		}
		if same != (string(fa.NQuads) == string(fb.NQuads)) {
			t.Fatalf("isomorphic %v, but the canonical forms say otherwise:\n%s\n%s", same, fa.NQuads, fb.NQuads)
		}
	}
}

// TestAgainstURDNA2015 compares with an independent implementation of the
// algorithm's draft. That one counts a quad twice that mentions a blank node
// twice, where RDFC-1.0 §4.4.3 (step 2) has a set, and escapes literals
// differently: the datasets hold neither.
func TestAgainstURDNA2015(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	datasets := hard()
	for i := range 300 {
		quads := randomDataset(r, 2+r.IntN(5), 1+r.IntN(9))
		datasets[fmt.Sprint("random ", i)] = slices.DeleteFunc(quads, func(q rdf.Quad) bool {
			return q.S == q.O || q.S == q.G || q.O == q.G
		})
	}
	for name, quads := range datasets {
		form, err := canon.Canonicalize(quads)
		if err != nil {
			t.Fatal(name, err)
		}
		if got, want := string(form.NQuads), urdna2015(t, quads); got != want {
			t.Errorf("%s: got\n%swant\n%s", name, got, want)
		}
	}
}

func urdna2015(t *testing.T, quads []rdf.Quad) string {
	t.Helper()
	var doc strings.Builder
	for _, q := range quads {
		doc.WriteString(q.String() + "\n")
	}
	options := ld.NewJsonLdOptions("")
	options.InputFormat = "application/n-quads"
	options.Format = "application/n-quads"
	options.Algorithm = ld.AlgorithmURDNA2015
	out, err := ld.NewJsonLdProcessor().Normalize(doc.String(), options)
	if err != nil {
		t.Fatal(err)
	}
	return out.(string)
}

// TestPoisonGraph: a dataset made to cost more than any machine has.
func TestPoisonGraph(t *testing.T) {
	var clique [][2]int
	for i := range 14 {
		for j := range i {
			clique = append(clique, [2]int{i, j})
		}
	}
	var limit *canon.LimitError
	if _, err := canon.Canonicalize(edges(clique...)); !errors.As(err, &limit) {
		t.Errorf("got %v; want a *LimitError", err)
	}
	if same, err := canon.Isomorphic(edges(clique...), disguise(edges(clique...), 1)); !same || err != nil {
		t.Errorf("Isomorphic = %v, %v; a clique is easy for it", same, err)
	}
}

func BenchmarkCanonicalize(b *testing.B) {
	var quads []rdf.Quad
	for i := range 20000 {
		quads = append(quads, rdf.Triple(node(i/4), rdf.IRI(fmt.Sprintf("http://example.org/p%d", i%4)), rdf.Literal(fmt.Sprint(i))))
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := canon.Canonicalize(quads); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(quads))*float64(b.N)/b.Elapsed().Seconds(), "quads/s")
}
