package store_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"qlgraph/graph"
	"qlgraph/graph/graphtest"
	"qlgraph/graph/rdf"
	"qlgraph/graph/store"
)

// TestDatasetStatistics counts the quads of a store by definition and compares,
// after commits and after a load.
func TestDatasetStatistics(t *testing.T) {
	r := graphtest.NewRandom(t, 60)
	s := open(t, t.TempDir())
	ctx := context.Background()
	for round := range 12 {
		quads := r.Quads(300)
		if round == 6 {
			if _, err := s.Load(ctx, store.LoadOptions{}, source(r.Quads(2000))); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Update(ctx, func(tx graph.Tx) error {
			return errors.Join(tx.Delete(r.Quads(2000)...), tx.Clear(r.Graph()), tx.Insert(quads...))
		}); err != nil {
			t.Fatal(err)
		}
		checkStatistics(t, view(t, s))
	}
}

func checkStatistics(t *testing.T, snap *store.Snapshot) {
	t.Helper()
	typ := graphtest.ID(t, snap, rdf.IRI(rdf.RDFType))
	triples, subjects, objects := map[graph.Quad]bool{}, map[graph.ID]map[graph.ID]int64{}, map[graph.ID]bool{}
	graphs := map[graph.ID]*graph.GraphCounts{}
	graphSubjects := map[[2]graph.ID]bool{}
	perGraph := map[graph.ID][2]map[graph.ID]int64{}
	quads := graphtest.Scan(t, snap, graph.Pattern{Graphs: graph.EveryQuad()}, graph.GSPO, graph.BatchSize)
	for _, q := range quads {
		triples[graph.Quad{S: q.S, P: q.P, O: q.O}] = true
		objects[q.O] = true
		if subjects[q.S] == nil {
			subjects[q.S] = map[graph.ID]int64{}
		}
		subjects[q.S][q.P]++
		if graphs[q.G] == nil {
			graphs[q.G] = &graph.GraphCounts{}
			perGraph[q.G] = [2]map[graph.ID]int64{{}, {}}
		}
		graphs[q.G].Quads++
		if !graphSubjects[[2]graph.ID{q.G, q.S}] {
			graphSubjects[[2]graph.ID{q.G, q.S}] = true
			graphs[q.G].Subjects++
		}
		perGraph[q.G][0][q.P]++
		if q.P == typ {
			perGraph[q.G][1][q.O]++
		}
	}
	want := graph.Totals{Quads: int64(len(quads)), Triples: int64(len(triples)), Subjects: int64(len(subjects)), Objects: int64(len(objects))}
	if got, err := snap.Totals(); got != want || err != nil {
		t.Errorf("Totals: %+v, error %v, want %+v", got, err, want)
	}
	for g, want := range graphs {
		want.Predicates, want.Classes = counts(perGraph[g][0]), counts(perGraph[g][1])
		if got, err := snap.Graph(g); fmt.Sprint(got) != fmt.Sprint(*want) || err != nil {
			t.Errorf("graph %x: %v, error %v, want %v", g, got, err, *want)
		}
	}
	if got, err := snap.Graph(graph.MakeID(graph.IDIRI, 1<<30)); got.Quads != 0 || err != nil {
		t.Errorf("an unknown graph: %v, error %v", got, err)
	}
	checkSets(t, snap, subjects)
}

func checkSets(t *testing.T, snap *store.Snapshot, subjects map[graph.ID]map[graph.ID]int64) {
	t.Helper()
	type set struct {
		subjects int64
		quads    map[graph.ID]int64
	}
	sets := map[string]*set{}
	for _, predicates := range subjects {
		key := fmt.Sprint(slices.Sorted(maps.Keys(predicates)))
		if sets[key] == nil {
			sets[key] = &set{quads: map[graph.ID]int64{}}
		}
		sets[key].subjects++
		for p, n := range predicates {
			sets[key].quads[p] += n
		}
	}
	var want, got []string
	for _, s := range sets {
		want = append(want, fmt.Sprint(s.subjects, counts(s.quads)))
	}
	for s, err := range snap.CharacteristicSets() {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(s.Subjects, s.Predicates))
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("characteristic sets:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func counts(m map[graph.ID]int64) (out []graph.Count) {
	for _, id := range slices.Sorted(maps.Keys(m)) {
		out = append(out, graph.Count{ID: id, N: m[id]})
	}
	return out
}
