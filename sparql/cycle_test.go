package sparql_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"qlgraph/graph"
	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/sparql"
	"qlgraph/sparql/plan"
)

const triangles = "PREFIX : <http://example.org/> SELECT (COUNT(*) AS ?n) { ?a :knows ?b . ?b :knows ?c . ?c :knows ?a }"

// hubs is a graph of about the given number of edges in which ten nodes know a
// tenth of the others, and are known by another tenth; a few of these know each
// other. Nearly every path of two edges leads over a hub, and nearly none closes.
func hubs(edges int) *mem.Dataset {
	r := rand.New(rand.NewPCG(1, 2))
	node := func(kind string, n int) rdf.Term { return rdf.IRI(fmt.Sprintf("http://example.org/%s%d", kind, n)) }
	var quads []rdf.Quad
	knows := func(a, b rdf.Term) { quads = append(quads, rdf.Triple(a, rdf.IRI("http://example.org/knows"), b)) }
	others := edges / 3
	for i := range edges / 3 {
		hub := node("hub", i%10)
		knows(node("fan", r.IntN(others)), hub)
		knows(hub, node("star", r.IntN(others)))
		knows(node("star", r.IntN(others)), node("fan", r.IntN(others)))
	}
	return mem.FromQuads(quads...)
}

func pairwise() plan.Rules {
	r := plan.All()
	r.Leapfrog = false
	return r
}

// explained runs a query to its end and returns its operators and rows.
func explained(t *testing.T, engine *sparql.Engine, query string) (x *sparql.Explanation, rows []string) {
	t.Helper()
	q, err := engine.Parse(query)
	if err != nil {
		t.Fatal(err)
	}
	res, err := engine.Query(context.Background(), q, sparql.Params{Explain: true})
	if err != nil {
		t.Fatal(err)
	}
	defer res.Close()
	for row, err := range res.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, fmt.Sprint(row))
	}
	slices.Sort(rows)
	return res.Explain(), rows
}

// largest returns the operator below x, itself included, with the most rows.
func largest(x *sparql.Explanation) *sparql.Explanation {
	for _, c := range x.Children {
		if l := largest(c); l.Rows > x.Rows {
			x = l
		}
	}
	return x
}

// TestTriangles: triangles over hubs are found without going through all paths
// of two edges, and both ways find the same.
func TestTriangles(t *testing.T) {
	const edges = 9000
	data := hubs(edges)
	query := strings.Replace(triangles, "(COUNT(*) AS ?n)", "?a ?b ?c", 1)
	leap, found := explained(t, sparql.New(data, sparql.WithRules(sparql.Options{}, plan.All)), query)
	pairs, want := explained(t, sparql.New(data, sparql.WithRules(sparql.Options{}, pairwise)), query)
	if !slices.Equal(found, want) || len(found) == 0 {
		t.Errorf("%d triangles, pair by pair %d", len(found), len(want))
	}
	if x := largest(leap); x.Rows != int64(len(found)) {
		t.Errorf("more rows than triangles:\n%v", leap)
	}
	if x := largest(pairs); x.Rows < 20*edges {
		t.Errorf("the graph is no example, %d rows are the most:\n%v", x.Rows, pairs)
	}
	for leap.Operator != "Leapfrog" && len(leap.Children) == 1 {
		leap = leap.Children[0]
	}
	if leap.Operator != "Leapfrog" || leap.Rows != int64(len(found)) || leap.Estimated <= 0 || leap.Time <= 0 {
		t.Errorf("%d triangles, explained as\n%v", len(found), leap)
	}
}

// TestLeapfrogHoldsItsLimit: what it holds is charged to the query.
func TestLeapfrogHoldsItsLimit(t *testing.T) {
	engine := sparql.New(hubs(20_000), sparql.Options{Limits: sparql.Limits{Memory: 64 << 10}})
	err := drain(engine, triangles)
	if limit, ok := err.(*sparql.LimitError); !ok || limit.Limit != "memory" {
		t.Errorf("%v", err)
	}
}

// BenchmarkTriangles compares the leapfrog join with joins pair by pair on graphs
// with hubs.
func BenchmarkTriangles(b *testing.B) {
	for _, edges := range []int{1000, 10_000, 50_000} {
		var data graph.Dataset = hubs(edges)
		for _, way := range []struct {
			name  string
			rules func() plan.Rules
		}{{"leapfrog", plan.All}, {"pairwise", pairwise}} {
			engine := sparql.New(data, sparql.WithRules(sparql.Options{}, way.rules))
			b.Run(fmt.Sprintf("%s/%d", way.name, edges), func(b *testing.B) {
				for b.Loop() {
					if err := drain(engine, triangles); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
