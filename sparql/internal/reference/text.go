package reference

import (
	"math"
	"strconv"
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/graph/text"
	"qlgraph/sparql/algebra"
)

// textMatch is a full-text search by its definition: every literal of the
// dataset is read word by word and asked whether it matches.
func (e *Evaluator) textMatch(n *algebra.TextMatch) []Solution {
	search, err := text.NewSearch(n.Text, n.Range)
	if err != nil {
		panic(err) // the translation has parsed it
	}
	literals := e.texts()
	var out []Solution
	for literal, score := range matchTexts(search, literals) {
		m := Solution{}
		lexical := strconv.FormatFloat(math.Round(score*1e4)/1e4, 'f', -1, 64)
		if matches(n.Literal, literal, m) && matches(n.Score, rdf.TypedLiteral(lexical, rdf.XSDDecimal), m) {
			out = append(out, m)
		}
	}
	return out
}

// texts returns the literals that a search looks at, each once.
func (e *Evaluator) texts() []rdf.Term {
	seen := map[rdf.Term]bool{}
	var list []rdf.Term
	add := func(g graph) {
		for _, q := range g {
			if _, ok := text.IsText(q.O); ok && !seen[q.O] {
				seen[q.O] = true
				list = append(list, q.O)
			}
		}
	}
	add(e.Data.Default)
	for _, g := range e.Data.Named {
		add(g)
	}
	return list
}

// corpus is the texts of one language, word by word.
type corpus struct {
	lexicon  *text.Lexicon
	language string
	texts    map[rdf.Term][]*text.Word
	totals   text.Totals
	all      *[]*corpus // of all languages, this one included
}

// matchTexts returns the literals that match, with their scores.
func matchTexts(search *text.Search, literals []rdf.Term) map[rdf.Term]float64 {
	languages := map[string]*corpus{}
	var all []*corpus
	for _, l := range literals {
		language, _ := text.IsText(l)
		c := languages[language]
		if c == nil {
			c = &corpus{text.NewLexicon(), language, map[rdf.Term][]*text.Word{}, text.Totals{}, &all}
			languages[language] = c
			if looksAt(search.Range, language) {
				all = append(all, c)
			}
		}
		c.add(l)
	}
	out := map[rdf.Term]float64{}
	for _, c := range all {
		for _, a := range search.Alternatives {
			for l, score := range c.alternative(a) {
				if inRange(l.Lang(), search.Range) {
					out[l] += score
				}
			}
		}
	}
	return out
}

// looksAt reports whether texts of a language can be in the range.
func looksAt(languages, language string) bool {
	return languages == "" || languages == "*" || languages == text.NoLanguage && language == "" || text.Language(languages) == language
}

// inRange is a search's range of languages.
func inRange(tag, languages string) bool {
	tag = strings.ToLower(tag)
	switch languages {
	case "", "*":
		return true
	case text.NoLanguage:
		return tag == ""
	}
	return tag == languages || strings.HasPrefix(tag, languages+"-")
}

func (c *corpus) add(l rdf.Term) {
	c.totals.Literals++
	c.texts[l] = c.words(l.Value())
	for _, w := range c.texts[l] {
		if !w.Stop {
			c.totals.Words++
		}
	}
}

func (c *corpus) words(s string) (list []*text.Word) {
	c.lexicon.Each(c.language, s, func(w *text.Word) bool {
		list = append(list, w)
		return true
	})
	return list
}

// alternative scores the literals that have all of a's items that are looked for
// in this language and none of those excluded.
func (c *corpus) alternative(a text.Alternative) map[rdf.Term]float64 {
	var out map[rdf.Term]float64
	for _, i := range a.Must {
		found, looked := c.item(i)
		if !looked {
			continue
		}
		if out == nil {
			out = found
			continue
		}
		for l, score := range out {
			if more, ok := found[l]; ok {
				out[l] = score + more
			} else {
				delete(out, l)
			}
		}
	}
	for _, i := range a.Not {
		found, _ := c.item(i)
		for l := range found {
			delete(out, l)
		}
	}
	return out
}

// test tells whether a word is what is looked for.
type test func(*text.Word) bool

// item scores the literals that have the item; looked is false where it is made
// of stop words.
func (c *corpus) item(i text.Item) (found map[rdf.Term]float64, looked bool) {
	var tests []test
	for _, written := range i.Words {
		t, wanted := c.wanted(written, i.Prefix)
		tests = append(tests, t)
		if !wanted {
			continue
		}
		scores := c.scores(t, written, i.Prefix)
		if !looked {
			found, looked = scores, true
			continue
		}
		for l, score := range found {
			if more, ok := scores[l]; ok {
				found[l] = score + more
			} else {
				delete(found, l)
			}
		}
	}
	for l := range found {
		if !inSequence(c.texts[l], tests) {
			delete(found, l)
		}
	}
	return found, looked
}

// sameWord returns the test for w: the same form for a stop word, else the stem
// of any word of its form.
func (c *corpus) sameWord(w *text.Word) test {
	if w.Stop {
		return func(v *text.Word) bool { return v.Form == w.Form }
	}
	stems := map[string]bool{w.Stem: true}
	for _, words := range c.texts {
		for _, v := range words {
			if !v.Stop && v.Form == w.Form {
				stems[v.Stem] = true
			}
		}
	}
	return func(v *text.Word) bool {
		if v.Stop {
			return v.Form == w.Form
		}
		return stems[v.Stem]
	}
}

// wanted returns the test for a word as it is written; ok is false for a stop
// word, which is not looked for.
func (c *corpus) wanted(written string, prefix bool) (t test, ok bool) {
	w := c.words(written)[0]
	if prefix {
		return func(v *text.Word) bool { return !v.Stop && strings.HasPrefix(v.Form, w.Form) }, true
	}
	return c.sameWord(w), !w.Stop
}

// scores scores the literals with a word that passes the test, the one for what
// is written.
func (c *corpus) scores(t test, written string, prefix bool) map[rdf.Term]float64 {
	matches, literals := 0, int64(0)
	for _, other := range *c.all {
		literals += other.totals.Literals
		if t, ok := other.wanted(written, prefix); ok {
			matches += len(other.weights(t))
		}
	}
	out := map[rdf.Term]float64{}
	for l, weight := range c.weights(t) {
		out[l] = text.Score(literals, c.totals, matches, weight)
	}
	return out
}

// weights returns the weight of the words that pass the test in each literal.
func (c *corpus) weights(t test) map[rdf.Term]uint8 {
	weights := map[rdf.Term]uint8{}
	for l, words := range c.texts {
		length, counts, sum := 0, map[text.Key]int{}, 0
		for _, w := range words {
			if w.Stop {
				continue
			}
			length++
			if t(w) && counts[w.Key] < 4 { // more count no more
				counts[w.Key]++
				sum++
			}
		}
		if sum > 0 {
			weights[l] = text.Weight(sum, length)
		}
	}
	return weights
}

// inSequence reports whether words pass the tests one after the other.
func inSequence(words []*text.Word, tests []test) bool {
	for start := 0; start+len(tests) <= len(words); start++ {
		all := true
		for i, t := range tests {
			all = all && t(words[start+i])
		}
		if all {
			return true
		}
	}
	return false
}
