package exec

import (
	"qlgraph/graph"
	"qlgraph/sparql/plan"
)

// hashJoin holds the right side in a hash table and streams the left side past
// it. Columns that may be unbound on either side are not part of the hash: they
// are compared pair by pair, unbound being compatible with everything
// (SPARQL 1.1 §18.3). Without key columns every pair is looked at.
type hashJoin struct {
	run   *run
	node  *plan.HashJoin
	left  *stage
	right *stage
	cond  *expression

	leftKeys  []int
	rightKeys []int
	loose     [][2]int // columns of left and right
	shares    bool     // key columns count as shared (MinusJoin)
	width     int      // columns of left
	extra     []int    // columns of right behind them
	filled    [][2]int // loose columns of the output: place, column of right

	built *table
	pairs pairing
	out   *batch
}

// pairing is where a join is in the rows of its left side.
type pairing struct {
	cur     *batch
	row     int
	chain   int32 // next candidate of row + 1
	fresh   bool  // chain is to be looked up
	matched []bool
	drained bool // all pairs of cur were seen; unmatched rows may follow
	selL    []int32
	selR    []int32
}

func newHashJoin(r *run, n *plan.HashJoin, s *stage) (*hashJoin, error) {
	j := &hashJoin{run: r, node: n, left: s.inputs[0], right: s.inputs[1], width: len(s.inputs[0].columns)}
	j.leftKeys, j.rightKeys = j.left.places(n.Keys), j.right.places(n.Keys)
	j.shares = len(n.Keys) > len(n.Apart)
	for _, name := range n.Loose {
		l, c := j.left.column(name), j.right.column(name)
		j.loose = append(j.loose, [2]int{l, c})
		j.filled = append(j.filled, [2]int{l, c})
	}
	if n.Kind == plan.InnerJoin || n.Kind == plan.LeftJoin {
		for i, name := range j.right.columns {
			if j.left.column(name) < 0 {
				j.extra = append(j.extra, i)
			}
		}
	}
	if n.Expr != nil {
		var err error
		j.cond, err = r.expression(n.Expr, n.Columns)
		if err != nil {
			return nil, err
		}
	}
	return j, nil
}

func (j *hashJoin) next() (*batch, error) {
	if j.built == nil {
		if err := j.build(); err != nil {
			return nil, err
		}
	}
	if j.out == nil {
		j.out = j.run.newBatch(j.width + len(j.extra))
	}
	p := &j.pairs
	for {
		if p.cur == nil || p.drained {
			p.cur = nil
			if err := j.fetch(); err != nil || p.cur == nil {
				return nil, err
			}
		}
		n, err := j.produce()
		if n > 0 || err != nil {
			j.out.n = n
			return j.out, err
		}
		if err := j.run.check(); err != nil {
			return nil, err
		}
	}
}

// build reads the right side.
func (j *hashJoin) build() error {
	t := newRows(len(j.right.columns))
	all := make([]int, len(j.right.columns))
	for i := range all {
		all[i] = i
	}
	for {
		b, err := j.right.next()
		if err != nil {
			return err
		}
		if b == nil {
			break
		}
		if err := t.add(j.run, b, all); err != nil {
			return err
		}
	}
	if !j.right.correlated {
		j.right.close()
	}
	var err error
	j.built, err = buildTable(j.run, t, j.rightKeys)
	return err
}

func (j *hashJoin) fetch() error {
	p := &j.pairs
	if j.built.rows.n == 0 && (j.node.Kind == plan.InnerJoin || j.node.Kind == plan.SemiJoin) {
		return nil // nothing can match
	}
	b, err := j.left.next()
	if err != nil || b == nil {
		return err
	}
	p.cur, p.row, p.fresh, p.drained = b, 0, true, false
	p.matched = append(p.matched[:0], make([]bool, b.n)...)
	return nil
}

// produce fills the output with pairs or, behind them, with unmatched rows.
func (j *hashJoin) produce() (int, error) {
	p := &j.pairs
	p.selL, p.selR = p.selL[:0], p.selR[:0]
	switch j.node.Kind {
	case plan.SemiJoin, plan.AntiJoin, plan.MinusJoin:
		if err := j.select1(); err != nil {
			return 0, err
		}
		j.copyRows()
		return len(p.selL), nil
	}
	if p.row < p.cur.n {
		if err := j.collect(); err != nil {
			return 0, err
		}
		j.copyRows()
		return j.keepTrue()
	}
	p.drained = true
	if j.node.Kind == plan.LeftJoin {
		for i, m := range p.matched {
			if !m {
				p.selL = append(p.selL, int32(i))
				p.selR = append(p.selR, -1)
			}
		}
	}
	j.copyRows()
	return len(p.selL), nil
}

