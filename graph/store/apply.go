package store

import (
	"bytes"
	"slices"
)

// change adds or removes a row.
type change struct {
	row row
	add bool
}

// region is a stretch of neighbouring blocks that a transaction rewrites.
type region struct {
	before    []byte // key of the block before it, nil where there is none
	after     []byte // key of the block after it, empty where there is none
	old, rows []row
	keys      [][]byte // of the old blocks
}

// observer is told of every region that is rewritten: the old and new rows,
// the row before them and the row after, where there is one.
type observer func(previous *row, old, rows []row, next *row)

// apply carries out changes, sorted and distinct by row, and returns those that
// changed something. Only blocks in which a row changes are written.
func (ix *index) apply(changes []change, observe observer) (effective []change, err error) {
	for len(changes) > 0 {
		var r region
		rest := changes
		if rest, effective, err = ix.gather(&r, changes, effective); err != nil {
			return nil, err
		}
		changes = rest
		if slices.Equal(r.old, r.rows) {
			continue
		}
		if observe != nil {
			if err := ix.observe(&r, observe); err != nil {
				return nil, err
			}
		}
		if err := ix.rewrite(&r); err != nil {
			return nil, err
		}
	}
	return effective, nil
}

// gather reads the block that the first change belongs to, and while the
// result is small or ends within a triple, those that follow; it merges the
// changes that belong there and returns the others.
func (ix *index) gather(r *region, changes []change, effective []change) ([]change, []change, error) {
	c := ix.cursor()
	var key [4 * 9]byte
	if err := c.seek(appendRowKey(key[:0], changes[0].row)); err != nil {
		return nil, nil, err
	}
	if !c.valid {
		r.rows, effective = mergeChanges(nil, nil, changes, effective)
		return nil, effective, nil
	}
	before, _, err := ix.previous(c.key)
	if err != nil {
		return nil, nil, err
	}
	r.before = bytes.Clone(before)
	for {
		r.keys = append(r.keys, bytes.Clone(c.key))
		start := len(r.old)
		r.old = c.block.appendRows(r.old)
		r.after = bytes.Clone(c.block.next)
		n := len(changes)
		var next row
		if len(r.after) > 0 {
			if next, err = readRowKey(r.after); err != nil {
				return nil, nil, c.damaged(r.after, err)
			}
			n, _ = slices.BinarySearchFunc(changes, next, func(ch change, r row) int { return compareRows(ch.row, r) })
		}
		r.rows, effective = mergeChanges(r.rows, r.old[start:], changes[:n], effective)
		changes = changes[n:]
		if len(r.after) == 0 || slices.Equal(r.old, r.rows) || !unfinished(r.rows, next) {
			return changes, effective, nil
		}
		if err := c.next(); err != nil {
			return nil, nil, err
		}
	}
}

// unfinished reports whether rows need the following block, which begins with
// next, to be cut into blocks.
func unfinished(rows []row, next row) bool {
	if len(rows) < minRows {
		return true
	}
	last := rows[len(rows)-1]
	return sameTriple(last, next) && !sameTriple(rows[0], last)
}

// mergeChanges appends to out the rows of old with the changes carried out,
// and to effective the changes that were needed.
func mergeChanges(out, old []row, changes []change, effective []change) ([]row, []change) {
	for _, ch := range changes {
		i := 0
		for i < len(old) && compareRows(old[i], ch.row) < 0 {
			i++
		}
		out = append(out, old[:i]...)
		old = old[i:]
		found := len(old) > 0 && old[0] == ch.row
		if found {
			old = old[1:]
		}
		if ch.add {
			out = append(out, ch.row)
		}
		if found != ch.add {
			effective = append(effective, ch)
		}
	}
	return append(out, old...), effective
}

// rewrite replaces the blocks of the region, and the link to them.
func (ix *index) rewrite(r *region) error {
	keys, values := encodeRows(ix.number, r.rows, r.after)
	for _, k := range r.keys {
		if !slices.ContainsFunc(keys, func(n []byte) bool { return bytes.Equal(n, k) }) {
			if err := ix.bucket().Delete(k); err != nil {
				return err
			}
		}
	}
	for i, k := range keys {
		if err := ix.bucket().Put(k, values[i]); err != nil {
			return err
		}
	}
	first := r.after
	if len(keys) > 0 {
		first = keys[0]
	}
	if r.before == nil || len(r.keys) > 0 && bytes.Equal(r.keys[0], first) {
		return nil
	}
	linked, err := relink(nil, ix.number, r.before, ix.bucket().Get(r.before), first)
	if err != nil {
		return ix.damaged(r.before, err)
	}
	return ix.bucket().Put(r.before, linked)
}

// encodeRows cuts rows into blocks, the last of which is followed by after.
func encodeRows(number byte, rows []row, after []byte) (keys, values [][]byte) {
	size := targetRows
	if len(rows) <= maxRows {
		size = maxRows // one block may fill up before it is split
	} else {
		blocks := (len(rows) + targetRows - 1) / targetRows
		size = (len(rows) + blocks - 1) / blocks
	}
	var pieces [][]row
	for len(rows) > 0 {
		n := cut(rows, size)
		pieces = append(pieces, rows[:n])
		keys = append(keys, appendRowKey(nil, rows[0]))
		rows = rows[n:]
	}
	for i, piece := range pieces {
		next := after
		if i+1 < len(keys) {
			next = keys[i+1]
		}
		values = append(values, appendBlock(nil, number, piece, next))
	}
	return keys, values
}

func (ix *index) observe(r *region, observe observer) error {
	var previous, next *row
	if r.before != nil {
		bl, err := readBlock(ix.number, r.before, ix.bucket().Get(r.before))
		if err != nil {
			return ix.damaged(r.before, err)
		}
		rows := bl.appendRows(nil)
		previous = &rows[len(rows)-1]
	}
	if len(r.after) > 0 {
		n, err := readRowKey(r.after)
		if err != nil {
			return ix.damaged(r.after, err)
		}
		next = &n
	}
	observe(previous, r.old, r.rows, next)
	return nil
}
