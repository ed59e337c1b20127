package plan

import (
	"maps"
	"slices"

	"qlgraph/sparql/algebra"
)

// nothing returns no solutions, with the variables of n.
func nothing(n algebra.Node) algebra.Node {
	return &algebra.Table{Vars: slices.Sorted(maps.Keys(algebra.VarsOf(n)))}
}

func isNothing(n algebra.Node) bool {
	t, ok := n.(*algebra.Table)
	return ok && len(t.Rows) == 0
}

// isUnit recognises the group graph pattern without anything in it.
func isUnit(n algebra.Node) bool {
	b, ok := n.(*algebra.BGP)
	return ok && len(b.Triples) == 0
}

// DropEmpty drops what has no solutions, with all that needs it, and what adds
// nothing.
//
//	Join(P, nothing)     → nothing
//	Join(P, {})          → P
//	LeftJoin(P, nothing) → P
//	Minus(P, nothing)    → P
//	Union(P, nothing)    → P
func DropEmpty(n algebra.Node) algebra.Node {
	switch n := n.(type) {
	case *algebra.Join:
		switch {
		case isNothing(n.Left) || isNothing(n.Right):
			return nothing(n)
		case isUnit(n.Left):
			return n.Right
		case isUnit(n.Right):
			return n.Left
		}
	case *algebra.LeftJoin:
		if isNothing(n.Left) {
			return nothing(n)
		} else if isNothing(n.Right) {
			return n.Left
		}
	case *algebra.Minus:
		if isNothing(n.Left) || isNothing(n.Right) {
			return n.Left
		}
	case *algebra.Union:
		return dropBranches(n)
	case *algebra.Filter, *algebra.Extend, *algebra.Graph, *algebra.OrderBy, *algebra.Distinct, *algebra.Reduced, *algebra.Slice, *algebra.Project:
		if isNothing(algebra.Inputs(n)[0]) {
			return nothing(n)
		}
	}
	return n
}

func dropBranches(n *algebra.Union) algebra.Node {
	kept := slices.DeleteFunc(slices.Clone(n.Branches), isNothing)
	switch len(kept) {
	case len(n.Branches):
		return n
	case 0:
		return nothing(n)
	case 1:
		return kept[0]
	}
	return &algebra.Union{Branches: kept}
}
