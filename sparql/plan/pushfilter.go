package plan

import "qlgraph/sparql/algebra"

// SplitFilter makes a filter of a conjunction a chain of filters, so that each
// part can move on its own. An error in one part keeps a row from passing
// either way.
//
//	Filter(A && B, P) → Filter(A, Filter(B, P))
func SplitFilter(n algebra.Node) algebra.Node {
	f, ok := n.(*algebra.Filter)
	if !ok {
		return n
	}
	list := conjuncts(f.Expr)
	if len(list) == 1 {
		return n
	}
	in := f.Input
	for i := len(list) - 1; i >= 0; i-- {
		in = &algebra.Filter{Expr: list[i], Input: in}
	}
	return in
}

// PushFilter moves a filter below operators that do not change the values it
// sees.
//
//	Filter(E, Union(A, B))     → Union(Filter(E, A), Filter(E, B))
//	Filter(E, LeftJoin(A, B))  → LeftJoin(Filter(E, A), B), where A binds E's variables
//	Filter(E, Minus(A, B))     → Minus(Filter(E, A), B)
//	Filter(E, Extend(A, v, X)) → Extend(Filter(E, A), v, X), where E does not use v
//	Filter(E, Graph(c, A))     → Graph(c, Filter(E, A)), where c is constant
func PushFilter(n algebra.Node) algebra.Node {
	f, ok := n.(*algebra.Filter)
	if !ok || volatile(f.Expr) {
		return n
	}
	vars := map[string]bool{}
	algebra.ExprVars(f.Expr, vars)
	push := func(in algebra.Node) algebra.Node {
		return PushFilter(&algebra.Filter{Expr: f.Expr, Input: in})
	}
	switch in := f.Input.(type) {
	case *algebra.Filter: // let it pass, so that one that stays does not stop it
		if below := push(in.Input); !isFilterOf(below, f.Expr) {
			return &algebra.Filter{Expr: in.Expr, Input: below}
		}
	case *algebra.Union:
		if hasExists(f.Expr) { // its pattern is planned once per query
			return n
		}
		u := &algebra.Union{}
		for _, b := range in.Branches {
			u.Branches = append(u.Branches, push(b))
		}
		return u
	case *algebra.LeftJoin:
		if boundBy(vars, in.Left) {
			return &algebra.LeftJoin{Left: push(in.Left), Right: in.Right, Expr: in.Expr}
		}
	case *algebra.Minus:
		return &algebra.Minus{Left: push(in.Left), Right: in.Right}
	case *algebra.Extend:
		if !vars[in.Var] {
			return &algebra.Extend{Input: push(in.Input), Var: in.Var, Expr: in.Expr}
		}
	case *algebra.Graph:
		if !in.Name.IsVar() && !hasExists(f.Expr) {
			return &algebra.Graph{Name: in.Name, Input: push(in.Input)}
		}
	}
	return n
}

// isFilterOf reports whether n is still the filter of e: it did not move.
func isFilterOf(n algebra.Node, e algebra.Expr) bool {
	f, ok := n.(*algebra.Filter)
	return ok && f.Expr == e
}

// boundBy reports whether n binds all of vars in any case.
func boundBy(vars map[string]bool, n algebra.Node) bool {
	bound := algebra.VarsOf(n)
	for name := range vars {
		if !bound[name] {
			return false
		}
	}
	return true
}

// volatile reports whether e may have another value the next time.
func volatile(e algebra.Expr) bool {
	if c, ok := e.(*algebra.Call); ok {
		switch c.Op {
		case "RAND", "UUID", "STRUUID", "BNODE":
			return true
		}
	}
	for _, a := range algebra.Args(e) {
		if volatile(a) {
			return true
		}
	}
	return false
}
