package exec

import (
	"sort"

	"qlgraph/graph"
	"qlgraph/sparql/plan"
)

// seekJoin joins the rows of its input with a pattern by walking one index
// forward: for each distinct key of the input, in the index's order, it moves
// the cursor to the key. Input rows that come in that order make it a merge
// join, which reads each index block once; others are sorted batch by batch and
// cost at most a seek per distinct key. No row of the pattern is held beyond a
// chunk, so memory is constant.
type seekJoin struct {
	run  *run
	node *plan.SeekJoin
	in   *stage

	hasty bool    // see run.hasty
	parts [4]part // components in the order of the index
	lead  int     // leading components that are constants or input columns
	check []part  // input columns further back: compared row by row
	same  [][2]int
	kept  [][2]int // columns of the output that come from the input, and theirs
	free  []part
	only  int // the part that is the whole key, -1 where there are more or some are checked

	cursor graph.Cursor
	chunk  graph.Batch
	vals   [4][]graph.ID // chunk's columns in the order of the index
	size   int           // rows to read at once
	at, n  int           // position in and rows of the chunk
	used   int           // keys served from the chunk
	eof    bool

	cur     *batch // rows of the input
	held    *rows  // of several batches, where they are not sorted
	ended   bool   // the input has no more
	many    int    // how many rows to hold next
	row     int    // first row of the group with the present key
	end     int    // and the row after its last
	group   bool
	matched []bool
	lo, hi  int // matches in the chunk that are to be paired
	o, i    int // the next pair: row of the group, match
	last    [4]graph.ID
	started bool

	out     *batch
	selOut  []int32 // rows of cur that the output's rows come from
	selIn   []int32 // rows of chunk, -1 for none
	flushed int     // output rows whose columns are filled
	done    bool
}

// part says what a component of the pattern is.
type part struct {
	pos   int // its place in the index
	col   int // input column, or output column of a free one; -1: a constant
	outer bool
	id    graph.ID // of a constant
}

func newSeekJoin(r *run, n *plan.SeekJoin, in *stage) *seekJoin {
	j := &seekJoin{run: r, node: n, in: in, hasty: r.hasty, size: minChunk}
	j.many = int(min(n.Input.Output().Rows, firstHeld)) / 2
	for i, name := range n.Columns {
		if c := in.column(name); c >= 0 {
			j.kept = append(j.kept, [2]int{i, c})
		}
	}
	slots := n.Pattern.Slots()
	seen := map[string]int{}
	leading := true
	for i, c := range n.Order.Components() {
		slot := slots[c]
		p := part{pos: i, col: -1, id: slot.ID}
		if slot.Var == "" {
			// Without GRAPH ?g the graph is not looked at: the pattern chooses it.
			leading = leading && c != 3
		} else if col := in.column(slot.Var); col >= 0 {
			p.col, p.outer = col, true
			if !leading {
				j.check = append(j.check, p)
			}
		} else {
			leading = false
			if first, again := seen[slot.Var]; again {
				j.same = append(j.same, [2]int{first, i})
			} else {
				seen[slot.Var] = i
				p.col = indexOf(n.Columns, slot.Var)
				if p.col >= 0 {
					j.free = append(j.free, p)
				}
			}
		}
		if leading {
			j.lead = i + 1
		}
		j.parts[i] = p
	}
	j.only = j.onlyKey()
	return j
}

// minChunk rows are read after a seek; as long as they serve several keys the
// next read is longer.
const minChunk = 16

func (j *seekJoin) next() (*batch, error) {
	if j.done {
		return nil, nil
	}
	if j.out == nil {
		j.open()
	}
	j.selOut, j.selIn, j.flushed = j.selOut[:0], j.selIn[:0], 0
	for len(j.selOut) < batchSize && !j.done && !j.soon() {
		if err := j.step(); err != nil {
			return nil, err
		}
	}
	j.flush()
	j.out.n = len(j.selOut)
	if j.out.n == 0 {
		if !j.in.correlated { // else it will start again
			j.finish()
		}
		return nil, nil
	}
	return j.out, nil
}

// soon reports whether there is a row to return to somebody who may want no more
// before further rows of the input are read.
func (j *seekJoin) soon() bool {
	return j.hasty && len(j.selOut) > 0 && (j.cur == nil || j.row == j.cur.n)
}

func (j *seekJoin) open() {
	j.out = j.run.newBatch(len(j.node.Columns))
	b := j.run.newBatch(4)
	for i := range j.vals {
		j.vals[i] = b.cols[i]
	}
}

