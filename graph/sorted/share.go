package sorted

import (
	"slices"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

// share is some subjects of a graph, sorted, with their triples.
type share struct {
	list    []subject
	triples []triple
}

type subject struct {
	id         graph.ID
	term       rdf.Term
	start, end int // of its triples
}

type triple struct{ p, o graph.ID }

// subjects returns the first subjects of the graph behind last, in order.
func (v *View) subjects(g Graph, last rdf.Term) (*share, error) {
	s := &share{}
	if err := v.names(s, g, last); err != nil {
		return nil, err
	}
	rank := make(map[graph.ID]int, len(s.list))
	for i := range s.list {
		rank[s.list[i].id] = i
	}
	current, wanted := (*subject)(nil), false
	previous := graph.ID(0)
	err := v.reader.scan(pattern(g), graph.GSPO, func(batch []graph.Quad) (bool, error) {
		for _, q := range batch {
			if q.S != previous {
				var i int
				previous = q.S
				if i, wanted = rank[q.S]; wanted {
					current = &s.list[i]
					current.start, current.end = len(s.triples), len(s.triples)
				}
			}
			if wanted {
				s.triples = append(s.triples, triple{q.P, q.O})
				current.end++
			}
		}
		return true, nil
	})
	return s, err
}

func pattern(g Graph) graph.Pattern { return graph.Pattern{Graphs: graph.OneGraph(g.ID)} }

// names finds the subjects of the share.
func (v *View) names(s *share, g Graph, last rdf.Term) error {
	var ids []graph.ID
	previous := graph.ID(0)
	var bound rdf.Term // subjects behind it are not of this share
	keep := func() {
		slices.SortFunc(s.list, func(a, b subject) int { return rdf.Compare(a.term, b.term) })
		if len(s.list) > v.share {
			s.list = s.list[:v.share]
			bound = s.list[v.share-1].term
		}
	}
	err := v.reader.scan(pattern(g), graph.GSPO, func(batch []graph.Quad) (bool, error) {
		ids = ids[:0]
		for _, q := range batch {
			if q.S != previous {
				previous = q.S
				ids = append(ids, q.S)
			}
		}
		terms, err := v.reader.decode(ids)
		if err != nil {
			return false, err
		}
		for i, t := range terms {
			t = v.relabel(t)
			if (last.IsZero() || rdf.Compare(t, last) > 0) && (bound.IsZero() || rdf.Compare(t, bound) < 0) {
				s.list = append(s.list, subject{id: ids[i], term: t})
			}
		}
		if len(s.list) >= 2*v.share {
			keep()
		}
		return true, nil
	})
	keep()
	return err
}

// write yields the quads of the share, and false where yield wants no more.
func (v *View) write(g Graph, s *share, yield func(rdf.Quad, error) bool) bool {
	var quads []rdf.Quad
	for i := 0; i < len(s.list); {
		ids, first := v.reader.ids[:0], i
		for ; i < len(s.list) && (i == first || len(ids) < 2*graph.BatchSize); i++ {
			for _, t := range s.triples[s.list[i].start:s.list[i].end] {
				ids = append(ids, t.p, t.o)
			}
		}
		v.reader.ids = ids
		terms, err := v.reader.decode(ids)
		if err != nil {
			yield(rdf.Quad{}, err)
			return false
		}
		for _, about := range s.list[first:i] {
			n := 2 * (about.end - about.start)
			quads = v.about(quads[:0], g, about.term, terms[:n])
			terms = terms[n:]
			for _, q := range quads {
				if !yield(q, nil) {
					return false
				}
			}
		}
	}
	return true
}

// about appends the quads of a subject, sorted; terms are its predicates and
// objects in turn.
func (v *View) about(quads []rdf.Quad, g Graph, s rdf.Term, terms []rdf.Term) []rdf.Quad {
	for i := 0; i < len(terms); i += 2 {
		quads = append(quads, rdf.Quad{S: s, P: v.relabel(terms[i]), O: v.relabel(terms[i+1]), G: g.Name})
	}
	slices.SortFunc(quads, func(a, b rdf.Quad) int {
		if c := rdf.Compare(a.P, b.P); c != 0 {
			return c
		}
		return rdf.Compare(a.O, b.O)
	})
	return quads
}
