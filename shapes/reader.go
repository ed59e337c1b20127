package shapes

import (
	"qlgraph/graph"
)

// column is the part of a quad that a scan collects.
type column uint8

const (
	subjectColumn column = iota
	objectColumn
	predicateColumn // of counts only
)

// scan appends to ids one column of the quads that match p, whose predicate is
// bound: a predicate that the snapshot does not hold matches nothing.
func (w *worker) scan(ids []graph.ID, p graph.Pattern, col column) []graph.ID {
	if p.P == 0 || w.err != nil || p.S.Kind() == graph.IDLocal || p.O.Kind() == graph.IDLocal {
		return ids
	}
	cursor, err := w.snap.Scan(p, graph.OrderFor(p))
	if err != nil {
		w.fail(err)
		return ids
	}
	defer cursor.Close()
	batch := graph.Batch{S: w.batch.S}
	if col == objectColumn {
		batch = graph.Batch{O: w.batch.O}
	}
	for {
		n, err := cursor.Next(&batch)
		if err != nil || n == 0 {
			w.fail(err)
			return ids
		}
		if col == subjectColumn {
			ids = append(ids, batch.S[:n]...)
		} else {
			ids = append(ids, batch.O[:n]...)
		}
	}
}

// load reads what the view says about n, once.
func (w *worker) load(n *focus) {
	if n.loaded || w.err != nil {
		return
	}
	n.loaded = true
	if w.kind(n.id) == 0 || n.id.IsLiteral() || n.id.Kind() == graph.IDLocal {
		return
	}
	cursor, err := w.snap.Scan(graph.Pattern{S: n.id, Graphs: w.view}, graph.SPOG)
	if err != nil {
		w.fail(err)
		return
	}
	defer cursor.Close()
	batch := graph.Batch{P: w.batch.P, O: w.batch.O}
	for {
		rows, err := cursor.Next(&batch)
		if err != nil || rows == 0 {
			w.fail(err)
			return
		}
		n.predicates = append(n.predicates, batch.P[:rows]...)
		n.values = append(n.values, batch.O[:rows]...)
	}
}

// reader reads nodes whose IDs grow from one call to the next with a single
// cursor, which is several times cheaper than opening one for each.
type reader struct {
	cursor graph.Cursor
	batch  graph.Batch
	rows   int // in the batch
	at     int // the next of them
	size   int // how many rows to ask for
	last   graph.ID
}

// Sizes of the reader's batches: small after a leap, where most of a large one
// would be read in vain, then growing while node follows node.
const (
	leapRows = 32
	maxRows  = graph.BatchSize
)

func (r *reader) close() {
	if r.cursor != nil {
		r.cursor.Close()
		r.cursor = nil
	}
}

// load reads what the view says about n.
func (r *reader) load(w *worker, n *focus) {
	n.loaded = true
	if n.id.IsLiteral() || n.id.Kind() == graph.IDLocal || w.err != nil {
		return
	}
	if r.cursor == nil || n.id <= r.last {
		if !r.open(w) {
			return
		}
	}
	r.last = n.id
	for r.at < r.rows && r.batch.S[r.at] < n.id {
		r.at++
	}
	if r.at == r.rows && !r.leap(w, n.id) {
		return
	}
	for {
		for ; r.at < r.rows; r.at++ {
			if r.batch.S[r.at] != n.id {
				return
			}
			n.predicates = append(n.predicates, r.batch.P[r.at])
			n.values = append(n.values, r.batch.O[r.at])
		}
		r.size = min(2*r.size, maxRows)
		if !r.fill(w) {
			return
		}
	}
}

func (r *reader) open(w *worker) bool {
	r.close()
	cursor, err := w.snap.Scan(graph.Pattern{Graphs: w.view}, graph.SPOG)
	if err != nil {
		w.fail(err)
		return false
	}
	r.cursor, r.rows, r.at, r.size = cursor, 0, 0, leapRows
	if r.batch.S == nil {
		r.batch = *graph.NewBatch()
	}
	return true
}

// leap moves the cursor to the first statement about id.
func (r *reader) leap(w *worker, id graph.ID) bool {
	if err := r.cursor.Seek(graph.Quad{S: id}); err != nil {
		w.fail(err)
		return false
	}
	r.size = leapRows
	return r.fill(w)
}

func (r *reader) fill(w *worker) bool {
	b := graph.Batch{S: r.batch.S[:r.size], P: r.batch.P[:r.size], O: r.batch.O[:r.size]}
	rows, err := r.cursor.Next(&b)
	w.fail(err)
	r.rows, r.at = rows, 0
	return err == nil && rows > 0
}
