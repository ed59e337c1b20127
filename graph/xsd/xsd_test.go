package xsd_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"qlgraph/graph/rdf"
	"qlgraph/graph/xsd"
)

// must parses a value written as lexical^^type.
func must(t testing.TB, literal string) xsd.Value {
	t.Helper()
	lexical, name, _ := strings.Cut(literal, "^^")
	v, ok := xsd.Parse(lexical, rdf.XSD+name)
	if !ok {
		t.Fatalf("%s has no value", literal)
	}
	return v
}

func show(v xsd.Value, ok bool) string {
	if !ok {
		return "error"
	}
	return v.String() + "^^" + strings.TrimPrefix(v.Type().IRI(), rdf.XSD)
}

func TestCanonicalForm(t *testing.T) {
	for literal, want := range map[string]string{
		"+007^^integer":                             "7",
		"-0^^integer":                               "0",
		"9223372036854775807^^integer":              "9223372036854775807",
		"9223372036854775808^^integer":              "9223372036854775808",
		"-9223372036854775808^^integer":             "-9223372036854775808",
		"1234567890123456789012345^^integer":        "1234567890123456789012345",
		"18446744073709551615^^unsignedLong":        "18446744073709551615",
		"-128^^byte":                                "-128",
		"1.0^^decimal":                              "1",
		"-.50^^decimal":                             "-0.5",
		"5.^^decimal":                               "5",
		"0.001^^decimal":                            "0.001",
		"-0.0^^decimal":                             "0",
		"123456789.0123456789012345^^decimal":       "123456789.0123456789012345",
		"0.00000000000000000000000001^^decimal":     "0.00000000000000000000000001",
		"1^^double":                                 "1.0E0",
		"-1.5e-7^^double":                           "-1.5E-7",
		"12.5E+03^^double":                          "1.25E4",
		"1e400^^double":                             "INF",
		"-INF^^double":                              "-INF",
		"+INF^^double":                              "INF",
		"NaN^^float":                                "NaN",
		"0.1^^float":                                "1.0E-1",
		"-0^^double":                                "-0.0E0",
		"1^^boolean":                                "true",
		"2024-02-29^^date":                          "2024-02-29",
		"-0001-01-01Z^^date":                        "-0001-01-01Z",
		"0000-12-31^^date":                          "0000-12-31",
		"12345-01-01+14:00^^date":                   "12345-01-01+14:00",
		"2024-12-31T24:00:00Z^^dateTime":            "2025-01-01T00:00:00Z",
		"2024-01-01T00:00:00.1200-00:00^^dateTime":  "2024-01-01T00:00:00.12Z",
		"1969-12-31T23:59:59.999999999^^dateTime":   "1969-12-31T23:59:59.999999999",
		"2024-01-01T00:00:00.12345678999^^dateTime": "2024-01-01T00:00:00.123456789",
		"24:00:00^^time":                            "00:00:00",
		"23:59:59.5-05:30^^time":                    "23:59:59.5-05:30",
		"2024^^gYear":                               "2024",
		"2024-02Z^^gYearMonth":                      "2024-02Z",
		"--02^^gMonth":                              "--02",
		"--02-29^^gMonthDay":                        "--02-29",
		"---31^^gDay":                               "---31",
		"P14M^^yearMonthDuration":                   "P1Y2M",
		"P0Y^^yearMonthDuration":                    "P0M",
		"-PT90M^^dayTimeDuration":                   "-PT1H30M",
		"PT0.5S^^dayTimeDuration":                   "PT0.5S",
		"-PT0.25S^^dayTimeDuration":                 "-PT0.25S",
		"P1DT24H^^dayTimeDuration":                  "P2D",
		"PT0S^^dayTimeDuration":                     "PT0S",
		"P1Y2M3DT4H5M6.7S^^duration":                "P1Y2M3DT4H5M6.7S",
		"P0D^^duration":                             "PT0S",
	} {
		if got := must(t, literal).String(); got != want {
			t.Errorf("%s: canonical form %s, want %s", literal, got, want)
		}
	}
}

