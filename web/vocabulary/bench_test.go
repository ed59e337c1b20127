package vocabulary_test

import (
	"testing"

	"qlgraph/web/vocabulary"
)

func BenchmarkRequest(b *testing.B) {
	h := vocabulary.New(dataset())
	for _, ending := range []string{".html", ".ttl"} {
		b.Run(ending, func(b *testing.B) {
			for b.Loop() {
				if w := ask(h, "GET", vocabulary.Path+ending); w.Code != 200 {
					b.Fatal(w.Code)
				}
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	data := dataset()
	for b.Loop() {
		vocabulary.New(data)
	}
}