// collect gathers up to a batch of compatible pairs.
func (j *hashJoin) collect() error {
	p := &j.pairs
	looked := 0
	for p.row < p.cur.n && len(p.selL) < batchSize {
		if p.fresh {
			p.chain, p.fresh = j.built.first(p.cur.cols, j.leftKeys, p.row), false
		}
		for p.chain != 0 && len(p.selL) < batchSize {
			r := p.chain - 1
			p.chain = j.built.next[r]
			if j.compatible(p.row, int(r)) {
				p.selL = append(p.selL, int32(p.row))
				p.selR = append(p.selR, r)
			}
			if looked++; looked%(16*batchSize) == 0 {
				if err := j.run.check(); err != nil {
					return err
				}
			}
		}
		if p.chain == 0 {
			p.row++
			p.fresh = true
		}
	}
	return nil
}

// select1 selects left rows by whether they have a match at all.
func (j *hashJoin) select1() error {
	p := &j.pairs
	for i := range p.cur.n {
		found := false
		looked := 0
		for c := j.built.first(p.cur.cols, j.leftKeys, i); c != 0 && !found; c = j.built.next[c-1] {
			found = j.compatible(i, int(c-1)) && (j.node.Kind != plan.MinusJoin || j.shares || j.overlap(i, int(c-1)))
			if looked++; looked%(16*batchSize) == 0 {
				if err := j.run.check(); err != nil {
					return err
				}
			}
		}
		if found == (j.node.Kind == plan.SemiJoin) {
			p.selL = append(p.selL, int32(i))
		}
	}
	p.row, p.drained = p.cur.n, true
	return nil
}

func (j *hashJoin) compatible(l, r int) bool {
	for _, c := range j.loose {
		a, b := j.pairs.cur.cols[c[0]][l], j.built.rows.cols[c[1]][r]
		if a != 0 && b != 0 && a != b {
			return false
		}
	}
	return true
}

// overlap reports whether both rows bind a common variable.
func (j *hashJoin) overlap(l, r int) bool {
	for _, c := range j.loose {
		if j.pairs.cur.cols[c[0]][l] != 0 && j.built.rows.cols[c[1]][r] != 0 {
			return true
		}
	}
	return false
}

func (j *hashJoin) copyRows() {
	p := &j.pairs
	for c := range j.width {
		gather(j.out.cols[c], 0, p.cur.cols[c], p.selL)
	}
	if len(p.selR) == 0 {
		return
	}
	for i, c := range j.extra {
		copyRight(j.out.cols[j.width+i], j.built.rows.cols[c], p.selR, false)
	}
	for _, f := range j.filled {
		copyRight(j.out.cols[f[0]], j.built.rows.cols[f[1]], p.selR, true)
	}
}

// copyRight copies the rows sel, -1 for none; where fill is set only into
// unbound places.
func copyRight(dst, src []graph.ID, sel []int32, fill bool) {
	for i, row := range sel {
		switch {
		case fill && dst[i] != 0:
		case row < 0:
			dst[i] = 0
		default:
			dst[i] = src[row]
		}
	}
}

// keepTrue drops pairs for which the condition is not true.
func (j *hashJoin) keepTrue() (int, error) {
	p := &j.pairs
	n := len(p.selL)
	j.out.n = n
	if j.cond != nil && n > 0 {
		var err error
		if n, err = j.cond.filter(j.out, p.selL); err != nil {
			return 0, err
		}
	}
	for _, row := range p.selL[:n] {
		p.matched[row] = true
	}
	return n, nil
}

func (j *hashJoin) reset() {
	j.pairs.cur = nil
	j.left.reset()
	if j.right.correlated {
		j.forget()
		j.right.reset()
	}
}

func (j *hashJoin) forget() {
	if j.built != nil {
		j.run.mem.refund(j.built.bytes() + j.built.rows.bytes())
		j.built = nil
	}
}

func (j *hashJoin) close() {
	j.forget()
	j.run.release(j.out)
	j.out = nil
	j.left.close()
	j.right.close()
}
