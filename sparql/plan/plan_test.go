package plan_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"qlgraph/graph"
	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/internal/golden"
	"qlgraph/sparql/algebra"
	"qlgraph/sparql/expr"
	"qlgraph/sparql/plan"
	"qlgraph/sparql/syntax"
)

func translate(t *testing.T, query string) algebra.Node {
	t.Helper()
	tree, err := syntax.ParseQuery(query, syntax.Options{})
	if err != nil {
		t.Fatal(err)
	}
	q, err := algebra.Translate(tree, algebra.Options{Prefixes: map[string]string{"": "http://example.org/"}})
	if err != nil {
		t.Fatal(err)
	}
	return q.Pattern
}

// TestRules shows each rewrite by what it makes of a query.
func TestRules(t *testing.T) {
	tests := map[string]struct {
		rule  plan.Rule
		query string
	}{
		"split-filter":                     {plan.SplitFilter, "SELECT * { ?s :p ?o . { ?s :q ?x } FILTER(?o > 1 && ?x < 2) }"},
		"push-filter-into-union":           {plan.PushFilter, "SELECT * { { ?s :p ?o } UNION { ?s :q ?o } FILTER(?o > 1) }"},
		"push-filter-below-optional":       {plan.PushFilter, "SELECT * { ?s :p ?o OPTIONAL { ?s :q ?x } FILTER(?o > 1) }"},
		"push-filter-stays-above-optional": {plan.PushFilter, "SELECT * { ?s :p ?o OPTIONAL { ?s :q ?x } FILTER(?x > 1) }"},
		"push-filter-below-minus":          {plan.PushFilter, "SELECT * { ?s :p ?o MINUS { ?s :q ?x } FILTER(?o > 1) }"},
		"push-filter-below-bind":           {plan.PushFilter, "SELECT * { ?s :p ?o BIND(?o + 1 AS ?x) FILTER(?o > 1) }"},
		"push-filter-stays-above-bind":     {plan.PushFilter, "SELECT * { ?s :p ?o BIND(?o + 1 AS ?x) FILTER(?x > 1) }"},
		"push-filter-keeps-volatile":       {plan.PushFilter, "SELECT * { { ?s :p ?o } UNION { ?s :q ?o } FILTER(RAND() < 0.5) }"},
		"distinct-before-sort":             {plan.DistinctBeforeSort, "SELECT DISTINCT ?o { ?s :p ?o } ORDER BY ?o LIMIT 3"},
		"fold-true":                        {plan.Fold(nil), "SELECT * { ?s :p ?o FILTER(1 + 1 = 2 && ?o > 3 - 1) }"},
		"fold-false":                       {plan.Fold(nil), "SELECT * { ?s :p ?o FILTER(?o > 1 && 'a' = 'b') }"},
		"fold-error":                       {plan.Fold(nil), "SELECT ?s (1/0 AS ?x) { ?s :p ?o FILTER(COALESCE(1/0, ?o) > 1 || 1/0) }"},
		"fold-error-is-no-filter":          {plan.Fold(nil), "SELECT * { ?s :p ?o FILTER(1/0) }"},
		"fold-calls":                       {plan.Fold(&expr.Env{}), "SELECT (STRLEN(CONCAT('a', 'bc')) AS ?n) (IF(true, ?o, RAND()) AS ?i) (NOW() AS ?t) (RAND() AS ?r) { ?s :p ?o FILTER(?o = IRI('http://example.org/x')) }"},
		"fold-optional":                    {plan.Fold(nil), "SELECT * { ?s :p ?o OPTIONAL { ?s :q ?x FILTER(true) } OPTIONAL { ?s :r ?y FILTER(false) } }"},
		"drop-empty":                       {plan.DropEmpty, "SELECT * { { ?s :p ?o VALUES ?s {} } UNION { ?s :q ?o OPTIONAL { ?o :r ?x VALUES ?x {} } MINUS { ?s :r ?y VALUES ?y {} } } }"},
		"push-limit":                       {plan.PushLimit, "SELECT * { ?s :p ?o OPTIONAL { ?s :q ?x } BIND(?x + 1 AS ?y) } OFFSET 2 LIMIT 3"},
		"push-limit-sorted":                {plan.PushLimit, "SELECT * { ?s :p ?o OPTIONAL { ?s :q ?x } OPTIONAL { ?s :r ?y } } ORDER BY ?x ?o LIMIT 3"},
		"push-limit-resources":             {plan.PushLimit, "SELECT * { ?s a :C ; :p :o OPTIONAL { ?s :q ?x } OPTIONAL { ?s :r ?y } } ORDER BY ?s DESC(?x) LIMIT 3"},
		"push-limit-not-resources":         {plan.PushLimit, "SELECT * { ?s :p ?o OPTIONAL { ?s :q ?x } } ORDER BY ?s DESC(?x) LIMIT 3"},
		"push-limit-union":                 {plan.PushLimit, "SELECT * { { ?s :p ?o } UNION { ?s :q ?o OPTIONAL { ?o :r ?x } } } LIMIT 3"},
		"push-limit-stays-above-filter":    {plan.PushLimit, "SELECT * { ?s :p ?o OPTIONAL { ?s :q ?x } FILTER(?x > 1) } LIMIT 3"},
		"share-aggregates":                 {plan.ShareAggregates, "SELECT ?s (COUNT(?o) AS ?n) (COUNT(DISTINCT ?o) AS ?d) { ?s :p ?o } GROUP BY ?s HAVING (COUNT(?o) > 1) ORDER BY DESC(COUNT(?o))"},
		"drop-distinct":                    {plan.DropDistinct, "SELECT DISTINCT ?s ?o { ?s :p ?o }"},
		"drop-distinct-of-count":           {plan.DropDistinct, "SELECT ?o (COUNT(DISTINCT ?s) AS ?n) { ?s :p ?o FILTER(?o != :x) } GROUP BY ?o"},
		"keep-distinct":                    {plan.DropDistinct, "SELECT DISTINCT ?s { ?s :p ?o }"},
		"keep-distinct-of-count":           {plan.DropDistinct, "SELECT ?o (COUNT(DISTINCT ?s) AS ?n) { ?s :p ?o ; :q ?x } GROUP BY ?o"},
		"distinct-stays-above-sort":        {plan.DistinctBeforeSort, "SELECT DISTINCT ?o { ?s :p ?o } ORDER BY ?s LIMIT 3"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			n := translate(t, tt.query)
			before := algebra.String(n)
			after := algebra.String(algebra.Map(n, tt.rule))
			if algebra.String(n) != before {
				t.Error("the rule changed its argument")
			}
			golden.Check(t, name+".txt", []byte(tt.query+"\n\n"+before+"\n"+after))
		})
	}
}

