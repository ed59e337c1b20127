package algebra

import (
	"maps"
	"slices"

	"qlgraph/graph/rdf"
	"qlgraph/sparql/syntax"
)

// expr translates an expression without aggregates.
func (t *translator) expr(e syntax.Expr) Expr { return t.exprWith(e, nil) }

// exprWith translates e; replace, where it is not nil, may answer for a node.
func (t *translator) exprWith(e syntax.Expr, replace func(syntax.Expr) Expr) Expr {
	if replace != nil {
		if r := replace(e); r != nil {
			return r
		}
	}
	list := func(args ...syntax.Expr) []Expr {
		out := make([]Expr, len(args))
		for i, a := range args {
			out[i] = t.exprWith(a, replace)
		}
		return out
	}
	switch e := e.(type) {
	case *syntax.Var:
		return &Var{Name: e.Name}
	case *syntax.IRI:
		return &Const{Value: rdf.IRI(t.resolve(e))}
	case *syntax.Literal:
		return &Const{Value: t.literal(e)}
	case *syntax.Nary:
		return &Call{Op: e.Op, Args: list(e.Args...)}
	case *syntax.Binary:
		return &Call{Op: e.Op, Args: list(e.Left, e.Right)}
	case *syntax.Unary:
		return &Call{Op: e.Op, Args: list(e.Arg)}
	case *syntax.In:
		op := "IN"
		if e.Not {
			op = "NOT IN"
		}
		return &Call{Op: op, Args: list(append([]syntax.Expr{e.Arg}, e.List...)...)}
	case *syntax.Builtin:
		return &Call{Op: canonicalName(e.Name), Args: list(e.Args...)}
	case *syntax.Call:
		return &Function{IRI: t.resolve(e.Function), Args: list(e.Args...)}
	case *syntax.Exists:
		return &Exists{Not: e.Not, Pattern: t.group(e.Group)}
	}
	panic("algebra: unknown expression")
}

// canonicalName maps the two spellings of some built-ins to one.
func canonicalName(name string) string {
	switch name {
	case "URI":
		return "IRI"
	case "ISURI":
		return "ISIRI"
	}
	return name
}

// grouping translates the expressions of a query with groups (§18.2.4.1).
type grouping struct {
	keys       []Binding
	available  map[string]bool // keys and what SELECT has computed
	aggregates []AggregateBinding
}

// grouping returns nil where q has no groups.
func (t *translator) grouping(q *syntax.Query) *grouping {
	if !q.Grouped() {
		return nil
	}
	g := &grouping{available: map[string]bool{}}
	for _, item := range q.Modifiers.GroupBy {
		key := Binding{Expr: t.expr(item.Expr)}
		switch v, bare := item.Expr.(*syntax.Var); {
		case item.Var != nil:
			key.Var = item.Var.Name
		case bare:
			key.Var = v.Name
		default:
			key.Var = t.freshVar("k")
		}
		g.available[key.Var] = true
		g.keys = append(g.keys, key)
	}
	return g
}

func (g *grouping) define(list []Binding) {
	if g == nil {
		return
	}
	for _, b := range list {
		g.available[b.Var] = true
	}
}

// outputExpr translates an expression of SELECT, HAVING or ORDER BY: aggregates
// become variables, and so do variables that no group has, as if in SAMPLE.
func (g *grouping) outputExpr(t *translator, e syntax.Expr) Expr {
	if g == nil {
		return t.expr(e)
	}
	return t.exprWith(e, func(e syntax.Expr) Expr {
		switch e := e.(type) {
		case *syntax.Aggregate:
			a := Aggregate{Name: e.Name, Distinct: e.Distinct, Separator: " "}
			if e.Arg != nil {
				a.Arg = t.expr(e.Arg)
			}
			if e.Separator != nil {
				a.Separator = *e.Separator
			}
			return g.aggregate(t, a)
		case *syntax.Var:
			if !g.available[e.Name] {
				return g.aggregate(t, Aggregate{Name: "SAMPLE", Arg: &Var{Name: e.Name}})
			}
		}
		return nil
	})
}

func (g *grouping) aggregate(t *translator, a Aggregate) Expr {
	name := t.freshVar("a")
	g.aggregates = append(g.aggregates, AggregateBinding{Var: name, Aggregate: a})
	return &Var{Name: name}
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
