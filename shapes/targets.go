package shapes

import (
	"qlgraph/graph"
)

// target selects focus nodes (SHACL §2.1.3).
type target struct {
	kind     targetKind
	constant int // of the node, class or predicate
}

type targetKind uint8

const (
	targetNode targetKind = iota
	targetClass
	targetSubjectsOf
	targetObjectsOf
)

// targetProperties declare targets, in the order of targetKind.
var targetProperties = [...]string{"targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf"}

// targets compiles the targets of s. A shape that is also a class has its
// instances as implicit targets (SHACL §2.1.3.3); that owl:Class counts as
// rdfs:Class is a decision, since the QualityLink shapes are written so.
func (c *compiler) targets(s *shape) {
	for kind, name := range targetProperties {
		for _, v := range c.src.values(s.term, name) {
			if targetKind(kind) != targetNode && !v.IsIRI() || v.IsBlank() {
				c.illFormed(s.term, "sh:%s is an IRI, not %s", name, v)
				continue
			}
			s.targets = append(s.targets, target{targetKind(kind), c.constant(v)})
		}
	}
	if s.term.IsIRI() && c.src.isInstance(s.term, rdfsClass) {
		implicit := target{targetClass, c.constant(s.term)}
		for _, t := range s.targets {
			if t == implicit {
				return
			}
		}
		s.targets = append(s.targets, implicit)
	}
}

// focusNodes returns the focus nodes of s among the data, sorted by ID.
func (r *run) focusNodes(w *worker, s *shape) []graph.ID {
	var ids []graph.ID
	for _, t := range s.targets {
		id := r.ids[t.constant]
		switch t.kind {
		case targetNode:
			if id == 0 {
				id = r.local(r.shapes.constants[t.constant])
			}
			ids = append(ids, id)
		case targetClass:
			for _, class := range r.subclasses(w, t.constant) {
				ids = w.scan(ids, graph.Pattern{P: r.ids[typeConstant], O: class, Graphs: r.data}, subjectColumn)
			}
		case targetSubjectsOf:
			ids = w.scan(ids, graph.Pattern{P: id, Graphs: r.data}, subjectColumn)
		case targetObjectsOf:
			ids = w.scan(ids, graph.Pattern{P: id, Graphs: r.data}, objectColumn)
		}
	}
	return sortedSet(ids)
}
