package xsd

import "strings"

const (
	minuteSeconds = 60
	hourSeconds   = 60 * minuteSeconds
	daySeconds    = 24 * hourSeconds

	minSeconds = -(MaxYear + 1971) * 366 * daySeconds
	maxSeconds = MaxYear * 366 * daySeconds

	// maxTimezone is the largest offset in minutes (XSD 1.1 §3.3.7.1).
	maxTimezone = 14 * 60
)

// Parts that a type does not write have the values of this day (XSD 1.1
// §E.3.4, timeOnTimeline): a leap year and a month of 31 days.
const (
	referenceYear  = 1972
	referenceMonth = 12
	referenceDay   = 31
)

// daysFromCivil returns the days from 1970-01-01 to a date of the proleptic
// Gregorian calendar. Years are counted from March, so that the leap day is
// the last day of one; 400 of them are an era of 146,097 days.
func daysFromCivil(year int64, month, day int) int64 {
	if month <= 2 {
		year--
	}
	era := floorDiv(year, 400)
	yearOfEra := year - era*400
	dayOfYear := int64((153*((month+9)%12)+2)/5 + day - 1)
	dayOfEra := yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear
	return era*146097 + dayOfEra - 719468
}

// civilFromDays is the inverse of daysFromCivil.
func civilFromDays(days int64) (year int64, month, day int) {
	days += 719468
	era := floorDiv(days, 146097)
	dayOfEra := days - era*146097
	yearOfEra := (dayOfEra - dayOfEra/1460 + dayOfEra/36524 - dayOfEra/146096) / 365
	dayOfYear := int(dayOfEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100))
	shifted := (5*dayOfYear + 2) / 153
	day = dayOfYear - (153*shifted+2)/5 + 1
	month = (shifted+2)%12 + 1
	year = yearOfEra + era*400
	if month <= 2 {
		year++
	}
	return year, month, day
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// daysInMonth returns the length of a month of the proleptic Gregorian calendar.
func daysInMonth(year int64, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// temporalScanner reads the pieces of a date or time. The first piece that is
// missing sets failed, after which every piece is zero.
type temporalScanner struct {
	s        string
	failed   bool
	beyond   bool // lexically right, but beyond MaxYear
	fraction int32
}

func (sc *temporalScanner) byte(c byte) {
	if sc.failed || sc.s == "" || sc.s[0] != c {
		sc.failed = true
		return
	}
	sc.s = sc.s[1:]
}

// two reads exactly two digits with a value from low to high.
func (sc *temporalScanner) two(low, high int) int {
	if sc.failed || len(sc.s) < 2 || digits(sc.s[:2]) != 2 {
		sc.failed = true
		return low
	}
	n := int(sc.s[0]-'0')*10 + int(sc.s[1]-'0')
	sc.s = sc.s[2:]
	if n < low || n > high {
		sc.failed = true
		return low
	}
	return n
}

// year reads yearFrag: at least four digits, no leading zero beyond four.
func (sc *temporalScanner) year() int64 {
	s, negative := strings.CutPrefix(sc.s, "-")
	n := digits(s)
	if n < 4 || n > 4 && s[0] == '0' {
		sc.failed = true
		return 0
	}
	sc.s = s[n:]
	if n > 9 {
		sc.beyond = true
		return 0
	}
	year := int64(0)
	for i := range n {
		year = year*10 + int64(s[i]-'0')
	}
	if negative {
		return -year
	}
	return year
}

// seconds reads secondFrag into a number of seconds and sc.fraction.
func (sc *temporalScanner) seconds() int {
	n := sc.two(0, 59)
	if sc.failed || sc.s == "" || sc.s[0] != '.' {
		return n
	}
	length := digits(sc.s[1:])
	if length == 0 {
		sc.failed = true
		return 0
	}
	sc.fraction = fractionNanos(sc.s[1 : 1+length])
	sc.s = sc.s[1+length:]
	return n
}

// fractionNanos reads the digits after the point of seconds.
func fractionNanos(fraction string) int32 {
	nanos := int32(0)
	for i := range MaxFractionDigits {
		nanos *= 10
		if i < len(fraction) {
			nanos += int32(fraction[i] - '0')
		}
	}
	return nanos
}

// clock reads hh:mm:ss and returns seconds; 24:00:00 is the end of the day.
func (sc *temporalScanner) clock() int64 {
	h := sc.two(0, 24)
	sc.byte(':')
	m := sc.two(0, 59)
	sc.byte(':')
	s := sc.seconds()
	if h == 24 && (m != 0 || s != 0 || sc.fraction != 0) {
		sc.failed = true
	}
	return int64(h)*hourSeconds + int64(m)*minuteSeconds + int64(s)
}

// timezone reads timezoneFrag, which may be missing, to the end of the input.
func (sc *temporalScanner) timezone() int32 {
	if sc.failed || sc.s == "" {
		return noTimezone
	}
	sign := sc.s[0]
	sc.s = sc.s[1:]
	switch sign {
	case 'Z':
		return 0
	case '+', '-':
		h := sc.two(0, 14)
		sc.byte(':')
		m := sc.two(0, 59)
		offset := int32(h*60 + m)
		if offset > maxTimezone {
			sc.failed = true
		}
		if sign == '-' {
			return -offset
		}
		return offset
	}
	sc.failed = true
	return 0
}

// scanTemporal reads a lexical form of one of the types of points in time
// (XSD 1.1 §3.3.7 to §3.3.14). valid says whether the form is right, ok whether
// the value is within limits too.
func scanTemporal(s string, t Type) (v Value, valid, ok bool) {
	sc := temporalScanner{s: s}
	year, month, day := int64(referenceYear), referenceMonth, referenceDay
	seconds := int64(0)
	switch t {
	case DateTime, DateTimeStamp, Date:
		year = sc.year()
		sc.byte('-')
		month = sc.two(1, 12)
		sc.byte('-')
		day = sc.two(1, 31)
		if t != Date {
			sc.byte('T')
			seconds = sc.clock()
		}
	case Time:
		seconds = sc.clock() % daySeconds
	case GYear:
		year, month, day = sc.year(), 1, 1
	case GYearMonth:
		year = sc.year()
		sc.byte('-')
		month, day = sc.two(1, 12), 1
	case GMonth:
		sc.byte('-')
		sc.byte('-')
		month, day = sc.two(1, 12), 1
	case GMonthDay:
		sc.byte('-')
		sc.byte('-')
		month = sc.two(1, 12)
		sc.byte('-')
		day = sc.two(1, 31)
	case GDay:
		sc.byte('-')
		sc.byte('-')
		sc.byte('-')
		day = sc.two(1, 31)
	}
	zone := sc.timezone()
	valid = !sc.failed && sc.s == "" && day <= daysInMonth(year, month) && (t != DateTimeStamp || zone != noTimezone)
	v = Value{typ: t, n: daysFromCivil(year, month, day)*daySeconds + seconds, nanos: sc.fraction, aux: zone}
	return v, valid, valid && !sc.beyond
}

func parseTemporal(s string, t Type) (Value, bool) {
	v, _, ok := scanTemporal(s, t)
	if !ok {
		return Value{}, false
	}
	return v, true
}

func validTemporal(s string, t Type) bool {
	_, valid, _ := scanTemporal(s, t)
	return valid
}

// civil splits a temporal value into its local parts.
func (v Value) civil() (year int64, month, day int, ofDay int64) {
	days := floorDiv(v.n, daySeconds)
	year, month, day = civilFromDays(days)
	return year, month, day, v.n - days*daySeconds
}

// The accessors of F&O §9.5 return the local parts of a temporal value; ok is
// false where the type has no such part.

// Year returns the year; 0 is 1 BCE.
func (v Value) Year() (year int64, ok bool) {
	switch v.typ {
	case DateTime, DateTimeStamp, Date, GYear, GYearMonth:
		year, _, _, _ = v.civil()
		return year, true
	}
	return 0, false
}

// Month returns the month, 1 to 12.
func (v Value) Month() (month int, ok bool) {
	switch v.typ {
	case DateTime, DateTimeStamp, Date, GYearMonth, GMonth, GMonthDay:
		_, month, _, _ = v.civil()
		return month, true
	}
	return 0, false
}

// Day returns the day of the month, 1 to 31.
func (v Value) Day() (day int, ok bool) {
	switch v.typ {
	case DateTime, DateTimeStamp, Date, GMonthDay, GDay:
		_, _, day, _ = v.civil()
		return day, true
	}
	return 0, false
}

// Clock returns the time of the day; ok is false for types without one.
func (v Value) Clock() (hours, minutes, seconds, nanos int, ok bool) {
	switch v.typ {
	case DateTime, DateTimeStamp, Time:
		_, _, _, s := v.civil()
		return int(s / hourSeconds), int(s / minuteSeconds % 60), int(s % 60), int(v.nanos), true
	}
	return 0, 0, 0, 0, false
}

// Timezone returns the offset as a dayTimeDuration; ok is false where v has none.
func (v Value) Timezone() (Value, bool) {
	if !v.typ.IsTemporal() || v.aux == noTimezone {
		return Value{}, false
	}
	return Value{typ: DayTimeDuration, n: int64(v.aux) * minuteSeconds}, true
}

// AppendTimezone appends the timezone as it is written: Z, +hh:mm or nothing.
func (v Value) AppendTimezone(b []byte) []byte {
	if !v.typ.IsTemporal() || v.aux == noTimezone {
		return b
	}
	if v.aux == 0 {
		return append(b, 'Z')
	}
	offset, sign := v.aux, byte('+')
	if offset < 0 {
		offset, sign = -offset, '-'
	}
	b = append(b, sign)
	b = appendTwo(b, int(offset/60))
	return appendTwo(append(b, ':'), int(offset%60))
}

func appendTwo(b []byte, n int) []byte { return append(b, byte('0'+n/10), byte('0'+n%10)) }

func appendYear(b []byte, year int64) []byte {
	if year < 0 {
		b, year = append(b, '-'), -year
	}
	var buf [20]byte
	i := len(buf)
	for n := 0; n < 4 || year > 0; n++ {
		i--
		buf[i] = byte('0' + year%10)
		year /= 10
	}
	return append(b, buf[i:]...)
}

// appendNanos writes the digits after the point of seconds, if there are any.
func appendNanos(b []byte, nanos int32) []byte {
	if nanos == 0 {
		return b
	}
	b = append(b, '.')
	for unit := int32(1e8); nanos > 0; unit /= 10 {
		b = append(b, byte('0'+nanos/unit))
		nanos %= unit
	}
	return b
}

// appendTemporal writes the canonical form of a point in time. The timezone is
// kept (XSD 1.1 §E.3.5 differs from XSD 1.0 in that).
func (v Value) appendTemporal(b []byte) []byte {
	year, month, day, s := v.civil()
	switch v.typ {
	case DateTime, DateTimeStamp, Date, GYear, GYearMonth:
		b = appendYear(b, year)
	case GMonth, GMonthDay, GDay:
		b = append(b, '-')
	}
	switch v.typ {
	case DateTime, DateTimeStamp, Date, GYearMonth, GMonth, GMonthDay:
		b = appendTwo(append(b, '-'), month)
	case GDay:
		b = append(b, '-')
	}
	switch v.typ {
	case DateTime, DateTimeStamp, Date, GMonthDay, GDay:
		b = appendTwo(append(b, '-'), day)
	}
	switch v.typ {
	case DateTime, DateTimeStamp:
		b = append(b, 'T')
		fallthrough
	case Time:
		b = appendTwo(b, int(s/hourSeconds))
		b = appendTwo(append(b, ':'), int(s/minuteSeconds%60))
		b = appendTwo(append(b, ':'), int(s%60))
		b = appendNanos(b, v.nanos)
	}
	return v.AppendTimezone(b)
}
