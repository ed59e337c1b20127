package exec

import "qlgraph/graph"

// runReader reads the matches of a pattern run by run: a run is the rows that
// agree in the first so many components after those that the pattern binds.
type runReader struct {
	run    *run
	order  graph.Order
	merged bool
	cursor graph.Cursor
	lead   int  // components that are bound
	width  int  // components before the first that does not make a key
	along  bool // count the values of that one too

	chunk graph.Batch
	vals  [4][]graph.ID // chunk's columns in the order
	held  *batch
	at, n int
	size  int // rows to read at once

	key    [4]graph.ID // of the present run, behind what is bound
	rows   int64       // read of it
	values int64       // of the component behind the key, among these rows
	whole  bool        // it was read to its end
}

// readRuns opens a reader of runs by keys components. In the order o they follow
// what p binds.
func (r *run) readRuns(p graph.Pattern, o graph.Order, keys int, along bool) (*runReader, error) {
	cursor, err := r.snap.Scan(p, o)
	if err != nil {
		return nil, err
	}
	key, lead := o.Prefix(p)
	w := &runReader{
		run: r, order: o, merged: p.Graphs.Merged(), cursor: cursor, lead: lead, width: lead + keys, along: along, key: key,
		held: r.newBatch(4), size: shortChunk,
	}
	copy(w.vals[:], w.held.cols)
	return w, nil
}

// shortChunk rows are read after a jump; reads that are not followed by one get
// longer.
const shortChunk = 64

// next moves to the next run and reads it, or its beginning.
func (w *runReader) next() (bool, error) {
	if w.at == w.n {
		if err := w.fill(); err != nil || w.n == 0 {
			return false, err
		}
	}
	for i := w.lead; i < w.width; i++ {
		w.key[i] = w.vals[i][w.at]
	}
	w.rows, w.values, w.whole = 0, 0, true
	last := graph.ID(0)
	for {
		end := w.endOfRun()
		w.rows += int64(end - w.at)
		if w.along {
			w.values += transitions(last, w.vals[w.width][w.at:end])
			last = w.vals[w.width][end-1]
		}
		if w.at = end; end < w.n {
			return true, nil
		}
		if w.rows >= int64(w.size) {
			w.whole = false
			return true, w.jump()
		}
		if err := w.fill(); err != nil || w.n == 0 || !w.agrees(0) {
			return true, err
		}
	}
}

// endOfRun returns the first row of the chunk behind the run in which at is.
func (w *runReader) endOfRun() int {
	end := w.at + 1
	for end < w.n && w.agrees(end) {
		end++
	}
	return end
}

func (w *runReader) agrees(row int) bool {
	for i := w.width - 1; i >= w.lead; i-- {
		if w.vals[i][row] != w.key[i] {
			return false
		}
	}
	return true
}

// transitions counts the values of an ascending list that begins after last.
func transitions(last graph.ID, ids []graph.ID) (n int64) {
	for _, id := range ids {
		if id != last {
			n++
			last = id
		}
	}
	return n
}

// fill reads the next chunk.
func (w *runReader) fill() error {
	if err := w.run.check(); err != nil {
		return err
	}
	if w.n > 0 {
		w.size = min(2*w.size, batchSize)
	}
	for i, dst := range orderedColumns(&w.chunk, w.order) {
		*dst = nil
		if i >= w.lead && (i < w.width || w.along && i == w.width) {
			*dst = w.vals[i][:w.size]
		}
	}
	var err error
	w.at = 0
	w.n, err = w.cursor.Next(&w.chunk)
	return err
}

// jump moves the cursor past the run.
func (w *runReader) jump() error {
	w.at, w.n, w.size = 0, 0, shortChunk
	past := w.key
	for i := range past[w.width:] {
		past[w.width+i] = ^graph.ID(0) // greater than every term's
	}
	q := w.order.Quad(past)
	if w.merged {
		q.G = 0
	}
	return w.cursor.Seek(q)
}

func (w *runReader) close() {
	w.cursor.Close()
	w.run.release(w.held)
}
