package exec

import "qlgraph/graph"

// batchSize is the largest number of rows that operators exchange at once: the
// cursor's, so that a scan hands on what it read.
const batchSize = graph.BatchSize

// batch is rows column by column. All columns have room for batchSize rows, of
// which n are in use; a zero ID is an unbound variable.
type batch struct {
	cols [][]graph.ID
	n    int
}

// newBatch returns a batch with the given number of columns, from those that
// were freed where possible.
func (r *run) newBatch(width int) *batch {
	b := &batch{cols: make([][]graph.ID, width)}
	for i := range b.cols {
		if last := len(r.free) - 1; last >= 0 {
			b.cols[i] = r.free[last]
			r.free = r.free[:last]
		} else {
			b.cols[i] = make([]graph.ID, batchSize)
		}
	}
	return b
}

// release takes back the columns of b, which must not be used any more.
func (r *run) release(b *batch) {
	if b != nil {
		r.free = append(r.free, b.cols...)
	}
}

// gather copies the rows sel of src to dst from row at on.
func gather(dst []graph.ID, at int, src []graph.ID, sel []int32) {
	dst = dst[at : at+len(sel)]
	for i, row := range sel {
		dst[i] = src[row]
	}
}

// rows is a growing table that an operator holds.
type rows struct {
	cols [][]graph.ID
	n    int
}

func newRows(width int) *rows { return &rows{cols: make([][]graph.ID, width)} }

// add appends all rows of b, column map[i] of it to column i, and charges them.
func (t *rows) add(r *run, b *batch, columns []int) error {
	if err := r.mem.charge(int64(8 * b.n * len(columns))); err != nil {
		return err
	}
	for i, c := range columns {
		t.cols[i] = append(t.cols[i], b.cols[c][:b.n]...)
	}
	t.n += b.n
	return nil
}

// bytes is what add charged.
func (t *rows) bytes() int64 { return int64(8 * t.n * len(t.cols)) }
