package store

import (
	"bytes"
	"runtime/debug"
	"slices"

	"qlgraph/graph"
)

// cursor walks the matches of a pattern in one index.
type cursor struct {
	snapshot *Snapshot
	closed   bool
	pattern  graph.Pattern
	asked    graph.Order
	order    graph.Order // of the index; not asked where graphs are merged
	merged   bool
	bound    row    // the leading components that are bound
	leading  int    // how many
	prefix   []byte // their key
	checks   []int  // components to be compared with the pattern
	byGraph  bool   // the pattern's graphs must be asked

	blocks   blockCursor
	read     int // generation of the snapshot that blocks walks
	started  bool
	done     bool
	row, end int // the rest of the block that lies in the run
	columns  *columns
	decoded  [4]bool
	repeated bool // rows of the block may repeat a triple
	last     row  // the row before, where triples repeat
}

// columns are a block's rows by component; cursors of a file share them one
// after the other, as eight kilobytes cost more to clear than a look-up.
type columns [4][maxRows]graph.ID

func newCursor(s *Snapshot, p graph.Pattern, o graph.Order) *cursor {
	c := &cursor{snapshot: s, pattern: p, asked: o, order: o, merged: p.Graphs.Merged()}
	if c.merged && o == graph.GSPO {
		// All matches have the graph zero, so they are in the order SPO; only
		// with G last are the duplicates neighbours.
		c.order = graph.SPOG
	}
	if c.columns, _ = s.file.columns.Get().(*columns); c.columns == nil {
		c.columns = new(columns)
	}
	c.bound, c.leading = c.order.Prefix(p)
	c.prefix = prefixKey(c.bound, c.leading)
	key := c.order.Key(graph.Quad{S: p.S, P: p.P, O: p.O})
	for i := c.leading; i < len(key); i++ {
		if key[i] != 0 {
			c.checks = append(c.checks, i)
		}
	}
	_, single := p.Graphs.Single()
	inPrefix := single && !c.merged && c.leading > graphColumn(c.order)
	c.byGraph = !readsAll(p.Graphs) && !inPrefix
	c.blocks, c.read = s.indexes[c.order].cursor(), s.generation
	return c
}

// reopen goes on at the row r, or at the row where the cursor is if that is
// greater, after the transaction has changed the index.
func (c *cursor) reopen(r row) error {
	here := r
	switch {
	case c.row < c.end:
		here = row{c.column(0)[c.row], c.column(1)[c.row], c.column(2)[c.row], c.column(3)[c.row]}
	case c.started && len(c.blocks.block.next) > 0:
		var err error
		if here, err = readRowKey(c.blocks.block.next); err != nil {
			return c.blocks.damaged(c.blocks.block.next, err)
		}
	case c.started:
		c.done = true
		return nil
	}
	if compareRows(here, r) > 0 {
		r = here
	}
	c.blocks, c.read = c.snapshot.indexes[c.order].cursor(), c.snapshot.generation
	c.started, c.row, c.end = false, 0, 0
	return c.seek(r)
}

// readsAll reports whether g leaves no graph out.
func readsAll(g graph.Graphs) bool {
	_, listed := g.Set()
	return !listed && g.Contains(0)
}

// graphColumn returns the place of the graph in the order o.
func graphColumn(o graph.Order) int {
	if o == graph.GSPO {
		return 0
	}
	return 3
}

// filtered reports whether not all rows of the run are matches.
func (c *cursor) filtered() bool { return len(c.checks) > 0 || c.byGraph }

// start moves to the first block of the run.
func (c *cursor) start() error {
	c.started = true
	if err := c.blocks.seek(c.prefix); err != nil {
		return err
	}
	c.enter()
	return nil
}

// enter looks which rows of the current block are in the run.
func (c *cursor) enter() {
	if !c.blocks.valid {
		c.row, c.end, c.done = 0, 0, true
		return
	}
	bl := &c.blocks.block
	c.decoded = [4]bool{}
	c.repeated = c.merged && (bl.repeats > 0 || sameTriple(bl.first, c.last))
	c.row, c.end = 0, bl.rows
	if bytes.HasPrefix(c.blocks.key, c.prefix) && bytes.HasPrefix(bl.next, c.prefix) {
		return
	}
	c.row, c.end = c.equal(c.bound, c.leading)
}

