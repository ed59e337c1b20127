package xsd

import (
	"math"
	"strconv"
	"strings"
)

// DoubleToDecimal returns the decimal nearest to f in as few digits as identify
// f; ok is false for NaN, infinities and values beyond MaxDigits.
func DoubleToDecimal(f float64) (Value, bool) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Value{}, false
	}
	var buf [400]byte
	return parseDecimal(string(strconv.AppendFloat(buf[:0], f, 'f', -1, 64)))
}

// Cast converts v to the datatype t as F&O §17.1 (the casting table of SPARQL
// 1.1 §17.5 extended to all types here) does; ok is false where the table
// allows no cast or the value does not fit.
func Cast(v Value, t Type) (Value, bool) {
	switch {
	case v.typ == t:
		return v, true
	case t.IsNumeric():
		return castToNumber(v, t)
	case t == Boolean && v.typ.IsNumeric():
		f := v.Float64()
		return NewBoolean(f != 0 && !math.IsNaN(f)), true
	case v.typ.IsTemporal() && t.IsTemporal():
		return castTemporal(v, t)
	case v.typ.IsDuration() && t.IsDuration():
		return castDuration(v, t), true
	}
	return Value{}, false
}

func castToNumber(v Value, t Type) (Value, bool) {
	if v.typ == Boolean {
		v = NewInteger(v.n)
	}
	if !v.typ.IsNumeric() {
		return Value{}, false
	}
	switch t {
	case Double:
		return NewDouble(v.Float64()), true
	case Float:
		if v.typ == Double {
			return NewFloat(float32(v.Float64())), true
		}
		return NewFloat(float32(v.float32())), true
	}
	if v.typ == Double || v.typ == Float {
		f := v.Float64()
		if t.IsInteger() {
			f = math.Trunc(f)
		}
		var ok bool
		if v, ok = floatToDecimal(f, v.typ); !ok {
			return Value{}, false
		}
	}
	if t == Decimal {
		v.typ = Decimal
		return v, true
	}
	v, ok := truncated(v)
	if !ok || !inRange(v, t) {
		return Value{}, false
	}
	v.typ = t
	return v, true
}

// floatToDecimal writes a float with the digits of its own precision.
func floatToDecimal(f float64, t Type) (Value, bool) {
	if t == Double {
		return DoubleToDecimal(f)
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Value{}, false
	}
	return parseDecimal(strconv.FormatFloat(f, 'f', -1, 32))
}

// truncated drops the digits after the point.
func truncated(v Value) (Value, bool) {
	if v.n < 0 || v.big != nil && v.big.Negative {
		return Ceil(v)
	}
	return Floor(v)
}

// castTemporal keeps the parts that both types have (F&O §17.1.5).
func castTemporal(v Value, t Type) (Value, bool) {
	full := v.typ == DateTime || v.typ == DateTimeStamp
	if !full && (v.typ != Date || t == Time) || t == DateTimeStamp && v.aux == noTimezone {
		return Value{}, false
	}
	year, month, day, ofDay := v.civil()
	nanos := v.nanos
	switch t {
	case DateTime, DateTimeStamp:
		v.typ = t
		return v, true
	case Time:
		year, month, day = referenceYear, referenceMonth, referenceDay
		return Value{typ: t, n: daysFromCivil(year, month, day)*daySeconds + ofDay, nanos: nanos, aux: v.aux}, true
	case GYear:
		month, day = 1, 1
	case GYearMonth:
		day = 1
	case GMonth:
		year, day = referenceYear, 1
	case GMonthDay:
		year = referenceYear
	case GDay:
		year, month = referenceYear, referenceMonth
	}
	return Value{typ: t, n: daysFromCivil(year, month, day) * daySeconds, aux: v.aux}, true
}

// castDuration drops the part that t lacks (F&O §17.1.4).
func castDuration(v Value, t Type) Value {
	switch t {
	case DayTimeDuration:
		v.aux = 0
	case YearMonthDuration:
		v.n, v.nanos = 0, 0
	}
	v.typ = t
	return v
}

// Collapse applies the white space facet that every datatype with values has:
// spaces, tabs and line ends around the form go (casts from strings).
func Collapse(s string) string { return strings.Trim(s, " \t\r\n") }

// CastToString returns v as the cast to xsd:string writes it (F&O §17.1.2): like
// the canonical form, but floats and doubles from 10^-6 up to 10^6 as decimals.
func CastToString(v Value) string {
	if v.typ != Double && v.typ != Float {
		return v.String()
	}
	f := v.Float64()
	switch magnitude := math.Abs(f); {
	case f == 0:
		return strconv.FormatFloat(f, 'f', -1, 64) // "0" or "-0"
	case magnitude >= 1e-6 && magnitude < 1e6:
		if v.typ == Float {
			return strconv.FormatFloat(f, 'f', -1, 32)
		}
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return v.String()
}
