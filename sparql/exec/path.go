package exec

import (
	"slices"

	"qlgraph/graph"
	"qlgraph/sparql/algebra"
	"qlgraph/sparql/plan"
)

// pathScan extends rows by the two ends of a property path with *, + or ? at its
// top (SPARQL 1.1 §18.4). From an end that is known it walks the graph; where
// neither is known it walks from every node that the path can start at. Rows are
// taken some at a time, more each time: what all their walks need is read
// together, and a query that wants few rows reads little.
type pathScan struct {
	run  *run
	node *plan.Path
	in   *stage // nil: a single row without columns

	start, end pathEnd // of the walk, which may go from O to S
	walk       *walker
	zero       bool         // the path leads from a node to itself without a triple
	all        *startStream // where neither end is known: the nodes to start at

	none   *batch // the row without columns
	cur    *batch
	row    int        // of cur that is to be extended
	starts []graph.ID // of the rows that are prepared: from row on, or all for row 0
	number []int32    // those in the walker's count
	at     int        // in starts
	size   int        // starts to prepare at once

	known []span     // by number: ends that were found, as a part of found
	found []graph.ID // at most knownSize where more are added
	held  int64      // bytes of found that are charged
	ends  []graph.ID // still to return, for starts[at-1]
	leads bool       // the only start is known to lead to the end that is wanted
	done  bool
	out   *batch
}

// pathEnd is where an end of the path comes from.
type pathEnd struct {
	id  graph.ID // a constant
	in  int      // column of the input, -1
	out int      // column of the output that it fills, -1
}

const (
	knownSize = 1 << 18  // ends that are remembered from start to start
	heldSize  = 16 << 20 // bytes of the graph that are remembered from rows to rows
	minStarts = 4        // that are prepared first
)

func newPath(r *run, n *plan.Path, s *stage) (*pathScan, error) {
	p := &pathScan{run: r, node: n, none: &batch{n: 1}, size: minStarts, zero: algebra.Nullable(n.Path)}
	if n.Input != nil {
		p.in = s.inputs[0]
	}
	var err error
	if p.start, err = p.endOf(n.S); err != nil {
		return nil, err
	}
	if p.end, err = p.endOf(n.O); err != nil {
		return nil, err
	}
	inverse := p.end.fixed() && (n.Backward || !p.start.fixed())
	if inverse {
		p.start, p.end = p.end, p.start
	}
	if n.S.Var != "" && n.S.Var == n.O.Var {
		p.end.out = -1
	}
	if p.walk, err = newWalker(r, n.Graphs, n.Path, inverse); err != nil {
		return nil, err
	}
	if !p.start.fixed() {
		p.all = newStarts(p.walk, p.zero)
	}
	return p, nil
}

func (p *pathScan) endOf(s plan.Slot) (pathEnd, error) {
	e := pathEnd{in: -1, out: -1}
	if s.Var == "" {
		var err error
		e.id, err = p.run.terms.ID(s.Term)
		return e, err
	}
	if p.in != nil {
		e.in = p.in.column(s.Var)
	}
	if e.in < 0 {
		e.out = indexOf(p.node.Columns, s.Var)
	}
	return e, nil
}

// fixed reports whether the end is known before the walk.
func (e pathEnd) fixed() bool { return e.id != 0 || e.in >= 0 }

func (e pathEnd) of(b *batch, row int) graph.ID {
	if e.in >= 0 {
		return b.cols[e.in][row]
	}
	return e.id
}

