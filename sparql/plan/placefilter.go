package plan

import (
	"qlgraph/graph"
	"qlgraph/sparql/algebra"
)

// The costs of evaluating an expression for a row, in the units of joins.go.
const (
	costCompare = 2.0   // where the IDs mostly tell
	costTerms   = 100.0 // where terms are fetched from the dictionary
)

// groupFilter is what choosing an order needs to know of a filter.
type groupFilter struct {
	vars   uint64 // bits of joinGroup.filterVars
	single string // the only variable
	keep   float64
	cost   float64
}

// maxFilters is how many filters, and variables of them, are weighed when joins
// are ordered; what is beyond is applied all the same.
const maxFilters = 64

// lookAtFilters prepares bind.
func (g *joinGroup) lookAtFilters() {
	g.filterVars = map[string]uint64{}
	for _, f := range g.filters[:min(len(g.filters), maxFilters)] {
		known := groupFilter{keep: selectivity(f), cost: exprCost(f)}
		names := mentions(f)
		for name := range names {
			if g.filterVars[name] == 0 && len(g.filterVars) < maxFilters {
				g.filterVars[name] = 1 << len(g.filterVars)
			}
			if g.filterVars[name] == 0 {
				known.keep, known.cost = 1, 0
			}
			known.vars |= g.filterVars[name]
			known.single = name
		}
		if len(names) != 1 {
			known.single = ""
		} else if contains(g.limited, known.single) && WindowOf(f) != nil {
			known.keep = 1
		}
		g.weighed = append(g.weighed, known)
	}
}

// bind notes that s has the variables names as well, with so many values each,
// and what the filters that wait for no other cost and leave of the rows.
func (g *joinGroup) bind(s *state, names []string, distinct map[string]float64) {
	s.matches = s.rows
	if len(g.weighed) == 0 {
		return
	}
	for _, name := range names {
		s.bound |= g.filterVars[name]
	}
	for i, f := range g.weighed {
		if s.applied&(1<<i) != 0 || f.vars&^s.bound != 0 {
			continue
		}
		s.applied |= 1 << i
		evaluated := s.rows
		if d := distinct[f.single]; d > 0 {
			evaluated = min(evaluated, d) // once per value
		}
		s.cost += f.cost * evaluated
		s.rows *= f.keep
	}
}

// exprCost is the cost of evaluating e for a row.
func exprCost(e algebra.Expr) float64 {
	c, ok := e.(*algebra.Call)
	if !ok || !comparisons[c.Op] {
		return costTerms
	}
	for _, a := range c.Args {
		switch a := a.(type) {
		case *algebra.Var:
		case *algebra.Const:
			if _, inlined := graph.Inline(a.Value); !inlined && !a.Value.IsIRI() {
				return costTerms
			}
		default:
			return costTerms
		}
	}
	return costCompare
}

var comparisons = map[string]bool{"=": true, "!=": true, "<": true, ">": true, "<=": true, ">=": true, "IN": true, "NOT IN": true}

// worthWaiting reports whether f, which could be applied to the rows of now,
// costs less further up: an expression of several variables is evaluated for each
// row, and a selective join may leave few of them. One of a single variable is
// evaluated once per value, and orders are chosen with that in mind.
func worthWaiting(f algebra.Expr, now *state, later []*state) bool {
	if len(later) == 0 || len(mentions(f)) < 2 || hasExists(f) {
		return false
	}
	cost, drops := exprCost(f), 1-selectivity(f)
	least, carried, before := cost*now.matches, 0.0, now
	for _, s := range later {
		carried += drops * costProbe * max(before.matches, s.matches)
		if carried+cost*s.matches < least {
			return true
		}
		before = s
	}
	return false
}
