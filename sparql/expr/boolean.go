package expr

import (
	"qlgraph/graph/rdf"
	"qlgraph/graph/xsd"
)

// Bool is the effective boolean value of v (SPARQL 1.1 §17.2.2); ok is false
// for a type error.
func (v Value) Bool() (truth, ok bool) {
	if v.data.Type() == xsd.Boolean {
		return v.data.Bool(), true
	}
	if s, _, ok := v.text(); ok {
		return s != "", true
	}
	if v.Kind() != rdf.KindLiteral {
		return false, false
	}
	data, valid := v.XSD()
	t := xsd.TypeOf(v.datatype())
	switch {
	case t != xsd.Boolean && !t.IsNumeric():
		return false, false
	case !valid: // ill-typed booleans and numbers are false
		return false, true
	case t == xsd.Boolean:
		return data.Bool(), true
	}
	number := data.Float64()
	if data.Type() <= xsd.Decimal {
		return xsd.Compare(data, xsd.NewInteger(0)) != xsd.Equal, true
	}
	return number != 0 && number == number, true
}

// Not is the operator "!" on effective boolean values.
func Not(v Value) Value {
	truth, ok := v.Bool()
	if !ok {
		return Value{}
	}
	return Boolean(!truth)
}

// Or is the operator "||": an error counts as unknown (SPARQL 1.1 §17.2).
func Or(a, b Value) Value {
	x, okX := a.Bool()
	y, okY := b.Bool()
	switch {
	case x && okX || y && okY:
		return Boolean(true)
	case okX && okY:
		return Boolean(false)
	}
	return Value{}
}

// And is the operator "&&": an error counts as unknown (SPARQL 1.1 §17.2).
func And(a, b Value) Value {
	x, okX := a.Bool()
	y, okY := b.Bool()
	switch {
	case okX && !x || okY && !y:
		return Boolean(false)
	case okX && okY:
		return Boolean(true)
	}
	return Value{}
}

// In is the operator IN (SPARQL 1.1 §17.4.1.9): true where v equals one of
// list; an error where it equals none and a comparison was an error.
func In(v Value, list []Value) Value {
	failed := false
	for _, item := range list {
		equal, ok := Equal(v, item)
		if ok && equal {
			return Boolean(true)
		}
		failed = failed || !ok
	}
	if failed {
		return Value{}
	}
	return Boolean(false)
}
