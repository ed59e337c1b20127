package exec

import (
	"fmt"
	"slices"

	"qlgraph/graph"
	"qlgraph/sparql/algebra"
)

// walker walks paths over the IDs of one graph (or several read as one).
// Closures are breadth-first over sets: a level's nodes are sorted and looked
// up with one cursor moving forward, and no node is visited twice, so that the
// cost is that of the part of the graph that can be reached, whatever the
// number of routes through it.
type walker struct {
	run    *run
	graphs graph.Graphs
}

// walked is a path with constants as IDs.
type walked interface{ walked() }

type (
	// edge is a link, or with no predicate the negated set not.
	edge struct {
		predicate graph.ID
		not       map[graph.ID]bool
		inverse   bool
		dead      bool // the dataset does not know the predicate
	}
	sequence    struct{ left, right walked }
	alternative struct{ paths []walked }
	// closure is path*, path+ or path?.
	closure struct {
		path walked
		zero bool // the start itself is reached
		once bool // path?
	}
)

func (*edge) walked()        {}
func (*sequence) walked()    {}
func (*alternative) walked() {}
func (*closure) walked()     {}

func (w *walker) compile(p algebra.Path) (walked, error) {
	switch p := p.(type) {
	case *algebra.Link:
		id, err := w.run.terms.ID(p.IRI)
		return &edge{predicate: id, dead: id.Kind() == graph.IDLocal}, err
	case *algebra.NegatedSet:
		e := &edge{not: map[graph.ID]bool{}}
		for _, i := range p.IRIs {
			id, err := w.run.terms.ID(i)
			if err != nil {
				return nil, err
			}
			e.not[id] = true
		}
		return e, nil
	case *algebra.Inverse:
		inner, err := w.compile(p.Path)
		if err != nil {
			return nil, err
		}
		return reverse(inner), nil
	case *algebra.Sequence:
		left, err := w.compile(p.Left)
		if err != nil {
			return nil, err
		}
		right, err := w.compile(p.Right)
		return &sequence{left, right}, err
	case *algebra.Alternative:
		a := &alternative{}
		for _, b := range p.Paths {
			inner, err := w.compile(b)
			if err != nil {
				return nil, err
			}
			a.paths = append(a.paths, inner)
		}
		return a, nil
	case *algebra.ZeroOrMore:
		return w.closure(p.Path, true, false)
	case *algebra.OneOrMore:
		return w.closure(p.Path, false, false)
	case *algebra.ZeroOrOne:
		return w.closure(p.Path, true, true)
	}
	return nil, fmt.Errorf("exec: unknown path %T", p)
}

func (w *walker) closure(p algebra.Path, zero, once bool) (walked, error) {
	inner, err := w.compile(p)
	return &closure{path: inner, zero: zero, once: once}, err
}

// reverse returns the path from end to start.
func reverse(p walked) walked {
	switch p := p.(type) {
	case *edge:
		return &edge{predicate: p.predicate, not: p.not, inverse: !p.inverse, dead: p.dead}
	case *sequence:
		return &sequence{reverse(p.right), reverse(p.left)}
	case *alternative:
		a := &alternative{}
		for _, b := range p.paths {
			a.paths = append(a.paths, reverse(b))
		}
		return a
	case *closure:
		return &closure{path: reverse(p.path), zero: p.zero, once: p.once}
	}
	return p
}

// ends returns where p leads from one node, each end as often as the
// specification counts it.
func (w *walker) ends(p walked, from graph.ID) ([]graph.ID, error) {
	switch p := p.(type) {
	case *edge:
		return w.step(p, []graph.ID{from})
	case *sequence:
		mids, err := w.ends(p.left, from)
		if err != nil {
			return nil, err
		}
		var all []graph.ID
		for _, m := range mids {
			ends, err := w.ends(p.right, m)
			if err != nil {
				return nil, err
			}
			if all = append(all, ends...); len(ends) > 0 {
				if err := w.visit(len(ends)); err != nil {
					return nil, err
				}
			}
		}
		return all, nil
	case *alternative:
		var all []graph.ID
		for _, b := range p.paths {
			ends, err := w.ends(b, from)
			if err != nil {
				return nil, err
			}
			all = append(all, ends...)
		}
		return all, nil
	}
	return w.reach(p, []graph.ID{from})
}

