package text

import (
	"slices"
	"sort"
	"strings"
	"sync"
)

// Memory is postings in memory, of literals that are added in ascending order.
// It may be used from several goroutines.
type Memory struct {
	mu       sync.RWMutex
	lexicon  *Lexicon
	postings [][]Posting // by number of the word
	lengths  []length    // of the literals that are texts, ascending
	last     uint64      // literal that was added last
	stems    map[Key][]*Word
	forms    map[Key][]*Word
}

type length struct {
	literal  uint64
	language string
	words    int64
}

// NewMemory returns an empty index.
func NewMemory() *Memory {
	return &Memory{lexicon: NewLexicon(), stems: map[Key][]*Word{}, forms: map[Key][]*Word{}}
}

// Last returns the literal that was added last.
func (m *Memory) Last() uint64 {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.last
}

// Fill adds the literals that next returns, with their languages (see IsText),
// until ok is false or it fails. Numbers ascend; one that was added already is
// passed over.
func (m *Memory) Fill(next func() (literal uint64, language, value string, ok bool, err error)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for {
		literal, language, value, ok, err := next()
		if err != nil || !ok {
			return err
		}
		if literal > m.last {
			m.last = literal
			m.add(literal, language, value)
		}
	}
}

// Skip notes that all literals up to the given one have been looked at.
func (m *Memory) Skip(literal uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last = max(m.last, literal)
}

func (m *Memory) add(literal uint64, language, value string) {
	words, n := m.lexicon.Literal(language, value)
	m.lengths = append(m.lengths, length{literal, language, int64(n)})
	for _, o := range words {
		for o.Number >= len(m.postings) {
			m.postings = append(m.postings, nil)
			m.learn(m.lexicon.Words()[len(m.postings)-1])
		}
		m.postings[o.Number] = append(m.postings[o.Number], NewPosting(literal, Weight(o.Count, n)))
	}
}

func (m *Memory) learn(w *Word) {
	if !w.Stop {
		stem, form := Key{Language: w.Language, Stem: w.Stem}, Key{Language: w.Language, Form: w.Form}
		m.stems[stem] = append(m.stems[stem], w)
		m.forms[form] = append(m.forms[form], w)
	}
}

// Until returns the part of m whose literals are up to last. literal returns
// their texts and tags.
func (m *Memory) Until(last uint64, literal func(number uint64) (tag, value string, err error)) Index {
	return &memoryPart{m, last, literal}
}

type memoryPart struct {
	*Memory
	last    uint64
	literal func(uint64) (tag, value string, err error)
}

// Languages implements Index.
func (p *memoryPart) Languages(fn func(string, Totals)) error {
	p.mu.RLock()
	n := sort.Search(len(p.lengths), func(i int) bool { return p.lengths[i].literal > p.last })
	totals := map[string]Totals{}
	for _, l := range p.lengths[:n] {
		t := totals[l.language]
		totals[l.language] = Totals{t.Literals + 1, t.Words + l.words}
	}
	p.mu.RUnlock()
	for language, t := range totals {
		fn(language, t)
	}
	return nil
}

// Form implements Index.
func (p *memoryPart) Form(language, form string, fn func(Key) error) error {
	return p.each(p.forms, Key{Language: language, Form: form}, fn)
}

// Stem implements Index.
func (p *memoryPart) Stem(language, stem string, fn func(Key) error) error {
	return p.each(p.stems, Key{Language: language, Stem: stem}, fn)
}

func (p *memoryPart) each(words map[Key][]*Word, k Key, fn func(Key) error) error {
	p.mu.RLock()
	found := words[k]
	p.mu.RUnlock()
	for _, w := range found {
		if err := fn(w.Key); err != nil {
			return err
		}
	}
	return nil
}

// Prefix implements Index. It looks at every word: there are not many in memory.
func (p *memoryPart) Prefix(language, prefix string, fn func(Key) error) error {
	p.mu.RLock()
	words := p.lexicon.Words()
	p.mu.RUnlock()
	for _, w := range words {
		if !w.Stop && w.Language == language && strings.HasPrefix(w.Form, prefix) {
			if err := fn(w.Key); err != nil {
				return err
			}
		}
	}
	return nil
}

// Count implements Index.
func (p *memoryPart) Count(k Key) (int64, error) { return int64(len(p.of(k))), nil }

// Postings implements Index.
func (p *memoryPart) Postings(k Key, fn func([]Posting) error) error {
	if list := p.of(k); len(list) > 0 {
		return fn(list)
	}
	return nil
}

func (p *memoryPart) of(k Key) []Posting {
	p.mu.RLock()
	defer p.mu.RUnlock()
	for _, w := range p.forms[Key{Language: k.Language, Form: k.Form}] {
		if w.Stem == k.Stem {
			list := p.postings[w.Number]
			n, _ := slices.BinarySearch(list, NewPosting(p.last+1, 0))
			return list[:n]
		}
	}
	return nil
}

// Literal implements Index.
func (p *memoryPart) Literal(number uint64) (string, string, error) { return p.literal(number) }

// Has implements Index.
func (p *memoryPart) Has(number uint64) bool {
	p.mu.RLock()
	defer p.mu.RUnlock()
	n := sort.Search(len(p.lengths), func(i int) bool { return p.lengths[i].literal >= number })
	return number <= p.last && n < len(p.lengths) && p.lengths[n].literal == number
}
