package expr

import (
	"cmp"
	"strings"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/graph/xsd"
)

// family is the set of literals whose values are compared with each other.
type family uint8

const (
	notLiteral   family = iota
	familyNumber        // the families in their order for ORDER BY
	familyBoolean
	familyDateTime
	familyDate
	familyTime
	familyCalendar // the gYear… types
	familyDuration
	familyText   // simple and xsd:string literals, and those with a language tag
	familyOpaque // unknown datatypes and ill-typed literals: the value is not known
)

// classify returns v's family and, for those from numbers to durations, value.
func (v Value) classify() (family, xsd.Value) {
	if v.Kind() != rdf.KindLiteral {
		return notLiteral, xsd.Value{}
	}
	if _, _, ok := v.text(); ok {
		return familyText, xsd.Value{}
	}
	data, ok := v.XSD()
	if !ok {
		return familyOpaque, xsd.Value{}
	}
	return familyOf(data.Type()), data
}

func familyOf(t xsd.Type) family {
	switch {
	case t.IsNumeric():
		return familyNumber
	case t == xsd.Boolean:
		return familyBoolean
	case t == xsd.DateTime || t == xsd.DateTimeStamp:
		return familyDateTime
	case t == xsd.Date:
		return familyDate
	case t == xsd.Time:
		return familyTime
	case t.IsTemporal():
		return familyCalendar
	case t.IsDuration():
		return familyDuration
	}
	return familyOpaque
}

// Equal is the operator "=" (SPARQL 1.1 §17.3, RDFterm-equal of §17.4.1.7); ok
// is false for a type error: literals whose values are not known, or points in
// time that only a missing timezone could tell apart.
func Equal(a, b Value) (equal, ok bool) {
	if a.IsError() || b.IsError() {
		return false, false
	}
	if !a.data.IsZero() && !b.data.IsZero() {
		return equalData(a.data, b.data)
	}
	s, langA, textA := a.text()
	t, langB, textB := b.text()
	if textA && textB { // the common case, without parsing
		return s == t && strings.EqualFold(langA, langB), true
	}
	x, dataX := a.classify()
	y, dataY := b.classify()
	switch {
	case x == notLiteral || y == notLiteral:
		return a.term == b.term, true
	case x == familyOpaque || y == familyOpaque:
		return true, a.Term() == b.Term()
	case x != y:
		return false, true
	}
	return equalData(dataX, dataY)
}

func equalData(a, b xsd.Value) (equal, ok bool) {
	order := xsd.Compare(a, b)
	if order != xsd.Incomparable {
		return order == xsd.Equal, true
	}
	// Values of different families, or of different calendar types, differ; a
	// missing timezone leaves the question open.
	x, y := familyOf(a.Type()), familyOf(b.Type())
	return false, x != y || x == familyCalendar && a.Type() != b.Type()
}

// Compare orders a and b as the operators "<" and ">" do (SPARQL 1.1 §17.3):
// numbers, simple literals by code point, booleans, dateTimes; beyond these
// dates, times and durations. All else is Incomparable, a type error.
func Compare(a, b Value) xsd.Order {
	if !a.data.IsZero() && !b.data.IsZero() {
		return xsd.Compare(a.data, b.data)
	}
	if s, ok := a.simple(); ok {
		if t, ok := b.simple(); ok {
			return xsd.Order(strings.Compare(s, t))
		}
		return xsd.Incomparable
	}
	x, ok := a.XSD()
	if !ok {
		return xsd.Incomparable
	}
	y, ok := b.XSD()
	if !ok {
		return xsd.Incomparable
	}
	return xsd.Compare(x, y)
}

// The comparison operators of SPARQL 1.1 §17.3 as Values.

// EQ is a = b.
func EQ(a, b Value) Value {
	equal, ok := Equal(a, b)
	if !ok {
		return Value{}
	}
	return Boolean(equal)
}

