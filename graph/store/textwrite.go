package store

import (
	"maps"
	"slices"

	bolt "go.etcd.io/bbolt"

	"qlgraph/graph"
	"qlgraph/graph/text"
)

// A textRun gathers the postings of some literals until it is full: 8 MB of
// them, and as much to sort.
const (
	textRunPostings = 1 << 20
	textRunWords    = 1 << 17 // spellings, 20 MB
	// Word, literal and weight of a posting in one sortable key.
	weightBits = 8
)

type textRun struct {
	seed      uint64
	lexicon   *text.Lexicon
	keys      []uint64 // number of the word, literal, weight
	spare     []uint64
	languages map[string]text.Totals
}

func newTextRun(seed uint64) *textRun {
	return &textRun{seed: seed, lexicon: text.NewLexicon(), languages: map[string]text.Totals{}}
}

// add adds a literal's words.
func (r *textRun) add(number uint64, language, value string) {
	words, n := r.lexicon.Literal(language, value)
	t := r.languages[language]
	r.languages[language] = text.Totals{Literals: t.Literals + 1, Words: t.Words + int64(n)}
	for _, o := range words {
		r.keys = append(r.keys, uint64(o.Number)<<(hashNumberBits+weightBits)|number<<weightBits|uint64(text.Weight(o.Count, n)))
	}
}

func (r *textRun) full() bool {
	return len(r.keys) >= textRunPostings || r.lexicon.Len() >= textRunWords
}

// drain calls rows with the postings, sorted, maxRows at most at a time, and
// words with the entries of the list of words, sorted. The run is empty then.
func (r *textRun) drain(rows func([]row) error, words func([]string) error) error {
	hashes, ranks := r.hashes()
	const rest = 1<<(hashNumberBits+weightBits) - 1
	for i, k := range r.keys {
		r.keys[i] = uint64(ranks[k>>(hashNumberBits+weightBits)])<<(hashNumberBits+weightBits) | k&rest
	}
	r.spare = slices.Grow(r.spare[:0], len(r.keys))[:len(r.keys)]
	var out [maxRows]row
	for keys := radixSort(r.keys, r.spare, 64); len(keys) > 0; {
		n := min(len(keys), maxRows)
		for i, k := range keys[:n] {
			literal := k & rest >> weightBits
			out[i] = row{hashes[k>>(hashNumberBits+weightBits)], graph.MakeID(graph.IDLiteral, literal), graph.ID(k & (1<<weightBits - 1))}
		}
		if err := rows(out[:n]); err != nil {
			return err
		}
		keys = keys[n:]
	}
	if err := words(wordEntries(r.lexicon.Words())); err != nil {
		return err
	}
	r.keys = r.keys[:0]
	if r.lexicon.Len() >= textRunWords {
		r.lexicon = text.NewLexicon()
	}
	return nil
}

// hashes returns the hashes of the words, sorted, and the place of each word's
// among them by number.
func (r *textRun) hashes() (sorted []graph.ID, ranks []uint32) {
	all := r.lexicon.Words()
	hashes := make([]graph.ID, len(all))
	for i, w := range all {
		hashes[i] = wordHash(r.seed, w.Key)
	}
	sorted = slices.Clone(hashes)
	slices.Sort(sorted)
	sorted = slices.Compact(sorted)
	ranks = make([]uint32, len(all))
	for i, h := range hashes {
		n, _ := slices.BinarySearch(sorted, h)
		ranks[i] = uint32(n)
	}
	return sorted, ranks
}

// wordEntries returns what the list of words has of some words.
func wordEntries(words []*text.Word) []string {
	var list []string
	for _, w := range words {
		if !w.Stop {
			list = append(list, wordEntry(letterForm, w.Language, w.Form, w.Stem), wordEntry(letterStem, w.Language, w.Stem, w.Form))
		}
	}
	slices.Sort(list)
	return list
}

// indexText writes the postings of the literals beyond the mark where there are
// more than so many. If that fails nothing of the group can be kept.
func (w *work) indexText(atMost uint64) error {
	if w.terms.counts[graph.IDLiteral]-w.indexed <= atMost {
		return nil
	}
	if w.textFailed == nil {
		w.textFailed = w.indexAll()
	}
	return w.textFailed
}

