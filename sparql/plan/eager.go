package plan

import (
	"fmt"
	"math"

	"qlgraph/sparql/algebra"
)

// eagerGain is how many rows a partial group has to stand for on average, so
// that grouping twice is cheaper than joining everything.
const eagerGain = 4

// eager groups before what only labels the groups is joined ("eager
// aggregation", Yan and Larson 1995): the rows that agree in all that the labels
// see share one partial group, which is joined as each of its rows would be.
//
//	Group(K, COUNT(e), Join(X, Y)) → Group(K, SUM(p), Join(Group(S, p = COUNT(e), X), Y))
//
// S are the variables of X that K and Y mention. It returns nil where there is
// nothing to split off, where an aggregate cannot be put together from parts, or
// where there would be too many partial groups.
func (b *builder) eager(n *algebra.Group, act Active) *algebra.Group {
	if !b.env.Rules.Eager {
		return nil
	}
	s, ok := splitLabels(n)
	if !ok {
		return nil
	}
	partial := &algebra.Group{Input: s.core}
	for _, name := range s.seen {
		partial.Keys = append(partial.Keys, algebra.Binding{Var: name, Expr: &algebra.Var{Name: name}})
	}
	final := &algebra.Group{Keys: n.Keys}
	for _, a := range n.Aggregates {
		combined, ok := combine(a.Aggregate, s.fixed)
		if !ok {
			return nil
		}
		b.rows++
		name := fmt.Sprintf(".part%d", b.rows)
		partial.Aggregates = append(partial.Aggregates, algebra.AggregateBinding{Var: name, Aggregate: a.Aggregate})
		combined.Arg = &algebra.Var{Name: name}
		final.Aggregates = append(final.Aggregates, algebra.AggregateBinding{Var: a.Var, Aggregate: combined})
	}
	if !b.env.Rules.Always && b.groups(s.core, act, s.seen)*eagerGain > b.node(s.core, act).Output().Rows {
		return nil
	}
	final.Input = s.labelled(countOnce(partial))
	if !b.env.Rules.Always && !b.cheaper(final.Input, n.Input, act) {
		return nil
	}
	return final
}

// cheaper reports whether grouping the rows of n takes less than those of other.
func (b *builder) cheaper(n, other algebra.Node, act Active) bool {
	one, two := b.node(n, act), b.node(other, act)
	return cost(one)+costProbe*one.Output().Rows < cost(two)+costProbe*two.Output().Rows
}

// combine returns the aggregate that makes one of its parts, or false for those
// that cannot be taken apart. Where each group consists of one part, perhaps
// repeated, whatever does not count repetitions can.
func combine(a algebra.Aggregate, fixed bool) (algebra.Aggregate, bool) {
	switch {
	case a.Name == "COUNT" && !a.Distinct:
		return algebra.Aggregate{Name: "SUM"}, true
	case a.Name == "MIN" || a.Name == "MAX" || a.Name == "SAMPLE":
		return algebra.Aggregate{Name: a.Name}, true
	case a.Name == "COUNT" && fixed:
		return algebra.Aggregate{Name: "MAX"}, true
	}
	return algebra.Aggregate{}, false
}

// groups estimates how many groups n has by the given variables: those that
// occur together mostly depend on each other, so the rarer ones count by their
// root.
func (b *builder) groups(n algebra.Node, act Active, by []string) float64 {
	most, rest := 1.0, 1.0
	for _, name := range by {
		d := b.distinctIn(n, act, name)
		if d > most {
			most, d = d, most
		}
		rest *= d
	}
	return most * math.Sqrt(rest)
}

