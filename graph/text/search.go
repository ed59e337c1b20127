package text

import (
	"math"
	"slices"
	"strings"

	"qlgraph/graph"
)

// Search is a Query with the languages in which it is looked for.
type Search struct {
	*Query
	// Range is the languages: "" all of them, "none" texts without one, else a
	// basic language range (RFC 4647 §3.3.1), "de" or "de-AT".
	Range string
}

// NoLanguage is the Range of texts without a language.
const NoLanguage = "none"

// NewSearch parses what is looked for in the languages of a range.
func NewSearch(query, languages string) (*Search, error) {
	q, err := Parse(query)
	if err != nil {
		return nil, err
	}
	return &Search{q, strings.ToLower(languages)}, nil
}

// looksAt reports whether s looks for anything in a language of the index.
func (s *Search) looksAt(language string) bool {
	switch s.Range {
	case "", "*":
		return true
	case NoLanguage:
		return language == ""
	}
	return language == Language(s.Range)
}

// region reports whether s looks for a part of a language, so that the tags of
// literals have to be compared.
func (s *Search) region() bool { return strings.Contains(s.Range, "-") }

// inRange reports whether a tag is in the range (RFC 4647 §3.3.1).
func (s *Search) inRange(tag string) bool {
	tag = strings.ToLower(tag)
	return tag == s.Range || strings.HasPrefix(tag, s.Range+"-")
}

// Find returns the literals that match, ascending, from all parts of an index;
// their IDs are their numbers in it with the kind of literals.
// charge is told of memory as it is taken and given back; it is called often and
// stops the search where it fails. What is still charged at the end is the
// result's and what the garbage collector will find.
func (s *Search) Find(parts []Index, charge func(bytes int64) error) ([]graph.TextMatch, error) {
	totals, err := s.totals(parts)
	if err != nil {
		return nil, err
	}
	var finders []*finder
	lexicon, c := NewLexicon(), &counts{matches: map[*string]int{}}
	for language, t := range totals {
		f := &finder{search: s, parts: parts, charge: charge, language: language, totals: t, lexicon: lexicon,
			counts: c, words: map[*string]*gathered{}}
		if err := f.gatherAll(); err != nil {
			return nil, err
		}
		c.literals += t.Literals
		finders = append(finders, f)
	}
	var lists [][]match
	for _, f := range finders {
		found, err := f.query()
		if err != nil {
			return nil, err
		}
		f.words = nil
		lists = append(lists, found)
	}
	// Few languages have most of the matches; the others are merged first.
	slices.SortFunc(lists, func(a, b []match) int { return len(a) - len(b) })
	var all []match
	for _, found := range lists {
		if err := charge(int64(matchBytes * (len(all) + len(found)))); err != nil {
			return nil, err
		}
		all = union(all, found)
	}
	for i := range all {
		all[i].Score = math.Round(all[i].Score*1e4) / 1e4
	}
	return all, nil
}

// match is a literal with its score, which is rounded at the end.
type match = graph.TextMatch

func literalID(number uint64) graph.ID { return graph.MakeID(graph.IDLiteral, number) }

func (s *Search) totals(parts []Index) (map[string]Totals, error) {
	totals := map[string]Totals{}
	for _, p := range parts {
		if err := p.Languages(func(language string, t Totals) {
			if s.looksAt(language) {
				sum := totals[language]
				totals[language] = Totals{sum.Literals + t.Literals, sum.Words + t.Words}
			}
		}); err != nil {
			return nil, err
		}
	}
	return totals, nil
}

// finder looks in one language.
type finder struct {
	search   *Search
	parts    []Index
	charge   func(int64) error
	language string
	totals   Totals
	lexicon  *Lexicon
	counts   *counts
	words    map[*string]*gathered
}

// counts is what the languages of a search have together, by which a word is
// rare or not: else a word would be worth most in the language in which it is
// foreign. Words are known by their place in the Query.
type counts struct {
	literals int64
	matches  map[*string]int
}

