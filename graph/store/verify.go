package store

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"

	"github.com/zeebo/xxh3"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

// Verified is what a Verify has looked at.
type Verified struct {
	Version      uint64
	Quads, Terms int64
}

// Verify reads the newest version as a whole and proves that it makes sense:
// checksums are right, all permutations hold the same quads in order,
// every ID resolves, every term is found by its hash and only once,
// statistics are those of the quads, postings those of the literals. The error is a *DamageError.
func (s *Store) Verify(ctx context.Context) (_ Verified, err error) {
	snap, err := s.open(ctx, noLimit)
	if err != nil {
		return Verified{}, err
	}
	defer snap.Close()
	v := &verifier{ctx: ctx, view: snap.view}
	err = guarded(v.run)
	terms := snap.state.counts[graph.IDBlank] + snap.state.counts[graph.IDIRI] + snap.state.counts[graph.IDLiteral]
	return Verified{Version: snap.Version(), Quads: int64(snap.state.quads), Terms: int64(terms)}, err
}

type verifier struct {
	ctx context.Context
	*view
	tally *tally
}

func (v *verifier) run() error {
	var first rowSet
	v.tally = newTally()
	typ, _, err := v.find(rdf.IRI(rdf.RDFType))
	if err != nil {
		return err
	}
	for o := graph.SPOG; o <= graph.GSPO; o++ {
		c := &collector{tally: newTally(), order: o, rdfType: typ}
		var set rowSet
		if err := v.index(int(o), func(r row) error {
			c.add(r)
			q := o.Quad(r)
			set.add(graph.SPOG.Key(q))
			return v.ids(r)
		}); err != nil {
			return err
		}
		c.endSubject()
		v.tally.merge(c.tally)
		if o == graph.SPOG {
			first = set
		}
		if set != first || set.rows != v.state.quads {
			return v.wrong(o.String(), "%d quads, others have %d", set.rows, v.state.quads)
		}
	}
	if err := v.dictionary(); err != nil {
		return err
	}
	if err := v.statistics(); err != nil {
		return err
	}
	if err := v.verifyText(); err != nil {
		return err
	}
	return v.beside()
}

func (v *verifier) wrong(where, format string, args ...any) error {
	return &DamageError{Where: where, Err: fmt.Errorf(format, args...)}
}

// rowSet is the number of rows and a sum of their hashes: equal for equal sets,
// in whatever order.
type rowSet struct {
	rows, lo, hi uint64
}

func (s *rowSet) add(r row) {
	var b [32]byte
	for i, id := range r {
		binary.LittleEndian.PutUint64(b[8*i:], uint64(id))
	}
	h := xxh3.Hash128(b[:])
	s.rows++
	s.lo += h.Lo
	s.hi += h.Hi
}

// index walks an index and checks order and links.
func (v *verifier) index(number int, each func(row) error) error {
	ix := &v.indexes[number]
	c := ix.cursor()
	var last, begun row // begun is the first row of the block before
	var rows []row
	any := false
	err := c.first()
	for ; err == nil && c.valid; err = c.next() {
		if err := v.ctx.Err(); err != nil {
			return err
		}
		rows = c.block.appendRows(rows[:0])
		repeats := 0
		for i, r := range rows {
			if any && compareRows(last, r) >= 0 {
				return ix.damaged(c.key, errors.New("rows are not in order"))
			}
			if i > 0 && sameTriple(last, r) {
				repeats++
			}
			if i == 0 && r != c.block.first {
				return ix.damaged(c.key, errors.New("the key is not the first row's"))
			}
			if i == 0 && any && sameTriple(last, r) && !sameTriple(begun, r) {
				return ix.damaged(c.key, errors.New("a triple is split"))
			}
			last, any = r, true
			if err := each(r); err != nil {
				return err
			}
		}
		begun = c.block.first
		if repeats != c.block.repeats {
			return ix.damaged(c.key, errors.New("wrong count of repeated triples"))
		}
	}
	if k, _ := c.bolt.Next(); err == nil && k != nil {
		return ix.damaged(k, errChain)
	}
	return err
}