func TestLexicalSpace(t *testing.T) {
	for name, forms := range map[string][]string{
		"integer":            {"", "+", "1.0", " 1", "1 ", "1e0", "0x1", "--1", "１"},
		"byte":               {"128", "-129"},
		"unsignedLong":       {"18446744073709551616", "-1"},
		"positiveInteger":    {"0", "-1"},
		"nonNegativeInteger": {"-1", "-99999999999999999999"},
		"negativeInteger":    {"0", "1"},
		"decimal":            {"", ".", "+.", "1e0", "INF", "1,5", "1.2.3", "1_000"},
		"double":             {"", "inf", "Infinity", "nan", "+NaN", "1e", "e1", "1e1.5", "0x1p3", "1_0", "."},
		"boolean":            {"TRUE", "True", "", "yes", "01"},
		"date":               {"2024-02-30", "2023-02-29", "1900-02-29", "24-01-01", "2024-1-1", "02024-01-01", "2024-01-01T00:00:00", "2024-13-01", "2024-00-01", "2024-01-00", "+2024-01-01", "2024-01-01z", "2024-01-01+14:01", "2024-01-01+15:00", "2024-01-01+1:00"},
		"dateTime":           {"2024-01-01", "2024-01-01T24:00:01", "2024-01-01T00:00:60", "2024-01-01T00:00", "2024-01-01 00:00:00", "2024-01-01T00:00:00.", "2024-01-01T25:00:00"},
		"dateTimeStamp":      {"2024-01-01T00:00:00"},
		"time":               {"24:00:01", "1:00:00", "00:60:00", "00:00"},
		"gYear":              {"24", "20240-", "02024"},
		"gMonthDay":          {"--02-30", "--2-1", "02-01"},
		"gDay":               {"---32", "--31"},
		"duration":           {"", "P", "PT", "P1YT", "1Y", "P1S", "P1M1Y", "PT1M1H", "P-1D", "+P1D", "PT1.S", "PT.5S", "P1.5D"},
		"dayTimeDuration":    {"P1Y", "P1M", "P1DT"},
		"yearMonthDuration":  {"P1D", "PT1S", "P1Y1D"},
	} {
		for _, form := range forms {
			if v, ok := xsd.Parse(form, rdf.XSD+name); ok {
				t.Errorf("Parse(%q, %s) = %s", form, name, v)
			}
			if xsd.Valid(form, rdf.XSD+name) {
				t.Errorf("Valid(%q, %s)", form, name)
			}
		}
	}
}

func TestValid(t *testing.T) {
	long := strings.Repeat("9", 10*xsd.MaxDigits)
	for _, c := range []struct {
		lexical, datatype string
		want              bool
	}{
		{long, rdf.XSDInteger, true},
		{"-" + long, rdf.XSDNonNegativeInteger, false},
		{long, rdf.XSD + "unsignedLong", false},
		{long, rdf.XSD + "byte", false},
		{long + ".1", rdf.XSDDecimal, true},
		{"99999999999-01-01", rdf.XSDDate, true},
		{"P99999999999999999999999Y", rdf.XSDDuration, true},
		{"a\tb", rdf.XSD + "normalizedString", false},
		{"a b", rdf.XSD + "token", true},
		{"a  b", rdf.XSD + "token", false},
		{"en-GB", rdf.XSD + "language", true},
		{"english-language", rdf.XSD + "language", true},
		{"en_GB", rdf.XSD + "language", false},
		{"1-2", rdf.XSD + "language", false},
		{"a:b", rdf.XSD + "Name", true},
		{"a:b", rdf.XSD + "NCName", false},
		{"-a", rdf.XSD + "NCName", false},
		{"-a", rdf.XSD + "NMTOKEN", true},
		{"", rdf.XSD + "NMTOKEN", false},
		{"0aF", rdf.XSD + "hexBinary", false},
		{"0aFf", rdf.XSD + "hexBinary", true},
		{"QUI=", rdf.XSD + "base64Binary", true},
		{"QU I=", rdf.XSD + "base64Binary", true},
		{"QUJ=", rdf.XSD + "base64Binary", false},
		{"QUI", rdf.XSD + "base64Binary", false},
		{"not a uri", rdf.XSDAnyURI, true},
		{"\x00", rdf.XSDString, false},
		{"\xff", rdf.XSDString, false},
		{"\uFFFD", rdf.XSDString, true},
		{"anything", "http://example.org/type", true},
		{"a <b>c</b>", rdf.RDFXMLLiteral, true},
		{"<b>", rdf.RDFXMLLiteral, false},
		{"</x><x>", rdf.RDFXMLLiteral, false},
		{"{}", rdf.RDFJSON, true},
		{"{", rdf.RDFJSON, false},
	} {
		if got := xsd.Valid(c.lexical, c.datatype); got != c.want {
			t.Errorf("Valid(%.20q, %s) = %v", c.lexical, c.datatype, got)
		}
	}
}

