package sparql_test

import (
	"fmt"
	"testing"

	"qlgraph/graph/rdf"
	"qlgraph/sparql"
)

// TestAggregatesOfOneVariable compares aggregates that share their argument with
// the reference evaluator, over values of all kinds and groups of all sizes.
func TestAggregatesOfOneVariable(t *testing.T) {
	iri := func(s string) rdf.Term { return rdf.IRI("http://example.org/" + s) }
	var quads []rdf.Quad
	for i, term := range comparable() {
		switch term.Value() {
		case "01", "1.0", "true", "2020-01-01Z", "2020-01-01T00:00:00Z", "2020-01-01T01:00:00+01:00":
			continue // of one value with others: MIN may return any of them
		}
		for g := range i % 4 {
			quads = append(quads, rdf.Triple(iri(fmt.Sprint("g", g)), iri("p"), term))
		}
	}
	for n := range 3000 {
		quads = append(quads, rdf.Triple(iri(fmt.Sprint("n", n%7)), iri("p"), rdf.TypedLiteral(fmt.Sprint(n), rdf.XSDInteger)))
	}
	for _, query := range []string{
		"SELECT ?g (MIN(?x) AS ?a) (MAX(?x) AS ?b) (SUM(?x) AS ?c) (AVG(DISTINCT ?x) AS ?d) (COUNT(DISTINCT ?x) AS ?e) { ?g :p ?x } GROUP BY ?g",
		"SELECT (MIN(?x) AS ?a) (MAX(?x) AS ?b) (MIN(STR(?x)) AS ?c) { ?g :p ?x }",
		"SELECT ?g (MIN(?x) AS ?a) (MAX(?x) AS ?b) { ?g :p ?y OPTIONAL { ?y :p ?x } } GROUP BY ?g",
		"SELECT (MIN(?x) AS ?a) (MAX(?x) AS ?b) { ?g :nothing ?x }",
	} {
		if diff := difference(t, quads, "PREFIX : <http://example.org/> "+query, "", false); diff != "" {
			t.Errorf("%s\n%.2000s", query, diff)
		}
	}
}

// TestGroupsOfOptional compares groups over an OPTIONAL that binds what its left
// side leaves unbound with the reference evaluator.
func TestGroupsOfOptional(t *testing.T) {
	for _, query := range []string{
		"SELECT ?e ?b (COUNT(?a) AS ?z) { VALUES (?b ?a) { (UNDEF UNDEF) (2 UNDEF) } OPTIONAL { VALUES (?a ?e) { (1 UNDEF) (2 UNDEF) } } } GROUP BY ?e ?b",
		"SELECT ?e (MAX(?a) AS ?z) { VALUES ?a { UNDEF 3 } OPTIONAL { VALUES (?a ?e) { (3 :x) (4 :x) } } } GROUP BY ?e",
	} {
		if diff := difference(t, nil, "PREFIX : <http://example.org/> "+query, "", false); diff != "" {
			t.Errorf("%s\n%.2000s", query, diff)
		}
	}
}

// TestAggregatesFetchTermsOnce counts the terms that several aggregates of one
// variable look at.
func TestAggregatesFetchTermsOnce(t *testing.T) {
	data := catalogue(3000)
	fetched := func(aggregates string) int {
		spent := &work{}
		if err := drain(sparql.New(counting{describe(data), spent}, sparql.Options{}), "PREFIX : <http://example.org/> SELECT "+aggregates+" { ?c :title ?t }"); err != nil {
			t.Fatal(err)
		}
		return spent.terms
	}
	one, three := fetched("(MIN(?t) AS ?a)"), fetched("(MIN(?t) AS ?a) (MAX(?t) AS ?b) (SAMPLE(?t) AS ?d)")
	if three > one+10 {
		t.Errorf("%d terms for three aggregates, %d for one", three, one)
	}
}
