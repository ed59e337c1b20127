package text

import (
	"math"
	"slices"
)

// estimateWords is how many words of a prefix are counted for an estimate.
const estimateWords = 64

// Estimate returns about how many literals match, without reading postings.
func (s *Search) Estimate(parts []Index) (int64, error) {
	totals, err := s.totals(parts)
	if err != nil {
		return 0, err
	}
	var sum int64
	lexicon := NewLexicon()
	for language, t := range totals {
		e := &estimator{finder{search: s, parts: parts, language: language, totals: t, lexicon: lexicon}}
		n, err := e.query()
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}

type estimator struct{ finder }

func (e *estimator) query() (sum int64, err error) {
	for _, a := range e.search.Alternatives {
		var counts []int64
		for _, i := range a.Must {
			n, ok, err := e.item(i)
			if err != nil {
				return 0, err
			}
			if ok {
				counts = append(counts, n)
			}
		}
		sum += e.together(counts)
	}
	return min(sum, e.totals.Literals), nil
}

// together estimates how many literals have all that so many have each. Words of
// one text are not independent: each further one, from the rarest on, counts for
// the root of what the one before did.
func (e *estimator) together(counts []int64) int64 {
	if len(counts) == 0 {
		return 0
	}
	slices.Sort(counts)
	all := float64(max(1, e.totals.Literals))
	n, power := float64(counts[0]), 1.0
	for _, c := range counts[1:] {
		power /= 2
		n *= math.Pow(min(1, float64(c)/all), power)
	}
	return int64(math.Ceil(n))
}

// item estimates the literals with the item's words; ok is false where there
// are stop words only.
func (e *estimator) item(i Item) (sum int64, ok bool, err error) {
	var counts []int64
	if i.Prefix {
		n, err := e.prefix(i.Words[0])
		return n, true, err
	}
	for _, written := range i.Words {
		p, err := e.pattern(written)
		if err != nil {
			return 0, false, err
		}
		if p.stems == nil {
			continue
		}
		var n int64
		for stem := range p.stems {
			for _, part := range e.parts {
				if err := part.Stem(e.language, stem, add(part, &n)); err != nil {
					return 0, false, err
				}
			}
		}
		counts = append(counts, n)
	}
	return e.together(counts), counts != nil, nil
}

func add(part Index, sum *int64) func(Key) error {
	return func(k Key) error {
		n, err := part.Count(k)
		*sum += n
		return err
	}
}

// enough ends the walk through the words of a prefix.
type enough struct{}

func (enough) Error() string { return "enough" }

func (e *estimator) prefix(written string) (sum int64, err error) {
	prefix, _, _ := e.lexicon.vocabulary(e.language).chain.analyze(written)
	for _, part := range e.parts {
		words := 0
		err := part.Prefix(e.language, prefix, func(k Key) error {
			if words++; words > estimateWords {
				return enough{}
			}
			return add(part, &sum)(k)
		})
		if err != nil && err != (enough{}) {
			return 0, err
		}
	}
	return sum, nil
}
