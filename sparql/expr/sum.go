package expr

import (
	"math"

	"qlgraph/graph"
	"qlgraph/graph/xsd"
)

// Sum adds numbers, or durations, of one group (SPARQL 1.1 §18.5.1.3 and
// §18.5.1.4). It keeps a total of each type of number apart: integers and decimals
// add up exactly in any order, and few sums mix them.
type Sum struct {
	n        int64
	integers int64
	decimals int64 // times 10^graph.DecimalScale
	doubles  float64
	seen     [graph.IDDouble + 1]bool // which of the three have a part in the sum
	other    xsd.Value                // the sum of all else; no value: none
	failed   bool                     // an error, or something else than a number
}

// AddInlined adds the value that an inlined ID carries.
func (s *Sum) AddInlined(id graph.ID) {
	s.n++
	switch id.Kind() {
	case graph.IDInteger:
		s.integer(id.Integer())
	case graph.IDDecimal:
		if near(s.decimals) {
			s.addData(xsd.NewDecimal(s.decimals, graph.DecimalScale))
			s.decimals = 0
		}
		s.decimals += id.Decimal()
		s.seen[graph.IDDecimal] = true
	case graph.IDDouble:
		s.doubles += id.Double()
		s.seen[graph.IDDouble] = true
	default:
		s.failed = true
	}
}

func (s *Sum) integer(n int64) {
	if near(s.integers) {
		s.addData(xsd.NewInteger(s.integers))
		s.integers = 0
	}
	s.integers += n
	s.seen[graph.IDInteger] = true
}

// near reports whether adding 60 bits to sum may overflow.
func near(sum int64) bool { return sum > math.MaxInt64/2 || sum < math.MinInt64/2 }

// Add adds v; an error makes the sum one.
func (s *Sum) Add(v Value) int {
	if id, ok := v.Inlined(); ok {
		s.AddInlined(id)
		return 0
	}
	s.n++
	data, ok := v.XSD()
	if !ok || !data.Type().IsNumeric() && !data.Type().IsDuration() {
		s.failed = true
		return 0
	}
	if data.Type().IsInteger() { // also those derived from it
		data, _ = xsd.Cast(data, xsd.Integer)
	}
	s.addData(data)
	return 0
}

// addData adds to the rest; there is no 0 to begin with, as durations have none.
func (s *Sum) addData(data xsd.Value) {
	if s.other.IsZero() {
		s.other = data
		return
	}
	var ok bool
	s.other, ok = xsd.Add(s.other, data)
	s.failed = s.failed || !ok
}

// total returns the whole sum, no value of nothing.
func (s *Sum) total() (data xsd.Value, ok bool) {
	t := *s // whose rest may take up the other parts
	if t.seen[graph.IDInteger] {
		t.addData(xsd.NewInteger(t.integers))
	}
	if t.seen[graph.IDDecimal] {
		t.addData(xsd.NewDecimal(t.decimals, graph.DecimalScale))
	}
	if t.seen[graph.IDDouble] {
		t.addData(xsd.NewDouble(t.doubles))
	}
	return t.other, !t.failed
}

// Result returns the sum, 0 of nothing.
func (s *Sum) Result() Value {
	if s.n == 0 {
		return Integer(0)
	}
	return computed(s.total())
}

// Average returns the sum divided by the number of values, 0 of nothing.
func (s *Sum) Average() Value {
	total, ok := s.total()
	if s.n == 0 || !ok {
		return s.Result()
	}
	return computed(xsd.Div(total, xsd.NewInteger(s.n)))
}
