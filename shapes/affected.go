package shapes

import (
	"context"
	"slices"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/ontology"
)

// Incremental validation. The compiler knows which statements a validation can
// read: from a focus node along a route of paths to some node, and there the
// statements with a predicate. A changed statement can therefore affect the
// focus nodes only that lie at the other end of such a route, in the data as
// they were or as they are now. What the analysis cannot follow (SPARQL
// constraints, recursive shapes, changes of the class hierarchy) affects every
// focus node, so that the outcome always equals that of a full run.

// read is a kind of statement that the validation of a shape with targets
// reads.
type read struct {
	shape     *shape // that has the targets
	route     Path   // from its focus node, zero for the focus node itself
	predicate int    // constant, or anyPredicate
	inverse   bool   // read from the object's side
}

const anyPredicate = -1

// reads returns everything that the validation of a shape with targets reads,
// and false where that cannot be told.
func (s *shape) reads() ([]read, bool) {
	r := readings{root: s}
	r.shape(s, nil)
	return r.found, !r.unbounded
}

type readings struct {
	root      *shape
	found     []read
	unbounded bool
}

// shape adds what is read when the nodes at the end of the route are validated
// against s.
func (r *readings) shape(s *shape, route []Path) {
	if s.recursive || s.opaque {
		r.unbounded = true
	}
	if r.unbounded || s.deactivated {
		return
	}
	for _, predicate := range s.compared {
		r.add(route, predicate, false)
	}
	values := route
	if !s.path.IsZero() {
		r.path(&s.path, route)
		values = appendRoute(route, s.path)
	}
	if s.typed {
		r.add(values, typeConstant, false)
	}
	if s.closed {
		r.add(values, anyPredicate, false)
	}
	for _, reference := range s.references {
		r.shape(reference, values)
	}
}

// path adds what is read when p is followed from the end of the route.
func (r *readings) path(p *Path, route []Path) {
	switch p.op {
	case predicatePath:
		r.add(route, p.constant, false)
	case inversePath:
		if arg := &p.args[0]; arg.op == predicatePath {
			r.add(route, arg.constant, true)
			return
		}
		inverted := invert(p.args[0])
		r.path(&inverted, route)
	case sequencePath:
		for i := range p.args {
			r.path(&p.args[i], route)
			route = appendRoute(route, p.args[i])
		}
	case alternativePath:
		for i := range p.args {
			r.path(&p.args[i], route)
		}
	case zeroOrOnePath:
		r.path(&p.args[0], route)
	case zeroOrMorePath, oneOrMorePath:
		r.path(&p.args[0], appendRoute(route, Path{op: zeroOrMorePath, args: p.args}))
	}
}

func appendRoute(route []Path, p Path) []Path { return append(route[:len(route):len(route)], p) }

func (r *readings) add(route []Path, predicate int, inverse bool) {
	found := read{shape: r.root, predicate: predicate, inverse: inverse}
	if len(route) > 0 {
		found.route = Path{op: sequencePath, args: route}
	}
	r.found = append(r.found, found)
}

// scope is what a change can affect: for each shape with targets the focus
// nodes, or all of them.
type scope struct {
	all   map[*shape]bool
	nodes map[*shape][]rdf.Term
}

// Delta is what a change did to the outcome of a validation.
type Delta struct {
	// Report is that on the focus nodes that the change can affect.
	Report *Report

	affected *scope
	before   []job // the affected focus nodes as they were
}

// Revalidate validates what can be affected by a change, given the snapshots
// before and after it and the statements that were added or removed. Applied to
// the report on before, the Delta gives the report on after.
func (s *Shapes) Revalidate(ctx context.Context, before, after graph.Snapshot, changed []rdf.Quad, options Options) (*Delta, error) {
	old, err := s.bind(ctx, before, options)
	if err != nil {
		return nil, err
	}
	current, err := s.bind(ctx, after, options)
	if err != nil {
		return nil, err
	}
	affected, err := s.affected(old, current, changed)
	if err != nil {
		return nil, err
	}
	d := &Delta{affected: affected}
	if d.before, err = old.jobs(options, affected); err != nil {
		return nil, err
	}
	d.Report, err = current.validate(options, affected)
	return d, err
}

