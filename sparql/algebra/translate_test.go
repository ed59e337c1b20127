package algebra_test

import (
	"errors"
	"testing"

	"qlgraph/internal/golden"
	"qlgraph/sparql/algebra"
	"qlgraph/sparql/syntax"
)

// translations are the examples of SPARQL 1.1 §18.2.3 and what else §18.2
// describes, by section.
var translations = map[string]string{
	"18.2.2.1-abbreviations":           `SELECT * { ?s a :C ; :p 1, "x"@en ; :q [ :r true ] ; :list (1 ?x) }`,
	"18.2.2.2-filters-between-triples": `SELECT * { ?s :p ?v FILTER(?v > 1) ?s :q ?w FILTER(?w > 2) }`,
	"18.2.2.3-paths":                   `SELECT * { ?s :p/^:q ?o . ?s (:p|:q)+ ?x . ?s !(:p|^:q) ?y . ?s ^(:p/:q)? ?z }`,
	"18.2.2.6-graph":                   `SELECT * { GRAPH :g { ?s ?p ?o } GRAPH ?g { ?a ?b ?c } }`,
	"18.2.2.6-values":                  `SELECT * { VALUES (?x ?y) { (:a UNDEF) (:b 2) } ?x :p ?y }`,
	"18.2.3-one-triple":                `SELECT * { ?s ?p ?o }`,
	"18.2.3-two-triples":               `SELECT * { ?s :p1 ?v1 ; :p2 ?v2 }`,
	"18.2.3-union":                     `SELECT * { { ?s :p1 ?v1 } UNION { ?s :p2 ?v2 } }`,
	"18.2.3-union-of-three":            `SELECT * { { ?s :p1 ?v1 } UNION { ?s :p2 ?v2 } UNION { ?s :p3 ?v3 } }`,
	"18.2.3-optional":                  `SELECT * { ?s :p1 ?v1 OPTIONAL { ?s :p2 ?v2 } }`,
	"18.2.3-two-optionals":             `SELECT * { ?s :p1 ?v1 OPTIONAL { ?s :p2 ?v2 } OPTIONAL { ?s :p3 ?v3 } }`,
	"18.2.3-optional-with-filter":      `SELECT * { ?s :p1 ?v1 OPTIONAL { ?s :p2 ?v2 FILTER(?v1 < 3) } }`,
	"18.2.3-union-and-optional":        `SELECT * { { ?s :p1 ?v1 } UNION { ?s :p2 ?v2 } OPTIONAL { ?s :p3 ?v3 } }`,
	"18.2.3-filter-over-optional":      `SELECT * { ?s :p1 ?v1 FILTER(?v1 < 3) OPTIONAL { ?s :p3 ?v3 } }`,
	"18.2.3-bind":                      `SELECT * { ?s :p ?v . BIND(2*?v AS ?v2) ?s :p1 ?v2 }`,
	"18.2.3-minus":                     `SELECT * { ?s :p ?v . MINUS { ?s :p1 ?v2 } }`,
	"18.2.3-subquery":                  `SELECT * { ?s :p ?o . { SELECT DISTINCT ?o { ?o ?p ?z } } }`,
	"18.2.4.1-aggregates":              `SELECT ?k (SUM(?v) AS ?t) (COUNT(DISTINCT ?w) + 1 AS ?n) { ?k :p ?v ; :q ?w } GROUP BY ?k HAVING (AVG(?v) > ?x) ORDER BY DESC(?t) MAX(?w)`,
	"18.2.4.1-group-by-expression":     `SELECT ?y (COUNT(*) AS ?n) { ?x :p ?v } GROUP BY (STR(?v) AS ?y) ?x LCASE(?v)`,
	"18.2.4.3-trailing-values":         `SELECT * { ?s :p ?o } VALUES ?s { :a :b }`,
	"18.2.5-modifiers":                 `SELECT DISTINCT ?o { ?s :p ?o } ORDER BY ?s DESC(?o) LIMIT 5 OFFSET 2`,
	"18.6-exists":                      `SELECT * { ?s :p ?o FILTER NOT EXISTS { ?s :q ?x FILTER(?x = ?o) } }`,
}

func TestTranslate(t *testing.T) {
	for name, query := range translations {
		t.Run(name, func(t *testing.T) {
			q, err := translate(query)
			if err != nil {
				t.Fatal(err)
			}
			golden.Check(t, name+".txt", []byte(query+"\n\n"+algebra.String(q.Pattern)))
		})
	}
}

func translate(query string) (*algebra.Query, error) {
	tree, err := syntax.ParseQuery(query, syntax.Options{})
	if err != nil {
		return nil, err
	}
	return algebra.Translate(tree, algebra.Options{Prefixes: map[string]string{"": "http://example.org/"}})
}

func TestTranslateErrors(t *testing.T) {
	tests := map[string]struct {
		query        string
		line, column int
	}{
		"undeclared prefix":     {"SELECT * {\n ?s ex:p ?o }", 2, 5},
		"relative without base": {"SELECT * { <a> ?p ?o }", 1, 12},
		"prefix used before":    {"SELECT * { ?s x:p ?o }", 1, 15},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := translate(tt.query)
			var e *syntax.Error
			if !errors.As(err, &e) || e.Line != tt.line || e.Column != tt.column {
				t.Errorf("got %v, want an error at %d:%d", err, tt.line, tt.column)
			}
		})
	}
}

func TestVarsOf(t *testing.T) {
	tests := map[string]struct {
		query string
		want  algebra.Vars
	}{
		"optional":  {"SELECT * { ?a :p ?b OPTIONAL { ?b :q ?c } }", algebra.Vars{"a": true, "b": true, "c": false}},
		"union":     {"SELECT * { { ?a :p ?b } UNION { ?a :q ?c } }", algebra.Vars{"a": true, "b": false, "c": false}},
		"values":    {"SELECT * { VALUES (?a ?b) { (1 2) (3 UNDEF) } }", algebra.Vars{"a": true, "b": false}},
		"bind":      {"SELECT * { ?a :p ?b BIND(1 AS ?c) BIND(?b + 1 AS ?d) }", algebra.Vars{"a": true, "b": true, "c": true, "d": false}},
		"minus":     {"SELECT * { ?a :p ?b MINUS { ?a :p ?c } }", algebra.Vars{"a": true, "b": true}},
		"aggregate": {"SELECT ?a (COUNT(?b) AS ?n) (MAX(?b) AS ?m) { ?a :p ?b } GROUP BY ?a", algebra.Vars{"a": true, "n": false, "m": false}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			q, err := translate(tt.query)
			if err != nil {
				t.Fatal(err)
			}
			got := algebra.VarsOf(q.Pattern)
			if len(got) != len(tt.want) {
				t.Fatalf("got %v, want %v", got, tt.want)
			}
			for v, certain := range tt.want {
				if have, ok := got[v]; !ok || have != certain {
					t.Errorf("?%s: got %v, %v; want %v", v, have, ok, certain)
				}
			}
		})
	}
}
