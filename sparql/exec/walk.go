package exec

import (
	"errors"
	"slices"

	"qlgraph/graph"
	"qlgraph/sparql/algebra"
)

// walker walks a path over the nodes of one graph (or several read as one). The
// path is a regular expression over links, of whose matches only the ends count
// (SPARQL 1.1 §18.4, ALP), so it is made into an automaton, and a walk goes
// through pairs of a state and a node, none twice: its cost is that of the part
// of the graph that can be reached, whatever the number of routes through it and
// however *, + and ? are nested.
//
// The graph is read beforehand, from many starts together and level by level
// (prepare): so each node is looked up once, and the nodes of a level in one pass
// over the index. The walks from single starts (ends) are in memory.
type walker struct {
	run     *run
	graphs  graph.Graphs
	nodes   nodeTable
	states  []state
	shared  map[linkKey]*links
	all     []*links
	begin   int32
	accept  int32
	charged int64
	settled int      // nodes that are charged
	marked  int      // nodes that the states have room for
	round   uint32   // number of the present walk
	stack   []place  // still to go on from
	pending []*state // with nodes that prepare has not gone on from
	columns [3][]graph.ID
	open    []int32 // nodes that are being looked up
	sorted  []graph.ID
	counts  *graph.GraphCounts // of the only graph, once it was asked for
	spare   []int32            // room for the open nodes of a state
	strange []bool             // by number: no node of the graph, see dropStrangers
}

// state is a state of the automaton.
type state struct {
	free  []int32 // the states that need no link
	steps []step

	seen  []uint32 // by node: the last walk that came here
	known []bool   // by node: prepare came here
	open  []int32  // nodes that prepare is still to go on from
}

// step leads along links to a state.
type step struct {
	links *links
	to    int32
}

// place is a state at a node.
type place struct {
	state, node int32
}

type linkKey struct {
	predicate graph.ID
	inverse   bool
}

// newWalker makes the automaton of p, from end to start where it is inverse.
func newWalker(r *run, graphs graph.Graphs, p algebra.Path, inverse bool) (*walker, error) {
	w := &walker{run: r, graphs: graphs, shared: map[linkKey]*links{}}
	switch p := p.(type) {
	case *algebra.ZeroOrMore:
		w.begin = w.state()
		w.accept = w.begin
		return w, w.connect(w.begin, w.accept, p.Path, inverse)
	case *algebra.OneOrMore:
		w.begin, w.accept = w.state(), w.state()
		w.free(w.accept, w.begin)
		return w, w.connect(w.begin, w.accept, p.Path, inverse)
	}
	w.begin, w.accept = w.state(), w.state()
	return w, w.connect(w.begin, w.accept, p, inverse)
}

func (w *walker) state() int32 {
	w.states = append(w.states, state{})
	return int32(len(w.states) - 1)
}

func (w *walker) free(from, to int32) { w.states[from].free = append(w.states[from].free, to) }

// connect adds what leads from one state to another along p. Every * and +
// gets states of its own, which nothing else passes through.
func (w *walker) connect(from, to int32, p algebra.Path, inverse bool) error {
	switch p := p.(type) {
	case *algebra.Link, *algebra.NegatedSet:
		l, err := w.links(p, inverse)
		w.states[from].steps = append(w.states[from].steps, step{l, to})
		return err
	case *algebra.Inverse:
		return w.connect(from, to, p.Path, !inverse)
	case *algebra.Sequence:
		first, second := p.Left, p.Right
		if inverse {
			first, second = second, first
		}
		mid := w.state()
		if err := w.connect(from, mid, first, inverse); err != nil {
			return err
		}
		return w.connect(mid, to, second, inverse)
	case *algebra.Alternative:
		for _, q := range p.Paths {
			if err := w.connect(from, to, q, inverse); err != nil {
				return err
			}
		}
		return nil
	case *algebra.ZeroOrOne:
		w.free(from, to)
		return w.connect(from, to, p.Path, inverse)
	case *algebra.ZeroOrMore:
		loop := w.state()
		w.free(from, loop)
		w.free(loop, to)
		return w.connect(loop, loop, p.Path, inverse)
	case *algebra.OneOrMore:
		first, last := w.state(), w.state()
		w.free(from, first)
		w.free(last, first)
		w.free(last, to)
		return w.connect(first, last, p.Path, inverse)
	}
	return errors.New("exec: unknown path")
}

// links returns those of p, a Link or a NegatedSet.
func (w *walker) links(p algebra.Path, inverse bool) (*links, error) {
	l := &links{walk: w, inverse: inverse}
	if set, ok := p.(*algebra.NegatedSet); ok {
		for _, i := range set.IRIs {
			id, err := w.run.terms.ID(i)
			if err != nil {
				return nil, err
			}
			l.not = append(l.not, id)
		}
		slices.Sort(l.not)
		w.all = append(w.all, l)
		return l, nil
	}
	id, err := w.run.terms.ID(p.(*algebra.Link).IRI)
	if err != nil {
		return nil, err
	}
	key := linkKey{id, inverse}
	if have := w.shared[key]; have != nil {
		return have, nil
	}
	l.predicate, l.dead = id, id.Kind() == graph.IDLocal
	w.shared[key] = l
	w.all = append(w.all, l)
	return l, nil
}

