package store_test

import (
	"testing"

	"qlgraph/graph"
)

// BenchmarkSearchText looks for words in all languages at once.
func BenchmarkSearchText(b *testing.B) {
	s, _ := loaded(b)
	snap := view(b, s)
	for _, bm := range []struct{ name, text string }{
		{"word", "nanotechnology"},
		{"words", "quantum simulation"},
		{"common", "learner"},
		{"prefix", "nano*"},
		{"letter", "a*"},
		{"phrase", `"machine learning"`},
	} {
		b.Run(bm.name, func(b *testing.B) {
			b.ReportAllocs()
			found := 0
			for b.Loop() {
				list, err := snap.SearchText(graph.TextQuery{Text: bm.text}, func(int64) error { return nil })
				if err != nil {
					b.Fatal(err)
				}
				found = len(list)
			}
			b.ReportMetric(float64(found), "literals")
		})
	}
}