// ids checks that every ID of a row names a term.
func (v *verifier) ids(r row) error {
	for _, id := range r {
		k := id.Kind()
		switch {
		case id == 0:
		case id.Inlined():
			if again, ok := graph.Inline(id.InlinedTerm()); !ok || again != id {
				return v.wrong("index", "ID %#x is no value", uint64(id))
			}
		case k < graph.IDBlank || k > graph.IDLiteral || id.Payload() == 0 || id.Payload() > v.state.counts[k]:
			return v.wrong("index", "ID %#x names no term", uint64(id))
		}
	}
	return nil
}

// dictionary checks every block, and that the index of hashes leads to every
// term and to nothing else.
func (v *verifier) dictionary() error {
	want, err := v.blocks()
	if err != nil {
		return err
	}
	got, err := v.hashes()
	if err != nil {
		return err
	}
	if want != got {
		return v.wrong("hashes", "%d terms, the dictionary has %d", got.rows, want.rows)
	}
	return nil
}

// blocks reads the dictionary and returns the rows that the index of hashes
// should have.
func (v *verifier) blocks() (want rowSet, err error) {
	for k := graph.IDBlank; k <= graph.IDLiteral; k++ {
		for block := uint64(0); block*blockTerms < v.state.counts[k]; block++ {
			b, err := v.terms.load(k, block)
			if err != nil {
				return want, err
			}
			n := min(blockTerms, v.state.counts[k]-block*blockTerms)
			if uint64(len(b.ends)) != n {
				return want, v.wrong("dictionary", "block %d of kind %d has %d terms, not %d", block, k, len(b.ends), n)
			}
			for i := range int(n) {
				text := b.term(i)
				t, err := v.terms.qualifiers.term(k, text)
				if err != nil {
					return want, err
				}
				if kindOf(t) != k {
					return want, v.wrong("dictionary", "%v is of another kind", t)
				}
				want.add(hashRow(termHash(v.state.seed, k, text), graph.MakeID(k, block*blockTerms+uint64(i)+1)))
			}
		}
	}
	return want, nil
}

// hashes reads the index of hashes: every row names a term, and no term has two.
func (v *verifier) hashes() (got rowSet, err error) {
	var last row
	var same []textTerm // terms of the current hash
	err = v.index(indexHashes, func(r row) error {
		got.add(r)
		text, ok, err := v.terms.text(r[1])
		if err != nil || !ok {
			return cmp.Or(err, v.wrong("hashes", "ID %#x names no term", uint64(r[1])))
		}
		if r[0] != last[0] {
			same = same[:0]
		}
		text.qualifier |= uint32(r[1].Kind()) << 28
		for _, other := range same {
			if other == text {
				return v.wrong("dictionary", "%q has two IDs", text.text)
			}
		}
		same, last = append(same, text), r
		return nil
	})
	return got, err
}

// statistics compares what is stored with what was counted.
func (v *verifier) statistics() error {
	if v.tally.totals != v.state.totals() {
		return v.wrong("statistics", "totals are %+v, not %+v", v.state.totals(), v.tally.totals)
	}
	want := map[string][]byte{}
	if err := v.tally.save(nil, func(key, value []byte) error {
		if value != nil {
			want[string(key)] = value
		}
		return nil
	}); err != nil {
		return err
	}
	if err := v.bucket(bucketStatistics).ForEach(func(k, value []byte) error {
		if !bytes.Equal(want[string(k)], value) {
			return v.wrong("statistics", "key %x is wrong", k)
		}
		delete(want, string(k))
		return nil
	}); err != nil {
		return err
	}
	for k := range maps.Keys(want) {
		return v.wrong("statistics", "key %x is missing", k)
	}
	return nil
}

// beside checks what is kept beside the quads.
func (v *verifier) beside() error {
	checks := map[int]byte{bucketQualifiers: checksumQualifiers, bucketLedger: checksumLedger,
		bucketHistory: checksumHistory, bucketArchive: checksumArchive}
	for bucket, number := range checks {
		if err := v.bucket(bucket).ForEach(func(k, value []byte) error {
			if err := v.ctx.Err(); err != nil {
				return err
			}
			if _, err := checked(number, k, value); err != nil {
				return &DamageError{Where: bucketNames[bucket], Err: err}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}
