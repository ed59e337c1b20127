package sparql_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/graph/store"
	"qlgraph/graph/xsd"
	"qlgraph/sparql"
	"qlgraph/sparql/algebra"
	"qlgraph/sparql/expr"
	"qlgraph/sparql/internal/reference"
	"qlgraph/sparql/plan"
	"qlgraph/sparql/syntax"
)

// skewed is data whose runs are long and short: a predicate and an object that
// most quads have, subjects with one quad, triples in several graphs.
func skewed() []rdf.Quad {
	r := rand.New(rand.NewPCG(1, 2))
	iri := func(kind string, n int) rdf.Term { return rdf.IRI(fmt.Sprintf("http://example.org/%s%d", kind, n)) }
	var quads []rdf.Quad
	for n := range 2500 {
		q := rdf.Triple(iri("s", n/3), iri("p", 0), iri("o", 0))
		switch r.IntN(4) {
		case 0:
			q.P, q.O = iri("p", 1+r.IntN(6)), iri("o", r.IntN(900))
		case 1:
			q.S, q.O = iri("s", 0), rdf.TypedLiteral(fmt.Sprint(n), rdf.XSDInteger)
		}
		for range 1 + r.IntN(3)/2 {
			if g := r.IntN(12); g > 2 {
				q.G = iri("g", min(g, 6))
			}
			quads = append(quads, q)
		}
	}
	return quads
}

// runQueries are queries that are answered by going from run to run.
func runQueries() []string {
	queries := []string{
		"SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?d) (COUNT(DISTINCT ?o) AS ?e) { ?s ?p ?o } GROUP BY ?p",
		"SELECT ?p (COUNT(DISTINCT ?o) AS ?e) (COUNT(?s) AS ?n) { ?s ?p ?o } GROUP BY ?p HAVING (COUNT(*) > 20)",
		"SELECT ?s ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s ?p",
		"SELECT (COUNT(DISTINCT ?s) AS ?d) (COUNT(DISTINCT ?o) AS ?e) (COUNT(DISTINCT ?p) AS ?f) (COUNT(*) AS ?n) { ?s ?p ?o }",
		"SELECT (COUNT(DISTINCT ?s) AS ?d) { ?s :p0 :absent }",
		"SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(false) }",
		"SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?g) AS ?h) { GRAPH ?g { ?s ?p ?o } }",
		"SELECT ?g (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?d) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
		"SELECT ?g (COUNT(?s) AS ?n) { GRAPH ?g { ?s :p0 ?o } } GROUP BY ?g",
		"SELECT DISTINCT ?p { ?s ?p ?o FILTER(?p != :p0) }",
		"SELECT DISTINCT ?p { ?s ?p ?o FILTER(isIRI(?o)) }",
		"SELECT DISTINCT ?p ?nothing { ?s ?p ?o }",
		"SELECT DISTINCT ?p { ?s ?p ?o } ORDER BY DESC(?p) LIMIT 3",
		"SELECT DISTINCT ?x { ?x ?p ?x }",
		"SELECT DISTINCT ?s FROM :g3 FROM :g4 { ?s ?p ?o }",
		"SELECT DISTINCT ?g ?p FROM NAMED :g3 FROM NAMED :g4 { GRAPH ?g { ?s ?p ?o } }",
	}
	for _, graph := range []string{"%s", "GRAPH :g3 { %s }", "GRAPH ?g { %s }"} {
		for _, pattern := range []string{"?s ?p ?o", "?s :p0 ?o", "?s ?p :o0", ":s0 ?p ?o", ":s0 :p0 ?o"} {
			for _, v := range []string{"s", "p", "o", "g", "s ?p", "p ?o", "o ?s", "g ?s", "s ?p ?o"} {
				body := fmt.Sprintf(graph, pattern)
				if !strings.Contains(body, "?"+v[:1]) || !strings.Contains(body, "?"+v[len(v)-1:]) {
					continue
				}
				queries = append(queries, "SELECT DISTINCT ?"+v+" { "+body+" }",
					"SELECT ?"+v+" (COUNT(*) AS ?n) { "+body+" } GROUP BY ?"+v,
					"SELECT (COUNT(DISTINCT ?"+v[:1]+") AS ?n) { "+body+" }")
			}
		}
	}
	return queries
}

// TestRuns compares what is counted and listed by runs with the reference
// evaluator, over a store with statistics.
func TestRuns(t *testing.T) {
	quads := skewed()
	s, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Update(t.Context(), func(tx graph.Tx) error { return tx.Insert(quads...) }); err != nil {
		t.Fatal(err)
	}
	for _, union := range []bool{false, true} {
		oracle := reference.Evaluator{
			Data: reference.NewDataset(quads, union),
			Env:  &expr.Env{Now: xsd.NewDateTime(time.Unix(0, 0)), Rand: rand.New(rand.NewPCG(1, 1))},
		}
		for _, query := range runQueries() {
			query = "PREFIX : <http://example.org/> " + query
			tree, err := syntax.ParseQuery(query, syntax.Options{})
			if err != nil {
				t.Fatalf("%s: %v", query, err)
			}
			alg, err := algebra.Translate(tree, algebra.Options{})
			if err != nil {
				t.Fatal(err)
			}
			limited := reference.Evaluator{Data: oracle.Data, Env: oracle.Env}
			if d := alg.Dataset; d != nil {
				limited.Data = reference.NewDataset(chosen(quads, d), union)
			}
			got, err := run(s, query, union, plan.All)
			if err != nil {
				t.Fatalf("%s: %v", query, err)
			}
			if have, want := keys(got, ""), keys(limited.Eval(alg.Pattern), ""); have != want {
				t.Errorf("union %v: %s\ngot\n%.1000s\nwant\n%.1000s", union, query, have, want)
			}
		}
	}
}

// chosen returns the quads of a dataset of FROM and FROM NAMED.
func chosen(quads []rdf.Quad, d *algebra.Dataset) []rdf.Quad {
	var list []rdf.Quad
	for _, q := range quads {
		for _, g := range d.Default {
			if q.G == rdf.IRI(g) {
				list = append(list, rdf.Triple(q.S, q.P, q.O))
			}
		}
		for _, g := range d.Named {
			if q.G == rdf.IRI(g) {
				list = append(list, q)
			}
		}
	}
	return list
}

// TestRunsInTransaction counts in an update what the same update inserted.
func TestRunsInTransaction(t *testing.T) {
	s, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	engine := sparql.New(s, sparql.Options{DefaultGraphUnion: true})
	_, err = engine.Update(context.Background(), `PREFIX : <http://example.org/>
		INSERT DATA { :a :p :b , :c . :b :p :c , :d };
		INSERT { :it :subjects ?x ; :objects ?y ; :all ?n } WHERE { SELECT (COUNT(DISTINCT ?s) AS ?x) (COUNT(DISTINCT ?o) AS ?y) (COUNT(*) AS ?n) { ?s :p ?o } }`, sparql.UpdateParams{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := run(s, "PREFIX : <http://example.org/> SELECT ?s ?o ?n { :it :subjects ?s ; :objects ?o ; :all ?n }", true, plan.All)
	if want := `n="4"^^<` + rdf.XSDInteger + `> o="3"^^<` + rdf.XSDInteger + `> s="2"^^<` + rdf.XSDInteger + ">"; err != nil || strings.TrimSpace(keys(got, "")) != want {
		t.Errorf("got %s, %v, want %s", keys(got, ""), err, want)
	}
}
