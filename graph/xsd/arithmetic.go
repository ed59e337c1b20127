package xsd

import (
	"math"
	"math/bits"

	"github.com/cockroachdb/apd/v3"
)

// divisionDigits is the number of significant digits that a decimal division
// keeps after the point's place (F&O §4.2.4 leaves it open; XSD asks for 16).
const divisionDigits = 34

// The operators of F&O §4.2, §9.7 and §9.8: numbers are promoted to the wider
// of their types; ok is false for operands that the operator does not take,
// overflow, and division of decimals by zero.

// Add returns a + b: numbers, durations, or a point in time and a duration.
func Add(a, b Value) (Value, bool) {
	switch {
	case a.typ.IsNumeric() && b.typ.IsNumeric():
		return arithmetic(a, b, opAdd)
	case a.typ.IsDuration() && b.typ.IsDuration():
		return addDurations(a, b)
	case a.typ.IsTemporal() && b.typ.IsDuration():
		return addToTemporal(a, b)
	case a.typ.IsDuration() && b.typ.IsTemporal():
		return addToTemporal(b, a)
	}
	return Value{}, false
}

// Sub returns a - b: numbers, durations, a point in time less a duration, or
// the dayTimeDuration between two points in time.
func Sub(a, b Value) (Value, bool) {
	switch {
	case a.typ.IsNumeric() && b.typ.IsNumeric():
		return arithmetic(a, b, opSub)
	case a.typ.IsDuration() && b.typ.IsDuration():
		return addDurations(a, b.negatedDuration())
	case a.typ.IsTemporal() && b.typ.IsDuration():
		return addToTemporal(a, b.negatedDuration())
	case a.typ.IsTemporal() && sameTemporal(a.typ, b.typ):
		return between(a, b)
	}
	return Value{}, false
}

// Mul returns a × b: numbers, or a duration and a number.
func Mul(a, b Value) (Value, bool) {
	switch {
	case a.typ.IsNumeric() && b.typ.IsNumeric():
		return arithmetic(a, b, opMul)
	case a.typ.IsDuration() && b.typ.IsNumeric():
		return scaleDuration(a, b, Mul)
	case a.typ.IsNumeric() && b.typ.IsDuration():
		return scaleDuration(b, a, Mul)
	}
	return Value{}, false
}

// Div returns a ÷ b: numbers (integers give a decimal), a duration and a
// number, or two durations of one kind, which give a decimal.
func Div(a, b Value) (Value, bool) {
	switch {
	case a.typ.IsNumeric() && b.typ.IsNumeric():
		return arithmetic(a, b, opDiv)
	case a.typ.IsDuration() && b.typ.IsNumeric():
		return scaleDuration(a, b, Div)
	case a.typ == b.typ && a.typ == DayTimeDuration:
		return Div(a.totalSeconds(), b.totalSeconds())
	case a.typ == b.typ && a.typ == YearMonthDuration:
		return Div(NewInteger(int64(a.aux)), NewInteger(int64(b.aux)))
	}
	return Value{}, false
}

type operator uint8

const (
	opAdd operator = iota
	opSub
	opMul
	opDiv
)

func arithmetic(a, b Value, op operator) (Value, bool) {
	switch {
	case a.typ == Double || b.typ == Double:
		return NewDouble(op.float(a.Float64(), b.Float64())), true
	case a.typ == Float || b.typ == Float:
		return NewFloat(float32(op.float(a.float32(), b.float32()))), true
	}
	t := Decimal
	if a.typ.IsInteger() && b.typ.IsInteger() && op != opDiv {
		t = Integer
	}
	if a.big == nil && b.big == nil {
		if v, ok := op.small(t, a, b); ok {
			return v, true
		}
	}
	return op.big(t, a, b)
}

func (op operator) float(x, y float64) float64 {
	switch op {
	case opAdd:
		return x + y
	case opSub:
		return x - y
	case opMul:
		return x * y
	}
	return x / y
}

// small computes with coefficients of 64 bits; ok is false where they do not
// suffice.
func (op operator) small(t Type, a, b Value) (Value, bool) {
	switch op {
	case opAdd, opSub:
		x, y, ok := aligned(a, b)
		if !ok {
			return Value{}, false
		}
		if op == opSub {
			if y == math.MinInt64 {
				return Value{}, false
			}
			y = -y
		}
		n := x + y
		if (n > x) != (y > 0) && y != 0 {
			return Value{}, false
		}
		return reduced(t, n, max(a.aux, b.aux)), true
	case opMul:
		n, ok := mulInt(a.n, b.n)
		if !ok || a.aux+b.aux > maxScale {
			return Value{}, false
		}
		return reduced(t, n, a.aux+b.aux), true
	}
	// Division: only where it comes out even, which is the common case.
	x, y, ok := aligned(a, b)
	if !ok || y == 0 || x == math.MinInt64 {
		return Value{}, false
	}
	for scale := int32(0); scale <= 6; scale++ {
		if x%y == 0 {
			return reduced(t, x/y, scale), true
		}
		if x, ok = mulInt(x, 10); !ok {
			break
		}
	}
	return Value{}, false
}

