package mem

import (
	"sync"

	"qlgraph/graph"
	"qlgraph/graph/text"
)

var _ graph.TextIndex = (*snapshot)(nil)

// textIndex is the words of the dictionary's literals, as far as a search has
// asked for them.
type textIndex struct {
	once  sync.Once
	words *text.Memory
}

// parts returns the index of the literals that are known by now.
func (d *dictionary) parts() []text.Index {
	d.text.once.Do(func() { d.text.words = text.NewMemory() })
	m := d.text.words
	d.mu.RLock()
	terms := d.terms
	d.mu.RUnlock()
	n := m.Last()
	m.Fill(func() (uint64, string, string, bool, error) {
		for n < uint64(len(terms)) {
			n++
			if language, ok := text.IsText(terms[n-1]); ok {
				return n, language, terms[n-1].Value(), true, nil
			}
		}
		return 0, "", "", false, nil
	})
	m.Skip(uint64(len(terms)))
	return []text.Index{m.Until(uint64(len(terms)), func(n uint64) (string, string, error) {
		return terms[n-1].Lang(), terms[n-1].Value(), nil
	})}
}

// SearchText implements graph.TextIndex.
func (s *snapshot) SearchText(q graph.TextQuery, charge func(int64) error) ([]graph.TextMatch, error) {
	if err := s.err(); err != nil {
		return nil, err
	}
	return text.SearchText(q, s.terms.parts(), charge)
}

// EstimateText implements graph.TextIndex.
func (s *snapshot) EstimateText(q graph.TextQuery) (int64, error) {
	if err := s.err(); err != nil {
		return 0, err
	}
	return text.EstimateText(q, s.terms.parts())
}
