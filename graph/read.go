package graph

import (
	"iter"

	"qlgraph/graph/rdf"
)

// Quads reads the quads that match p in the order o, as terms: what is wanted
// where whole graphs leave the dataset. Where graphs are merged the quads are
// triples. An error is yielded last; the sequence can be used again.
func Quads(s Snapshot, p Pattern, o Order) iter.Seq2[rdf.Quad, error] {
	return func(yield func(rdf.Quad, error) bool) {
		if err := eachQuad(s, p, o, func(q rdf.Quad) bool { return yield(q, nil) }); err != nil {
			yield(rdf.Quad{}, err)
		}
	}
}

// eachQuad ends where visit returns false.
func eachQuad(s Snapshot, p Pattern, o Order, visit func(rdf.Quad) bool) error {
	cursor, err := s.Scan(p, o)
	if err != nil {
		return err
	}
	defer cursor.Close()
	batch := NewBatch()
	terms := make([]rdf.Term, 3*BatchSize)
	subjects, predicates, objects := terms[:BatchSize], terms[BatchSize:2*BatchSize], terms[2*BatchSize:]
	var in ID // of name, which mostly serves many quads
	var name [1]rdf.Term
	for {
		n, err := cursor.Next(batch)
		if err != nil || n == 0 {
			return err
		}
		for _, column := range []struct {
			ids   []ID
			terms []rdf.Term
		}{{batch.S, subjects}, {batch.P, predicates}, {batch.O, objects}} {
			if err := s.Terms(column.ids[:n], column.terms); err != nil {
				return err
			}
		}
		for i := range n {
			if g := batch.G[i]; g != in {
				if err := s.Terms(batch.G[i:i+1], name[:]); err != nil {
					return err
				}
				in = g
			}
			if !visit(rdf.Quad{S: subjects[i], P: predicates[i], O: objects[i], G: name[0]}) {
				return nil
			}
		}
	}
}
