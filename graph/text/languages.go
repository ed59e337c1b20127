package text

import (
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/char/asciifolding"
	"github.com/blevesearch/bleve/v2/analysis/lang/bg"
	"github.com/blevesearch/bleve/v2/analysis/lang/ca"
	"github.com/blevesearch/bleve/v2/analysis/lang/cs"
	"github.com/blevesearch/bleve/v2/analysis/lang/da"
	"github.com/blevesearch/bleve/v2/analysis/lang/de"
	"github.com/blevesearch/bleve/v2/analysis/lang/el"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/lang/es"
	"github.com/blevesearch/bleve/v2/analysis/lang/eu"
	"github.com/blevesearch/bleve/v2/analysis/lang/fi"
	"github.com/blevesearch/bleve/v2/analysis/lang/fr"
	"github.com/blevesearch/bleve/v2/analysis/lang/ga"
	"github.com/blevesearch/bleve/v2/analysis/lang/gl"
	"github.com/blevesearch/bleve/v2/analysis/lang/hr"
	"github.com/blevesearch/bleve/v2/analysis/lang/hu"
	"github.com/blevesearch/bleve/v2/analysis/lang/it"
	"github.com/blevesearch/bleve/v2/analysis/lang/nl"
	"github.com/blevesearch/bleve/v2/analysis/lang/no"
	"github.com/blevesearch/bleve/v2/analysis/lang/pl"
	"github.com/blevesearch/bleve/v2/analysis/lang/pt"
	"github.com/blevesearch/bleve/v2/analysis/lang/ro"
	"github.com/blevesearch/bleve/v2/analysis/lang/ru"
	"github.com/blevesearch/bleve/v2/analysis/lang/sv"
	"github.com/blevesearch/bleve/v2/analysis/lang/tr"
	"github.com/blevesearch/bleve/v2/analysis/token/lowercase"
	"github.com/blevesearch/bleve/v2/analysis/token/stop"
	"github.com/blevesearch/bleve/v2/registry"
	"golang.org/x/text/unicode/norm"
)

// chain is what happens to a word of a language: what comes before the stop
// words are taken out makes its form, what follows its stem.
type chain struct {
	before, after []analysis.TokenFilter
	stop          analysis.TokenFilter // nil: no stop words are known
}

// analyzers are the languages with stemmers, stopLists those of which only stop
// words are known. Each is made when it is first needed, since that takes some
// hundred microseconds, and never changes then.
var (
	analyzers = lazily(analyzerChain, da.AnalyzerName, de.AnalyzerName, en.AnalyzerName, es.AnalyzerName,
		fi.AnalyzerName, fr.AnalyzerName, hr.AnalyzerName, hu.AnalyzerName, it.AnalyzerName, nl.AnalyzerName,
		no.AnalyzerName, pl.AnalyzerName, pt.AnalyzerName, ro.AnalyzerName, ru.AnalyzerName, sv.AnalyzerName, tr.AnalyzerName)
	stopLists = lazily(stopChain, bg.StopName, ca.StopName, cs.StopName, el.StopName, eu.StopName, ga.StopName, gl.StopName)
)

func lazily(load func(string) *chain, names ...string) map[string]func() *chain {
	m := map[string]func() *chain{}
	for _, name := range names {
		m[strings.TrimPrefix(name, "stop_")] = sync.OnceValue(func() *chain { return load(name) })
	}
	return m
}

// analyzerChain takes bleve's analyzer for a language apart.
func analyzerChain(name string) *chain {
	c := &chain{}
	a, err := registry.NewCache().AnalyzerNamed(name)
	parts, ok := a.(*analysis.DefaultAnalyzer)
	if err != nil || !ok {
		return c // the imports above make it known; without it words are taken as they are
	}
	for _, f := range parts.TokenFilters {
		_, stops := f.(*stop.StopTokensFilter)
		switch {
		case stops && c.stop == nil:
			c.stop = f
		case c.stop == nil:
			c.before = append(c.before, f)
		default:
			c.after = append(c.after, f)
		}
	}
	return c
}

func stopChain(name string) *chain {
	c := &chain{before: []analysis.TokenFilter{lowercase.NewLowerCaseFilter()}}
	if f, err := registry.NewCache().TokenFilterNamed(name); err == nil {
		c.stop = f
	}
	return c
}

// chainOf returns what happens to words of a language, given as Language
// returns it.
func chainOf(language string) *chain {
	switch language { // the written forms of Norwegian
	case "nb", "nn":
		language = "no"
	}
	if load := analyzers[language]; load != nil {
		return load()
	}
	if load := stopLists[language]; load != nil {
		return load()
	}
	return &chain{before: []analysis.TokenFilter{lowercase.NewLowerCaseFilter()}}
}

// Language returns the language of a literal with the given tag, under which it
// is indexed: the primary subtag, in lower case; "" for none, and "und" for one
// that is longer than RFC 5646 allows.
func Language(tag string) string {
	primary, _, _ := strings.Cut(tag, "-")
	if len(primary) > maxSubtag {
		return "und"
	}
	return strings.ToLower(primary)
}

const maxSubtag = 8 // RFC 5646 §2.1

// analyze returns the form and stem of a word as it is written; stop tells
// whether it is a stop word of the language, which has no stem.
func (c *chain) analyze(written string) (form, stem string, stopped bool) {
	t := run(c.before, norm.NFC.Bytes([]byte(written)))
	form = fold(t)
	if c.stop != nil && run([]analysis.TokenFilter{c.stop}, t) == nil {
		return form, "", true
	}
	if stem = fold(run(c.after, t)); stem == "" {
		stem = form
	}
	return form, stem, form == ""
}

// run applies filters to a single word; nil where one of them drops it.
func run(filters []analysis.TokenFilter, word []byte) []byte {
	stream := analysis.TokenStream{{Term: append([]byte(nil), word...), Position: 1, End: len(word)}}
	for _, f := range filters {
		if stream = f.Filter(stream); len(stream) == 0 {
			return nil
		}
	}
	return stream[0].Term
}

// fold takes diacritics off, so that who cannot type them finds words too.
func fold(word []byte) string {
	plain := make([]byte, 0, len(word))
	for _, r := range string(norm.NFD.Bytes(word)) {
		if r < 0x300 || r > 0x36F { // Combining Diacritical Marks
			plain = append(plain, string(r)...)
		}
	}
	return strings.ToLower(string(asciifolding.New().Filter(plain)))
}