// reach returns the set of nodes to which p leads from any of from, which is
// sorted; so is the result.
func (w *walker) reach(p walked, from []graph.ID) ([]graph.ID, error) {
	switch p := p.(type) {
	case *edge:
		ends, err := w.step(p, from)
		return sortSet(ends), err
	case *sequence:
		mids, err := w.reach(p.left, from)
		if err != nil {
			return nil, err
		}
		return w.reach(p.right, mids)
	case *alternative:
		var all []graph.ID
		for _, b := range p.paths {
			ends, err := w.reach(b, from)
			if err != nil {
				return nil, err
			}
			all = append(all, ends...)
		}
		return sortSet(all), nil
	}
	return w.close(p.(*closure), from)
}

func sortSet(ids []graph.ID) []graph.ID {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// close is the breadth-first search.
func (w *walker) close(p *closure, from []graph.ID) ([]graph.ID, error) {
	seen := map[graph.ID]bool{}
	var all []graph.ID
	take := func(ids []graph.ID) (fresh []graph.ID) {
		for _, id := range ids {
			if !seen[id] {
				seen[id] = true
				fresh = append(fresh, id)
			}
		}
		all = append(all, fresh...)
		return fresh
	}
	charged := int64(0)
	defer func() { w.run.mem.refund(charged) }()
	level := from
	if p.zero {
		level = take(from)
	}
	for len(level) > 0 {
		ends, err := w.reach(p.path, level)
		if err != nil {
			return nil, err
		}
		level = take(ends)
		if err := w.visit(len(level)); err != nil {
			return nil, err
		}
		n := int64(len(level)) * 48
		charged += n
		if err := w.run.mem.charge(n); err != nil {
			return nil, err
		}
		if p.once {
			break
		}
	}
	slices.Sort(all)
	return all, nil
}

// visit counts nodes towards the limit.
func (w *walker) visit(n int) error {
	w.run.visited += int64(n)
	if w.run.visited > w.run.limits.PathNodes {
		return &LimitError{Limit: "pathnodes", Max: w.run.limits.PathNodes}
	}
	return w.run.check()
}

// step follows an edge from each of the sorted nodes, keeping duplicates.
func (w *walker) step(e *edge, from []graph.ID) ([]graph.ID, error) {
	if e.dead {
		return nil, nil
	}
	order := w.order(e)
	p := graph.Pattern{P: e.predicate, Graphs: w.graphs}
	if len(from) == 1 {
		p = w.bind(p, e, from[0])
	}
	cursor, err := w.run.snap.Scan(p, order)
	if err != nil {
		return nil, err
	}
	defer cursor.Close()
	var all []graph.ID
	r := edgeReader{cursor: cursor, edge: e}
	for _, node := range from {
		if node.Kind() == graph.IDLocal {
			continue
		}
		if err := r.seek(node, order); err != nil {
			return nil, err
		}
		if all, err = r.collect(node, all); err != nil {
			return nil, err
		}
		if err := w.visit(1); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// order leads with what is known: the predicate, then the near end.
func (w *walker) order(e *edge) graph.Order {
	switch {
	case e.predicate != 0 && e.inverse:
		return graph.POSG
	case e.predicate != 0:
		return graph.PSOG
	case e.inverse:
		return graph.OSPG
	}
	return graph.SPOG
}

func (w *walker) bind(p graph.Pattern, e *edge, node graph.ID) graph.Pattern {
	if e.inverse {
		p.O = node
	} else {
		p.S = node
	}
	return p
}

// edgeReader reads (near end, predicate, far end) from a cursor that moves
// forward.
type edgeReader struct {
	cursor graph.Cursor
	edge   *edge
	batch  graph.Batch
	near   []graph.ID
	far    []graph.ID
	at, n  int
	eof    bool
}

func (r *edgeReader) seek(node graph.ID, order graph.Order) error {
	for r.at < r.n && r.near[r.at] < node {
		r.at++
	}
	if r.at < r.n || r.eof {
		return nil
	}
	q := graph.Quad{P: r.edge.predicate, S: node}
	if r.edge.inverse {
		q = graph.Quad{P: r.edge.predicate, O: node}
	}
	if err := r.cursor.Seek(q); err != nil {
		return err
	}
	return r.fill()
}

func (r *edgeReader) fill() error {
	if r.near == nil {
		const chunk = 64
		r.near, r.far = make([]graph.ID, chunk), make([]graph.ID, chunk)
		r.batch.S, r.batch.O = r.near, r.far
		if r.edge.inverse {
			r.batch.S, r.batch.O = r.far, r.near
		}
		if r.edge.predicate == 0 {
			r.batch.P = make([]graph.ID, chunk)
		}
	}
	var err error
	r.n, err = r.cursor.Next(&r.batch)
	r.at, r.eof = 0, r.n == 0
	return err
}

// collect appends the far ends of node, where the cursor is.
func (r *edgeReader) collect(node graph.ID, all []graph.ID) ([]graph.ID, error) {
	for {
		for ; r.at < r.n; r.at++ {
			if r.near[r.at] != node {
				return all, nil
			}
			if r.edge.predicate != 0 || !r.edge.not[r.batch.P[r.at]] {
				all = append(all, r.far[r.at])
			}
		}
		if r.eof {
			return all, nil
		}
		if err := r.fill(); err != nil || r.eof {
			return all, err
		}
	}
}

// starts returns the set of nodes that p can start at.
func (w *walker) starts(p walked) ([]graph.ID, error) {
	if nullable(p) {
		return w.nodes()
	}
	var set rowSetOfIDs
	err := w.firstEdges(p, func(e *edge) error { return w.nearEnds(e, &set) })
	return sortSet(set.ids), err
}

// nullable reports whether p leads from a node to itself without a triple.
func nullable(p walked) bool {
	switch p := p.(type) {
	case *sequence:
		return nullable(p.left) && nullable(p.right)
	case *alternative:
		return slices.ContainsFunc(p.paths, nullable)
	case *closure:
		return p.zero || nullable(p.path)
	}
	return false
}

// firstEdges calls f for the edges that a walk along p can begin with.
func (w *walker) firstEdges(p walked, f func(*edge) error) error {
	switch p := p.(type) {
	case *edge:
		return f(p)
	case *sequence:
		if err := w.firstEdges(p.left, f); err != nil || !nullable(p.left) {
			return err
		}
		return w.firstEdges(p.right, f)
	case *alternative:
		for _, b := range p.paths {
			if err := w.firstEdges(b, f); err != nil {
				return err
			}
		}
	case *closure:
		return w.firstEdges(p.path, f)
	}
	return nil
}

// rowSetOfIDs gathers IDs and drops duplicates now and then.
type rowSetOfIDs struct {
	ids  []graph.ID
	last int // length after duplicates were dropped
}

func (s *rowSetOfIDs) add(ids []graph.ID) {
	s.ids = append(s.ids, ids...)
	if len(s.ids) > 2*s.last+16*batchSize {
		s.ids = sortSet(s.ids)
		s.last = len(s.ids)
	}
}

// nodes returns every subject and object.
func (w *walker) nodes() ([]graph.ID, error) {
	var set rowSetOfIDs
	for _, e := range []*edge{{}, {inverse: true}} {
		if err := w.nearEnds(e, &set); err != nil {
			return nil, err
		}
	}
	return sortSet(set.ids), nil
}

// isNode reports whether id is a subject or object.
func (w *walker) isNode(id graph.ID) (bool, error) {
	if id == 0 || id.Kind() == graph.IDLocal {
		return false, nil
	}
	one := graph.Batch{S: make([]graph.ID, 1)}
	for _, p := range []graph.Pattern{{S: id, Graphs: w.graphs}, {O: id, Graphs: w.graphs}} {
		c, err := w.run.snap.Scan(p, graph.OrderFor(p))
		if err != nil {
			return false, err
		}
		n, err := c.Next(&one)
		c.Close()
		if n > 0 || err != nil {
			return n > 0, err
		}
	}
	return false, nil
}

// nearEnds adds the nodes at which e can start.
func (w *walker) nearEnds(e *edge, set *rowSetOfIDs) error {
	if e.dead {
		return nil
	}
	cursor, err := w.run.snap.Scan(graph.Pattern{P: e.predicate, Graphs: w.graphs}, w.order(e))
	if err != nil {
		return err
	}
	defer cursor.Close()
	near := make([]graph.ID, batchSize)
	b := graph.Batch{S: near}
	if e.inverse {
		b = graph.Batch{O: near}
	}
	for {
		n, err := cursor.Next(&b)
		if err != nil || n == 0 {
			return err
		}
		set.add(slices.Compact(near[:n:n]))
		near = near[:batchSize]
		if err := w.visit(n); err != nil {
			return err
		}
	}
}
