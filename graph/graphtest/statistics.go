package graphtest

import (
	"slices"
	"testing"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

// testStatistics compares what a dataset counts, if it does, with the model:
// after a first filling and after changes.
func testStatistics(t *testing.T, w graph.Writer) {
	r, m := fill(t, w, 1500)
	s := snapshot(t, w)
	if _, ok := s.(graph.Statistics); !ok {
		t.Skip("the dataset keeps no statistics (an optional extra)")
	}
	m.checkStatistics(t, s)
	for range 5 {
		g := r.Graph()
		quads := r.Quads(200)
		update(t, w, func(tx graph.Tx) error {
			_, err := tx.Replace(g, sequence(quads))
			return err
		})
		for q := range m {
			if q.G == g {
				delete(m, q)
			}
		}
		for _, q := range quads {
			m[q.In(g)] = true
		}
		m.checkStatistics(t, snapshot(t, w))
	}
}

func (m Model) checkStatistics(t *testing.T, s graph.Snapshot) {
	t.Helper()
	type pair struct{ p, x rdf.Term }
	counts := map[rdf.Term]graph.PredicateCounts{}
	instances := map[rdf.Term]int64{}
	subjects, objects := map[pair]bool{}, map[pair]bool{}
	members := map[rdf.Quad]bool{}
	for q := range m {
		c := counts[q.P]
		c.Quads++
		if !subjects[pair{q.P, q.S}] {
			subjects[pair{q.P, q.S}] = true
			c.Subjects++
		}
		if !objects[pair{q.P, q.O}] {
			objects[pair{q.P, q.O}] = true
			c.Objects++
		}
		counts[q.P] = c
		if triple := q.In(rdf.Term{}); q.P == rdf.IRI(rdf.RDFType) && !members[triple] {
			members[triple] = true
			instances[q.O]++
		}
	}
	st := s.(graph.Statistics)
	for p, want := range counts {
		if got, err := st.Predicate(ID(t, s, p)); err != nil || got != want {
			t.Errorf("predicate %v: %+v, error %v, want %+v", p, got, err, want)
		}
	}
	for class, want := range instances {
		if got, err := st.Instances(ID(t, s, class)); err != nil || got != want {
			t.Errorf("class %v: %d instances, error %v, want %d", class, got, err, want)
		}
	}
	if n, err := st.Instances(graph.MakeID(graph.IDIRI, 1<<40)); n != 0 || err != nil {
		t.Errorf("an unknown class: %d instances, error %v", n, err)
	}
	predicates, err := st.Predicates()
	if err != nil || !slices.Equal(predicates, idsOf(t, s, counts)) {
		t.Errorf("Predicates: %d, error %v, want %d", len(predicates), err, len(counts))
	}
	classes, err := st.Classes()
	if err != nil || !slices.Equal(classes, idsOf(t, s, instances)) {
		t.Errorf("Classes: %d, error %v, want %d", len(classes), err, len(instances))
	}
}

func idsOf[V any](t *testing.T, s graph.Snapshot, terms map[rdf.Term]V) []graph.ID {
	ids := make([]graph.ID, 0, len(terms))
	for term := range terms {
		ids = append(ids, ID(t, s, term))
	}
	slices.Sort(ids)
	return ids
}
