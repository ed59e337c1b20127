package store

import (
	"context"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

// origin says where the quads that a file is built of are from.
type origin uint8

const (
	rowsNew     origin = iota // what is loaded
	rowsHeld                  // what the store has and keeps
	rowsDropped               // what it has and loses, unless it is loaded as well
	origins
)

// input is quads of one origin.
type input struct {
	quads  Source
	origin origin
}

// readHeld adds the snapshot's own quads to the load; those of the filled
// graphs as dropped ones.
func (l *load) readHeld(ctx context.Context, snap *Snapshot, filled map[graph.ID]bool) error {
	if snap.state.quads == 0 {
		return nil
	}
	inputs := []input{{quadsOf(snap, graph.EveryQuad(), filled), rowsHeld}}
	for g := range filled {
		inputs = append(inputs, input{quadsOf(snap, graph.OneGraph(g), nil), rowsDropped})
	}
	return l.read(ctx, inputs...)
}

// forgetEvery is after how many batches of quads that are read once the file's
// pages are given back.
const forgetEvery = 1 << 10

// quadsOf returns the snapshot's quads in the graphs, but for those left out.
func quadsOf(s *Snapshot, graphs graph.Graphs, without map[graph.ID]bool) Source {
	return func(yield func(rdf.Quad, error) bool) {
		p := graph.Pattern{Graphs: graphs}
		c, err := s.Scan(p, graph.OrderFor(p))
		if err != nil {
			yield(rdf.Quad{}, err)
			return
		}
		defer c.Close()
		b := graph.NewBatch()
		var terms [4][]rdf.Term
		for i := range terms {
			terms[i] = make([]rdf.Term, graph.BatchSize)
		}
		for batches := 1; ; batches++ {
			n, err := c.Next(b)
			for i, ids := range [4][]graph.ID{b.S, b.P, b.O, b.G} {
				if err == nil {
					err = s.Terms(ids[:n], terms[i])
				}
			}
			if err != nil {
				yield(rdf.Quad{}, err)
				return
			}
			if n == 0 {
				return
			}
			for i := range n {
				if !without[b.G[i]] && !yield(rdf.Quad{S: terms[0][i], P: terms[1][i], O: terms[2][i], G: terms[3][i]}, nil) {
					return
				}
			}
			if batches%forgetEvery == 0 {
				s.file.forget()
			}
		}
	}
}
