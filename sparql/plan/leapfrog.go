package plan

import (
	"fmt"
	"slices"

	"qlgraph/graph"
)

// maxLeapfrogRows bounds the rows that a Leapfrog holds: 64 MiB at most, a
// quarter of what a query may use.
const maxLeapfrogRows = 2 << 20

// costLeap is the cost of a row that a Leapfrog reads, holds and looks for in the
// lists of the others, in the units of joins.go. Where values are spread evenly
// that takes as long as joining pair by pair. Estimates assume that they are; so
// a Leapfrog is chosen as soon as it is no worse, for where they are not.
const costLeap = 3.5

// Relation is a pattern in a Leapfrog. Its variables, one or two, stand in the
// order in which Order yields them.
type Relation struct {
	Pattern Pattern
	Order   graph.Order
	Vars    []string
}

// Reads tells what the relation reads apart from how its variables are called.
func (r *Relation) Reads() string {
	return fmt.Sprint(r.Order, r.Pattern.S.ID, r.Pattern.P.ID, r.Pattern.O.ID, len(r.Vars))
}

// cycle plans the patterns of g that form a cycle as a Leapfrog and returns it
// with the elements that are left; nil where there is no cycle or where joining
// pair by pair is expected to be cheaper.
func (g *joinGroup) cycle() (Node, []*element) {
	core := g.cyclicCore()
	if core == nil {
		return nil, nil
	}
	var rows float64
	var rest []*element
	part := &joinGroup{b: g.b, act: g.act}
	for _, e := range g.elements {
		if !core[e] {
			rest = append(rest, e)
			continue
		}
		part.add(e)
		rows += e.est.rows
	}
	pairwise := part.order(nil)
	if rows > maxLeapfrogRows || !g.b.env.Rules.Always && pairwise.cost < costLeap*rows {
		return nil, nil
	}
	n := &Leapfrog{Vars: part.eliminationOrder()}
	n.Props = Props{Columns: n.Vars, Rows: pairwise.rows, Order: n.Vars[0]}
	for _, e := range part.elements {
		n.Relations = append(n.Relations, relation(e.pattern, n.Vars))
	}
	return n, rest
}

// relation reads p in the order in which its variables come in vars.
func relation(p *Pattern, vars []string) Relation {
	r := Relation{Pattern: *p, Order: graph.PSOG, Vars: p.vars()}
	if p.S.Var == "" {
		return r
	}
	r.Order = graph.POSG
	if p.O.Var != "" && slices.Index(vars, p.S.Var) < slices.Index(vars, p.O.Var) {
		r.Order = graph.PSOG
	} else if p.O.Var != "" {
		r.Vars = []string{p.O.Var, p.S.Var}
	}
	return r
}

// cyclicCore returns the patterns that lie on cycles, with those that have no
// variable beside theirs; nil where there are none. What remains of a query when
// its ears are cut off, variables of one pattern and patterns within another, is
// cyclic (Graham; Yu and Özsoyoğlu).
func (g *joinGroup) cyclicCore() map[*element]bool {
	left := map[*element][]string{}
	for _, e := range g.elements {
		if e.pattern != nil && e.pattern.joinsByValue() {
			left[e] = e.vars
		}
	}
	for trimmed := true; trimmed && len(left) > 0; {
		trimmed = trimVars(left) || dropEars(left, g.elements)
	}
	if len(left) < 3 {
		return nil
	}
	vars := map[string]bool{}
	core := map[*element]bool{}
	for e := range left {
		core[e] = true
		for _, v := range e.vars {
			vars[v] = true
		}
	}
	for _, e := range g.elements {
		if e.pattern != nil && e.pattern.joinsByValue() && allIn(e.vars, vars) {
			core[e] = true
		}
	}
	return core
}

func allIn(list []string, set map[string]bool) bool {
	for _, v := range list {
		if !set[v] {
			return false
		}
	}
	return true
}

// trimVars drops the variables that one pattern alone has.
func trimVars(left map[*element][]string) (trimmed bool) {
	count := map[string]int{}
	for _, vars := range left {
		for _, v := range vars {
			count[v]++
		}
	}
	for e, vars := range left {
		kept := slices.DeleteFunc(slices.Clone(vars), func(v string) bool { return count[v] == 1 })
		if len(kept) < len(vars) {
			left[e], trimmed = kept, true
		}
	}
	return trimmed
}

// dropEars drops a pattern whose variables another has.
func dropEars(left map[*element][]string, order []*element) bool {
	for _, e := range order {
		vars, there := left[e]
		if !there {
			continue
		}
		for other, has := range left {
			if other != e && allIn(vars, namesOf(has)) {
				delete(left, e)
				return true
			}
		}
	}
	return false
}

// joinsByValue reports whether p can be a relation of a Leapfrog: a predicate
// with one or two different variables, each pair of values once.
func (p *Pattern) joinsByValue() bool {
	_, single := p.Graphs.Single()
	n := len(p.vars())
	return p.P.Var == "" && p.G.Var == "" && !p.repeats() && n > 0 && (single || p.Graphs.Merged())
}

// eliminationOrder orders the variables of g: each next one is in as many
// patterns as possible with those before it, and of equals the one with the
// fewest values comes first.
func (g *joinGroup) eliminationOrder() []string {
	values := map[string]float64{}
	for _, e := range g.elements {
		for v, d := range e.est.distinct {
			if have, ok := values[v]; !ok || d < have {
				values[v] = d
			}
		}
	}
	var order []string
	for len(order) < len(g.names.names) {
		best, most := "", -1
		for _, v := range g.names.names {
			if contains(order, v) {
				continue
			}
			links := g.links(v, order)
			if links > most || links == most && values[v] < values[best] {
				best, most = v, links
			}
		}
		order = append(order, best)
	}
	return order
}

// links counts the patterns that have v and one of the variables known, or v
// alone.
func (g *joinGroup) links(v string, known []string) (n int) {
	for _, e := range g.elements {
		if !contains(e.vars, v) {
			continue
		}
		if len(e.vars) == 1 || slices.ContainsFunc(known, func(k string) bool { return contains(e.vars, k) }) {
			n++
		}
	}
	return n
}
