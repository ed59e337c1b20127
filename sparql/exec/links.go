package exec

import (
	"slices"

	"qlgraph/graph"
)

// nodeTable numbers the nodes that a path meets, so that what is known of them
// lies in arrays. It is a hash table with open addressing.
type nodeTable struct {
	ids   []graph.ID // by number
	slots []int32    // number + 1
}

// add returns the number of id.
func (t *nodeTable) add(id graph.ID) int32 {
	if 2*len(t.ids) >= len(t.slots) {
		t.grow()
	}
	mask := uint64(len(t.slots) - 1)
	at := mix(uint64(id)) & mask
	for t.slots[at] != 0 {
		if n := t.slots[at] - 1; t.ids[n] == id {
			return n
		}
		at = (at + 1) & mask
	}
	t.ids = append(t.ids, id)
	t.slots[at] = int32(len(t.ids))
	return int32(len(t.ids) - 1)
}

func (t *nodeTable) grow() {
	t.slots = make([]int32, max(64, 2*len(t.slots)))
	mask := uint64(len(t.slots) - 1)
	for n, id := range t.ids {
		at := mix(uint64(id)) & mask
		for t.slots[at] != 0 {
			at = (at + 1) & mask
		}
		t.slots[at] = int32(n + 1)
	}
}

// links is what has been read of the triples with a predicate, or of those with
// any but some, in one direction: where they lead from the nodes looked up so
// far. Nodes are looked up many at a time, in the order of the index.
type links struct {
	walk      *walker
	predicate graph.ID
	not       []graph.ID // sorted; where predicate is zero
	inverse   bool
	dead      bool // the dataset does not know the predicate

	at       []span // by the number of the node
	ends     []int32
	complete bool // all were read
}

// span is the part of a list from one place to another, counted from 1: the zero
// span is that of what has not been looked up.
type span struct{ from, to int32 }

// none is the span of a node from which there are no links.
func none() span { return span{1, 1} }

// excludes reports whether the links are not of the predicate p.
func (l *links) excludes(p graph.ID) bool {
	_, not := slices.BinarySearch(l.not, p)
	return not
}

// from returns where the links lead from a node that was loaded.
func (l *links) from(n int32) []int32 {
	s := l.at[n]
	return l.ends[s.from-1 : s.to-1]
}

// load looks up those of nodes, sorted by ID, that have not been.
func (l *links) load(nodes []int32) error {
	ids := l.walk.nodes.ids
	if more := len(ids) - len(l.at); more > 0 {
		l.at = append(l.at, make([]span, more)...)
		if err := l.walk.charge(int64(8 * more)); err != nil {
			return err
		}
	}
	open := slices.Grow(l.walk.open[:0], len(nodes))
	for _, n := range nodes {
		if l.at[n] == (span{}) {
			l.at[n] = none()
			if !l.dead && !l.complete && l.canLeave(ids[n]) {
				open = append(open, n)
			}
		}
	}
	if l.walk.open = open; len(open) == 0 {
		return nil
	}
	if whole, err := l.wholeGraph(len(open)); err != nil {
		return err
	} else if whole {
		if err := l.readAll(); err != nil {
			return err
		}
		return l.load(nodes)
	}
	p := graph.Pattern{P: l.predicate, Graphs: l.walk.graphs}
	if len(open) == 1 {
		p = l.bind(p, ids[open[0]])
	}
	r, err := l.reader(p)
	if err != nil {
		return err
	}
	defer r.cursor.Close()
	return l.read(r, open)
}

// canLeave reports whether links may lead from a node: none do from a literal, and
// none from a term that the dataset does not hold.
func (l *links) canLeave(node graph.ID) bool {
	return node.Kind() != graph.IDLocal && (l.inverse || !node.IsLiteral())
}

// sort puts nodes in the order of their IDs.
func (w *walker) sort(nodes []int32) {
	w.sorted = slices.Grow(w.sorted[:0], len(nodes))
	for _, n := range nodes {
		w.sorted = append(w.sorted, w.nodes.ids[n])
	}
	if slices.IsSorted(w.sorted) {
		return
	}
	slices.Sort(w.sorted) // and look the numbers up, which is faster than to sort them by something else
	for i, id := range w.sorted {
		nodes[i] = w.nodes.add(id)
	}
}

