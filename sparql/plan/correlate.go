package plan

import "qlgraph/sparql/algebra"

// correlatable reports whether evaluating n starting from rows that bind outer
// gives what joining those rows with the solutions of n would (SPARQL 1.1 §18.6
// evaluates n on its own, "bottom up"). It does not where n contains something
// that could see, or be changed by, a variable that is not bound inside n.
func correlatable(n algebra.Node, outer map[string]bool) bool {
	switch n := n.(type) {
	case *algebra.BGP, *algebra.PathPattern, *algebra.TextMatch:
		return true
	case *algebra.Table:
		for name, certain := range algebra.VarsOf(n) {
			if !certain && outer[name] {
				return false
			}
		}
		return true
	case *algebra.Join:
		return correlatable(n.Left, outer) && correlatable(n.Right, outer)
	case *algebra.Union:
		for _, c := range n.Branches {
			if !correlatable(c, outer) {
				return false
			}
		}
		return true
	case *algebra.Graph:
		return correlatable(n.Input, outer)
	case *algebra.Filter:
		return correlatable(n.Input, outer) && sees(n.Expr, outer, algebra.VarsOf(n.Input))
	case *algebra.Extend:
		return !outer[n.Var] && correlatable(n.Input, outer) && sees(n.Expr, outer, algebra.VarsOf(n.Input))
	case *algebra.LeftJoin:
		left, right := algebra.VarsOf(n.Left), algebra.VarsOf(n.Right)
		for name := range right {
			if outer[name] && !left[name] {
				return false
			}
		}
		if n.Expr != nil && !sees(n.Expr, outer, left) {
			return false
		}
		return correlatable(n.Left, outer) && correlatable(n.Right, outer)
	}
	return false
}

// sees reports whether every variable of e that outer binds is bound by inner in
// any case, so that e has the same value either way.
func sees(e algebra.Expr, outer map[string]bool, inner algebra.Vars) bool {
	vars := map[string]bool{}
	algebra.ExprVars(e, vars)
	for name := range vars {
		if outer[name] && !inner[name] {
			return false
		}
	}
	return true
}

// substitutable reports whether evaluating n starting from rows that bind outer
// means the same as substituting their values into n, as EXISTS does: there,
// filters see the values as well.
func substitutable(n algebra.Node, outer map[string]bool) bool {
	switch n := n.(type) {
	case *algebra.BGP, *algebra.PathPattern, *algebra.TextMatch:
		return true
	case *algebra.Table:
		return correlatable(n, outer)
	case *algebra.Join:
		return joinSubstitutable(n.Left, outer) && joinSubstitutable(n.Right, outer)
	case *algebra.Union:
		for _, c := range n.Branches {
			if !substitutable(c, outer) {
				return false
			}
		}
		return true
	case *algebra.Graph:
		return substitutable(n.Input, outer) && (!n.Name.IsVar() || aloneSubstitutable(n.Input, outer))
	case *algebra.Filter:
		return substitutable(n.Input, outer)
	case *algebra.Extend:
		return !outer[n.Var] && substitutable(n.Input, outer)
	case *algebra.LeftJoin:
		return substitutable(n.Left, outer) && correlatable(n.Right, outer)
	}
	return false
}

// joinSubstitutable is substitutable for a part of a join: what is neither a
// pattern nor a table is planned on its own there.
func joinSubstitutable(n algebra.Node, outer map[string]bool) bool {
	switch n.(type) {
	case *algebra.BGP, *algebra.PathPattern, *algebra.TextMatch, *algebra.Table, *algebra.Join:
		return substitutable(n, outer)
	}
	return aloneSubstitutable(n, outer)
}

// aloneSubstitutable is substitutable for what is planned on its own: it must not
// matter whether it starts from the rows. For a path from an outer variable to
// itself it does, as a value that is put there need not be a node of the graph
// (§18.4).
func aloneSubstitutable(n algebra.Node, outer map[string]bool) bool {
	alone := correlatable(n, outer)
	walk(n, func(n algebra.Node) {
		if p, ok := n.(*algebra.PathPattern); ok && leavesNode(p, func(t algebra.Term) bool { return outer[t.Var] }) {
			alone = false
		}
	})
	return alone
}

// leavesNode reports whether n may connect a value with itself that is no node,
// where value says which of its ends may be such.
func leavesNode(n *algebra.PathPattern, value func(algebra.Term) bool) bool {
	return algebra.Nullable(n.Path) && (value(n.S) || value(n.O))
}

// sharesCertainly reports whether every variable that n may bind and p has is
// bound in all rows of p, and whether there is one.
func sharesCertainly(p *Props, n algebra.Node) (certain, shared bool) {
	mentioned := map[string]bool{}
	algebra.Mentioned(n, mentioned)
	for name := range mentioned {
		if !p.Has(name) {
			continue
		}
		shared = true
		if p.Maybe[name] {
			return false, true
		}
	}
	return true, shared
}

func columnSet(p *Props) map[string]bool {
	set := make(map[string]bool, len(p.Columns))
	for _, c := range p.Columns {
		set[c] = true
	}
	return set
}
