package exec

import (
	"qlgraph/graph"
	"qlgraph/sparql/plan"
)

// apply evaluates its right side once per batch of the left side, whose rows
// the right side starts from: an OPTIONAL or EXISTS costs in proportion to the
// rows that ask for it, not to the data that could answer.
//
// The right side carries along the number of each row in the batch, by which
// apply knows which rows have found a match.
type apply struct {
	run   *run
	node  *plan.Apply
	left  *stage
	right *stage
	outer []int // columns of left that right starts from
	cond  *expression
	row   int   // column of right with the row's number
	from  []int // column of right for each output column

	cur     *batch
	matched []bool
	ended   bool // right has no more rows for cur
	rest    int  // rows of cur before this one were looked at for the last time
	pending *batch
	at      int
	out     *batch
}

func newApply(r *run, n *plan.Apply, s *stage) (*apply, error) {
	a := &apply{run: r, node: n, left: s.inputs[0], right: s.inputs[1]}
	s.correlated = a.left.correlated // what is below right is ours
	a.outer = a.left.places(n.Outer)
	a.row = a.right.column(n.Row)
	a.from = a.right.places(n.Columns)
	if n.Expr != nil {
		var err error
		if a.cond, err = r.expression(n.Expr, a.right.columns); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func (a *apply) next() (*batch, error) {
	if a.out == nil {
		a.out = a.run.newBatch(len(a.from))
	}
	a.out.n = 0
	for a.out.n == 0 {
		if a.cur == nil {
			if err := a.fetch(); err != nil || a.cur == nil {
				return nil, err
			}
		}
		if err := a.fill(); err != nil {
			return nil, err
		}
		if err := a.run.check(); err != nil {
			return nil, err
		}
	}
	return a.out, nil
}

// fetch reads the next rows of the left side and starts the right side on them.
func (a *apply) fetch() error {
	b, err := a.left.next()
	if err != nil || b == nil {
		return err
	}
	a.cur, a.ended, a.rest, a.pending = b, false, 0, nil
	a.matched = append(a.matched[:0], make([]bool, b.n)...)
	a.run.feed(a.node.Of, b, a.outer)
	a.right.reset()
	return nil
}

// fill moves rows to the output: first those that right returns, then those of
// left that are decided only when right has ended.
func (a *apply) fill() error {
	for !a.ended && a.out.n < batchSize {
		if a.pending == nil {
			b, err := a.right.next()
			if err != nil {
				return err
			}
			if b == nil {
				a.ended = true
				break
			}
			if a.cond != nil {
				if b.n, err = a.cond.filter(b, nil); err != nil {
					return err
				}
			}
			a.pending, a.at = b, 0
		}
		a.take()
	}
	if a.ended {
		a.decide()
	}
	return nil
}

// take moves pending rows to the output as far as there is room.
func (a *apply) take() {
	n := min(a.pending.n-a.at, batchSize-a.out.n)
	for _, row := range a.pending.cols[a.row][a.at : a.at+n] {
		a.matched[row] = true
	}
	if a.node.Kind == plan.InnerJoin || a.node.Kind == plan.LeftJoin {
		for i, c := range a.from {
			copy(a.out.cols[i][a.out.n:], a.pending.cols[c][a.at:a.at+n])
		}
		a.out.n += n
	}
	if a.at += n; a.at == a.pending.n {
		a.pending = nil
	}
}

// decide moves the rows of left that are wanted with or without a match.
func (a *apply) decide() {
	for ; a.rest < a.cur.n; a.rest++ {
		if a.node.Kind == plan.InnerJoin || a.matched[a.rest] != (a.node.Kind == plan.SemiJoin) {
			continue
		}
		if a.out.n == batchSize {
			return
		}
		for i := range a.out.cols {
			var id graph.ID
			if i < len(a.cur.cols) {
				id = a.cur.cols[i][a.rest]
			}
			a.out.cols[i][a.out.n] = id
		}
		a.out.n++
	}
	a.cur = nil
}

func (a *apply) reset() {
	a.cur, a.pending = nil, nil
	a.left.reset()
}

func (a *apply) close() {
	a.run.release(a.out)
	a.out = nil
	a.left.close()
	a.right.close()
}

// inputOp hands a batch of outer rows to the operators above it, followed by
// the number of each row.
type inputOp struct {
	run   *run
	rows  *batch
	given bool
}

func newInput(r *run, n *plan.Input) *inputOp {
	in := &inputOp{run: r}
	r.inputs[n.Of] = append(r.inputs[n.Of], in)
	return in
}

// feed sets the rows that the Inputs of of hand out: the columns places of b.
func (r *run) feed(of *plan.Correlation, b *batch, places []int) {
	rows := &batch{n: b.n}
	for _, c := range places {
		rows.cols = append(rows.cols, b.cols[c])
	}
	for len(r.numbers) < batchSize {
		r.numbers = append(r.numbers, graph.ID(len(r.numbers)))
	}
	rows.cols = append(rows.cols, r.numbers)
	for _, in := range r.inputs[of] {
		in.rows, in.given = rows, false
	}
}

func (in *inputOp) next() (*batch, error) {
	if in.given || in.rows == nil || in.rows.n == 0 {
		return nil, nil
	}
	in.given = true
	return in.rows, nil
}

func (in *inputOp) reset() { in.given = false }
func (in *inputOp) close() {}
