package exec

import (
	"cmp"

	"qlgraph/graph"
	"qlgraph/sparql/algebra"
	"qlgraph/sparql/expr"
	"qlgraph/sparql/plan"
)

// group hashes the key columns to group numbers and folds each aggregate over
// the rows of its group.
type group struct {
	run    *run
	node   *plan.Group
	in     *stage
	keys   []int
	groups *rowSet
	aggs   []aggregate
	args   map[string]*argument // of aggregates over a variable, by its name
	ready  bool
	at     int
	out    *batch
	err    error // of a start after a reset: kept for next

	columns map[string]*column // of those that work on IDs
}

// aggregate folds rows into groups.
type aggregate interface {
	// add takes a batch whose row i belongs to the group groups[i]; there are n
	// groups by now.
	add(b *batch, groups []int32, n int) error
	// result returns the aggregate of a group, an error value where it has none.
	result(group int) expr.Value
}

func newGroup(r *run, n *plan.Group, in *stage) (*group, error) {
	g := &group{run: r, node: n, in: in, keys: in.places(n.Keys)}
	return g, g.start()
}

func (g *group) start() error {
	g.groups = newRowSet(g.run, len(g.keys))
	g.aggs, g.args, g.ready, g.at = nil, map[string]*argument{}, false, 0
	g.columns = map[string]*column{}
	for _, a := range g.node.Aggregates {
		agg, err := g.newAggregate(a.Aggregate)
		if err != nil {
			return err
		}
		g.aggs = append(g.aggs, agg)
	}
	return nil
}

func (g *group) next() (*batch, error) {
	if g.err != nil {
		return nil, g.err
	}
	if !g.ready {
		if err := g.consume(); err != nil {
			return nil, err
		}
		g.ready = true
	}
	n := min(batchSize, g.groups.rows.n-g.at)
	if n == 0 {
		return nil, nil
	}
	if g.out == nil {
		g.out = g.run.newBatch(len(g.keys) + len(g.aggs))
	}
	for i := range g.keys {
		copy(g.out.cols[i], g.groups.rows.cols[i][g.at:g.at+n])
	}
	for i, a := range g.aggs {
		dst := g.out.cols[len(g.keys)+i]
		for row := range n {
			id, err := g.run.terms.ofValue(a.result(g.at + row))
			if err != nil {
				return nil, err
			}
			dst[row] = id
		}
	}
	g.at += n
	g.out.n = n
	return g.out, g.run.check()
}

func (g *group) consume() error {
	numbers := make([]int32, batchSize)
	if len(g.keys) == 0 { // one group, even of nothing
		none := &batch{n: 0}
		if _, _, err := g.groups.add(nil, nil, 0); err != nil {
			return err
		}
		for _, a := range g.aggs {
			if err := a.add(none, nil, 1); err != nil {
				return err
			}
		}
	}
	for {
		b, err := g.in.next()
		if err != nil || b == nil {
			return err
		}
		for row := range b.n {
			n, _, err := g.groups.add(b.cols, g.keys, row)
			if err != nil {
				return err
			}
			numbers[row] = int32(n)
		}
		for _, a := range g.args {
			a.ready = false
		}
		for _, c := range g.columns {
			c.ready = false
		}
		for _, a := range g.aggs {
			if err := a.add(b, numbers[:b.n], g.groups.rows.n); err != nil {
				return err
			}
		}
		g.run.solution += uint64(b.n)
	}
}

func (g *group) reset() {
	g.groups.free()
	g.in.reset()
	g.err = g.start()
}

func (g *group) close() {
	g.groups.free()
	g.run.release(g.out)
	g.out = nil
	g.in.close()
}

// newAggregate chooses how to fold a: counting needs no terms.
func (g *group) newAggregate(a algebra.Aggregate) (aggregate, error) {
	r, columns := g.run, g.in.columns
	v, bare := a.Arg.(*algebra.Var)
	place := -1
	if bare {
		place = indexOf(columns, v.Name)
	}
	switch {
	case a.Name == "COUNT" && a.Arg == nil && !a.Distinct:
		return &countRows{run: r, place: -1}, nil
	case a.Name == "COUNT" && a.Arg == nil:
		return &countDistinct{run: r, places: every(len(columns))}, nil
	case a.Name == "COUNT" && bare && place >= 0 && a.Distinct:
		return &countDistinct{run: r, places: []int{place}, bound: true}, nil
	case a.Name == "COUNT" && bare && place >= 0:
		return &countRows{run: r, place: place}, nil
	}
	if bare && place >= 0 {
		if c, err := g.columnAggregate(a, place); c != nil || err != nil {
			return c, err
		}
	}
	arg, err := g.argument(a.Arg)
	if err != nil {
		return nil, err
	}
	f := &folded{run: r, arg: arg, name: a.Name, separator: a.Separator}
	if a.Distinct {
		f.seen = map[groupValue]bool{}
	}
	return f, nil
}

