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
	fresh    map[xxh3.Uint128]graph.ID // terms that the file does not have yet
	texts    [4][]freshTerm            // the same by kind, in the order of numbers
	lines    int                       // of the table of qualifiers that are in the file
	net      map[graph.Quad]bool       // what differs from the last commit: true added, false removed
	recorded bool                      // something beside the quads has changed
}

type freshTerm struct {
	textTerm
	hash xxh3.Uint128
}

func newWork(v *view) *work {
	return &work{view: v, fresh: map[xxh3.Uint128]graph.ID{}, net: map[graph.Quad]bool{}, lines: len(v.terms.qualifiers.lines)}
}

func (w *work) changed() bool { return len(w.net) > 0 || w.recorded }

func (w *work) version() uint64 {
	if len(w.net) > 0 {
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
	if id, ok := w.fresh[h]; ok {
		return id, nil
	}
	if id, ok, err := w.findText(k, text, h); ok || err != nil {
		return id, err
	}
	id := graph.MakeID(k, w.terms.counts[k]+uint64(len(w.texts[k]))+1)
	w.fresh[h] = id
	w.texts[k] = append(w.texts[k], freshTerm{text, h})
	return id, nil
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
	effective, err := w.indexes[graph.SPOG].apply(changes[:n], nil)
	if err != nil {
		return nil, err
	}
	permuted := make([]change, len(effective))
	for o := graph.PSOG; o <= graph.GSPO; o++ {
		for i, ch := range effective {
			permuted[i] = change{o.Key(graph.SPOG.Quad(ch.row)), ch.add}
		}
		slices.SortFunc(permuted, compareChanges)
		if _, err := w.indexes[o].apply(permuted, nil); err != nil {
			return nil, err
		}
	}
	for _, ch := range effective {
		w.note(graph.SPOG.Quad(ch.row), ch.add)
	}
	for o := range w.indexes[:orders] {
		w.indexes[o].filled = w.state.quads > 0
	}
	return effective, nil
}

// note keeps the net change and the number of quads.
func (w *work) note(q graph.Quad, added bool) {
	if added {
		w.state.quads++
	} else {
		w.state.quads--
	}
	if _, ok := w.net[q]; ok {
		delete(w.net, q) // the opposite change was there: nothing is left of both
	} else {
		w.net[q] = added
	}
}

func compareChanges(a, b change) int { return compareRows(a.row, b.row) }

// save writes what all writers of the group share.
func (w *work) save() error {
	s := w.state
	s.version = w.version()
	s.counts = w.terms.counts
	return w.bucket(bucketState).Put(keyState, s.append(nil))
}
