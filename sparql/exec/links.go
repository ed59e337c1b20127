package exec

import (
	"cmp"
	"slices"

	"qlgraph/graph"
)

// nodeTable numbers the nodes that a path meets, so that what is known of them
// lies in arrays.
type nodeTable struct {
	set *rowSet
	one []graph.ID
}

func newNodeTable(r *run) nodeTable { return nodeTable{set: newRowSet(r, 1)} }

// ids returns the nodes by number, good until the next one is added.
func (t *nodeTable) ids() []graph.ID { return t.set.rows.cols[0] }

func (t *nodeTable) len() int { return t.set.rows.n }

// add appends the numbers of ids to list.
func (t *nodeTable) add(list []int32, ids []graph.ID) ([]int32, error) {
	cols := [1][]graph.ID{ids}
	for i := range ids {
		n, _, err := t.set.add(cols[:], t.set.all, i)
		if err != nil {
			return nil, err
		}
		list = append(list, int32(n))
	}
	return list, nil
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

	at   []span // by the number of the node
	ends []int32
	far  []graph.ID // of the node that is being read
	open []int32    // nodes that are being looked up
}

// span is the part of a list from one place to another, counted from 1: the zero
// span is that of what has not been looked up.
type span struct{ from, to int32 }

// none is the span of a node from which there are no links.
func none() span { return span{1, 1} }

// from returns where the links lead from a node that was loaded.
func (l *links) from(n int32) []int32 {
	s := l.at[n]
	return l.ends[s.from-1 : s.to-1]
}

// load looks up those of nodes that have not been.
func (l *links) load(nodes []int32) error {
	ids := l.walk.nodes.ids()
	if more := l.walk.nodes.len() - len(l.at); more > 0 {
		l.at = append(l.at, make([]span, more)...)
	}
	l.open = l.open[:0]
	for _, n := range nodes {
		if l.at[n] == (span{}) {
			l.at[n] = none()
			if !l.dead && ids[n].Kind() != graph.IDLocal {
				l.open = append(l.open, n)
			}
		}
	}
	if len(l.open) == 0 {
		return nil
	}
	l.walk.sort(l.open)
	p := graph.Pattern{P: l.predicate, Graphs: l.walk.graphs}
	if len(l.open) == 1 {
		p = l.bind(p, ids[l.open[0]])
	}
	r, err := l.reader(p)
	if err != nil {
		return err
	}
	defer r.close()
	return l.read(r)
}

// sort puts nodes in the order of their IDs.
func (w *walker) sort(nodes []int32) {
	ids := w.nodes.ids()
	slices.SortFunc(nodes, func(a, b int32) int { return cmp.Compare(ids[a], ids[b]) })
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

// read moves r from one open node to the next.
func (l *links) read(r *linkReader) error {
	before := len(l.ends)
	for _, n := range l.open {
		if err := r.seek(l.walk.nodes.ids()[n]); err != nil {
			return err
		}
		var err error
		if l.far, err = r.collect(l.walk.nodes.ids()[n], l.far[:0]); err != nil {
			return err
		}
		if err := l.walk.visit(1 + len(l.far)); err != nil {
			return err
		}
		from := len(l.ends)
		if l.ends, err = l.walk.nodes.add(l.ends, l.far); err != nil {
			return err
		}
		l.at[n] = span{int32(from + 1), int32(len(l.ends) + 1)}
	}
	const perNode, perEnd = 8, 4
	return l.walk.charge(int64(perNode*len(l.open) + perEnd*(len(l.ends)-before)))
}

// linkReader reads (near end, predicate, far end) from a cursor that moves
// forward.
type linkReader struct {
	cursor     graph.Cursor
	links      *links
	buffers    *batch
	near       []graph.ID
	far        []graph.ID
	predicates []graph.ID // of a negated set
	at, n      int
	size       int // rows to read at once
	served     int // nodes found in what was read last
	eof        bool
}

func (l *links) reader(p graph.Pattern) (*linkReader, error) {
	cursor, err := l.walk.run.snap.Scan(p, l.order())
	if err != nil {
		return nil, err
	}
	b := l.walk.run.newBatch(3)
	return &linkReader{cursor: cursor, links: l, buffers: b, near: b.cols[0], far: b.cols[1], predicates: b.cols[2]}, nil
}

func (r *linkReader) close() {
	r.cursor.Close()
	r.links.walk.run.release(r.buffers)
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
	b := graph.Batch{S: r.near[:r.size], O: r.far[:r.size]}
	if r.links.inverse {
		b.S, b.O = b.O, b.S
	}
	if r.links.predicate == 0 {
		b.P = r.predicates[:r.size]
	}
	var err error
	r.n, err = r.cursor.Next(&b)
	r.at, r.eof = 0, r.n == 0
	return err
}

// collect appends the far ends of node, where the cursor is.
func (r *linkReader) collect(node graph.ID, all []graph.ID) ([]graph.ID, error) {
	for !r.eof {
		for ; r.at < r.n; r.at++ {
			if r.near[r.at] != node {
				return all, nil
			}
			if r.links.predicate == 0 {
				if _, not := slices.BinarySearch(r.links.not, r.predicates[r.at]); not {
					continue
				}
			}
			all = append(all, r.far[r.at])
		}
		r.size = min(2*r.size, batchSize)
		if err := r.links.walk.run.check(); err != nil { // a hub may have millions
			return nil, err
		}
		if err := r.fill(); err != nil {
			return nil, err
		}
	}
	return all, nil
}