func (p *pathScan) next() (*batch, error) {
	if p.out == nil {
		p.out = p.run.newBatch(len(p.node.Columns))
	}
	p.out.n = 0
	for p.out.n < batchSize && !p.done {
		if len(p.ends) > 0 {
			p.emit()
			continue
		}
		if p.out.n > 0 && p.at == len(p.starts) && p.size < batchSize {
			break // these may be enough
		}
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	if p.out.n == 0 {
		return nil, nil
	}
	return p.out, nil
}

// advance finds the ends from the next start.
func (p *pathScan) advance() error {
	if p.at == len(p.starts) {
		return p.more()
	}
	if p.in != nil && p.at > 0 {
		p.row++
	}
	n := p.number[p.at]
	p.at++
	if n < 0 { // no node of the graph
		return nil
	}
	if p.leads {
		p.ends, p.leads = []graph.ID{p.end.of(p.cur, p.row)}, false
		return nil
	}
	if s := p.known[n]; s != (span{}) {
		p.ends = p.found[s.from-1 : s.to-1]
		return nil
	}
	return p.find(n)
}

// find walks from the node n and remembers where that leads.
func (p *pathScan) find(n int32) error {
	if len(p.found) > knownSize {
		clear(p.known)
		p.found = p.found[:0]
	}
	from := len(p.found)
	var err error
	if p.found, err = p.walk.ends(n, p.found); err != nil {
		return err
	}
	if more := int64(8*cap(p.found)) - p.held; more > 0 {
		p.held += more
		if err := p.run.mem.charge(more); err != nil {
			return err
		}
	}
	if p.ends = p.found[from:]; p.end.fixed() {
		slices.Sort(p.ends)
	}
	p.known[n] = span{int32(from + 1), int32(len(p.found) + 1)}
	return nil
}

// more prepares the next starts.
func (p *pathScan) more() error {
	if err := p.run.check(); err != nil {
		return err
	}
	p.starts, p.at = p.starts[:0], 0
	var err error
	if p.all != nil {
		p.cur = p.none
		p.starts, err = p.all.next(p.starts, p.size)
	} else {
		err = p.rows()
	}
	if p.done = len(p.starts) == 0; p.done || err != nil {
		return err
	}
	p.size = min(4*p.size, batchSize)
	return p.prepare()
}

// rows lists the starts of the next rows of the input.
func (p *pathScan) rows() error {
	switch {
	case p.in == nil && p.cur != nil:
		return nil
	case p.in == nil:
		p.cur, p.row = p.none, 0
	case p.cur == nil || p.row+1 >= p.cur.n:
		b, err := p.in.next()
		if err != nil {
			return err
		}
		if p.cur, p.row = b, 0; b == nil {
			return nil
		}
	default:
		p.row++
	}
	for row := p.row; row < min(p.row+p.size, p.cur.n); row++ {
		p.starts = append(p.starts, p.start.of(p.cur, row))
	}
	return nil
}

// prepare reads what the walks from the starts need.
func (p *pathScan) prepare() error {
	if p.walk.charged > heldSize {
		p.walk.forget()
		p.known, p.found = nil, p.found[:0]
	}
	before := len(p.walk.nodes.ids)
	p.number = p.number[:0]
	for _, id := range p.starts {
		p.number = append(p.number, p.walk.nodes.add(id))
	}
	if p.strangers() {
		if err := p.walk.dropStrangers(p.number, before); err != nil {
			return err
		}
	}
	if err := p.read(before == 0); err != nil {
		return err
	}
	if more := len(p.walk.nodes.ids) - len(p.known); more > 0 {
		p.known = append(p.known, make([]span, more)...)
	}
	return nil
}

// strangers reports whether a start that is no node of the graph leads nowhere,
// not to itself.
func (p *pathScan) strangers() bool { return p.zero && p.node.Nodes && p.start.in >= 0 }

// read prepares the walks from the starts or, where the first of them is the only
// one and there is one end that it may lead to, sees whether it does.
func (p *pathScan) read(first bool) error {
	if first && len(p.number) == 1 && p.end.fixed() && !p.strangers() {
		var err error
		p.leads, err = p.walk.leads(p.number[0], p.walk.nodes.add(p.end.of(p.cur, p.row)))
		return err
	}
	return p.walk.prepare(p.number)
}

// emit returns rows for the ends at hand, as far as there is room.
func (p *pathScan) emit() {
	at := p.out.n
	start := p.starts[p.at-1]
	n := min(len(p.ends), batchSize-at)
	switch {
	case p.end.fixed():
		_, found := slices.BinarySearch(p.ends, p.end.of(p.cur, p.row))
		n, p.ends = once(found), nil
	case p.end.out < 0: // both ends are one variable
		n, p.ends = once(slices.Contains(p.ends, start)), nil
	default:
		copy(p.out.cols[p.end.out][at:at+n], p.ends)
		p.ends = p.ends[n:]
	}
	for c, col := range p.cur.cols {
		fill(p.out.cols[c][at:at+n], col[p.row])
	}
	if p.start.out >= 0 {
		fill(p.out.cols[p.start.out][at:at+n], start)
	}
	p.out.n += n
}

// once is how often an end is among the ends of a walk.
func once(found bool) int {
	if found {
		return 1
	}
	return 0
}

func fill(dst []graph.ID, id graph.ID) {
	for i := range dst {
		dst[i] = id
	}
}

func (p *pathScan) reset() {
	p.cur, p.row, p.starts, p.at, p.ends, p.done = nil, 0, p.starts[:0], 0, nil, false
	p.leads = false
	if p.all != nil {
		p.all.reset()
	}
	if p.in != nil {
		p.in.reset()
	}
}

func (p *pathScan) close() {
	p.run.release(p.out)
	p.out = nil
	p.run.mem.refund(p.held)
	p.held, p.known, p.found = 0, nil, nil
	p.walk.forget()
	if p.all != nil {
		p.all.reset()
	}
	if p.in != nil {
		p.in.close()
	}
}
