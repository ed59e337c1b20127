package mem

import (
	"slices"
	"sync"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

// statistics are counted when they are first asked for.
type statistics struct {
	once       sync.Once
	predicates map[graph.ID]graph.PredicateCounts
	classes    map[graph.ID]int64
}

var _ graph.Statistics = (*snapshot)(nil)

func (s *snapshot) statistics() (*statistics, error) {
	v, err := s.view()
	if err != nil {
		return nil, err
	}
	v.stats.once.Do(func() {
		typ, _ := s.terms.lookup(rdf.IRI(rdf.RDFType))
		v.stats.count(v, typ)
	})
	return &v.stats, nil
}

func (st *statistics) count(v *version, rdfType graph.ID) {
	st.predicates, st.classes = map[graph.ID]graph.PredicateCounts{}, map[graph.ID]int64{}
	var last graph.Quad
	for _, q := range v.in(graph.PSOG) {
		c := st.predicates[q.P]
		c.Quads++
		if q.P != last.P || q.S != last.S {
			c.Subjects++
		}
		st.predicates[q.P] = c
		last = q
	}
	last = graph.Quad{}
	for _, q := range v.in(graph.POSG) {
		if q.P != last.P || q.O != last.O {
			c := st.predicates[q.P]
			c.Objects++
			st.predicates[q.P] = c
		}
		if q.P == rdfType && (q.P != last.P || q.O != last.O || q.S != last.S) {
			st.classes[q.O]++
		}
		last = q
	}
}

func (s *snapshot) Predicate(p graph.ID) (graph.PredicateCounts, error) {
	st, err := s.statistics()
	if err != nil {
		return graph.PredicateCounts{}, err
	}
	return st.predicates[p], nil
}

func (s *snapshot) Predicates() ([]graph.ID, error) {
	st, err := s.statistics()
	if err != nil {
		return nil, err
	}
	return sortedKeys(st.predicates), nil
}

func (s *snapshot) Instances(class graph.ID) (int64, error) {
	st, err := s.statistics()
	if err != nil {
		return 0, err
	}
	return st.classes[class], nil
}

func (s *snapshot) Classes() ([]graph.ID, error) {
	st, err := s.statistics()
	if err != nil {
		return nil, err
	}
	return sortedKeys(st.classes), nil
}

func sortedKeys[V any](m map[graph.ID]V) []graph.ID {
	ids := make([]graph.ID, 0, len(m))
	for id := range m {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}