// gathered is what a word of the query matches in a language.
type gathered struct {
	pattern
	list []Posting // by literal, which may be there several times in a row
}

// gatherAll looks up the words of the query.
func (f *finder) gatherAll() error {
	for _, a := range f.search.Alternatives {
		for _, i := range slices.Concat(a.Must, a.Not) {
			for k := range i.Words {
				word := &i.Words[k]
				g, n, err := f.gather(*word, i.Prefix)
				if err != nil {
					return err
				}
				f.words[word] = g
				f.counts.matches[word] += n
			}
		}
	}
	return nil
}

// gather looks up one word and returns how many literals it is in.
func (f *finder) gather(written string, prefix bool) (*gathered, int, error) {
	var g *gathering
	var p pattern
	var err error
	if prefix {
		g, err = f.prefix(written)
	} else if p, err = f.pattern(written); p.stems != nil && err == nil {
		g, err = f.stems(p.stems)
	}
	if err != nil || g == nil {
		return &gathered{pattern: p}, 0, err
	}
	list, n, err := g.merge()
	return &gathered{p, list}, n, err
}

const matchBytes = 16

// query returns the matches of all alternatives: one that several find has the
// sum of their scores.
func (f *finder) query() (all []match, err error) {
	for _, a := range f.search.Alternatives {
		found, err := f.alternative(a)
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = found
			continue
		}
		if err := f.charge(int64(matchBytes * len(found))); err != nil {
			return nil, err
		}
		all = union(all, found)
	}
	if !f.search.region() {
		return all, nil
	}
	return f.keep(all, func(tag, _ string) bool { return f.search.inRange(tag) })
}

// alternative returns the literals that have everything of a.
func (f *finder) alternative(a Alternative) ([]match, error) {
	var found []match
	any := false
	for _, i := range a.Must {
		list, ok, err := f.item(i)
		switch {
		case err != nil:
			return nil, err
		case !ok:
		case any:
			found = intersect(found, list)
		default:
			found, any = list, true
		}
		if any && len(found) == 0 {
			return nil, nil
		}
	}
	for _, i := range a.Not {
		list, ok, err := f.item(i)
		if err != nil {
			return nil, err
		}
		if ok {
			found = without(found, list)
		}
	}
	return found, nil
}

// item returns the literals that have the item; ok is false where all of its
// words are stop words in this language, which are not looked for.
func (f *finder) item(i Item) (found []match, ok bool, err error) {
	phrase := make([]pattern, len(i.Words))
	for k := range i.Words {
		g := f.words[&i.Words[k]]
		phrase[k] = g.pattern
		if g.stems == nil && !i.Prefix || ok && len(found) == 0 {
			continue
		}
		list, err := f.score(g.list, f.counts.matches[&i.Words[k]])
		if err != nil {
			return nil, false, err
		}
		if ok {
			found = intersect(found, list)
		} else {
			found, ok = list, true
		}
	}
	if len(phrase) == 1 || len(found) == 0 {
		return found, ok, nil
	}
	found, err = f.keep(found, func(_, value string) bool { return f.contains(value, phrase) })
	return found, true, err
}

// pattern is what a word of the query matches.
type pattern struct {
	form  string
	stems map[string]bool // nil for a stop word, which matches its form only
}

func (p pattern) matches(w *Word) bool {
	if p.stems == nil || w.Stop {
		return p.form == w.Form
	}
	return p.stems[w.Stem]
}

// pattern returns what the word matches: all words of its stem, and of the stem
// of any word that is spelled like it when diacritics do not count.
func (f *finder) pattern(written string) (p pattern, err error) {
	v := f.lexicon.vocabulary(f.language)
	w := f.lexicon.word(v, f.language, written)
	p.form = w.Form
	if w.Stop {
		return p, nil
	}
	p.stems = map[string]bool{w.Stem: true}
	for _, part := range f.parts {
		if err := part.Form(f.language, w.Form, func(k Key) error {
			p.stems[k.Stem] = true
			return nil
		}); err != nil {
			return p, err
		}
	}
	return p, nil
}

