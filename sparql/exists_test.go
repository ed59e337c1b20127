package sparql_test

import (
	"testing"

	"qlgraph/graph/rdf"
)

// TestExistsSeesOuterValues compares EXISTS patterns whose filters look at
// variables of the rows outside, with patterns of each kind below the filter,
// with the reference evaluator (SPARQL 1.1 §18.6, substitute).
func TestExistsSeesOuterValues(t *testing.T) {
	iri := func(s string) rdf.Term { return rdf.IRI("http://example.org/" + s) }
	number := func(s string) rdf.Term { return rdf.TypedLiteral(s, rdf.XSDInteger) }
	quads := []rdf.Quad{
		rdf.Triple(iri("a"), iri("p"), number("1")),
		rdf.Triple(iri("b"), iri("p"), iri("d")),
		rdf.Triple(iri("a"), iri("r"), number("2")),
		rdf.Triple(iri("b"), iri("p"), number("3")).In(iri("g")),
		rdf.Triple(iri("c"), iri("r"), number("1")).In(iri("g")),
	}
	for _, pattern := range []string{
		"OPTIONAL { :a :r ?a . :b :p ?b }",
		"OPTIONAL { ?b :p ?a }",
		"GRAPH ?g { ?a :p ?x } ",
		"GRAPH ?g { ?a :p ?b } ",
		"{ ?a :p ?b } UNION { ?a :r ?b }",
		"{ ?x :p ?b OPTIONAL { ?b :r ?a } } UNION { }",
		"BIND(1 AS ?x)",
		"?a :r ?x BIND(?x + 1 AS ?y)",
		"?a :p ?b",
	} {
		for _, filter := range []string{"isLiteral(?b)", "!BOUND(?a) || isIRI(?b)", "?b = 1"} {
			for _, not := range []string{"", "NOT "} {
				query := "PREFIX : <http://example.org/> SELECT * { ?c :p ?b FILTER " + not + "EXISTS { " + pattern + " FILTER(" + filter + ") } }"
				if diff := difference(t, quads, query, "", true); diff != "" {
					t.Errorf("%s\n%.2000s", query, diff)
				}
			}
		}
	}
}
