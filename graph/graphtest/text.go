package graphtest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

// FindText returns the literals that match a query, each with its score, best
// first. languages is the query's Range.
func FindText(t testing.TB, s graph.Snapshot, query, languages string) (terms []rdf.Term, scores []float64) {
	t.Helper()
	q := graph.TextQuery{Text: query, Range: languages}
	var charged int64
	found, err := s.(graph.TextIndex).SearchText(q, func(n int64) error { charged += n; return nil })
	if err != nil {
		t.Fatalf("SearchText(%q): %v", query, err)
	}
	if !slices.IsSortedFunc(found, func(a, b graph.TextMatch) int { return cmp.Compare(a.ID, b.ID) }) || len(found) > 0 && charged <= 0 {
		t.Fatalf("SearchText(%q): %v, charged %d", query, found, charged)
	}
	if n, err := s.(graph.TextIndex).EstimateText(q); err != nil || n < 0 {
		t.Fatalf("EstimateText(%q): %d, %v", query, n, err)
	}
	slices.SortStableFunc(found, func(a, b graph.TextMatch) int { return cmp.Compare(b.Score, a.Score) })
	ids := make([]graph.ID, len(found))
	for i, m := range found {
		ids[i] = m.ID
		scores = append(scores, m.Score)
	}
	terms = make([]rdf.Term, len(ids))
	if err := s.Terms(ids, terms); err != nil {
		t.Fatal(err)
	}
	return terms, scores
}

// testText searches what a dataset holds, if it can be searched: committed or
// not, in each language by its rules.
func testText(t *testing.T, w graph.Writer) {
	if _, ok := snapshot(t, w).(graph.TextIndex); !ok {
		t.Skip("the dataset has no full-text index (an optional extra)")
	}
	literals := []rdf.Term{
		rdf.LangLiteral("Einführung in die Datenbanken", "de"),
		rdf.LangLiteral("Datenbank", "de-AT"),
		rdf.LangLiteral("Introduction to databases", "en"),
		rdf.LangLiteral("A database of introductions, and more databases", "en"),
		rdf.LangLiteral("Systèmes d’information à l’université", "fr"),
		rdf.LangLiteral("Wprowadzenie do baz danych", "pl"),
		rdf.LangLiteral("E-learning: the state of the art", "en-GB"),
		rdf.LangLiteral("State aid and the learning of art", "en"),
		rdf.Literal("Databases"),
		rdf.Literal("Intro to databases"),
		rdf.Literal("http://example.org/databases"),
		rdf.Literal("DATA-101"),
		rdf.TypedLiteral("databases", "http://example.org/datatype"),
		rdf.LangLiteral("Eesti keele grammatika", "et"),
	}
	add := func(tx graph.Tx) error {
		for i, l := range literals {
			q := rdf.Triple(rdf.IRI(fmt.Sprintf("http://example.org/%d", i)), rdf.IRI("http://example.org/p"), l)
			if err := tx.Insert(q); err != nil {
				return err
			}
		}
		return nil
	}
	for _, tt := range []struct {
		query, languages string
		want             []int
	}{
		{"database", "en", []int{3, 2}},
		{"databases", "", []int{2, 3, 8, 9}},
		{"Datenbanken", "de", []int{0, 1}},
		{"datenbank", "de-AT", []int{1}},
		{"datenbank -einführung", "", []int{1}},
		{"einfuhrung", "", []int{0}},
		{"universite systeme", "", []int{4}},
		{"introduction database", "en", []int{2, 3}},
		{`"introduction to databases"`, "", []int{2}},
		{`"state of the art"`, "", []int{6}},
		{"e-learning", "", []int{6}},
		{"state learning art", "en", []int{6, 7}},
		{"Datenbank OR baz", "", []int{0, 1, 5}},
		{"data*", "", []int{2, 3, 8, 9}},
		{"univ*", "fr", []int{4}},
		{"databases", "none", []int{8, 9}},
		{"keele", "et", []int{13}},
		{"the", "en", nil},
		{"keel", "et", nil},
		{"nothing", "", nil},
	} {
		check := func(when string, s graph.Snapshot) {
			t.Helper()
			found, _ := FindText(t, s, tt.query, tt.languages)
			var want []rdf.Term
			for _, i := range tt.want {
				want = append(want, literals[i])
			}
			compare := func(a, b rdf.Term) int { return strings.Compare(a.String(), b.String()) }
			slices.SortFunc(found, compare)
			slices.SortFunc(want, compare)
			if !slices.Equal(found, want) {
				t.Errorf("%q in %q, %s: %v, want %v", tt.query, tt.languages, when, found, want)
			}
		}
		err := fmt.Errorf("not to be kept")
		if _, got := w.Update(context.Background(), func(tx graph.Tx) error {
			if err := add(tx); err != nil {
				return err
			}
			check("in a transaction", tx)
			return err
		}); got != err {
			t.Fatal(got)
		}
		update(t, w, add)
		check("committed", snapshot(t, w))
	}
	t.Run("ranks", func(t *testing.T) { testRanks(t, w) })
}

// testRanks asks for the order in which matches should come.
func testRanks(t *testing.T, w graph.Writer) {
	s := snapshot(t, w)
	found, scores := FindText(t, s, "databases", "en")
	if len(found) != 2 || scores[0] <= 0 || scores[1] <= 0 {
		t.Fatalf("%v %v", found, scores)
	}
	if found, scores = FindText(t, s, "keele OR grammatika", ""); len(found) != 1 || len(scores) != 1 {
		t.Fatalf("%v %v", found, scores)
	}
	_, one := FindText(t, s, "keele", "")
	if scores[0] <= one[0] {
		t.Errorf("two words score %v, one %v", scores, one)
	}
}