func every(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// countRows is COUNT(*) and COUNT(?x).
type countRows struct {
	run    *run
	place  int // -1: every row counts
	counts []int
}

func (c *countRows) add(b *batch, groups []int32, n int) error {
	grown, err := growTo(c.run, c.counts, n)
	if err != nil {
		return err
	}
	c.counts = grown
	for row, g := range groups {
		if c.place < 0 || b.cols[c.place][row] != 0 {
			c.counts[g]++
		}
	}
	return nil
}

func (c *countRows) result(g int) expr.Value { return expr.Integer(c.counts[g]) }

func growTo[T any](r *run, list []T, n int) ([]T, error) {
	if n <= len(list) {
		return list, nil
	}
	const about = 16 // bytes per group
	err := r.mem.charge(int64(about * (n - len(list))))
	return append(list, make([]T, n-len(list))...), err
}

// countDistinct is COUNT(DISTINCT *) and COUNT(DISTINCT ?x).
type countDistinct struct {
	run    *run
	places []int
	bound  bool // an unbound value does not count
	counts []int
	seen   *rowSet
	cols   [][]graph.ID // of places, the group in front
}

func (c *countDistinct) add(b *batch, groups []int32, n int) error {
	grown, err := growTo(c.run, c.counts, n)
	if err != nil {
		return err
	}
	c.counts = grown
	if c.seen == nil {
		c.seen = newRowSet(c.run, len(c.places)+1)
		c.cols = [][]graph.ID{make([]graph.ID, batchSize)}
	}
	c.cols = c.cols[:1]
	for i, g := range groups {
		c.cols[0][i] = graph.ID(g)
	}
	if b.n > 0 {
		for _, p := range c.places {
			c.cols = append(c.cols, b.cols[p])
		}
	}
	for row, g := range groups {
		if c.bound && c.cols[1][row] == 0 {
			continue
		}
		_, isNew, err := c.seen.add(c.cols, c.seen.all, row)
		if err != nil {
			return err
		}
		if isNew {
			c.counts[g]++
		}
	}
	return nil
}

func (c *countDistinct) result(g int) expr.Value { return expr.Integer(c.counts[g]) }

// argument is what aggregates fold. Those over one variable share it, so that
// its terms are fetched once for MIN, MAX and the like together.
type argument struct {
	x      *expression
	users  int
	values []expr.Value // of the present batch, where there are several users
	ready  bool
}

func (g *group) argument(e algebra.Expr) (*argument, error) {
	name := ""
	if v, ok := e.(*algebra.Var); ok {
		name = v.Name
		if a := g.args[name]; a != nil {
			a.users++
			return a, nil
		}
	}
	x, err := g.run.expression(e, g.in.columns)
	a := &argument{x: x, users: 1}
	if name != "" {
		g.args[name] = a
	}
	return a, err
}

// all calls f with the value of each row of b.
func (a *argument) all(b *batch, f func(row int, v expr.Value)) error {
	if a.users == 1 {
		return a.x.all(b, f)
	}
	if !a.ready {
		if cap(a.values) < batchSize {
			a.values = make([]expr.Value, batchSize)
		}
		if err := a.x.all(b, func(row int, v expr.Value) { a.values[row] = v }); err != nil {
			return err
		}
		a.ready = true
	}
	for row, v := range a.values[:b.n] {
		f(row, v)
	}
	return nil
}

// folded is any other aggregate: values go to an accumulator per group.
type folded struct {
	run       *run
	arg       *argument
	name      string
	separator string
	accs      []expr.Accumulator
	seen      map[groupValue]bool // for DISTINCT
}

type groupValue struct {
	group int32
	value graph.ID // an answer of Terms.aloneOfValue
}

func (f *folded) add(b *batch, groups []int32, n int) error {
	for len(f.accs) < n {
		if err := f.run.mem.charge(entryBytes); err != nil {
			return err
		}
		f.accs = append(f.accs, expr.NewAccumulator(f.name, f.separator, f.run.env))
	}
	if b.n == 0 {
		return nil
	}
	var failed error
	err := f.arg.all(b, func(row int, v expr.Value) {
		if failed != nil {
			return
		}
		g := groups[row]
		if f.seen != nil {
			var isNew bool
			if isNew, failed = f.first(g, v); !isNew {
				return
			}
		}
		if grown := f.accs[g].Add(v); grown != 0 {
			failed = f.run.mem.charge(int64(grown))
		}
	})
	return cmp.Or(err, failed)
}

// first reports whether v is new to the group.
func (f *folded) first(group int32, v expr.Value) (bool, error) {
	id, err := f.run.terms.aloneOfValue(v)
	key := groupValue{group, id}
	if err != nil || f.seen[key] {
		return false, err
	}
	f.seen[key] = true
	return true, f.run.mem.charge(entryBytes)
}

func (f *folded) result(g int) expr.Value { return f.accs[g].Result() }
