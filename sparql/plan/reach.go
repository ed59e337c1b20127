package plan

import (
	"qlgraph/graph"
	"qlgraph/sparql/algebra"
)

// reach estimates a property path: how many pairs of nodes it connects, and how
// many nodes are the first and the second of a pair. Where zero is set every
// node is connected with itself besides.
type reach struct {
	pairs, starts, ends float64
	zero                bool
}

// forward and backward are the number of nodes that one end is connected with.
func (r reach) forward() float64  { return r.pairs / max(1, r.starts) }
func (r reach) backward() float64 { return r.pairs / max(1, r.ends) }

func (r reach) inverse() reach { return reach{r.pairs, r.ends, r.starts, r.zero} }

// worstReach is how many of all nodes a walk may lead to that leads to each on
// average: where it does not branch out it ends soon.
func worstReach(each, all float64) float64 {
	const depth = 16
	if each <= depth/4 {
		return min(all, depth)
	}
	return all
}

// reach estimates the path of n from the statistics of its predicates.
func (b *builder) reach(n *algebra.PathPattern) reach { return b.reachOf(n.Path) }

func (b *builder) reachOf(p algebra.Path) reach {
	switch p := p.(type) {
	case *algebra.Link:
		return b.linked(algebra.Term{Value: p.IRI})
	case *algebra.NegatedSet:
		return b.linkedByAny()
	case *algebra.Inverse:
		return b.reachOf(p.Path).inverse()
	case *algebra.Sequence:
		return inSequence(b.reachOf(p.Left), b.reachOf(p.Right))
	case *algebra.Alternative:
		var r reach
		for _, q := range p.Paths {
			branch := b.reachOf(q)
			r.pairs, r.starts, r.ends = r.pairs+branch.pairs, r.starts+branch.starts, r.ends+branch.ends
			r.zero = r.zero || branch.zero
		}
		return r
	case *algebra.ZeroOrOne:
		r := b.reachOf(p.Path)
		r.zero = true
		return r
	case *algebra.ZeroOrMore:
		r := b.reachOf(p.Path).repeated()
		r.zero = true
		return r
	case *algebra.OneOrMore:
		return b.reachOf(p.Path).repeated()
	}
	return reach{}
}

// linkedByAny estimates all triples: a negated set leaves few out.
func (b *builder) linkedByAny() reach {
	s, ok := b.env.Snapshot.(graph.DatasetStatistics)
	if !ok {
		return b.linked(algebra.Term{Var: "p"})
	}
	t, err := s.Totals()
	b.fail(err)
	return reach{pairs: float64(t.Triples), starts: float64(t.Subjects), ends: float64(t.Objects)}
}

// linked estimates the triples with a predicate.
func (b *builder) linked(predicate algebra.Term) reach {
	p, ok := b.pattern(algebra.Triple{S: algebra.Term{Var: "s"}, P: predicate, O: algebra.Term{Var: "o"}}, Active{Graphs: b.env.Default})
	if !ok {
		return reach{}
	}
	p.Graphs = graph.Union() // what the statistics are about
	e := b.estimatePattern(&p)
	return reach{pairs: e.rows, starts: e.distinct["s"], ends: e.distinct["o"]}
}

// inSequence is l/r: an end of l is a start of r with the probability that the
// numbers allow.
func inSequence(l, r reach) reach {
	out := reach{zero: l.zero && r.zero}
	out.pairs = l.pairs * r.pairs / max(1, l.ends, r.starts)
	out.starts, out.ends = min(l.starts, out.pairs), min(r.ends, out.pairs)
	if r.zero { // what l leads to is an end
		out.pairs, out.starts, out.ends = out.pairs+l.pairs, l.starts, out.ends+l.ends
	}
	if l.zero {
		out.pairs, out.starts, out.ends = out.pairs+r.pairs, out.starts+r.starts, max(out.ends, r.ends)
	}
	return out
}

// repeated is r+, of which two levels are counted: hierarchies are seldom deep,
// and a constant in a query is seldom their top.
func (r reach) repeated() reach {
	each := r.forward()
	next := each * min(1, r.starts/max(1, r.ends))
	return reach{pairs: r.starts * min(max(1, r.ends), each*(1+next)), starts: r.starts, ends: r.ends, zero: r.zero}
}

// estimate returns the rows of the path of n and the values of its variables,
// where distinct says how many values the variables have that are known.
func (r reach) estimate(n *algebra.PathPattern, distinct map[string]float64) estimate {
	e := estimate{rows: r.pairs, distinct: map[string]float64{}}
	starts, ends := r.starts, r.ends
	if r.zero { // each node that is known is connected with itself
		known := max(distinct[n.S.Var], distinct[n.O.Var], 1)
		if distinct[n.S.Var] == 0 && distinct[n.O.Var] == 0 && n.S.IsVar() && n.O.IsVar() {
			known = max(known, everyNode)
		}
		starts, ends = max(starts, known), max(ends, known)
		e.rows += max(starts, ends)
	}
	if !n.S.IsVar() {
		e.rows /= max(1, starts)
	} else {
		e.distinct[n.S.Var] = max(1, min(starts, e.rows))
	}
	if !n.O.IsVar() {
		e.rows /= max(1, ends)
	} else {
		e.distinct[n.O.Var] = max(1, min(ends, e.rows))
	}
	return e
}

// everyNode stands for the number of nodes of a graph.
const everyNode = 1e6
