package graph_test

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

func TestInlineForms(t *testing.T) {
	tests := []struct {
		datatype string
		inlined  []string
		kept     []string // in the dictionary, spelling and all
	}{
		{rdf.XSDInteger,
			[]string{"0", "-1", "42", "576460752303423487", "-576460752303423488"},
			[]string{"", "+1", "-0", "007", "1 ", "576460752303423488", "1e3", "1_000", "0x10"}},
		{rdf.XSDDecimal,
			[]string{"0", "5", "5.0", "-7.5", "0.00000001", "-0.5", "2882303761.51711743"},
			[]string{"", ".5", "5.", "5.00", "7.50", "-0", "-0.0", "+5", "0.000000001", "2882303761.51711744", "1e3", "-", "1.-2", "1.+2", "--1"}},
		{rdf.XSDDouble,
			[]string{"0.0", "0.0E0", "5.0", "5.0E0", "-2.5", "1.5E10", "INF", "-INF", "6.0E1", "60.0"},
			[]string{"", "5", "5E0", "5.0e0", "-0.0", "-0.0E0", "NaN", "0.1", "1e5", "+INF", "inf", "Infinity", "0x1p3", "1_0.0", "1.0E400", "05.0", "-1.0E-3"}},
		{rdf.XSDBoolean, []string{"true", "false"}, []string{"1", "0", "TRUE", " true", ""}},
		{rdf.XSDDate,
			[]string{"2025-09-01", "2025-09-01Z", "2025-09-01+01:00", "2024-02-29", "0001-01-01+14:00", "9999-12-31-14:00"},
			[]string{"", "2025-02-29", "2025-9-1", "2025-09-01+00:00", "-0044-03-15", "0000-01-01", "12025-01-01", "2025-09-01+15:00", "2025-13-01", "2025-09-01+1:000"}},
		{rdf.XSDDateTime,
			[]string{"2025-09-01T00:00:00", "2025-09-01T23:59:59Z", "2025-09-01T12:00:00.5+02:00", "2025-09-01T12:00:00.123-03:30", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999-14:00"},
			[]string{"", "2025-09-01", "2025-09-01T24:00:00", "2025-09-01T12:00:00.1234Z", "2025-09-01T12:00:00.50Z", "2025-09-01T12:00:00.Z", "2025-09-01T12:00:00+00:00", "2025-09-01T12:00:60Z", "2025-09-01 12:00:00", "2025-09-01T12:00"}},
		{rdf.XSDString, nil, []string{"5", "true"}},
		{rdf.XSDFloat, nil, []string{"5.0"}},
	}
	for _, tt := range tests {
		for _, lex := range tt.inlined {
			term := rdf.TypedLiteral(lex, tt.datatype)
			id, ok := graph.Inline(term)
			if !ok || !id.Inlined() || id.InlinedTerm() != term {
				t.Errorf("%v: inlined %v, gives %v", term, ok, id.InlinedTerm())
			}
		}
		for _, lex := range tt.kept {
			if id, ok := graph.Inline(rdf.TypedLiteral(lex, tt.datatype)); ok {
				t.Errorf("%q^^%s: inlined as %x", lex, tt.datatype, uint64(id))
			}
		}
	}
	for _, term := range []rdf.Term{{}, rdf.IRI("5"), rdf.Blank("5"), rdf.LangLiteral("5", "en")} {
		if _, ok := graph.Inline(term); ok {
			t.Errorf("%v: inlined", term)
		}
	}
}

// TestInlineRoundTripAndOrder draws values of every inlined kind, at all
// magnitudes, and asks that the form comes back and that IDs sort as values.
func TestInlineRoundTripAndOrder(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	signed := func(bits int) int64 { return int64(r.Uint64()) >> (64 - 1 - r.IntN(bits)) }
	instant := func() (time.Time, string) {
		at := time.UnixMilli(-62_000_000_000_000 + r.Int64N(300_000_000_000_000)).UTC()
		if r.IntN(2) == 0 {
			at = at.Truncate(time.Second)
		}
		zone := r.IntN(1681) - 840
		local := at.Add(time.Duration(zone) * time.Minute)
		suffix := "Z"
		if zone != 0 {
			suffix = fmt.Sprintf("%+03d:%02d", zone/60, max(zone, -zone)%60)
			if zone < 0 && zone > -60 {
				suffix = "-" + suffix[1:]
			}
		}
		return at, local.Format("2006-01-02T15:04:05.999") + suffix
	}
	kinds := []struct {
		name string
		draw func() (rdf.Term, float64)
	}{
		{"integer", func() (rdf.Term, float64) {
			n := signed(50)
			return rdf.TypedLiteral(strconv.FormatInt(n, 10), rdf.XSDInteger), float64(n)
		}},
		{"decimal", func() (rdf.Term, float64) {
			n := signed(50)
			lex := strconv.FormatFloat(float64(n)/16, 'f', -1, 64)
			if math.Abs(float64(n)/16) >= 2e9 {
				lex = strconv.FormatInt(n%2_000_000_000, 10)
			}
			v, _ := strconv.ParseFloat(lex, 64)
			return rdf.TypedLiteral(lex, rdf.XSDDecimal), v
		}},
		{"double", func() (rdf.Term, float64) {
			v := math.Ldexp(float64(signed(47)), r.IntN(60)-30)
			if v == 0 {
				v = 1
			}
			lex := strconv.FormatFloat(v, 'f', -1, 64)
			if v == math.Trunc(v) {
				lex += ".0"
			}
			if len(lex) > 20 {
				v = float64(r.IntN(1000)) + 0.5
				lex = strconv.FormatFloat(v, 'f', -1, 64)
			}
			return rdf.TypedLiteral(lex, rdf.XSDDouble), v
		}},
		{"dateTime", func() (rdf.Term, float64) {
			at, lex := instant()
			return rdf.TypedLiteral(lex, rdf.XSDDateTime), float64(at.UnixMilli())
		}},
	}
	for _, k := range kinds {
		term, value := k.draw()
		id, ok := graph.Inline(term)
		for range 20_000 {
			next, v := k.draw()
			nid, nok := graph.Inline(next)
			if !nok || nid.InlinedTerm() != next {
				t.Fatalf("%s: %v: inlined %v, gives %v", k.name, next, nok, nid.InlinedTerm())
			}
			if ok && (cmp.Compare(id>>11, nid>>11)*cmp.Compare(value, v) < 0 || graph.CompareInlined(id, nid) != cmp.Compare(value, v)) {
				t.Fatalf("%s: %v (%x) against %v (%x): not in the order of values", k.name, term, uint64(id), next, uint64(nid))
			}
			id, value, term, ok = nid, v, next, nok
		}
	}
}

func TestInlineAccessors(t *testing.T) {
	inline := func(lex, datatype string) graph.ID {
		t.Helper()
		id, ok := graph.Inline(rdf.TypedLiteral(lex, datatype))
		if !ok {
			t.Fatalf("%q not inlined", lex)
		}
		return id
	}
	if got := inline("-42", rdf.XSDInteger).Integer(); got != -42 {
		t.Errorf("Integer: %d", got)
	}
	if got := inline("-7.25", rdf.XSDDecimal).Decimal(); got != -725_000_000 {
		t.Errorf("Decimal: %d", got)
	}
	if got := inline("-7.25", rdf.XSDDouble).Double(); got != -7.25 {
		t.Errorf("Double: %v", got)
	}
	if !inline("true", rdf.XSDBoolean).Boolean() {
		t.Error("Boolean: false")
	}
	day, zone, zoned := inline("2025-09-01+02:00", rdf.XSDDate).Date()
	if want := time.Date(2025, 8, 31, 22, 0, 0, 0, time.UTC); !day.Equal(want) || zone != 120 || !zoned {
		t.Errorf("Date: %v %d %v", day, zone, zoned)
	}
	at, zone, zoned := inline("2025-09-01T12:30:00.25", rdf.XSDDateTime).DateTime()
	if want := time.Date(2025, 9, 1, 12, 30, 0, 250e6, time.UTC); !at.Equal(want) || zone != 0 || zoned {
		t.Errorf("DateTime: %v %d %v", at, zone, zoned)
	}
	if graph.CompareInlined(inline("5", rdf.XSDDecimal), inline("5.0", rdf.XSDDecimal)) != 0 {
		t.Error("5 and 5.0 differ")
	}
	if graph.CompareInlined(inline("5.0", rdf.XSDDecimal), inline("5.5", rdf.XSDDecimal)) >= 0 {
		t.Error("5.0 is not below 5.5")
	}
}

func FuzzInline(f *testing.F) {
	for _, lex := range []string{"1", "1.0", "1.0E0", "true", "2025-09-01", "2025-09-01T12:00:00.5Z"} {
		f.Add(lex)
	}
	datatypes := []string{rdf.XSDInteger, rdf.XSDDecimal, rdf.XSDDouble, rdf.XSDBoolean, rdf.XSDDate, rdf.XSDDateTime}
	f.Fuzz(func(t *testing.T, lex string) {
		for _, dt := range datatypes {
			term := rdf.TypedLiteral(lex, dt)
			if id, ok := graph.Inline(term); ok && id.InlinedTerm() != term {
				t.Errorf("%v comes back as %v", term, id.InlinedTerm())
			}
		}
	})
}
