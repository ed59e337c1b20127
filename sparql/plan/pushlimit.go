package plan

import "qlgraph/sparql/algebra"

// PushLimit moves LIMIT, OFFSET included, below what gives at least a row for
// each of its own, so that OPTIONALs and expressions are evaluated for the rows
// of a page only. With ORDER BY it goes as far as the sort keys are known.
//
//	Slice(k, LeftJoin(A, B))          → Slice(k, LeftJoin(Slice(k, A), B))
//	Slice(k, OrderBy(LeftJoin(A, B))) → Slice(k, OrderBy(LeftJoin(Slice(k, OrderBy(A)), B)))
//	Slice(k, Extend(A, v, E))         → Slice(k, Extend(Slice(k, A), v, E))
//	Slice(k, Union(A, B))             → Slice(k, Union(Slice(k, A), Slice(k, B)))
func PushLimit(n algebra.Node) algebra.Node {
	s, ok := n.(*algebra.Slice)
	if !ok || s.Limit < 0 || s.Offset+s.Limit < 0 || s.Offset+s.Limit > maxTop {
		return n
	}
	in := firstRows(s.Input, s.Offset+s.Limit)
	if in == s.Input {
		return n
	}
	return &algebra.Slice{Input: in, Offset: s.Offset, Limit: s.Limit}
}

// firstRows returns n, of which only k rows are wanted; n itself where that
// changes nothing.
func firstRows(n algebra.Node, k int64) algebra.Node {
	switch n := n.(type) {
	case *algebra.Project:
		if in := firstRows(n.Input, k); in != n.Input {
			return &algebra.Project{Input: in, Vars: n.Vars}
		}
	case *algebra.Reduced:
		return firstRows(n.Input, k)
	case *algebra.Extend:
		return &algebra.Extend{Input: limited(n.Input, k), Var: n.Var, Expr: n.Expr}
	case *algebra.LeftJoin:
		return &algebra.LeftJoin{Left: limited(n.Left, k), Right: n.Right, Expr: n.Expr}
	case *algebra.Union:
		u := &algebra.Union{}
		for _, b := range n.Branches {
			u.Branches = append(u.Branches, limited(b, k))
		}
		return u
	case *algebra.OrderBy:
		if below := sortedFirst(n.Input, n.Conditions, k); below != n.Input {
			return &algebra.OrderBy{Input: below, Conditions: n.Conditions}
		}
	}
	return n
}

func limited(n algebra.Node, k int64) algebra.Node {
	if s, ok := n.(*algebra.Slice); ok && s.Limit >= 0 && s.Limit <= k {
		return n
	}
	return &algebra.Slice{Input: firstRows(n, k), Limit: k}
}

// sortedFirst returns n, of which only the first k rows by list are wanted.
func sortedFirst(n algebra.Node, list []algebra.Condition, k int64) algebra.Node {
	keys := map[string]bool{}
	for _, c := range list {
		if unsteady(c.Expr) {
			return n
		}
		algebra.ExprVars(c.Expr, keys)
	}
	top := func(in algebra.Node) algebra.Node {
		return &algebra.Slice{Input: &algebra.OrderBy{Input: sortedFirst(in, list, k), Conditions: list}, Limit: k}
	}
	switch n := n.(type) {
	case *algebra.Extend:
		if !keys[n.Var] {
			return &algebra.Extend{Input: top(n.Input), Var: n.Var, Expr: n.Expr}
		}
	case *algebra.LeftJoin:
		left := algebra.VarsOf(n.Left)
		for name := range algebra.VarsOf(n.Right) {
			if keys[name] && !left[name] {
				return firstResources(n, list, k)
			}
		}
		return &algebra.LeftJoin{Left: top(n.Left), Right: n.Right, Expr: n.Expr}
	}
	return n
}

// firstResources handles a listing of resources, sorted by the resource first
// and then by what OPTIONALs add: where each row has a resource of its own no two
// are equal in the first keys, and these decide alone which come first.
func firstResources(n algebra.Node, list []algebra.Condition, k int64) algebra.Node {
	switch n := n.(type) {
	case *algebra.LeftJoin:
		if left := firstResources(n.Left, list, k); left != n.Left {
			return &algebra.LeftJoin{Left: left, Right: n.Right, Expr: n.Expr}
		}
		return n
	case *algebra.BGP, *algebra.Filter:
		if leading := coveredBy(n, list); leading > 0 {
			return &algebra.Slice{Input: &algebra.OrderBy{Input: n, Conditions: list[:leading]}, Limit: k}
		}
	}
	return n
}

// coveredBy returns how many of the first sort keys are all the variables of n,
// each a subject and therefore equal to itself alone; 0 where they are not.
func coveredBy(n algebra.Node, list []algebra.Condition) int {
	for f, ok := n.(*algebra.Filter); ok; f, ok = n.(*algebra.Filter) {
		n = f.Input
	}
	bgp, ok := n.(*algebra.BGP)
	if !ok {
		return 0
	}
	subjects := map[string]bool{}
	for _, t := range bgp.Triples {
		if t.S.IsVar() {
			subjects[t.S.Var] = true
		}
	}
	missing := algebra.VarsOf(bgp)
	for i, c := range list {
		v, ok := c.Expr.(*algebra.Var)
		if !ok || !subjects[v.Name] {
			return 0
		}
		if delete(missing, v.Name); len(missing) == 0 {
			return i + 1
		}
	}
	return 0
}
