package text

import (
	"unicode"
	"unicode/utf8"

	"qlgraph/graph/rdf"
)

// Bounds of what is looked at: nothing that people write as words is longer, and
// a literal that is longer than a book's chapter is found by its beginning.
const (
	maxWordBytes    = 64
	maxLiteralWords = 10_000
)

// IsText reports whether t is a literal that full-text search looks at, in
// which language (see Language): a text with a language tag, or a plain string
// that reads as words. Codes, addresses and dates do not.
func IsText(t rdf.Term) (language string, ok bool) {
	if !t.IsLiteral() {
		return "", false
	}
	if tag := t.Lang(); tag != "" {
		return Language(tag), true
	}
	return "", t.Datatype() == rdf.XSDString && ReadsAsWords(t.Value())
}

// ReadsAsWords reports whether a string without a language looks like words: it
// has spaces between them, or is a single one of letters.
func ReadsAsWords(s string) bool {
	letters, others := false, false
	for _, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.IsMark(r):
			letters = true
		case r == ' ' && letters:
			return true
		case r != '-' && r != '\'' && r != '’':
			others = true
		}
	}
	return letters && !others
}

// Word is a word of a language as far as search tells words apart. It does not
// change.
type Word struct {
	Key
	Stop   bool // it is too common to be looked for; it has no Stem
	Number int  // in its Lexicon, from 0 on
}

// Key identifies a word: its form, in lower case and without diacritics, and
// its stem. Neither contains a zero byte.
type Key struct{ Language, Form, Stem string }

// Lexicon cuts texts into words and remembers the words that it has seen, since
// texts have many and languages few. It belongs to one goroutine.
type Lexicon struct {
	languages map[string]*vocabulary
	words     []*Word
	written   int // spellings in all languages

	counts  []int32 // of each word in the literal at hand
	touched []Occurrence
}

type vocabulary struct {
	chain   *chain
	written map[string]*Word // by spelling
	words   map[Key]*Word
}

// NewLexicon returns an empty Lexicon.
func NewLexicon() *Lexicon { return &Lexicon{languages: map[string]*vocabulary{}} }

// Len tells how much the Lexicon has learnt: spellings, of about 150 bytes each.
func (x *Lexicon) Len() int { return x.written }

// Words returns all words that the Lexicon has seen, by number.
func (x *Lexicon) Words() []*Word { return x.words }

func (x *Lexicon) vocabulary(language string) *vocabulary {
	v := x.languages[language]
	if v == nil {
		v = &vocabulary{chain: chainOf(language), written: map[string]*Word{}, words: map[Key]*Word{}}
		x.languages[language] = v
	}
	return v
}

// word returns the word that is written so.
func (x *Lexicon) word(v *vocabulary, language, written string) *Word {
	if w := v.written[written]; w != nil {
		return w
	}
	k := Key{Language: language}
	var stop bool
	k.Form, k.Stem, stop = v.chain.analyze(written)
	w := v.words[k]
	if w == nil {
		w = &Word{Key: k, Stop: stop, Number: len(x.words)}
		v.words[k] = w
		x.words = append(x.words, w)
	}
	v.written[string([]byte(written))] = w // the text itself must not be kept alive
	x.written++
	return w
}

// Each calls fn with the words of s in turn, stop words included, until it
// returns false. language is as Language returns it.
func (x *Lexicon) Each(language, s string, fn func(*Word) bool) {
	v := x.vocabulary(language)
	eachWritten(s, func(written string) bool { return fn(x.word(v, language, written)) })
}

// eachWritten cuts s into runs of letters, digits and marks; an apostrophe
// between two letters belongs to the word.
func eachWritten(s string, fn func(string) bool) {
	start := -1
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
		}
		switch {
		case inWord(r):
			if start < 0 {
				start = i
			}
		case start >= 0 && (r == '\'' || r == '’') && lettersFollow(s[i+n:]):
		case start >= 0:
			if i-start <= maxWordBytes && !fn(s[start:i]) {
				return
			}
			start = -1
		}
		i += n
	}
	if start >= 0 && len(s)-start <= maxWordBytes {
		fn(s[start:])
	}
}

func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}

func lettersFollow(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

// Occurrence is how often a word stands in a literal.
type Occurrence struct {
	*Word
	Count int
}

// Literal returns the words of a literal, stop words apart, and how many
// occurrences they have together. The result is valid until the next call.
func (x *Lexicon) Literal(language, s string) (list []Occurrence, length int) {
	x.touched = x.touched[:0]
	x.Each(language, s, func(w *Word) bool {
		if w.Stop {
			return true
		}
		for len(x.counts) < len(x.words) {
			x.counts = append(x.counts, 0)
		}
		if x.counts[w.Number]++; x.counts[w.Number] == 1 {
			x.touched = append(x.touched, Occurrence{Word: w})
		}
		length++
		return length < maxLiteralWords
	})
	for i := range x.touched {
		o := &x.touched[i]
		o.Count, x.counts[o.Number] = int(x.counts[o.Number]), 0
	}
	return x.touched, length
}
