package xsd

import (
	"math"
)

// Parse returns the value of the literal with the given lexical form and
// datatype IRI. ok is false where the form is not in the datatype's lexical
// space, where the value is beyond this package's limits, and for datatypes
// whose values are not computed with (strings, binary data, unknown ones).
func Parse(lexical, datatype string) (v Value, ok bool) {
	return TypeOf(datatype).Parse(lexical)
}

// Parse is the lexical mapping of the datatype t; see the function Parse.
func (t Type) Parse(lexical string) (v Value, ok bool) {
	switch {
	case t.IsInteger():
		return parseInteger(lexical, t)
	case t == Decimal:
		return parseDecimal(lexical)
	case t == Double || t == Float:
		return parseFloat(lexical, t)
	case t == Boolean:
		return parseBoolean(lexical)
	case t.IsTemporal():
		return parseTemporal(lexical, t)
	case t.IsDuration():
		return parseDuration(lexical, t)
	}
	return Value{}, false
}

func parseBoolean(s string) (Value, bool) {
	switch s {
	case "true", "1":
		return NewBoolean(true), true
	case "false", "0":
		return NewBoolean(false), true
	}
	return Value{}, false
}

// AppendTo appends v's canonical lexical form (XSD 1.1 Part 2), which its
// datatype's Parse accepts.
func (v Value) AppendTo(b []byte) []byte {
	switch {
	case v.typ.IsInteger() || v.typ == Decimal:
		return v.appendFixed(b)
	case v.typ == Double:
		return appendFloat(b, math.Float64frombits(uint64(v.n)), 64)
	case v.typ == Float:
		return appendFloat(b, math.Float64frombits(uint64(v.n)), 32)
	case v.typ == Boolean:
		if v.n != 0 {
			return append(b, "true"...)
		}
		return append(b, "false"...)
	case v.typ.IsTemporal():
		return v.appendTemporal(b)
	case v.typ.IsDuration():
		return v.appendDuration(b)
	}
	return b
}

// String returns v's canonical lexical form.
func (v Value) String() string {
	var buf [40]byte
	return string(v.AppendTo(buf[:0]))
}
