package reference

import (
	"fmt"
	"slices"
	"sort"

	"qlgraph/graph/rdf"
	"qlgraph/sparql/algebra"
	"qlgraph/sparql/expr"
)

// Eval is eval(D(default graph), n) (§18.6).
func (e *Evaluator) Eval(n algebra.Node) []Solution { return e.eval(n, e.Data.Default) }

func (e *Evaluator) eval(n algebra.Node, g graph) []Solution {
	switch n := n.(type) {
	case *algebra.BGP:
		return e.bgp(n, g)
	case *algebra.PathPattern:
		return e.path(n, g)
	case *algebra.Join:
		return join(e.eval(n.Left, g), e.eval(n.Right, g))
	case *algebra.LeftJoin:
		return e.leftJoin(n, g)
	case *algebra.Filter:
		return e.filter(n.Expr, e.eval(n.Input, g), g)
	case *algebra.Union:
		var all []Solution
		for _, b := range n.Branches {
			all = append(all, e.eval(b, g)...)
		}
		return all
	case *algebra.Minus:
		return minus(e.eval(n.Left, g), e.eval(n.Right, g))
	case *algebra.Graph:
		return e.graph(n, g)
	case *algebra.Extend:
		return e.extend(n, g)
	case *algebra.Table:
		return table(n)
	case *algebra.TextMatch:
		return e.textMatch(n)
	case *algebra.Group:
		return e.group(n, g)
	case *algebra.OrderBy:
		return e.orderBy(n, g)
	case *algebra.Project:
		return project(e.eval(n.Input, g), n.Vars)
	case *algebra.Distinct:
		return distinct(e.eval(n.Input, g))
	case *algebra.Reduced:
		return e.eval(n.Input, g)
	case *algebra.Slice:
		return slice(e.eval(n.Input, g), n.Offset, n.Limit)
	}
	panic(fmt.Sprintf("reference: %T", n))
}

// bgp is §18.3.1: every mapping that makes all the triples members of the graph.
func (e *Evaluator) bgp(n *algebra.BGP, g graph) []Solution {
	solutions := []Solution{{}}
	for _, t := range n.Triples {
		var next []Solution
		for _, s := range solutions {
			for _, q := range g {
				m := merge(s, nil)
				if matches(t.S, q.S, m) && matches(t.P, q.P, m) && matches(t.O, q.O, m) {
					next = append(next, m)
				}
			}
		}
		solutions = next
	}
	return solutions
}

// matches binds the pattern's term to the graph's, if that is possible.
func matches(t algebra.Term, have rdf.Term, m Solution) bool {
	if !t.IsVar() {
		return t.Value == have
	}
	if bound, ok := m[t.Var]; ok {
		return bound == have
	}
	m[t.Var] = have
	return true
}

// join is Join(Ω1, Ω2).
func join(a, b []Solution) []Solution {
	var out []Solution
	for _, x := range a {
		for _, y := range b {
			if compatible(x, y) {
				out = append(out, merge(x, y))
			}
		}
	}
	return out
}

// leftJoin is LeftJoin(Ω1, Ω2, expr) = Filter(expr, Join) ∪ Diff.
func (e *Evaluator) leftJoin(n *algebra.LeftJoin, g graph) []Solution {
	right := e.eval(n.Right, g)
	var out []Solution
	for _, x := range e.eval(n.Left, g) {
		found := false
		for _, y := range right {
			if !compatible(x, y) {
				continue
			}
			m := merge(x, y)
			if n.Expr == nil || e.truth(n.Expr, m, g) {
				found = true
				out = append(out, m)
			}
		}
		if !found {
			out = append(out, x)
		}
	}
	return out
}

func (e *Evaluator) filter(cond algebra.Expr, in []Solution, g graph) []Solution {
	var out []Solution
	for _, s := range in {
		if e.truth(cond, s, g) {
			out = append(out, s)
		}
	}
	return out
}

// minus is Minus(Ω1, Ω2).
func minus(a, b []Solution) []Solution {
	var out []Solution
	for _, x := range a {
		if !slices.ContainsFunc(b, func(y Solution) bool { return compatible(x, y) && !disjoint(x, y) }) {
			out = append(out, x)
		}
	}
	return out
}