// prepare reads what walks from the nodes starts need.
func (w *walker) prepare(starts []int32) error {
	if err := w.makeRoom(); err != nil {
		return err
	}
	for _, n := range starts {
		if n >= 0 {
			w.meet(w.begin, n)
		}
	}
	for len(w.pending) > 0 {
		if err := w.goOn(); err != nil {
			return err
		}
	}
	return nil
}

// leads reports whether the path leads from start to end. It reads no further
// than that; what is left, prepare goes on with. It is for a walker of which
// nothing is known yet.
func (w *walker) leads(start, end int32) (bool, error) {
	if err := w.makeRoom(); err != nil {
		return false, err
	}
	w.meet(w.begin, start)
	for !w.states[w.accept].known[end] {
		if len(w.pending) == 0 {
			return false, nil
		}
		if err := w.goOn(); err != nil {
			return false, err
		}
	}
	return true, nil
}

// goOn goes on from the nodes that prepare came to in a state.
func (w *walker) goOn() error {
	s := w.pending[0]
	w.pending = w.pending[1:]
	level := s.open
	s.open, w.spare = w.spare[:0], level
	w.sort(level)
	for _, to := range s.free {
		for _, n := range level {
			w.meet(to, n)
		}
	}
	for _, step := range s.steps {
		if err := step.links.load(level); err != nil {
			return err
		}
		if err := w.makeRoom(); err != nil {
			return err
		}
		for _, n := range level {
			for _, end := range step.links.from(n) {
				w.meet(step.to, end)
			}
		}
	}
	return w.visit(len(level))
}

// meet notes that prepare comes to a node.
func (w *walker) meet(to, n int32) {
	s := &w.states[to]
	if s.known[n] {
		return
	}
	s.known[n] = true
	if len(s.open) == 0 {
		w.pending = append(w.pending, s)
	}
	s.open = append(s.open, n)
}

// ends appends the nodes to which the path leads from one that was prepared,
// each once.
func (w *walker) ends(start int32, all []graph.ID) ([]graph.ID, error) {
	w.round++
	ids := w.nodes.ids
	w.stack = append(w.stack[:0], place{w.begin, start})
	w.states[w.begin].seen[start] = w.round
	visited := 0
	for len(w.stack) > 0 {
		at := w.stack[len(w.stack)-1]
		w.stack = w.stack[:len(w.stack)-1]
		if at.state == w.accept {
			all = append(all, ids[at.node])
		}
		s := &w.states[at.state]
		for _, to := range s.free {
			w.come(to, at.node)
		}
		for _, step := range s.steps {
			for _, end := range step.links.from(at.node) {
				w.come(step.to, end)
			}
		}
		if visited++; visited == batchSize {
			if err := w.visit(visited); err != nil {
				return nil, err
			}
			visited = 0
		}
	}
	return all, w.visit(visited)
}

// come goes on from a place unless the present walk has been there.
func (w *walker) come(to, n int32) {
	if seen := w.states[to].seen; seen[n] != w.round {
		seen[n] = w.round
		w.stack = append(w.stack, place{to, n})
	}
}

// makeRoom lets the states know of all nodes that have a number.
func (w *walker) makeRoom() error {
	if err := w.settle(); err != nil {
		return err
	}
	more := len(w.nodes.ids) - w.marked
	if more <= 0 {
		return nil
	}
	more = max(more, w.marked/2, 64)
	const perState = 17 // seen, known, open and stack
	if err := w.charge(int64(perState * more * len(w.states))); err != nil {
		return err
	}
	w.marked += more
	for i := range w.states {
		s := &w.states[i]
		s.seen = append(s.seen, make([]uint32, more)...)
		s.known = append(s.known, make([]bool, more)...)
	}
	return nil
}

// visit counts nodes towards the limit.
func (w *walker) visit(n int) error {
	w.run.visited += int64(n)
	if w.run.visited > w.run.limits.PathNodes {
		return &LimitError{Limit: "pathnodes", Max: w.run.limits.PathNodes}
	}
	return w.run.check()
}

// settle charges for the nodes that have got a number, and checks the limits.
// Those who read links call it now and then: a hub may have millions.
func (w *walker) settle() error {
	const perNode = 32 // the table, and what is known of its ends
	more := len(w.nodes.ids) - w.settled
	w.settled += more
	if err := w.charge(int64(perNode * more)); err != nil {
		return err
	}
	return w.run.check()
}

func (w *walker) charge(n int64) error {
	w.charged += n
	return w.run.mem.charge(n)
}

// forget drops what was read of the graph. Numbers of nodes are void then.
func (w *walker) forget() {
	w.run.mem.refund(w.charged)
	w.charged, w.settled, w.marked, w.round, w.strange = 0, 0, 0, 0, nil
	w.nodes = nodeTable{}
	for _, l := range w.all {
		l.at, l.ends, l.complete = nil, nil, false
	}
	for i := range w.states {
		s := &w.states[i]
		s.seen, s.known, s.open = nil, nil, nil
	}
}
