package xsd

import (
	"math"
	"strconv"
	"strings"

	"github.com/cockroachdb/apd/v3"
)

// maxScale is the largest scale of a decimal held in 64 bits.
const maxScale = 18

var pow10 = [...]int64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18}

// bounds are the value ranges of the integer types (XSD 1.1 §3.4); those that
// are open on a side have the limits of int64 there, which big values pass.
var bounds = [...]struct {
	low, high         int64
	openLow, openHigh bool
}{
	Integer:            {openLow: true, openHigh: true},
	NonPositiveInteger: {openLow: true},
	NegativeInteger:    {openLow: true, high: -1},
	Long:               {low: math.MinInt64, high: math.MaxInt64},
	Int:                {low: math.MinInt32, high: math.MaxInt32},
	Short:              {low: math.MinInt16, high: math.MaxInt16},
	Byte:               {low: math.MinInt8, high: math.MaxInt8},
	NonNegativeInteger: {openHigh: true},
	UnsignedLong:       {openHigh: true}, // and below 2^64, see inRange
	UnsignedInt:        {high: math.MaxUint32},
	UnsignedShort:      {high: math.MaxUint16},
	UnsignedByte:       {high: math.MaxUint8},
	PositiveInteger:    {low: 1, openHigh: true},
}

// inRange reports whether the integer v may have the integer type t.
func inRange(v Value, t Type) bool {
	b := bounds[t]
	if v.big == nil {
		return (b.openLow || v.n >= b.low) && (b.openHigh || v.n <= b.high)
	}
	if v.big.Negative {
		return b.openLow
	}
	return b.openHigh && (t != UnsignedLong || v.big.Coeff.IsUint64())
}

// scanSign returns s without its sign.
func scanSign(s string) (rest string, negative bool) {
	if s != "" && (s[0] == '+' || s[0] == '-') {
		return s[1:], s[0] == '-'
	}
	return s, false
}

// digits returns the length of the run of digits at the start of s.
func digits(s string) int {
	i := 0
	for i < len(s) && s[i]-'0' <= 9 {
		i++
	}
	return i
}

// scanDecimal splits a decimalLexicalRep (XSD 1.1 §3.3.3.1) without its sign.
func scanDecimal(s string) (whole, fraction string, rest string, ok bool) {
	n := digits(s)
	whole, rest = s[:n], s[n:]
	if rest != "" && rest[0] == '.' {
		m := digits(rest[1:])
		fraction, rest = rest[1:1+m], rest[1+m:]
	}
	return whole, fraction, rest, whole != "" || fraction != ""
}

// validDecimal reports whether s is in the lexical space of xsd:decimal.
func validDecimal(s string) bool {
	s, _ = scanSign(s)
	_, _, rest, ok := scanDecimal(s)
	return ok && rest == ""
}

// validInteger reports whether s is in the lexical space of xsd:integer.
func validInteger(s string) bool {
	s, _ = scanSign(s)
	return s != "" && digits(s) == len(s)
}

func parseInteger(s string, t Type) (Value, bool) {
	if !validInteger(s) {
		return Value{}, false
	}
	unsigned, negative := scanSign(s)
	v, ok := makeDecimal(Integer, negative, unsigned, "")
	if !ok || !inRange(v, t) {
		return Value{}, false
	}
	v.typ = t
	return v, true
}

func parseDecimal(s string) (Value, bool) {
	unsigned, negative := scanSign(s)
	whole, fraction, rest, ok := scanDecimal(unsigned)
	if !ok || rest != "" {
		return Value{}, false
	}
	return makeDecimal(Decimal, negative, whole, fraction)
}

// makeDecimal builds a number from its digits, which are known to be such.
func makeDecimal(t Type, negative bool, whole, fraction string) (Value, bool) {
	whole = strings.TrimLeft(whole, "0")
	fraction = strings.TrimRight(fraction, "0")
	if len(whole) > MaxDigits || len(fraction) > MaxDigits {
		return Value{}, false
	}
	if len(whole)+len(fraction) <= maxScale {
		n := int64(0)
		for i := 0; i < len(whole); i++ {
			n = n*10 + int64(whole[i]-'0')
		}
		for i := 0; i < len(fraction); i++ {
			n = n*10 + int64(fraction[i]-'0')
		}
		if negative {
			n = -n
		}
		return Value{typ: t, n: n, aux: int32(len(fraction))}, true
	}
	d := new(apd.Decimal)
	if _, ok := d.Coeff.SetString(whole+fraction, 10); !ok {
		return Value{}, false
	}
	d.Negative = negative
	d.Exponent = -int32(len(fraction))
	return fromBig(t, d)
}

// reduced returns coefficient × 10^-scale without trailing zeros.
func reduced(t Type, coefficient int64, scale int32) Value {
	for scale > 0 && coefficient%10 == 0 {
		coefficient /= 10
		scale--
	}
	return Value{typ: t, n: coefficient, aux: scale}
}