// Replaces reports whether a result of the report on the data before the change
// is out of date: the Delta's report has it again where it still holds.
func (d *Delta) Replaces(r Result) bool { return d.affected.includes(r.target, r.root) }

// Apply returns the report on the data after the change, given that on the data
// before it. Its counts of evaluations are those of both validations together.
func (d *Delta) Apply(before *Report) *Report {
	r := *d.Report
	r.Results = make([]Result, 0, len(before.Results)+len(d.Report.Results))
	fresh := d.Report.Results
	for _, old := range before.Results {
		if d.Replaces(old) {
			continue
		}
		for len(fresh) > 0 && compareResults(fresh[0], old) < 0 {
			r.Results = append(r.Results, fresh[0])
			fresh = fresh[1:]
		}
		r.Results = append(r.Results, old)
	}
	r.Results = append(r.Results, fresh...)
	r.evaluations = slices.Clone(before.evaluations)
	for i, n := range d.Report.evaluations {
		r.evaluations[i] += n
	}
	r.Coverage = slices.Clone(d.Report.Coverage)
	for i := range r.Coverage {
		r.Coverage[i].FocusNodes += before.Coverage[i].FocusNodes - len(d.before[i].nodes)
	}
	r.conclude()
	return &r
}

// affected returns what the change between two versions of the data can affect.
func (s *Shapes) affected(before, after *run, changed []rdf.Quad) (*scope, error) {
	found := &scope{all: map[*shape]bool{}, nodes: map[*shape][]rdf.Term{}}
	workers := []*worker{before.worker(), after.worker()}
	for _, root := range s.shapes {
		if len(root.targets) == 0 || root.deactivated {
			continue
		}
		reads, bounded := root.reads()
		if !bounded || changesHierarchy(changed) {
			found.all[root] = true
			continue
		}
		candidates := root.retargeted(changed, s.constants)
		for _, w := range workers {
			for _, read := range reads {
				candidates = w.readers(candidates, read, changed)
			}
			if w.err != nil {
				return nil, w.err
			}
		}
		slices.SortFunc(candidates, rdf.Compare)
		found.nodes[root] = slices.Compact(candidates)
	}
	return found, nil
}

func changesHierarchy(changed []rdf.Quad) bool {
	return slices.ContainsFunc(changed, func(q rdf.Quad) bool {
		return q.P.Value() == ontology.RDFS+"subClassOf"
	})
}

// retargeted returns the nodes that a changed statement may have made a focus
// node of s, or made one no longer.
func (s *shape) retargeted(changed []rdf.Quad, constants []rdf.Term) []rdf.Term {
	var nodes []rdf.Term
	for _, q := range changed {
		for _, t := range s.targets {
			switch {
			case t.kind == targetClass && q.P == rdfType, t.kind == targetSubjectsOf && q.P == constants[t.constant]:
				nodes = append(nodes, q.S)
			case t.kind == targetObjectsOf && q.P == constants[t.constant]:
				nodes = append(nodes, q.O)
			}
		}
	}
	return nodes
}

// readers adds to nodes the focus nodes from which the read may come to a
// changed statement.
func (w *worker) readers(nodes []rdf.Term, r read, changed []rdf.Quad) []rdf.Term {
	var ends []graph.ID
	for _, q := range changed {
		if r.predicate != anyPredicate && w.shapes.constants[r.predicate] != q.P {
			continue
		}
		end := q.S
		if r.inverse {
			end = q.O
		}
		if r.route.IsZero() {
			nodes = append(nodes, end)
			continue
		}
		id, ok, err := w.snap.Lookup(end)
		w.fail(err)
		if ok {
			ends = append(ends, id)
		}
	}
	if len(ends) == 0 {
		return nodes
	}
	back := invert(r.route)
	for _, id := range w.walk(&back, sortedSet(ends)) {
		nodes = append(nodes, w.term(id))
	}
	return nodes
}

func (s *scope) includes(target *shape, root rdf.Term) bool {
	if s.all[target] {
		return true
	}
	_, found := slices.BinarySearchFunc(s.nodes[target], root, rdf.Compare)
	return found
}

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
