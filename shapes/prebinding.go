package shapes

import (
	"fmt"
	"slices"

	"qlgraph/sparql/syntax"
)

// checkPreBinding reports what a query may not contain so that its variables
// can be bound beforehand (SHACL §5.2.1, appendix A): MINUS, VALUES, SERVICE,
// AS onto a bound variable, and subqueries that do not return one.
func checkPreBinding(text string, bound []string) error {
	q, err := syntax.ParseQuery(text, syntax.Options{})
	if err != nil {
		return err
	}
	b := binding{bound: bound}
	b.query(q, false)
	return b.err
}

type binding struct {
	bound []string
	err   error
}

func (b *binding) refuse(format string, args ...any) {
	if b.err == nil {
		b.err = fmt.Errorf(format, args...)
	}
}

func (b *binding) query(q *syntax.Query, sub bool) {
	if q.Values != nil {
		b.refuse("VALUES cannot be used with variables that are bound beforehand")
	}
	if q.Select != nil {
		b.projection(q.Select)
		if sub {
			b.returns(q)
		}
	}
	for _, item := range q.Modifiers.GroupBy {
		b.assigned(item.Expr, item.Var)
	}
	if q.Where != nil {
		b.group(q.Where)
	}
}

func (b *binding) projection(p *syntax.Projection) {
	for _, item := range p.Items {
		b.assigned(item.Expr, item.Var)
	}
}

// assigned refuses (expression AS ?v) for a bound ?v.
func (b *binding) assigned(e syntax.Expr, v *syntax.Var) {
	if e != nil && v != nil && slices.Contains(b.bound, v.Name) {
		b.refuse("AS ?%s: the variable is bound beforehand", v.Name)
	}
}

// returns refuses a subquery that does not return $this: what it finds would
// not be about the focus node.
func (b *binding) returns(q *syntax.Query) {
	returned := slices.ContainsFunc(q.Select.Items, func(i syntax.SelectItem) bool { return isThis(i.Var) })
	if q.Select.Star && q.Where != nil {
		returned = bindsThis(q.Where)
	}
	if !returned {
		b.refuse("a subquery has to return $this")
	}
}

// isThis reports whether t is the variable $this.
func isThis[T any](t T) bool {
	v, ok := any(t).(*syntax.Var)
	return ok && v != nil && v.Name == "this"
}

// bindsThis reports whether $this is in scope in the group, so that SELECT *
// returns it: a filter alone does not bring it there.
func bindsThis(g *syntax.Group) bool {
	if g.Sub != nil {
		return slices.ContainsFunc(g.Sub.Select.Items, func(i syntax.SelectItem) bool { return isThis(i.Var) })
	}
	return slices.ContainsFunc(g.Elements, func(e syntax.Element) bool {
		switch e := e.(type) {
		case *syntax.TriplesBlock:
			return slices.ContainsFunc(e.Triples, mentionsThis)
		case *syntax.Optional:
			return bindsThis(e.Group)
		case *syntax.GraphPattern:
			return isThis(e.Name) || bindsThis(e.Group)
		case *syntax.Union:
			return slices.ContainsFunc(e.Branches, bindsThis)
		}
		return false
	})
}

func mentionsThis(t *syntax.Triples) bool {
	return isThis(t.Subject) || slices.ContainsFunc(t.Properties, func(p syntax.Property) bool {
		return isThis(p.Verb) || slices.ContainsFunc(p.Objects, isThis[syntax.Term])
	})
}

func (b *binding) group(g *syntax.Group) {
	if g.Sub != nil {
		b.query(g.Sub, true)
	}
	for _, e := range g.Elements {
		switch e := e.(type) {
		case *syntax.Minus:
			b.refuse("MINUS cannot be used with variables that are bound beforehand")
		case *syntax.Values:
			b.refuse("VALUES cannot be used with variables that are bound beforehand")
		case *syntax.ServicePattern:
			b.refuse("SERVICE cannot be used with variables that are bound beforehand")
		case *syntax.Bind:
			b.assigned(e.Expr, e.Var)
		case *syntax.Optional:
			b.group(e.Group)
		case *syntax.GraphPattern:
			b.group(e.Group)
		case *syntax.Union:
			for _, branch := range e.Branches {
				b.group(branch)
			}
		}
	}
}
