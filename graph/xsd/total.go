package xsd

import (
	"cmp"
	"math/big"
)

// CompareExactly orders numbers by their mathematical values: a total order,
// with NaN before all others. Where Compare, which rounds to the wider type,
// decides, this order agrees, as rounding is monotonic; where rounding makes
// different numbers equal it tells them apart, without which equality would not
// be transitive (0.1 as a float, a decimal and a double).
func CompareExactly(a, b Value) int {
	if a.typ <= Decimal && b.typ <= Decimal {
		return int(compareNumbers(a, b))
	}
	if c := cmp.Compare(a.Float64(), b.Float64()); c != 0 { // which puts NaN first
		return c
	}
	if a.exactAsFloat() && b.exactAsFloat() {
		return 0
	}
	x, finiteA := a.rational()
	y, finiteB := b.rational()
	switch {
	case finiteA && finiteB:
		return x.Cmp(y)
	case finiteA == finiteB:
		return 0
	case finiteA == (a.Float64() > 0): // a number beyond the doubles, and the infinity that it rounds to
		return -1
	}
	return 1
}

// exactAsFloat reports whether Float64 rounds nothing.
func (v Value) exactAsFloat() bool {
	return v.typ == Double || v.typ == Float || v.big == nil && v.aux == 0 && v.n >= -1<<53 && v.n <= 1<<53
}

// rational returns a finite number.
func (v Value) rational() (*big.Rat, bool) {
	if v.typ == Double || v.typ == Float {
		r := new(big.Rat).SetFloat64(v.Float64())
		return r, r != nil
	}
	return new(big.Rat).SetString(v.String())
}