// distinctIn estimates how many values name has in n.
func (b *builder) distinctIn(n algebra.Node, act Active, name string) float64 {
	least := math.Inf(1)
	switch n := n.(type) {
	case *algebra.BGP:
		for _, t := range n.Triples {
			if !contains(termVars(t.S, t.P, t.O), name) {
				continue
			}
			if p, ok := b.pattern(t, act); ok {
				least = min(least, b.estimatePattern(&p).distinct[name])
			}
		}
	case *algebra.Graph:
		if n.Name.Var == name {
			return 100
		}
		if !n.Name.IsVar() {
			a, err := b.env.graph(n.Name.Value)
			b.fail(err)
			act = a
		}
		return b.distinctIn(n.Input, act, name)
	default:
		for _, c := range algebra.Inputs(n) {
			least = min(least, b.distinctIn(c, act, name))
		}
	}
	return least
}

// split is the input of a Group taken apart.
type split struct {
	core     algebra.Node
	labels   algebra.Node        // joined with core; nil: none
	filters  []algebra.Expr      // over labels
	optional []*algebra.LeftJoin // around both, inner ones first
	seen     []string            // variables of core that the rest and the keys mention
	fixed    bool                // the keys fix all of seen
}

// labelled returns the rest of what was split around the partial groups.
func (s *split) labelled(in algebra.Node) algebra.Node {
	if s.labels != nil {
		labels := s.labels
		for _, f := range s.filters {
			labels = &algebra.Filter{Expr: f, Input: labels}
		}
		in = &algebra.Join{Left: in, Right: labels}
	}
	for _, o := range s.optional {
		in = &algebra.LeftJoin{Left: in, Right: o.Right, Expr: o.Expr}
	}
	return in
}

// splitLabels takes the input of n apart into a core, which has the variables
// that are aggregated, and labels, which have keys that the core does not.
func splitLabels(n *algebra.Group) (*split, bool) {
	args, keys := map[string]bool{}, map[string]bool{}
	for _, a := range n.Aggregates {
		if a.Arg == nil && a.Distinct || a.Arg != nil && unsteady(a.Arg) {
			return nil, false
		}
		if a.Arg != nil {
			algebra.ExprVars(a.Arg, args)
		}
	}
	for _, k := range n.Keys {
		if unsteady(k.Expr) {
			return nil, false
		}
		algebra.ExprVars(k.Expr, keys)
	}
	s := &split{}
	rest := s.peel(n.Input, args, keys)
	if !s.divide(rest, args, keys) || s.labels == nil && s.optional == nil {
		return nil, false
	}
	return s, s.mentions(args, keys, n.Keys)
}

// unsteady reports expressions that must be evaluated where they stand.
func unsteady(e algebra.Expr) bool { return volatile(e) || hasExists(e) }

// peel takes OPTIONALs off that bring keys and nothing that is aggregated.
func (s *split) peel(n algebra.Node, args, keys map[string]bool) algebra.Node {
	o, ok := n.(*algebra.LeftJoin)
	if !ok || o.Expr != nil && unsteady(o.Expr) {
		return n
	}
	left, brings := algebra.VarsOf(o.Left), false
	for name := range algebra.VarsOf(o.Right) {
		if certain, known := left[name]; known && certain {
			continue
		} else if known {
			return n // the OPTIONAL may bind it
		}
		if args[name] {
			return n
		}
		brings = brings || keys[name]
	}
	if !brings {
		return n
	}
	inner := s.peel(o.Left, args, keys)
	s.optional = append(s.optional, o)
	return inner
}

// divide divides a join; false where n is none or a part of it is in the way.
func (s *split) divide(n algebra.Node, args, keys map[string]bool) bool {
	var parts []algebra.Node
	var filters []algebra.Expr
	if !flatten(n, &parts, &filters) || len(args) == 0 {
		return false
	}
	inCore := map[string]bool{}
	var core, others []algebra.Node
	for _, p := range parts {
		vars := algebra.VarsOf(p)
		if anyOf(vars, args) {
			core = append(core, p)
			for name := range vars {
				inCore[name] = true
			}
		} else {
			others = append(others, p)
		}
	}
	if len(core) == 0 {
		return false
	}
	labels := labelParts(others, inCore, keys)
	for _, p := range others {
		if !labels[p] {
			core = append(core, p)
		}
	}
	s.core = joined(core)
	var named []algebra.Node
	for _, p := range parts {
		if labels[p] {
			named = append(named, p)
		}
	}
	if named != nil {
		s.labels = joined(named)
	}
	return s.place(filters)
}

