package shapes

import (
	"fmt"
	"slices"
	"sort"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

// worker validates focus nodes, one after the other. It belongs to one
// goroutine.
type worker struct {
	*run
	err error

	reader  reader   // of the focus nodes, which come in the order of their IDs
	nodes   []*focus // by depth, reused
	depth   int
	active  []visit // what is being validated against recursive shapes
	quiet   int     // > 0 while only conformance is asked for
	failed  bool    // whether something failed since it was last reset
	root    rootOf  // of the results
	results []Result

	scratch     []*evaluation // by nesting, reused
	nesting     int
	evaluations []int64 // by constraint
	batch       graph.Batch
	types       []graph.ID
	one         [1]graph.ID
}

// visit is a node that is being validated against a shape.
type visit struct {
	shape *shape
	id    graph.ID
}

// rootOf is the shape with a target and the focus node that it selected, which
// led to the results.
type rootOf struct {
	shape *shape
	id    graph.ID
}

// maxDepth bounds how deep shapes lead from node to node. Data under a
// recursive shape may be a chain of any length.
const maxDepth = 512

// focus is a node with what the view says about it.
type focus struct {
	id         graph.ID
	loaded     bool
	predicates []graph.ID // sorted; parallel to values
	values     []graph.ID
	self       [1]graph.ID // the value nodes of a node shape
}

// evaluation is one constraint of a shape applied to the value nodes of one
// focus node.
type evaluation struct {
	w          *worker
	shape      *shape
	constraint *constraint
	focus      *focus
	values     []graph.ID
	terms      []rdf.Term // of the values, when first asked for
}

func (r *run) worker() *worker {
	return &worker{
		run:         r,
		evaluations: make([]int64, r.shapes.constraints),
		batch:       graph.Batch{S: make([]graph.ID, graph.BatchSize), P: make([]graph.ID, graph.BatchSize), O: make([]graph.ID, graph.BatchSize)},
	}
}

func (w *worker) close() { w.reader.close() }

// validateAll validates the focus nodes of a chunk.
func (w *worker) validateAll(j job) {
	n := w.node(0)
	for _, id := range j.nodes {
		if w.err != nil {
			return
		}
		if w.err = w.ctx.Err(); w.err != nil {
			return
		}
		w.root = rootOf{j.shape, id}
		n.reset(id)
		w.reader.load(w, n)
		w.validate(j.shape, n)
	}
}

// node returns the focus at the given depth.
func (w *worker) node(depth int) *focus {
	for len(w.nodes) <= depth {
		w.nodes = append(w.nodes, &focus{})
	}
	return w.nodes[depth]
}

func (n *focus) reset(id graph.ID) {
	n.id, n.loaded, n.predicates, n.values = id, false, n.predicates[:0], n.values[:0]
}

// focusOn returns the node id as a focus: n itself where it is the same node.
// The caller calls release when done.
func (w *worker) focusOn(n *focus, id graph.ID) (f *focus, release func()) {
	if n.id == id {
		w.load(n)
		return n, func() {}
	}
	w.depth++
	f = w.node(w.depth)
	f.reset(id)
	w.load(f)
	return f, func() { w.depth-- }
}

// validate validates n against s (SHACL §3.4).
func (w *worker) validate(s *shape, n *focus) {
	if s.deactivated || w.err != nil {
		return
	}
	if s.recursive {
		for _, v := range w.active {
			if v.shape == s && v.id == n.id {
				return
			}
		}
		w.active = append(w.active, visit{s, n.id})
		defer func() { w.active = w.active[:len(w.active)-1] }()
	}
	e := w.evaluation()
	defer func() { w.nesting-- }()
	*e = evaluation{w: w, shape: s, focus: n, terms: e.terms[:0]}
	if s.path.IsZero() {
		n.self[0] = n.id
		e.values = n.self[:]
	} else {
		e.values = w.values(&s.path, n)
	}
	for _, c := range s.constraints {
		if w.quiet > 0 && w.failed || w.err != nil {
			return
		}
		w.evaluations[c.index]++
		e.constraint = c
		c.check(e)
	}
}

// evaluation returns the next unused evaluation, which is in use until nesting
// is lowered again. They are reused, as there is one for each property shape at
// each focus node.
func (w *worker) evaluation() *evaluation {
	if w.nesting == len(w.scratch) {
		w.scratch = append(w.scratch, &evaluation{})
	}
	w.nesting++
	return w.scratch[w.nesting-1]
}

// validateNode validates the node id, which another node led to.
func (w *worker) validateNode(s *shape, id graph.ID) {
	if w.depth >= maxDepth {
		w.err = fmt.Errorf("shapes: %s leads through more than %d nodes", w.term(w.root.id), maxDepth)
		return
	}
	w.depth++
	n := w.node(w.depth)
	n.reset(id)
	w.validate(s, n)
	w.depth--
}

// conforms reports whether id conforms to s (SHACL §3.5).
func (w *worker) conforms(s *shape, id graph.ID) bool {
	before := w.failed
	w.quiet++
	w.failed = false
	w.validateNode(s, id)
	ok := !w.failed
	w.quiet--
	w.failed = before
	return ok
}

// term returns the i-th value.
func (e *evaluation) term(i int) rdf.Term {
	if len(e.terms) == 0 {
		e.terms = slices.Grow(e.terms, len(e.values))[:len(e.values)]
		e.w.resolve(e.values, e.terms)
	}
	return e.terms[i]
}

// fail reports the value id.
func (e *evaluation) fail(id graph.ID) { e.report(id, e.shape.path) }

// failFocus reports the focus node without a value.
func (e *evaluation) failFocus() { e.report(0, e.shape.path) }

// failAt reports the value id of another path than the shape's.
func (e *evaluation) failAt(id graph.ID, path Path) { e.report(id, path) }

func (e *evaluation) report(value graph.ID, path Path) {
	w := e.w
	w.failed = true
	if w.quiet > 0 {
		return
	}
	w.results = append(w.results, Result{
		Focus:     w.term(e.focus.id),
		Path:      path,
		Value:     w.term(value),
		Shape:     e.shape.term,
		Component: e.constraint.component,
		Source:    e.constraint.source,
		Severity:  e.shape.severity,
		Messages:  e.constraint.messages,
		shape:     e.shape,
		target:    w.root.shape,
		root:      w.term(w.root.id),
	})
}

// term returns the term that id names, no term for zero.
func (w *worker) term(id graph.ID) rdf.Term {
	if id == 0 {
		return rdf.Term{}
	}
	w.one[0] = id
	var t [1]rdf.Term
	w.resolve(w.one[:], t[:])
	return t[0]
}

func (w *worker) resolve(ids []graph.ID, dst []rdf.Term) {
	for i, id := range ids {
		if id.Kind() != graph.IDLocal {
			continue
		}
		// The snapshot does not know local IDs: resolve one by one.
		for j, id := range ids {
			if id.Kind() == graph.IDLocal {
				w.mu.RLock()
				dst[j] = w.locals[id.Payload()-1]
				w.mu.RUnlock()
			} else if j >= i {
				w.fail(w.snap.Terms(ids[j:j+1], dst[j:j+1]))
			}
		}
		if i > 0 {
			w.fail(w.snap.Terms(ids[:i], dst[:i]))
		}
		return
	}
	w.fail(w.snap.Terms(ids, dst))
}

// fail keeps the first error.
func (w *worker) fail(err error) {
	if err != nil && w.err == nil {
		w.err = err
	}
}

// objects returns the values of the predicate at n.
func (w *worker) objects(n *focus, predicate graph.ID) []graph.ID {
	if predicate == 0 {
		return nil
	}
	w.load(n)
	start := sort.Search(len(n.predicates), func(i int) bool { return n.predicates[i] >= predicate })
	end := start
	for end < len(n.predicates) && n.predicates[end] == predicate {
		end++
	}
	return n.values[start:end]
}
