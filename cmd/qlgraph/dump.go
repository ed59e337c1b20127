package main

import (
	"context"
	"fmt"
	"iter"

	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
	"qlgraph/graph/sorted"
	"qlgraph/graph/store"
	"qlgraph/ontology"
)

type dumpCommand struct {
	dataFlags
	Graph string `help:"Only this graph." placeholder:"IRI"`
	To    string `default:"nquads" help:"Format to write: turtle, trig, ntriples, nquads, rdfxml, jsonld." placeholder:"FORMAT"`
	elmFlag
}

// elmFlag is the flag of commands that write course data.
type elmFlag struct {
	ELM string `name:"elm" default:"3.3" enum:"3.3,3.2" help:"Namespace of the European Learning Model: 3.3, or 3.2 for the older one."`
}

// rename returns the quads under the names of the chosen version. Data that were
// loaded, not harvested, may have either: only --elm 3.2 changes anything.
func (f elmFlag) rename(quads iter.Seq2[rdf.Quad, error]) iter.Seq2[rdf.Quad, error] {
	if f.ELM != "3.2" {
		return quads
	}
	return func(yield func(rdf.Quad, error) bool) {
		for q, err := range quads {
			if !yield(ontology.ELMOld.RenameQuad(q), err) {
				return
			}
		}
	}
}

// Run writes the quads to stdout, in an order that hangs on nothing but them.
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
		view, err := sorted.New(snap)
		if err != nil {
			return err
		}
		quads := view.All()
		if c.Graph != "" {
			id, found, err := snap.Lookup(rdf.IRI(c.Graph))
			if err != nil {
				return err
			}
			if !found {
				return fmt.Errorf("no graph %s", c.Graph)
			}
			quads = view.Quads(sorted.Graph{ID: id, Name: rdf.IRI(c.Graph)})
		}
		// A single graph is nested for people, up to what turtle keeps in memory.
		opts := rdfio.EncoderOptions{Prefixes: ontology.Prefixes(), Stream: c.Graph == ""}
		return encodeRDF(ctx, p.stdout, format, c.rename(quads), func() rdfio.EncoderOptions { return opts })
	})
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
