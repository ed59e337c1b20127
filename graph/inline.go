package graph

import (
	"bytes"
	"cmp"
	"math"
	"strconv"
	"strings"
	"time"

	"qlgraph/graph/rdf"
	"qlgraph/graph/xsd"
)

// Inlined payloads. All of them sort, as unsigned numbers, as their values do.
//
//	IDInteger   value + 2^59
//	IDDecimal   (value·10^DecimalScale + 2^58) << 1 | spelling
//	IDDouble    upper 59 bits of the IEEE 754 pattern, made sortable << 1 | spelling
//	IDBoolean   0 or 1
//	IDDate      (start of the day in UTC, minutes since year 0) << 11 | zone
//	IDDateTime  (UTC, milliseconds since year 0) << 11 | zone
//
// Spelling is 0 for the canonical form of XML Schema 1.1 ("5", "5.0E0") and 1
// for the form with a point that most programs write ("5.0" for both), as only
// the exact lexical form may be read back. Zone is 0 where none is written,
// else the offset in minutes + 1024.
const (
	// DecimalScale is the number of fraction digits of an inlined decimal.
	DecimalScale = 8

	integerBias  = 1 << 59
	decimalBias  = 1 << 58
	decimalOne   = 100_000_000 // 10^DecimalScale
	doubleUnused = 5           // mantissa bits that must be zero to be inlined
	zoneBits     = 11
	zoneBias     = 1 << (zoneBits - 1)
	maxZone      = 14 * 60 // minutes, XML Schema 1.1 Part 2 §3.3.7
)

// yearZero is 0000-01-01T00:00:00Z in seconds of the Unix clock. Inlined years
// run from 1 to 9999, so a zone never takes an instant below it.
var yearZero = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC).Unix()

// Inline returns the ID that carries t's value, and false where t is no literal
// that can be inlined: another datatype, a value out of range, or a lexical
// form that the ID could not give back character by character.
func Inline(t rdf.Term) (ID, bool) {
	if !t.IsLiteral() {
		return 0, false
	}
	var id ID
	var ok bool
	lex := t.Value()
	if lex == "" || len(lex) > maxInlineForm {
		return 0, false
	}
	switch t.Datatype() {
	case rdf.XSDInteger:
		id, ok = inlineInteger(lex)
	case rdf.XSDDecimal:
		id, ok = inlineDecimal(lex)
	case rdf.XSDDouble:
		id, ok = inlineDouble(lex)
	case rdf.XSDBoolean:
		id, ok = inlineBoolean(lex)
	case rdf.XSDDate:
		id, ok = inlineDate(lex)
	case rdf.XSDDateTime:
		id, ok = inlineDateTime(lex)
	}
	if !ok {
		return 0, false
	}
	// Parsing above is lenient; what counts is that the form comes back.
	var buf [maxInlineForm]byte
	if !bytes.Equal(id.appendForm(buf[:0]), []byte(lex)) {
		return 0, false
	}
	return id, true
}

// maxInlineForm bounds the length of a lexical form that Inline looks at: the
// longest are doubles with a point, which beyond this are dictionary terms.
const maxInlineForm = 48

// InlinedTerm returns the literal that an inlined id carries, and the zero Term
// for any other id.
func (id ID) InlinedTerm() rdf.Term {
	var buf [maxInlineForm]byte
	switch id.Kind() {
	case IDInteger:
		return rdf.TypedLiteral(string(id.appendForm(buf[:0])), rdf.XSDInteger)
	case IDDecimal:
		return rdf.TypedLiteral(string(id.appendForm(buf[:0])), rdf.XSDDecimal)
	case IDDouble:
		return rdf.TypedLiteral(string(id.appendForm(buf[:0])), rdf.XSDDouble)
	case IDBoolean:
		return rdf.TypedLiteral(string(id.appendForm(buf[:0])), rdf.XSDBoolean)
	case IDDate:
		return rdf.TypedLiteral(string(id.appendForm(buf[:0])), rdf.XSDDate)
	case IDDateTime:
		return rdf.TypedLiteral(string(id.appendForm(buf[:0])), rdf.XSDDateTime)
	}
	return rdf.Term{}
}

