package syntax_test

import (
	"errors"
	"testing"

	"qlgraph/sparql/syntax"
)

// TestErrors checks where errors point and what they say.
func TestErrors(t *testing.T) {
	tests := map[string]struct{ query, want, snippet string }{
		"missing brace":      {"SELECT * {\n  ?s ?p ?o", "2:11: expected '}', found the end", "  ?s ?p ?o\n          ^"},
		"missing object":     {"SELECT * { ?s ?p }", "1:18: expected a term, found \"}\"", ""},
		"unknown function":   {"SELECT * { FILTER(FOO(?x)) }", "1:19: expected an expression, found \"FOO\"", ""},
		"wrong arity":        {"SELECT * { FILTER(STRLEN(?x, ?y)) }", "1:19: STRLEN does not take 2 arguments", ""},
		"ungrouped variable": {"SELECT ?x (COUNT(*) AS ?n) { ?x ?y ?z } GROUP BY ?y", "1:8: ?x is neither grouped by nor in an aggregate", ""},
		"variable in scope":  {"SELECT * { ?x ?y ?z BIND(1 AS ?x) }", "1:31: ?x is in scope already", ""},
		"blank node twice":   {"SELECT * { _:a ?p ?o OPTIONAL { _:a ?q ?r } }", "1:33: blank node label _:a is used in two graph patterns", ""},
		"row too short":      {"SELECT * { VALUES (?a ?b) { (1) } }", "1:29: row of 1 values for 2 variables", ""},
		"open string":        {"SELECT * { ?s ?p \"x }", "1:18: string without an end", ""},
		"after an escape":    {"SELECT * { <x:\\u0041> ?p }", "1:26: expected a term, found \"}\"", ""},
		"counted in runes":   {"SELECT * { ?s ?p \"ä\" ,}", "1:23: expected a term, found \"}\"", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := syntax.ParseQuery(tt.query, syntax.Options{})
			var e *syntax.Error
			if !errors.As(err, &e) {
				t.Fatalf("got %v", err)
			}
			if e.Error() != tt.want {
				t.Errorf("got  %v\nwant %s", e, tt.want)
			}
			if tt.snippet != "" && e.Snippet() != tt.snippet {
				t.Errorf("got the snippet\n%s\nwant\n%s", e.Snippet(), tt.snippet)
			}
		})
	}
}
