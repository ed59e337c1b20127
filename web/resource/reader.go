package resource

import (
	"slices"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

// reader reads quads as terms from one snapshot.
type reader struct {
	snap  graph.Snapshot
	batch *graph.Batch
	past  *past // nil: the source graphs are as the snapshot has them
}

func newReader(snap graph.Snapshot) *reader {
	return &reader{snap: snap, batch: graph.NewBatch()}
}

// about returns the quads with the subject s, in every graph.
func (r *reader) about(s rdf.Term) ([]rdf.Quad, error) {
	return r.match(s, rdf.Term{}, rdf.Term{})
}

// aboutIn returns the quads with the subject s in the graph g.
func (r *reader) aboutIn(g, s rdf.Term) ([]rdf.Quad, error) {
	return r.matchIn(g, s, rdf.Term{}, rdf.Term{})
}

// matchIn is match within the graph g.
func (r *reader) matchIn(g, s, p, o rdf.Term) ([]rdf.Quad, error) {
	id, found, err := r.snap.Lookup(g)
	if err != nil || !found {
		return nil, err
	}
	return r.matchGraphs(graph.OneGraph(id), s, p, o)
}

// match returns the quads that match the pattern in every graph; zero terms
// match everything. The order is the one that the snapshot finds fastest.
func (r *reader) match(s, p, o rdf.Term) ([]rdf.Quad, error) {
	quads, err := r.stored(s, p, o)
	if err != nil || r.past == nil {
		return quads, err
	}
	return r.past.amend(quads, s, p, o), nil
}

func (r *reader) stored(s, p, o rdf.Term) ([]rdf.Quad, error) {
	return r.matchGraphs(graph.EveryQuad(), s, p, o)
}

func (r *reader) matchGraphs(graphs graph.Graphs, s, p, o rdf.Term) ([]rdf.Quad, error) {
	pattern := graph.Pattern{Graphs: graphs}
	for _, part := range []struct {
		term rdf.Term
		id   *graph.ID
	}{{s, &pattern.S}, {p, &pattern.P}, {o, &pattern.O}} {
		if part.term.IsZero() {
			continue
		}
		id, found, err := r.snap.Lookup(part.term)
		if err != nil || !found {
			return nil, err
		}
		*part.id = id
	}
	return r.scan(pattern)
}

func (r *reader) scan(p graph.Pattern) ([]rdf.Quad, error) {
	cursor, err := r.snap.Scan(p, graph.OrderFor(p))
	if err != nil {
		return nil, err
	}
	defer cursor.Close()
	var quads []rdf.Quad
	for {
		n, err := cursor.Next(r.batch)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			return quads, nil
		}
		if quads, err = r.appendBatch(quads, n); err != nil {
			return nil, err
		}
	}
}

func (r *reader) appendBatch(quads []rdf.Quad, n int) ([]rdf.Quad, error) {
	terms := make([]rdf.Term, 4*n)
	for i, column := range [][]graph.ID{r.batch.S, r.batch.P, r.batch.O, r.batch.G} {
		if err := r.snap.Terms(column[:n], terms[i*n:(i+1)*n]); err != nil {
			return nil, err
		}
	}
	quads = slices.Grow(quads, n)
	for i := range n {
		quads = append(quads, rdf.Quad{S: terms[i], P: terms[n+i], O: terms[2*n+i], G: terms[3*n+i]})
	}
	return quads, nil
}
