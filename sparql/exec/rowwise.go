package exec

import (
	"cmp"

	"qlgraph/graph"
	"qlgraph/sparql/expr"
	"qlgraph/sparql/plan"
)

// filter keeps the rows for which every condition is true.
type filter struct {
	run   *run
	in    *stage
	conds []*expression
	out   *batch
}

func newFilter(r *run, n *plan.Filter, in *stage) (*filter, error) {
	f := &filter{run: r, in: in}
	for _, e := range n.Exprs {
		x, err := r.expression(e, in.columns)
		if err != nil {
			return nil, err
		}
		f.conds = append(f.conds, x)
	}
	return f, nil
}

func (f *filter) next() (*batch, error) {
	for {
		b, err := f.in.next()
		if err != nil || b == nil {
			return nil, err
		}
		out := f.copy(b)
		for _, c := range f.conds {
			n, err := c.filter(out, nil)
			if err != nil {
				return nil, err
			}
			f.run.solution += uint64(out.n)
			if out.n = n; n == 0 {
				break
			}
		}
		if out.n > 0 {
			return out, nil
		}
	}
}

// copy makes the rows of b ours to shrink: b may be read again by others.
func (f *filter) copy(b *batch) *batch {
	if f.out == nil {
		f.out = f.run.newBatch(len(b.cols))
	}
	for i, col := range b.cols {
		copy(f.out.cols[i], col[:b.n])
	}
	f.out.n = b.n
	return f.out
}

func (f *filter) reset() { f.in.reset() }

func (f *filter) close() {
	f.run.release(f.out)
	f.out = nil
	f.in.close()
}

// extend adds computed columns.
type extend struct {
	run   *run
	in    *stage
	binds []bound
	cols  *batch // the added columns
}

type bound struct {
	*expression
	alone bool
	terms *memo[graph.ID] // like expression.memo, of IDs
}

func newExtend(r *run, n *plan.Extend, in *stage) (*extend, error) {
	x := &extend{run: r, in: in}
	for i, b := range n.Bindings {
		e, err := r.expression(b.Expr, n.Columns[:len(in.columns)+i])
		if err != nil {
			return nil, err
		}
		x.binds = append(x.binds, bound{expression: e, alone: b.Alone, terms: &memo[graph.ID]{}})
	}
	return x, nil
}

func (x *extend) next() (*batch, error) {
	in, err := x.in.next()
	if err != nil || in == nil {
		return nil, err
	}
	if x.cols == nil {
		x.cols = x.run.newBatch(len(x.binds))
	}
	out := &batch{cols: in.cols[:len(in.cols):len(in.cols)], n: in.n}
	for i, b := range x.binds {
		dst := x.cols.cols[i]
		if err := b.ids(out, dst); err != nil {
			return nil, err
		}
		out.cols = append(out.cols, dst)
	}
	x.run.solution += uint64(in.n)
	return out, nil
}

// ids computes the column dst.
func (b *bound) ids(in *batch, dst []graph.ID) error {
	if err := b.begin(in); err != nil {
		return err
	}
	if b.part != nil && b.parts(func(row, n int, ok bool) {
		dst[row] = 0
		if ok {
			dst[row], _ = graph.IntegerID(int64(n))
		}
	}) {
		return b.run.check()
	}
	intern := b.run.terms.ofValue
	if b.alone {
		intern = b.run.terms.aloneOfValue
	}
	if b.memo != nil && b.terms.pays() {
		return remembered(b.expression, b.terms, intern, func(row int, id graph.ID) { dst[row] = id })
	}
	var failed error
	err := b.all(in, func(row int, v expr.Value) {
		id, err := intern(v)
		failed = cmp.Or(failed, err)
		dst[row] = id
	})
	return cmp.Or(err, failed)
}

func (x *extend) reset() { x.in.reset() }

func (x *extend) close() {
	x.run.release(x.cols)
	x.cols = nil
	x.in.close()
}

// union returns the rows of its branches, one branch after the other.
type union struct {
	run      *run
	branches []*stage
	from     [][]int // for each branch and output column the branch's column, -1
	at       int
	unbound  []graph.ID
}

func newUnion(r *run, n *plan.Union, branches []*stage) *union {
	u := &union{run: r, branches: branches}
	for _, b := range branches {
		u.from = append(u.from, b.places(n.Columns))
	}
	return u
}

func (u *union) next() (*batch, error) {
	for ; u.at < len(u.branches); u.at++ {
		in, err := u.branches[u.at].next()
		if err != nil {
			return nil, err
		}
		if in == nil {
			if !u.branches[u.at].correlated {
				u.branches[u.at].close()
			}
			continue
		}
		return u.project(in), nil
	}
	return nil, nil
}