// graph is eval(D(G), Graph(IRI, P)) and eval(D(G), Graph(var, P)).
func (e *Evaluator) graph(n *algebra.Graph, g graph) []Solution {
	if !n.Name.IsVar() {
		named, ok := e.Data.Named[n.Name.Value]
		if !ok {
			return nil
		}
		return e.eval(n.Input, named)
	}
	var out []Solution
	for name, named := range e.Data.Named {
		out = append(out, join(e.eval(n.Input, named), []Solution{{n.Name.Var: name}})...)
	}
	return out
}

// extend is Extend(μ, var, expr): an error leaves the variable unbound.
func (e *Evaluator) extend(n *algebra.Extend, g graph) []Solution {
	var out []Solution
	for _, s := range e.eval(n.Input, g) {
		if v := e.value(n.Expr, s, g); !v.IsError() {
			s = merge(s, Solution{n.Var: v.Term()})
		}
		out = append(out, s)
	}
	return out
}

func table(n *algebra.Table) []Solution {
	var out []Solution
	for _, row := range n.Rows {
		s := Solution{}
		for i, t := range row {
			if !t.IsZero() {
				s[n.Vars[i]] = t
			}
		}
		out = append(out, s)
	}
	return out
}

// group is Group, Aggregation and AggregateJoin (§18.5.1).
func (e *Evaluator) group(n *algebra.Group, g graph) []Solution {
	type members struct {
		key  Solution
		rows []Solution
	}
	groups := map[string]*members{}
	var order []string
	for _, s := range e.eval(n.Input, g) {
		key := Solution{}
		for _, k := range n.Keys {
			if v := e.value(k.Expr, s, g); !v.IsError() {
				key[k.Var] = v.Term()
			}
		}
		id := Key(key)
		if groups[id] == nil {
			groups[id] = &members{key: key}
			order = append(order, id)
		}
		groups[id].rows = append(groups[id].rows, s)
	}
	if len(n.Keys) == 0 && len(order) == 0 {
		groups[""] = &members{key: Solution{}}
		order = []string{""}
	}
	var out []Solution
	for _, id := range order {
		m := groups[id]
		for _, a := range n.Aggregates {
			if v := e.aggregate(a.Aggregate, m.rows, g); !v.IsError() {
				m.key[a.Var] = v.Term()
			}
		}
		out = append(out, m.key)
	}
	return out
}

func (e *Evaluator) aggregate(a algebra.Aggregate, rows []Solution, g graph) expr.Value {
	if a.Arg == nil {
		if a.Distinct {
			rows = distinct(rows)
		}
		return expr.Integer(len(rows))
	}
	acc := expr.NewAccumulator(a.Name, a.Separator, e.Env)
	seen := map[rdf.Term]bool{}
	for _, s := range rows {
		v := e.value(a.Arg, s, g)
		if t := v.Term(); a.Distinct {
			if seen[t] {
				continue
			}
			seen[t] = true
		}
		acc.Add(v)
	}
	return acc.Result()
}

func (e *Evaluator) orderBy(n *algebra.OrderBy, g graph) []Solution {
	list := e.eval(n.Input, g)
	sort.SliceStable(list, func(i, j int) bool {
		for _, c := range n.Conditions {
			o := expr.Order(e.value(c.Expr, list[i], g), e.value(c.Expr, list[j], g))
			if c.Desc {
				o = -o
			}
			if o != 0 {
				return o < 0
			}
		}
		return false
	})
	return list
}

func project(in []Solution, vars []string) []Solution {
	out := make([]Solution, len(in))
	for i, s := range in {
		out[i] = Solution{}
		for _, name := range vars {
			if t, ok := s[name]; ok {
				out[i][name] = t
			}
		}
	}
	return out
}

func distinct(in []Solution) []Solution {
	seen := map[string]bool{}
	var out []Solution
	for _, s := range in {
		if k := Key(s); !seen[k] {
			seen[k] = true
			out = append(out, s)
		}
	}
	return out
}

func slice(in []Solution, offset, limit int64) []Solution {
	in = in[min(offset, int64(len(in))):]
	if limit >= 0 {
		in = in[:min(limit, int64(len(in)))]
	}
	return in
}

// Key returns a string that is the same for equal solutions only.
func Key(s Solution) string {
	var names []string
	for name := range s {
		names = append(names, name)
	}
	slices.Sort(names)
	var b []byte
	for _, name := range names {
		b = append(append(b, name...), '=')
		b = append(rdf.AppendTerm(b, s[name]), '\n')
	}
	return string(b)
}
