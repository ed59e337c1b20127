package store

import (
	"context"
	"iter"
	"runtime/debug"
	"slices"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

// Tx is a write transaction; see graph.Tx. Its changes wait in memory until
// they are read or the transaction ends.
type Tx struct {
	Snapshot
	work     *work
	pending  []change // rows of SPOG, in the order in which they were asked for
	done     []change // rows of SPOG that have been changed in the file
	recent   recent
	replaced []replaced
}

// recent remembers the IDs of some terms, since terms recur in the quads of a
// document: a slot's last one, by the end of its text.
type recent [256]known

type known struct {
	term rdf.Term
	id   graph.ID
}

// slot returns the place of t, which may hold another term.
func (r *recent) slot(t rdf.Term) *known {
	s := t.Value()
	h := uint64(len(s))
	for _, c := range []byte(s[max(0, len(s)-8):]) {
		h = h*0x9E3779B97F4A7C15 + uint64(c)
	}
	return &r[h>>56]
}

// maxPending bounds the memory of changes that wait, 40 bytes each.
const maxPending = 1 << 19

func newTx(ctx context.Context, w *work) *Tx {
	tx := &Tx{Snapshot: Snapshot{view: w.view, ctx: ctx}, work: w}
	tx.flush = func() error { return tx.guard(tx.write) }
	tx.end = func(why error) {
		tx.mu.Lock()
		defer tx.mu.Unlock()
		if tx.over == nil {
			tx.over = why
		}
	}
	return tx
}

// write carries out the changes that wait.
func (tx *Tx) write() error {
	if len(tx.pending) == 0 {
		return nil
	}
	if err := tx.work.writeTerms(); err != nil {
		return err
	}
	effective, err := tx.work.writeQuads(tx.pending)
	tx.pending = tx.pending[:0]
	tx.done = append(tx.done, effective...)
	tx.generation++
	return err
}

// undo takes back what the transaction has changed in the file.
func (tx *Tx) undo() error {
	for _, r := range slices.Backward(tx.replaced) {
		if err := tx.work.put(r.bucket, r.key, r.old); err != nil {
			return err
		}
	}
	tx.pending = tx.pending[:0]
	for _, ch := range slices.Backward(tx.done) {
		tx.pending = append(tx.pending, change{ch.row, !ch.add})
	}
	if len(tx.pending) == 0 {
		return nil
	}
	_, err := tx.work.writeQuads(tx.pending)
	return err
}

// guard runs fn as a read of the snapshot is run: damage becomes an error.
func (tx *Tx) guard(fn func() error) (err error) {
	if err := tx.enter(); err != nil {
		return err
	}
	defer tx.finish(debug.SetPanicOnFault(true), &err)
	return fn()
}

// Insert implements graph.Tx.
func (tx *Tx) Insert(quads ...rdf.Quad) error {
	return tx.guard(func() error {
		for _, q := range quads {
			r, err := tx.row(graph.SPOG, q)
			if err != nil {
				return err
			}
			if err := tx.change(r, true); err != nil {
				return err
			}
		}
		return nil
	})
}

func (tx *Tx) change(r row, add bool) error {
	tx.pending = append(tx.pending, change{r, add})
	if len(tx.pending) >= maxPending {
		return tx.write()
	}
	return nil
}

// row returns q as a row of the order o; its terms get IDs if they have none.
func (tx *Tx) row(o graph.Order, q rdf.Quad) (row, error) {
	var ids [4]graph.ID
	for i, t := range [4]rdf.Term{q.S, q.P, q.O, q.G} {
		slot := tx.recent.slot(t)
		if t != slot.term {
			id, err := tx.work.id(t)
			if err != nil {
				return row{}, err
			}
			*slot = known{t, id}
		}
		ids[i] = slot.id
	}
	return o.Key(graph.SPOG.Quad(ids)), nil
}

// Delete implements graph.Tx.
func (tx *Tx) Delete(quads ...rdf.Quad) error {
	return tx.guard(func() error {
		for _, q := range quads {
			r, ok, err := tx.known(q)
			if err != nil {
				return err
			}
			if ok {
				if err := tx.change(r, false); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// known returns q as a row of SPOG if all its terms have IDs.
func (tx *Tx) known(q rdf.Quad) (r row, ok bool, err error) {
	for i, t := range [4]rdf.Term{q.S, q.P, q.O, q.G} {
		if r[i], ok, err = tx.work.known(t); err != nil || !ok && !t.IsZero() {
			return row{}, false, err
		}
	}
	return r, true, nil
}

// Clear implements graph.Tx.
func (tx *Tx) Clear(g rdf.Term) error {
	return tx.guard(func() error {
		if err := tx.write(); err != nil {
			return err
		}
		id, ok, err := tx.lookup(g)
		if err != nil || !ok && !g.IsZero() {
			return err
		}
		_, err = tx.difference(id, nil)
		return err
	})
}

// replaceAtOnce is how many quads of a Replace are looked up at a time.
const replaceAtOnce = 256

// Replace implements graph.Tx.
func (tx *Tx) Replace(g rdf.Term, quads iter.Seq2[rdf.Quad, error]) (c graph.Change, err error) {
	if err := tx.guard(tx.write); err != nil {
		return graph.Change{}, err
	}
	held, err := tx.heldBy(g)
	if err != nil {
		return graph.Change{}, err
	}
	wanted := make([]row, 0, held+held/8+64)
	few := make([]rdf.Quad, 0, replaceAtOnce)
	resolve := func() error {
		for _, q := range few {
			r, err := tx.row(graph.GSPO, q)
			if err != nil {
				return err
			}
			wanted = append(wanted, r)
		}
		few = few[:0]
		return nil
	}
	for q, err := range quads {
		if err != nil {
			return graph.Change{}, err
		}
		if few = append(few, q.In(g)); len(few) == cap(few) {
			if err := tx.guard(resolve); err != nil {
				return graph.Change{}, err
			}
		}
	}
	err = tx.guard(func() error {
		if err := resolve(); err != nil {
			return err
		}
		slices.SortFunc(wanted, compareRows)
		id, err := tx.work.id(g)
		if err != nil {
			return err
		}
		c, err = tx.difference(id, slices.Compact(wanted))
		return err
	})
	return c, err
}

// heldBy returns how many quads the graph g has.
func (tx *Tx) heldBy(g rdf.Term) (n int64, err error) {
	err = tx.guard(func() error {
		id, _, err := tx.lookup(g)
		if err != nil {
			return err
		}
		counts, err := tx.graphCounts(id)
		n = counts.Quads
		return err
	})
	return n, err
}

// difference makes the rows of GSPO that are wanted, sorted, the content of the
// graph g.
func (tx *Tx) difference(g graph.ID, wanted []row) (graph.Change, error) {
	var c graph.Change
	set := func(r row, add bool) {
		if add {
			c.Added++
		} else {
			c.Removed++
		}
		tx.pending = append(tx.pending, change{graph.SPOG.Key(graph.GSPO.Quad(r)), add})
	}
	cursor := newCursor(&tx.Snapshot, graph.Pattern{Graphs: graph.OneGraph(g)}, graph.GSPO)
	defer cursor.Close()
	b := graph.NewBatch()
	for {
		n, err := cursor.fill(b)
		if err != nil {
			return graph.Change{}, err
		}
		if n == 0 {
			break
		}
		for i := range n {
			held := row{b.G[i], b.S[i], b.P[i], b.O[i]}
			for len(wanted) > 0 && compareRows(wanted[0], held) < 0 {
				set(wanted[0], true)
				wanted = wanted[1:]
			}
			if len(wanted) > 0 && wanted[0] == held {
				wanted = wanted[1:]
				continue
			}
			set(held, false)
		}
	}
	for _, r := range wanted {
		set(r, true)
	}
	return c, nil
}