// fromBig takes d over as the value of an integer or decimal; ok is false
// where it is beyond MaxDigits.
func fromBig(t Type, d *apd.Decimal) (v Value, ok bool) {
	if d.Form != apd.Finite {
		return Value{}, false
	}
	d.Reduce(d)
	if d.Exponent > 0 {
		if int64(d.Exponent)+d.NumDigits() > MaxDigits {
			return Value{}, false
		}
		var power apd.BigInt
		power.Exp(apd.NewBigInt(10), apd.NewBigInt(int64(d.Exponent)), nil)
		d.Coeff.Mul(&d.Coeff, &power)
		d.Exponent = 0
	}
	scale := -d.Exponent
	if scale > MaxDigits || d.NumDigits()-int64(scale) > MaxDigits {
		return Value{}, false
	}
	if scale <= maxScale && d.Coeff.IsInt64() {
		n := d.Coeff.Int64()
		if d.Negative {
			n = -n
		}
		return Value{typ: t, n: n, aux: scale}, true
	}
	return Value{typ: t, big: d}, true
}

// setBig sets d to the integer or decimal v.
func (v Value) setBig(d *apd.Decimal) *apd.Decimal {
	if v.big != nil {
		return v.big
	}
	return d.SetFinite(v.n, -v.aux)
}

// decimalToFloat rounds an integer or decimal to the nearest float of the size.
func (v Value) decimalToFloat(bitSize int) float64 {
	if v.big == nil && bitSize == 64 {
		if v.aux == 0 {
			return float64(v.n)
		}
		// Both operands are exact, so the quotient is correctly rounded.
		if v.n > -1<<53 && v.n < 1<<53 {
			return float64(v.n) / float64(pow10[v.aux])
		}
	}
	var buf [64]byte
	f, _ := strconv.ParseFloat(string(v.AppendTo(buf[:0])), bitSize)
	return f
}

// validFloat reports whether s is in the lexical space of xsd:float and
// xsd:double (XSD 1.1 §3.3.5.1).
func validFloat(s string) bool {
	switch s {
	case "INF", "+INF", "-INF", "NaN":
		return true
	}
	s, _ = scanSign(s)
	_, _, rest, ok := scanDecimal(s)
	if !ok || rest == "" {
		return ok
	}
	return (rest[0] == 'e' || rest[0] == 'E') && validInteger(rest[1:])
}

func parseFloat(s string, t Type) (Value, bool) {
	if !validFloat(s) {
		return Value{}, false
	}
	size := 64
	if t == Float {
		size = 32
	}
	// Out of range is not an error here: the nearest value is INF or 0.
	f, _ := strconv.ParseFloat(s, size)
	return Value{typ: t, n: int64(math.Float64bits(f))}, true
}

// AppendDouble appends the canonical form of an xsd:double (XSD 1.1 §E.1): d.dE0,
// INF, -INF or NaN.
func AppendDouble(b []byte, f float64) []byte { return appendFloat(b, f, 64) }

// appendFloat writes the canonical form (XSD 1.1 §E.1): d.dE0.
func appendFloat(b []byte, f float64, size int) []byte {
	switch {
	case math.IsInf(f, 1):
		return append(b, "INF"...)
	case math.IsInf(f, -1):
		return append(b, "-INF"...)
	case math.IsNaN(f):
		return append(b, "NaN"...)
	}
	var buf [32]byte
	s := strconv.AppendFloat(buf[:0], f, 'E', -1, size)
	e := len(s) - 1
	for s[e] != 'E' {
		e--
	}
	b = append(b, s[:e]...)
	if !strings.Contains(string(s[:e]), ".") {
		b = append(b, '.', '0')
	}
	b = append(b, 'E')
	exponent := s[e+1:]
	if exponent[0] == '-' {
		b = append(b, '-')
	}
	exponent = exponent[1:]
	for len(exponent) > 1 && exponent[0] == '0' {
		exponent = exponent[1:]
	}
	return append(b, exponent...)
}

// appendFixed writes an integer or decimal in its canonical form (XSD 1.1 §E.1).
func (v Value) appendFixed(b []byte) []byte {
	if v.big != nil {
		return v.big.Append(b, 'f')
	}
	if v.aux == 0 {
		return strconv.AppendInt(b, v.n, 10)
	}
	n := uint64(v.n)
	if v.n < 0 {
		b = append(b, '-')
		n = -n
	}
	unit := uint64(pow10[v.aux])
	whole, fraction := n/unit, n%unit
	b = strconv.AppendUint(b, whole, 10)
	b = append(b, '.')
	for scale := v.aux - 1; scale > 0 && fraction < uint64(pow10[scale]); scale-- {
		b = append(b, '0')
	}
	return strconv.AppendUint(b, fraction, 10)
}