// column returns a component of the block's rows.
func (c *cursor) column(i int) *[maxRows]graph.ID {
	if !c.decoded[i] {
		c.blocks.block.column(i, &c.columns[i])
		c.decoded[i] = true
	}
	return &c.columns[i]
}

// equal returns the rows whose first n components are those of r, which may be
// none, at the place where they would be.
func (c *cursor) equal(r row, n int) (lo, hi int) {
	hi = c.blocks.block.rows
	for i := range n {
		v := c.column(i)[lo:hi]
		at, _ := slices.BinarySearch(v, r[i])
		size, _ := slices.BinarySearch(v[at:], r[i]+1)
		lo, hi = lo+at, lo+at+size
		if size == 0 {
			break
		}
	}
	return lo, hi
}

// advance moves to the following block of the run.
func (c *cursor) advance() error {
	if !bytes.HasPrefix(c.blocks.block.next, c.prefix) || len(c.blocks.block.next) == 0 {
		c.done = true
		return nil
	}
	if c.merged && !c.repeated {
		c.last = c.blocks.block.first
	}
	if c.read != c.snapshot.generation {
		return c.reopen(row{})
	}
	if err := c.blocks.next(); err != nil {
		return err
	}
	c.enter()
	return nil
}

// Next implements graph.Cursor.
func (c *cursor) Next(b *graph.Batch) (n int, err error) {
	if c.closed {
		return 0, ErrClosed
	}
	if err := c.snapshot.begin(); err != nil {
		return 0, err
	}
	defer c.snapshot.finish(debug.SetPanicOnFault(true), &err)
	return c.fill(b)
}

func (c *cursor) fill(b *graph.Batch) (n int, err error) {
	if !c.started {
		if c.read != c.snapshot.generation {
			c.blocks, c.read = c.snapshot.indexes[c.order].cursor(), c.snapshot.generation
		}
		if err := c.start(); err != nil {
			return 0, err
		}
	}
	room := b.Len()
	for n < room && !c.done {
		if c.row == c.end {
			if err := c.advance(); err != nil {
				return 0, err
			}
			continue
		}
		if c.filtered() || c.repeated {
			n += c.copyMatches(b, n, room)
			continue
		}
		rows := min(c.end-c.row, room-n)
		c.copyRows(b, n, rows)
		c.row += rows
		n += rows
	}
	return n, nil
}

// target returns the batch's column for the component i of the index.
func (c *cursor) target(b *graph.Batch, i int) []graph.ID {
	o := c.order
	switch {
	case i == graphColumn(o):
		return b.G
	case o == graph.GSPO:
		return [...][]graph.ID{nil, b.S, b.P, b.O}[i]
	case o == graph.PSOG:
		return [...][]graph.ID{b.P, b.S, b.O}[i]
	case o == graph.POSG:
		return [...][]graph.ID{b.P, b.O, b.S}[i]
	case o == graph.OSPG:
		return [...][]graph.ID{b.O, b.S, b.P}[i]
	}
	return [...][]graph.ID{b.S, b.P, b.O}[i]
}

func (c *cursor) copyRows(b *graph.Batch, at, rows int) {
	for i := range 4 {
		dst := c.target(b, i)
		switch {
		case dst == nil:
		case c.merged && i == 3:
			clear(dst[at : at+rows])
		default:
			copy(dst[at:at+rows], c.column(i)[c.row:c.row+rows])
		}
	}
}

// copyMatches copies those rows that pass the filter and repeat no triple.
func (c *cursor) copyMatches(b *graph.Batch, at, room int) (n int) {
	var keep [maxRows]uint8
	key := c.order.Key(graph.Quad{S: c.pattern.S, P: c.pattern.P, O: c.pattern.O})
	for ; c.row < c.end && at+n < room; c.row++ {
		if c.matches(key) {
			keep[n] = uint8(c.row)
			n++
		}
	}
	for i := range 4 {
		dst := c.target(b, i)
		switch {
		case dst == nil:
		case c.merged && i == 3:
			clear(dst[at : at+n])
		default:
			v := c.column(i)
			for k, r := range keep[:n] {
				dst[at+k] = v[r]
			}
		}
	}
	return n
}

