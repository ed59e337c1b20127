package plan

import (
	"qlgraph/sparql/algebra"
	"qlgraph/sparql/expr"
)

// folder replaces what is constant in expressions by its value, and what a
// constant decides by the outcome.
type folder struct {
	env *expr.Env // resolves the argument of IRI(); nil: such calls stay
}

// Fold evaluates constant expressions once, before a query runs. What is an
// error stays as it is, unless it decides a filter: there it is false (SPARQL 1.1
// §17.2).
//
//	Filter(true, P)      → P
//	Filter(false, P)     → no solutions
//	LeftJoin(A, B, true) → LeftJoin(A, B)
func Fold(env *expr.Env) Rule {
	f := folder{env: env}
	return func(n algebra.Node) algebra.Node {
		switch n := n.(type) {
		case *algebra.Filter:
			return f.filter(n)
		case *algebra.LeftJoin:
			return f.leftJoin(n)
		case *algebra.Extend:
			if e := f.expr(n.Expr); e != n.Expr {
				return &algebra.Extend{Input: n.Input, Var: n.Var, Expr: e}
			}
		case *algebra.OrderBy:
			return f.orderBy(n)
		case *algebra.Group:
			return f.group(n)
		}
		return n
	}
}

func (f folder) filter(n *algebra.Filter) algebra.Node {
	e := f.condition(n.Expr)
	truth, decided := f.decides(e)
	switch {
	case decided && truth:
		return n.Input
	case decided:
		return nothing(n)
	case e != n.Expr:
		return &algebra.Filter{Expr: e, Input: n.Input}
	}
	return n
}

func (f folder) leftJoin(n *algebra.LeftJoin) algebra.Node {
	if n.Expr == nil {
		return n
	}
	e := f.condition(n.Expr)
	truth, decided := f.decides(e)
	switch {
	case decided && truth:
		e = nil
	case decided:
		return n.Left
	case e == n.Expr:
		return n
	}
	return &algebra.LeftJoin{Left: n.Left, Right: n.Right, Expr: e}
}

func (f folder) orderBy(n *algebra.OrderBy) algebra.Node {
	out := &algebra.OrderBy{Input: n.Input}
	for _, c := range n.Conditions {
		out.Conditions = append(out.Conditions, algebra.Condition{Expr: f.expr(c.Expr), Desc: c.Desc})
	}
	return out
}

func (f folder) group(n *algebra.Group) algebra.Node {
	out := &algebra.Group{Input: n.Input}
	for _, k := range n.Keys {
		out.Keys = append(out.Keys, algebra.Binding{Var: k.Var, Expr: f.expr(k.Expr)})
	}
	for _, a := range n.Aggregates {
		if a.Arg != nil {
			a.Arg = f.expr(a.Arg)
		}
		out.Aggregates = append(out.Aggregates, a)
	}
	return out
}

// decides reports the outcome of a condition that does not depend on the row.
func (f folder) decides(e algebra.Expr) (truth, decided bool) {
	v, constant := f.value(e)
	truth, ok := v.Bool()
	return truth && ok, constant
}

// condition folds an expression of which only the truth counts, a conjunction
// part by part.
func (f folder) condition(e algebra.Expr) algebra.Expr {
	list := conjuncts(e)
	var kept []algebra.Expr
	for _, c := range list {
		c = f.expr(c)
		switch truth, decided := f.decides(c); {
		case decided && !truth:
			return truthValue(false)
		case !decided:
			kept = append(kept, c)
		}
	}
	switch {
	case len(kept) == 0:
		return truthValue(true)
	case len(kept) == 1:
		return kept[0]
	case len(kept) == len(list) && sameExprs(kept, list):
		return e
	}
	return &algebra.Call{Op: "&&", Args: kept}
}

func truthValue(b bool) algebra.Expr { return &algebra.Const{Value: expr.Boolean(b).Term()} }

func sameExprs(a, b []algebra.Expr) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return len(a) == len(b)
}