func TestLimits(t *testing.T) {
	within, beyond := strings.Repeat("9", xsd.MaxDigits), strings.Repeat("9", xsd.MaxDigits+1)
	for _, s := range []string{beyond, "0." + beyond} {
		if _, ok := xsd.Parse(s, rdf.XSDDecimal); ok {
			t.Errorf("a decimal of %d digits has a value", len(s))
		}
	}
	big := must(t, within+"^^integer")
	if _, ok := xsd.Add(big, xsd.NewInteger(1)); ok {
		t.Error("a sum beyond MaxDigits has a value")
	}
	if _, ok := xsd.Mul(big, big); ok {
		t.Error("a product beyond MaxDigits has a value")
	}
	for _, s := range []string{"9999999999-01-01^^date", "P9999999999999999999Y^^duration"} {
		lexical, name, _ := strings.Cut(s, "^^")
		if v, ok := xsd.Parse(lexical, rdf.XSD+name); ok {
			t.Errorf("%s = %s", s, v)
		}
	}
	last := must(t, "999999999-12-31T23:59:59Z^^dateTime")
	if v, ok := xsd.Add(last, must(t, "PT1S^^dayTimeDuration")); ok {
		t.Errorf("beyond MaxYear: %s", v)
	}
}

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want xsd.Order
	}{
		{"1^^integer", "1.0^^decimal", xsd.Equal},
		{"1^^byte", "2^^unsignedLong", xsd.Less},
		{"1.5^^decimal", "1.49^^decimal", xsd.Greater},
		{"1.50^^decimal", "1.5^^decimal", xsd.Equal},
		{"99999999999999999999^^integer", "1^^integer", xsd.Greater},
		{"-99999999999999999999^^integer", "0.1^^decimal", xsd.Less},
		{"9223372036854775807^^integer", "0.000000000000000001^^decimal", xsd.Greater},
		{"0.1^^decimal", "0.1^^double", xsd.Equal},
		{"0.1^^float", "0.1^^double", xsd.Greater},
		{"0.1^^float", "0.1^^decimal", xsd.Equal},
		{"NaN^^double", "NaN^^double", xsd.Unordered},
		{"-0^^double", "0^^double", xsd.Equal},
		{"INF^^double", "1^^integer", xsd.Greater},
		{"false^^boolean", "1^^boolean", xsd.Less},
		{"true^^boolean", "1^^integer", xsd.Incomparable},
		{"2024-01-01T12:00:00Z^^dateTime", "2024-01-01T13:00:00+01:00^^dateTime", xsd.Equal},
		{"2024-01-01T12:00:00Z^^dateTime", "2024-01-01T12:00:00.1Z^^dateTime", xsd.Less},
		{"2024-01-01T12:00:00^^dateTime", "2024-01-01T12:00:00Z^^dateTime", xsd.Incomparable},
		{"2024-01-01T12:00:00^^dateTime", "2024-01-02T12:00:00Z^^dateTime", xsd.Less},
		{"2024-01-02T12:00:00Z^^dateTime", "2024-01-01T12:00:00^^dateTime", xsd.Greater},
		{"2024-01-01T12:00:00Z^^dateTimeStamp", "2024-01-01T12:00:00Z^^dateTime", xsd.Equal},
		{"2024-01-01^^date", "2024-01-02^^date", xsd.Less},
		{"2024-01-01^^date", "2024-01-01T00:00:00^^dateTime", xsd.Incomparable},
		{"12:00:00Z^^time", "13:30:00+02:00^^time", xsd.Greater},
		{"2024^^gYear", "2023^^gYear", xsd.Greater},
		{"2024^^gYear", "2024-01^^gYearMonth", xsd.Incomparable},
		{"PT36H^^dayTimeDuration", "P1DT12H^^duration", xsd.Equal},
		{"P1Y^^yearMonthDuration", "P13M^^yearMonthDuration", xsd.Less},
		{"P1M^^duration", "P30D^^duration", xsd.Unordered},
		{"P1M^^duration", "P27D^^duration", xsd.Greater},
		{"-PT0.5S^^dayTimeDuration", "PT0S^^dayTimeDuration", xsd.Less},
	} {
		a, b := must(t, c.a), must(t, c.b)
		if got := xsd.Compare(a, b); got != c.want {
			t.Errorf("Compare(%s, %s) = %d, want %d", c.a, c.b, got, c.want)
		}
		want := c.want
		if want == xsd.Less || want == xsd.Greater {
			want = -want
		}
		if got := xsd.Compare(b, a); got != want {
			t.Errorf("Compare(%s, %s) = %d, want %d", c.b, c.a, got, want)
		}
	}
}

