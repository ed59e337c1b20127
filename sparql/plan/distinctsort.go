package plan

import "qlgraph/sparql/algebra"

// DistinctBeforeSort drops duplicates before sorting where the sort keys use
// projected variables only: there is less to sort, and a LIMIT above then needs
// a heap only.
//
//	Distinct(Project(OrderBy(P, keys), V)) → OrderBy(Distinct(Project(P, V)), keys)
func DistinctBeforeSort(n algebra.Node) algebra.Node {
	d, ok := n.(*algebra.Distinct)
	if !ok {
		return n
	}
	p, ok := d.Input.(*algebra.Project)
	if !ok {
		return n
	}
	o, ok := p.Input.(*algebra.OrderBy)
	if !ok {
		return n
	}
	for _, c := range o.Conditions {
		vars := map[string]bool{}
		algebra.ExprVars(c.Expr, vars)
		for name := range vars {
			if !contains(p.Vars, name) {
				return n
			}
		}
		if hasExists(c.Expr) {
			return n
		}
	}
	return &algebra.OrderBy{
		Input:      &algebra.Distinct{Input: &algebra.Project{Input: o.Input, Vars: p.Vars}},
		Conditions: o.Conditions,
	}
}
