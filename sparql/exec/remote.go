package exec

import (
	"errors"
	"fmt"
	"iter"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/sparql/plan"
)

// ErrService is the error of a SERVICE pattern that no Service evaluates.
var ErrService = errors.New("SERVICE is not allowed here")

// service asks another endpoint and holds its answer. With a variable for a
// name it asks once per distinct endpoint of its input.
type service struct {
	run  *run
	node *plan.Service
	in   *stage
	name int // column of in with the endpoint, -1

	cur     *batch
	row     int
	answers map[rdf.Term]*answer
	at      int // row of the answer
	started bool
	out     *batch
}

// answer is what an endpoint said, in the order of the node's own variables.
type answer struct {
	rows [][]graph.ID
}

func newService(r *run, n *plan.Service, s *stage) *service {
	v := &service{run: r, node: n, name: -1, answers: map[rdf.Term]*answer{}}
	if n.Input != nil {
		v.in = s.inputs[0]
		if n.Call.Name.IsVar() {
			v.name = v.in.column(n.Call.Name.Var)
		}
	}
	return v
}

func (s *service) next() (*batch, error) {
	if s.out == nil {
		s.out = s.run.newBatch(len(s.node.Columns))
	}
	s.out.n = 0
	for s.out.n < batchSize {
		if s.cur == nil || s.row == s.cur.n {
			if s.out.n > 0 {
				break
			}
			if err := s.fetch(); err != nil {
				return nil, err
			}
			if s.cur == nil {
				break
			}
		}
		if err := s.join(); err != nil {
			return nil, err
		}
	}
	if s.out.n == 0 {
		return nil, nil
	}
	return s.out, nil
}

func (s *service) fetch() error {
	if s.in == nil {
		if s.cur = nil; !s.started {
			s.cur = &batch{n: 1}
		}
		s.started = true
	} else {
		var err error
		if s.cur, err = s.in.next(); err != nil {
			return err
		}
	}
	s.row, s.at = 0, 0
	return nil
}

// join pairs the present row with the answer for it.
func (s *service) join() error {
	a, err := s.answer()
	if err != nil {
		return err
	}
	width := len(s.cur.cols)
	for ; s.at < len(a.rows) && s.out.n < batchSize; s.at++ {
		n := s.out.n
		for c, col := range s.cur.cols {
			s.out.cols[c][n] = col[s.row]
		}
		for c := width; c < len(s.out.cols); c++ {
			s.out.cols[c][n] = 0
		}
		if s.merge(a.rows[s.at], n) {
			s.out.n++
		}
	}
	if s.at == len(a.rows) {
		s.row++
		s.at = 0
	}
	return nil
}

// merge joins a row of an answer into row n of the output.
func (s *service) merge(values []graph.ID, n int) bool {
	for i, name := range s.node.Call.Vars {
		c := indexOf(s.node.Columns, name)
		if c < 0 || values[i] == 0 {
			continue
		}
		if have := s.out.cols[c][n]; have != 0 && have != values[i] {
			return false
		}
		s.out.cols[c][n] = values[i]
	}
	return true
}

func (s *service) answer() (*answer, error) {
	name := s.node.Call.Name.Value
	if s.name >= 0 {
		one := make([]rdf.Term, 1)
		if err := s.run.decode([]graph.ID{s.cur.cols[s.name][s.row]}, one); err != nil {
			return nil, err
		}
		name = one[0]
	}
	if a, ok := s.answers[name]; ok {
		return a, nil
	}
	a, err := s.ask(name)
	if err != nil {
		if s.run.ctx.Err() != nil || !s.node.Call.Silent {
			return nil, fmt.Errorf("SERVICE %v: %w", name, err)
		}
		// SPARQL 1.1 Federated Query §4: a failing SILENT service is one empty solution.
		a = &answer{rows: [][]graph.ID{make([]graph.ID, len(s.node.Call.Vars))}}
	}
	s.answers[name] = a
	return a, nil
}

func (s *service) ask(name rdf.Term) (*answer, error) {
	if s.run.service == nil {
		return nil, ErrService
	}
	if !name.IsIRI() {
		return nil, errors.New("the endpoint is not an IRI")
	}
	vars, rows, err := s.run.service.Select(s.run.ctx, name.Value(), s.node.Call.Query)
	if err != nil {
		return nil, err
	}
	return s.hold(vars, rows)
}

func (s *service) hold(vars []string, rows iter.Seq2[[]rdf.Term, error]) (*answer, error) {
	a := &answer{}
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		ids := make([]graph.ID, len(s.node.Call.Vars))
		for i, v := range vars {
			at := indexOf(s.node.Call.Vars, v)
			if at < 0 {
				continue
			}
			if ids[at], err = s.run.terms.ID(row[i]); err != nil {
				return nil, err
			}
		}
		if err := s.run.mem.charge(int64(8*len(ids) + 24)); err != nil {
			return nil, err
		}
		a.rows = append(a.rows, ids)
		if err := s.run.check(); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func (s *service) reset() {
	s.cur, s.row, s.at, s.started = nil, 0, 0, false
	if s.in != nil {
		s.in.reset()
	}
}

func (s *service) close() {
	s.run.release(s.out)
	s.out = nil
	if s.in != nil {
		s.in.close()
	}
}
