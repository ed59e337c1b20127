package sparql_test

import (
	"fmt"
	"testing"

	"qlgraph/graph/rdf"
)

// TestNestedGraphs compares GRAPH within GRAPH, of graphs that exist and of one
// that does not, with the reference evaluator: what is in a graph that does not
// exist has no solution, whatever graph it names itself (SPARQL 1.1 §18.6).
func TestNestedGraphs(t *testing.T) {
	iri := func(s string) rdf.Term { return rdf.IRI("http://example.org/" + s) }
	quads := []rdf.Quad{
		rdf.Triple(iri("a"), iri("p"), iri("b")),
		rdf.Triple(iri("a"), iri("p"), iri("c")).In(iri("g1")),
		rdf.Triple(iri("d"), iri("p"), iri("b")).In(iri("g2")),
		rdf.Triple(iri("a"), iri("q"), iri("b")).In(iri("g2")),
	}
	for _, outer := range []string{":nowhere", ":g1", ":g2", "?g"} {
		for _, inner := range []string{
			"GRAPH ?e { ?a :p ?b }", "GRAPH :g1 { ?a :p ?b }", "GRAPH :nowhere { ?a :p ?b }", "GRAPH ?g { ?a :p ?b }",
			"{ } UNION { GRAPH :g1 { ?a :p ?b } }", "GRAPH :g2 { }", "?a :q ?x GRAPH :g1 { ?a :p ?b }", "VALUES ?a { :a } OPTIONAL { GRAPH ?e { ?a :p ?b } }",
		} {
			for _, form := range []string{
				"SELECT * { GRAPH %s { %s } }", "SELECT DISTINCT ?a { GRAPH %s { %s } }", "SELECT (COUNT(*) AS ?n) { GRAPH %s { %s } }",
				"SELECT ?a (COUNT(DISTINCT ?b) AS ?n) { GRAPH %s { %s } } GROUP BY ?a", "SELECT * { ?a :p ?z FILTER EXISTS { GRAPH %s { %s } } }",
			} {
				query := "PREFIX : <http://example.org/> " + fmt.Sprintf(form, outer, inner)
				for _, union := range []bool{false, true} {
					if diff := difference(t, quads, query, "", union); diff != "" {
						t.Errorf("union %v: %s\n%.1500s", union, query, diff)
					}
				}
			}
		}
	}
}
