package shapes_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"qlgraph/graph"
	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/shapes"
)

const declare = `: sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .`

func TestSPARQLMessages(t *testing.T) {
	s := compiled(t, declare+`
		:s a sh:NodeShape ; sh:targetClass :C ; sh:sparql [ sh:prefixes : ;
			sh:message "{$this} has {?value}, not {?other} {x"@en ;
			sh:select "SELECT $this ?value WHERE { $this ex:a ?value FILTER(?value > 1) }" ] .`)
	r := reportOn(t, s, `:x a :C ; :a 1 , 2 . :y a :C ; :a 1 .`)
	if len(r.Results) != 1 || r.Results[0].Messages[0] != rdf.LangLiteral("http://example.org/x has 2, not {?other} {x", "en") {
		t.Errorf("%+v", r.Results)
	}
}

// The messages of a shape are those of all its results (SHACL §2.1.5); without,
// the validator's go before those of its component.
func TestComponentMessages(t *testing.T) {
	for name, c := range map[string]struct{ shape, validator, want string }{
		"shape":     {`sh:message "of the shape" ;`, `sh:message "of the validator" ;`, "of the shape"},
		"validator": {"", `sh:message "of the validator" ;`, "of the validator"},
		"component": {"", "", "of the component"},
	} {
		t.Run(name, func(t *testing.T) {
			s := compiled(t, `
				:k a sh:ConstraintComponent ; sh:message "of the component" ;
					sh:parameter [ sh:path :most ] ;
					sh:validator [ a sh:SPARQLAskValidator ; `+c.validator+` sh:ask "ASK { FILTER ($value <= $most) }" ] .
				:s a sh:NodeShape ; sh:targetNode 2 ; `+c.shape+` :most 1 .`)
			r := reportOn(t, s, "")
			if len(r.Results) != 1 || len(r.Results[0].Messages) != 1 || r.Results[0].Messages[0].Value() != c.want {
				t.Errorf("%+v, want the message %q", r.Results, c.want)
			}
		})
	}
}

// Constraints of the SPARQL kind see the view that is validated: several graphs
// as one, and no others.
func TestSPARQLView(t *testing.T) {
	ctx := context.Background()
	in := func(g rdf.Term, text string) []rdf.Quad {
		quads := quadsOf(t, text)
		for i := range quads {
			quads[i].G = g
		}
		return quads
	}
	quads := append(in(ex("g1"), `:x a :C .`), append(in(ex("g2"), `:x :a 1 .`), in(ex("g3"), `:x :a 2 .`)...)...)
	snapshot, err := mem.FromQuads(quads...).Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]graph.ID{}
	for _, name := range []string{"g1", "g2"} {
		ids[name], _, _ = snapshot.Lookup(ex("%s", name))
	}
	s := compiled(t, declare+`:s a sh:NodeShape ; sh:targetClass :C ; sh:sparql [ sh:prefixes : ;
		sh:select "SELECT $this ?value WHERE { $this ex:a ?value }" ] .`)
	for _, c := range []struct {
		name string
		view graph.Graphs
		want int
	}{
		{"union", graph.Union(), 2},
		{"two graphs", graph.UnionOf(ids["g1"], ids["g2"]), 1},
		{"one graph", graph.OneGraph(ids["g1"]), 0},
	} {
		r, err := s.Validate(ctx, snapshot, shapes.Options{View: c.view})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Results) != c.want {
			t.Errorf("%s: %d results, want %d", c.name, len(r.Results), c.want)
		}
	}
}

func TestIllFormedSPARQL(t *testing.T) {
	for _, c := range []struct{ name, constraint, rule string }{
		{"no query", `sh:message "m"`, "string with a query"},
		{"broken query", `sh:select "SELECT $this WHERE {"`, "expected"},
		{"another form", `sh:select "ASK { $this ?p ?o }"`, "another form"},
		{"path at a node shape", `sh:select "SELECT $this WHERE { $this $PATH ?o }"`, "$PATH"},
		{"minus", `sh:select "SELECT $this WHERE { $this ?p ?o MINUS { $this ?p 1 } }"`, "MINUS"},
		{"values within a union", `sh:select "SELECT $this WHERE { { $this ?p ?o } UNION { VALUES ?x { 1 } } }"`, "VALUES"},
		{"deaf subquery", `sh:select "SELECT $this WHERE { { SELECT ?x WHERE { ?x ?p ?o } } }"`, "subquery"},
		{"undeclared prefix", `sh:select "SELECT $this WHERE { $this ex:a ?o }"`, "prefix"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := shapes.Compile(quadsOf(t, `:s a sh:NodeShape ; sh:sparql [ `+c.constraint+` ] .`), shapes.CompileOptions{})
			var ill *shapes.IllFormedError
			if !errors.As(err, &ill) || !strings.Contains(err.Error(), c.rule) {
				t.Errorf("error %v", err)
			}
		})
	}
}

// A query that reports a failure fails the validation: it has no outcome.
func TestSPARQLFailure(t *testing.T) {
	s := compiled(t, `:s a sh:NodeShape ; sh:targetNode :x ; sh:sparql [ sh:select "SELECT $this (true AS ?failure) WHERE { }" ] .`)
	snapshot, _ := mem.New().Snapshot(context.Background())
	if _, err := s.Validate(context.Background(), snapshot, shapes.Options{}); err == nil || !strings.Contains(err.Error(), "?failure") {
		t.Errorf("error %v", err)
	}
}
