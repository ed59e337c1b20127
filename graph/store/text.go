package store

import (
	"encoding/binary"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"github.com/zeebo/xxh3"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/graph/text"
)

// Full-text search reads three things beside the dictionary. They are functions
// of its literals, up to a high-water mark; literals never change, and go with a
// compaction, so nothing is ever deleted.
//
//	postings  rows (hash of a word, literal, weight, 0), an index like those of
//	          the quads
//	words     the words in order, and the words of each stem (words.go)
//	state     "text": the mark, and what there is of each language
//
// Literals beyond the mark, at most maxTail, are indexed in memory when somebody
// searches (tail): a small commit writes nothing for text. The commit that
// exceeds maxTail writes them all.
const (
	letterForm = 'w' // language, zero byte, form, zero byte, stem
	letterStem = 's' // language, zero byte, stem, zero byte, form
	maxTail    = 1 << 13
)

var (
	_ graph.TextIndex = (*Snapshot)(nil)
	_ graph.TextIndex = (*Tx)(nil)
	_ text.Index      = (*textPart)(nil)
)

// textState is what a commit says of the postings in the file.
type textState struct {
	indexed   uint64 // literals up to here have been looked at
	rows      uint64 // postings
	words     uint64 // entries of the list of words
	languages map[string]text.Totals
}

func (s *textState) append(b []byte) []byte {
	for _, n := range []uint64{s.indexed, s.rows, s.words, uint64(len(s.languages))} {
		b = binary.AppendUvarint(b, n)
	}
	names := make([]string, 0, len(s.languages))
	for name := range s.languages {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		b = binary.AppendUvarint(b, uint64(len(name)))
		b = append(b, name...)
		b = binary.AppendUvarint(b, uint64(s.languages[name].Literals))
		b = binary.AppendUvarint(b, uint64(s.languages[name].Words))
	}
	return appendChecksum(b, 0, checksumState, keyText)
}

// readTextState reads the state; a file that was made before there was
// full-text search has none.
func readTextState(value []byte) (s textState, err error) {
	s.languages = map[string]text.Totals{}
	if value == nil {
		return s, nil
	}
	body, err := checked(checksumState, keyText, value)
	if err != nil {
		return s, err
	}
	field := func() uint64 {
		n, size := binary.Uvarint(body)
		body = body[max(size, 0):]
		return n
	}
	s.indexed, s.rows, s.words = field(), field(), field()
	for range field() {
		n := min(field(), uint64(len(body)))
		name := string(body[:n])
		body = body[n:]
		s.languages[name] = text.Totals{Literals: int64(field()), Words: int64(field())}
	}
	return s, nil
}

// wordHash is what a word's postings are sorted by. It is seeded, so that nobody
// can make words collide.
func wordHash(seed uint64, k text.Key) graph.ID {
	return graph.ID(xxh3.HashStringSeed(wordEntry(letterForm, k.Language, k.Form, k.Stem), seed) >> 4)
}

func wordEntry(letter byte, language string, parts ...string) string {
	return string(letter) + language + "\x00" + strings.Join(parts, "\x00")
}

// tail is the index of literals beyond a mark.
type tail struct {
	after uint64
	*text.Memory
}

// SearchText implements graph.TextIndex.
func (s *Snapshot) SearchText(q graph.TextQuery, charge func(int64) error) (found []graph.TextMatch, err error) {
	if err := s.begin(); err != nil {
		return nil, err
	}
	defer s.finish(debug.SetPanicOnFault(true), &err)
	parts, err := s.textParts()
	if err != nil {
		return nil, err
	}
	return text.SearchText(q, parts, charge)
}

// EstimateText implements graph.TextIndex.
func (s *Snapshot) EstimateText(q graph.TextQuery) (n int64, err error) {
	if err := s.begin(); err != nil {
		return 0, err
	}
	defer s.finish(debug.SetPanicOnFault(true), &err)
	parts, err := s.textParts()
	if err != nil {
		return 0, err
	}
	return text.EstimateText(q, parts)
}

// SearchText implements graph.TextIndex; what the transaction has added counts.
func (tx *Tx) SearchText(q graph.TextQuery, charge func(int64) error) ([]graph.TextMatch, error) {
	if err := tx.indexTail(); err != nil {
		return nil, err
	}
	return tx.Snapshot.SearchText(q, charge)
}

// EstimateText implements graph.TextIndex.
func (tx *Tx) EstimateText(q graph.TextQuery) (int64, error) {
	if err := tx.indexTail(); err != nil {
		return 0, err
	}
	return tx.Snapshot.EstimateText(q)
}

// indexTail writes postings where a transaction has added so many literals that
// they should not be indexed in memory.
func (tx *Tx) indexTail() error {
	return tx.guard(func() error {
		if err := tx.write(); err != nil {
			return err
		}
		tx.generation++
		return tx.work.indexText(tx.file.maxTail)
	})
}

