package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"qlgraph/graph"
	"qlgraph/graph/graphtest"
	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/graph/store"
)

// texts returns quads with n different texts, in some languages.
func texts(r *rand.Rand, n int) []rdf.Quad {
	stems := strings.Fields("data base design theory analys method system learn course model practic econom énerg Häus")
	endings := []string{"", "e", "s", "ing", "en", "er"}
	var quads []rdf.Quad
	for i := range n {
		var words []string
		for range 1 + r.IntN(20) {
			words = append(words, stems[min(r.IntN(len(stems)), r.IntN(len(stems)))]+endings[r.IntN(len(endings))])
		}
		text := fmt.Sprintf("%s %d", strings.Join(words, " "), r.IntN(n))
		o := rdf.Literal(text)
		if k := r.IntN(5); k > 0 {
			o = rdf.LangLiteral(text, []string{"en", "de", "fr", "et"}[k-1])
		}
		quads = append(quads, rdf.Triple(rdf.IRI(fmt.Sprintf("http://example.org/%d", i)), rdf.IRI(dct+"title"), o))
	}
	return quads
}

var searches = []string{"data", "learning courses", `"data bases"`, "analys* OR énergie", "method -system", "hauser", "7*", "designing theories models"}

// sameMatches compares what two datasets find, and the scores.
func sameMatches(t *testing.T, when string, got, want graph.Snapshot) {
	t.Helper()
	scored := func(s graph.Snapshot, query, languages string) (list []string) {
		terms, scores := graphtest.FindText(t, s, query, languages)
		for i, term := range terms {
			list = append(list, fmt.Sprintf("%v %.4f", term, scores[i]))
		}
		slices.Sort(list)
		return list
	}
	for _, query := range searches {
		for _, languages := range []string{"", "en", "none"} {
			a, b := scored(got, query, languages), scored(want, query, languages)
			if !slices.Equal(a, b) {
				t.Errorf("%s, %q in %q: %d matches, want %d", when, query, languages, len(a), len(b))
			} else if len(a) == 0 && languages == "" {
				t.Errorf("%s, %q: nothing was found", when, query)
			}
		}
	}
}

// TestTextPaths reaches the same index by all ways: updates, whose literals stay
// in memory until they are many, a bulk load, a compaction, and the opening of a
// file that has none.
func TestTextPaths(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	quads := texts(r, store.MaxTail+3000)
	want, err := mem.FromQuads(quads...).Snapshot(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	s := open(t, dir)
	for _, part := range [][]rdf.Quad{quads[:100], quads[100:2000], quads[2000 : store.MaxTail+1000], quads[store.MaxTail+1000:]} {
		insert(t, s, part...)
		verify(t, s)
	}
	sameMatches(t, "updates", view(t, s), want)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	sameMatches(t, "opened again", view(t, s), want)
	if err := store.ForgetText(s); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	verify(t, s)
	sameMatches(t, "a file without", view(t, s), want)
	if err := s.Compact(context.Background(), store.LoadOptions{}); err != nil {
		t.Fatal(err)
	}
	verify(t, s)
	sameMatches(t, "compacted", view(t, s), want)
	loaded := open(t, t.TempDir())
	if _, err := loaded.Load(context.Background(), store.LoadOptions{}, source(quads[:5000]), source(quads[5000:])); err != nil {
		t.Fatal(err)
	}
	verify(t, loaded)
	sameMatches(t, "loaded", view(t, loaded), want)
}

// TestTextVersions searches snapshots of different versions side by side.
func TestTextVersions(t *testing.T) {
	s := open(t, t.TempDir())
	r := rand.New(rand.NewPCG(5, 6))
	var all []rdf.Quad
	type pair struct{ got, want graph.Snapshot }
	var pairs []pair
	quads := texts(r, store.MaxTail+2000)
	for _, part := range [][]rdf.Quad{quads[:500], quads[500:1500], quads[1500:]} {
		insert(t, s, part...)
		all = append(all, part...)
		want, err := mem.FromQuads(all...).Snapshot(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		pairs = append(pairs, pair{view(t, s), want})
		for n, p := range pairs {
			sameMatches(t, fmt.Sprintf("version %d of %d", n+1, len(pairs)), p.got, p.want)
		}
	}
}

// TestTextRollback undoes transactions that have searched what they added.
func TestTextRollback(t *testing.T) {
	s := open(t, t.TempDir())
	failed := errors.New("not to be kept")
	for _, n := range []int{10, store.MaxTail + 10} {
		if _, err := s.Update(context.Background(), func(tx graph.Tx) error {
			if err := tx.Insert(texts(rand.New(rand.NewPCG(7, 8)), n)...); err != nil {
				return err
			}
			if terms, _ := graphtest.FindText(t, tx, "data", ""); len(terms) == 0 {
				t.Errorf("%d texts: the transaction does not find its own", n)
			}
			return failed
		}); err != failed {
			t.Fatal(err)
		}
		if terms, _ := graphtest.FindText(t, view(t, s), "data OR verschieden", ""); len(terms) > 0 {
			t.Errorf("%d texts: found though they were not kept", n)
		}
		insert(t, s, rdf.Triple(rdf.IRI("http://example.org/s"), rdf.IRI(dct+"title"), rdf.LangLiteral("Ganz verschieden", "de")))
		verify(t, s)
		if terms, _ := graphtest.FindText(t, view(t, s), "verschiedene", "de"); len(terms) != 1 {
			t.Errorf("found %v", terms)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = open(t, t.TempDir())
	}
}

func insert(t *testing.T, s *store.Store, quads ...rdf.Quad) {
	t.Helper()
	if _, err := s.Update(context.Background(), func(tx graph.Tx) error { return tx.Insert(quads...) }); err != nil {
		t.Fatal(err)
	}
}
