package plan

import (
	"fmt"

	"qlgraph/sparql/algebra"
)

// dissolve returns the patterns that a path without *, + and ? at its top stands
// for (SPARQL 1.1 §18.4), which can be looked up in indexes and joined in any
// order; n itself where there is nothing to dissolve.
//
//	Path(X, seq(P, Q), Y)      → Join(P from X to ?m, Q from ?m to Y)
//	Path(X, alt(P, inv(Q)), Y) → Union(P from X to Y, Q from Y to X)
//	Path(X, nps(a b), Y)       → Filter(?p NOT IN (a, b), BGP(X ?p Y))
//
// Each keeps its own duplicates, as the path does.
func (b *builder) dissolve(n *algebra.PathPattern) algebra.Node {
	switch p := n.Path.(type) {
	case *algebra.Link:
		return &algebra.BGP{Triples: []algebra.Triple{{S: n.S, P: algebra.Term{Value: p.IRI}, O: n.O}}}
	case *algebra.Inverse:
		return b.dissolve(&algebra.PathPattern{S: n.O, Path: p.Path, O: n.S})
	case *algebra.Sequence:
		mid := algebra.Term{Var: b.pathVar()}
		return &algebra.Join{
			Left:  b.dissolve(&algebra.PathPattern{S: n.S, Path: p.Left, O: mid}),
			Right: b.dissolve(&algebra.PathPattern{S: mid, Path: p.Right, O: n.O}),
		}
	case *algebra.Alternative:
		u := &algebra.Union{}
		for _, q := range p.Paths {
			u.Branches = append(u.Branches, b.dissolve(&algebra.PathPattern{S: n.S, Path: q, O: n.O}))
		}
		return u
	case *algebra.NegatedSet:
		name := b.pathVar()
		others := &algebra.Call{Op: "NOT IN", Args: []algebra.Expr{&algebra.Var{Name: name}}}
		for _, i := range p.IRIs {
			others.Args = append(others.Args, &algebra.Const{Value: i})
		}
		return &algebra.Filter{
			Expr:  others,
			Input: &algebra.BGP{Triples: []algebra.Triple{{S: n.S, P: algebra.Term{Var: name}, O: n.O}}},
		}
	}
	return n
}

// pathVar names a variable that nobody sees.
func (b *builder) pathVar() string {
	b.pathVars++
	return fmt.Sprintf(".path%d", b.pathVars)
}

// closes reports whether p has a *, + or ? that dissolve leaves.
func closes(p algebra.Path) bool {
	switch p := p.(type) {
	case *algebra.Inverse:
		return closes(p.Path)
	case *algebra.Sequence:
		return closes(p.Left) || closes(p.Right)
	case *algebra.Alternative:
		for _, q := range p.Paths {
			if closes(q) {
				return true
			}
		}
	case *algebra.ZeroOrMore, *algebra.OneOrMore, *algebra.ZeroOrOne:
		return true
	}
	return false
}

// addPath adds what n dissolves to, or n.
func (g *joinGroup) addPath(n *algebra.PathPattern) {
	switch d := g.b.dissolve(n).(type) {
	case *algebra.PathPattern:
		g.add(&element{path: d, reach: g.b.reach(d), vars: g.withGraph(termVars(d.S, d.O))})
	case *algebra.Union:
		e := &element{union: d, est: g.b.reach(n).estimate(n, nil), vars: g.withGraph(termVars(n.S, n.O))}
		e.follow = leavesNode(n, func(t algebra.Term) bool { return t.IsVar() && !g.b.stays(t) })
		g.add(e)
	default:
		g.collect(d)
	}
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
	if b.env.Rules.Correlate && sharesOne(p, e.vars) && (e.follow || e.seekUnionCost(p.Rows) < hashCost(p, e)) {
		return b.apply(InnerJoin, cur, e.union, nil, act)
	}
	return b.hashJoin(InnerJoin, cur, b.node(e.union, act), nil, act)
}

// stays reports whether an end of a path is a variable to the specification: no
// constant, and none that an EXISTS replaces by one.
func (b *builder) stays(t algebra.Term) bool { return t.IsVar() && b.substituted[t.Var] == 0 }

// joinPath joins a path to what is planned: it is walked from the ends that are
// known.
func (b *builder) joinPath(cur Node, e *element, g *joinGroup) Node {
	p := &Path{S: b.slot(e.path.S), O: b.slot(e.path.O), Path: e.path.Path, Graphs: g.act.Graphs}
	// SPARQL 1.1 §18.4: a constant end counts as a node, and so does a value
	// that EXISTS substitutes; a value that a pattern matches is one.
	p.Nodes = b.stays(e.path.S) && b.stays(e.path.O) && !g.atNode(e.path.S) && !g.atNode(e.path.O)
	columns := &nameSet{}
	rows := 1.0
	distinct := map[string]float64{}
	if cur != nil && b.env.Rules.Seek && sharesOne(cur.Output(), e.vars) {
		in := cur.Output()
		p.Input, rows = cur, in.Rows
		columns.add(in.Columns...)
		p.Maybe, p.Order = in.Maybe, in.Order
		for _, v := range e.vars {
			if in.Has(v) {
				distinct[v] = in.Rows
			}
		}
	}
	p.Backward = e.backward(rows, distinct)
	columns.add(e.vars...)
	p.Columns = columns.names
	est := e.reach.estimate(e.path, distinct)
	p.Props.Rows = max(1, joinedRows(&state{rows: rows, distinct: distinct}, est.rows, est.distinct))
	if cur == nil || p.Input != nil {
		return p
	}
	return b.hashJoin(InnerJoin, cur, p, nil, g.act)
}

// backward reports whether a path both of whose ends are known is better walked
// from its object. One walk from a constant serves all rows, but may lead to
// everything that there is, where the walks from the rows lead to little each.
func (e *element) backward(rows float64, distinct map[string]float64) bool {
	from := func(t algebra.Term, each, all float64) float64 {
		if !t.IsVar() {
			return worstReach(each, all)
		}
		return min(rows, max(1, distinct[t.Var])) * each
	}
	r := e.reach
	return from(e.path.O, r.backward(), r.starts) < from(e.path.S, r.forward(), r.ends)
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

// atNode reports whether the patterns of the group make sure that a variable is
// a node of the graph: the subject or the object of one of them.
func (g *joinGroup) atNode(t algebra.Term) bool {
	for _, e := range g.elements {
		if e.pattern != nil && (e.pattern.S.Var == t.Var || e.pattern.O.Var == t.Var) {
			return true
		}
	}
	return false
}
