package xsd

import (
	"cmp"
	"math"

	"github.com/cockroachdb/apd/v3"
)

// Order is the outcome of a comparison.
type Order int8

// The outcomes. Unordered means that the values are different and in no order
// (NaN; durations like P1M and P30D); Incomparable that the question itself is
// a type error (values of other families, or a missing timezone that would
// decide).
const (
	Less         Order = -1
	Equal        Order = 0
	Greater      Order = 1
	Unordered    Order = 2
	Incomparable Order = 3
)

// Compare orders a and b as the operators of SPARQL 1.1 §17.3 do, after
// numeric promotion. Beyond those it orders dates, times, durations and the
// Gregorian types among themselves.
func Compare(a, b Value) Order {
	switch {
	case a.typ.IsNumeric() && b.typ.IsNumeric():
		return compareNumbers(a, b)
	case a.typ == Boolean && b.typ == Boolean:
		return Order(cmp.Compare(a.n, b.n))
	case a.typ.IsTemporal() && sameTemporal(a.typ, b.typ):
		return compareTemporal(a, b)
	case a.typ.IsDuration() && b.typ.IsDuration():
		return compareDurations(a, b)
	}
	return Incomparable
}

func compareNumbers(a, b Value) Order {
	if a.typ <= Decimal && b.typ <= Decimal {
		if a.big == nil && b.big == nil && a.aux == b.aux {
			return Order(cmp.Compare(a.n, b.n))
		}
		return compareFixed(a, b)
	}
	var x, y float64
	if a.typ == Double || b.typ == Double {
		x, y = a.Float64(), b.Float64()
	} else {
		x, y = a.float32(), b.float32()
	}
	switch {
	case x < y:
		return Less
	case x > y:
		return Greater
	case x == y:
		return Equal
	}
	return Unordered
}

// float32 returns a number rounded to single precision.
func (v Value) float32() float64 {
	if v.typ == Float {
		return math.Float64frombits(uint64(v.n))
	}
	return v.decimalToFloat(32)
}

// compareFixed compares integers and decimals of different scales.
func compareFixed(a, b Value) Order {
	if a.big == nil && b.big == nil {
		if x, y, ok := aligned(a, b); ok {
			return Order(cmp.Compare(x, y))
		}
	}
	var x, y apd.Decimal
	return Order(a.setBig(&x).Cmp(b.setBig(&y)))
}

// aligned returns the coefficients of a and b at the larger of their scales.
func aligned(a, b Value) (x, y int64, ok bool) {
	switch {
	case a.aux < b.aux:
		x, ok = mulInt(a.n, pow10[b.aux-a.aux])
		return x, b.n, ok
	case a.aux > b.aux:
		y, ok = mulInt(b.n, pow10[a.aux-b.aux])
		return a.n, y, ok
	}
	return a.n, b.n, true
}

func sameTemporal(a, b Type) bool {
	if a == DateTimeStamp {
		a = DateTime
	}
	if b == DateTimeStamp {
		b = DateTime
	}
	return a == b
}

// compareTemporal compares points in time (XSD 1.1 §3.3.7.3). Where one of
// them has no timezone it stands for any from -14:00 to +14:00; an order that
// depends on which is a type error.
func compareTemporal(a, b Value) Order {
	az, bz := a.aux != noTimezone, b.aux != noTimezone
	if az == bz {
		if az {
			a.n -= int64(a.aux) * minuteSeconds
			b.n -= int64(b.aux) * minuteSeconds
		}
		return compareSeconds(a, b)
	}
	if bz {
		return reversed(compareTemporal(b, a))
	}
	a.n -= int64(a.aux) * minuteSeconds
	low, high := b, b
	low.n -= maxTimezone * minuteSeconds
	high.n += maxTimezone * minuteSeconds
	if compareSeconds(a, low) == Less {
		return Less
	}
	if compareSeconds(a, high) == Greater {
		return Greater
	}
	return Incomparable
}

func compareSeconds(a, b Value) Order {
	if c := cmp.Compare(a.n, b.n); c != 0 {
		return Order(c)
	}
	return Order(cmp.Compare(a.nanos, b.nanos))
}

func reversed(o Order) Order {
	if o == Less || o == Greater {
		return -o
	}
	return o
}

// durationOrigins are the dateTimes from which two durations are compared
// (XSD 1.1 §3.3.6.1), in seconds.
var durationOrigins = [...]int64{
	daysFromCivil(1696, 9, 1) * daySeconds,
	daysFromCivil(1697, 2, 1) * daySeconds,
	daysFromCivil(1903, 3, 1) * daySeconds,
	daysFromCivil(1903, 7, 1) * daySeconds,
}

// compareDurations is the partial order of durations: one is less than the
// other where it is so from every origin.
func compareDurations(a, b Value) Order {
	if a.aux == b.aux {
		return compareSeconds(a, b)
	}
	result := Equal
	for i, origin := range durationOrigins {
		start := Value{typ: DateTime, n: origin, aux: noTimezone}
		x, okX := addDuration(start, a)
		y, okY := addDuration(start, b)
		if !okX || !okY {
			return Incomparable
		}
		order := compareSeconds(x, y)
		if i > 0 && order != result {
			return Unordered
		}
		result = order
	}
	if result == Equal { // unequal months: distinct values
		return Unordered
	}
	return result
}
