package exec

import (
	"qlgraph/graph"
	"qlgraph/sparql/plan"
)

// scan reads the matches of a pattern straight into the columns of its batch.
type scan struct {
	run    *run
	node   *plan.Scan
	parts  [4]int // column of S, P, O, G; -1: not wanted
	same   [][2]int
	extra  int // columns beyond the result, for repeated variables
	cursor graph.Cursor
	span   int // of node.Spans, at which the cursor is
	out    *batch
	done   bool
}

func newScan(r *run, n *plan.Scan) *scan {
	s := &scan{run: r, node: n}
	width := len(n.Columns)
	seen := map[string]bool{}
	for i, slot := range n.Pattern.Slots() {
		s.parts[i] = -1
		if slot.Var == "" {
			continue
		}
		col := indexOf(n.Columns, slot.Var)
		if seen[slot.Var] { // a repeated variable: read apart, then compare
			s.same = append(s.same, [2]int{col, width})
			col = width
			width++
			s.extra++
		}
		seen[slot.Var] = true
		s.parts[i] = col
	}
	return s
}

func (s *scan) next() (*batch, error) {
	if s.done {
		return nil, nil
	}
	if s.out == nil {
		s.out = s.run.newBatch(len(s.node.Columns) + s.extra)
	}
	if s.cursor == nil {
		c, err := s.run.snap.Scan(s.node.Pattern.IDs(), s.node.Order)
		if err != nil {
			return nil, err
		}
		s.cursor, s.span = c, -1
	}
	for {
		n, err := s.read()
		if err != nil {
			return nil, err
		}
		if n == 0 {
			s.finish()
			return nil, nil
		}
		s.out.n = n
		s.dropUnequal()
		if err := s.dropOutside(); err != nil {
			return nil, err
		}
		if s.out.n > 0 {
			b := &batch{cols: s.out.cols[:len(s.node.Columns)], n: s.out.n}
			return b, nil
		}
		if err := s.run.check(); err != nil {
			return nil, err
		}
	}
}

func (s *scan) read() (int, error) {
	if s.node.Spans != nil && s.span < 0 {
		if err := s.seekSpan(0); err != nil {
			return 0, err
		}
	}
	var b graph.Batch
	wanted := false
	for i, dst := range []*[]graph.ID{&b.S, &b.P, &b.O, &b.G} {
		if s.parts[i] >= 0 {
			*dst = s.out.cols[s.parts[i]]
			wanted = true
		}
	}
	if !wanted { // the pattern has no variable: one row at most
		b.S = make([]graph.ID, 1)
	}
	if s.node.Spans != nil && s.span == len(s.node.Spans) {
		return 0, nil
	}
	n, err := s.cursor.Next(&b)
	if !wanted && n > 0 {
		s.done = true
		return 1, err
	}
	return n, err
}

// dropOutside keeps the rows whose objects are in one of the spans, and moves the
// cursor to the next span where it is between two.
func (s *scan) dropOutside() error {
	if s.node.Spans == nil || s.out.n == 0 {
		return nil
	}
	objects := s.out.cols[s.parts[2]][:s.out.n]
	kept, spans := 0, s.node.Spans
	for i, o := range objects {
		for s.span < len(spans) && spans[s.span].Last < o {
			s.span++
		}
		if s.span == len(spans) {
			break
		}
		if o < spans[s.span].First {
			continue
		}
		if kept != i {
			for _, col := range s.out.cols {
				col[kept] = col[i]
			}
		}
		kept++
	}
	last := objects[len(objects)-1]
	s.out.n = kept
	if s.span == len(spans) || spans[s.span].First <= last {
		return nil
	}
	return s.seekSpan(s.span)
}

func (s *scan) seekSpan(i int) error {
	s.span = i
	return s.cursor.Seek(graph.Quad{P: s.node.Pattern.P.ID, O: s.node.Spans[i].First})
}

// dropUnequal keeps the rows in which repeated variables have one value.
func (s *scan) dropUnequal() {
	for _, pair := range s.same {
		a, b := s.out.cols[pair[0]], s.out.cols[pair[1]]
		kept := 0
		for i := range s.out.n {
			if a[i] != b[i] {
				continue
			}
			for _, col := range s.out.cols {
				col[kept] = col[i]
			}
			kept++
		}
		s.out.n = kept
	}
}

func (s *scan) finish() {
	s.done = true
	if s.cursor != nil {
		s.cursor.Close()
		s.cursor = nil
	}
	s.run.release(s.out)
	s.out = nil
}

func (s *scan) reset() {
	s.finish()
	s.done = false
}

func (s *scan) close() { s.finish() }