// plans are queries whose plan is worth looking at.
var plans = map[string]string{
	"plan-star":            "SELECT * { ?c a :Course ; :title ?t ; :level :seven }",
	"plan-optional":        "SELECT * { ?c a :Course OPTIONAL { ?c :title ?t FILTER(?t != 'x') } OPTIONAL { ?c :level ?l } }",
	"plan-exists":          "SELECT * { ?c a :Course FILTER NOT EXISTS { ?c :title ?t } }",
	"plan-minus-seek":      "SELECT * { ?c :level :seven MINUS { ?c :title ?t } }",
	"plan-minus":           "SELECT * { ?c a :Course MINUS { ?c :level :seven } }",
	"plan-top":             "SELECT ?c { ?c :credits ?n } ORDER BY DESC(?n) LIMIT 3",
	"plan-count":           "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
	"plan-distinct":        "SELECT DISTINCT ?p { ?s ?p ?o FILTER(?p != :title) }",
	"plan-count-distinct":  "SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?o) AS ?d) { ?s ?p ?o } GROUP BY ?p",
	"plan-graph-sizes":     "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
	"plan-path":            "SELECT * { ?x :broader* :root . ?c :field ?x }",
	"plan-exists-apart":    "SELECT * { ?c a :Course FILTER EXISTS { ?x :level ?y } FILTER NOT EXISTS { ?z :broader :root } }",
	"plan-union":           "SELECT * { ?c :level :seven . { ?c :title ?x } UNION { ?c :field ?x FILTER(?x != :f3) } }",
	"plan-union-alone":     "SELECT * { ?c :level ?l . { ?c :title ?x } UNION { ?d :field ?x } }",
	"plan-unknown-term":    "SELECT * { ?c a :Nothing ; :title ?t }",
	"plan-path-after":      "SELECT * { ?c :level :seven ; :field/:broader* ?x }",
	"plan-alternatives":    "SELECT * { ?c :level :seven ; :title|^:field ?x }",
	"plan-halves":          "SELECT * { ?a :level :seven ; :field ?f . ?b :credits 5 ; :field ?f FILTER(?a != ?b) }",
	"plan-filter-false":    "SELECT * { { ?c a :Course ; :title ?t FILTER(1 = 2) } UNION { ?c a :Course FILTER(2 = 2) } }",
	"plan-filter-terms":    "SELECT * { ?c :title ?t ; :field ?f ; :level ?l FILTER(?f IN (:f1, :f2, :f1) && :seven = ?l && ?t != 'x') }",
	"plan-cycle":           "SELECT * { ?a :knows ?b . ?b :knows ?c . ?c :knows ?a . ?a a :Person ; :name ?n }",
	"plan-cycle-of-few":    "SELECT * { ?c :level :seven ; :field ?f . ?f :name ?n . ?c :named ?n }",
	"plan-graph":           "SELECT * { GRAPH ?g { ?c a :Course ; :title ?t } }",
	"plan-graph-subquery":  "SELECT * { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?c a :Course } } }",
	"plan-eager-label":     "SELECT ?f ?name (COUNT(?c) AS ?n) { ?c a :Course ; :field ?f . ?f :name ?name FILTER(LANG(?name) = 'en') } GROUP BY ?f ?name",
	"plan-eager-optional":  "SELECT ?f ?name (COUNT(DISTINCT ?c) AS ?n) { ?c a :Course ; :field ?f OPTIONAL { ?f :name ?name } } GROUP BY ?f ?name",
	"plan-eager-distinct":  "SELECT ?name (COUNT(DISTINCT ?c) AS ?n) { ?c a :Course ; :field ?f . ?f :name ?name } GROUP BY ?name",
	"plan-range":           "SELECT * { ?c :credits ?n ; :title ?t FILTER(?n > 7 && 100 > ?n) }",
	"plan-range-of-most":   "SELECT * { ?c :credits ?n ; :title ?t FILTER(?n > 1) }",
	"plan-latest":          "SELECT * { { SELECT ?f (MAX(?n) AS ?most) { ?c :field ?f ; :credits ?n } GROUP BY ?f } ?c :field ?f ; :credits ?most }",
	"plan-filter-pushdown": "SELECT * { ?c :credits ?n ; :title ?t ; :level ?l FILTER(?n > 3) }",
}