// textParts returns the parts of the index: the file's and the tail.
func (v *view) textParts() ([]text.Index, error) {
	parts := []text.Index{&textPart{v}}
	end := v.terms.counts[graph.IDLiteral]
	if end <= v.indexed {
		return parts, nil
	}
	t := v.file.tails.of(v.indexed)
	if end > v.terms.stable[graph.IDLiteral] { // not committed: others may get these numbers yet
		t = &tail{v.indexed, text.NewMemory()}
	}
	n := max(t.Last(), v.indexed)
	if err := t.Fill(func() (uint64, string, string, bool, error) {
		for n < end {
			n++
			term, err := v.literal(n)
			if err != nil {
				return 0, "", "", false, err
			}
			if language, ok := text.IsText(term); ok {
				return n, language, term.Value(), true, nil
			}
		}
		return 0, "", "", false, nil
	}); err != nil {
		return nil, err
	}
	t.Skip(end)
	return append(parts, t.Until(end, v.textOf)), nil
}

// tails keeps the newest tail of a file.
type tails struct {
	mu      sync.Mutex
	current *tail
}

// of returns the tail after a mark. Only readers of older versions get one of
// their own.
func (s *tails) of(after uint64) *tail {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current != nil && s.current.after == after {
		return s.current
	}
	t := &tail{after, text.NewMemory()}
	if s.current == nil || s.current.after < after {
		s.current = t
	}
	return t
}

func (v *view) literal(number uint64) (rdf.Term, error) {
	t, ok, err := v.terms.text(graph.MakeID(graph.IDLiteral, number))
	if err != nil || !ok {
		return rdf.Term{}, err
	}
	return v.terms.qualifiers.term(graph.IDLiteral, t)
}

func (v *view) textOf(number uint64) (tag, value string, err error) {
	t, err := v.literal(number)
	return t.Lang(), t.Value(), err
}

// textPart is the postings in the file.
type textPart struct{ *view }

// Languages implements text.Index.
func (p *textPart) Languages(fn func(string, text.Totals)) error {
	for language, t := range p.languages {
		fn(language, t)
	}
	return nil
}

// Form implements text.Index.
func (p *textPart) Form(language, form string, fn func(text.Key) error) error {
	return p.eachWord(wordEntry(letterForm, language, form, ""), func(stem string) error {
		return fn(text.Key{Language: language, Form: form, Stem: stem})
	})
}

// Stem implements text.Index.
func (p *textPart) Stem(language, stem string, fn func(text.Key) error) error {
	return p.eachWord(wordEntry(letterStem, language, stem, ""), func(form string) error {
		return fn(text.Key{Language: language, Form: form, Stem: stem})
	})
}

// Prefix implements text.Index.
func (p *textPart) Prefix(language, prefix string, fn func(text.Key) error) error {
	return p.eachWord(wordEntry(letterForm, language, prefix), func(rest string) error {
		form, stem, ok := strings.Cut(prefix+rest, "\x00")
		if !ok {
			return damagedWords(errWords)
		}
		return fn(text.Key{Language: language, Form: form, Stem: stem})
	})
}

// Count implements text.Index.
func (p *textPart) Count(k text.Key) (n int64, err error) {
	err = p.postings(k, func(_ *blockCursor, lo, hi int) error {
		n += int64(hi - lo)
		return nil
	})
	return n, err
}

// Postings implements text.Index.
func (p *textPart) Postings(k text.Key, fn func([]text.Posting) error) error {
	var literals, weights [maxRows]graph.ID
	var list [maxRows]text.Posting
	return p.postings(k, func(c *blockCursor, lo, hi int) error {
		c.block.column(1, &literals)
		c.block.column(2, &weights)
		for i := lo; i < hi; i++ {
			list[i-lo] = text.NewPosting(literals[i].Payload(), uint8(weights[i]))
		}
		return fn(list[:hi-lo])
	})
}

// postings calls fn with each block that has postings of the word, and the rows
// that they are.
func (p *textPart) postings(k text.Key, fn func(c *blockCursor, lo, hi int) error) error {
	h := wordHash(p.state.seed, k)
	c := p.indexes[indexText].cursor()
	var key [4 * 9]byte
	if err := c.seek(appendRowKey(key[:0], row{h})); err != nil {
		return err
	}
	var hashes [maxRows]graph.ID
	for c.valid && c.block.first[0] <= h {
		c.block.column(0, &hashes)
		lo, _ := slices.BinarySearch(hashes[:c.block.rows], h)
		hi, _ := slices.BinarySearch(hashes[lo:c.block.rows], h+1)
		if hi += lo; hi > lo {
			if err := fn(&c, lo, hi); err != nil {
				return err
			}
		}
		if hi < c.block.rows {
			return nil
		}
		if err := c.next(); err != nil {
			return err
		}
	}
	return nil
}

// Literal implements text.Index.
func (p *textPart) Literal(number uint64) (tag, value string, err error) { return p.textOf(number) }

// Has implements text.Index.
func (p *textPart) Has(number uint64) bool { return number <= p.indexed }