// appendForm appends the lexical form of an inlined id.
func (id ID) appendForm(b []byte) []byte {
	switch id.Kind() {
	case IDInteger:
		return strconv.AppendInt(b, id.Integer(), 10)
	case IDDecimal:
		return appendDecimal(b, id.Decimal(), id.pointed())
	case IDDouble:
		return appendDouble(b, id.Double(), id.pointed())
	case IDBoolean:
		return strconv.AppendBool(b, id.Boolean())
	case IDDate:
		t, zone, zoned := id.Date()
		return appendZone(t.Add(time.Duration(zone)*time.Minute).AppendFormat(b, time.DateOnly), zone, zoned)
	case IDDateTime:
		t, zone, zoned := id.DateTime()
		t = t.Add(time.Duration(zone) * time.Minute)
		return appendZone(t.AppendFormat(b, "2006-01-02T15:04:05.999"), zone, zoned)
	}
	return b
}

// pointed tells the spelling of a decimal or double.
func (id ID) pointed() bool { return id&1 != 0 }

// Integer returns the value of an IDInteger.
func (id ID) Integer() int64 { return int64(id.Payload()) - integerBias }

// IntegerID returns the ID of the xsd:integer n, and false where n is out of
// the inlined range [-2^59, 2^59).
func IntegerID(n int64) (ID, bool) {
	if n < -integerBias || n >= integerBias {
		return 0, false
	}
	return MakeID(IDInteger, uint64(n+integerBias)), true
}

func inlineInteger(lex string) (ID, bool) {
	n, err := strconv.ParseInt(lex, 10, 64)
	if err != nil {
		return 0, false
	}
	return IntegerID(n)
}

// Decimal returns the value of an IDDecimal times 10^DecimalScale.
func (id ID) Decimal() int64 { return int64(id.Payload()>>1) - decimalBias }

// DecimalID returns the ID of the xsd:decimal n / 10^DecimalScale in its
// canonical form, and false where it is out of the inlined range.
func DecimalID(n int64) (ID, bool) {
	if n <= -decimalBias || n >= decimalBias {
		return 0, false
	}
	return MakeID(IDDecimal, uint64(n+decimalBias)<<1), true
}

func inlineDecimal(lex string) (ID, bool) {
	whole, fraction, pointed := strings.Cut(lex, ".")
	if len(fraction) > DecimalScale || len(whole) > 12 {
		return 0, false
	}
	negative := strings.HasPrefix(whole, "-")
	w, err := strconv.ParseUint(strings.TrimPrefix(whole, "-"), 10, 40)
	if err != nil {
		return 0, false
	}
	value := w * decimalOne
	if pointed {
		f, err := strconv.ParseUint(fraction, 10, 40)
		if err != nil {
			return 0, false
		}
		for range DecimalScale - len(fraction) {
			f *= 10
		}
		value += f
	}
	if value >= decimalBias {
		return 0, false
	}
	n := int64(value)
	if negative {
		n = -n
	}
	id, _ := DecimalID(n)
	if pointed && value%decimalOne == 0 {
		id |= 1
	}
	return id, true
}

// appendDecimal writes the canonical form (XML Schema 1.1 Part 2 §3.3.3.2), or
// for a whole number that is pointed the form "5.0".
func appendDecimal(b []byte, n int64, pointed bool) []byte {
	if n < 0 {
		b = append(b, '-')
		n = -n
	}
	b = strconv.AppendInt(b, n/decimalOne, 10)
	fraction := n % decimalOne
	if fraction == 0 {
		if pointed {
			b = append(b, ".0"...)
		}
		return b
	}
	b = append(b, '.')
	for div := int64(decimalOne / 10); fraction > 0; div /= 10 {
		b = append(b, byte('0'+fraction/div))
		fraction %= div
	}
	return b
}

