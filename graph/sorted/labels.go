package sorted

import (
	"errors"

	"qlgraph/graph"
	"qlgraph/graph/canon"
	"qlgraph/graph/rdf"
)

// maxBlankQuads is how many quads with a blank node are given canonical labels:
// they have to be in memory, at about 200 bytes each.
const maxBlankQuads = 1 << 20

// canonicalLabels returns the canonical label of every blank node, nil where
// there are none or where they are too many or too much alike to be told apart.
func canonicalLabels(snap graph.Snapshot) (map[string]string, error) {
	quads, err := blankQuads(snap)
	if err != nil || len(quads) == 0 || len(quads) > maxBlankQuads {
		return nil, err
	}
	form, err := canon.Canonicalize(quads)
	var limit *canon.LimitError
	if errors.As(err, &limit) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return form.Labels, nil
}

// blankQuads returns the quads that have a blank node, some more than once, and
// at most a few more than maxBlankQuads. The others say nothing about the labels.
func blankQuads(snap graph.Snapshot) ([]rdf.Quad, error) {
	graphs, err := graph.NamedGraphs(snap)
	if err != nil {
		return nil, err
	}
	r := reader{snap: snap}
	var quads []rdf.Quad
	collect := func(p graph.Pattern, o graph.Order, lead func(graph.Quad) graph.ID) error {
		return r.scan(p, o, func(batch []graph.Quad) (bool, error) {
			n := 0
			for n < len(batch) && (lead == nil || lead(batch[n]).Kind() == graph.IDBlank) {
				n++
			}
			quads, err = r.append(quads, batch[:n])
			return n == len(batch) && len(quads) <= maxBlankQuads, err
		})
	}
	// Blank nodes come first in every order: theirs is the lowest kind of ID.
	every := graph.Pattern{Graphs: graph.EveryQuad()}
	if err := collect(every, graph.SPOG, func(q graph.Quad) graph.ID { return q.S }); err != nil {
		return nil, err
	}
	if err := collect(every, graph.OSPG, func(q graph.Quad) graph.ID { return q.O }); err != nil {
		return nil, err
	}
	for _, g := range graphs {
		if g.Kind() != graph.IDBlank {
			break
		}
		if err := collect(graph.Pattern{Graphs: graph.OneGraph(g)}, graph.GSPO, nil); err != nil {
			return nil, err
		}
	}
	return quads, nil
}
