package plan

import (
	"fmt"

	"qlgraph/sparql/algebra"
)

// ShareAggregates computes an aggregate once that SELECT, HAVING and ORDER BY all
// write down.
//
//	Group(K, a = F(E), b = F(E), P) → Extend(Group(K, a = F(E), P), b, a)
func ShareAggregates(n algebra.Node) algebra.Node {
	g, ok := n.(*algebra.Group)
	if !ok || len(g.Aggregates) < 2 {
		return n
	}
	out := &algebra.Group{Input: g.Input, Keys: g.Keys}
	var result algebra.Node = out
	first := map[string]string{}
	for _, a := range g.Aggregates {
		if a.Arg != nil && unsteady(a.Arg) {
			return n
		}
		key := fmt.Sprintf("%v %q", a.Aggregate, a.Separator)
		if same, ok := first[key]; ok {
			result = &algebra.Extend{Input: result, Var: a.Var, Expr: &algebra.Var{Name: same}}
			continue
		}
		first[key] = a.Var
		out.Aggregates = append(out.Aggregates, a)
	}
	if len(out.Aggregates) == len(g.Aggregates) {
		return n
	}
	return result
}
