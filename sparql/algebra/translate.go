package algebra

import (
	"strconv"

	"qlgraph/graph/rdf"
	"qlgraph/sparql/syntax"
)

// The translation from syntax to algebra, in the order of SPARQL 1.1 §18.2.
// Names are the specification's.

// Options are what a translation needs beside the query.
type Options struct {
	Base     string            // resolves relative IRIs before any BASE
	Prefixes map[string]string // known without a declaration
}

// Translate translates q. An error is a *syntax.Error: an undeclared prefix or
// a relative IRI that no base resolves.
func Translate(q *syntax.Query, opts Options) (alg *Query, err error) {
	t := newTranslator(q.Text, opts)
	defer t.recover(&err)
	t.declare(q.Prologue)
	alg = &Query{Form: forms[q.Form], Base: t.base}
	if len(q.Dataset) > 0 {
		alg.Dataset = t.dataset(q.Dataset)
	}
	alg.Pattern = t.query(q)
	switch q.Form {
	case syntax.Select:
		alg.Columns = q.Columns()
	case syntax.Construct:
		alg.Template = t.template([]syntax.QuadBlock{{Triples: q.Template}})
	case syntax.Describe:
		alg.Describe = t.describe(q)
	}
	return alg, nil
}

var forms = map[syntax.Form]Form{
	syntax.Select: Select, syntax.Construct: Construct, syntax.Describe: Describe, syntax.Ask: Ask,
}

// translator carries the names in force and numbers fresh variables.
type translator struct {
	text     string
	base     string
	prefixes map[string]string
	fresh    int
}

func (t *translator) freshVar(kind string) string {
	t.fresh++
	return "." + kind + strconv.Itoa(t.fresh)
}

func (t *translator) describe(q *syntax.Query) []Term {
	var list []Term
	for _, x := range q.Describe {
		list = append(list, t.term(x))
	}
	if q.Describe == nil && q.Where != nil {
		for _, name := range q.Where.InScope().Names {
			list = append(list, Term{Var: name})
		}
	}
	return list
}

func (t *translator) dataset(list []syntax.DatasetClause) *Dataset {
	d := &Dataset{}
	for _, c := range list {
		iri := t.resolve(c.Graph)
		if c.Named {
			d.Named = append(d.Named, iri)
		} else {
			d.Default = append(d.Default, iri)
		}
	}
	return d
}

// query translates a query or subquery: §18.2.2 its pattern, §18.2.4 groups,
// aggregates and expressions, §18.2.5 the modifiers.
func (t *translator) query(q *syntax.Query) Node {
	var p Node = &BGP{}
	if q.Where != nil {
		p = t.group(q.Where)
	}
	g := t.grouping(q)
	if g != nil {
		p = &Group{Input: p, Keys: g.keys}
	}
	// §18.2.4.2 HAVING
	having := make([]Expr, len(q.Modifiers.Having))
	for i, e := range q.Modifiers.Having {
		having[i] = g.outputExpr(t, e)
	}
	extends, columns := t.selectExpressions(q, g)
	conditions := make([]Condition, len(q.Modifiers.OrderBy))
	for i, o := range q.Modifiers.OrderBy {
		g.define(extends)
		conditions[i] = Condition{Expr: g.outputExpr(t, o.Expr), Desc: o.Desc}
	}
	if g != nil {
		p.(*Group).Aggregates = g.aggregates
	}
	for _, e := range having {
		p = &Filter{Expr: e, Input: p}
	}
	// §18.2.4.3 VALUES
	if q.Values != nil {
		p = join(p, t.table(q.Values))
	}
	// §18.2.4.4 SELECT expressions
	for _, b := range extends {
		p = &Extend{Input: p, Var: b.Var, Expr: b.Expr}
	}
	return modifiers(q, p, conditions, columns)
}

// selectExpressions returns what SELECT computes and what it projects.
func (t *translator) selectExpressions(q *syntax.Query, g *grouping) (extends []Binding, columns []string) {
	if q.Select == nil {
		return nil, nil
	}
	for _, item := range q.Select.Items {
		if item.Expr != nil {
			g.define(extends)
			extends = append(extends, Binding{Var: item.Var.Name, Expr: g.outputExpr(t, item.Expr)})
		}
	}
	return extends, q.Columns()
}

