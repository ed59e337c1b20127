package exec

import (
	"qlgraph/graph"
	"qlgraph/sparql/algebra"
	"qlgraph/sparql/expr"
)

// columnAggregate returns an aggregate over a column, which works on the values
// that IDs carry and looks at the terms of the others only; nil where that is not
// possible.
func (g *group) columnAggregate(a algebra.Aggregate, place int) (aggregate, error) {
	signs := map[string]int{"MIN": -1, "SAMPLE": 0, "MAX": 1}
	sign, picks := signs[a.Name]
	adds := (a.Name == "SUM" || a.Name == "AVG") && !a.Distinct
	if !picks && !adds {
		return nil, nil
	}
	arg, err := g.column(a.Arg.(*algebra.Var).Name, place)
	if picks {
		return &picked{column: arg, run: g.run, name: a.Name, sign: sign}, err
	}
	return &sums{column: arg, run: g.run, average: a.Name == "AVG"}, err
}

// column is a column that aggregates fold. Those over one variable share it, so
// that its terms are fetched once.
type column struct {
	place  int
	x      *expression  // of the variable
	others []int32      // rows of the present batch whose value is not in the ID
	ids    []graph.ID   // of these
	values []expr.Value // and what they stand for
	ready  bool
}

func (g *group) column(name string, place int) (*column, error) {
	if c := g.columns[name]; c != nil {
		return c, nil
	}
	x, err := g.run.expression(&algebra.Var{Name: name}, g.in.columns)
	c := &column{place: place, x: x}
	g.columns[name] = c
	return c, err
}

// split finds the rows of b whose value is not in the ID.
func (c *column) split(r *run, b *batch) error {
	if c.ready {
		return nil
	}
	c.others, c.ids = c.others[:0], c.ids[:0]
	for row, id := range b.cols[c.place][:b.n] {
		if !id.Inlined() {
			c.others, c.ids = append(c.others, int32(row)), append(c.ids, id)
		}
	}
	if len(c.ids) > 0 {
		o := c.x.single
		if err := o.load(r, c.ids); err != nil {
			return err
		}
		c.values = o.values
	}
	c.ready = true
	return nil
}

// picked is MIN or MAX, the first or last value in the order of ORDER BY, or
// SAMPLE, the first that came.
type picked struct {
	*column
	run  *run
	name string
	sign int                // of what a better value compares to
	best []graph.ID         // of inlined values, by group; 0: none
	rest []expr.Accumulator // of the others; nil until there are some
}

func (p *picked) add(b *batch, groups []int32, n int) error {
	grown, err := growTo(p.run, p.best, n)
	if err != nil || b.n == 0 {
		p.best = grown
		return err
	}
	p.best = grown
	if err := p.split(p.run, b); err != nil {
		return err
	}
	for row, id := range b.cols[p.place][:b.n] {
		if !id.Inlined() {
			continue
		}
		if best := &p.best[groups[row]]; *best == 0 || compareValues(id, *best)*p.sign > 0 {
			*best = id
		}
	}
	for i, row := range p.others {
		if err := p.addOther(int(groups[row]), p.values[i]); err != nil {
			return err
		}
	}
	return p.run.check()
}

func (p *picked) addOther(g int, v expr.Value) error {
	if len(p.rest) <= g {
		grown, err := growTo(p.run, p.rest, len(p.best))
		if err != nil {
			return err
		}
		p.rest = grown
	}
	if p.rest[g] == nil {
		p.rest[g] = expr.NewAccumulator(p.name, "", p.run.env)
		if err := p.run.mem.charge(entryBytes); err != nil {
			return err
		}
	}
	return p.run.mem.charge(int64(p.rest[g].Add(v)))
}

// compareValues is the order of ORDER BY for inlined values.
func compareValues(a, b graph.ID) int {
	if a.Kind() == b.Kind() {
		return graph.CompareInlined(a, b)
	}
	return expr.Order(expr.OfInlined(a), expr.OfInlined(b))
}

func (p *picked) result(g int) expr.Value {
	if g >= len(p.rest) || p.rest[g] == nil {
		if g >= len(p.best) || p.best[g] == 0 {
			return expr.Value{}
		}
		return expr.OfInlined(p.best[g])
	}
	if p.best[g] != 0 {
		p.rest[g].Add(expr.OfInlined(p.best[g]))
	}
	return p.rest[g].Result()
}

// sums is SUM or AVG.
type sums struct {
	*column
	run     *run
	average bool
	totals  []expr.Sum
}

func (s *sums) add(b *batch, groups []int32, n int) error {
	if n > len(s.totals) {
		if err := s.run.mem.charge(entryBytes * int64(n-len(s.totals))); err != nil {
			return err
		}
		s.totals = append(s.totals, make([]expr.Sum, n-len(s.totals))...)
	}
	if b.n == 0 {
		return nil
	}
	if err := s.split(s.run, b); err != nil {
		return err
	}
	for row, id := range b.cols[s.place][:b.n] {
		if id.Inlined() {
			s.totals[groups[row]].AddInlined(id)
		}
	}
	for i, row := range s.others {
		s.totals[groups[row]].Add(s.values[i])
	}
	return s.run.check()
}

func (s *sums) result(g int) expr.Value {
	if s.average {
		return s.totals[g].Average()
	}
	return s.totals[g].Result()
}
