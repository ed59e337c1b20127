package syntax

// The checks that the grammar's notes ask for (SPARQL 1.1 §19.8, §18.2.1, §5.1.1,
// SPARQL 1.1 Update §3.1.1) and that the productions cannot express.

// labels remembers in which basic graph pattern each blank node label was seen.
type labels struct {
	p    *parser
	seen map[string]int
	bgp  int
}

func (l *labels) see(t Term) {
	b, ok := t.(*Blank)
	if !ok || b.Label == "" {
		return
	}
	if at, known := l.seen[b.Label]; known && at != l.bgp {
		l.p.failf(b.Pos, "blank node label _:%s is used in two graph patterns", b.Label)
	}
	l.seen[b.Label] = l.bgp
}

func (p *parser) checkQuery(q *Query) {
	p.checkLevel(q, &labels{p: p, seen: map[string]int{}})
}

// checkLevel checks q, a query or subquery.
func (p *parser) checkLevel(q *Query, l *labels) {
	scope := &VarSet{}
	if q.Where != nil {
		p.checkGroup(q.Where, l)
		scope = q.Where.InScope()
	}
	grouped := q.Grouped()
	available := p.checkGroupBy(q, l, scope)
	if q.Select != nil {
		p.checkProjection(q, l, scope, available, grouped)
	}
	for _, e := range q.Modifiers.Having {
		p.checkExpr(e, l, true)
	}
	for _, o := range q.Modifiers.OrderBy {
		p.checkExpr(o.Expr, l, true)
	}
	if q.Values != nil {
		p.checkValues(q.Values)
	}
}

// checkGroupBy returns the variables that the groups have.
func (p *parser) checkGroupBy(q *Query, l *labels, scope *VarSet) *VarSet {
	available := &VarSet{}
	for _, item := range q.Modifiers.GroupBy {
		p.checkExpr(item.Expr, l, false)
		if v, ok := item.Expr.(*Var); ok && item.Var == nil {
			available.Add(v.Name)
		}
		if item.Var != nil {
			if scope.Has(item.Var.Name) {
				p.failf(item.Var.Pos, "?%s is in scope already", item.Var.Name)
			}
			available.Add(item.Var.Name)
		}
	}
	return available
}

func (p *parser) checkProjection(q *Query, l *labels, scope, available *VarSet, grouped bool) {
	if q.Select.Star && grouped {
		p.failf(q.Where.Pos, "SELECT * cannot be used with groups")
	}
	columns := &VarSet{}
	for _, item := range q.Select.Items {
		v := item.Var
		if item.Expr == nil {
			if grouped && !available.Has(v.Name) {
				p.failf(v.Pos, "?%s is neither grouped by nor in an aggregate", v.Name)
			}
			columns.Add(v.Name)
			continue
		}
		p.checkExpr(item.Expr, l, true)
		if grouped {
			p.checkGrouped(item.Expr, available)
		}
		if scope.Has(v.Name) || columns.Has(v.Name) || available.Has(v.Name) {
			p.failf(v.Pos, "?%s is in scope already", v.Name)
		}
		columns.Add(v.Name)
		available.Add(v.Name)
	}
}

// checkGrouped fails where e uses a variable that a group does not have.
func (p *parser) checkGrouped(e Expr, available *VarSet) {
	switch e := e.(type) {
	case *Var:
		if !available.Has(e.Name) {
			p.failf(e.Pos, "?%s is neither grouped by nor in an aggregate", e.Name)
		}
		return
	case *Aggregate:
		return
	}
	for _, x := range operands(e) {
		p.checkGrouped(x, available)
	}
}

func (p *parser) checkGroup(g *Group, l *labels) {
	l.bgp++
	if g.Sub != nil {
		p.checkLevel(g.Sub, l)
		return
	}
	scope := &VarSet{}
	bgp := l.bgp
	for _, e := range g.Elements {
		p.checkElement(e, l, scope, &bgp)
		addElementScope(scope, e)
	}
}

// checkElement checks e, before which scope is in scope. bgp is the basic graph
// pattern that e continues or ends.
func (p *parser) checkElement(e Element, l *labels, scope *VarSet, bgp *int) {
	switch e := e.(type) {
	case *TriplesBlock:
		saved := l.bgp
		l.bgp = *bgp
		walkTerms(e.Triples, l.see)
		l.bgp = saved
		return
	case *Filter: // does not end the basic graph pattern around it
		p.checkExpr(e.Expr, l, false)
		return
	case *Bind:
		p.checkExpr(e.Expr, l, false)
		if scope.Has(e.Var.Name) {
			p.failf(e.Var.Pos, "?%s is in scope already", e.Var.Name)
		}
	case *Values:
		p.checkValues(e)
	}
	for _, g := range nested(e) {
		p.checkGroup(g, l)
	}
	l.bgp++
	*bgp = l.bgp
}

func (p *parser) checkValues(v *Values) {
	seen := &VarSet{}
	for _, x := range v.Vars {
		if seen.Has(x.Name) {
			p.failf(x.Pos, "?%s stands twice in VALUES", x.Name)
		}
		seen.Add(x.Name)
	}
}

// checkExpr checks that aggregates stand only where they may, and the groups
// of EXISTS.
func (p *parser) checkExpr(e Expr, l *labels, aggregates bool) {
	switch e := e.(type) {
	case *Aggregate:
		if !aggregates {
			p.failf(e.Pos, "%s cannot be used here", e.Name)
		}
		aggregates = false
	case *Exists:
		p.checkGroup(e.Group, l)
	}
	for _, x := range operands(e) {
		p.checkExpr(x, l, aggregates)
	}
}

func (p *parser) checkUpdate(u *Update) {
	where := &labels{p: p, seen: map[string]int{}}
	data := &labels{p: p, seen: map[string]int{}}
	for _, op := range u.Operations {
		where.bgp++
		data.bgp++
		switch k := op.Kind.(type) {
		case *InsertData:
			p.checkQuads(k.Quads, data.see, "in INSERT DATA", false, true)
		case *DeleteData:
			p.checkQuads(k.Quads, nil, "in DELETE DATA", false, false)
		case *DeleteWhere:
			p.checkQuads(k.Quads, nil, "in DELETE WHERE", true, false)
		case *Modify:
			p.checkQuads(k.Delete, nil, "in a DELETE template", true, false)
			p.checkQuads(k.Insert, nil, "in an INSERT template", true, true)
			p.checkGroup(k.Where, where)
		}
	}
}

// checkQuads checks that variables and blank nodes stand only where they may.
func (p *parser) checkQuads(list []QuadBlock, see func(Term), where string, vars, blanks bool) {
	check := func(t Term) {
		switch t := t.(type) {
		case *Var:
			if !vars {
				p.failf(t.Pos, "a variable cannot be used %s", where)
			}
		case *Blank:
			p.checkBlank(t.Pos, where, blanks)
		case *BlankProperties:
			p.checkBlank(t.Pos, where, blanks)
		case *Collection:
			p.checkBlank(t.Pos, where, blanks || len(t.Items) == 0)
		}
		if see != nil {
			see(t)
		}
	}
	for _, b := range list {
		if b.Graph != nil {
			check(b.Graph)
		}
		walkTerms(b.Triples, check)
	}
}

func (p *parser) checkBlank(pos Pos, where string, allowed bool) {
	if !allowed {
		p.failf(pos, "a blank node cannot be used %s", where)
	}
}
