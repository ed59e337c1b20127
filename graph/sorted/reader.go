package sorted

import (
	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

// reader reads quads of a snapshot in batches.
type reader struct {
	snap  graph.Snapshot
	ids   []graph.ID
	terms []rdf.Term
}

// scan calls fn with the matches of p, a batch at a time, while it returns true.
func (r *reader) scan(p graph.Pattern, o graph.Order, fn func([]graph.Quad) (bool, error)) error {
	cursor, err := r.snap.Scan(p, o)
	if err != nil {
		return err
	}
	defer cursor.Close()
	b := graph.NewBatch()
	quads := make([]graph.Quad, graph.BatchSize)
	for {
		n, err := cursor.Next(b)
		if err != nil || n == 0 {
			return err
		}
		for i := range n {
			quads[i] = graph.Quad{S: b.S[i], P: b.P[i], O: b.O[i], G: b.G[i]}
		}
		if more, err := fn(quads[:n]); err != nil || !more {
			return err
		}
	}
}

// decode returns the terms of ids; they are valid until the next call.
func (r *reader) decode(ids []graph.ID) ([]rdf.Term, error) {
	if cap(r.terms) < len(ids) {
		r.terms = make([]rdf.Term, len(ids))
	}
	terms := r.terms[:len(ids)]
	return terms, r.snap.Terms(ids, terms)
}

// append appends quads as terms.
func (r *reader) append(dst []rdf.Quad, quads []graph.Quad) ([]rdf.Quad, error) {
	r.ids = r.ids[:0]
	for _, q := range quads {
		r.ids = append(r.ids, q.S, q.P, q.O, q.G)
	}
	terms, err := r.decode(r.ids)
	if err != nil {
		return dst, err
	}
	for i := 0; i < len(terms); i += 4 {
		dst = append(dst, rdf.Quad{S: terms[i], P: terms[i+1], O: terms[i+2], G: terms[i+3]})
	}
	return dst, nil
}
