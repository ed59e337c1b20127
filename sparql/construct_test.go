package sparql_test

import (
	"errors"
	"fmt"
	"testing"

	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/sparql"
)

// pairs is a dataset in which :x relates a things and :z relates b others.
func pairs(a, b int) *mem.Dataset {
	iri := func(kind string, n int) rdf.Term { return rdf.IRI(fmt.Sprintf("http://example.org/%s%d", kind, n)) }
	var quads []rdf.Quad
	for n := range a {
		quads = append(quads, rdf.Triple(iri("a", n), iri("x", 0), iri("a", n)))
	}
	for n := range b {
		quads = append(quads, rdf.Triple(iri("b", n), iri("z", 0), iri("b", n)))
	}
	return mem.FromQuads(quads...)
}

// TestConstructedOnce counts the triples of constructions that make many of them
// several times.
func TestConstructedOnce(t *testing.T) {
	data := pairs(1100, 1000)
	product := "{ ?a :x0 ?a . ?b :z0 ?b }"
	tests := map[string]struct {
		query  string
		memory int64
		want   int // -1: the limit of memory
	}{
		"a million, some twice":      {"CONSTRUCT { ?a :p ?b } { " + product + " UNION { ?a :x0 ?a . BIND(:b7 AS ?b) } }", 0, 1_100_000},
		"more than memory":           {"CONSTRUCT { ?a :p ?b } { " + product + " UNION " + product + " }", 8 << 20, -1},
		"distinct rows need none":    {"CONSTRUCT { ?a :p ?b . ?b :q ?a } " + product, 1 << 20, 2_200_000},
		"blank nodes are new":        {"CONSTRUCT { _:n :p ?a ; :q ?b } { ?a :x0 ?a . ?b :x0 ?a BIND(1 AS ?c) }", 1 << 20, 2200},
		"few of many":                {"CONSTRUCT { ?a a :Thing } " + product, 1 << 20, 1100},
		"two triples of one pattern": {"CONSTRUCT { ?a :p ?b . ?b :p ?a } { ?a :x0 ?b }", 1 << 20, 1100},
		"computed and stored":        {"CONSTRUCT { ?a :p :b1 . ?c :p :b1 } { ?a :x0 ?a BIND(IRI(STR(?a)) AS ?c) }", 8 << 20, 1100},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e := sparql.New(data, sparql.Options{Limits: sparql.Limits{Memory: tt.memory}})
			q, err := e.Parse("PREFIX : <http://example.org/> " + tt.query)
			if err != nil {
				t.Fatal(err)
			}
			r, err := e.Query(t.Context(), q, sparql.Params{})
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			n := 0
			for _, err = range r.Quads() {
				n++
			}
			var limit *sparql.LimitError
			switch {
			case tt.want < 0 && (!errors.As(err, &limit) || limit.Limit != "memory"):
				t.Errorf("ended with %v after %d", err, n)
			case tt.want >= 0 && (err != nil || n != tt.want):
				t.Errorf("got %d, %v, want %d", n, err, tt.want)
			}
		})
	}
}