// stems gathers the words of the stems.
func (f *finder) stems(stems map[string]bool) (*gathering, error) {
	g := &gathering{finder: f}
	for stem := range stems {
		for _, part := range f.parts {
			if err := part.Stem(f.language, stem, g.take(part)); err != nil {
				return nil, err
			}
		}
	}
	return g, nil
}

// prefix gathers the words that begin so.
func (f *finder) prefix(written string) (*gathering, error) {
	g := &gathering{finder: f}
	prefix, _, _ := f.lexicon.vocabulary(f.language).chain.analyze(written)
	for _, part := range f.parts {
		if err := part.Prefix(f.language, prefix, g.take(part)); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// contains reports whether the words of a phrase stand in a text one after the
// other.
func (f *finder) contains(value string, phrase []pattern) bool {
	var last []*Word // as many as the phrase has words
	found := false
	f.lexicon.Each(f.language, value, func(w *Word) bool {
		if len(last) == len(phrase) {
			last = append(last[:0], last[1:]...)
		}
		if last = append(last, w); len(last) < len(phrase) {
			return true
		}
		for i, p := range phrase {
			if !p.matches(last[i]) {
				return true
			}
		}
		found = true
		return false
	})
	return found
}

// checkEvery is after how many literals a search that reads them asks whether
// it may go on.
const checkEvery = 64

// keep returns the matches whose literals pass the test.
func (f *finder) keep(list []match, test func(tag, value string) bool) ([]match, error) {
	kept := list[:0]
	for i, m := range list {
		if i%checkEvery == 0 {
			if err := f.charge(0); err != nil {
				return nil, err
			}
		}
		for _, p := range f.parts {
			if !p.Has(m.ID.Payload()) {
				continue
			}
			tag, value, err := p.Literal(m.ID.Payload())
			if err != nil {
				return nil, err
			}
			if test(tag, value) {
				kept = append(kept, m)
			}
			break
		}
		if f.lexicon.Len() > maxLearnt {
			f.lexicon = NewLexicon()
		}
	}
	return kept, nil
}

// maxLearnt bounds the words that a search remembers: about 5 MB.
const maxLearnt = 1 << 15

// gathering is the postings of several words that count as one.
type gathering struct {
	*finder
	list []Posting
	ends []int // of each word's, ascending within
}

// take returns a function that gathers the postings of a word.
func (g *gathering) take(part Index) func(Key) error {
	return func(k Key) error {
		if err := part.Postings(k, func(p []Posting) error {
			g.list = append(g.list, p...)
			return g.charge(int64(8 * len(p)))
		}); err != nil {
			return err
		}
		g.ends = append(g.ends, len(g.list))
		return g.charge(0)
	}
}

// merge returns what was gathered by literal, and how many literals there are.
func (g *gathering) merge() (list []Posting, literals int, err error) {
	list = g.list
	if len(g.ends) > 1 {
		if err := g.charge(int64(8 * len(list))); err != nil {
			return nil, 0, err
		}
		list = mergeRuns(list, g.ends)
	}
	for i, p := range list {
		if i == 0 || p.Literal() != list[i-1].Literal() {
			literals++
		}
	}
	return list, literals, nil
}

// score scores the literals of a list; so many match in all languages.
func (f *finder) score(list []Posting, matches int) ([]match, error) {
	if err := f.charge(int64(matchBytes * len(list))); err != nil {
		return nil, err
	}
	s := newScorer(f.counts.literals, f.totals, matches)
	found := make([]match, 0, len(list))
	for i := 0; i < len(list); {
		p, count := list[i], 0
		for ; i < len(list) && list[i].Literal() == p.Literal(); i++ {
			count += list[i].count()
		}
		found = append(found, match{ID: literalID(p.Literal()), Score: s.score(min(count, maxCount), p.step())})
	}
	return found, nil
}