// key is the place of the links of node in the order of the index.
func (l *links) key(node graph.ID) graph.Quad {
	if l.inverse {
		return graph.Quad{P: l.predicate, O: node}
	}
	return graph.Quad{P: l.predicate, S: node}
}

func (l *links) bind(p graph.Pattern, node graph.ID) graph.Pattern {
	if l.inverse {
		p.O = node
	} else {
		p.S = node
	}
	return p
}

// order leads with what is known: the predicate, then the near end.
func (l *links) order() graph.Order {
	switch {
	case l.predicate != 0 && l.inverse:
		return graph.POSG
	case l.predicate != 0:
		return graph.PSOG
	case l.inverse:
		return graph.OSPG
	}
	return graph.SPOG
}

// read moves r from one node to the next of open.
func (l *links) read(r *linkReader, open []int32) error {
	nodes, before, read := &l.walk.nodes, len(l.ends), 0
	for _, n := range open {
		if err := r.seek(nodes.ids[n]); err != nil {
			return err
		}
		if r.eof {
			break
		}
		from := len(l.ends)
		if err := r.collect(nodes.ids[n], func(far graph.ID) { l.ends = append(l.ends, nodes.add(far)) }); err != nil {
			return err
		}
		l.at[n] = span{int32(from + 1), int32(len(l.ends) + 1)}
		if read += 1 + len(l.ends) - from; read >= batchSize {
			if err := l.walk.visit(read); err != nil {
				return err
			}
			read = 0
		}
	}
	if err := l.walk.charge(int64(4 * (len(l.ends) - before))); err != nil {
		return err
	}
	return l.walk.visit(read)
}

// linkReader reads (near end, predicate, far end) from a cursor that moves
// forward.
type linkReader struct {
	cursor     graph.Cursor
	links      *links
	near, far  []graph.ID
	predicates []graph.ID // of a negated set
	at, n      int
	size       int // rows to read at once
	served     int // nodes found in what was read last
	eof        bool
}

// reader opens a cursor on the links that p selects.
func (l *links) reader(p graph.Pattern) (*linkReader, error) {
	cursor, err := l.walk.run.snap.Scan(p, l.order())
	if err != nil {
		return nil, err
	}
	return &linkReader{cursor: cursor, links: l}, nil
}

// seek moves to the links of node, or of the first after it.
func (r *linkReader) seek(node graph.ID) error {
	for r.at < r.n && r.near[r.at] < node {
		r.at++
	}
	if r.served++; r.at < r.n || r.eof {
		return nil
	}
	r.resize()
	if err := r.cursor.Seek(r.links.key(node)); err != nil {
		return err
	}
	return r.fill()
}

// resize reads more at once while that serves several nodes.
func (r *linkReader) resize() {
	if r.served > 2 {
		r.size = min(2*r.size, batchSize)
	} else {
		r.size = max(r.size/2, minChunk)
	}
	r.served = 0
}

func (r *linkReader) fill() error {
	w := r.links.walk
	r.near, r.far = w.column(0, r.size), w.column(1, r.size)
	b := graph.Batch{S: r.near, O: r.far}
	if r.links.inverse {
		b.S, b.O = b.O, b.S
	}
	if r.links.predicate == 0 {
		r.predicates = w.column(2, r.size)
		b.P = r.predicates
	}
	var err error
	r.n, err = r.cursor.Next(&b)
	r.at, r.eof = 0, r.n == 0
	return err
}

// column returns room for n IDs. One reader at a time has it.
func (w *walker) column(i, n int) []graph.ID {
	if len(w.columns[i]) < n {
		w.columns[i] = make([]graph.ID, n)
	}
	return w.columns[i][:n]
}

// collect calls f for the far ends of node, where the cursor is.
func (r *linkReader) collect(node graph.ID, f func(graph.ID)) error {
	for !r.eof {
		for ; r.at < r.n; r.at++ {
			if r.near[r.at] != node {
				return nil
			}
			if r.links.predicate != 0 || !r.links.excludes(r.predicates[r.at]) {
				f(r.far[r.at])
			}
		}
		r.size = min(2*r.size, batchSize)
		if err := r.links.walk.settle(); err != nil {
			return err
		}
		if err := r.fill(); err != nil {
			return err
		}
	}
	return nil
}
