package sparql_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/sparql"
	"qlgraph/sparql/syntax"
)

// deathLimits are small, so that every query of death reaches one of them.
var deathLimits = sparql.Limits{
	Time: 400 * time.Millisecond, Memory: 32 << 20, Rows: 200_000,
	PathNodes: 500_000, FunctionBytes: 1 << 16, Nodes: 20_000,
}

// deathGrace is how much longer than its time limit a query may take on a
// machine that is busy with other tests: what matters is that it does end.
const deathGrace = 5 * time.Second

// TestQueriesOfDeath runs queries that were made to exhaust an endpoint. Each
// ends in time, either with an answer or with the limit that it reached.
func TestQueriesOfDeath(t *testing.T) {
	engine := sparql.New(deathData(), sparql.Options{Limits: deathLimits, DefaultGraphUnion: true})
	for name, text := range deathQueries() {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			err := drain(engine, "PREFIX : <http://example.org/>\n"+text)
			if spent := time.Since(start); spent > deathLimits.Time+deathGrace {
				t.Errorf("took %v", spent)
			}
			var limit *sparql.LimitError
			var malformed *syntax.Error
			if err != nil && !errors.As(err, &limit) && !errors.As(err, &malformed) && !errors.Is(err, errExpected) {
				t.Errorf("ended with %v", err)
			}
		})
	}
}

// errExpected marks refusals that are neither limits nor syntax errors.
var errExpected = errors.New("refused")