// modifiers is §18.2.5: OrderBy, Project, Distinct or Reduced, Slice.
func modifiers(q *syntax.Query, p Node, conditions []Condition, columns []string) Node {
	if len(conditions) > 0 {
		p = &OrderBy{Input: p, Conditions: conditions}
	}
	if q.Select != nil {
		p = &Project{Input: p, Vars: columns}
		switch {
		case q.Select.Distinct:
			p = &Distinct{Input: p}
		case q.Select.Reduced:
			p = &Reduced{Input: p}
		}
	}
	if m := q.Modifiers; m.Limit != nil || m.Offset != nil {
		s := &Slice{Input: p, Limit: -1}
		if m.Limit != nil {
			s.Limit = *m.Limit
		}
		if m.Offset != nil {
			s.Offset = *m.Offset
		}
		p = s
	}
	return p
}

// group is §18.2.2.6, Translate(GroupGraphPattern).
func (t *translator) group(g *syntax.Group) Node {
	if g.Sub != nil {
		return t.query(g.Sub)
	}
	filters := t.collectFilters(g)
	var p Node = &BGP{}
	for _, e := range mergeBlocks(g.Elements) {
		p = t.element(p, e)
	}
	// §18.2.2.7 Filters of Group
	if len(filters) > 0 {
		p = &Filter{Expr: conjunction(filters), Input: p}
	}
	return p
}

// collectFilters is §18.2.2.2.
func (t *translator) collectFilters(g *syntax.Group) []Expr {
	var list []Expr
	for _, e := range g.Elements {
		if f, ok := e.(*syntax.Filter); ok {
			list = append(list, t.expr(f.Expr))
		}
	}
	return list
}

func conjunction(list []Expr) Expr {
	if len(list) == 1 {
		return list[0]
	}
	return &Call{Op: "&&", Args: list}
}

// element adds one element of a group to p, what came before it.
func (t *translator) element(p Node, e syntax.Element) Node {
	switch e := e.(type) {
	case *syntax.Optional:
		inner := t.group(e.Group)
		if f, ok := inner.(*Filter); ok && e.Group.Sub == nil {
			return &LeftJoin{Left: p, Right: f.Input, Expr: f.Expr}
		}
		return &LeftJoin{Left: p, Right: inner}
	case *syntax.Minus:
		return &Minus{Left: p, Right: t.group(e.Group)}
	case *syntax.Bind:
		return &Extend{Input: p, Var: e.Var.Name, Expr: t.expr(e.Expr)}
	case *syntax.Filter: // collected above
		return p
	case *syntax.TriplesBlock:
		for _, part := range t.triplesBlock(e) {
			p = join(p, part)
		}
		return p
	}
	return join(p, t.pattern(e))
}

// pattern translates the elements that are joined.
func (t *translator) pattern(e syntax.Element) Node {
	switch e := e.(type) {
	case *syntax.Union:
		if len(e.Branches) == 1 {
			return t.group(e.Branches[0])
		}
		u := &Union{}
		for _, g := range e.Branches {
			u.Branches = append(u.Branches, t.group(g))
		}
		return u
	case *syntax.GraphPattern:
		return &Graph{Name: t.term(e.Name), Input: t.group(e.Group)}
	case *syntax.ServicePattern:
		return t.service(e)
	case *syntax.Values:
		return t.table(e)
	}
	panic("algebra: unknown element")
}

// join is Join(l, r) with the simplification of §18.2.2.8: Join(Z, A) = A.
func join(l, r Node) Node {
	if isZ(l) {
		return r
	}
	if isZ(r) {
		return l
	}
	return &Join{Left: l, Right: r}
}

func isZ(n Node) bool {
	b, ok := n.(*BGP)
	return ok && len(b.Triples) == 0
}

func (t *translator) table(v *syntax.Values) Node {
	tab := &Table{}
	for _, x := range v.Vars {
		tab.Vars = append(tab.Vars, x.Name)
	}
	for _, row := range v.Rows {
		out := make([]rdf.Term, len(row))
		for i, x := range row {
			if x != nil {
				out[i] = t.term(x).Value
			}
		}
		tab.Rows = append(tab.Rows, out)
	}
	return tab
}
