package shapes

import (
	"slices"

	"qlgraph/graph"
)

// focusAmong returns those of the nodes, sorted, that are focus nodes of s.
func (r *run) focusAmong(w *worker, s *shape, nodes []graph.ID) []graph.ID {
	var ids []graph.ID
	for _, id := range nodes {
		if slices.ContainsFunc(s.targets, func(t target) bool { return r.selects(w, t, id) }) {
			ids = append(ids, id)
		}
	}
	return ids
}

// selects reports whether the target selects the node.
func (r *run) selects(w *worker, t target, id graph.ID) bool {
	constant := r.ids[t.constant]
	switch t.kind {
	case targetNode:
		return r.constantID(t.constant) == id
	case targetClass:
		below := r.subclasses(w, t.constant)
		types := w.scan(nil, graph.Pattern{S: id, P: r.ids[typeConstant], Graphs: r.data}, objectColumn)
		return slices.ContainsFunc(types, func(t graph.ID) bool { return contains(below, t) })
	case targetSubjectsOf:
		return len(w.scan(nil, graph.Pattern{S: id, P: constant, Graphs: r.data}, objectColumn)) > 0
	}
	return len(w.scan(nil, graph.Pattern{P: constant, O: id, Graphs: r.data}, subjectColumn)) > 0
}