func drain(engine *sparql.Engine, text string) error {
	q, err := engine.Parse(text)
	if err != nil {
		return err
	}
	res, err := engine.Query(context.Background(), q, sparql.Params{})
	if err != nil {
		if strings.Contains(err.Error(), "SERVICE is not allowed") {
			return errExpected
		}
		return err
	}
	defer res.Close()
	switch res.Form {
	case sparql.Select:
		for _, err := range res.Rows() {
			if err != nil {
				if strings.Contains(err.Error(), "SERVICE is not allowed") {
					return errExpected
				}
				return err
			}
		}
	case sparql.Construct, sparql.Describe:
		for _, err := range res.Quads() {
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// deathData is a graph with a hub, a dense component and many literals.
func deathData() *mem.Dataset {
	iri := func(kind string, n int) rdf.Term { return rdf.IRI(fmt.Sprintf("http://example.org/%s%d", kind, n)) }
	var quads []rdf.Quad
	for n := range 3000 {
		quads = append(quads,
			rdf.Triple(iri("n", n), iri("p", 0), iri("n", (n*7+1)%3000)),
			rdf.Triple(iri("n", n), iri("q", 0), iri("n", n%60)),
			rdf.Triple(iri("n", n), iri("label", 0), rdf.LangLiteral(strings.Repeat("aaaa ", n%40)+fmt.Sprint(n), "en")),
			rdf.Triple(rdf.IRI("http://example.org/hub"), iri("p", 0), iri("n", n)),
			rdf.Triple(iri("n", n), iri("v", 0), rdf.TypedLiteral(fmt.Sprint(n), rdf.XSDInteger)).In(iri("g", n%5)),
		)
	}
	for a := range 60 {
		for b := range 60 {
			quads = append(quads, rdf.Triple(iri("n", a), iri("r", 0), iri("n", b)))
		}
	}
	return mem.FromQuads(quads...)
}

// repeat joins n pieces, made by f, with sep.
func repeat(n int, sep string, f func(int) string) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = f(i)
	}
	return strings.Join(parts, sep)
}

func nested(n int, open, inner, close string) string {
	return strings.Repeat(open, n) + inner + strings.Repeat(close, n)
}

func deathQueries() map[string]string {
	const cross = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i ."
	search := func(s, text string) string {
		return "(" + s + ") <http://jena.apache.org/text#query> (:label0 \"" + text + "\") . "
	}
	return map[string]string{
		"search for a letter":       "SELECT * { " + search("?a ?s ?l", "a*") + "} ORDER BY DESC(?s) LIMIT 10",
		"search for 10,000 words":   "SELECT * { " + search("?a", strings.Repeat("word ", 10_000)) + "}",
		"search for alternatives":   "SELECT * { " + search("?a ?s", repeat(64, " OR ", func(i int) string { return "a*" })) + "} ORDER BY ?s",
		"phrase of one word":        "SELECT * { " + search("?a", `\"`+strings.Repeat("aaaa ", 60)+`\"`) + "}",
		"cross product of searches": "SELECT * { " + search("?a ?s", "a*") + search("?b ?t", "a*") + search("?c ?u", "a*") + "} ORDER BY DESC(?s)",
		"a thousand searches":       "SELECT * { " + repeat(1000, " ", func(i int) string { return search(fmt.Sprintf("?a%d", i/2), "1* OR 2*") }) + "}",
		"cross product":             "SELECT * { " + cross + " }",
		"count of a cross product":  "SELECT (COUNT(*) AS ?n) { " + cross + " }",
		"distinct cross product":    "SELECT DISTINCT ?a ?d { " + cross + " }",
		"order by everything":       "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f ?a",
		"order by random":           "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY RAND()",
		"group by everything":       "SELECT ?a ?d (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f } GROUP BY ?a ?d",
		"distinct of the store":     "SELECT DISTINCT * { ?s ?p ?o . ?o ?q ?r . ?r ?t ?u }",
		"unbound plus path":         "SELECT * { ?a (<x:a>|!<x:a>)+ ?b }",
		"star of star":              "SELECT * { ?a ((:p0*)*)* ?b }",
		"plus of plus both ends":    "SELECT (COUNT(*) AS ?n) { ?a (:r0+/:r0+)+ ?b }",
		"exponential path":          "SELECT * { :n0 " + repeat(12, "/", func(int) string { return "(:r0|^:r0)" }) + " ?x }",
		"deep sequence":             "SELECT * { ?a " + repeat(1000, "/", func(int) string { return ":p0" }) + " ?b }",
		"optional times 30":         "SELECT * { ?x :r0 ?y0 . " + repeat(30, " ", func(i int) string { return fmt.Sprintf("OPTIONAL { ?y%d :r0 ?y%d }", i, i+1) }) + " }",
		"nested optional times 30":  "SELECT * { ?x0 :r0 ?x1 " + nested(30, "OPTIONAL { ?x1 :r0 ?x2 . ", "", "}") + " }",
		"minus without shared":      "SELECT * { ?a ?b ?c MINUS { ?d ?e ?f . ?g ?h ?i } }",
		"not exists per row":        "SELECT * { ?a ?b ?c FILTER NOT EXISTS { ?a ?x ?y . ?z ?w ?v . ?q ?s ?y FILTER(?v = ?c) } }",
		"exists with subquery":      "SELECT * { ?a ?b ?c FILTER EXISTS { SELECT ?a { ?a ?p ?o . ?o ?q ?r } ORDER BY ?r } }",
		"10,000 unions":             "SELECT * { " + repeat(10_000, " UNION ", func(i int) string { return fmt.Sprintf("{ ?s :p%d ?o }", i%3) }) + " }",
		"10,000 groups":             "SELECT * " + nested(10_000, "{", "?s ?p ?o", "}"),
		"10,000 parentheses":        "SELECT * { ?s ?p ?o FILTER" + nested(10_000, "(", "?o", ")") + " }",
		"10,000 nots":               "SELECT * { ?s ?p ?o FILTER(" + strings.Repeat("!", 10_000) + "?o) }",
		"10,000 subqueries":         "SELECT * " + nested(10_000, "{ SELECT * ", "{}", "}"),
		"100,000 values":            "SELECT * { VALUES ?o { " + repeat(100_000, " ", func(i int) string { return fmt.Sprint(i) }) + " } ?s ?p ?o }",
		"50,000 in a list":          "SELECT * { ?s ?p ?o FILTER(?o IN (" + repeat(50_000, ",", func(i int) string { return fmt.Sprint(i) }) + ")) }",
		"50,000 ors":                "SELECT * { ?s ?p ?o FILTER(" + repeat(50_000, "||", func(i int) string { return fmt.Sprintf("?o=%d", i) }) + ") }",
		"string doubling":           "SELECT * { BIND(\"aaaaaaaa\" AS ?x0) " + repeat(40, " ", func(i int) string { return fmt.Sprintf("BIND(CONCAT(?x%d,?x%d) AS ?x%d)", i, i, i+1) }) + " }",
		"group concat of all":       "SELECT (GROUP_CONCAT(?o) AS ?x) { ?s :label0 ?o . ?t :r0 ?u }",
		"growing replace":           "SELECT * { ?s :label0 ?o BIND(REPLACE(REPLACE(REPLACE(STR(?o), \"a\", \"aaaaaaaaaa\"), \"a\", \"aaaaaaaaaa\"), \"a\", \"aaaaaaaaaa\") AS ?x) }",
		"catastrophic regex":        "SELECT * { ?s :label0 ?o FILTER REGEX(STR(?o), \"(a+)+$\") }",
		"huge regex":                "SELECT * { ?s :label0 ?o FILTER REGEX(STR(?o), \"((a{100}){100}){100}\") }",
		"regex from data":           "SELECT * { ?s :label0 ?o . ?t :label0 ?r FILTER REGEX(STR(?o), STR(?r)) }",
		"blank node storm":          "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?a ?b ?c . ?d ?e ?f BIND(BNODE() AS ?x) }",
		"uuid storm":                "SELECT DISTINCT ?x { ?a ?b ?c . ?d ?e ?f BIND(STRUUID() AS ?x) }",
		"huge integer":              "SELECT * { BIND(" + strings.Repeat("9", 100_000) + " AS ?x) BIND(?x * ?x AS ?y) }",
		"construct of a thousand":   "CONSTRUCT { " + repeat(1000, " . ", func(i int) string { return fmt.Sprintf("?s :x%d ?o", i) }) + " } { ?s ?p ?o }",
		"describe the hub":          "DESCRIBE :hub ?x { :hub ?p ?x }",
		"service to itself":         "SELECT * { ?s ?p ?o SERVICE <http://127.0.0.1/sparql> { ?s ?p ?o } }",
		"graph name is not fetched": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
		"aggregates in having":      "SELECT ?a { ?a ?b ?c . ?d ?e ?f } GROUP BY ?a HAVING (SUM(STRLEN(STR(?f))) > AVG(STRLEN(STR(?c))))",
		"graphs of graphs":          "SELECT * { GRAPH ?g { SELECT * { ?a ?b ?c . ?d ?e ?f } } GRAPH ?h { SELECT * { ?a ?k ?l . ?m ?n ?o } } }",
		"large offset":              "SELECT * { ?a ?b ?c . ?d ?e ?f } OFFSET 4000000000",
		"loose join":                "SELECT * { { SELECT ?a ?b { OPTIONAL { ?a :p0 ?b } } } { SELECT ?a ?b { ?x :r0 ?y OPTIONAL { ?a :nothing ?b } } } ?c :r0 ?d }",
	}
}

// TestLimitsAreReported checks which limit an error names.
func TestLimitsAreReported(t *testing.T) {
	tests := map[string]struct {
		limits sparql.Limits
		query  string
		want   string
	}{
		"time":       {sparql.Limits{Time: 50 * time.Millisecond}, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "time"},
		"memory":     {sparql.Limits{Memory: 1 << 20}, "SELECT * { ?a ?b ?c } ORDER BY ?c", "memory"},
		"rows":       {sparql.Limits{Rows: 10}, "SELECT * { ?a ?b ?c }", "rows"},
		"path nodes": {sparql.Limits{PathNodes: 100}, "SELECT * { ?a (<x:a>|!<x:a>)+ ?b }", "pathnodes"},
		"text":       {sparql.Limits{QueryBytes: 10}, "SELECT * { ?a ?b ?c }", "querybytes"},
		"nodes":      {sparql.Limits{Nodes: 3}, "SELECT * { ?a ?b ?c . ?d ?e ?f }", "nodes"},
		"function":   {sparql.Limits{FunctionBytes: 10}, `SELECT * { BIND(CONCAT("aaaaaaaa", "aaaaaaaa") AS ?x) }`, "functionbytes"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			err := drain(sparql.New(deathData(), sparql.Options{Limits: tt.limits}), tt.query)
			var limit *sparql.LimitError
			if !errors.As(err, &limit) || limit.Limit != tt.want {
				t.Errorf("got %v, want the limit %s", err, tt.want)
			}
		})
	}
}

// TestCancel checks that a query ends with its caller's context, and that the
// error is the caller's.
func TestCancel(t *testing.T) {
	engine := sparql.New(deathData(), sparql.Options{})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	q, err := engine.Parse("SELECT * { ?a ?b ?c . ?d ?e ?f }")
	if err != nil {
		t.Fatal(err)
	}
	res, err := engine.Query(ctx, q, sparql.Params{})
	if err != nil {
		t.Fatal(err)
	}
	defer res.Close()
	rows := 0
	for _, err := range res.Rows() {
		if rows++; rows == 5000 {
			cancel()
		}
		if rows > 5000+2*1024 {
			t.Fatal("goes on after its context ended")
		}
		if err != nil {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
			return
		}
	}
	t.Error("ended without an error")
}
