package exec

import (
	"cmp"
	"slices"

	"qlgraph/graph"
	"qlgraph/sparql/plan"
)

// onlyKey returns the leading part that comes from the input, where there is one
// and nothing else is compared; else -1.
func (j *seekJoin) onlyKey() int {
	only := -1
	for i := range j.lead {
		if !j.parts[i].outer {
			continue
		}
		if only >= 0 {
			return -1
		}
		only = i
	}
	if len(j.check) > 0 || len(j.same) > 0 {
		return -1
	}
	return only
}

// merge joins ascending rows of the input with the chunk, as far as the chunk
// tells all of their matches and there is room. It reports whether it got ahead;
// where it did not, find takes the next row.
func (j *seekJoin) merge() bool {
	key := &j.parts[j.only]
	rows, chunk := j.cur.cols[key.col][:j.cur.n], j.vals[key.pos][:j.n]
	pairs := j.node.Kind == plan.InnerJoin || j.node.Kind == plan.LeftJoin
	lone := j.node.Kind == plan.LeftJoin || j.node.Kind == plan.AntiJoin
	start, row, at := j.row, j.row, j.at
	for row < len(rows) && at < len(chunk) && len(j.selOut) < batchSize {
		k := rows[row]
		if chunk[at] < k {
			at = gallop(chunk, at, k)
			continue
		}
		if chunk[at] > k {
			if lone {
				j.selOut, j.selIn = append(j.selOut, int32(row)), append(j.selIn, -1)
			}
			row++
			continue
		}
		if !pairs {
			if j.node.Kind == plan.SemiJoin {
				j.selOut, j.selIn = append(j.selOut, int32(row)), append(j.selIn, -1)
			}
			row++
			continue
		}
		end := at + 1
		for end < len(chunk) && chunk[end] == k {
			end++
		}
		if end == len(chunk) || len(j.selOut)+end-at > batchSize {
			break // there may be more matches, or there is no room for all
		}
		for i := at; i < end; i++ {
			j.selOut, j.selIn = append(j.selOut, int32(row)), append(j.selIn, int32(i))
		}
		row++
	}
	j.row, j.at = row, at
	if row == start {
		return false
	}
	j.used += row - start
	j.last, j.started = j.key(int32(row-1)), true
	return true
}

// ascending reports whether the rows of cur are in the order of their keys.
func (j *seekJoin) ascending() bool {
	for i := 1; i < j.cur.n; i++ {
		if j.compareRows(int32(i-1), int32(i)) > 0 {
			return false
		}
	}
	return true
}

// How many rows that are not sorted are looked up in one pass over the index: at
// first, where that many are expected, as a LIMIT may end the query soon, and at
// most.
const (
	firstHeld = 8 * batchSize
	maxHeld   = 32 * batchSize
)

// sort puts b and the batches after it, twice as many rows as the last time, in
// the order of their keys: the more there are together, the fewer passes over the
// index it takes.
func (j *seekJoin) sort(b *batch) error {
	j.release()
	held, columns := newRows(len(b.cols)), every(len(b.cols))
	j.held = held
	for j.many = min(max(2*j.many, batchSize), maxHeld); b != nil; {
		if err := held.add(j.run, b, columns); err != nil {
			return err
		}
		if held.n+batchSize > j.many {
			break
		}
		var err error
		if b, err = j.in.next(); err != nil {
			return err
		}
		j.ended = b == nil
	}
	j.cur = &batch{cols: held.cols, n: held.n}
	order := j.byKey()
	for i, col := range held.cols {
		sorted := make([]graph.ID, held.n)
		gather(sorted, 0, col, order)
		held.cols[i] = sorted
	}
	return nil
}

// byKey lists the rows of cur in the order of their keys.
func (j *seekJoin) byKey() []int32 {
	order := make([]int32, j.cur.n)
	for i := range order {
		order[i] = int32(i)
	}
	if j.only < 0 {
		slices.SortFunc(order, j.compareRows)
		return order
	}
	type keyed struct {
		key graph.ID
		row int32
	}
	list := make([]keyed, j.cur.n) // side by side, which spares cache misses
	for i, key := range j.cur.cols[j.parts[j.only].col][:j.cur.n] {
		list[i] = keyed{key, int32(i)}
	}
	slices.SortFunc(list, func(a, b keyed) int { return cmp.Compare(a.key, b.key) })
	for i, k := range list {
		order[i] = k.row
	}
	return order
}

// release gives back the rows that are held.
func (j *seekJoin) release() {
	if j.held != nil {
		j.run.mem.refund(j.held.bytes())
		j.held = nil
	}
}
