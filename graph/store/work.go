package store

import (
	"encoding/binary"
	"slices"

	"github.com/zeebo/xxh3"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

// work is what the writers of a group have done to the file so far.
type work struct {
	*view
	fresh      map[xxh3.Uint128]graph.ID // terms that the file does not have yet
	texts      [4][]freshTerm            // the same by kind, in the order of numbers
	lines      int                       // of the table of qualifiers that are in the file
	net        xxh3.Uint128              // of the quads that differ from the last commit, the hashes of all together
	recorded   bool                      // something beside the quads has changed
	textFailed error                     // why postings are not as they should be
}

// maxFresh bounds the memory of terms that wait, some 200 bytes each.
const maxFresh = 1 << 18

type freshTerm struct {
	textTerm
	hash xxh3.Uint128
}

func newWork(v *view) *work {
	return &work{view: v, fresh: map[xxh3.Uint128]graph.ID{}, lines: len(v.terms.qualifiers.lines)}
}

func (w *work) changed() bool { return w.net != (xxh3.Uint128{}) || w.recorded }

func (w *work) version() uint64 {
	if w.net != (xxh3.Uint128{}) {
		return w.state.version + 1
	}
	return w.state.version
}

// id returns the ID of t, a new one where the dictionary does not know it.
func (w *work) id(t rdf.Term) (graph.ID, error) {
	if t.IsZero() {
		return 0, nil
	}
	if id, ok := graph.Inline(t); ok {
		return id, nil
	}
	k := kindOf(t)
	text, ok := w.terms.qualifiers.textOf(t)
	if !ok {
		if w.lines == len(w.terms.qualifiers.lines) {
			w.terms.qualifiers = w.terms.qualifiers.clone()
		}
		w.terms.qualifiers.add(qualifierOf(t))
		text, _ = w.terms.qualifiers.textOf(t)
	}
	h := termHash(w.state.seed, k, text)
	if len(w.fresh) > 0 {
		if id, ok := w.fresh[h]; ok {
			return id, nil
		}
	}
	if id, ok, err := w.findText(k, text, h); ok || err != nil {
		return id, err
	}
	if len(w.fresh) >= maxFresh {
		if err := w.writeTerms(); err != nil {
			return 0, err
		}
	}
	id := graph.MakeID(k, w.terms.counts[k]+uint64(len(w.texts[k]))+1)
	w.fresh[h] = id
	w.texts[k] = append(w.texts[k], freshTerm{text, h})
	return id, nil
}

// known returns the ID of t if it has one, in the file or since.
func (w *work) known(t rdf.Term) (graph.ID, bool, error) {
	if id, ok, err := w.lookup(t); ok || err != nil || t.IsZero() {
		return id, ok, err
	}
	text, ok := w.terms.qualifiers.textOf(t)
	if !ok {
		return 0, false, nil
	}
	id, ok := w.fresh[termHash(w.state.seed, kindOf(t), text)]
	return id, ok, nil
}

// writeTerms adds the fresh terms to the dictionary.
func (w *work) writeTerms() error {
	if len(w.fresh) == 0 {
		return nil
	}
	for i := w.lines; i < len(w.terms.qualifiers.lines); i++ {
		key := binary.BigEndian.AppendUint32(nil, uint32(i))
		value := appendChecksum([]byte(w.terms.qualifiers.lines[i]), 0, checksumQualifiers, key)
		if err := w.bucket(bucketQualifiers).Put(key, value); err != nil {
			return err
		}
	}
	w.lines = len(w.terms.qualifiers.lines)
	var hashes []change
	for k := graph.IDBlank; k <= graph.IDLiteral; k++ {
		for i, t := range w.texts[k] {
			hashes = append(hashes, change{hashRow(t.hash, graph.MakeID(k, w.terms.counts[k]+uint64(i)+1)), true})
		}
		if err := w.appendTerms(k, w.texts[k]); err != nil {
			return err
		}
		w.terms.counts[k] += uint64(len(w.texts[k]))
		w.texts[k] = nil
	}
	slices.SortFunc(hashes, compareChanges)
	if _, err := w.indexes[indexHashes].apply(hashes, nil); err != nil {
		return err
	}
	w.indexes[indexHashes].filled = true
	clear(w.fresh)
	return nil
}

// appendTerms writes dictionary blocks for terms that follow the last one of
// the kind, whose block is filled up first.
func (w *work) appendTerms(k graph.IDKind, fresh []freshTerm) error {
	block, filled := w.terms.counts[k]/blockTerms, int(w.terms.counts[k]%blockTerms)
	for len(fresh) > 0 {
		var terms []textTerm
		if filled > 0 {
			old, err := w.terms.load(k, block)
			if err != nil {
				return err
			}
			for i := range filled {
				terms = append(terms, old.term(i))
			}
			filled = 0
		}
		n := min(blockTerms-len(terms), len(fresh))
		for _, t := range fresh[:n] {
			terms = append(terms, t.textTerm)
		}
		if err := w.bucket(bucketTerms).Put(termsKey(k, block), w.file.codec.appendTerms(nil, k, block, terms)); err != nil {
			return err
		}
		fresh = fresh[n:]
		block++
	}
	return nil
}

// writeQuads carries out changes given as rows of SPOG, of which the last one
// of a row counts, and returns those that changed something.
func (w *work) writeQuads(changes []change) ([]change, error) {
	slices.SortStableFunc(changes, compareChanges)
	n := 0
	for i, ch := range changes {
		if i+1 < len(changes) && changes[i+1].row == ch.row {
			continue
		}
		changes[n] = ch
		n++
	}
	changes = changes[:n]
	rdfType, _, err := w.find(rdf.IRI(rdf.RDFType))
	if err != nil {
		return nil, err
	}
	sets, err := w.subjectSets(changes)
	if err != nil {
		return nil, err
	}
	t := newTally()
	effective, err := w.indexes[graph.SPOG].apply(changes, t.observer(graph.SPOG, rdfType))
	if err != nil || len(effective) == 0 {
		return nil, err
	}
	permuted := make([]change, len(effective))
	for o := graph.PSOG; o <= graph.GSPO; o++ {
		for i, ch := range effective {
			permuted[i] = change{o.Key(graph.SPOG.Quad(ch.row)), ch.add}
		}
		slices.SortFunc(permuted, compareChanges)
		if _, err := w.indexes[o].apply(permuted, t.observer(o, rdfType)); err != nil {
			return nil, err
		}
	}
	w.noteSets(t, sets, effective)
	for _, ch := range effective {
		n := int64(1)
		if !ch.add {
			n = -1
		}
		t.quad(graph.SPOG.Quad(ch.row), rdfType, n)
		w.note(ch.row)
	}
	w.state.add(t.totals)
	for o := range w.indexes[:orders] {
		w.indexes[o].filled = w.state.quads > 0
	}
	return effective, t.save(w.view, func(key, value []byte) error {
		if value == nil {
			return w.bucket(bucketStatistics).Delete(key)
		}
		return w.bucket(bucketStatistics).Put(key, value)
	})
}

// subjectSet is the predicates that a subject has.
type subjectSet struct {
	subject graph.ID
	before  []graph.Count
}

// subjectSets returns what the subjects of the changes, sorted, have before
// them.
func (w *work) subjectSets(changes []change) (sets []subjectSet, err error) {
	c := w.indexes[graph.SPOG].cursor()
	for i, ch := range changes {
		if i > 0 && ch.row[0] == changes[i-1].row[0] {
			continue
		}
		set := subjectSet{subject: ch.row[0]}
		if set.before, err = w.predicatesOf(&c, ch.row[0]); err != nil {
			return nil, err
		}
		sets = append(sets, set)
	}
	return sets, nil
}

// predicatesOf counts the quads of a subject by predicate.
func (w *work) predicatesOf(c *blockCursor, subject graph.ID) (counts []graph.Count, err error) {
	prefix := prefixKey(row{subject}, 1)
	var subjects, predicates [maxRows]graph.ID
	for err = c.seek(prefix); err == nil && c.valid && c.block.first[0] <= subject; err = c.next() {
		c.block.column(0, &subjects)
		n, found := slices.BinarySearch(subjects[:c.block.rows], subject)
		if !found {
			continue
		}
		c.block.column(1, &predicates)
		for ; n < c.block.rows && subjects[n] == subject; n++ {
			if k := len(counts); k > 0 && counts[k-1].ID == predicates[n] {
				counts[k-1].N++
			} else {
				counts = append(counts, graph.Count{ID: predicates[n], N: 1})
			}
		}
	}
	return counts, err
}

// noteSets moves the subjects of the changes, sorted, from the characteristic
// sets that they had to those that they have now.
func (w *work) noteSets(t *tally, sets []subjectSet, effective []change) {
	for _, set := range sets {
		changes := map[graph.ID]int64{}
		for len(effective) > 0 && effective[0].row[0] == set.subject {
			if effective[0].add {
				changes[effective[0].row[1]]++
			} else {
				changes[effective[0].row[1]]--
			}
			effective = effective[1:]
		}
		if len(changes) > 0 {
			t.addSet(set.before, -1)
			t.addSet(addCounts(slices.Clone(set.before), changes), 1)
		}
	}
}

// note enters a change of a quad, or takes back the opposite one. The seed is
// the file's secret, so nobody can choose quads whose hashes cancel out.
func (w *work) note(spog row) {
	var b [32]byte
	for i, id := range spog {
		binary.LittleEndian.PutUint64(b[8*i:], uint64(id))
	}
	h := xxh3.Hash128Seed(b[:], w.state.seed)
	w.net.Hi ^= h.Hi
	w.net.Lo ^= h.Lo
}

func compareChanges(a, b change) int { return compareRows(a.row, b.row) }

// save writes what all writers of the group share.
func (w *work) save() error {
	s := w.state
	s.version = w.version()
	s.counts = w.terms.counts
	if err := w.indexText(w.file.maxTail); err != nil {
		return err
	}
	return w.bucket(bucketState).Put(keyState, s.append(nil))
}
