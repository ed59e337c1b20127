package expr

import "qlgraph/graph/xsd"

// The arithmetic operators of SPARQL 1.1 §17.3, extended to the dates and
// durations of F&O §9. An operand of another type, overflow and the division of
// decimals by zero give an error.

// Add is a + b.
func Add(a, b Value) Value { return arithmetic(a, b, xsd.Add) }

// Sub is a - b.
func Sub(a, b Value) Value { return arithmetic(a, b, xsd.Sub) }

// Mul is a * b.
func Mul(a, b Value) Value { return arithmetic(a, b, xsd.Mul) }

// Div is a / b; integers give a decimal.
func Div(a, b Value) Value { return arithmetic(a, b, xsd.Div) }

func arithmetic(a, b Value, op func(a, b xsd.Value) (xsd.Value, bool)) Value {
	x, ok := a.XSD()
	if !ok {
		return Value{}
	}
	y, ok := b.XSD()
	if !ok {
		return Value{}
	}
	return computed(op(x, y))
}

// Plus is the unary + v.
func Plus(v Value) Value {
	n, ok := v.numeric()
	return computed(n, ok)
}

// Minus is the unary - v.
func Minus(v Value) Value { return unary(v, xsd.Neg) }

func unary(v Value, op func(xsd.Value) (xsd.Value, bool)) Value {
	x, ok := v.XSD()
	if !ok {
		return Value{}
	}
	return computed(op(x))
}

func computed(v xsd.Value, ok bool) Value {
	if !ok {
		return Value{}
	}
	return OfXSD(v)
}
