package sparql_test

import (
	"errors"
	"fmt"
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

// TestPathNodes checks that walks count the nodes that they visit towards their
// limit, and no others: 1,000 items and 110 nodes lead to three nodes at most,
// and are read once before.
func TestPathNodes(t *testing.T) {
	const query = "PREFIX : <http://example.org/> SELECT * { ?i (:in|:broader)+ ?x }"
	for max, want := range map[int64]bool{2_000: false, 20_000: true} {
		err := drain(sparql.New(hierarchy(2), sparql.Options{Limits: sparql.Limits{PathNodes: max}}), query)
		var limit *sparql.LimitError
		if errors.As(err, &limit) == want || err != nil && limit == nil {
			t.Errorf("with %d nodes got %v", max, err)
		}
	}
}

// hierarchy is a tree of the given depth in which each node has ten children, and
// items at its leaves, ten each.
func hierarchy(depth int) *mem.Dataset {
	iri := func(name string) rdf.Term { return rdf.IRI("http://example.org/" + name) }
	var quads []rdf.Quad
	var grow func(node string, depth int)
	grow = func(node string, depth int) {
		for i := range 10 {
			child := fmt.Sprint(node, i)
			if depth == 0 {
				quads = append(quads, rdf.Triple(iri("item"+child), iri("in"), iri(node)))
				continue
			}
			quads = append(quads, rdf.Triple(iri(child), iri("broader"), iri(node)))
			grow(child, depth-1)
		}
	}
	grow("n", depth)
	return mem.FromQuads(quads...)
}

// BenchmarkPaths walks a hierarchy of 11,110 nodes over 100,000 items.
func BenchmarkPaths(b *testing.B) {
	engine := sparql.New(hierarchy(4), sparql.Options{})
	for name, pattern := range map[string]string{
		"from the top":            "?x :broader* :n",
		"from the bottom":         ":itemn00000 :in/:broader* ?x",
		"from rows":               "?i :in/:broader+ ?x",
		"from everywhere":         "?x :broader+ ?y",
		"to a constant from rows": "?i :in/:broader* :n7",
		"alternatives under plus": "?i (:in|:broader)+ ?x",
		"sequences under star":    ":n (^:broader/^:broader)* ?x",
		"stars of stars":          "?x ((:broader*)*)* :n",
		"alternatives of links":   "?x (:in|^:broader) ?y",
		"negated set":             "?x !:in ?y",
		"some of all there is":    "{ SELECT * { ?x :broader* ?y } LIMIT 10 }",
		"whether there is one":    "?i :in :n0000 FILTER EXISTS { ?i :in/:broader* :n0 }",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := drain(engine, "PREFIX : <http://example.org/> SELECT (COUNT(*) AS ?n) { "+pattern+" }"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
