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
