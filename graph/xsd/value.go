package xsd

import (
	"math"
	"time"

	"github.com/cockroachdb/apd/v3"
)

// Limits of the implementation (XSD 1.1 Part 2 §5.4).
const (
	// MaxDigits bounds the digits of a number before and after the point, so
	// that no multiplication or division takes more than microseconds. A number
	// with more has no value: computing with it is a type error.
	MaxDigits = 1000
	// MaxYear bounds years on both sides of the epoch: nine digits keep every
	// instant within 64 bits of seconds.
	MaxYear = 999_999_999
	// MaxFractionDigits is the resolution of seconds; further digits are cut.
	MaxFractionDigits = 9
)

// Value is a value of one datatype. The zero Value is no value.
type Value struct {
	typ   Type
	aux   int32        // decimal: digits after the point · temporal: timezone · duration: months
	nanos int32        // temporal, duration: [0, 1e9), to be added to n
	n     int64        // integer, decimal coefficient, boolean, bits of a float, seconds
	big   *apd.Decimal // integer, decimal: in place of n and aux where these cannot hold it
}

// noTimezone marks a temporal value without timezone in aux.
const noTimezone = math.MinInt32

// Type returns v's datatype, Unknown for no value.
func (v Value) Type() Type { return v.typ }

// IsZero reports whether v is no value.
func (v Value) IsZero() bool { return v.typ == Unknown }

// NewBoolean returns an xsd:boolean.
func NewBoolean(b bool) Value {
	if b {
		return Value{typ: Boolean, n: 1}
	}
	return Value{typ: Boolean}
}

// NewInteger returns an xsd:integer.
func NewInteger(n int64) Value { return Value{typ: Integer, n: n} }

// NewDecimal returns the xsd:decimal coefficient × 10^-scale. A scale beyond 18
// gives no value.
func NewDecimal(coefficient int64, scale int) Value {
	if scale < 0 || scale > maxScale {
		return Value{}
	}
	return reduced(Decimal, coefficient, int32(scale))
}

// NewDouble returns an xsd:double.
func NewDouble(f float64) Value { return Value{typ: Double, n: int64(math.Float64bits(f))} }

// NewFloat returns an xsd:float.
func NewFloat(f float32) Value { return Value{typ: Float, n: int64(math.Float64bits(float64(f)))} }

// NewDateTime returns t as an xsd:dateTime with t's offset, cut to minutes, as
// its timezone.
func NewDateTime(t time.Time) Value {
	_, offset := t.Zone()
	offset -= offset % 60
	return Value{typ: DateTime, n: t.Unix() + int64(offset), nanos: int32(t.Nanosecond()), aux: int32(offset / 60)}
}

// NewTemporal is the inverse of Local. It gives no value where t is not
// temporal or the instant lies beyond MaxYear.
func NewTemporal(t Type, seconds int64, nanos int, timezone int, zoned bool) Value {
	if !t.IsTemporal() || seconds < minSeconds || seconds > maxSeconds || nanos < 0 || nanos >= 1e9 {
		return Value{}
	}
	v := Value{typ: t, n: seconds, nanos: int32(nanos), aux: noTimezone}
	if zoned {
		v.aux = int32(timezone)
	}
	return v
}

// Bool returns an xsd:boolean's value, false for others.
func (v Value) Bool() bool { return v.typ == Boolean && v.n != 0 }

// Int64 returns the value of an integer that fits.
func (v Value) Int64() (n int64, ok bool) { return v.n, v.typ.IsInteger() && v.big == nil }

// Fixed returns an integer or decimal as coefficient × 10^-scale, where 18
// digits hold it. The coefficient of a decimal does not end in 0 unless scale
// is 0.
func (v Value) Fixed() (coefficient int64, scale int, ok bool) {
	return v.n, int(v.aux), v.typ >= Integer && v.typ <= Decimal && v.big == nil
}

// Float64 returns a number as the nearest double, NaN for other values.
func (v Value) Float64() float64 {
	switch {
	case v.typ == Double || v.typ == Float:
		return math.Float64frombits(uint64(v.n))
	case !v.typ.IsNumeric():
		return math.NaN()
	}
	return v.decimalToFloat(64)
}

// Local returns a temporal value as seconds of its own timezone's clock since
// 1970-01-01T00:00:00, with the timezone as minutes east of UTC; the parts that
// a type lacks are those of 1972-12-31T00:00:00 (XSD 1.1 §E.3.4).
func (v Value) Local() (seconds int64, nanos int, timezone int, zoned bool) {
	if v.aux == noTimezone {
		return v.n, int(v.nanos), 0, false
	}
	return v.n, int(v.nanos), int(v.aux), true
}

// Duration returns a duration's months and seconds; nanos are in [0, 1e9) and
// to be added to the seconds.
func (v Value) Duration() (months int32, seconds int64, nanos int) {
	return v.aux, v.n, int(v.nanos)
}
