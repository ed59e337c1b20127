package sorted

import (
	"errors"
	"slices"

	"qlgraph/graph"
	"qlgraph/graph/canon"
	"qlgraph/graph/rdf"
)

// maxBlankQuads is how many quads with a blank node are given canonical labels:
// they have to be in memory, and the work on them takes about 1 KB each.
const maxBlankQuads = 1 << 18

// canonicalLabels returns the canonical label of every blank node, nil where
// there are none or where they are too many or too much alike to be told apart.
func canonicalLabels(snap graph.Snapshot) (map[string]string, error) {
	quads, err := blankQuads(snap)
	if err != nil || len(quads) == 0 {
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

// blankQuads returns the quads that have a blank node, some more than once; none
// where they are more than maxBlankQuads. The others say nothing about the labels.
func blankQuads(snap graph.Snapshot) ([]rdf.Quad, error) {
	graphs, err := graph.NamedGraphs(snap)
	if err != nil {
		return nil, err
	}
	r := reader{snap: snap}
	var quads []graph.Quad // as IDs: that they are too many is known before they are terms
	collect := func(p graph.Pattern, o graph.Order, lead func(graph.Quad) graph.ID) error {
		return r.scan(p, o, func(batch []graph.Quad) (bool, error) {
			n := 0
			for n < len(batch) && (lead == nil || lead(batch[n]).Kind() == graph.IDBlank) {
				n++
			}
			quads = append(quads, batch[:n]...)
			return n == len(batch) && len(quads) <= maxBlankQuads, nil
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
	if len(quads) > maxBlankQuads {
		return nil, nil
	}
	var terms []rdf.Quad
	for batch := range slices.Chunk(quads, graph.BatchSize) {
		if terms, err = r.append(terms, batch); err != nil {
			return nil, err
		}
	}
	return terms, nil
}
