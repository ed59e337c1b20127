package resource

import (
	"slices"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

// reader reads quads as terms from one snapshot. It belongs to one goroutine.
type reader struct {
	snap  graph.Snapshot
	batch *graph.Batch
	past  *past  // nil: the source graphs are as the snapshot has them
	shelf *shelf // nil: nothing is remembered beyond the reader
	terms map[graph.ID]rdf.Term
	ids   map[rdf.Term]graph.ID
	fresh []graph.ID // of a batch, those whose terms are not known yet
	text  []rdf.Term // their terms
}

// readerRows is the batch size of a reader: nodes have tens of statements.
const readerRows = 128

func newReader(snap graph.Snapshot) *reader {
	ids := make([]graph.ID, 4*readerRows)
	return &reader{
		snap: snap,
		batch: &graph.Batch{
			S: ids[:readerRows:readerRows], P: ids[readerRows : 2*readerRows : 2*readerRows],
			O: ids[2*readerRows : 3*readerRows : 3*readerRows], G: ids[3*readerRows:],
		},
		terms: map[graph.ID]rdf.Term{},
		ids:   map[rdf.Term]graph.ID{},
	}
}

// reset makes the reader ready for another snapshot; its memory is kept.
func (r *reader) reset(snap graph.Snapshot) {
	r.snap = snap
	clear(r.terms)
	clear(r.ids)
	clear(r.text[:cap(r.text)])
}

// about returns the quads with the subject s, in every graph. They are shared:
// callers must not change them.
func (r *reader) about(s rdf.Term) ([]rdf.Quad, error) {
	if r.shelf == nil || r.past != nil {
		return r.match(s, rdf.Term{}, rdf.Term{})
	}
	if quads, known := r.shelf.get(r.snap.Version(), s); known {
		return quads, nil
	}
	quads, err := r.match(s, rdf.Term{}, rdf.Term{})
	if err == nil {
		r.shelf.put(r.snap.Version(), s, quads)
	}
	return quads, err
}

// aboutIn returns the quads with the subject s in the graph g.
func (r *reader) aboutIn(g, s rdf.Term) ([]rdf.Quad, error) {
	return r.matchIn(g, s, rdf.Term{}, rdf.Term{})
}

// matchIn is match within the graph g.
func (r *reader) matchIn(g, s, p, o rdf.Term) ([]rdf.Quad, error) {
	id, found, err := r.lookup(g)
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
	for _, part := range [...]struct {
		term rdf.Term
		id   *graph.ID
	}{{s, &pattern.S}, {p, &pattern.P}, {o, &pattern.O}} {
		if part.term.IsZero() {
			continue
		}
		id, found, err := r.lookup(part.term)
		if err != nil || !found {
			return nil, err
		}
		*part.id = id
	}
	return r.scan(pattern)
}

// lookup returns the ID of a term, which the reader has often met already.
func (r *reader) lookup(t rdf.Term) (graph.ID, bool, error) {
	if id, known := r.ids[t]; known {
		return id, true, nil
	}
	id, found, err := r.snap.Lookup(t)
	if found && err == nil {
		r.ids[t] = id
	}
	return id, found, err
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
	if err := r.learn(n); err != nil {
		return nil, err
	}
	quads = slices.Grow(quads, n)
	for i := range n {
		quads = append(quads, rdf.Quad{
			S: r.terms[r.batch.S[i]], P: r.terms[r.batch.P[i]], O: r.terms[r.batch.O[i]], G: r.terms[r.batch.G[i]],
		})
	}
	return quads, nil
}

// maxKnown bounds the terms that a reader remembers; a document has hundreds.
const maxKnown = 100_000

// learn reads the terms of the first n rows that are not known yet, all at once.
func (r *reader) learn(n int) error {
	if len(r.terms) > maxKnown {
		clear(r.terms)
		clear(r.ids)
	}
	r.fresh = r.fresh[:0]
	for _, column := range [...][]graph.ID{r.batch.S, r.batch.P, r.batch.O, r.batch.G} {
		for _, id := range column[:n] {
			if _, known := r.terms[id]; !known {
				r.terms[id] = rdf.Term{}
				r.fresh = append(r.fresh, id)
			}
		}
	}
	r.text = slices.Grow(r.text[:0], len(r.fresh))[:len(r.fresh)]
	if err := r.snap.Terms(r.fresh, r.text); err != nil {
		return err
	}
	for i, id := range r.fresh {
		r.terms[id] = r.text[i]
		if !r.text[i].IsLiteral() {
			r.ids[r.text[i]] = id
		}
	}
	return nil
}
