package exec

import "qlgraph/sparql/plan"

// judge sets kept for the rows of a column of which the window tells, and appends
// the others to open.
func judge(w *plan.Window, b *batch, place int, kept []bool, open []int32) []int32 {
	for row, id := range b.cols[place][:b.n] {
		told, holds := w.Tells(id)
		if !told {
			open = append(open, int32(row))
			continue
		}
		kept[row] = holds
	}
	return open
}
