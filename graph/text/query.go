package text

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of a query: what a person types is far shorter, and each word is
// looked up in every language of the index.
const (
	MaxQueryBytes = 2048
	MaxQueryWords = 64
)

// Query is what somebody looks for: a literal matches that has everything of
// one alternative. It is immutable.
//
//	query       = alternative { "OR" alternative }
//	alternative = { [ "AND" ] [ "-" | "NOT" ] item }
//	item        = word | word "*" | '"' word … '"'
type Query struct {
	Alternatives []Alternative // not to be changed
}

// Alternative is what a literal must have, at least one thing, and what it must
// not have.
type Alternative struct{ Must, Not []Item }

// Item is a word, a prefix or, with several words, a phrase, as written.
type Item struct {
	Words  []string
	Prefix bool
}

// Error says what is wrong with the text of a Query.
type Error struct {
	Offset int // in bytes
	Msg    string
}

func (e *Error) Error() string {
	return fmt.Sprintf("search text, character %d: %s", e.Offset+1, e.Msg)
}

// Parse parses what is looked for; the grammar is at Query. What is malformed
// or beyond the limits is an *Error.
func Parse(s string) (q *Query, err error) {
	if len(s) > MaxQueryBytes {
		return nil, &Error{0, fmt.Sprintf("longer than %d bytes", MaxQueryBytes)}
	}
	p := &queryParser{s: s}
	defer func() {
		if e, ok := recover().(*Error); ok {
			q, err = nil, e
		} else if e != nil {
			panic(e)
		}
	}()
	return p.query(), nil
}

type queryParser struct {
	s     string
	at    int
	words int
}

func (p *queryParser) fail(at int, format string, args ...any) {
	panic(&Error{at, fmt.Sprintf(format, args...)})
}

// query parses alternatives.
func (p *queryParser) query() *Query {
	q := &Query{}
	for {
		start := p.at
		a, more := p.alternative()
		switch {
		case len(a.Must) > 0:
			q.Alternatives = append(q.Alternatives, a)
		case len(a.Not) > 0:
			p.fail(start, "only excluded words: say what has to be there, too")
		case more || len(q.Alternatives) > 0:
			p.fail(p.at, "expected a word beside OR")
		default:
			p.fail(start, "no word to look for")
		}
		if !more {
			return q
		}
	}
}

// alternative parses items up to OR, of which more tells, or the end.
func (p *queryParser) alternative() (a Alternative, more bool) {
	not := -1 // where the item at hand is excluded
	add := func(i Item) {
		switch {
		case len(i.Words) > 0 && not >= 0:
			a.Not = append(a.Not, i)
		case len(i.Words) > 0:
			a.Must = append(a.Must, i)
		}
		not = -1
	}
	end := func(more bool) (Alternative, bool) {
		if not >= 0 {
			p.fail(not, "expected a word to exclude")
		}
		return a, more
	}
	for {
		r, n := p.next()
		switch {
		case n == 0:
			return end(false)
		case r == '"':
			add(p.phrase())
		case r == '-':
			not = p.at
			p.at += n
		case inWord(r):
			start := p.at
			i := p.word()
			switch p.s[start:p.at] {
			case "OR":
				return end(true)
			case "NOT":
				not = start
			case "AND":
			default:
				add(i)
			}
		case strings.ContainsRune("*()[]{}^~:\\", r):
			p.fail(p.at, "%q has no meaning here: put what is to be taken literally in double quotes", r)
		default: // other signs are between words
			p.at += n
		}
	}
}

// next skips space and returns the rune that follows; no bytes at the end.
func (p *queryParser) next() (r rune, n int) {
	for p.at < len(p.s) {
		r, n = utf8.DecodeRuneInString(p.s[p.at:])
		if !unicode.IsSpace(r) {
			return r, n
		}
		p.at += n
	}
	return 0, 0
}

// word parses a word; signs within it, as in "e-learning", make it a phrase.
func (p *queryParser) word() Item {
	start, end := p.at, len(p.s)
	for i, r := range p.s[start:] {
		if unicode.IsSpace(r) || strings.ContainsRune("\"*()[]{}^~:\\", r) {
			end = start + i
			break
		}
	}
	i := Item{Words: p.split(start, p.s[start:end])}
	p.at = end
	if !strings.HasPrefix(p.s[end:], "*") {
		return i
	}
	if i.Prefix = true; len(i.Words) != 1 {
		p.fail(start, "expected one word before *")
	}
	p.at++
	if r, _ := utf8.DecodeRuneInString(p.s[p.at:]); inWord(r) && p.at < len(p.s) {
		p.fail(p.at-1, "* can only end a word")
	}
	return i
}

// phrase parses a phrase.
func (p *queryParser) phrase() Item {
	start := p.at
	size := strings.IndexByte(p.s[start+1:], '"')
	if size < 0 {
		p.fail(start, "expected a closing quotation mark")
	}
	p.at = start + size + 2
	return Item{Words: p.split(start, p.s[start+1:start+1+size])}
}

// split cuts an item into words as texts are.
func (p *queryParser) split(at int, s string) (words []string) {
	eachWritten(s, func(written string) bool {
		words = append(words, written)
		return true
	})
	if p.words += len(words); p.words > MaxQueryWords {
		p.fail(at, "more than %d words", MaxQueryWords)
	}
	return words
}
