package text

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
	for _, a := range e.search.alternatives {
		least := int64(-1)
		for _, i := range a.Must {
			n, ok, err := e.item(i)
			if err != nil {
				return 0, err
			}
			if ok && (least < 0 || n < least) {
				least = n
			}
		}
		sum += max(least, 0)
	}
	return min(sum, e.totals.Literals), nil
}

// item counts the literals with the item's rarest word; ok is false where there
// are stop words only.
func (e *estimator) item(i Item) (least int64, ok bool, err error) {
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
		if !ok || n < least {
			least, ok = n, true
		}
	}
	return least, ok, nil
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
