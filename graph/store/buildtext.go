package store

import (
	"bufio"
	"encoding/binary"
	"io"
	"strings"
	"sync"

	"qlgraph/graph"
	"qlgraph/graph/text"
)

// textRuns is the postings and words of a bulk load as sorted runs.
type textRuns struct {
	spool *spool

	mu        sync.Mutex // guards what follows
	postings  []section
	words     []section
	languages map[string]text.Totals
}

// textIndexer makes runs of the literals that one worker of a load sees.
type textIndexer struct {
	runs       *textRuns
	run        *textRun
	qualifiers *qualifiers
}

// add indexes a block of the dictionary.
func (x *textIndexer) add(p pendingTerms) error {
	if p.kind != graph.IDLiteral {
		return nil
	}
	for i, t := range p.terms {
		term, err := x.qualifiers.term(graph.IDLiteral, t)
		if err != nil {
			return err
		}
		if language, ok := text.IsText(term); ok {
			x.run.add(p.block*blockTerms+uint64(i)+1, language, term.Value())
		}
	}
	if x.run.full() {
		return x.flush()
	}
	return nil
}

func (x *textIndexer) flush() error {
	var b []byte
	return x.run.drain(func(rows []row) error {
		b = appendSpooled(b, rows)
		return nil
	}, func(words []string) error {
		postings, err := x.runs.spool.add(b)
		if err != nil {
			return err
		}
		b = b[:0]
		for _, w := range words {
			b = append(binary.AppendUvarint(b, uint64(len(w))), w...)
		}
		entries, err := x.runs.spool.add(b)
		x.runs.mu.Lock()
		defer x.runs.mu.Unlock()
		x.runs.postings = append(x.runs.postings, postings)
		x.runs.words = append(x.runs.words, entries)
		return err
	})
}

// finish hands over what the worker has counted.
func (x *textIndexer) finish() error {
	if err := x.flush(); err != nil {
		return err
	}
	x.runs.mu.Lock()
	defer x.runs.mu.Unlock()
	for language, t := range x.run.languages {
		sum := x.runs.languages[language]
		x.runs.languages[language] = text.Totals{Literals: sum.Literals + t.Literals, Words: sum.Words + t.Words}
	}
	return nil
}

// wordRun is a run of words while it is merged.
type wordRun struct {
	from *bufio.Reader
	word string
}

func (r *wordRun) next() (ok bool, err error) {
	n, err := binary.ReadUvarint(r.from)
	if err == io.EOF {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	b := make([]byte, n)
	_, err = io.ReadFull(r.from, b)
	r.word = string(b)
	return true, err
}

// writeWords merges the runs of words, of which there are few, into the list,
// and returns its length.
func (x *textRuns) writeWords(b *builder) (count uint64, err error) {
	var runs []*wordRun
	for _, at := range x.words {
		r := &wordRun{from: x.spool.open(at)}
		ok, err := r.next()
		if err != nil {
			return 0, err
		}
		if ok {
			runs = append(runs, r)
		}
	}
	if len(runs) == 0 {
		return 0, nil
	}
	entries := []string{wordsBegin}
	put := func(next string) error {
		block := &wordBlock{key: entries[0], next: next, entries: entries}
		count += uint64(len(entries))
		err := b.put(bucketWords, []byte(block.key), block.append(nil))
		entries = nil
		return err
	}
	for len(runs) > 0 {
		least := strings.Clone(runs[0].word)
		for _, r := range runs[1:] {
			least = min(least, r.word)
		}
		if len(entries) == wordsTarget {
			if err := put(least); err != nil {
				return 0, err
			}
		}
		entries = append(entries, least)
		rest := runs[:0]
		for _, r := range runs {
			ok := true
			if r.word == least {
				if ok, err = r.next(); err != nil {
					return 0, err
				}
			}
			if ok {
				rest = append(rest, r)
			}
		}
		runs = rest
	}
	return count, put("")
}
