package plan

import "qlgraph/sparql/algebra"

// DropDistinct drops what makes rows distinct that are so already: a basic graph
// pattern has each solution once (SPARQL 1.1 §18.3.1).
//
//	Distinct(P)                    → P
//	Group(K, COUNT(DISTINCT v), P) → Group(K, COUNT(v), P), where P has no variables but K and v
func DropDistinct(n algebra.Node) algebra.Node {
	switch n := n.(type) {
	case *algebra.Distinct:
		if DistinctRows(n.Input) {
			return n.Input
		}
	case *algebra.Group:
		return countOnce(n)
	}
	return n
}

// countOnce drops DISTINCT from the aggregates of n that have each value once.
func countOnce(n *algebra.Group) *algebra.Group {
	if !DistinctRows(n.Input) {
		return n
	}
	free := algebra.VarsOf(n.Input)
	for _, k := range n.Keys {
		if v, ok := k.Expr.(*algebra.Var); ok && v.Name == k.Var {
			delete(free, k.Var)
		}
	}
	out := *n
	out.Aggregates = make([]algebra.AggregateBinding, len(n.Aggregates))
	for i, a := range n.Aggregates {
		v, bare := a.Arg.(*algebra.Var)
		_, known := free[varName(v)]
		if a.Arg == nil || bare && (len(free) == 0 || len(free) == 1 && known) {
			a.Distinct = false
		}
		out.Aggregates[i] = a
	}
	return &out
}

func varName(v *algebra.Var) string {
	if v == nil {
		return ""
	}
	return v.Name
}

// DistinctRows reports whether n has each of its solutions once.
func DistinctRows(n algebra.Node) bool {
	switch n := n.(type) {
	case *algebra.BGP, *algebra.TextMatch, *algebra.Distinct, *algebra.Group:
		return true
	case *algebra.PathPattern:
		switch n.Path.(type) {
		case *algebra.ZeroOrMore, *algebra.OneOrMore, *algebra.ZeroOrOne:
			return true
		}
		return false
	case *algebra.Filter, *algebra.Extend, *algebra.OrderBy, *algebra.Slice, *algebra.Graph:
		return DistinctRows(algebra.Inputs(n)[0])
	case *algebra.Minus:
		return DistinctRows(n.Left)
	case *algebra.Join:
		return distinctJoin(n.Left, n.Right)
	case *algebra.LeftJoin:
		return distinctJoin(n.Left, n.Right)
	case *algebra.Project:
		for name := range algebra.VarsOf(n.Input) {
			if !contains(n.Vars, name) {
				return false
			}
		}
		return DistinctRows(n.Input)
	}
	return false
}

// distinctJoin: with all variables bound, what two rows were joined from can be
// read off the result.
func distinctJoin(left, right algebra.Node) bool {
	for _, n := range []algebra.Node{left, right} {
		for _, certain := range algebra.VarsOf(n) {
			if !certain {
				return false
			}
		}
	}
	return DistinctRows(left) && DistinctRows(right)
}
