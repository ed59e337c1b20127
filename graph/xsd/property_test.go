package xsd_test

import (
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"qlgraph/graph/rdf"
	"qlgraph/graph/xsd"
)

// randomDecimal writes a decimal that is as likely at the edge of 64 bits as
// well inside.
func randomDecimal(r *rand.Rand) string {
	var b strings.Builder
	if r.IntN(2) == 0 {
		b.WriteByte('-')
	}
	for range 1 + r.IntN(21) {
		b.WriteByte(byte('0' + r.IntN(10)))
	}
	if r.IntN(2) == 0 {
		b.WriteByte('.')
		for range 1 + r.IntN(21) {
			b.WriteByte(byte('0' + r.IntN(10)))
		}
	}
	return b.String()
}

func rational(t testing.TB, s string) *big.Rat {
	t.Helper()
	x, ok := new(big.Rat).SetString(s)
	if !ok {
		t.Fatalf("not a number: %s", s)
	}
	return x
}

// Sums, differences, products and order of decimals are those of the rationals.
func TestDecimalsAgreeWithRationals(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		x, y := randomDecimal(r), randomDecimal(r)
		a, b := must(t, x+"^^decimal"), must(t, y+"^^decimal")
		p, q := rational(t, x), rational(t, y)
		if got, want := int(xsd.Compare(a, b)), p.Cmp(q); got != want {
			t.Fatalf("Compare(%s, %s) = %d", x, y, got)
		}
		for name, op := range map[string]struct {
			xsd func(a, b xsd.Value) (xsd.Value, bool)
			rat func(z, x, y *big.Rat) *big.Rat
		}{
			"+": {xsd.Add, (*big.Rat).Add}, "-": {xsd.Sub, (*big.Rat).Sub}, "*": {xsd.Mul, (*big.Rat).Mul},
		} {
			got, ok := op.xsd(a, b)
			if want := op.rat(new(big.Rat), p, q); !ok || rational(t, got.String()).Cmp(want) != 0 {
				t.Fatalf("%s %s %s = %s, %v", x, name, y, got, ok)
			}
		}
		if q.Sign() == 0 {
			continue
		}
		got, ok := xsd.Div(a, b)
		difference := new(big.Rat).Sub(rational(t, got.String()), new(big.Rat).Quo(p, q))
		if !ok || difference.Abs(difference).Cmp(rational(t, "1e-15")) > 0 {
			t.Fatalf("%s / %s = %s, %v", x, y, got, ok)
		}
	}
}

// Doubles and floats survive being written and read, and as decimals.
func TestFloatsRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		x := r.NormFloat64() * float64(uint64(1)<<r.IntN(64))
		v := xsd.NewDouble(x)
		if got, ok := xsd.Parse(v.String(), rdf.XSDDouble); !ok || got != v {
			t.Fatalf("%g is written %s and read %s", x, v, got)
		}
		d, ok := xsd.DoubleToDecimal(x)
		if !ok || d.Float64() != x {
			t.Fatalf("%g is the decimal %s", x, d)
		}
		f := xsd.NewFloat(float32(x))
		if got, ok := xsd.Parse(f.String(), rdf.XSDFloat); !ok || got != f {
			t.Fatalf("%g is written %s and read %s", float32(x), f, got)
		}
	}
}

// Adding a duration and taking it away again comes back, where no month is cut.
func TestDurationsAreInverse(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 20_000 {
		v := xsd.NewTemporal(xsd.DateTime, r.Int64N(1e12)-5e11, r.IntN(1e9), r.IntN(1681)-840, true)
		other := xsd.NewTemporal(xsd.DateTime, r.Int64N(1e12)-5e11, r.IntN(1e9), 0, true)
		d, ok := xsd.Sub(other, v)
		if !ok || d.Type() != xsd.DayTimeDuration {
			t.Fatalf("%s - %s = %s", other, v, d)
		}
		sum, ok := xsd.Add(v, d)
		back, ok2 := xsd.Sub(sum, d)
		if !ok || !ok2 || back != v {
			t.Fatalf("%s + %s - %s = %s", v, d, d, back)
		}
		if diff, ok := xsd.Sub(sum, v); !ok || diff != d {
			t.Fatalf("%s - %s = %s, want %s", sum, v, diff, d)
		}
	}
}

