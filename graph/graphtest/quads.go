package graphtest

import (
	"slices"
	"testing"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

// testQuads reads whole graphs as terms: all that match, or the first of them,
// and the error of a snapshot that has ended.
func testQuads(t *testing.T, w graph.Writer) {
	_, m := fill(t, w, 4*graph.BatchSize)
	s := snapshot(t, w)
	for name, g := range choices(t, s) {
		p := graph.Pattern{Graphs: g}
		want := Resolve(t, s, m.Visible(t, s, p, graph.GSPO))
		for _, most := range []int{len(want), min(len(want), 1)} {
			var got []rdf.Quad
			for q, err := range graph.Quads(s, p, graph.GSPO) {
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if got = append(got, q); len(got) == most {
					break
				}
			}
			if !slices.Equal(got, want[:most]) {
				t.Errorf("%s: %d quads differ from what is there", name, len(got))
			}
		}
	}
	s.Close()
	for q, err := range graph.Quads(s, graph.Pattern{Graphs: graph.EveryQuad()}, graph.GSPO) {
		if err == nil {
			t.Fatalf("a closed snapshot has %v", q)
		}
	}
}
