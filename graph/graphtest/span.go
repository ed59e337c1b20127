package graphtest

import (
	"slices"
	"testing"

	"qlgraph/graph"
)

// testRanges compares how many objects in a range a dataset counts, if it does,
// with the model.
func testRanges(t *testing.T, w graph.Writer) {
	_, m := fill(t, w, 3000)
	s := snapshot(t, w)
	counter, ok := s.(graph.RangeCounter)
	if !ok {
		t.Skip("the dataset counts no ranges (an optional extra)")
	}
	objects := map[graph.ID][]graph.ID{}
	for q := range m {
		p := ID(t, s, q.P)
		objects[p] = append(objects[p], ID(t, s, q.O))
	}
	for p, list := range objects {
		slices.Sort(list)
		ends := append([]graph.ID{list[0] - 1, list[len(list)-1] + 1}, list...)
		for i := range min(len(ends), 40) {
			span := graph.Span{First: ends[(i*7)%len(ends)], Last: ends[(i*13+5)%len(ends)]}
			want := int64(0)
			for _, o := range list {
				if span.First <= o && o <= span.Last {
					want++
				}
			}
			if got, err := counter.CountObjects(graph.Pattern{P: p}, span, int64(len(list))); err != nil || got != want {
				t.Errorf("predicate %x, objects %x to %x: %d, error %v, want %d", p, span.First, span.Last, got, err, want)
			}
			enough := want / 2
			if got, err := counter.CountObjects(graph.Pattern{P: p}, span, enough); err != nil || got > want || got <= enough && got != want {
				t.Errorf("predicate %x, objects %x to %x, enough %d: %d, error %v, want %d", p, span.First, span.Last, enough, got, err, want)
			}
		}
	}
}