// mulInt multiplies without overflow.
func mulInt(x, y int64) (int64, bool) {
	high, low := bits.Mul64(magnitude(x), magnitude(y))
	if high != 0 || low > math.MaxInt64 {
		return 0, false
	}
	if (x < 0) != (y < 0) {
		return -int64(low), true
	}
	return int64(low), true
}

func magnitude(x int64) uint64 {
	if x < 0 {
		return -uint64(x)
	}
	return uint64(x)
}

// big computes with decimals of any length up to MaxDigits.
func (op operator) big(t Type, a, b Value) (Value, bool) {
	var bufA, bufB apd.Decimal
	x, y := a.setBig(&bufA), b.setBig(&bufB)
	ctx := apd.BaseContext // without precision: exact
	result := new(apd.Decimal)
	var err error
	switch op {
	case opAdd:
		_, err = ctx.Add(result, x, y)
	case opSub:
		_, err = ctx.Sub(result, x, y)
	case opMul:
		_, err = ctx.Mul(result, x, y)
	case opDiv:
		if y.IsZero() {
			return Value{}, false
		}
		whole := max(0, x.NumDigits()+int64(x.Exponent)-y.NumDigits()-int64(y.Exponent)+1)
		ctx.Precision = uint32(divisionDigits + whole)
		ctx.Rounding = apd.RoundHalfEven
		_, err = ctx.Quo(result, x, y)
	}
	if err != nil {
		return Value{}, false
	}
	return fromBig(t, result)
}

// Neg returns -v for numbers and durations.
func Neg(v Value) (Value, bool) {
	switch {
	case v.typ == Double || v.typ == Float:
		v.n = int64(math.Float64bits(-math.Float64frombits(uint64(v.n))))
		return v, true
	case v.typ.IsNumeric():
		return Sub(NewInteger(0), v)
	case v.typ.IsDuration():
		return v.negatedDuration(), true
	}
	return Value{}, false
}

// Abs is fn:abs: the result is an integer for types derived from it.
func Abs(v Value) (Value, bool) {
	switch {
	case v.typ == Double || v.typ == Float:
		v.n = int64(math.Float64bits(math.Abs(math.Float64frombits(uint64(v.n)))))
		return v, true
	case !v.typ.IsNumeric():
		return Value{}, false
	case v.n < 0 || v.big != nil && v.big.Negative:
		return Neg(v)
	}
	if v.typ.IsInteger() {
		v.typ = Integer
	}
	return v, true
}

// Ceil is fn:ceiling, Floor fn:floor; Round is fn:round, which rounds a half
// towards positive infinity.
func Ceil(v Value) (Value, bool) { return round(v, math.Ceil, apd.RoundCeiling) }

// Floor is fn:floor; see Ceil.
func Floor(v Value) (Value, bool) { return round(v, math.Floor, apd.RoundFloor) }

// Round is fn:round; see Ceil.
func Round(v Value) (Value, bool) {
	if v.typ == Decimal {
		half, ok := arithmetic(v, NewDecimal(5, 1), opAdd)
		if !ok {
			return Value{}, false
		}
		return Floor(half)
	}
	return round(v, roundHalfUp, apd.RoundFloor)
}

// roundHalfUp keeps -0 (F&O §4.4.4); x+0.5 would round 0.49999999999999994 up.
func roundHalfUp(x float64) float64 {
	floor := math.Floor(x)
	if x-floor >= 0.5 {
		return math.Copysign(floor+1, x)
	}
	return math.Copysign(floor, x)
}

func round(v Value, float func(float64) float64, mode apd.Rounder) (Value, bool) {
	switch {
	case v.typ == Double:
		return NewDouble(float(math.Float64frombits(uint64(v.n)))), true
	case v.typ == Float:
		return NewFloat(float32(float(math.Float64frombits(uint64(v.n))))), true
	case v.typ.IsInteger():
		v.typ = Integer
		return v, true
	case v.typ != Decimal:
		return Value{}, false
	}
	if v.big == nil {
		unit := pow10[v.aux]
		n := floorDiv(v.n, unit)
		if mode == apd.RoundCeiling && v.n%unit != 0 {
			n++
		}
		return Value{typ: Decimal, n: n}, true
	}
	ctx := apd.BaseContext
	ctx.Precision = 2 * MaxDigits
	ctx.Rounding = mode
	result := new(apd.Decimal)
	if _, err := ctx.Quantize(result, v.big, 0); err != nil {
		return Value{}, false
	}
	return fromBig(Decimal, result)
}