// step does one of: read input rows, find the matches of the next key, pair
// rows with matches.
func (j *seekJoin) step() error {
	switch {
	case j.cur == nil || j.row == j.cur.n:
		return j.fetch()
	case !j.group:
		if j.only >= 0 && j.merge() {
			return nil
		}
		return j.find()
	case j.lo < j.hi:
		j.pair()
		return nil
	}
	return j.more()
}

// fetch reads the next input rows and puts them in the order of their keys.
func (j *seekJoin) fetch() error {
	j.flush() // the old rows become invalid
	var b *batch
	if !j.ended {
		var err error
		if b, err = j.in.next(); err != nil {
			return err
		}
	}
	j.cur, j.row, j.group = b, 0, false
	if b == nil {
		j.done = true
		return nil
	}
	if !j.ascending() {
		if err := j.sort(b); err != nil {
			return err
		}
	}
	j.matched = append(j.matched[:0], make([]bool, j.cur.n)...)
	first := j.key(0)
	if j.started && compareKeys(&first, &j.last, j.lead) <= 0 {
		return j.back(&first)
	}
	return nil
}

// back makes the cursor able to reach key, which is behind it.
func (j *seekJoin) back(key *[4]graph.ID) error {
	if j.n > 0 && j.compareChunk(0, key) < 0 { // still in the chunk
		j.at = 0
		return nil
	}
	j.closeCursor()
	j.at, j.n, j.eof, j.started = 0, 0, false, false
	return nil
}

func (j *seekJoin) key(row int32) (k [4]graph.ID) {
	for i := range j.lead {
		if p := &j.parts[i]; p.outer {
			k[i] = j.cur.cols[p.col][row]
		} else {
			k[i] = p.id
		}
	}
	return k
}

func (j *seekJoin) compareRows(a, b int32) int {
	for i := range j.lead {
		if p := &j.parts[i]; p.outer {
			x, y := j.cur.cols[p.col][a], j.cur.cols[p.col][b]
			if x != y {
				if x < y {
					return -1
				}
				return 1
			}
		}
	}
	return 0
}

func compareKeys(a, b *[4]graph.ID, n int) int {
	for i := range n {
		if a[i] != b[i] {
			if a[i] < b[i] {
				return -1
			}
			return 1
		}
	}
	return 0
}

// compareChunk compares the leading components of row i of the chunk with key.
func (j *seekJoin) compareChunk(i int, key *[4]graph.ID) int {
	for c := range j.lead {
		if !j.parts[c].outer {
			continue
		}
		if v := j.vals[c][i]; v != key[c] {
			if v < key[c] {
				return -1
			}
			return 1
		}
	}
	return 0
}

// find moves to the matches of the key at row and delimits its group.
func (j *seekJoin) find() error {
	first := int32(j.row)
	key := j.key(first)
	j.end = j.row + 1
	for j.end < j.cur.n && j.compareRows(first, int32(j.end)) == 0 {
		j.end++
	}
	j.group, j.last, j.started = true, key, true
	j.seekChunk(&key)
	if j.at == j.n && !j.eof {
		if err := j.refill(&key); err != nil {
			return err
		}
		j.seekChunk(&key)
	}
	j.used++
	j.delimit(&key)
	return nil
}

// seekChunk moves at to the first row of the chunk that is not before key.
func (j *seekJoin) seekChunk(key *[4]graph.ID) {
	if j.at == j.n || j.compareChunk(j.at, key) >= 0 {
		return
	}
	step := 1 // gallop, since keys ascend
	for j.at+step < j.n && j.compareChunk(j.at+step, key) < 0 {
		j.at += step
		step *= 2
	}
	rest := min(step, j.n-j.at)
	j.at += sort.Search(rest, func(i int) bool { return j.compareChunk(j.at+i, key) >= 0 })
}

// delimit sets lo and hi to the matches of key from at on.
func (j *seekJoin) delimit(key *[4]graph.ID) {
	j.lo, j.hi = j.at, j.at
	for j.hi < j.n && j.compareChunk(j.hi, key) == 0 {
		j.hi++
	}
	j.at = j.hi
	j.o, j.i = j.row, j.lo
}

// more ends the group, or goes on with its matches in the next chunk.
func (j *seekJoin) more() error {
	semi := j.node.Kind == plan.SemiJoin || j.node.Kind == plan.AntiJoin
	if j.at == j.n && !j.eof && j.n > 0 && !(semi && j.allMatched()) {
		key := j.last
		if err := j.refill(nil); err != nil {
			return err
		}
		j.delimit(&key)
		if j.lo < j.hi {
			return nil
		}
	}
	return j.endGroup()
}

func (j *seekJoin) allMatched() bool {
	for i := j.row; i < j.end; i++ {
		if !j.matched[i] {
			return false
		}
	}
	return true
}

