package sparql_test

import (
	"fmt"
	"testing"

	"qlgraph/graph/rdf"
	"qlgraph/sparql"
)

// comparable are terms of all kinds, some with one value and some with none.
func comparable() []rdf.Term {
	typed := rdf.TypedLiteral
	return []rdf.Term{
		rdf.IRI("http://example.org/a"), rdf.IRI("http://example.org/b"), rdf.Blank("x"), rdf.Blank("y"),
		rdf.Literal("a"), rdf.Literal("http://example.org/a"), rdf.LangLiteral("a", "en"), rdf.LangLiteral("a", "EN"),
		typed("1", rdf.XSDInteger), typed("01", rdf.XSDInteger), typed("2", rdf.XSDInteger), typed("none", rdf.XSDInteger),
		typed("1.0", rdf.XSDDecimal), typed("1.0", rdf.XSDDouble), typed("NaN", rdf.XSDDouble), typed("true", rdf.XSDBoolean),
		typed("1", rdf.XSDBoolean), typed("2020-01-01", rdf.XSDDate), typed("2020-01-01Z", rdf.XSDDate),
		typed("2020-01-01T00:00:00", rdf.XSDDateTime), typed("2020-01-01T00:00:00Z", rdf.XSDDateTime),
		typed("2020-01-01T01:00:00+01:00", rdf.XSDDateTime), typed("a", "http://example.org/type"), typed("b", "http://example.org/type"),
		typed("0", rdf.XSDInteger), typed("9007199254740993", rdf.XSDInteger), typed("0.1", rdf.XSDDecimal), typed("2.5", rdf.XSDDecimal),
		typed("0.1", rdf.XSDDouble), typed("2.5", rdf.XSDDouble), typed("9007199254740992", rdf.XSDDouble), typed("-INF", rdf.XSDDouble),
		typed("2024-01-01T00:00:00Z", rdf.XSDDateTime), typed("2024-01-01T00:00:00", rdf.XSDDateTime),
	}
}

// TestComparisons compares every pair of terms by every operator that IDs may
// decide, and under the operators that treat errors in their own way, with the
// reference evaluator.
func TestComparisons(t *testing.T) {
	iri := func(s string) rdf.Term { return rdf.IRI("http://example.org/" + s) }
	var quads []rdf.Quad
	for i, term := range comparable() {
		quads = append(quads, rdf.Triple(iri(fmt.Sprint("s", i)), iri("p"), term))
	}
	conditions := []string{
		"?a = ?b", "?a != ?b", "?a < ?b", "?a >= ?b", "sameTerm(?a, ?b)", "!(?a = ?b)", "!sameTerm(?a, ?b)",
		"?a = ?b && isIRI(?a)", "?a != ?b || isLiteral(?b)", "!(?a = ?b && ?b != ?a)", "!(?a = ?b || ?a = ?nothing)",
		"?a = ?b || ?nothing = ?a", "BOUND(?a) && !BOUND(?nothing)", "isBlank(?a) || STRLEN(?a) > 1 && ?a = ?b",
		"?a = ?c", "?a != ?c", "sameTerm(?c, ?a)",
	}
	constants := []string{":a", ":absent", `"a"`, `"absent"`, `"a"@en`, "1", "1.0", "01", "3", "true", `"NaN"^^<` + rdf.XSDDouble + ">", `"a"^^:type`,
		"2.5", "25e-1", "1e0", "0.1", "1e-1", "-0.0", "-0e0", "9007199254740993", "9007199254740992e0", "1e300", `"INF"^^<` + rdf.XSDDouble + ">",
		`"2024-01-01T00:00:00Z"^^<` + rdf.XSDDateTime + ">", `"2024-01-01T00:00:00"^^<` + rdf.XSDDateTime + ">", `"2024-01-01+02:00"^^<` + rdf.XSDDate + ">"}
	for i, c := range constants {
		conditions = append(conditions,
			"?a = "+c, "?a != "+c, c+" < ?a", "?a < "+c, "?a <= "+c, "?a >= "+c+" && ?b > "+c, c+" >= ?a", "!("+c+" > ?a)", "sameTerm(?a, "+c+")", "!(?a = "+c+")",
			"?a IN ("+c+", :b)", "?a NOT IN ("+c+", 2)", "!(?a IN ("+c+", "+constants[(i+1)%len(constants)]+"))",
			"?a IN ("+c+", ?b)", "?c IN ("+c+", 7)")
	}
	for _, c := range conditions {
		query := "PREFIX : <http://example.org/> SELECT * { ?x :p ?a . ?y :p ?b . BIND(IF(isIRI(?b), :absent, STR(?b)) AS ?c) FILTER(" + c + ") }"
		if diff := difference(t, quads, query, "", false); diff != "" {
			t.Errorf("%s\n%.2000s", c, diff)
		}
	}
}

// TestComparisonsByID checks that terms are not looked at where IDs are enough.
func TestComparisonsByID(t *testing.T) {
	data := catalogue(2000)
	for _, condition := range []string{
		"?f != ?l", "?f = ?t", "sameTerm(?f, ?t)", "!sameTerm(?t, ?t)", "?f IN (:f1, :f2, :absent)",
		`?t = "course 7"`, `?t IN ("course 7", "absent")`, "isLiteral(?t) && !isIRI(?t)", "?f != ?l || STRLEN(?t) > 9",
	} {
		t.Run(condition, func(t *testing.T) {
			spent := &work{}
			engine := sparql.New(counting{describe(data), spent}, sparql.Options{})
			query := "PREFIX : <http://example.org/> SELECT (COUNT(*) AS ?n) { ?c :level ?l ; :title ?t ; :field ?f FILTER(" + condition + ") }"
			if err := drain(engine, query); err != nil {
				t.Fatal(err)
			}
			if spent.terms > 1 { // the count
				t.Errorf("%d terms decoded", spent.terms)
			}
		})
	}
}

// TestComputedTermsJoin checks that what is computed where only a part of the
// query is known, inside GRAPH ?g, meets what the data and other parts have.
func TestComputedTermsJoin(t *testing.T) {
	iri := func(s string) rdf.Term { return rdf.IRI("http://example.org/" + s) }
	quads := []rdf.Quad{
		rdf.Triple(iri("c"), iri("r"), rdf.Literal("x")), rdf.Triple(iri("a"), iri("p"), iri("b")).In(iri("g1")),
		rdf.Triple(iri("a"), iri("r"), rdf.Literal("y")).In(iri("g2")),
	}
	for _, query := range []string{
		"SELECT * { GRAPH ?e { BIND(:c AS ?a) } ?a :r ?c }",
		"SELECT ?a (COUNT(*) AS ?n) { { GRAPH ?e { SELECT (MAX(?s) AS ?a) { ?s ?p ?o } } } UNION { ?a :p ?o } UNION { GRAPH ?g { ?a :r ?o } } } GROUP BY ?a",
		"SELECT * { ?x :r ?y FILTER EXISTS { BIND(?x AS ?a) ?a :r ?z } }",
	} {
		for _, union := range []bool{false, true} {
			if diff := difference(t, quads, "PREFIX : <http://example.org/> "+query, "", union); diff != "" {
				t.Errorf("union %v: %s\n%.2000s", union, query, diff)
			}
		}
	}
}
