package shapes

import (
	"slices"

	"qlgraph/graph"
)

// values returns the value nodes of p from the focus node n, each once
// (SHACL §3.4). The slice is valid while n is.
func (w *worker) values(p *Path, n *focus) []graph.ID {
	if p.op == predicatePath {
		return w.objects(n, w.ids[p.constant])
	}
	return w.walk(p, []graph.ID{n.id})
}

// walk returns the nodes that p leads to from any of the nodes from, sorted.
func (w *worker) walk(p *Path, from []graph.ID) []graph.ID {
	switch p.op {
	case predicatePath:
		return w.step(from, w.ids[p.constant], false)
	case inversePath:
		if arg := &p.args[0]; arg.op == predicatePath {
			return w.step(from, w.ids[arg.constant], true)
		}
		inverted := invert(p.args[0])
		return w.walk(&inverted, from)
	case sequencePath:
		for i := range p.args {
			from = w.walk(&p.args[i], from)
		}
		return from
	case alternativePath:
		var all []graph.ID
		for i := range p.args {
			all = append(all, w.walk(&p.args[i], from)...)
		}
		return sortedSet(all)
	case zeroOrOnePath:
		return sortedSet(append(slices.Clone(from), w.walk(&p.args[0], from)...))
	case zeroOrMorePath:
		return w.closure(&p.args[0], from, slices.Clone(from))
	case oneOrMorePath:
		first := w.walk(&p.args[0], from)
		return w.closure(&p.args[0], first, slices.Clone(first))
	}
	return nil
}

// closure adds to reached what any number of further steps leads to from next.
func (w *worker) closure(p *Path, next, reached []graph.ID) []graph.ID {
	seen := make(map[graph.ID]bool, len(reached))
	for _, id := range reached {
		seen[id] = true
	}
	for len(next) > 0 && w.err == nil {
		var fresh []graph.ID
		for _, id := range w.walk(p, next) {
			if !seen[id] {
				seen[id] = true
				fresh = append(fresh, id)
			}
		}
		reached = append(reached, fresh...)
		next = fresh
	}
	return sortedSet(reached)
}

// step follows the predicate, or its inverse, from every node of from.
func (w *worker) step(from []graph.ID, predicate graph.ID, inverse bool) []graph.ID {
	if predicate == 0 {
		return nil
	}
	var reached []graph.ID
	for _, id := range from {
		if inverse {
			reached = w.scan(reached, graph.Pattern{P: predicate, O: id, Graphs: w.view}, subjectColumn)
		} else if !id.IsLiteral() {
			reached = w.scan(reached, graph.Pattern{S: id, P: predicate, Graphs: w.view}, objectColumn)
		}
	}
	return sortedSet(reached)
}

// invert returns the path that leads back along p.
func invert(p Path) Path {
	switch p.op {
	case predicatePath:
		return Path{op: inversePath, args: []Path{p}}
	case inversePath:
		return p.args[0]
	}
	inverted := Path{op: p.op, args: make([]Path, len(p.args))}
	for i, a := range p.args {
		inverted.args[i] = invert(a)
	}
	if p.op == sequencePath {
		slices.Reverse(inverted.args)
	}
	return inverted
}

func sortedSet(ids []graph.ID) []graph.ID {
	slices.Sort(ids)
	return slices.Compact(ids)
}