func TestArithmetic(t *testing.T) {
	ops := map[string]func(a, b xsd.Value) (xsd.Value, bool){
		"+": xsd.Add, "-": xsd.Sub, "*": xsd.Mul, "/": xsd.Div,
	}
	for _, c := range []struct{ a, op, b, want string }{
		{"1^^integer", "+", "2^^byte", "3^^integer"},
		{"9223372036854775807^^integer", "+", "1^^integer", "9223372036854775808^^integer"},
		{"-9223372036854775808^^integer", "-", "1^^integer", "-9223372036854775809^^integer"},
		{"0^^integer", "-", "-9223372036854775808^^integer", "9223372036854775808^^integer"},
		{"9223372036854775807^^integer", "*", "9223372036854775807^^integer", "85070591730234615847396907784232501249^^integer"},
		{"9223372036854775808^^integer", "-", "1^^integer", "9223372036854775807^^integer"},
		{"1.1^^decimal", "+", "2.20^^decimal", "3.3^^decimal"},
		{"0.1^^decimal", "*", "0.1^^decimal", "0.01^^decimal"},
		{"0.000000000000000001^^decimal", "*", "0.000000000000000001^^decimal", "0.000000000000000000000000000000000001^^decimal"},
		{"6^^integer", "/", "3^^integer", "2^^decimal"},
		{"1^^integer", "/", "8^^integer", "0.125^^decimal"},
		{"1^^integer", "/", "3^^integer", "0.33333333333333333333333333333333333^^decimal"},
		{"1^^integer", "/", "0^^integer", "error"},
		{"1.0^^decimal", "/", "0.0^^decimal", "error"},
		{"1^^double", "/", "0^^integer", "INF^^double"},
		{"0^^double", "/", "0^^integer", "NaN^^double"},
		{"1^^integer", "+", "0.5^^float", "1.5E0^^float"},
		{"1^^float", "+", "0.5^^double", "1.5E0^^double"},
		{"1^^integer", "+", "true^^boolean", "error"},
		{"2024-01-31^^date", "+", "P1M^^yearMonthDuration", "2024-02-29^^date"},
		{"2024-02-29^^date", "-", "P1Y^^yearMonthDuration", "2023-02-28^^date"},
		{"2024-01-01^^date", "-", "PT1S^^dayTimeDuration", "2023-12-31^^date"},
		{"2024-01-01T00:00:00Z^^dateTime", "-", "PT0.5S^^dayTimeDuration", "2023-12-31T23:59:59.5Z^^dateTime"},
		{"P1D^^dayTimeDuration", "+", "2024-02-28T00:00:00^^dateTime", "2024-02-29T00:00:00^^dateTime"},
		{"23:00:00^^time", "+", "PT2H^^dayTimeDuration", "01:00:00^^time"},
		{"01:00:00Z^^time", "-", "P1DT2H^^dayTimeDuration", "23:00:00Z^^time"},
		{"12:00:00^^time", "+", "P1M^^yearMonthDuration", "error"},
		{"2024-03-01^^date", "-", "2024-02-01^^date", "P29D^^dayTimeDuration"},
		{"2024-01-01T00:00:00Z^^dateTime", "-", "2024-01-01T00:00:00+01:00^^dateTime", "PT1H^^dayTimeDuration"},
		{"2024-01-01T00:00:00Z^^dateTime", "-", "2024-01-01T00:00:00^^dateTime", "error"},
		{"2024^^gYear", "-", "2023^^gYear", "error"},
		{"P1Y^^yearMonthDuration", "+", "P2M^^yearMonthDuration", "P1Y2M^^yearMonthDuration"},
		{"P1Y^^yearMonthDuration", "+", "P1D^^dayTimeDuration", "P1Y1D^^duration"},
		{"P1Y^^yearMonthDuration", "-", "P1D^^dayTimeDuration", "error"},
		{"PT1.5S^^dayTimeDuration", "*", "2^^integer", "PT3S^^dayTimeDuration"},
		{"0.5^^double", "*", "PT1S^^dayTimeDuration", "PT0.5S^^dayTimeDuration"},
		{"P365000D^^dayTimeDuration", "*", "2^^integer", "P730000D^^dayTimeDuration"},
		{"-PT1S^^dayTimeDuration", "/", "4^^integer", "-PT0.25S^^dayTimeDuration"},
		{"P1Y^^yearMonthDuration", "/", "5^^integer", "P2M^^yearMonthDuration"},
		{"P1D^^dayTimeDuration", "/", "PT1H^^dayTimeDuration", "24^^decimal"},
		{"P1Y^^yearMonthDuration", "/", "P1M^^yearMonthDuration", "12^^decimal"},
		{"P1D^^dayTimeDuration", "*", "NaN^^double", "error"},
	} {
		if got := show(ops[c.op](must(t, c.a), must(t, c.b))); got != c.want {
			t.Errorf("%s %s %s = %s, want %s", c.a, c.op, c.b, got, c.want)
		}
	}
}

