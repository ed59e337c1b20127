package sparql_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"qlgraph/graph"
	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/sparql"
)

// asking is a dataset that counts the terms that are looked up in it.
type asking struct {
	*mem.Dataset
	lookups *int
}

type askingSnapshot struct {
	graph.Snapshot
	lookups *int
}

func (d asking) Snapshot(ctx context.Context) (graph.Snapshot, error) {
	s, err := d.Dataset.Snapshot(ctx)
	return askingSnapshot{s, d.lookups}, err
}

func (s askingSnapshot) Lookup(t rdf.Term) (graph.ID, bool, error) {
	*s.lookups++
	return s.Snapshot.Lookup(t)
}

func number(t *testing.T, e *sparql.Engine, query string, p sparql.Params) string {
	t.Helper()
	q, err := e.Parse(query)
	if err != nil {
		t.Fatal(err)
	}
	res, err := e.Query(context.Background(), q, p)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Close()
	var out string
	for row, err := range res.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		out += row[0].Value()
	}
	return out
}

// TestRepeatedQuery: the second time neither the text nor the plan is made again,
// until the data or the query's dataset are others.
func TestRepeatedQuery(t *testing.T) {
	iri := func(s string) rdf.Term { return rdf.IRI("http://example.org/" + s) }
	data := mem.FromQuads(
		rdf.Quad{S: iri("a"), P: iri("p"), O: iri("b"), G: iri("g1")},
		rdf.Quad{S: iri("b"), P: iri("p"), O: iri("c"), G: iri("g2")},
		rdf.Quad{S: iri("c"), P: iri("p"), O: iri("d"), G: iri("g2")},
	)
	lookups := 0
	e := sparql.New(asking{data, &lookups}, sparql.Options{DefaultGraphUnion: true, Prefixes: map[string]string{"": "http://example.org/"}})
	const query = "SELECT (COUNT(*) AS ?n) { ?x :p ?y . ?y :p ?z }"
	check := func(want string, p sparql.Params) (asked int) {
		t.Helper()
		before := lookups
		if got := number(t, e, query, p); got != want {
			t.Errorf("%s instead of %s", got, want)
		}
		return lookups - before
	}
	first := check("2", sparql.Params{})
	if again := check("2", sparql.Params{}); first == 0 || again != 0 {
		t.Errorf("%d terms looked up at first, %d again", first, again)
	}
	check("1", sparql.Params{DefaultGraphs: []string{"http://example.org/g2"}})
	check("0", sparql.Params{DefaultGraphs: []string{"http://example.org/g1"}})
	check("2", sparql.Params{})
	if _, err := data.Update(context.Background(), func(tx graph.Tx) error {
		return tx.Insert(rdf.Triple(iri("d"), iri("p"), iri("e")))
	}); err != nil {
		t.Fatal(err)
	}
	check("3", sparql.Params{})
	check("1", sparql.Params{Bindings: map[string]rdf.Term{"x": iri("c")}})
	check("3", sparql.Params{})
}

// TestRepeatedUnknownTerm: a plan in which a term has an ID of the query's own
// is not kept.
func TestRepeatedUnknownTerm(t *testing.T) {
	data := mem.FromQuads(rdf.Triple(rdf.IRI("http://example.org/a"), rdf.IRI("http://example.org/p"), rdf.Literal("x")))
	e := sparql.New(data, sparql.Options{})
	const query = "SELECT ?z { { <http://example.org/none> <http://example.org/q>* ?z } UNION { ?s <http://example.org/nothing> ?z } UNION { VALUES ?z { 'never seen' } } }"
	for range 3 {
		if got := number(t, e, query, sparql.Params{}); got != "http://example.org/nonenever seen" {
			t.Fatal(got)
		}
	}
}

// TestRepeatedAtOnce runs one query, with EXISTS, OPTIONAL and a path, many times
// at once: a plan is not changed by those who run it.
func TestRepeatedAtOnce(t *testing.T) {
	e := sparql.New(catalogue(2000), sparql.Options{Prefixes: map[string]string{"": "http://example.org/"}})
	const query = `SELECT (COUNT(*) AS ?n) { ?c :level :rare ; :title ?t OPTIONAL { ?c :next ?x FILTER(?x != ?c) }
		FILTER NOT EXISTS { ?c :absent ?y } FILTER(?t != "x" || EXISTS { ?c :next/:next ?z }) }`
	want := number(t, e, query, sparql.Params{})
	var wg sync.WaitGroup
	errs := make(chan string, 8)
	for range cap(errs) {
		wg.Go(func() {
			for range 20 {
				if got := number(t, e, query, sparql.Params{}); got != want {
					errs <- fmt.Sprintf("%s instead of %s", got, want)
					return
				}
			}
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		t.Error(err)
	}
}

// TestQueriesAreForgotten: more texts than are kept do no harm.
func TestQueriesAreForgotten(t *testing.T) {
	e := sparql.New(catalogue(10), sparql.Options{Prefixes: map[string]string{"": "http://example.org/"}})
	first, err := e.Parse("ASK { ?s :p 0 }")
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := e.Parse("ASK { ?s :p 0 }"); again != first {
		t.Error("the query was parsed again")
	}
	for i := range 1000 {
		if _, err := e.Parse(fmt.Sprintf("ASK { ?s :p %d }", i+1)); err != nil {
			t.Fatal(err)
		}
	}
	if again, _ := e.Parse("ASK { ?s :p 0 }"); again == first {
		t.Error("a thousand later texts did not displace the first")
	}
}