// TestPlans compares plans, with all rules and with none.
func TestPlans(t *testing.T) {
	snap, err := courses().Snapshot(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	for name, query := range plans {
		t.Run(name, func(t *testing.T) {
			n := translate(t, query)
			golden.Check(t, name+".txt", []byte(query+"\n\n"+build(t, snap, n, plan.All())+"\nwithout rules\n\n"+build(t, snap, n, plan.None())))
		})
	}
}

// TestPlanFollowsParts checks that nodes which were first seen with the courses
// that they are parts of are looked up in the order of the courses, and others by
// hashing.
func TestPlanFollowsParts(t *testing.T) {
	const n = 10_000
	iri := func(name string, n ...any) rdf.Term { return rdf.IRI("http://example.org/" + fmt.Sprintf(name, n...)) }
	for _, tt := range []struct {
		name   string
		part   func(course int) int
		hashes bool
	}{
		{"together", func(c int) int { return c }, false},
		{"in disorder", func(c int) int { return c * 1237 % n }, true},
		{"many to one", func(c int) int { return c % 7 }, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var quads []rdf.Quad
			for p := range n {
				quads = append(quads, rdf.Triple(iri("part%d", p), iri("value"), rdf.TypedLiteral(fmt.Sprint(p), rdf.XSDInteger)))
			}
			for c := range n {
				quads = append(quads,
					rdf.Triple(iri("c%d", c), iri("part"), iri("part%d", tt.part(c))),
					rdf.Triple(iri("c%d", c), iri("title"), rdf.Literal(fmt.Sprint("course ", c))))
			}
			snap, err := mem.FromQuads(quads...).Snapshot(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			defer snap.Close()
			got := build(t, snap, translate(t, "SELECT * { ?c :title ?t ; :part ?p . ?p :value ?v }"), plan.All())
			if strings.Contains(got, "HashJoin") != tt.hashes {
				t.Error(got)
			}
		})
	}
}

func build(t *testing.T, snap graph.Snapshot, n algebra.Node, rules plan.Rules) string {
	t.Helper()
	p, err := plan.Build(n, &plan.Env{
		Snapshot: snap, Rules: rules, Named: plan.Named{All: true},
		ID: func(t rdf.Term) (graph.ID, error) {
			id, ok, err := snap.Lookup(t)
			if !ok {
				id = graph.MakeID(graph.IDLocal, 1)
			}
			return id, err
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return plan.String(p.Root)
}

// courses is a small catalogue: 200 courses, of which ten have the level seven.
func courses() *mem.Dataset {
	iri := func(name string, n ...any) rdf.Term { return rdf.IRI("http://example.org/" + fmt.Sprintf(name, n...)) }
	quads := []rdf.Quad{rdf.Triple(iri("f1"), iri("broader"), iri("root"))}
	for n := range 5 {
		quads = append(quads, rdf.Triple(iri("f%d", n), iri("name"), rdf.LangLiteral(fmt.Sprint("field ", n), "en")))
	}
	for n := range 600 { // everybody knows half of the others
		if a, b := n%40, n/40*3%40; a != b {
			quads = append(quads, rdf.Triple(iri("person%d", a), iri("knows"), iri("person%d", b)))
		}
	}
	quads = append(quads, rdf.Triple(iri("person1"), rdf.IRI(rdf.RDFType), iri("Person")), rdf.Triple(iri("person1"), iri("name"), rdf.Literal("x")),
		rdf.Triple(iri("c1"), iri("named"), rdf.LangLiteral("field 1", "en")))
	for n := range 200 {
		c := iri("c%d", n)
		level := iri("six")
		if n%20 == 0 {
			level = iri("seven")
		}
		quads = append(quads,
			rdf.Triple(c, rdf.IRI(rdf.RDFType), iri("Course")),
			rdf.Triple(c, iri("title"), rdf.Literal(fmt.Sprint("course ", n))),
			rdf.Triple(c, iri("level"), level),
			rdf.Triple(c, iri("field"), iri("f%d", n%5)),
			rdf.Triple(c, iri("credits"), rdf.TypedLiteral(fmt.Sprint(n%9), rdf.XSDInteger)),
		)
	}
	return mem.FromQuads(quads...)
}