// Double returns the value of an IDDouble.
func (id ID) Double() float64 {
	bits := id.Payload() >> 1 << doubleUnused
	if bits>>63 != 0 {
		return math.Float64frombits(bits &^ (1 << 63))
	}
	return math.Float64frombits(^bits &^ (1<<doubleUnused - 1))
}

// DoubleID returns the ID of the xsd:double v in its canonical form, and false
// where its last bits do not fit, for NaN, which has no place in the order, and
// for -0, which would be a second ID for the value 0.
func DoubleID(v float64) (ID, bool) {
	bits := math.Float64bits(v)
	if v != v || bits == 1<<63 || bits&(1<<doubleUnused-1) != 0 {
		return 0, false
	}
	if bits>>63 != 0 {
		bits = ^bits
	} else {
		bits |= 1 << 63
	}
	return MakeID(IDDouble, bits>>doubleUnused<<1), true
}

func inlineDouble(lex string) (ID, bool) {
	v, err := parseDouble(lex)
	if err != nil {
		return 0, false
	}
	id, ok := DoubleID(v)
	if ok && !strings.ContainsAny(lex, "EI") {
		id |= 1
	}
	return id, ok
}

func parseDouble(lex string) (float64, error) {
	switch lex {
	case "INF":
		return math.Inf(1), nil
	case "-INF":
		return math.Inf(-1), nil
	}
	return strconv.ParseFloat(lex, 64)
}

// appendDouble writes the canonical form, or the positional form with a point.
func appendDouble(b []byte, v float64, pointed bool) []byte {
	if !pointed || math.Abs(v) >= 1e21 {
		return xsd.AppendDouble(b, v)
	}
	start := len(b)
	b = strconv.AppendFloat(b, v, 'f', -1, 64)
	if bytes.IndexByte(b[start:], '.') < 0 {
		b = append(b, ".0"...)
	}
	return b
}

// Boolean returns the value of an IDBoolean.
func (id ID) Boolean() bool { return id.Payload() != 0 }

// BooleanID returns the ID of an xsd:boolean.
func BooleanID(v bool) ID {
	if v {
		return MakeID(IDBoolean, 1)
	}
	return MakeID(IDBoolean, 0)
}

func inlineBoolean(lex string) (ID, bool) { return BooleanID(lex == "true"), true }

// Date returns the instant at which the day of an IDDate begins, its zone in
// minutes east of UTC, and whether a zone is written; without one the instant
// is that of UTC.
func (id ID) Date() (start time.Time, zone int, zoned bool) {
	zone, zoned = id.zone()
	return time.Unix(int64(id.Payload()>>zoneBits)*60+yearZero, 0).UTC(), zone, zoned
}

// DateTime returns the instant of an IDDateTime, its zone in minutes east of
// UTC, and whether a zone is written; without one the instant is that of UTC.
func (id ID) DateTime() (t time.Time, zone int, zoned bool) {
	zone, zoned = id.zone()
	ms := int64(id.Payload() >> zoneBits)
	return time.Unix(ms/1000+yearZero, ms%1000*int64(time.Millisecond)).UTC(), zone, zoned
}

// Zoned reports whether a zone is written in an IDDate or IDDateTime.
func (id ID) Zoned() bool { return id&(1<<zoneBits-1) != 0 }

func (id ID) zone() (minutes int, zoned bool) {
	z := int(id & (1<<zoneBits - 1))
	if z == 0 {
		return 0, false
	}
	return z - zoneBias, true
}

func inlineDate(lex string) (ID, bool) {
	if len(lex) < len(time.DateOnly) {
		return 0, false
	}
	t, ok := parseDate(lex[:10])
	zone, zoned, zoneOK := parseZone(lex[10:])
	if !ok || !zoneOK {
		return 0, false
	}
	return timeID(IDDate, (t-yearZero)/60-int64(zone), zone, zoned), true
}

