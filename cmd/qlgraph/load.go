package main

import (
	"context"
	"fmt"
	"iter"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
	"qlgraph/graph/store"
)

type loadCommand struct {
	dataFlags
	Graph string   `help:"Graph for the triples that name none; the unnamed graph by default." placeholder:"IRI"`
	From  string   `help:"Format of the files; follows from their endings." placeholder:"FORMAT"`
	Files []string `arg:"" name:"file" help:"Files to read, also .gz and .zst; - is stdin."`
}

// Run loads the files in one transaction.
func (c *loadCommand) Run(ctx context.Context, p process) error {
	dir, err := c.directory(p, "")
	if err != nil {
		return err
	}
	return p.withStore(dir, func(s *store.Store) error {
		n := 0
		_, err := s.Update(ctx, func(tx graph.Tx) error {
			for i, name := range c.Files {
				loaded, err := c.load(ctx, p, tx, name, fmt.Sprintf("f%d", i))
				if err != nil {
					return err
				}
				n += loaded
			}
			return nil
		})
		if err == nil {
			fmt.Fprintf(p.stderr, "%d statements loaded\n", n)
		}
		return err
	})
}

func (c *loadCommand) load(ctx context.Context, p process, tx graph.Tx, name, labels string) (int, error) {
	in, err := p.openRDF(name, c.From, rdfio.DecoderOptions{LabelPrefix: labels})
	if err != nil {
		return 0, err
	}
	defer in.Close()
	var target rdf.Term
	if c.Graph != "" {
		target = rdf.IRI(c.Graph)
	}
	n := 0
	for q, err := range in.quads {
		if err != nil {
			return n, err
		}
		if q.G.IsZero() {
			q.G = target
		}
		if err := tx.Insert(q); err != nil {
			return n, err
		}
		if n++; n%contextCheck == 0 && ctx.Err() != nil {
			return n, ctx.Err()
		}
	}
	return n, nil
}

type dumpCommand struct {
	dataFlags
	Graph string `help:"Only this graph." placeholder:"IRI"`
	To    string `default:"nquads" help:"Format to write: turtle, trig, ntriples, nquads, rdfxml, jsonld." placeholder:"FORMAT"`
}

// Run writes the quads to stdout.
func (c *dumpCommand) Run(ctx context.Context, p process) error {
	format, err := rdfio.ByName(c.To)
	if err != nil {
		return usageError{err}
	}
	dir, err := c.directory(p, "")
	if err != nil {
		return err
	}
	return p.withStore(dir, func(s *store.Store) error {
		snap, err := s.Snapshot(ctx)
		if err != nil {
			return err
		}
		defer snap.Close()
		pattern := graph.Pattern{Graphs: graph.EveryQuad()}
		if c.Graph != "" {
			id, found, err := snap.Lookup(rdf.IRI(c.Graph))
			if err != nil {
				return err
			}
			if !found {
				return fmt.Errorf("no graph %s", c.Graph)
			}
			pattern.Graphs = graph.OneGraph(id)
		}
		return writeRDF(ctx, p.stdout, format, scan(snap, pattern, graph.GSPO))
	})
}

// scan reads the quads that match p in the order o.
func scan(snap graph.Snapshot, p graph.Pattern, o graph.Order) iter.Seq2[rdf.Quad, error] {
	return func(yield func(rdf.Quad, error) bool) {
		cursor, err := snap.Scan(p, o)
		if err != nil {
			yield(rdf.Quad{}, err)
			return
		}
		defer cursor.Close()
		batch := graph.NewBatch()
		terms := make([]rdf.Term, 4*graph.BatchSize)
		for {
			n, err := cursor.Next(batch)
			for i, column := range [][]graph.ID{batch.S, batch.P, batch.O, batch.G} {
				if err == nil && n > 0 {
					err = snap.Terms(column[:n], terms[i*n:(i+1)*n])
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
				if !yield(rdf.Quad{S: terms[i], P: terms[n+i], O: terms[2*n+i], G: terms[3*n+i]}, nil) {
					return
				}
			}
		}
	}
}

// sequence returns the quads of a slice as what transactions take.
func sequence(quads []rdf.Quad) iter.Seq2[rdf.Quad, error] {
	return func(yield func(rdf.Quad, error) bool) {
		for _, q := range quads {
			if !yield(q, nil) {
				return
			}
		}
	}
}
