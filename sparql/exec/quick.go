package exec

import (
	"qlgraph/graph"
	"qlgraph/sparql/algebra"
)

// quickComparison returns a decision by IDs for a comparison of a variable with
// a constant, or a conjunction of such; nil where e is nothing of the kind. It
// knows the answer where both IDs are inlined with one kind, whose order is that
// of their values.
func quickComparison(e algebra.Expr) func(graph.ID) (truth, known bool) {
	call, ok := e.(*algebra.Call)
	if !ok {
		return nil
	}
	if call.Op == "&&" {
		return quickConjunction(call.Args)
	}
	if len(call.Args) != 2 {
		return nil
	}
	op := call.Op
	_, left := call.Args[0].(*algebra.Var)
	value, right := call.Args[1].(*algebra.Const)
	if !left || !right {
		value, right = call.Args[0].(*algebra.Const)
		_, left = call.Args[1].(*algebra.Var)
		op = mirrored[op]
		if !left || !right {
			return nil
		}
	}
	accepts := outcomes[op]
	constant, ok := graph.Inline(value.Value)
	if accepts == nil || !ok {
		return nil
	}
	return func(id graph.ID) (truth, known bool) {
		c, known := compareIDs(id, constant)
		return known && accepts(c), known
	}
}

func quickConjunction(args []algebra.Expr) func(graph.ID) (truth, known bool) {
	var list []func(graph.ID) (bool, bool)
	for _, a := range args {
		q := quickComparison(a)
		if q == nil {
			return nil
		}
		list = append(list, q)
	}
	return func(id graph.ID) (truth, known bool) {
		truth = true
		for _, q := range list {
			t, known := q(id)
			if !known {
				return false, false
			}
			truth = truth && t
		}
		return truth, true
	}
}

var mirrored = map[string]string{"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}

var outcomes = map[string]func(int) bool{
	"=":  func(c int) bool { return c == 0 },
	"!=": func(c int) bool { return c != 0 },
	"<":  func(c int) bool { return c < 0 },
	">":  func(c int) bool { return c > 0 },
	"<=": func(c int) bool { return c <= 0 },
	">=": func(c int) bool { return c >= 0 },
}

// compareIDs compares the values of two inlined IDs; known is false where IDs
// alone cannot tell.
func compareIDs(a, b graph.ID) (c int, known bool) {
	ka, kb := a.Kind(), b.Kind()
	switch {
	case !a.Inlined() || !b.Inlined():
		return 0, false
	case ka == graph.IDDecimal && kb == graph.IDInteger:
		return compareScaled(a.Decimal(), b.Integer())
	case ka == graph.IDInteger && kb == graph.IDDecimal:
		c, known = compareScaled(b.Decimal(), a.Integer())
		return -c, known
	case ka != kb:
		return 0, false
	case ka == graph.IDDate || ka == graph.IDDateTime:
		// With a timezone on one side only the answer may be "indeterminate".
		const zone = 1<<11 - 1
		if (a.Payload()&zone == 0) != (b.Payload()&zone == 0) {
			return 0, false
		}
	}
	return graph.CompareInlined(a, b), true
}

// compareScaled compares a decimal, times 10^graph.DecimalScale, with an integer.
func compareScaled(decimal, integer int64) (int, bool) {
	const one = 100_000_000
	if integer > 1<<32 || integer < -1<<32 {
		return 0, false
	}
	switch n := integer * one; {
	case decimal < n:
		return -1, true
	case decimal > n:
		return 1, true
	}
	return 0, true
}