func TestRounding(t *testing.T) {
	for _, c := range []struct{ in, ceil, floor, round, abs string }{
		{"2.5^^decimal", "3^^decimal", "2^^decimal", "3^^decimal", "2.5^^decimal"},
		{"-2.5^^decimal", "-2^^decimal", "-3^^decimal", "-2^^decimal", "2.5^^decimal"},
		{"-2.51^^decimal", "-2^^decimal", "-3^^decimal", "-3^^decimal", "2.51^^decimal"},
		{"-7^^byte", "-7^^integer", "-7^^integer", "-7^^integer", "7^^integer"},
		{"2.5^^double", "3.0E0^^double", "2.0E0^^double", "3.0E0^^double", "2.5E0^^double"},
		{"-2.5^^double", "-2.0E0^^double", "-3.0E0^^double", "-2.0E0^^double", "2.5E0^^double"},
		{"0.49999999999999994^^double", "1.0E0^^double", "0.0E0^^double", "0.0E0^^double", "4.9999999999999994E-1^^double"},
		{"-0.4^^double", "-0.0E0^^double", "-1.0E0^^double", "-0.0E0^^double", "4.0E-1^^double"},
		{"99999999999999999999.5^^decimal", "100000000000000000000^^decimal", "99999999999999999999^^decimal", "100000000000000000000^^decimal", "99999999999999999999.5^^decimal"},
		{"true^^boolean", "error", "error", "error", "error"},
	} {
		v := must(t, c.in)
		for i, got := range []string{show(xsd.Ceil(v)), show(xsd.Floor(v)), show(xsd.Round(v)), show(xsd.Abs(v))} {
			if want := [...]string{c.ceil, c.floor, c.round, c.abs}[i]; got != want {
				t.Errorf("%s of %s = %s, want %s", [...]string{"ceil", "floor", "round", "abs"}[i], c.in, got, want)
			}
		}
	}
}