// expr returns e with its constant parts evaluated; e itself where there are
// none.
func (f folder) expr(e algebra.Expr) algebra.Expr {
	old := algebra.Args(e)
	if len(old) == 0 {
		return f.constant(e)
	}
	args := make([]algebra.Expr, len(old))
	for i, a := range old {
		args[i] = f.expr(a)
	}
	switch x := e.(type) {
	case *algebra.Call:
		if chosen := f.choose(x.Op, args); chosen != nil {
			return chosen
		}
		if !sameExprs(args, old) {
			e = &algebra.Call{Op: x.Op, Args: args}
		}
	case *algebra.Function:
		if !sameExprs(args, old) {
			e = &algebra.Function{IRI: x.IRI, Args: args}
		}
	}
	return f.constant(e)
}

// constant returns the value of e where it has one whatever the row.
func (f folder) constant(e algebra.Expr) algebra.Expr {
	if _, already := e.(*algebra.Const); already {
		return e
	}
	if v, ok := f.value(e); ok && !v.IsError() {
		return &algebra.Const{Value: v.Term()}
	}
	return e
}

// choose takes the branch of IF, COALESCE, && or || that constants decide on;
// nil where they do not.
func (f folder) choose(op string, args []algebra.Expr) algebra.Expr {
	switch op {
	case "IF":
		if v, ok := f.value(args[0]); ok {
			if truth, ok := v.Bool(); ok && truth {
				return args[1]
			} else if ok {
				return args[2]
			}
		}
	case "COALESCE":
		if v, ok := f.value(args[0]); ok && !v.IsError() {
			return args[0]
		}
	case "&&", "||":
		for _, a := range args {
			if v, ok := f.value(a); ok {
				if truth, ok := v.Bool(); ok && truth == (op == "||") {
					return truthValue(truth)
				}
			}
		}
	}
	return nil
}

// value evaluates e; ok is false where it depends on the row, on the moment or
// on the data.
func (f folder) value(e algebra.Expr) (v expr.Value, ok bool) {
	switch e := e.(type) {
	case *algebra.Const:
		return expr.Constant(e.Value), true
	case *algebra.Call:
		if args, ok := f.values(e.Args); ok {
			return f.call(e.Op, args)
		}
	case *algebra.Function:
		fn, known := expr.ByIRI(e.IRI)
		args, ok := f.values(e.Args)
		if ok && known && !fn.Volatile && fn.Min <= len(args) && len(args) <= fn.Max && f.env != nil {
			return fn.Call(f.env, args), true
		}
	}
	return expr.Value{}, false
}

func (f folder) values(args []algebra.Expr) ([]expr.Value, bool) {
	list := make([]expr.Value, len(args))
	for i, a := range args {
		v, ok := f.value(a)
		if !ok {
			return nil, false
		}
		list[i] = v
	}
	return list, true
}

// call applies an operator or built-in to constants.
func (f folder) call(op string, args []expr.Value) (v expr.Value, ok bool) {
	if fn := expr.Unary(op); fn != nil && len(args) == 1 {
		return fn(args[0]), true
	}
	if fn := expr.Binary(op); fn != nil && len(args) == 2 {
		return fn(args[0], args[1]), true
	}
	switch op {
	case "&&", "||":
		v, and := args[0], op == "&&"
		for _, a := range args[1:] {
			if and {
				v = expr.And(v, a)
			} else {
				v = expr.Or(v, a)
			}
		}
		return v, len(args) > 1
	case "IN":
		return expr.In(args[0], args[1:]), true
	case "NOT IN":
		return expr.Not(expr.In(args[0], args[1:])), true
	case "IF", "COALESCE", "BOUND", "NOW":
		return expr.Value{}, false
	}
	fn, known := expr.Builtin(op)
	if !known || fn.Volatile || f.env == nil {
		return expr.Value{}, false
	}
	return fn.Call(f.env, args), true
}
