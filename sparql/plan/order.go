package plan

import (
	"maps"
	"math"
	"slices"

	"qlgraph/sparql/algebra"
)

// maxDynamic is the number of patterns up to which all orders are compared. The
// tables have 2^n entries; beyond, the next pattern is chosen greedily.
const maxDynamic = 10

// state is a set of joined elements with what is known of the rows.
type state struct {
	cost, rows float64
	matches    float64 // rows before filters
	ascending  string
	distinct   map[string]float64 // estimated values of the bound variables
	bound      uint64             // those of them that filters look at
	applied    uint64             // filters that rows accounts for
	last       int                // element joined last, -1: none
	prev       *state
	right      *state // what was joined instead of an element, on its own
}

// steps lists what s is made of, first to last, without the start.
func (s *state) steps() []*state {
	var list []*state
	for ; s.prev != nil; s = s.prev {
		list = append(list, s)
	}
	slices.Reverse(list)
	return list
}

// order chooses the order in which the elements are joined.
func (g *joinGroup) order(in Node) *state {
	g.lookAtFilters()
	start := &state{last: -1, rows: 1, distinct: map[string]float64{}}
	if in != nil {
		p := in.Output()
		start.rows, start.ascending = p.Rows, p.Order
		for _, c := range p.Columns {
			if p.Certain(c) {
				start.distinct[c] = p.Rows
			}
		}
	}
	if in != nil {
		g.bind(start, in.Output().Columns, nil)
	}
	n := len(g.elements)
	if n > maxDynamic {
		return g.greedy(start, in != nil)
	}
	first := *start
	first.distinct = maps.Clone(start.distinct)
	good := g.greedy(&first, in != nil)
	if best := g.dynamic(start, in != nil, good.cost); best != nil {
		return best
	}
	return good
}

// dynamic finds the cheapest order: the best way to join each subset is the best
// way to join it without one element, and that element, or of two halves of it.
// A cost only grows, so what costs more than the limit already leads nowhere;
// nil where all orders do.
func (g *joinGroup) dynamic(start *state, outer bool, limit float64) *state {
	n := len(g.elements)
	best := make([][]*state, 1<<n) // a state per order of rows
	best[0] = []*state{start}
	masks := g.varMasks(n)
	for set := range best {
		for _, s := range best[set] {
			for i, e := range g.elements {
				if set&(1<<i) != 0 {
					continue
				}
				for _, next := range g.step(s, e, i, outer || set != 0, limit) {
					with := set | 1<<i
					best[with] = improve(best[with], next)
				}
			}
		}
		if !outer && masks != nil {
			g.halves(best, set, masks, limit)
		}
	}
	var cheapest *state
	for _, s := range best[1<<n-1] {
		if cheapest == nil || s.cost < cheapest.cost {
			cheapest = s
		}
	}
	return cheapest
}

// improve adds s to the states of a set, unless one with the same order of rows
// is as cheap.
func improve(list []*state, s *state) []*state {
	for i, old := range list {
		if old.ascending == s.ascending {
			if s.cost < old.cost {
				list[i] = s
			}
			return list
		}
	}
	const maxStates = 4 // orders of rows that are followed up
	if len(list) < maxStates {
		return append(list, s)
	}
	return list
}

// greedy joins what is cheapest next among the elements that share a variable
// with what is joined, or among all where none does. It looks at each element
// as often as it has neighbours, so that long chains are planned in no time.
func (g *joinGroup) greedy(start *state, outer bool) *state {
	used := make([]bool, len(g.elements))
	byVar := map[string][]int{}
	for i, e := range g.elements {
		for _, v := range e.vars {
			byVar[v] = append(byVar[v], i)
		}
	}
	frontier := map[int]bool{}
	reach := func(v string) {
		for _, i := range byVar[v] {
			if !used[i] {
				frontier[i] = true
			}
		}
	}
	for v := range start.distinct {
		reach(v)
	}
	s := start
	for k := range g.elements {
		s = g.cheapest(s, frontier, used, outer || k > 0)
		used[s.last] = true
		delete(frontier, s.last)
		for _, v := range g.elements[s.last].vars {
			reach(v)
		}
	}
	return s
}

// cheapest returns the best next state over the frontier, or over everything
// that is not used where the frontier is empty. It takes the distinct values of
// s over: a greedy search never goes back.
func (g *joinGroup) cheapest(s *state, frontier map[int]bool, used []bool, joined bool) *state {
	if g.b.env.Check != nil {
		g.b.fail(g.b.env.Check())
	}
	var best *state
	try := func(i int) {
		e := g.elements[i]
		rows, distinct := e.size(s)
		next := &state{rows: rows, last: i, prev: s, cost: e.readCost(rows), bound: s.bound, applied: s.applied}
		if joined {
			next.rows = joinedRows(s, rows, distinct)
			next.ascending = s.ascending
			next.cost = s.cost + next.rows + e.joinCost(s, rows)
		} else {
			next.ascending = e.scanOrders()[0]
		}
		g.bind(next, e.vars, distinct)
		if best == nil || next.cost < best.cost || next.cost == best.cost && i < best.last {
			best = next
		}
	}
	for i := range frontier {
		try(i)
	}
	for i := range g.elements {
		if len(frontier) == 0 && !used[i] {
			try(i)
		}
	}
	_, distinct := g.elements[best.last].size(s)
	best.distinct, s.distinct = s.distinct, nil
	for v, d := range distinct {
		if have := best.distinct[v]; have > 0 {
			d = min(d, have)
		}
		best.distinct[v] = max(1, min(d, best.rows))
	}
	return best
}

