package plan

import (
	"qlgraph/graph"
	"qlgraph/sparql/algebra"
)

// RunCount is a column that Runs adds: how many matches a combination of keys
// has, or how many distinct values of the variable Of.
type RunCount struct {
	Var   string
	Of    string      // "": matches
	Order graph.Order // in which Of follows the constants and the keys
}

// distinct plans SELECT DISTINCT.
func (b *builder) distinct(n *algebra.Distinct, act Active) Node {
	if p, ok := n.Input.(*algebra.Project); ok && len(p.Vars) > 0 {
		if r := b.runs(p.Input, act, p.Vars, nil); r != nil {
			return r
		}
	}
	in := b.node(n.Input, act)
	return &Distinct{Props: *in.Output(), Input: in}
}

// counted plans a Group that only counts; nil where it does more.
func (b *builder) counted(n *algebra.Group, act Active) Node {
	var keys []string
	for _, k := range n.Keys {
		if v, ok := k.Expr.(*algebra.Var); !ok || v.Name != k.Var || contains(keys, k.Var) {
			return nil
		}
		keys = append(keys, k.Var)
	}
	var counts []RunCount
	for _, a := range n.Aggregates {
		c := RunCount{Var: a.Var}
		v, bare := a.Arg.(*algebra.Var)
		if a.Name != "COUNT" || a.Arg != nil && (!bare || !algebra.VarsOf(n.Input)[v.Name] || contains(keys, v.Name)) {
			return nil
		}
		if bare && a.Distinct {
			c.Of = v.Name
		}
		counts = append(counts, c)
	}
	return b.runs(n.Input, act, keys, counts)
}

// runs plans the distinct combinations of keys of a single pattern with counts
// of their matches, by walking an index that has the keys together; nil where
// that is impossible or would cost more than looking at every match.
func (b *builder) runs(n algebra.Node, act Active, keys []string, counts []RunCount) Node {
	if !b.env.Rules.Counts {
		return nil
	}
	var filters []algebra.Expr
	if len(keys) > 0 { // else there is a row even of nothing
		n, filters = keyFilters(n, keys)
	}
	p, ok := b.singlePattern(n, act)
	if !ok || p.repeats() {
		return nil
	}
	r := &Runs{Pattern: p, Keys: keys, Counts: counts}
	next, ok := r.countOrders()
	if !ok {
		return nil
	}
	if r.Order, ok = runOrder(&p, keys, next); !ok || !b.runsPay(r) {
		return nil
	}
	r.Columns = keys
	for _, c := range counts {
		r.Columns = with(r.Columns, c.Var)
	}
	if first := leadingVar(&p, r.Order); contains(keys, first) {
		r.Props.Order = first
	}
	return b.filterRest(r, filters, act)
}

// countOrders chooses an order for each count of distinct values, and returns
// the variable of one, which can be counted along with the matches.
func (r *Runs) countOrders() (along string, ok bool) {
	for i := range r.Counts {
		c := &r.Counts[i]
		if c.Of == "" {
			continue
		}
		if c.Order, ok = runOrder(&r.Pattern, r.Keys, c.Of); !ok {
			return "", false
		}
		if along == "" {
			along = c.Of
		}
	}
	return along, true
}

// keyFilters takes off the filters of n that look at keys alone, as they hold
// for a combination of keys or for none of its matches.
func keyFilters(n algebra.Node, keys []string) (algebra.Node, []algebra.Expr) {
	var filters []algebra.Expr
	for {
		f, ok := n.(*algebra.Filter)
		if !ok || volatile(f.Expr) || hasExists(f.Expr) {
			return n, filters
		}
		for name := range mentions(f.Expr) {
			if !contains(keys, name) {
				return n, filters
			}
		}
		filters = append(filters, f.Expr)
		n = f.Input
	}
}

// singlePattern returns the only triple pattern of n, which may be in GRAPH.
func (b *builder) singlePattern(n algebra.Node, act Active) (Pattern, bool) {
	switch n := n.(type) {
	case *algebra.BGP:
		if len(n.Triples) == 1 {
			return b.pattern(n.Triples[0], act)
		}
	case *algebra.Graph:
		if !n.Name.IsVar() {
			if !needsTriple(n.Input) { // whether the graph exists matters
				return Pattern{}, false
			}
			a, err := b.env.graph(n.Name.Value)
			b.fail(err)
			return b.singlePattern(n.Input, a)
		}
		if all, ok := b.env.Named.each(); ok && atOnce(n.Input, n.Name.Var) {
			return b.singlePattern(n.Input, Active{Graphs: all, Var: n.Name.Var})
		}
	}
	return Pattern{}, false
}

// runOrder returns an order of the index in which p's constants come first, then
// the keys, then next where one is given.
func runOrder(p *Pattern, keys []string, next string) (graph.Order, bool) {
	for _, o := range [...]graph.Order{graph.GSPO, graph.PSOG, graph.POSG, graph.SPOG, graph.OSPG} {
		if leads(p, o, keys, next) {
			return o, true
		}
	}
	return 0, false
}

func leads(p *Pattern, o graph.Order, keys []string, next string) bool {
	vars := 0
	for at, c := range o.Components() {
		s := p.Slots()[c]
		switch {
		case s.Var == "" && c == 3: // bound at the front, not looked at behind
			if at == 0 && !oneGraph(p) {
				return false
			}
			continue
		case s.Var == "" && vars > 0:
			return false
		case s.Var == "":
			continue
		case vars < len(keys) && !contains(keys, s.Var),
			vars == len(keys) && next != "" && s.Var != next:
			return false
		}
		vars++
	}
	return vars >= len(keys)
}

// runsPay reports whether walking the index is cheap: few graphs are left out on
// the way, and what cannot be counted along is asked for few combinations.
func (b *builder) runsPay(r *Runs) bool {
	e := b.estimatePattern(&r.Pattern)
	r.Props.Rows = 1
	for _, k := range r.Keys {
		r.Props.Rows *= max(1, e.distinct[k])
	}
	r.Props.Rows = min(r.Props.Rows, max(1, e.rows))
	apart := false
	leading := r.Order == graph.GSPO
	for _, c := range r.Counts {
		apart = apart || c.Of != "" && c.Order != r.Order
		leading = leading && (c.Of == "" || c.Order == graph.GSPO)
	}
	if b.env.Rules.Always {
		return true
	}
	if apart && r.Props.Rows*costApart > e.rows {
		return false
	}
	return leading || b.readsMost(r.Pattern.Graphs, e.rows)
}

// costApart is the cost of a count that needs a cursor of its own, in rows that
// are grouped by hashing.
const costApart = 64

// readsMost reports whether g has so large a share of the quads that an index
// which does not lead with the graph hardly meets others.
func (b *builder) readsMost(g graph.Graphs, rows float64) bool {
	ids, listed := g.Set()
	if !listed {
		return true
	}
	const few, many = 1000, 64
	if rows < few || len(ids) > many { // not worth counting
		return false
	}
	var read int64
	for _, id := range ids {
		n, _, err := b.env.Snapshot.Count(graph.Pattern{Graphs: graph.OneGraph(id)})
		b.fail(err)
		read += n
	}
	all, _, err := b.env.Snapshot.Count(graph.Pattern{Graphs: graph.EveryQuad()})
	b.fail(err)
	return 4*read >= all
}
