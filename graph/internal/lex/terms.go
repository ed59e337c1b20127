package lex

import (
	"hash/maphash"

	"qlgraph/graph/rdf"
)

const (
	minSlots = 128  // a small document should not pay for a large table
	maxSlots = 8192 // about the number of distinct IRIs that recur within a page of data
	// maxKey keeps a hostile document from filling the slots with long tokens.
	maxKey = 256
)

// Terms maps the bytes of recent tokens to their terms. It forgets: a pair of
// slots holds the last two tokens that hashed to it, so memory is bounded.
type Terms struct {
	seed   maphash.Seed
	slots  []slot
	misses int
	era    uint32 // counts the calls of Forget
}

type slot struct {
	key  string
	term rdf.Term
	era  uint32 // a slot of an earlier era is empty
}

// NewTerms returns an empty table.
func NewTerms() *Terms {
	return &Terms{seed: maphash.MakeSeed(), slots: make([]slot, minSlots)}
}

// Get returns the term of token, and false if it is not known.
func (t *Terms) Get(token []byte) (rdf.Term, bool) {
	i := t.index(token)
	for j := range 2 {
		if s := &t.slots[i+j]; s.era == t.era && s.key == string(token) {
			return s.term, len(token) > 0
		}
	}
	return rdf.Term{}, false
}

// Put remembers the term of token, whose bytes it copies unless the term has a
// string of the same content.
func (t *Terms) Put(token []byte, term rdf.Term) {
	if len(token) > maxKey {
		return
	}
	if t.misses++; t.misses > 2*len(t.slots) && len(t.slots) < maxSlots {
		t.slots, t.misses = make([]slot, 4*len(t.slots)), 0
	}
	key := term.Value()
	if key != string(token) {
		key = string(token)
	}
	i := t.index(token)
	t.slots[i+1] = t.slots[i]
	t.slots[i] = slot{key, term, t.era}
}

// Forget empties the table, when the meaning of tokens changes. It costs the
// same for each size, since a document can ask for it in every line.
func (t *Terms) Forget() { t.era++ }

// index returns the first of the pair of slots for token.
func (t *Terms) index(token []byte) int {
	return int(maphash.Bytes(t.seed, token)&uint64(len(t.slots)/2-1)) * 2
}

// LangTag reads the language tag behind "@" and returns it as written.
func (t *Terms) LangTag(l *Lexer) string {
	token := l.LangTag()
	term, ok := t.Get(token)
	if !ok {
		term = rdf.Literal(string(token))
		t.Put(token, term)
	}
	l.Advance(len(token))
	return term.Value()
}
