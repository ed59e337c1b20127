package sparql_test

import (
	"context"
	"fmt"
	"testing"

	"qlgraph/graph"
	"qlgraph/graph/canon"
	"qlgraph/graph/rdf"
	"qlgraph/internal/w3ctest"
	"qlgraph/sparql"
)

// TestW3CUpdate runs the update evaluation tests, in memory and on disk.
func TestW3CUpdate(t *testing.T) {
	for name, open := range map[string]func([]rdf.Quad) (graph.Writer, error){"in memory": inMemory, "on the store": onDisk(t)} {
		t.Run(name, func(t *testing.T) {
			w3ctest.Suite{
				Manifest: "sparql/sparql11/manifest-all.ttl",
				Select:   func(e w3ctest.Entry) bool { return e.Type == w3ctest.MF+"UpdateEvaluationTest" },
				Entries:  94,
				Passes:   94,
			}.Run(t, func(e w3ctest.Entry) error { return updateTest(e, open) })
		})
	}
}

func updateTest(e w3ctest.Entry, open func([]rdf.Quad) (graph.Writer, error)) error {
	quads, err := dataset(e, e.Action, w3ctest.UT+"data", w3ctest.UT+"graphData")
	if err != nil {
		return err
	}
	data, err := open(quads)
	if err != nil {
		return err
	}
	request := e.Object(e.Action, w3ctest.UT+"request")
	text, err := e.Read(request)
	if err != nil {
		return err
	}
	engine := sparql.New(data, sparql.Options{BaseIRI: request.Value()})
	if _, err := engine.Update(context.Background(), string(text), sparql.UpdateParams{}); err != nil {
		return err
	}
	want, err := dataset(e, e.Result, w3ctest.UT+"data", w3ctest.UT+"graphData")
	if err != nil {
		return err
	}
	a, err := content(data)
	if err != nil {
		return err
	}
	equal, err := canon.Isomorphic(a, want)
	if err != nil {
		return err
	}
	if !equal {
		return fmt.Errorf("got\n%swant\n%s", show(result{quads: a}), show(result{quads: want}))
	}
	return nil
}

// content returns all quads of a dataset.
func content(d graph.Dataset) ([]rdf.Quad, error) {
	snap, err := d.Snapshot(context.Background())
	if err != nil {
		return nil, err
	}
	defer snap.Close()
	c, err := snap.Scan(graph.Pattern{Graphs: graph.EveryQuad()}, graph.SPOG)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	var quads []rdf.Quad
	b := graph.NewBatch()
	terms := make([]rdf.Term, graph.BatchSize*4)
	for {
		n, err := c.Next(b)
		if err != nil || n == 0 {
			return quads, err
		}
		for i, ids := range [][]graph.ID{b.S, b.P, b.O, b.G} {
			if err := snap.Terms(ids[:n], terms[i*n:]); err != nil {
				return nil, err
			}
		}
		for i := range n {
			quads = append(quads, rdf.Quad{S: terms[i], P: terms[n+i], O: terms[2*n+i], G: terms[3*n+i]})
		}
	}
}