// step returns what joining e to s leads to; several states where e can be read
// in several orders, none where it costs more than the limit.
func (g *joinGroup) step(s *state, e *element, i int, joined bool, limit float64) []*state {
	rows, distinct := e.size(s)
	if !joined {
		var list []*state
		for _, asc := range e.scanOrders() {
			next := &state{cost: e.readCost(rows), rows: rows, ascending: asc, distinct: distinct, last: i, prev: s}
			g.bind(next, e.vars, distinct)
			list = append(list, next)
		}
		return list
	}
	out := joinedRows(s, rows, distinct)
	if s.cost+out > limit {
		return nil
	}
	cost := s.cost + out + e.joinCost(s, rows)
	if cost > limit {
		return nil
	}
	next := &state{cost: cost, rows: out, ascending: s.ascending, last: i, prev: s, bound: s.bound, applied: s.applied}
	g.bind(next, e.vars, distinct)
	next.distinct = joinedDistinct(s, next.rows, distinct)
	return []*state{next}
}

// size returns the rows of e alone, or per row of s where it depends on s.
func (e *element) size(s *state) (rows float64, distinct map[string]float64) {
	switch {
	case e.pattern != nil, e.union != nil:
		return e.est.rows, e.est.distinct
	case e.path != nil:
		est := e.reach.estimate(e.path, s.distinct)
		return est.rows, est.distinct
	}
	p := e.planned.Output()
	distinct = map[string]float64{}
	for _, v := range p.Columns {
		if p.Certain(v) {
			distinct[v] = max(1, p.Rows)
		}
	}
	return p.Rows, distinct
}

// scanOrders lists the variables by which e can be read.
func (e *element) scanOrders() []string {
	if e.pattern == nil {
		if e.planned != nil {
			return []string{e.planned.Output().Order}
		}
		return []string{""}
	}
	if e.spans != nil {
		return []string{e.pattern.O.Var}
	}
	var list []string
	for _, v := range e.vars {
		if v != e.pattern.G.Var || len(e.vars) == 1 {
			list = append(list, v)
		}
	}
	if list == nil {
		return []string{""}
	}
	return list
}

// joinedDistinct estimates the values of each variable in the out rows of a join.
func joinedDistinct(s *state, out float64, distinct map[string]float64) map[string]float64 {
	merged := make(map[string]float64, len(s.distinct)+len(distinct))
	for v, d := range s.distinct {
		merged[v] = d
	}
	for v, d := range distinct {
		if have := s.distinct[v]; have > 0 {
			d = min(d, have)
		}
		merged[v] = d
	}
	for v, d := range merged {
		merged[v] = max(1, min(d, out))
	}
	return merged
}

// joinedRows estimates the join by the independence of its shared variables.
func joinedRows(s *state, rows float64, distinct map[string]float64) float64 {
	out := s.rows * rows
	for v, d := range distinct {
		if have := s.distinct[v]; have > 0 {
			out /= max(have, d, 1)
		}
	}
	return out
}

// readCost is what it takes to read e alone.
func (e *element) readCost(rows float64) float64 {
	if e.path != nil {
		return costSeek + rows*costWalk
	}
	return rows
}

// walkCost is what it takes to walk a path from its end that s knows: once from
// each node, as ends are remembered from row to row.
func (e *element) walkCost(s *state) float64 {
	for _, end := range []struct {
		term algebra.Term
		each float64
	}{{e.path.S, e.reach.forward()}, {e.path.O, e.reach.backward()}} {
		if d := s.distinct[end.term.Var]; end.term.IsVar() && d > 0 {
			return s.rows + min(d, s.rows)*(costSeek+end.each*costWalk)
		}
	}
	return s.rows
}

// joinCost is what it takes to join e to s, output apart.
func (e *element) joinCost(s *state, rows float64) float64 {
	p := &Props{Rows: s.rows, Order: s.ascending}
	shared := false
	for _, v := range e.vars {
		shared = shared || s.distinct[v] > 0
	}
	switch {
	case e.path != nil && shared:
		return e.walkCost(s)
	case e.path != nil:
		return e.readCost(rows)
	case e.planned != nil:
		return e.plannedCost(s, shared)
	case !shared:
		return costBuild*rows + costProbe*s.rows
	case e.union != nil:
		return min(e.seekUnionCost(s.rows), hashCost(p, e))
	}
	bound := func(v string) bool { return s.distinct[v] > 0 }
	order, lead := seekOrder(e.pattern, bound, s.ascending)
	if !sharesLead(e.pattern, order, lead) {
		return math.Min(hashCost(p, e), s.rows*e.est.rows)
	}
	return math.Min(seekCost(p, e, order), hashCost(p, e))
}
