package shapes

import (
	"context"

	"qlgraph/graph"
	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
)

// Snapshot implements graph.Dataset.
func (p pinned) Snapshot(context.Context) (graph.Snapshot, error) { return unclosed{p.snap}, nil }

type unclosed struct{ graph.Snapshot }

func (unclosed) Close() error { return nil }

// copyWithShapes returns a dataset with the view as its unnamed graph and the
// shapes graph as a named one.
func (r *run) copyWithShapes() (graph.Dataset, error) {
	cursor, err := r.snap.Scan(graph.Pattern{Graphs: r.view}, graph.SPOG)
	if err != nil {
		return nil, err
	}
	defer cursor.Close()
	var quads []rdf.Quad
	batch := graph.NewBatch()
	var s, p, o [graph.BatchSize]rdf.Term
	for {
		n, err := cursor.Next(batch)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			break
		}
		for _, column := range []struct {
			ids   []graph.ID
			terms []rdf.Term
		}{{batch.S, s[:]}, {batch.P, p[:]}, {batch.O, o[:]}} {
			if err := r.snap.Terms(column.ids[:n], column.terms); err != nil {
				return nil, err
			}
		}
		for i := range n {
			quads = append(quads, rdf.Triple(s[i], p[i], o[i]))
		}
	}
	for _, q := range r.shapes.graph {
		quads = append(quads, q.In(shapesGraphName))
	}
	return mem.FromQuads(quads...), nil
}