// FuzzParse checks for every datatype: what has a value is valid, the canonical
// form has the same value and is a fixed point.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"1", "-0.50", "1e9", "NaN", "true", "2024-02-29T24:00:00-14:00", "--02-29", "P1Y2M3DT4H5M6.7S", "-PT0.1S", "0000-01-01", "12:00:00.5Z"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for typ := xsd.Integer; typ <= xsd.Base64Binary; typ++ {
			v, ok := typ.Parse(s)
			if !ok {
				_ = typ.Valid(s)
				continue
			}
			if !typ.Valid(s) {
				t.Fatalf("%q has a value as %s but is not valid", s, typ.IRI())
			}
			canonical := v.String()
			again, ok := typ.Parse(canonical)
			if !ok || again.String() != canonical {
				t.Fatalf("%q as %s: canonical form %s reads as %s, %v", s, typ.IRI(), canonical, again, ok)
			}
			if order := xsd.Compare(v, again); order != xsd.Equal && v.String() != "NaN" {
				t.Fatalf("%q as %s: differs from its canonical form %s: %d", s, typ.IRI(), canonical, order)
			}
		}
	})
}

// FuzzArithmetic checks that no pair of values panics an operator and that
// results are values that can be written and read.
func FuzzArithmetic(f *testing.F) {
	f.Add("1", "0.1", uint8(0), uint8(13))
	f.Add("999999999-12-31T23:59:59Z", "P2147483647M", uint8(17), uint8(28))
	f.Fuzz(func(t *testing.T, x, y string, tx, ty uint8) {
		types := uint8(xsd.YearMonthDuration)
		a, okA := (xsd.Type(tx%types) + 1).Parse(x)
		b, okB := (xsd.Type(ty%types) + 1).Parse(y)
		if !okA || !okB {
			return
		}
		xsd.Compare(a, b)
		for i, op := range []func(a, b xsd.Value) (xsd.Value, bool){xsd.Add, xsd.Sub, xsd.Mul, xsd.Div} {
			v, ok := op(a, b)
			if !ok {
				continue
			}
			if again, ok := v.Type().Parse(v.String()); !ok || again.String() != v.String() {
				t.Fatalf("operator %d on %s and %s gives %s", i, a, b, v)
			}
		}
	})
}

func TestHotPathsDoNotAllocate(t *testing.T) {
	a, b := must(t, "12.5^^decimal"), must(t, "3^^integer")
	d, e := must(t, "2024-05-06T07:08:09Z^^dateTime"), must(t, "2024-05-06T07:08:09+01:00^^dateTime")
	var buf [64]byte
	for name, f := range map[string]func(){
		"parse integer":  func() { xsd.Parse("12345", rdf.XSDInteger) },
		"parse decimal":  func() { xsd.Parse("123.45", rdf.XSDDecimal) },
		"parse double":   func() { xsd.Parse("1.5e3", rdf.XSDDouble) },
		"parse dateTime": func() { xsd.Parse("2024-05-06T07:08:09Z", rdf.XSDDateTime) },
		"compare":        func() { xsd.Compare(a, b); xsd.Compare(d, e) },
		"arithmetic":     func() { xsd.Add(a, b); xsd.Sub(a, b); xsd.Mul(a, b) },
		"write":          func() { a.AppendTo(buf[:0]); d.AppendTo(buf[:0]) },
	} {
		if n := testing.AllocsPerRun(100, f); n != 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	for _, literal := range []string{"12345^^integer", "123.45^^decimal", "1.5e3^^double", "2024-05-06T07:08:09Z^^dateTime"} {
		lexical, name, _ := strings.Cut(literal, "^^")
		b.Run(name, func(b *testing.B) {
			typ := xsd.TypeOf(rdf.XSD + name)
			for b.Loop() {
				typ.Parse(lexical)
			}
		})
	}
}

func BenchmarkAdd(b *testing.B) {
	for i, pair := range [][2]string{{"1^^integer", "2^^integer"}, {"1.5^^decimal", "2^^integer"}, {"1^^double", "2^^integer"}} {
		x, y := must(b, pair[0]), must(b, pair[1])
		b.Run(strconv.Itoa(i), func(b *testing.B) {
			for b.Loop() {
				xsd.Add(x, y)
			}
		})
	}
}
