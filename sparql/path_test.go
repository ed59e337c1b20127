package sparql_test

import (
	"testing"

	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/sparql"
)

// TestPathOfNoStepsInExists: a path without a step leads from nodes of the
// graph only (SPARQL 1.1 §18.4), also where EXISTS surrounds it; just what EXISTS
// puts in place of a variable counts as a constant.
func TestPathOfNoStepsInExists(t *testing.T) {
	e := sparql.New(mem.FromQuads(
		rdf.Triple(rdf.IRI("http://e/c"), rdf.IRI("http://e/r"), rdf.Literal("x")),
		rdf.Triple(rdf.IRI("http://e/d"), rdf.IRI("http://e/s"), rdf.Literal("y")).In(rdf.IRI("http://e/g")),
	), sparql.Options{})
	for name, tc := range map[string]struct {
		query string
		want  bool
	}{
		"a predicate is no node":             {`ASK { FILTER EXISTS { ?b (^<http://e/p>)? ?d . ?e ?d "x" } }`, false},
		"a substituted predicate is as good": {`ASK { ?e ?d "x" FILTER EXISTS { ?b (^<http://e/p>)? ?d } }`, true},
		"a value in a named graph":           {`ASK { ?e ?p "x" FILTER EXISTS { GRAPH ?g { ?p <http://e/q>* ?p } } }`, true},
		"a value of alternatives":            {`ASK { ?e ?p "x" FILTER EXISTS { ?e ?r "x" . ?p (<http://e/q>*|<http://e/s>) ?p } }`, true},
		"a variable in a named graph":        {`ASK { GRAPH ?g { ?p <http://e/q>* ?o } . ?e ?p "x" }`, false},
		"a subject is a node":                {`ASK { FILTER EXISTS { ?d (^<http://e/p>)? ?b . ?d ?p "x" } }`, true},
	} {
		t.Run(name, func(t *testing.T) {
			q, err := e.Parse(tc.query)
			if err != nil {
				t.Fatal(err)
			}
			r, err := e.Query(t.Context(), q, sparql.Params{})
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			if r.Bool != tc.want {
				t.Errorf("got %v, want %v", r.Bool, tc.want)
			}
		})
	}
}
