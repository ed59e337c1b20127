package sparql_test

import (
	"context"
	"iter"
	"sort"
	"sync"

	"qlgraph/graph"
	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
)

// described is a dataset in memory, which does not change, with the statistics
// that the store has: what the engine decides by them is tested with it.
type described struct {
	*mem.Dataset
	counts func() (description, error)
}

type description struct {
	totals graph.Totals
	graphs map[graph.ID]graph.GraphCounts
}

func describe(d *mem.Dataset) described {
	return described{d, sync.OnceValues(func() (description, error) { return count(d) })}
}

func (d described) Snapshot(ctx context.Context) (graph.Snapshot, error) {
	s, err := d.Dataset.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return describedSnapshot{s, s.(graph.Statistics), s.(graph.TextIndex), d.counts}, nil
}

type describedSnapshot struct {
	graph.Snapshot
	graph.Statistics
	graph.TextIndex
	counts func() (description, error)
}

func (s describedSnapshot) Totals() (graph.Totals, error) {
	d, err := s.counts()
	return d.totals, err
}

func (s describedSnapshot) Graph(g graph.ID) (graph.GraphCounts, error) {
	d, err := s.counts()
	return d.graphs[g], err
}

// CharacteristicSets returns none: nobody asks.
func (describedSnapshot) CharacteristicSets() iter.Seq2[graph.CharacteristicSet, error] {
	return func(func(graph.CharacteristicSet, error) bool) {}
}

// count counts by definition.
func count(d *mem.Dataset) (out description, err error) {
	snap, err := d.Snapshot(context.Background())
	if err != nil {
		return out, err
	}
	defer snap.Close()
	typ, _, err := snap.Lookup(rdf.IRI(rdf.RDFType))
	if err != nil {
		return out, err
	}
	cursor, err := snap.Scan(graph.Pattern{Graphs: graph.EveryQuad()}, graph.GSPO)
	if err != nil {
		return out, err
	}
	defer cursor.Close()
	triples, subjects, objects := map[graph.Quad]bool{}, map[graph.ID]bool{}, map[graph.ID]bool{}
	in := map[graph.ID]map[graph.ID]bool{} // subjects by graph
	predicates, classes := map[[2]graph.ID]int64{}, map[[2]graph.ID]int64{}
	out.graphs = map[graph.ID]graph.GraphCounts{}
	for b := graph.NewBatch(); ; {
		n, err := cursor.Next(b)
		if n == 0 || err != nil {
			break
		}
		for i := range n {
			q := graph.Quad{S: b.S[i], P: b.P[i], O: b.O[i]}
			triples[q], subjects[q.S], objects[q.O] = true, true, true
			g := out.graphs[b.G[i]]
			g.Quads++
			out.graphs[b.G[i]] = g
			if in[b.G[i]] == nil {
				in[b.G[i]] = map[graph.ID]bool{}
			}
			in[b.G[i]][q.S] = true
			predicates[[2]graph.ID{b.G[i], q.P}]++
			if q.P == typ {
				classes[[2]graph.ID{b.G[i], q.O}]++
			}
			out.totals.Quads++
		}
	}
	out.totals.Triples, out.totals.Subjects, out.totals.Objects = int64(len(triples)), int64(len(subjects)), int64(len(objects))
	for id, g := range out.graphs {
		g.Subjects = int64(len(in[id]))
		g.Predicates, g.Classes = ofGraph(predicates, id), ofGraph(classes, id)
		out.graphs[id] = g
	}
	return out, nil
}

// ofGraph returns the counts of a graph, by ID.
func ofGraph(counts map[[2]graph.ID]int64, g graph.ID) []graph.Count {
	var list []graph.Count
	for key, n := range counts {
		if key[0] == g {
			list = append(list, graph.Count{ID: key[1], N: n})
		}
	}
	sort.Slice(list, func(i, k int) bool { return list[i].ID < list[k].ID })
	return list
}
