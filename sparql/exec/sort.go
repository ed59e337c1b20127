package exec

import (
	"container/heap"
	"slices"

	"qlgraph/graph"
	"qlgraph/sparql/algebra"
	"qlgraph/sparql/expr"
	"qlgraph/sparql/plan"
)

// sorter holds all rows, or with a limit the first so many by its keys, and
// returns them in order. Rows with equal keys keep the order they came in.
type sorter struct {
	run   *run
	node  *plan.Sort
	in    *stage
	keys  []*expression
	first int    // column of the first key where it is a variable, else -1
	kept  *batch // of prune
	table *rows
	held  []sortRow
	came  int
	bytes int64 // charged
	ready bool
	at    int
	out   *batch
	err   error // of a comparison that was interrupted
	asked int   // comparisons
}

// sortRow is a row with its keys. Its columns are at row of the table.
type sortRow struct {
	row  int32
	came int
	keys []expr.Value
}

func newSort(r *run, n *plan.Sort, in *stage) (*sorter, error) {
	s := &sorter{run: r, node: n, in: in, first: -1}
	if v, ok := n.Conditions[0].Expr.(*algebra.Var); ok {
		s.first = in.column(v.Name)
	}
	for _, c := range n.Conditions {
		x, err := r.expression(c.Expr, in.columns)
		if err != nil {
			return nil, err
		}
		s.keys = append(s.keys, x)
	}
	return s, nil
}

func (s *sorter) next() (*batch, error) {
	if !s.ready {
		if err := s.consume(); err != nil {
			return nil, err
		}
		s.ready = true
	}
	n := min(batchSize, len(s.held)-s.at)
	if n == 0 {
		return nil, nil
	}
	if s.out == nil {
		s.out = s.run.newBatch(len(s.in.columns))
	}
	for i, col := range s.table.cols {
		for k, h := range s.held[s.at : s.at+n] {
			s.out.cols[i][k] = col[h.row]
		}
	}
	s.at += n
	s.out.n = n
	return s.out, nil
}

func (s *sorter) consume() error {
	s.table = newRows(len(s.in.columns))
	for {
		b, err := s.in.next()
		if err != nil {
			return err
		}
		if b == nil {
			break
		}
		if err := s.add(b); err != nil {
			return err
		}
	}
	slices.SortFunc(s.held, s.compare)
	return s.err
}

// add takes the rows of b: with a limit only those that are among the first so
// many until now.
func (s *sorter) add(b *batch) error {
	limit := int(s.node.Limit)
	if s.node.Limit >= 0 && len(s.held) >= limit {
		if limit == 0 {
			return nil
		}
		if b = s.prune(b); b.n == 0 {
			return nil
		}
	}
	keys, err := s.evaluate(b)
	if err != nil {
		return err
	}
	for row := range b.n {
		h := sortRow{came: s.came, keys: keys[row*len(s.keys) : (row+1)*len(s.keys)]}
		s.came++
		if s.node.Limit >= 0 && len(s.held) >= limit {
			if s.compare(h, s.held[0]) >= 0 {
				continue
			}
			h.row = s.held[0].row
			h.keys = slices.Clone(h.keys)
			s.store(b, row, int(h.row))
			s.held[0] = h
			heap.Fix(s, 0)
			continue
		}
		h.row = int32(s.table.n)
		if err := s.charge(h); err != nil {
			return err
		}
		s.store(b, row, s.table.n)
		if s.node.Limit >= 0 {
			h.keys = slices.Clone(h.keys)
			heap.Push(s, h)
		} else {
			s.held = append(s.held, h)
		}
	}
	s.run.solution += uint64(b.n)
	return s.err
}

// prune drops the rows of b that cannot be among the first so many by the IDs
// of their first key alone. Their other keys, and their terms, are never looked
// at.
func (s *sorter) prune(b *batch) *batch {
	if s.first < 0 {
		return b
	}
	worst := s.table.cols[s.first][s.held[0].row]
	if !worst.Inlined() {
		return b
	}
	desc := s.node.Conditions[0].Desc
	if s.kept == nil {
		s.kept = s.run.newBatch(len(b.cols))
	}
	s.kept.n = 0
	for row, id := range b.cols[s.first][:b.n] {
		if id.Kind() == worst.Kind() {
			if c := graph.CompareInlined(id, worst); c > 0 && !desc || c < 0 && desc {
				s.came++
				continue
			}
		}
		for i, col := range b.cols {
			s.kept.cols[i][s.kept.n] = col[row]
		}
		s.kept.n++
	}
	return s.kept
}

// evaluate returns the keys of all rows of b, row by row.
func (s *sorter) evaluate(b *batch) ([]expr.Value, error) {
	keys := make([]expr.Value, b.n*len(s.keys))
	for i, x := range s.keys {
		err := x.all(b, func(row int, v expr.Value) { keys[row*len(s.keys)+i] = v })
		if err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// valueBytes is what an expr.Value takes beside its text.
const valueBytes = 96

func (s *sorter) charge(h sortRow) error {
	n := int64(40 + 8*len(s.table.cols))
	for _, v := range h.keys {
		n += valueBytes + int64(v.Size())
	}
	s.bytes += n
	return s.run.mem.charge(n)
}

// store puts a row of b at the place at of the table, which may be its end.
func (s *sorter) store(b *batch, row, at int) {
	for i, col := range b.cols {
		if at == s.table.n {
			s.table.cols[i] = append(s.table.cols[i], col[row])
		} else {
			s.table.cols[i][at] = col[row]
		}
	}
	if at == s.table.n {
		s.table.n++
	}
}

// compare orders rows by their keys. Once the query has to stop it calls all
// rows equal, so that the sort ends soon.
func (s *sorter) compare(a, b sortRow) int {
	if s.err != nil {
		return 0
	}
	if s.asked++; s.asked%(4*batchSize) == 0 {
		s.err = s.run.check()
	}
	for i := range s.keys {
		c := expr.Order(a.keys[i], b.keys[i])
		if s.node.Conditions[i].Desc {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return a.came - b.came
}

// The heap of a limited sort has the last row at its top.

func (s *sorter) Len() int           { return len(s.held) }
func (s *sorter) Less(i, j int) bool { return s.compare(s.held[i], s.held[j]) > 0 }
func (s *sorter) Swap(i, j int)      { s.held[i], s.held[j] = s.held[j], s.held[i] }
func (s *sorter) Push(x any)         { s.held = append(s.held, x.(sortRow)) }

func (s *sorter) Pop() any {
	last := s.held[len(s.held)-1]
	s.held = s.held[:len(s.held)-1]
	return last
}

func (s *sorter) forget() {
	s.run.mem.refund(s.bytes)
	s.table, s.held, s.bytes, s.came, s.at, s.ready = nil, nil, 0, 0, 0, false
}

func (s *sorter) reset() {
	s.forget()
	s.in.reset()
}

func (s *sorter) close() {
	s.forget()
	s.run.release(s.out)
	s.run.release(s.kept)
	s.out, s.kept = nil, nil
	s.in.close()
}