func inlineDateTime(lex string) (ID, bool) {
	const plain = len("2006-01-02T15:04:05")
	if len(lex) < plain || lex[10] != 'T' || lex[13] != ':' || lex[16] != ':' {
		return 0, false
	}
	t, ok := parseDate(lex[:10])
	hour, minute, second := digits(lex[11:13]), digits(lex[14:16]), digits(lex[17:19])
	if !ok || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 {
		return 0, false
	}
	t += int64(hour*3600 + minute*60 + second)
	rest, ms := lex[plain:], 0
	if strings.HasPrefix(rest, ".") {
		n := 1
		for n < len(rest) && rest[n]-'0' <= 9 {
			n++
		}
		if n < 2 || n > 4 {
			return 0, false
		}
		ms = digits((rest[1:n] + "00")[:3])
		rest = rest[n:]
	}
	zone, zoned, zoneOK := parseZone(rest)
	if !zoneOK {
		return 0, false
	}
	return timeID(IDDateTime, (t-yearZero-int64(zone)*60)*1000+int64(ms), zone, zoned), true
}

func timeID(k IDKind, instant int64, zone int, zoned bool) ID {
	z := uint64(0)
	if zoned {
		z = uint64(zone + zoneBias)
	}
	return MakeID(k, uint64(instant)<<zoneBits|z)
}

// parseDate reads YYYY-MM-DD as seconds of the Unix clock. Whether the day
// exists shows when the form is compared.
func parseDate(s string) (int64, bool) {
	year, month, day := digits(s[:4]), digits(s[5:7]), digits(s[8:10])
	if s[4] != '-' || s[7] != '-' || year < 1 || month < 1 || month > 12 || day < 1 || day > 31 {
		return 0, false
	}
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Unix(), true
}

func parseZone(s string) (minutes int, zoned, ok bool) {
	switch {
	case s == "":
		return 0, false, true
	case s == "Z":
		return 0, true, true
	case len(s) != 6 || s[3] != ':':
		return 0, false, false
	}
	hour, minute := digits(s[1:3]), digits(s[4:6])
	minutes = hour*60 + minute
	if hour < 0 || minute < 0 || minute > 59 || minutes > maxZone {
		return 0, false, false
	}
	if s[0] == '-' {
		minutes = -minutes
	}
	return minutes, true, true
}

func appendZone(b []byte, zone int, zoned bool) []byte {
	switch {
	case !zoned:
		return b
	case zone == 0:
		return append(b, 'Z')
	case zone < 0:
		b = append(b, '-')
		zone = -zone
	default:
		b = append(b, '+')
	}
	h, m := zone/60, zone%60
	return append(b, byte('0'+h/10), byte('0'+h%10), ':', byte('0'+m/10), byte('0'+m%10))
}

// digits reads a short unsigned number, -1 where s is none.
func digits(s string) int {
	n := 0
	for i := range len(s) {
		d := s[i] - '0'
		if d > 9 {
			return -1
		}
		n = n*10 + int(d)
	}
	return n
}

// Rank returns a number that orders the IDs of one inlined kind as their values:
// it is equal for those that are only spelled differently, and for times that are
// one instant, those without a zone being taken as if in UTC (XPath F&O §10.4
// leaves the implicit zone to us).
func (id ID) Rank() uint64 { return uint64(id) >> rankShift(id.Kind()) }

// rankShift is how many low bits of an inlined ID do not tell its value.
func rankShift(k IDKind) uint {
	switch k {
	case IDDecimal, IDDouble:
		return 1
	case IDDate, IDDateTime:
		return zoneBits
	}
	return 0
}

// CompareInlined compares the values of two IDs of one inlined kind by their
// ranks.
func CompareInlined(a, b ID) int { return cmp.Compare(a.Rank(), b.Rank()) }
