package mem

import (
	"iter"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

// tx is a write transaction: the net changes against base, and for reading the
// version that they lead to, rebuilt after a change when somebody reads.
type tx struct {
	snapshot
	base    *version
	changes map[graph.Quad]bool // true adds, false removes
	stale   bool                // snapshot.version lacks some of changes

	recorded bool // snapshot.ledger is a copy that differs
}

func (t *tx) rebuild() {
	if t.stale {
		t.version = t.base.apply(t.base.number, t.changes)
		t.stale = false
	}
}

// set notes that q shall be there, or not, and tells whether that is a change.
func (t *tx) set(q graph.Quad, present bool) bool {
	if t.holds(q) == present {
		return false
	}
	t.stale = true
	if t.base.holds(q) == present {
		delete(t.changes, q)
	} else {
		t.changes[q] = present
	}
	return true
}

func (t *tx) holds(q graph.Quad) bool {
	if present, changed := t.changes[q]; changed {
		return present
	}
	return t.base.holds(q)
}

func (t *tx) Insert(quads ...rdf.Quad) error {
	if err := t.err(); err != nil {
		return err
	}
	for _, q := range quads {
		t.set(t.terms.quad(q), true)
	}
	return nil
}

func (t *tx) Delete(quads ...rdf.Quad) error {
	if err := t.err(); err != nil {
		return err
	}
	for _, q := range quads {
		if ids, known := t.known(q); known {
			t.set(ids, false)
		}
	}
	return nil
}

// known returns the IDs of q if all its terms have one.
func (t *tx) known(q rdf.Quad) (graph.Quad, bool) {
	var ids [4]graph.ID
	for i, term := range [4]rdf.Term{q.S, q.P, q.O, q.G} {
		id, ok := t.terms.lookup(term)
		if !ok {
			return graph.Quad{}, false
		}
		ids[i] = id
	}
	return graph.SPOG.Quad(ids), true
}

func (t *tx) Clear(g rdf.Term) error {
	if err := t.err(); err != nil {
		return err
	}
	if id, ok := t.terms.lookup(g); ok {
		t.keep(id, nil)
	}
	return nil
}

func (t *tx) Replace(g rdf.Term, quads iter.Seq2[rdf.Quad, error]) (graph.Change, error) {
	if err := t.err(); err != nil {
		return graph.Change{}, err
	}
	wanted := map[graph.Quad]bool{}
	for q, err := range quads {
		if err != nil {
			return graph.Change{}, err
		}
		wanted[t.terms.quad(q.In(g))] = true
	}
	change := graph.Change{Removed: t.keep(t.terms.add(g), wanted)}
	for q := range wanted {
		if t.set(q, true) {
			change.Added++
		}
	}
	return change, nil
}

// keep removes the quads of the graph g that are not wanted, and counts them.
func (t *tx) keep(g graph.ID, wanted map[graph.Quad]bool) (removed int64) {
	t.rebuild()
	for _, q := range t.version.run(graph.Pattern{Graphs: graph.OneGraph(g)}, graph.GSPO) {
		if !wanted[q] {
			t.set(q, false)
			removed++
		}
	}
	return removed
}
