package sparql_test

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"qlgraph/graph"
	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/sparql"
)

// elsewhere is a Service that evaluates at another Engine, and counts.
type elsewhere struct {
	engine   *sparql.Engine
	requests int
}

func (e *elsewhere) Select(ctx context.Context, _, query string) ([]string, iter.Seq2[[]rdf.Term, error], error) {
	e.requests++
	q, err := e.engine.Parse(query)
	if err != nil {
		return nil, nil, fmt.Errorf("%w in %s", err, query)
	}
	result, err := e.engine.Query(ctx, q, sparql.Params{})
	if err != nil {
		return nil, nil, err
	}
	return result.Vars, func(yield func([]rdf.Term, error) bool) {
		defer result.Close()
		for row, err := range result.Rows() {
			if !yield(row, err) {
				return
			}
		}
	}, nil
}

// sortedRows evaluates a SELECT and returns its rows as text, in order.
func sortedRows(t *testing.T, e *sparql.Engine, query string) []string {
	t.Helper()
	q, err := e.Parse(query)
	if err != nil {
		t.Fatal(err)
	}
	result, err := e.Query(t.Context(), q, sparql.Params{})
	if err != nil {
		t.Fatal(err)
	}
	defer result.Close()
	var rows []string
	for row, err := range result.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, fmt.Sprint(row))
	}
	slices.Sort(rows)
	return rows
}

// TestServiceJoinsLikeAGraph puts the same triples behind a service and in a
// named graph: SERVICE and GRAPH have to give the same solutions, whatever is
// sent along and in how many requests.
func TestServiceJoinsLikeAGraph(t *testing.T) {
	data, other := mem.New(), mem.New()
	insert := func(d *mem.Dataset, g rdf.Term, list func(add func(s, p string, o rdf.Term))) {
		if _, err := d.Update(t.Context(), func(tx graph.Tx) error {
			var err error
			list(func(s, p string, o rdf.Term) {
				if err == nil {
					err = tx.Insert(rdf.Triple(rdf.IRI("http://e/"+s), rdf.IRI("http://e/"+p), o).In(g))
				}
			})
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	remote := func(add func(s, p string, o rdf.Term)) {
		for i := range 10_000 {
			s := fmt.Sprintf("c%d", i)
			add(s, "size", rdf.TypedLiteral(fmt.Sprint(i%7), rdf.XSDInteger))
			if i%3 == 0 {
				add(s, "title", rdf.LangLiteral(fmt.Sprintf("Title \"%d\"\n\\x", i%50), "en"))
			}
			if i%1000 == 0 {
				add(s, "part", rdf.Blank(s))
			}
		}
	}
	insert(other, rdf.Term{}, remote)
	insert(data, rdf.IRI("http://e/other"), remote)
	insert(data, rdf.Term{}, func(add func(s, p string, o rdf.Term)) {
		for i := range 9_000 {
			add(fmt.Sprintf("s%d", i), "takes", rdf.IRI(fmt.Sprintf("http://e/c%d", i)))
		}
		for i := range 60 {
			add("few"+fmt.Sprint(i), "likes", rdf.IRI(fmt.Sprintf("http://e/c%d", i%20)))
			add("few"+fmt.Sprint(i), "grade", rdf.TypedLiteral(fmt.Sprint(i%9), rdf.XSDInteger))
			add("few"+fmt.Sprint(i), "word", rdf.LangLiteral(fmt.Sprintf("Title \"%d\"\n\\x", i), "en"))
		}
	})
	service := &elsewhere{engine: sparql.New(other, sparql.Options{})}
	engine := sparql.New(data, sparql.Options{Service: service})
	for _, test := range []struct {
		name, query string
		requests    int
	}{
		{"few", "?s :likes ?c . SERVICE :other { ?c :size ?n }", 1},
		{"two variables", "?s :likes ?c ; :grade ?n . SERVICE :other { ?c :size ?n }", 1},
		{"literals with a backslash stay here", "?s :word ?t . SERVICE :other { ?c :title ?t }", 1},
		{"partly bound", "?s :likes ?c OPTIONAL { ?s :grade ?n FILTER(?n < 5) } SERVICE :other { ?c :size ?n }", 2},
		{"optional", "?s :likes ?c OPTIONAL { SERVICE :other { ?c :title ?t } }", 1},
		{"optional, more than is there", "?s :likes ?c OPTIONAL { SERVICE :other { ?c :size ?n ; :title ?t } } FILTER(!BOUND(?n) || ?n > 1)", 1},
		{"optional in the service", "?s :likes ?c SERVICE :other { ?c :size ?n OPTIONAL { ?c :title ?t } }", 1},
		{"union in the service", "?s :likes ?c SERVICE :other { { ?c :size ?n } UNION { ?d :title ?t FILTER(?d = :c3) } }", 1},
		{"nothing shared", "?s :grade 3 SERVICE :other { ?c :size 3 ; :title ?t }", 1},
		{"more than is sent", "?s :takes ?c . SERVICE :other { ?c :size ?n }", 33},
		{"more than is sent, optional", "?s :takes ?c . OPTIONAL { SERVICE :other { ?c :title ?t } }", 33},
		{"distinct in the service", "?s :grade ?n SERVICE :other { SELECT DISTINCT ?n { ?c :size ?n } }", 1},
		{"minus", "?s :likes ?c MINUS { SERVICE :other { ?c :title ?t } }", 1},
		{"not exists", "?s :likes ?c FILTER NOT EXISTS { SERVICE :other { ?c :title ?t } }", 20},
	} {
		t.Run(test.name, func(t *testing.T) {
			const prefix = "PREFIX : <http://e/> SELECT ?s ?c ?n ?t {"
			service.requests = 0
			got := sortedRows(t, engine, prefix+test.query+"}")
			want := sortedRows(t, engine, prefix+strings.ReplaceAll(test.query, "SERVICE", "GRAPH")+"}")
			if !slices.Equal(got, want) {
				t.Errorf("%d solutions, want %d", len(got), len(want))
			}
			if len(want) == 0 {
				t.Error("a test of nothing")
			}
			if service.requests > test.requests {
				t.Errorf("%d requests, want at most %d", service.requests, test.requests)
			}
		})
	}
}