// labelParts returns those of parts that have a key which the core has not, and
// those that are connected with them outside the core.
func labelParts(parts []algebra.Node, inCore, keys map[string]bool) map[algebra.Node]bool {
	labels := map[algebra.Node]bool{}
	reached := map[string]bool{}
	for name := range keys {
		reached[name] = !inCore[name]
	}
	for grown := true; grown; {
		grown = false
		for _, p := range parts {
			vars := algebra.VarsOf(p)
			if labels[p] || !anyOf(vars, reached) {
				continue
			}
			labels[p], grown = true, true
			for name := range vars {
				if !inCore[name] {
					reached[name] = true
				}
			}
		}
	}
	return labels
}

// place puts each filter where its variables are; false where one needs both
// sides.
func (s *split) place(filters []algebra.Expr) bool {
	for _, f := range filters {
		vars := mentions(f)
		switch {
		case unsteady(f):
			return false
		case boundBy(vars, s.core):
			s.core = &algebra.Filter{Expr: f, Input: s.core}
		case s.labels != nil && boundBy(vars, s.labels):
			s.filters = append(s.filters, f)
		default:
			return false
		}
	}
	return true
}

// mentions collects the variables by which core is to be grouped; false where
// the labels would change what is aggregated.
func (s *split) mentions(args, keys map[string]bool, bindings []algebra.Binding) bool {
	outside := map[string]bool{}
	for name := range keys {
		outside[name] = true
	}
	algebra.Mentioned(s.labelled(&algebra.BGP{}), outside)
	core := algebra.VarsOf(s.core)
	bare := map[string]bool{}
	for _, k := range bindings {
		if v, ok := k.Expr.(*algebra.Var); ok && v.Name == k.Var {
			bare[k.Var] = true
		}
	}
	s.fixed = true
	for name := range core {
		if outside[name] {
			s.seen = append(s.seen, name)
			s.fixed = s.fixed && bare[name]
		}
	}
	sortStrings(s.seen)
	for name := range args {
		if _, ok := core[name]; !ok {
			return false
		}
	}
	return len(s.seen) > 0
}

// flatten lists what n joins, a triple pattern at a time, and its filters.
func flatten(n algebra.Node, parts *[]algebra.Node, filters *[]algebra.Expr) bool {
	switch n := n.(type) {
	case *algebra.Join:
		return flatten(n.Left, parts, filters) && flatten(n.Right, parts, filters)
	case *algebra.Filter:
		if !boundBy(mentions(n.Expr), n.Input) {
			return false
		}
		*filters = append(*filters, n.Expr)
		return flatten(n.Input, parts, filters)
	case *algebra.BGP:
		for _, t := range n.Triples {
			*parts = append(*parts, &algebra.BGP{Triples: []algebra.Triple{t}})
		}
		return true
	case *algebra.Graph, *algebra.PathPattern, *algebra.Table:
		*parts = append(*parts, n)
		return true
	}
	return false
}

// joined joins parts; triple patterns become one basic graph pattern.
func joined(parts []algebra.Node) algebra.Node {
	var out algebra.Node
	triples := &algebra.BGP{}
	for _, p := range parts {
		if t, ok := p.(*algebra.BGP); ok {
			triples.Triples = append(triples.Triples, t.Triples...)
			continue
		}
		if out == nil {
			out = p
		} else {
			out = &algebra.Join{Left: out, Right: p}
		}
	}
	switch {
	case out == nil:
		return triples
	case len(triples.Triples) == 0:
		return out
	}
	return &algebra.Join{Left: triples, Right: out}
}

func anyOf(vars algebra.Vars, set map[string]bool) bool {
	for name := range vars {
		if set[name] {
			return true
		}
	}
	return false
}