func (w *work) indexAll() error {
	r := newTextRun(w.state.seed)
	r.languages = w.languages
	for w.indexed < w.terms.counts[graph.IDLiteral] {
		for !r.full() && w.indexed < w.terms.counts[graph.IDLiteral] {
			w.indexed++
			t, err := w.literal(w.indexed)
			if err != nil {
				return err
			}
			if language, ok := text.IsText(t); ok {
				r.add(w.indexed, language, t.Value())
			}
		}
		if err := w.writeText(r); err != nil {
			return err
		}
	}
	return w.bucket(bucketState).Put(keyText, w.textState.append(nil))
}

// writeText adds what was gathered to the postings and the list of words.
func (w *work) writeText(r *textRun) error {
	changes := make([]change, 0, len(r.keys))
	return r.drain(func(rows []row) error {
		for _, posting := range rows {
			changes = append(changes, change{posting, true})
		}
		return nil
	}, func(words []string) error {
		effective, err := w.indexes[indexText].apply(changes, nil)
		if err != nil {
			return err
		}
		w.rows += uint64(len(effective))
		w.indexes[indexText].filled = w.rows > 0
		added, err := w.addWords(words)
		w.words += added
		return err
	})
}

// verifyText compares postings and words with what the literals say.
func (v *verifier) verifyText() error {
	want, err := v.readText()
	if err != nil {
		return err
	}
	var got rowSet
	if err := v.index(indexText, func(r row) error { got.add(r); return nil }); err != nil {
		return err
	}
	if got != want.postings || got.rows != v.rows {
		return v.wrong(bucketNames[indexText], "%d postings, the literals have %d", got.rows, want.postings.rows)
	}
	found := 0
	if err := v.verifyWords(func(entry string) error {
		if found++; !want.entries[entry] {
			return v.wrong("words", "%q is in no literal", entry)
		}
		return nil
	}); err != nil {
		return err
	}
	if found != len(want.entries) {
		return v.wrong("words", "%d entries, the literals have %d", found, len(want.entries))
	}
	if !maps.Equal(v.languages, want.languages) {
		return v.wrong("text", "totals are %v, not %v", v.languages, want.languages)
	}
	return nil
}

// textContent is what the literals up to the mark say.
type textContent struct {
	postings  rowSet
	entries   map[string]bool
	languages map[string]text.Totals
}

// readText reads the literals up to the mark.
func (v *verifier) readText() (*textContent, error) {
	r := newTextRun(v.state.seed)
	c := &textContent{entries: map[string]bool{}, languages: r.languages}
	for n := uint64(1); n <= v.indexed; n++ {
		t, err := v.literal(n)
		if err == nil && n%blockTerms == 0 {
			err = v.ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		if language, ok := text.IsText(t); ok {
			r.add(n, language, t.Value())
		}
		if r.full() {
			if err := c.take(r); err != nil {
				return nil, err
			}
		}
	}
	return c, c.take(r)
}

func (c *textContent) take(r *textRun) error {
	return r.drain(func(list []row) error {
		for _, posting := range list {
			c.postings.add(posting)
		}
		return nil
	}, func(words []string) error {
		for _, e := range words {
			c.entries[e] = true
		}
		return nil
	})
}

// addText gives a file that was made before there was full-text search its
// postings.
func (f *file) addText() error {
	has := false
	if err := f.db.View(func(tx *bolt.Tx) error {
		has = tx.Bucket([]byte(bucketNames[bucketState])).Get(keyText) != nil
		return nil
	}); has || err != nil {
		return err
	}
	return f.db.Update(func(tx *bolt.Tx) error {
		for _, n := range []int{indexText, bucketWords} {
			name := []byte(bucketNames[n])
			if tx.Bucket(name) != nil { // damage has hidden what there is
				if err := tx.DeleteBucket(name); err != nil {
					return err
				}
			}
			if _, err := tx.CreateBucket(name); err != nil {
				return err
			}
		}
		q, err := readQualifiers(tx)
		if err != nil {
			return err
		}
		f.qualifiers.Store(q)
		v, err := f.view(tx)
		if err != nil {
			return err
		}
		return newWork(v).indexAll()
	})
}