// NE is a != b.
func NE(a, b Value) Value {
	equal, ok := Equal(a, b)
	if !ok {
		return Value{}
	}
	return Boolean(!equal)
}

// LT is a < b.
func LT(a, b Value) Value { return ordered(a, b, func(o xsd.Order) bool { return o == xsd.Less }) }

// GT is a > b.
func GT(a, b Value) Value { return ordered(a, b, func(o xsd.Order) bool { return o == xsd.Greater }) }

// LE is a <= b.
func LE(a, b Value) Value {
	return ordered(a, b, func(o xsd.Order) bool { return o == xsd.Less || o == xsd.Equal })
}

// GE is a >= b.
func GE(a, b Value) Value {
	return ordered(a, b, func(o xsd.Order) bool { return o == xsd.Greater || o == xsd.Equal })
}

func ordered(a, b Value, holds func(xsd.Order) bool) Value {
	order := Compare(a, b)
	if order == xsd.Incomparable {
		return Value{}
	}
	return Boolean(holds(order))
}

// SameTerm is the function sameTerm (SPARQL 1.1 §17.4.1.8).
func SameTerm(a, b Value) Value {
	if a.IsError() || b.IsError() {
		return Value{}
	}
	return Boolean(a.Term() == b.Term())
}

// Order is the order of ORDER BY, total over all values (SPARQL 1.1 §15.1): no
// value, blank nodes, IRIs by code point, literals. Literals go by family, and
// within one by value as "<" has it; 0 means that the next sort key decides.
// What the specification leaves open: NaN comes before all numbers, numbers that
// are equal only as rounded are told apart, a missing timezone reads as UTC, texts go by code point and then by language tag, values
// that are in no order by their terms.
func Order(a, b Value) int {
	if a.id != 0 && b.id != 0 && a.id.Kind() == b.id.Kind() {
		return graph.CompareInlined(a.id, b.id)
	}
	if c := cmp.Compare(a.Kind(), b.Kind()); c != 0 {
		return c
	}
	switch a.Kind() {
	case rdf.NoTerm:
		return 0
	case rdf.KindLiteral:
		return orderLiterals(a, b)
	}
	return strings.Compare(a.term.Value(), b.term.Value())
}

func orderLiterals(a, b Value) int {
	s, langA, textA := a.text()
	t, langB, textB := b.text()
	if textA && textB { // the common case, without parsing
		return cmp.Or(strings.Compare(s, t), strings.Compare(langA, langB))
	}
	x, dataX := a.classify()
	y, dataY := b.classify()
	if c := cmp.Compare(x, y); c != 0 {
		return c
	}
	switch x {
	case familyOpaque:
		return rdf.Compare(a.Term(), b.Term())
	case familyNumber:
		return xsd.CompareExactly(dataX, dataY)
	case familyCalendar:
		if c := cmp.Compare(dataX.Type(), dataY.Type()); c != 0 {
			return c
		}
	case familyDuration:
		return orderDurations(dataX, dataY)
	}
	return int(xsd.Compare(inUTC(dataX), inUTC(dataY)))
}

// orderDurations puts durations in one line by a month's average length, which
// agrees with xsd.Compare wherever that decides.
func orderDurations(a, b xsd.Value) int {
	if order := xsd.Compare(a, b); order <= xsd.Greater {
		return int(order)
	}
	return cmp.Compare(averageSeconds(a), averageSeconds(b))
}

func averageSeconds(d xsd.Value) float64 {
	const month = 146097.0 * 86400 / 4800 // of the Gregorian calendar's 400 years
	months, seconds, nanos := d.Duration()
	return float64(months)*month + float64(seconds) + float64(nanos)/1e9
}

func inUTC(v xsd.Value) xsd.Value {
	if !v.Type().IsTemporal() {
		return v
	}
	seconds, nanos, zone, zoned := v.Local()
	if zoned {
		return v
	}
	return xsd.NewTemporal(v.Type(), seconds, nanos, zone, true)
}
