package plan

// cost estimates what it takes to get the rows of n, in the units of joins.go.
// It compares whole plans of the same part of a query; the order of joins within
// a group is chosen with finer estimates.
func cost(n Node) float64 {
	total := n.Output().Rows
	for _, in := range Inputs(n) {
		total += cost(in)
	}
	switch n := n.(type) {
	case *Filter:
		for _, e := range n.Exprs {
			total += exprCost(e) * n.Input.Output().Rows
		}
	case *SeekJoin:
		if in := n.Input.Output(); in.Order == "" || in.Order != leadingVar(&n.Pattern, n.Order) {
			total += costSeek * in.Rows
		}
	case *HashJoin:
		total += costProbe*n.Left.Output().Rows + costBuild*n.Right.Output().Rows
	case *Group:
		total += costProbe * n.Input.Output().Rows
	}
	return total
}