// endGroup emits the rows that wanted no match, as far as there is room.
func (j *seekJoin) endGroup() error {
	for ; j.row < j.end; j.row++ {
		if len(j.selOut) == batchSize {
			return nil
		}
		row := int32(j.row)
		switch {
		case j.node.Kind == plan.SemiJoin && j.matched[row],
			(j.node.Kind == plan.AntiJoin || j.node.Kind == plan.LeftJoin) && !j.matched[row]:
			j.selOut = append(j.selOut, row)
			j.selIn = append(j.selIn, -1)
		}
	}
	j.group = false
	return nil
}

// pair emits the pairs of the group's rows and the matches at hand, as far as
// there is room.
func (j *seekJoin) pair() {
	semi := j.node.Kind == plan.SemiJoin || j.node.Kind == plan.AntiJoin
	for ; j.o < j.end; j.o++ {
		row := int32(j.o)
		for ; j.i < j.hi; j.i++ {
			if len(j.selOut) == batchSize {
				return
			}
			if !j.agrees(row, j.i) {
				continue
			}
			j.matched[row] = true
			if semi {
				break
			}
			j.selOut = append(j.selOut, row)
			j.selIn = append(j.selIn, int32(j.i))
		}
		j.i = j.lo
	}
	j.lo = j.hi
}

// agrees checks what the index order could not.
func (j *seekJoin) agrees(row int32, i int) bool {
	for _, p := range j.check {
		if j.vals[p.pos][i] != j.cur.cols[p.col][row] {
			return false
		}
	}
	for _, s := range j.same {
		if j.vals[s[0]][i] != j.vals[s[1]][i] {
			return false
		}
	}
	return true
}

// refill reads the next chunk, from key on where one is given.
func (j *seekJoin) refill(key *[4]graph.ID) error {
	j.flush() // the old chunk becomes invalid
	if j.cursor == nil {
		c, err := j.run.snap.Scan(j.node.Pattern.IDs(), j.node.Order)
		if err != nil {
			return err
		}
		j.cursor = c
	}
	if j.used > 1 || key == nil {
		j.size = min(2*j.size, batchSize)
	} else {
		j.size = max(j.size/2, minChunk)
	}
	j.used = 0
	if key != nil {
		if err := j.cursor.Seek(j.node.Order.Quad(*key)); err != nil {
			return err
		}
	}
	for i, dst := range orderedColumns(&j.chunk, j.node.Order) {
		*dst = nil
		if p := j.parts[i]; p.outer || p.col >= 0 || j.compared(i) {
			*dst = j.vals[i][:j.size]
		}
	}
	if j.chunk.Len() == 0 {
		j.chunk.S = make([]graph.ID, j.size)
	}
	n, err := j.cursor.Next(&j.chunk)
	j.at, j.n, j.eof = 0, n, n == 0
	return err
}

func (j *seekJoin) compared(i int) bool {
	for _, s := range j.same {
		if s[0] == i || s[1] == i {
			return true
		}
	}
	return false
}

func orderedColumns(b *graph.Batch, o graph.Order) [4]*[]graph.ID {
	all := [4]*[]graph.ID{&b.S, &b.P, &b.O, &b.G}
	slots := o.Components()
	return [4]*[]graph.ID{all[slots[0]], all[slots[1]], all[slots[2]], all[slots[3]]}
}

// flush fills the columns of the output rows that were selected since the last
// flush.
func (j *seekJoin) flush() {
	from := j.flushed
	if from == len(j.selOut) {
		return
	}
	for _, k := range j.kept {
		gather(j.out.cols[k[0]], from, j.cur.cols[k[1]], j.selOut[from:])
	}
	for _, p := range j.free {
		dst, src := j.out.cols[p.col][from:], j.vals[p.pos]
		for i, row := range j.selIn[from:] {
			if row >= 0 {
				dst[i] = src[row]
			} else {
				dst[i] = 0
			}
		}
	}
	j.flushed = len(j.selOut)
}

func (j *seekJoin) closeCursor() {
	if j.cursor != nil {
		j.cursor.Close()
		j.cursor = nil
	}
}

func (j *seekJoin) finish() {
	j.done = true
	j.closeCursor()
	j.release()
	if j.out != nil {
		j.run.release(j.out)
		j.run.release(&batch{cols: j.vals[:]})
		j.out = nil
	}
}

// reset keeps the cursor: the next keys are often ahead of it.
func (j *seekJoin) reset() {
	j.in.reset()
	j.cur, j.row, j.group, j.done, j.ended = nil, 0, false, false, false
	if j.out == nil {
		j.at, j.n, j.eof, j.started = 0, 0, false, false
	}
}

func (j *seekJoin) close() {
	j.finish()
	j.in.close()
}
