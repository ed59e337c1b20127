package store

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"fmt"

	"golang.org/x/sync/errgroup"

	"qlgraph/graph"
	"qlgraph/graph/text"
)

// termRun is a chunk's sorted terms while they are merged.
type termRun struct {
	from *bufio.Reader
	text bytes.Buffer
	term spooledTerm
	ids  []byte // of the run's terms so far, little-endian
	at   *chunk
}

func (r *termRun) next() (ok bool, err error) {
	r.term, ok, err = readSpooledTerm(r.from, &r.text)
	return ok, err
}

// termMerge merges the terms of all chunks, numbers them and writes the
// dictionary.
type termMerge struct {
	load   *load
	hashes *hashRuns
	seed   uint64
	runs   []*termRun // a heap by term
	counts [4]uint64
	out    chan<- pendingTerms
	batch  pendingTerms
}

// pendingTerms is a dictionary block to be compressed.
type pendingTerms struct {
	kind  graph.IDKind
	block uint64
	terms []textTerm
	value chan []byte
}

// termsAhead is how many blocks may be compressed ahead of what is written.
const termsAhead = 256

// writeTerms numbers the terms of all chunks, writes the dictionary and gathers
// the words of texts.
func (l *load) writeTerms(ctx context.Context, b *builder, c *codec, st *state) (*hashRuns, *textRuns, error) {
	hashes := &hashRuns{spool: l.termSpool}
	texts := &textRuns{spool: l.termSpool, languages: map[string]text.Totals{}}
	work, ctx := errgroup.WithContext(ctx)
	toCompress, toWrite := make(chan pendingTerms, termsAhead), make(chan pendingTerms, termsAhead)
	numbered := make(chan pendingTerms)
	m := &termMerge{load: l, hashes: hashes, seed: st.seed, out: numbered}
	work.Go(func() error {
		defer close(numbered)
		return m.run(ctx)
	})
	work.Go(func() error { // hands each block to a compressor and, in order, to the writer
		defer close(toCompress)
		defer close(toWrite)
		for p := range numbered {
			p.value = make(chan []byte, 1)
			toCompress <- p
			toWrite <- p
		}
		return nil
	})
	for range l.options.Workers {
		work.Go(func() (err error) {
			x := &textIndexer{texts, newTextRun(st.seed), l.qualifiers}
			for p := range toCompress {
				p.value <- c.appendTerms(nil, p.kind, p.block, p.terms)
				if err == nil { // after an error the others still wait for blocks
					err = x.add(p)
				}
			}
			return cmp.Or(err, x.finish())
		})
	}
	work.Go(func() error {
		var err error
		written := int64(0)
		for p := range toWrite {
			value := <-p.value
			if err == nil { // after an error the others must still get rid of theirs
				err = b.put(bucketTerms, termsKey(p.kind, p.block), value)
			}
			written += int64(len(p.terms))
			l.report(StageTerms, written, 0)
		}
		return err
	})
	if err := work.Wait(); err != nil {
		return nil, nil, err
	}
	st.counts = m.counts
	return hashes, texts, hashes.flush()
}

func (m *termMerge) run(ctx context.Context) error {
	for i := range m.load.chunks {
		c := &m.load.chunks[i]
		r := &termRun{from: m.load.termSpool.open(c.terms), ids: make([]byte, 0, 8*c.termCount), at: c}
		ok, err := r.next()
		if err != nil {
			return err
		}
		if ok {
			m.runs = append(m.runs, r)
		}
	}
	for i := len(m.runs)/2 - 1; i >= 0; i-- {
		m.down(i)
	}
	for n := 0; len(m.runs) > 0; n++ {
		if n%reportQuads == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := m.take(); err != nil {
			return err
		}
	}
	return m.send(0)
}

// take numbers the least term and gives its ID to every run that has it.
func (m *termMerge) take() error {
	t := m.runs[0].term
	if m.batch.kind != t.kind {
		if err := m.begin(t.kind); err != nil {
			return err
		}
	}
	id, ok := graph.ID(0), false
	if t.kind == graph.IDIRI {
		id, ok = m.load.ids[t.text]
	}
	if !ok {
		var err error
		if id, err = m.number(t); err != nil {
			return err
		}
	}
	for len(m.runs) > 0 && compareTerms(m.runs[0].term, t) == 0 {
		r := m.runs[0]
		r.ids = binary.LittleEndian.AppendUint64(r.ids, uint64(id))
		ok, err := r.next()
		if err != nil {
			return fmt.Errorf("store: reading a temporary file: %w", err)
		}
		if !ok {
			if r.at.ids, err = m.load.idSpool.add(r.ids); err != nil {
				return err
			}
			m.runs[0] = m.runs[len(m.runs)-1]
			m.runs = m.runs[:len(m.runs)-1]
		}
		m.down(0)
	}
	return nil
}

// begin starts the numbers of a kind; those of IRIs with the hot ones.
func (m *termMerge) begin(k graph.IDKind) error {
	if err := m.send(k); err != nil || k != graph.IDIRI {
		return err
	}
	for _, text := range m.load.hot.sorted() {
		id, err := m.number(spooledTerm{k, textTerm{text: text}})
		if err != nil {
			return err
		}
		m.load.ids[text] = id
	}
	return nil
}

// number gives t the next number of its kind and puts it into the dictionary.
func (m *termMerge) number(t spooledTerm) (graph.ID, error) {
	if len(m.batch.terms) == blockTerms {
		if err := m.send(t.kind); err != nil {
			return 0, err
		}
	}
	m.counts[t.kind]++
	id := graph.MakeID(t.kind, m.counts[t.kind])
	if id.Payload() >= 1<<hashNumberBits {
		return 0, fmt.Errorf("store: more than %d terms of one kind", 1<<hashNumberBits)
	}
	m.batch.terms = append(m.batch.terms, t.textTerm)
	h := termHash(m.seed, t.kind, t.textTerm)
	return id, m.hashes.add(h.Hi>>(64-hashBits), id)
}

// send hands the block on and begins the next, of the kind k.
func (m *termMerge) send(k graph.IDKind) error {
	if len(m.batch.terms) > 0 {
		m.out <- m.batch
	}
	m.batch = pendingTerms{kind: k, block: m.counts[k] / blockTerms, terms: make([]textTerm, 0, blockTerms)}
	return nil
}

func (m *termMerge) down(i int) {
	for {
		child := 2*i + 1
		if child >= len(m.runs) {
			return
		}
		if child+1 < len(m.runs) && compareTerms(m.runs[child+1].term, m.runs[child].term) < 0 {
			child++
		}
		if compareTerms(m.runs[i].term, m.runs[child].term) <= 0 {
			return
		}
		m.runs[i], m.runs[child] = m.runs[child], m.runs[i]
		i = child
	}
}
