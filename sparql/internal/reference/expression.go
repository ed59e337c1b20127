package reference

import (
	"fmt"

	"qlgraph/graph/rdf"
	"qlgraph/sparql/algebra"
	"qlgraph/sparql/expr"
)

func (e *Evaluator) truth(x algebra.Expr, s Solution, g graph) bool {
	truth, ok := e.value(x, s, g).Bool()
	return ok && truth
}

// value is expr(μ) (§18.2, §17).
func (e *Evaluator) value(x algebra.Expr, s Solution, g graph) expr.Value {
	switch x := x.(type) {
	case *algebra.Var:
		return expr.OfTerm(s[x.Name])
	case *algebra.Const:
		return expr.OfTerm(x.Value)
	case *algebra.Exists: // §18.6: exists(substitute(pattern, μ))
		found := len(e.eval(algebra.Substitute(x.Pattern, map[string]rdf.Term(s)), g)) > 0
		return expr.Boolean(found != x.Not)
	case *algebra.Function:
		f, ok := expr.ByIRI(x.IRI)
		if !ok || len(x.Args) < f.Min || len(x.Args) > f.Max {
			return expr.Value{}
		}
		return f.Call(e.Env, e.values(x.Args, s, g))
	case *algebra.Call:
		return e.call(x, e.values(x.Args, s, g))
	}
	panic(fmt.Sprintf("reference: %T", x))
}

func (e *Evaluator) values(args []algebra.Expr, s Solution, g graph) []expr.Value {
	out := make([]expr.Value, len(args))
	for i, a := range args {
		out[i] = e.value(a, s, g)
	}
	return out
}

// call applies an operator or a built-in to values; nothing here has effects,
// so that laziness makes no difference.
func (e *Evaluator) call(x *algebra.Call, v []expr.Value) expr.Value {
	switch {
	case x.Op == "&&" || x.Op == "||":
		out := v[0]
		for _, next := range v[1:] {
			if x.Op == "&&" {
				out = expr.And(out, next)
			} else {
				out = expr.Or(out, next)
			}
		}
		return out
	case x.Op == "IN":
		return expr.In(v[0], v[1:])
	case x.Op == "NOT IN":
		return expr.Not(expr.In(v[0], v[1:]))
	case len(v) == 1:
		switch x.Op {
		case "!":
			return expr.Not(v[0])
		case "-":
			return expr.Minus(v[0])
		case "+":
			return expr.Plus(v[0])
		}
	case len(v) == 2:
		if f := binary(x.Op); f != nil {
			return f(v[0], v[1])
		}
	}
	f, ok := expr.Builtin(x.Op)
	if !ok {
		panic("reference: " + x.Op)
	}
	return f.Call(e.Env, v)
}

func binary(op string) func(a, b expr.Value) expr.Value {
	switch op {
	case "=":
		return expr.EQ
	case "!=":
		return expr.NE
	case "<":
		return expr.LT
	case ">":
		return expr.GT
	case "<=":
		return expr.LE
	case ">=":
		return expr.GE
	case "+":
		return expr.Add
	case "-":
		return expr.Sub
	case "*":
		return expr.Mul
	case "/":
		return expr.Div
	}
	return nil
}