func TestCast(t *testing.T) {
	for _, c := range []struct{ in, to, want string }{
		{"1.9^^decimal", "integer", "1^^integer"},
		{"-1.9^^decimal", "integer", "-1^^integer"},
		{"1e3^^double", "integer", "1000^^integer"},
		{"-1.5e0^^double", "integer", "-1^^integer"},
		{"1e30^^double", "integer", "1000000000000000000000000000000^^integer"},
		{"NaN^^double", "integer", "error"},
		{"INF^^double", "decimal", "error"},
		{"0.1^^float", "decimal", "0.1^^decimal"},
		{"0.1^^float", "double", "1.0000000149011612E-1^^double"},
		{"0.1^^double", "float", "1.0E-1^^float"},
		{"300^^integer", "byte", "error"},
		{"true^^boolean", "decimal", "1^^decimal"},
		{"0.0^^double", "boolean", "false^^boolean"},
		{"NaN^^double", "boolean", "false^^boolean"},
		{"0.001^^decimal", "boolean", "true^^boolean"},
		{"2024-05-06T07:08:09.5Z^^dateTime", "date", "2024-05-06Z^^date"},
		{"2024-05-06T07:08:09.5Z^^dateTime", "time", "07:08:09.5Z^^time"},
		{"2024-05-06^^date", "dateTime", "2024-05-06T00:00:00^^dateTime"},
		{"2024-05-06^^date", "time", "error"},
		{"2024-05-06^^date", "gMonthDay", "--05-06^^gMonthDay"},
		{"2024-05-06^^date", "dateTimeStamp", "error"},
		{"12:00:00^^time", "dateTime", "error"},
		{"P1Y2DT3H^^duration", "dayTimeDuration", "P2DT3H^^dayTimeDuration"},
		{"P1Y2DT3H^^duration", "yearMonthDuration", "P1Y^^yearMonthDuration"},
		{"2024-05-06^^date", "integer", "error"},
	} {
		if got := show(xsd.Cast(must(t, c.in), xsd.TypeOf(rdf.XSD+c.to))); got != c.want {
			t.Errorf("%s to %s = %s, want %s", c.in, c.to, got, c.want)
		}
	}
}

func TestTemporalParts(t *testing.T) {
	v := must(t, "-0044-03-15T08:09:10.25-05:30^^dateTime")
	year, _ := v.Year()
	month, _ := v.Month()
	day, _ := v.Day()
	h, m, s, nanos, ok := v.Clock()
	zone, _ := v.Timezone()
	if year != -44 || month != 3 || day != 15 || h != 8 || m != 9 || s != 10 || nanos != 250_000_000 || !ok || zone.String() != "-PT5H30M" {
		t.Errorf("%d %d %d %d %d %d %d %v %s", year, month, day, h, m, s, nanos, ok, zone)
	}
	if _, ok := must(t, "12:00:00^^time").Year(); ok {
		t.Error("a time has a year")
	}
	if _, _, _, _, ok := must(t, "2024-01-01^^date").Clock(); ok {
		t.Error("a date has hours")
	}
	if _, ok := must(t, "2024-01-01^^date").Timezone(); ok {
		t.Error("a timezone where none is written")
	}
}

// The calendar agrees with package time's over all its days near the edges of
// months, years, centuries and eras.
func TestCalendarAgreesWithTime(t *testing.T) {
	day := time.Date(-401, 1, 1, 0, 0, 0, 0, time.UTC)
	for day.Year() < 2405 {
		v := xsd.NewDateTime(day)
		year, _ := v.Year()
		month, _ := v.Month()
		d, _ := v.Day()
		if int(year) != day.Year() || month != int(day.Month()) || d != day.Day() {
			t.Fatalf("%s: %d-%d-%d", day, year, month, d)
		}
		if back := must(t, v.String()+"^^dateTime"); xsd.Compare(back, v) != xsd.Equal {
			t.Fatalf("%s reads back as %s", v, back)
		}
		day = day.AddDate(0, 0, 1)
	}
}

func TestConstructors(t *testing.T) {
	if got := xsd.NewDecimal(1500, 3).String(); got != "1.5" {
		t.Error(got)
	}
	if !xsd.NewDecimal(1, 19).IsZero() {
		t.Error("a scale of 19 gives a value")
	}
	if got := xsd.NewDouble(math.Inf(-1)).String(); got != "-INF" {
		t.Error(got)
	}
	zone := time.FixedZone("", -90*60)
	if got := xsd.NewDateTime(time.Date(2024, 1, 2, 3, 4, 5, 6000, zone)).String(); got != "2024-01-02T03:04:05.000006-01:30" {
		t.Error(got)
	}
	for _, literal := range []string{"2024-01-02T03:04:05.5Z^^dateTime", "2024-01-02^^date", "10:00:00+01:00^^time"} {
		v := must(t, literal)
		seconds, nanos, zone, zoned := v.Local()
		if back := xsd.NewTemporal(v.Type(), seconds, nanos, zone, zoned); back != v {
			t.Errorf("%s comes back as %s", v, back)
		}
	}
}
