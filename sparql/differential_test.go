package sparql_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"sort"
	"strings"
	"testing"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/graph/xsd"
	"qlgraph/sparql"
	"qlgraph/sparql/algebra"
	"qlgraph/sparql/expr"
	"qlgraph/sparql/internal/querygen"
	"qlgraph/sparql/internal/reference"
	"qlgraph/sparql/plan"
	"qlgraph/sparql/syntax"
)

var (
	queries = flag.Int("queries", 4000, "random queries of TestDifferential")
	seed    = flag.Uint64("seed", 0, "seed of TestDifferential; 0 takes the clock")
)

// TestDifferential compares the engine, the engine with rules whether they gain
// or not, the engine without rules, and the reference evaluator on random queries
// over random graphs.
func TestDifferential(t *testing.T) {
	s := *seed
	if s == 0 {
		s = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d", s)
	for n := range *queries {
		r := rand.New(rand.NewPCG(s, uint64(n)))
		quads := querygen.Quads(r)
		text, order := querygen.Query(r)
		union := r.IntN(2) == 0
		if diff := difference(t, quads, text, order, union); diff != "" {
			t.Fatalf("go test ./sparql -run TestDifferential -seed %d: query %d, union %v\n%s\n%s\n%s",
				s, n, union, text, show(result{quads: quads}), diff)
		}
	}
}

// difference returns how the evaluators disagree, "" where they do not.
func difference(t *testing.T, quads []rdf.Quad, text, order string, union bool) string {
	tree, err := syntax.ParseQuery(text, syntax.Options{})
	if err != nil {
		return "" // the generator may put a variable in scope twice
	}
	alg, err := algebra.Translate(tree, algebra.Options{})
	if err != nil {
		t.Fatal(err)
	}
	data := mem.FromQuads(quads...)
	oracle := reference.Evaluator{
		Data: reference.NewDataset(quads, union),
		Env:  &expr.Env{Now: xsd.NewDateTime(time.Unix(0, 0)), Rand: rand.New(rand.NewPCG(1, 1))},
	}
	pattern, page := alg.Pattern, (*algebra.Slice)(nil)
	if s, ok := pattern.(*algebra.Slice); ok { // any rows of that number are right, in their order
		pattern, page = s.Input, s
	}
	all := oracle.Eval(pattern)
	want := keys(all, order)
	for name, v := range map[string]struct {
		rules func() plan.Rules
		data  graph.Dataset
	}{"all": {plan.All, describe(data)}, "bold": {plan.Bold, data}, "none": {plan.None, data}} {
		got, err := run(v.data, text, union, v.rules)
		if err != nil {
			return fmt.Sprintf("rules %s: %v", name, err)
		}
		if page != nil {
			if wrong := pageOf(got, all, page, order); wrong != "" {
				return fmt.Sprintf("rules %s\n%s\n%s\ngot\n%s\nof\n%s", name, algebra.String(alg.Pattern), wrong, keys(got, order), want)
			}
		} else if have := keys(got, order); have != want {
			return fmt.Sprintf("rules %s\n%s\ngot\n%s\nwant\n%s", name, algebra.String(alg.Pattern), have, want)
		}
	}
	return ""
}

// pageOf returns what is wrong with got as a page of all, "" where nothing is.
func pageOf(got, all []reference.Solution, page *algebra.Slice, order string) string {
	first := min(page.Offset, int64(len(all)))
	last := int64(len(all))
	if page.Limit >= 0 {
		last = min(last, first+page.Limit)
	}
	if int64(len(got)) != last-first {
		return fmt.Sprintf("%d rows instead of %d", len(got), last-first)
	}
	left := map[string]int{}
	for _, s := range all {
		left[reference.Key(s)]++
	}
	for i, s := range got {
		if left[reference.Key(s)]--; left[reference.Key(s)] < 0 {
			return "a row that is not there: " + reference.Key(s)
		}
		if order != "" && s[order] != all[first+int64(i)][order] {
			return fmt.Sprintf("row %d has %v instead of %v", i, s[order], all[first+int64(i)][order])
		}
	}
	return ""
}

func run(data graph.Dataset, text string, union bool, rules func() plan.Rules) ([]reference.Solution, error) {
	engine := sparql.New(data, sparql.WithRules(sparql.Options{DefaultGraphUnion: union}, rules))
	q, err := engine.Parse(text)
	if err != nil {
		return nil, err
	}
	res, err := engine.Query(context.Background(), q, sparql.Params{})
	if err != nil {
		return nil, err
	}
	defer res.Close()
	var list []reference.Solution
	for row, err := range res.Rows() {
		if err != nil {
			return nil, err
		}
		s := reference.Solution{}
		for i, t := range row {
			if !t.IsZero() {
				s[res.Vars[i]] = t
			}
		}
		list = append(list, s)
	}
	return list, nil
}

// keys makes a multiset of solutions comparable. Where it is ordered by a
// variable, the sequence of that variable's values counts as well.
func keys(list []reference.Solution, order string) string {
	var rows, sequence []string
	for _, s := range list {
		rows = append(rows, strings.ReplaceAll(reference.Key(s), "\n", " "))
		sequence = append(sequence, s[order].String())
	}
	sort.Strings(rows)
	out := strings.Join(rows, "\n")
	if order != "" {
		out += "\nin the order " + strings.Join(sequence, " ")
	}
	return out
}
