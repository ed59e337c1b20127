package reference

import (
	"fmt"
	"slices"

	"qlgraph/graph/rdf"
	"qlgraph/sparql/algebra"
)

// pair is the two ends of a path.
type pair struct{ from, to rdf.Term }

// path is eval(D(G), Path(X, path, Y)) (§18.4). Inverse, sequence and alternative
// are defined by paths between terms and variables again, so that the middle of
// a sequence is a variable, which only nodes of the graph match.
func (e *Evaluator) path(n *algebra.PathPattern, g graph) []Solution {
	switch p := n.Path.(type) {
	case *algebra.Inverse:
		return e.path(&algebra.PathPattern{S: n.O, Path: p.Path, O: n.S}, g)
	case *algebra.Sequence:
		mid := algebra.Term{Var: fmt.Sprintf(".mid%p", p)}
		both := join(e.path(&algebra.PathPattern{S: n.S, Path: p.Left, O: mid}, g), e.path(&algebra.PathPattern{S: mid, Path: p.Right, O: n.O}, g))
		for _, m := range both {
			delete(m, mid.Var)
		}
		return both
	case *algebra.Alternative:
		var all []Solution
		for _, q := range p.Paths {
			all = append(all, e.path(&algebra.PathPattern{S: n.S, Path: q, O: n.O}, g)...)
		}
		return all
	}
	return e.connected(n, g)
}

// connected returns the pairs that a path connects, matched with its ends.
func (e *Evaluator) connected(n *algebra.PathPattern, g graph) []Solution {
	nodes := nodesOf(g)
	// A term in the query is a node for paths that need no triple
	// (ZeroLengthPath with a term at either end).
	for _, t := range []algebra.Term{n.S, n.O} {
		if !t.IsVar() && !slices.Contains(nodes, t.Value) {
			nodes = append(nodes, t.Value)
		}
	}
	var out []Solution
	for _, p := range pairs(n.Path, g, nodes) {
		m := Solution{}
		if matches(n.S, p.from, m) && matches(n.O, p.to, m) {
			out = append(out, m)
		}
	}
	return out
}

// nodesOf is nodes(G): subjects and objects.
func nodesOf(g graph) []rdf.Term {
	var nodes []rdf.Term
	seen := map[rdf.Term]bool{}
	for _, q := range g {
		for _, t := range []rdf.Term{q.S, q.O} {
			if !seen[t] {
				seen[t] = true
				nodes = append(nodes, t)
			}
		}
	}
	return nodes
}

// pairs returns the pairs that p connects, with their multiplicity.
func pairs(p algebra.Path, g graph, nodes []rdf.Term) []pair {
	var out []pair
	switch p := p.(type) {
	case *algebra.Link:
		for _, q := range g {
			if q.P == p.IRI {
				out = append(out, pair{q.S, q.O})
			}
		}
	case *algebra.NegatedSet:
		for _, q := range g {
			if !slices.Contains(p.IRIs, q.P) {
				out = append(out, pair{q.S, q.O})
			}
		}
	case *algebra.Inverse:
		for _, x := range pairs(p.Path, g, nodes) {
			out = append(out, pair{x.to, x.from})
		}
	case *algebra.Sequence:
		right := pairs(p.Right, g, nodes)
		for _, x := range pairs(p.Left, g, nodes) {
			for _, y := range right {
				if x.to == y.from {
					out = append(out, pair{x.from, y.to})
				}
			}
		}
	case *algebra.Alternative:
		for _, b := range p.Paths {
			out = append(out, pairs(b, g, nodes)...)
		}
	case *algebra.ZeroOrOne:
		return set(append(pairs(p.Path, g, nodes), reflexive(nodes)...))
	case *algebra.ZeroOrMore:
		return set(append(closure(pairs(p.Path, g, nodes)), reflexive(nodes)...))
	case *algebra.OneOrMore:
		return closure(pairs(p.Path, g, nodes))
	default:
		panic(fmt.Sprintf("reference: %T", p))
	}
	return out
}

func reflexive(nodes []rdf.Term) []pair {
	var out []pair
	for _, n := range nodes {
		out = append(out, pair{n, n})
	}
	return out
}

func set(list []pair) []pair {
	seen := map[pair]bool{}
	var out []pair
	for _, p := range list {
		if !seen[p] {
			seen[p] = true
			out = append(out, p)
		}
	}
	return out
}

// closure is ALP without its start (§18.4): composition until nothing is new.
func closure(steps []pair) []pair {
	all := set(steps)
	for {
		more := all
		for _, x := range all {
			for _, y := range steps {
				if x.to == y.from {
					more = append(more, pair{x.from, y.to})
				}
			}
		}
		more = set(more)
		if len(more) == len(all) {
			return all
		}
		all = more
	}
}
