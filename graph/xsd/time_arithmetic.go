package xsd

import "math"

// addToTemporal is op:add-…-duration-to-… of F&O §9.7.
func addToTemporal(v, d Value) (Value, bool) {
	switch v.typ {
	case DateTime, DateTimeStamp:
		return addDuration(v, d)
	case Date:
		v, ok := addDuration(v, d)
		v.n = floorDiv(v.n, daySeconds) * daySeconds
		v.nanos = 0
		return v, ok
	case Time:
		if d.aux != 0 {
			return Value{}, false
		}
		d.n %= daySeconds
		v, ok := addDuration(v, d)
		start := daysFromCivil(referenceYear, referenceMonth, referenceDay) * daySeconds
		v.n = start + v.n - floorDiv(v.n, daySeconds)*daySeconds
		return v, ok
	}
	return Value{}, false
}

// addDuration is dateTimePlusDuration (XSD 1.1 §E.3.3): first the months, with
// the day moved back into a shorter month, then the seconds.
func addDuration(v, d Value) (Value, bool) {
	if d.aux != 0 {
		year, month, day, ofDay := v.civil()
		months := year*12 + int64(month-1) + int64(d.aux)
		year = floorDiv(months, 12)
		month = int(months-year*12) + 1
		day = min(day, daysInMonth(year, month))
		v.n = daysFromCivil(year, month, day)*daySeconds + ofDay
	}
	if d.n > 2*maxSeconds || d.n < 2*minSeconds {
		return Value{}, false
	}
	v.n += d.n
	v.nanos += d.nanos
	if v.nanos >= 1e9 {
		v.nanos -= 1e9
		v.n++
	}
	if year, _, _, _ := v.civil(); year > MaxYear || year < -MaxYear {
		return Value{}, false
	}
	return v, true
}

// addDurations adds durations; two of one type stay of that type.
func addDurations(a, b Value) (Value, bool) {
	t := Duration
	if a.typ == b.typ {
		t = a.typ
	}
	months := int64(a.aux) + int64(b.aux)
	seconds := a.n + b.n
	if (seconds > a.n) != (b.n > 0) && b.n != 0 || months > math.MaxInt32 || months < -math.MaxInt32 {
		return Value{}, false
	}
	nanos := a.nanos + b.nanos
	if nanos >= 1e9 {
		nanos -= 1e9
		seconds++
	}
	if t == Duration && (months > 0 && seconds < 0 || months < 0 && (seconds > 0 || seconds == 0 && nanos > 0)) {
		return Value{}, false // no duration has parts of both signs (XSD 1.1 §3.3.6.1)
	}
	return Value{typ: t, aux: int32(months), n: seconds, nanos: nanos}, true
}

// between is op:subtract-dateTimes and its kin (F&O §9.8). As with comparison,
// a timezone on one side alone is a type error.
func between(a, b Value) (Value, bool) {
	switch a.typ {
	case DateTime, DateTimeStamp, Date, Time:
	default:
		return Value{}, false
	}
	if (a.aux == noTimezone) != (b.aux == noTimezone) {
		return Value{}, false
	}
	if a.aux != noTimezone {
		a.n -= int64(a.aux) * minuteSeconds
		b.n -= int64(b.aux) * minuteSeconds
	}
	v := Value{typ: DayTimeDuration, n: a.n - b.n, nanos: a.nanos - b.nanos}
	if v.nanos < 0 {
		v.nanos += 1e9
		v.n--
	}
	return v, true
}

// totalSeconds returns a duration's seconds as a decimal.
func (v Value) totalSeconds() Value {
	whole := Value{typ: Decimal, n: v.n}
	sum, ok := arithmetic(whole, reduced(Decimal, int64(v.nanos), MaxFractionDigits), opAdd)
	if !ok {
		return whole
	}
	return sum
}

// scaleDuration multiplies or divides a duration by a number (F&O §8.4):
// months are rounded to whole ones, seconds to MaxFractionDigits.
func scaleDuration(d, factor Value, op func(a, b Value) (Value, bool)) (Value, bool) {
	if factor.typ == Double || factor.typ == Float {
		var ok bool
		if factor, ok = exactDecimal(factor.Float64()); !ok {
			return Value{}, false
		}
	}
	switch d.typ {
	case YearMonthDuration:
		months, ok := op(NewInteger(int64(d.aux)), factor)
		if !ok {
			return Value{}, false
		}
		months, ok = Round(months)
		if n, _, fits := months.Fixed(); ok && fits && n <= math.MaxInt32 && n >= -math.MaxInt32 {
			return Value{typ: d.typ, aux: int32(n)}, true
		}
	case DayTimeDuration:
		seconds, ok := op(d.totalSeconds(), factor)
		if !ok {
			return Value{}, false
		}
		return durationOfSeconds(seconds)
	}
	return Value{}, false
}

// durationOfSeconds rounds a decimal to a dayTimeDuration.
func durationOfSeconds(seconds Value) (Value, bool) {
	whole, ok := Floor(seconds)
	if !ok {
		return Value{}, false
	}
	n, _, fits := whole.Fixed()
	fraction, ok := Sub(seconds, whole)
	if !fits || !ok {
		return Value{}, false
	}
	nanos := int64(math.Round(fraction.Float64() * 1e9))
	return Value{typ: DayTimeDuration, n: n + nanos/1e9, nanos: int32(nanos % 1e9)}, true
}

// exactDecimal returns the decimal that a double is written as.
func exactDecimal(f float64) (Value, bool) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Value{}, false
	}
	return DoubleToDecimal(f)
}
