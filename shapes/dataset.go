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
	var quads []rdf.Quad
	for q, err := range graph.Quads(r.snap, graph.Pattern{Graphs: r.view}, graph.SPOG) {
		if err != nil {
			return nil, err
		}
		quads = append(quads, q.In(rdf.Term{}))
	}
	for _, q := range r.shapes.graph {
		quads = append(quads, q.In(shapesGraphName))
	}
	return mem.FromQuads(quads...), nil
}
