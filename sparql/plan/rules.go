package plan

import (
	"qlgraph/sparql/algebra"
	"qlgraph/sparql/expr"
)

// Rules are the choices that a planner may make. Each can be turned off.
type Rules struct {
	Rewrites    []Rule // of the algebra, in this order
	Fold        bool   // constants evaluated, before Rewrites
	Order       bool   // joins by cost, not as written
	PushFilters bool   // filters as early as possible
	Tables      bool   // filters that list terms become tables
	Ranges      bool   // filters that compare with constants limit what is read
	Seek        bool   // joins by looking up in an index
	Leapfrog    bool   // cyclic patterns joined all at once
	Correlate   bool   // OPTIONAL and EXISTS starting from the rows that ask
	TopK        bool   // a heap for ORDER BY with LIMIT
	Counts      bool   // counts without rows
	Eager       bool   // groups before labels are joined
	Prune       bool   // columns that nobody needs are not carried
	Always      bool   // what is legal is done, gain or not: for tests
}

// Rule rewrites a node of the algebra whose inputs are rewritten already. It
// returns the node itself where there is nothing to do.
type Rule func(algebra.Node) algebra.Node

// All is every rule.
func All() Rules {
	return Rules{
		Fold:     true,
		Rewrites: []Rule{DropEmpty, DropDistinct, ShareAggregates, DistinctBeforeSort, SplitFilter, PushFilter, PushLimit},
		Order:    true, PushFilters: true, Tables: true, Ranges: true, Seek: true, Leapfrog: true, Correlate: true, TopK: true, Counts: true, Eager: true, Prune: true,
	}
}

// Bold is All, with the rules that wait for an estimate of their gain applied
// wherever they are legal. Tests on small data need it.
func Bold() Rules {
	r := All()
	r.Always = true
	return r
}

// None is no rule: every pattern is scanned and joined by hashing in the order
// written.
func None() Rules { return Rules{} }

// rewrite applies the rewrites to every node, inputs first.
func (r Rules) rewrite(n algebra.Node, env *expr.Env) algebra.Node {
	if r.Fold {
		n = algebra.Map(n, Fold(env))
	}
	for _, rule := range r.Rewrites {
		n = algebra.Map(n, rule)
	}
	return n
}

// countBinders counts for each variable how many operators of n bind it.
func countBinders(n algebra.Node) map[string]int {
	counts := map[string]int{}
	var visit func(algebra.Node)
	var visitExpr func(algebra.Expr)
	visitExpr = func(e algebra.Expr) {
		if x, ok := e.(*algebra.Exists); ok {
			visit(x.Pattern)
		}
		for _, a := range algebra.Args(e) {
			visitExpr(a)
		}
	}
	visit = func(n algebra.Node) {
		walk(n, func(n algebra.Node) {
			for _, name := range binds(n) {
				counts[name]++
			}
			for _, e := range algebra.Exprs(n) {
				visitExpr(e)
			}
		})
	}
	visit(n)
	return counts
}

// binds lists the variables that n itself binds.
func binds(n algebra.Node) []string {
	switch n := n.(type) {
	case *algebra.BGP:
		set := &nameSet{}
		for _, t := range n.Triples {
			set.add(termVars(t.S, t.P, t.O)...)
		}
		return set.names
	case *algebra.PathPattern:
		return termVars(n.S, n.O)
	case *algebra.TextMatch:
		return termVars(n.Literal, n.Score)
	case *algebra.Table:
		return n.Vars
	case *algebra.Service:
		return n.Vars
	case *algebra.Graph:
		return termVars(n.Name)
	case *algebra.Extend:
		return []string{n.Var}
	case *algebra.Group:
		var list []string
		for _, k := range n.Keys {
			if v, ok := k.Expr.(*algebra.Var); !ok || v.Name != k.Var {
				list = append(list, k.Var)
			}
		}
		for _, a := range n.Aggregates {
			list = append(list, a.Var)
		}
		return list
	}
	return nil
}
