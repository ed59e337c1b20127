package algebra

import "qlgraph/graph/rdf"

// Substitute replaces variables by terms wherever they occur in n (SPARQL 1.1
// §18.6, substitute). In a subquery only the variables that it projects are the
// same ones.
func Substitute(n Node, values map[string]rdf.Term) Node {
	if len(values) == 0 {
		return n
	}
	s := substitution(values)
	if p, ok := n.(*Project); ok {
		return s.project(p)
	}
	return s.own(withInputs(n, func(c Node) Node { return Substitute(c, values) }))
}

// Bind is Substitute for the pattern of a whole query. The query's own
// projection, unlike that of a subquery, hides no variable: a filter below it
// sees the values of variables that it does not return.
func Bind(n Node, values map[string]rdf.Term) Node {
	switch n := n.(type) {
	case *Distinct, *Reduced, *Slice:
		return withInputs(n, func(c Node) Node { return Bind(c, values) })
	case *Project:
		return &Project{Input: Substitute(n.Input, values), Vars: n.Vars}
	}
	return Substitute(n, values)
}

type substitution map[string]rdf.Term

func (s substitution) term(t Term) Term {
	if v, ok := s[t.Var]; ok && t.IsVar() {
		return Term{Value: v}
	}
	return t
}

func (s substitution) project(p *Project) Node {
	visible := map[string]rdf.Term{}
	for _, name := range p.Vars {
		if v, ok := s[name]; ok {
			visible[name] = v
		}
	}
	return &Project{Input: Substitute(p.Input, visible), Vars: p.Vars}
}

// service replaces the name; the values of other variables are joined, since the
// pattern is evaluated elsewhere.
func (s substitution) service(n *Service) Node {
	c := *n
	c.Name = s.term(n.Name)
	values := &Table{Rows: [][]rdf.Term{nil}}
	for _, name := range n.Vars {
		if v, ok := s[name]; ok {
			values.Vars = append(values.Vars, name)
			values.Rows[0] = append(values.Rows[0], v)
		}
	}
	if len(values.Vars) == 0 {
		return &c
	}
	return &Join{Left: values, Right: &c}
}

// own replaces in n itself; its inputs are done.
func (s substitution) own(n Node) Node {
	switch n := n.(type) {
	case *BGP:
		b := &BGP{}
		for _, t := range n.Triples {
			b.Triples = append(b.Triples, Triple{S: s.term(t.S), P: s.term(t.P), O: s.term(t.O)})
		}
		return b
	case *PathPattern:
		return &PathPattern{S: s.term(n.S), Path: n.Path, O: s.term(n.O)}
	case *Graph:
		return &Graph{Name: s.term(n.Name), Input: n.Input}
	case *Service:
		return s.service(n)
	case *Table:
		return s.table(n)
	case *TextMatch:
		return &TextMatch{Text: n.Text, Range: n.Range, Literal: s.term(n.Literal), Score: s.term(n.Score)}
	case *Filter:
		return &Filter{Expr: s.expr(n.Expr), Input: n.Input}
	case *LeftJoin:
		if n.Expr != nil {
			return &LeftJoin{Left: n.Left, Right: n.Right, Expr: s.expr(n.Expr)}
		}
	case *Extend:
		if v, ok := s[n.Var]; ok { // BIND to a value that is fixed is a test
			return &Filter{Expr: &Call{Op: "SAMETERM", Args: []Expr{s.expr(n.Expr), &Const{Value: v}}}, Input: n.Input}
		}
		return &Extend{Input: n.Input, Var: n.Var, Expr: s.expr(n.Expr)}
	case *OrderBy:
		o := &OrderBy{Input: n.Input}
		for _, c := range n.Conditions {
			o.Conditions = append(o.Conditions, Condition{Expr: s.expr(c.Expr), Desc: c.Desc})
		}
		return o
	case *Group:
		return s.group(n)
	}
	return n
}

func (s substitution) group(n *Group) Node {
	g := &Group{Input: n.Input}
	for _, k := range n.Keys {
		g.Keys = append(g.Keys, Binding{Var: k.Var, Expr: s.expr(k.Expr)})
	}
	for _, a := range n.Aggregates {
		if a.Arg != nil {
			a.Arg = s.expr(a.Arg)
		}
		g.Aggregates = append(g.Aggregates, a)
	}
	return g
}

// table keeps the rows that agree, without the columns that are fixed.
func (s substitution) table(n *Table) Node {
	t := &Table{}
	var kept []int
	for i, name := range n.Vars {
		if _, ok := s[name]; !ok {
			t.Vars = append(t.Vars, name)
			kept = append(kept, i)
		}
	}
	for _, row := range n.Rows {
		agrees := true
		for i, name := range n.Vars {
			if v, ok := s[name]; ok && !row[i].IsZero() && row[i] != v {
				agrees = false
			}
		}
		if !agrees {
			continue
		}
		out := make([]rdf.Term, len(kept))
		for i, c := range kept {
			out[i] = row[c]
		}
		t.Rows = append(t.Rows, out)
	}
	return t
}

func (s substitution) expr(e Expr) Expr {
	list := func(args []Expr) []Expr {
		out := make([]Expr, len(args))
		for i, a := range args {
			out[i] = s.expr(a)
		}
		return out
	}
	switch e := e.(type) {
	case *Var:
		if v, ok := s[e.Name]; ok {
			return &Const{Value: v}
		}
	case *Call:
		return &Call{Op: e.Op, Args: list(e.Args)}
	case *Function:
		return &Function{IRI: e.IRI, Args: list(e.Args)}
	case *Exists:
		return &Exists{Not: e.Not, Pattern: Substitute(e.Pattern, s)}
	}
	return e
}
