package exec

import "qlgraph/sparql/plan"

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
