package sorted

import (
	"iter"
	"slices"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

// subjectsAtOnce is how many subjects of a graph are in memory, with their
// triples as IDs: some 30 MB. A graph with more is walked several times, which
// costs little beside decoding its terms.
const subjectsAtOnce = 1 << 17

// View is a snapshot in the order of its terms.
type View struct {
	reader reader
	labels map[string]string
	share  int // subjects at once
}

// New returns a View of snap, which has to stay open.
func New(snap graph.Snapshot) (*View, error) {
	labels, err := canonicalLabels(snap)
	if err != nil {
		return nil, err
	}
	return &View{reader: reader{snap: snap}, labels: labels, share: subjectsAtOnce}, nil
}

// Graph is a graph of the snapshot.
type Graph struct {
	ID   graph.ID // 0: the unnamed graph
	Name rdf.Term // the zero Term: the unnamed graph
}

// Graphs returns all graphs in the order of their names.
func (v *View) Graphs() ([]Graph, error) {
	ids, err := graph.NamedGraphs(v.reader.snap)
	if err != nil {
		return nil, err
	}
	ids = append([]graph.ID{0}, ids...)
	names := make([]rdf.Term, len(ids))
	if err := v.reader.snap.Terms(ids, names); err != nil {
		return nil, err
	}
	graphs := make([]Graph, len(ids))
	for i := range ids {
		graphs[i] = Graph{ids[i], v.relabel(names[i])}
	}
	slices.SortFunc(graphs, func(a, b Graph) int { return rdf.Compare(a.Name, b.Name) })
	return graphs, nil
}

// All yields every quad of the dataset. It ends after the first error.
func (v *View) All() iter.Seq2[rdf.Quad, error] {
	return func(yield func(rdf.Quad, error) bool) {
		graphs, err := v.Graphs()
		if err != nil {
			yield(rdf.Quad{}, err)
			return
		}
		for _, g := range graphs {
			for q, err := range v.Quads(g) {
				if !yield(q, err) || err != nil {
					return
				}
			}
		}
	}
}

// Quads yields the quads of one graph. It ends after the first error.
func (v *View) Quads(g Graph) iter.Seq2[rdf.Quad, error] {
	return func(yield func(rdf.Quad, error) bool) {
		var last rdf.Term
		for {
			s, err := v.subjects(g, last)
			if err != nil {
				yield(rdf.Quad{}, err)
				return
			}
			if len(s.list) == 0 || !v.write(g, s, yield) {
				return
			}
			last = s.list[len(s.list)-1].term
		}
	}
}

func (v *View) relabel(t rdf.Term) rdf.Term {
	if label, ok := v.labels[t.Value()]; ok && t.IsBlank() {
		return rdf.Blank(label)
	}
	return t
}