// project chooses columns of in; what it lacks is unbound.
func (u *union) project(in *batch) *batch {
	if u.unbound == nil {
		u.unbound = make([]graph.ID, batchSize)
	}
	from := u.from[u.at]
	out := &batch{cols: make([][]graph.ID, len(from)), n: in.n}
	for i, c := range from {
		if c < 0 {
			out.cols[i] = u.unbound
		} else {
			out.cols[i] = in.cols[c]
		}
	}
	return out
}

func (u *union) reset() {
	u.at = 0
	for _, b := range u.branches {
		b.reset()
	}
}

func (u *union) close() {
	for _, b := range u.branches {
		b.close()
	}
}

// tableScan returns constant rows.
type tableScan struct {
	run  *run
	node *plan.Table
	at   int
	out  *batch
}

func newTable(r *run, n *plan.Table) (*tableScan, error) {
	return &tableScan{run: r, node: n}, nil
}

func (t *tableScan) next() (*batch, error) {
	n := min(batchSize, len(t.node.Rows)-t.at)
	if n == 0 {
		return nil, nil
	}
	if t.out == nil {
		t.out = t.run.newBatch(len(t.node.Columns))
	}
	for i, row := range t.node.Rows[t.at : t.at+n] {
		for c, term := range row {
			id, err := t.run.terms.ID(term)
			if err != nil {
				return nil, err
			}
			t.out.cols[c][i] = id
		}
	}
	t.at += n
	t.out.n = n
	return t.out, nil
}

func (t *tableScan) reset() { t.at = 0 }

func (t *tableScan) close() {
	t.run.release(t.out)
	t.out = nil
}

// project chooses and renames columns.
type project struct {
	in      *stage
	from    []int // -1: unbound
	unbound []graph.ID
}

func (p *project) next() (*batch, error) {
	in, err := p.in.next()
	if err != nil || in == nil {
		return nil, err
	}
	out := &batch{cols: make([][]graph.ID, len(p.from)), n: in.n}
	for i, c := range p.from {
		if c >= 0 {
			out.cols[i] = in.cols[c]
			continue
		}
		if p.unbound == nil {
			p.unbound = make([]graph.ID, batchSize)
		}
		out.cols[i] = p.unbound
	}
	return out, nil
}

func (p *project) reset() { p.in.reset() }
func (p *project) close() { p.in.close() }

// slice skips offset rows and passes on limit, where that is not negative.
type slice struct {
	run           *run
	in            *stage
	offset, limit int64
	passed        int64
	skipped       int64
}

func (s *slice) next() (*batch, error) {
	for s.limit < 0 || s.passed < s.limit {
		in, err := s.in.next()
		if err != nil || in == nil {
			return nil, err
		}
		skip := min(s.offset-s.skipped, int64(in.n))
		s.skipped += skip
		n := int64(in.n) - skip
		if s.limit >= 0 {
			n = min(n, s.limit-s.passed)
		}
		if n == 0 {
			continue
		}
		s.passed += n
		if skip == 0 {
			return &batch{cols: in.cols, n: int(n)}, nil
		}
		out := &batch{cols: make([][]graph.ID, len(in.cols)), n: int(n)}
		for i, col := range in.cols {
			out.cols[i] = col[skip:]
		}
		return out, nil
	}
	return nil, nil
}

func (s *slice) reset() {
	s.passed, s.skipped = 0, 0
	s.in.reset()
}

func (s *slice) close() { s.in.close() }

// distinct passes on each row once.
type distinct struct {
	run  *run
	in   *stage
	seen *rowSet
	out  *batch
}

func newDistinct(r *run, in *stage) *distinct {
	return &distinct{run: r, in: in, seen: newRowSet(r, len(in.columns))}
}

func (d *distinct) next() (*batch, error) {
	if d.out == nil {
		d.out = d.run.newBatch(len(d.in.columns))
	}
	for {
		in, err := d.in.next()
		if err != nil || in == nil {
			return nil, err
		}
		d.out.n = 0
		for row := range in.n {
			_, isNew, err := d.seen.add(in.cols, d.seen.all, row)
			if err != nil {
				return nil, err
			}
			if isNew {
				for i, col := range in.cols {
					d.out.cols[i][d.out.n] = col[row]
				}
				d.out.n++
			}
		}
		if d.out.n > 0 {
			return d.out, nil
		}
	}
}

func (d *distinct) reset() {
	d.seen.free()
	d.in.reset()
}

func (d *distinct) close() {
	d.seen.free()
	d.run.release(d.out)
	d.out = nil
	d.in.close()
}