func (c *cursor) matches(key row) bool {
	for _, i := range c.checks {
		if c.column(i)[c.row] != key[i] {
			return false
		}
	}
	if c.byGraph && !c.pattern.Graphs.Contains(c.column(graphColumn(c.order))[c.row]) {
		return false
	}
	if !c.repeated {
		return true
	}
	r := row{c.column(0)[c.row], c.column(1)[c.row], c.column(2)[c.row]}
	if sameTriple(r, c.last) {
		return false
	}
	c.last = r
	return true
}

// Seek implements graph.Cursor.
func (c *cursor) Seek(q graph.Quad) (err error) {
	if c.closed {
		return ErrClosed
	}
	if err := c.snapshot.begin(); err != nil {
		return err
	}
	defer c.snapshot.finish(debug.SetPanicOnFault(true), &err)
	if c.merged && q.G != 0 {
		// Matches have the graph zero: the triple of q itself lies before q,
		// and every match does where the graph comes first.
		if c.asked == graph.GSPO {
			c.started, c.done = true, true
			return nil
		}
		q.G = ^graph.ID(0)
	}
	return c.seek(c.order.Key(q))
}

func (c *cursor) seek(r row) error {
	var buf [4 * 9]byte
	key := appendRowKey(buf[:0], r)
	switch {
	case c.done:
		return nil
	case bytes.Compare(key, c.prefix) < 0:
		return nil
	case c.read != c.snapshot.generation:
		return c.reopen(r)
	case !c.started:
		c.started = true
		if err := c.blocks.seek(key); err != nil {
			return err
		}
		c.enter()
	case len(c.blocks.block.next) > 0 && bytes.Compare(c.blocks.block.next, key) <= 0:
		// Seeks of a merge join are mostly near: look at the next block first.
		if err := c.blocks.next(); err != nil {
			return err
		}
		if next := c.blocks.block.next; len(next) > 0 && bytes.Compare(next, key) <= 0 {
			if err := c.blocks.seek(key); err != nil {
				return err
			}
		}
		c.enter()
	}
	if !c.done {
		c.row = min(max(c.row, c.lowerBound(r)), c.end)
	}
	return nil
}

// lowerBound returns the first row of the block that is not before r.
func (c *cursor) lowerBound(r row) int {
	lo, _ := c.equal(r, len(r))
	return lo
}

// Close implements graph.Cursor.
func (c *cursor) Close() error {
	if !c.closed {
		c.closed = true
		c.snapshot.file.columns.Put(c.columns)
	}
	return nil
}

// size counts the rows of the run and the distinct triples among them, by the
// blocks' headers; only the blocks at its ends are decoded.
func (c *cursor) size() (rows, triples int64, err error) {
	if err := c.start(); err != nil {
		return 0, 0, err
	}
	var before row
	for !c.done {
		bl := &c.blocks.block
		n := c.end - c.row
		rows += int64(n)
		triples += int64(n)
		if n == bl.rows {
			triples -= int64(bl.repeats)
		} else if bl.repeats > 0 {
			triples -= c.repeats()
		}
		if n > 0 && c.row == 0 && sameTriple(bl.first, before) {
			triples-- // a triple in more graphs than a block has rows
		}
		before = bl.first
		if err := c.advance(); err != nil {
			return 0, 0, err
		}
	}
	return rows, triples, nil
}

// repeats counts the rows of the run's part of the block that repeat the
// triple before them.
func (c *cursor) repeats() (n int64) {
	c0, c1, c2 := c.column(0), c.column(1), c.column(2)
	for i := c.row + 1; i < c.end; i++ {
		if c2[i] == c2[i-1] && c1[i] == c1[i-1] && c0[i] == c0[i-1] {
			n++
		}
	}
	return n
}
