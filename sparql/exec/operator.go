package exec

import (
	"time"

	"qlgraph/sparql/plan"
)

// operator produces rows.
type operator interface {
	// next returns the next rows, nil at the end; never a batch without rows. A
	// batch is valid until the next call of next, reset or close.
	next() (*batch, error)
	// reset makes next start again, with what Inputs below hold by then.
	reset()
	// close gives back what the operator holds. It may be called twice.
	close()
}

// stage is an operator in a running plan: it knows its columns and its inputs,
// counts rows and time, and watches over the limits.
type stage struct {
	operator
	run        *run
	node       plan.Node
	columns    []string
	inputs     []*stage
	correlated bool // there is an Input below
	rows       int64
	elapsed    time.Duration
}

func (s *stage) next() (*batch, error) {
	if err := s.run.check(); err != nil {
		return nil, err
	}
	var start time.Time
	if s.run.timed {
		start = time.Now()
	}
	b, err := s.operator.next()
	if s.run.timed {
		s.elapsed += time.Since(start)
	}
	if b != nil {
		s.rows += int64(b.n)
	}
	return b, err
}

// column returns the place of the column name, -1 where there is none.
func (s *stage) column(name string) int { return indexOf(s.columns, name) }

func indexOf(list []string, name string) int {
	for i, c := range list {
		if c == name {
			return i
		}
	}
	return -1
}

// places returns the places of the columns names.
func (s *stage) places(names []string) []int {
	list := make([]int, len(names))
	for i, name := range names {
		list[i] = s.column(name)
	}
	return list
}

func (s *stage) explain() *Explanation {
	name, detail := plan.Describe(s.node)
	e := &Explanation{
		Operator: name, Detail: detail,
		Estimated: s.node.Output().Rows, Rows: s.rows, Time: s.elapsed,
	}
	for _, in := range s.inputs {
		e.Children = append(e.Children, in.explain())
	}
	return e
}

// compile turns a plan into operators.
func (r *run) compile(n plan.Node) (*stage, error) {
	s := &stage{run: r, node: n, columns: n.Output().Columns}
	defer func(hasty bool) { r.hasty = hasty }(r.hasty)
	switch n := n.(type) {
	case *plan.Slice:
		r.hasty = n.Limit >= 0 && n.Offset+n.Limit < batchSize
	case *plan.Sort, *plan.Best, *plan.Group: // which want all
		r.hasty = false
	}
	for _, c := range plan.Inputs(n) {
		in, err := r.compile(c)
		if err != nil {
			return nil, err
		}
		s.inputs = append(s.inputs, in)
		s.correlated = s.correlated || in.correlated
	}
	var err error
	s.operator, err = r.operator(n, s)
	return s, err
}

// operator is the one place that knows all operators.
func (r *run) operator(n plan.Node, s *stage) (operator, error) {
	switch n := n.(type) {
	case *plan.Scan:
		return newScan(r, n), nil
	case *plan.SeekJoin:
		return newSeekJoin(r, n, s.inputs[0]), nil
	case *plan.Leapfrog:
		return newLeapfrog(r, n), nil
	case *plan.HashJoin:
		return newHashJoin(r, n, s)
	case *plan.Apply:
		return newApply(r, n, s)
	case *plan.Input:
		s.correlated = true
		return newInput(r, n), nil
	case *plan.Path:
		return newPath(r, n, s)
	case *plan.Filter:
		return newFilter(r, n, s.inputs[0])
	case *plan.Extend:
		return newExtend(r, n, s.inputs[0])
	case *plan.TextSearch:
		return newTextSearch(r, n, s), nil
	case *plan.Best:
		return newBest(r, n, s)
	case *plan.Union:
		return newUnion(r, n, s.inputs), nil
	case *plan.Table:
		return newTable(r, n)
	case *plan.Group:
		return newGroup(r, n, s.inputs[0])
	case *plan.Runs:
		return newRuns(r, n), nil
	case *plan.Sort:
		return newSort(r, n, s.inputs[0])
	case *plan.Project:
		return &project{in: s.inputs[0], from: s.inputs[0].places(n.From)}, nil
	case *plan.Distinct:
		return newDistinct(r, s.inputs[0]), nil
	case *plan.Slice:
		return &slice{run: r, in: s.inputs[0], offset: n.Offset, limit: n.Limit}, nil
	case *plan.Service:
		return newService(r, n, s), nil
	case *plan.PerGraph:
		return newPerGraph(r, n)
	}
	return nil, unplanned(n)
}
