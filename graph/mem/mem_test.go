package mem_test

import (
	"context"
	"testing"

	"qlgraph/graph"
	"qlgraph/graph/graphtest"
	"qlgraph/graph/mem"
)

func TestSuite(t *testing.T) {
	graphtest.Run(t, func(*testing.T) graph.Writer { return mem.New() })
}

func TestFromQuads(t *testing.T) {
	quads := graphtest.NewRandom(t, 50).Quads(3000)
	m := graphtest.Model{}
	for _, q := range quads {
		m[q] = true
	}
	s, err := mem.FromQuads(quads...).Snapshot(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	m.Check(t, s)
}

func BenchmarkFromQuads(b *testing.B) {
	quads := graphtest.NewRandom(b, 100_000).Quads(200_000)
	for b.Loop() {
		mem.FromQuads(quads...)
	}
	b.ReportMetric(float64(len(quads)*b.N)/b.Elapsed().Seconds(), "quads/s")
}

func BenchmarkScan(b *testing.B) {
	d := mem.FromQuads(graphtest.NewRandom(b, 100_000).Quads(200_000)...)
	s, err := d.Snapshot(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	batch := graph.NewBatch()
	total := 0
	for b.Loop() {
		c, err := s.Scan(graph.Pattern{Graphs: graph.Union()}, graph.PSOG)
		if err != nil {
			b.Fatal(err)
		}
		for {
			n, err := c.Next(batch)
			if err != nil {
				b.Fatal(err)
			}
			if n == 0 {
				break
			}
			total += n
		}
	}
	b.ReportMetric(float64(total)/b.Elapsed().Seconds(), "quads/s")
}
