package exec

import (
	"qlgraph/graph"
	"qlgraph/sparql/plan"
)

// pathScan extends rows by the two ends of a property path (SPARQL 1.1 §18.4).
// From an end that is known it walks the graph; where neither is known it walks
// from every node that the path can start at.
type pathScan struct {
	run  *run
	node *plan.Path
	in   *stage // nil: a single row without columns
	walk *walker

	start, end pathEnd // of the walk, which goes from O to S where only O is known
	path       walked
	known      map[graph.ID][]graph.ID // ends by start
	held       int                     // IDs in known

	cur    *batch
	row    int
	starts []graph.ID // still to walk from, for the present row
	from   graph.ID
	ends   []graph.ID // still to return, for from
	all    []graph.ID // every node to start at
	done   bool
	out    *batch
}

// pathEnd is where an end of the path comes from.
type pathEnd struct {
	id  graph.ID // a constant
	in  int      // column of the input, -1
	out int      // column of the output that it fills, -1
}

// knownSize bounds the ends that are remembered from start to start.
const knownSize = 1 << 18

func newPath(r *run, n *plan.Path, s *stage) (*pathScan, error) {
	p := &pathScan{run: r, node: n, known: map[graph.ID][]graph.ID{}}
	if n.Input != nil {
		p.in = s.inputs[0]
	}
	subject, err := p.endOf(n.S)
	if err != nil {
		return nil, err
	}
	object, err := p.endOf(n.O)
	if err != nil {
		return nil, err
	}
	p.walk = &walker{run: r, graphs: n.Graphs}
	forward, err := p.walk.compile(n.Path)
	if err != nil {
		return nil, err
	}
	p.start, p.end, p.path = subject, object, forward
	if !subject.fixed() && object.fixed() {
		p.start, p.end, p.path = object, subject, reverse(forward)
	}
	if n.S.Var != "" && n.S.Var == n.O.Var {
		p.end.out = -1
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
	if err := p.run.check(); err != nil {
		return err
	}
	if len(p.starts) == 0 {
		return p.nextRow()
	}
	p.from = p.starts[0]
	p.starts = p.starts[1:]
	ends, ok := p.known[p.from]
	if !ok {
		var err error
		if ends, err = p.endsFrom(p.from); err != nil {
			return err
		}
		if p.held += len(ends); p.held > knownSize {
			clear(p.known)
			p.held = len(ends)
		}
		p.known[p.from] = ends
	}
	p.ends = ends
	return nil
}

func (p *pathScan) endsFrom(start graph.ID) ([]graph.ID, error) {
	if p.start.in >= 0 && p.node.Nodes && nullable(p.path) {
		if there, err := p.walk.isNode(start); err != nil || !there {
			return nil, err
		}
	}
	return p.walk.ends(p.path, start)
}

// nextRow moves to the next input row and lists where it starts.
func (p *pathScan) nextRow() error {
	switch {
	case p.in == nil && p.cur != nil:
		p.done = true
		return nil
	case p.in == nil:
		p.cur, p.row = &batch{n: 1}, 0
	case p.cur == nil || p.row+1 >= p.cur.n:
		b, err := p.in.next()
		if err != nil {
			return err
		}
		if p.cur, p.row = b, 0; b == nil {
			p.done = true
			return nil
		}
	default:
		p.row++
	}
	if p.start.fixed() {
		p.starts = append(p.starts[:0:0], p.start.of(p.cur, p.row))
		return nil
	}
	if p.all == nil {
		var err error
		if p.all, err = p.walk.starts(p.path); err != nil {
			return err
		}
	}
	p.starts = p.all
	return nil
}

// emit returns rows for the ends at hand, as far as there is room.
func (p *pathScan) emit() {
	want, fixed := graph.ID(0), p.end.fixed()
	if fixed {
		want = p.end.of(p.cur, p.row)
	} else if p.end.out < 0 { // both ends are one variable
		want, fixed = p.from, true
	}
	for len(p.ends) > 0 && p.out.n < batchSize {
		end := p.ends[0]
		p.ends = p.ends[1:]
		if fixed && end != want {
			continue
		}
		at := p.out.n
		for c, col := range p.cur.cols {
			p.out.cols[c][at] = col[p.row]
		}
		if p.start.out >= 0 {
			p.out.cols[p.start.out][at] = p.from
		}
		if p.end.out >= 0 {
			p.out.cols[p.end.out][at] = end
		}
		p.out.n++
	}
}

func (p *pathScan) reset() {
	p.cur, p.row, p.starts, p.ends, p.done = nil, 0, nil, nil, false
	if p.in != nil {
		p.in.reset()
	}
}

func (p *pathScan) close() {
	p.run.release(p.out)
	p.out = nil
	if p.in != nil {
		p.in.close()
	}
}
