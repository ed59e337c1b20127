package plan

import "qlgraph/sparql/algebra"

// alternatives returns the union that a path of alternative predicates stands
// for, which can be looked up in indexes; nil for other paths.
//
//	Path(X, alt(link(a), inv(link(b))), Y) → Union(BGP(X a Y), BGP(Y b X))
//
// Each alternative keeps its own duplicates (SPARQL 1.1 §18.4).
func alternatives(n *algebra.PathPattern) *algebra.Union {
	alt, ok := n.Path.(*algebra.Alternative)
	if !ok {
		return nil
	}
	u := &algebra.Union{}
	for _, p := range alt.Paths {
		t := algebra.Triple{S: n.S, O: n.O}
		if inv, ok := p.(*algebra.Inverse); ok {
			p, t.S, t.O = inv.Path, n.O, n.S
		}
		l, ok := p.(*algebra.Link)
		if !ok {
			return nil
		}
		t.P = algebra.Term{Value: l.IRI}
		u.Branches = append(u.Branches, &algebra.BGP{Triples: []algebra.Triple{t}})
	}
	return u
}

// addAlternatives adds a union of single patterns, which joins by looking up.
func (g *joinGroup) addAlternatives(n *algebra.PathPattern, u *algebra.Union) {
	e := &element{union: u, vars: termVars(n.S, n.O), est: estimate{distinct: map[string]float64{}}}
	for _, c := range u.Branches {
		p, ok := g.b.pattern(c.(*algebra.BGP).Triples[0], g.act)
		if !ok {
			continue
		}
		est := g.b.estimatePattern(&p)
		e.est.rows += est.rows
		for v, d := range est.distinct {
			e.est.distinct[v] += d
		}
	}
	g.add(e)
}

// seekUnionCost is the cost of looking rows up in each branch of e.
func (e *element) seekUnionCost(rows float64) float64 {
	return rows * costSeek * float64(len(e.union.Branches))
}

// joinUnion joins alternatives to what is planned.
func (b *builder) joinUnion(cur Node, e *element, act Active) Node {
	if cur == nil {
		return b.node(e.union, act)
	}
	p := cur.Output()
	if b.env.Rules.Correlate && sharesOne(p, e.vars) && e.seekUnionCost(p.Rows) < hashCost(p, e) {
		return b.apply(InnerJoin, cur, e.union, nil, act)
	}
	return b.hashJoin(InnerJoin, cur, b.node(e.union, act), nil, act)
}

// stays reports whether an end of a path is a variable to the specification: no
// constant, and none that an EXISTS replaces by one.
func (b *builder) stays(t algebra.Term) bool { return t.IsVar() && b.substituted[t.Var] == 0 }

func (b *builder) joinPath(cur Node, e *element, act Active) Node {
	p := &Path{S: b.slot(e.path.S), O: b.slot(e.path.O), Path: e.path.Path, Graphs: act.Graphs}
	// SPARQL 1.1 §18.4: a constant end counts as a node, and so does a value
	// that EXISTS substitutes.
	p.Nodes = b.stays(e.path.S) && b.stays(e.path.O)
	bound := func(string) bool { return false }
	columns := &nameSet{}
	rows := 1.0
	if cur != nil && b.env.Rules.Seek && sharesOne(cur.Output(), e.vars) {
		in := cur.Output()
		p.Input, bound, rows = cur, in.Certain, in.Rows
		columns.add(in.Columns...)
		p.Maybe, p.Order = in.Maybe, in.Order
	}
	columns.add(e.vars...)
	p.Columns, p.Props.Rows = columns.names, max(1, rows*estimatePath(e.path, bound))
	if cur == nil || p.Input != nil {
		return p
	}
	return b.hashJoin(InnerJoin, cur, p, nil, act)
}

// sharesOne reports whether p has one of vars and is certain of those it has.
func sharesOne(p *Props, vars []string) bool {
	shared := false
	for _, v := range vars {
		if p.Maybe[v] {
			return false
		}
		shared = shared || p.Has(v)
	}
	return shared
}
