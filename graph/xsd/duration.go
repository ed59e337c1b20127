package xsd

import (
	"math"
	"strconv"
)

// durationScanner reads the fields of a duration in their order.
type durationScanner struct {
	s      string
	fields int  // fields read
	beyond bool // a number does not fit
}

// field reads digits followed by the designator c, if they come next.
func (sc *durationScanner) field(c byte) int64 {
	n := digits(sc.s)
	if n == 0 || n == len(sc.s) || sc.s[n] != c {
		return 0
	}
	value, err := strconv.ParseInt(sc.s[:n], 10, 64)
	if err != nil || value > math.MaxInt64/(2*daySeconds) {
		sc.beyond = true
		value = 0
	}
	sc.s = sc.s[n+1:]
	sc.fields++
	return value
}

// secondsField reads seconds with an optional fraction.
func (sc *durationScanner) secondsField() (seconds int64, nanos int32) {
	n := digits(sc.s)
	if n == 0 || n == len(sc.s) || sc.s[n] != '.' {
		return sc.field('S'), 0
	}
	m := digits(sc.s[n+1:])
	end := n + 1 + m
	if m == 0 || end == len(sc.s) || sc.s[end] != 'S' {
		return 0, 0 // what is left makes the form wrong
	}
	fraction := sc.s[n+1 : end]
	sc.s = sc.s[:n] + sc.s[end:]
	return sc.field('S'), fractionNanos(fraction)
}

// scanDuration reads a durationLexicalRep (XSD 1.1 §3.3.6.2). valid says
// whether the form is right, ok whether the value is within limits too.
func scanDuration(s string, t Type) (v Value, valid, ok bool) {
	negative := s != "" && s[0] == '-'
	if negative {
		s = s[1:]
	}
	if s == "" || s[0] != 'P' {
		return Value{}, false, false
	}
	sc := durationScanner{s: s[1:]}
	var months, seconds int64
	if t != DayTimeDuration {
		months = sc.field('Y')*12 + sc.field('M')
	}
	var nanos int32
	if t != YearMonthDuration {
		seconds = sc.field('D') * daySeconds
		if sc.s != "" && sc.s[0] == 'T' {
			sc.s = sc.s[1:]
			before := sc.fields
			seconds = sc.add(seconds, sc.field('H')*hourSeconds)
			seconds = sc.add(seconds, sc.field('M')*minuteSeconds)
			whole, fraction := sc.secondsField()
			seconds, nanos = sc.add(seconds, whole), fraction
			if sc.fields == before {
				return Value{}, false, false
			}
		}
	}
	if sc.s != "" || sc.fields == 0 {
		return Value{}, false, false
	}
	if sc.beyond || months > math.MaxInt32 {
		return Value{}, true, false
	}
	v = Value{typ: t, aux: int32(months), n: seconds, nanos: nanos}
	if negative {
		v = v.negatedDuration()
	}
	return v, true, true
}

// add returns a+b; both are not negative.
func (sc *durationScanner) add(a, b int64) int64 {
	if a > math.MaxInt64/2-b {
		sc.beyond = true
		return 0
	}
	return a + b
}

func parseDuration(s string, t Type) (Value, bool) {
	v, _, ok := scanDuration(s, t)
	return v, ok
}

func validDuration(s string, t Type) bool {
	_, valid, _ := scanDuration(s, t)
	return valid
}

func (v Value) negatedDuration() Value {
	v.aux, v.n = -v.aux, -v.n
	if v.nanos != 0 {
		v.n--
		v.nanos = 1e9 - v.nanos
	}
	return v
}

// appendDuration writes the canonical form (XSD 1.1 §E.2).
func (v Value) appendDuration(b []byte) []byte {
	if v.aux < 0 || v.n < 0 {
		b = append(b, '-')
		v = v.negatedDuration()
	}
	b = append(b, 'P')
	b = appendField(b, int64(v.aux/12), 'Y')
	b = appendField(b, int64(v.aux%12), 'M')
	if v.n == 0 && v.nanos == 0 {
		switch {
		case v.aux != 0:
			return b
		case v.typ == YearMonthDuration:
			return append(b, "0M"...)
		}
		return append(b, "T0S"...)
	}
	b = appendField(b, v.n/daySeconds, 'D')
	if v.n%daySeconds == 0 && v.nanos == 0 {
		return b
	}
	b = append(b, 'T')
	b = appendField(b, v.n%daySeconds/hourSeconds, 'H')
	b = appendField(b, v.n%hourSeconds/minuteSeconds, 'M')
	if v.n%minuteSeconds == 0 && v.nanos == 0 {
		return b
	}
	b = strconv.AppendInt(b, v.n%minuteSeconds, 10)
	return append(appendNanos(b, v.nanos), 'S')
}

func appendField(b []byte, n int64, designator byte) []byte {
	if n == 0 {
		return b
	}
	return append(strconv.AppendInt(b, n, 10), designator)
}
