package expr_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"qlgraph/graph/rdf"
	"qlgraph/graph/xsd"
	"qlgraph/sparql/expr"
)

func newEnv() *expr.Env {
	return &expr.Env{
		Now:  xsd.NewDateTime(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)),
		Rand: rand.New(rand.NewPCG(1, 2)),
		Resolve: func(reference string) (string, bool) {
			if strings.Contains(reference, ":") {
				return reference, true
			}
			return "http://base.example/" + reference, true
		},
	}
}

// term reads a term as a query would write it: <iri>, _:blank, "text"@tag,
// "form"^^type (of xsd, or <iri>), a bare number or boolean; "!" is an error.
func term(t testing.TB, s string) rdf.Term {
	t.Helper()
	switch {
	case s == "!":
		return rdf.Term{}
	case strings.HasPrefix(s, "<"):
		return rdf.IRI(s[1 : len(s)-1])
	case strings.HasPrefix(s, "_:"):
		return rdf.Blank(s[2:])
	case s == "true" || s == "false":
		return rdf.TypedLiteral(s, rdf.XSDBoolean)
	case !strings.HasPrefix(s, `"`):
		datatype := rdf.XSDInteger
		if strings.ContainsAny(s, "eE") {
			datatype = rdf.XSDDouble
		} else if strings.Contains(s, ".") {
			datatype = rdf.XSDDecimal
		}
		return rdf.TypedLiteral(s, datatype)
	}
	end := strings.LastIndex(s, `"`)
	lexical, suffix := s[1:end], s[end+1:]
	switch {
	case strings.HasPrefix(suffix, "@"):
		return rdf.LangLiteral(lexical, suffix[1:])
	case strings.HasPrefix(suffix, "^^<"):
		return rdf.TypedLiteral(lexical, suffix[3:len(suffix)-1])
	case strings.HasPrefix(suffix, "^^"):
		return rdf.TypedLiteral(lexical, rdf.XSD+suffix[2:])
	}
	return rdf.Literal(lexical)
}

func value(t testing.TB, s string) expr.Value { return expr.OfTerm(term(t, s)) }

// same reports whether v is the term that want writes.
func check(t *testing.T, what string, v expr.Value, want string) {
	t.Helper()
	if got := v.Term(); got != term(t, want) {
		if got.IsZero() {
			t.Errorf("%s is an error, want %s", what, want)
		} else {
			t.Errorf("%s = %s, want %s", what, got, want)
		}
	}
}

func call(t testing.TB, env *expr.Env, name string, args ...string) expr.Value {
	t.Helper()
	f, ok := expr.Builtin(name)
	if !ok {
		if f, ok = expr.ByIRI(rdf.XSD + name); !ok {
			t.Fatalf("no function %s", name)
		}
	}
	if len(args) < f.Min || len(args) > f.Max {
		t.Fatalf("%s takes %d to %d arguments", name, f.Min, f.Max)
	}
	values := make([]expr.Value, len(args))
	for i, s := range args {
		values[i] = value(t, s)
	}
	return f.Call(env, values)
}

type callCase struct {
	name string
	args []string
	want string
}

func runCalls(t *testing.T, cases []callCase) {
	t.Helper()
	env := newEnv()
	for _, c := range cases {
		check(t, c.name+"("+strings.Join(c.args, ", ")+")", call(t, env, c.name, c.args...), c.want)
	}
	if limit, _ := env.Exceeded(); limit != "" {
		t.Errorf("limit %s was exceeded", limit)
	}
}

func args(s ...string) []string { return s }

func TestEffectiveBooleanValue(t *testing.T) {
	for s, want := range map[string]string{
		"true": "true", `"1"^^boolean`: "true", "false": "false", `"nonsense"^^boolean`: "false",
		`""`: "false", `"x"`: "true", `""@en`: "false", `"x"@en`: "true", `"false"`: "true",
		"0": "false", "0.0": "false", "1": "true", "0e0": "false", `"NaN"^^double`: "false", "-1.5": "true",
		`"abc"^^integer`: "false", `"300"^^byte`: "false", `"99999999999999999999"^^integer`: "true",
		`"0.000000000000000000000000000001"^^decimal`: "true",
		"<http://a>": "!", "_:b": "!", "!": "!", `"2024-01-01"^^date`: "!", `"x"^^<http://t>`: "!",
	} {
		truth, ok := value(t, s).Bool()
		got := "!"
		if ok {
			got = map[bool]string{true: "true", false: "false"}[truth]
		}
		if got != want {
			t.Errorf("EBV of %s is %s, want %s", s, got, want)
		}
	}
}

func TestLogic(t *testing.T) {
	for _, c := range []struct{ a, b, or, and string }{ // §17.2
		{"true", "true", "true", "true"}, {"true", "false", "true", "false"}, {"false", "true", "true", "false"},
		{"false", "false", "false", "false"}, {"true", "!", "true", "!"}, {"!", "true", "true", "!"},
		{"false", "!", "!", "false"}, {"!", "false", "!", "false"}, {"!", "!", "!", "!"},
	} {
		a, b := value(t, c.a), value(t, c.b)
		check(t, c.a+" || "+c.b, expr.Or(a, b), c.or)
		check(t, c.a+" && "+c.b, expr.And(a, b), c.and)
	}
	check(t, "!true", expr.Not(value(t, "true")), "false")
	check(t, "!error", expr.Not(value(t, "!")), "!")
	check(t, "1 IN (2, 1.0)", expr.In(value(t, "1"), []expr.Value{value(t, "2"), value(t, "1.0")}), "true")
	check(t, "1 IN ()", expr.In(value(t, "1"), nil), "false")
	check(t, "1 IN (error, 1)", expr.In(value(t, "1"), []expr.Value{value(t, "!"), value(t, "1")}), "true")
	check(t, "1 IN (error, 2)", expr.In(value(t, "1"), []expr.Value{value(t, "!"), value(t, "2")}), "!")
}

func TestEqual(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"1", "1.0", "true"}, {"1", "1e0", "true"}, {"1", "2", "false"}, {`"01"^^integer`, "1", "true"},
		{`"a"`, `"a"^^string`, "true"}, {`"a"`, `"b"`, "false"}, {`"a"`, `"a"@en`, "false"},
		{`"a"@en`, `"a"@EN`, "true"}, {`"a"@en`, `"b"@en`, "false"}, {`"a"@en`, `"a"@fr`, "false"},
		{"true", `"1"^^boolean`, "true"}, {"true", "1", "false"}, {`"1"`, "1", "false"},
		{"<http://a>", "<http://a>", "true"}, {"<http://a>", `"http://a"`, "false"}, {"_:a", "_:b", "false"},
		{`"x"^^<http://t>`, `"x"^^<http://t>`, "true"}, {`"x"^^<http://t>`, `"y"^^<http://t>`, "!"},
		{`"x"^^<http://t>`, "1", "!"}, {`"x"^^<http://t>`, "<http://a>", "false"},
		{`"x"^^integer`, `"x"^^integer`, "true"}, {`"x"^^integer`, "1", "!"},
		{`"NaN"^^double`, `"NaN"^^double`, "false"},
		{`"2024-01-01"^^date`, `"2024-01-01"^^date`, "true"}, {`"2024-01-01"^^date`, `"2024-01-01Z"^^date`, "!"},
		{`"2024-01-01"^^date`, `"2024-01-05Z"^^date`, "false"}, {`"2024-01-01"^^date`, "1", "false"},
		{`"2024"^^gYear`, `"2024-01"^^gYearMonth`, "false"},
		{`"2024-01-01T00:00:00Z"^^dateTime`, `"2024-01-01T01:00:00+01:00"^^dateTime`, "true"},
		{`"P1Y"^^duration`, `"P12M"^^yearMonthDuration`, "true"}, {"!", "1", "!"},
	} {
		for range 2 {
			check(t, c.a+" = "+c.b, expr.EQ(value(t, c.a), value(t, c.b)), c.want)
			not := map[string]string{"true": "false", "false": "true", "!": "!"}[c.want]
			check(t, c.a+" != "+c.b, expr.NE(value(t, c.a), value(t, c.b)), not)
			constants := expr.EQ(expr.Constant(term(t, c.a)), expr.Constant(term(t, c.b)))
			check(t, c.a+" = "+c.b+" as constants", constants, c.want)
			c.a, c.b = c.b, c.a
		}
	}
	check(t, "sameTerm(1, 01)", expr.SameTerm(value(t, "1"), value(t, `"01"^^integer`)), "false")
	check(t, "sameTerm(1, 1)", expr.SameTerm(value(t, "1"), expr.Integer(1)), "true")
}

func TestCompare(t *testing.T) {
	for _, c := range []struct{ a, b, lt, gt string }{
		{"1", "2.5", "true", "false"}, {"2.5", "1e0", "false", "true"}, {`"a"`, `"b"`, "true", "false"},
		{`"B"`, `"a"`, "true", "false"}, {"false", "true", "true", "false"}, {`"NaN"^^double`, "1", "false", "false"},
		{`"a"@en`, `"b"@en`, "!", "!"}, {`"a"`, `"b"@en`, "!", "!"}, {"<http://a>", "<http://b>", "!", "!"},
		{"1", `"1"`, "!", "!"}, {"true", "1", "!", "!"}, {`"x"^^integer`, "1", "!", "!"}, {"!", "1", "!", "!"},
		{`"2024-01-01"^^date`, `"2024-01-02"^^date`, "true", "false"},
		{`"2024-01-01T00:00:00Z"^^dateTime`, `"2024-01-01T00:00:00"^^dateTime`, "!", "!"},
		{`"PT1H"^^dayTimeDuration`, `"PT61M"^^dayTimeDuration`, "true", "false"},
	} {
		a, b := value(t, c.a), value(t, c.b)
		check(t, c.a+" < "+c.b, expr.LT(a, b), c.lt)
		check(t, c.a+" > "+c.b, expr.GT(a, b), c.gt)
		check(t, c.b+" > "+c.a, expr.GT(b, a), c.lt)
	}
	check(t, "1 <= 1.0", expr.LE(value(t, "1"), value(t, "1.0")), "true")
	check(t, "1 >= 1.0", expr.GE(value(t, "1"), value(t, "1.0")), "true")
	check(t, "NaN <= NaN", expr.LE(value(t, `"NaN"^^double`), value(t, `"NaN"^^double`)), "false")
}

// The list is in order, each entry before all that follow; entries of one line
// are equal as sort keys.
func TestOrderIsTotal(t *testing.T) {
	lines := [][]string{
		{"!"}, {"_:a"}, {"_:b"}, {"<http://a>"}, {"<http://b>"},
		{`"NaN"^^double`, `"NaN"^^float`}, {`"-INF"^^double`}, {"-1"}, {"1", "1.0", "1e0", `"01"^^byte`}, {"1.5"}, {`"99999999999999999999"^^integer`}, {`"INF"^^double`},
		{"false", `"0"^^boolean`}, {"true"},
		{`"2024-01-01T00:00:00+01:00"^^dateTime`}, {`"2024-01-01T00:00:00"^^dateTime`, `"2024-01-01T00:00:00Z"^^dateTime`},
		{`"2024-01-01"^^date`}, {`"12:00:00"^^time`}, {`"2024"^^gYear`}, {`"2024-01"^^gYearMonth`},
		{`"P27D"^^dayTimeDuration`}, {`"P30D"^^duration`}, {`"P1M"^^duration`}, {`"P31D"^^duration`},
		{`""`}, {`"a"`}, {`"a"@de`}, {`"a"@en`}, {`"b"`}, {`"é"@fr`},
		{`"a"^^<http://t>`}, {`"x"^^integer`},
	}
	for i, x := range lines {
		for j, y := range lines {
			want := 0
			if i < j {
				want = -1
			} else if i > j {
				want = 1
			}
			for _, a := range x {
				for _, b := range y {
					if got := expr.Order(value(t, a), value(t, b)); got != want {
						t.Errorf("Order(%s, %s) = %d, want %d", a, b, got, want)
					}
				}
			}
		}
	}
}

// Sorting needs an order without circles, whatever the values; and it may not
// contradict "<".
func TestOrderIsConsistent(t *testing.T) {
	values := []expr.Value{}
	for _, s := range []string{
		"!", "_:a", "<http://a>", `"a"`, `"a"@en`, `"b"`, `"a"^^<http://t>`, `"x"^^integer`, "true", "false",
		"0.1", "0.1e0", `"0.1"^^float`, "0.10000000000000000001", "0.1000000000000000055511151231257827", "1", "1.0", "1e0", "-0e0", "0",
		"9007199254740992", "9007199254740993", "9007199254740992e0", "9007199254740994", `"9007199254740992"^^float`, `"16777217"^^integer`, `"16777216"^^float`,
		`"NaN"^^double`, `"NaN"^^float`, `"INF"^^double`, `"-INF"^^float`, "1e308", `"` + strings.Repeat("9", 400) + `"^^integer`, `"-` + strings.Repeat("9", 400) + `"^^integer`,
		`"2024-01-01T00:00:00Z"^^dateTime`, `"2024-01-01T00:00:00"^^dateTime`, `"2024-01-01T13:00:00+14:00"^^dateTime`, `"2024-01-01"^^date`, `"2024-01-01Z"^^date`,
		`"12:00:00"^^time`, `"2024"^^gYear`, `"--02"^^gMonth`, `"P1M"^^duration`, `"P30D"^^duration`, `"P31D"^^duration`, `"P1Y"^^yearMonthDuration`, `"PT0S"^^duration`,
	} {
		values = append(values, value(t, s))
	}
	for _, a := range values {
		for _, b := range values {
			order := expr.Order(a, b)
			if expr.Order(b, a) != -order {
				t.Errorf("Order(%s, %s) = %d is not the reverse of %d", a.Term(), b.Term(), order, expr.Order(b, a))
			}
			if c := expr.Compare(a, b); c == xsd.Less && order >= 0 || c == xsd.Greater && order <= 0 {
				t.Errorf("Order(%.30s, %.30s) = %d, but < says %d", a.Term(), b.Term(), order, c)
			}
			for _, c := range values {
				if order <= 0 && expr.Order(b, c) <= 0 && expr.Order(a, c) > 0 {
					t.Errorf("%.30s, %.30s and %.30s form a circle", a.Term(), b.Term(), c.Term())
				}
				if order == 0 && expr.Order(b, c) == 0 && expr.Order(a, c) != 0 {
					t.Errorf("%.30s, %.30s and %.30s are equal in pairs only", a.Term(), b.Term(), c.Term())
				}
			}
		}
	}
}

func TestArithmetic(t *testing.T) {
	for _, c := range []struct {
		got  expr.Value
		want string
	}{
		{expr.Add(value(t, "1"), value(t, "2")), "3"},
		{expr.Sub(value(t, "1.5"), value(t, "1")), "0.5"},
		{expr.Mul(value(t, "2"), value(t, `"1.5"^^float`)), `"3.0E0"^^float`},
		{expr.Div(value(t, "6"), value(t, "4")), "1.5"},
		{expr.Div(value(t, "1"), value(t, "0")), "!"},
		{expr.Div(value(t, "1e0"), value(t, "0")), `"INF"^^double`},
		{expr.Add(value(t, `"1"`), value(t, "2")), "!"},
		{expr.Add(value(t, "<http://a>"), value(t, "2")), "!"},
		{expr.Plus(value(t, "2")), "2"}, {expr.Plus(value(t, `"2"`)), "!"},
		{expr.Minus(value(t, "2.5")), "-2.5"}, {expr.Minus(value(t, "true")), "!"},
		{expr.Sub(value(t, `"2024-03-01"^^date`), value(t, `"2024-02-01"^^date`)), `"P29D"^^dayTimeDuration`},
	} {
		check(t, "arithmetic", c.got, c.want)
	}
}

func TestTermFunctions(t *testing.T) {
	runCalls(t, []callCase{
		{"BOUND", args("1"), "true"}, {"BOUND", args("!"), "false"},
		{"IF", args("true", "1", "!"), "1"}, {"IF", args(`""`, "1", "2"), "2"}, {"IF", args("!", "1", "2"), "!"},
		{"COALESCE", args("!", "2", "3"), "2"}, {"COALESCE", args(), "!"}, {"COALESCE", args("!"), "!"},
		{"SAMETERM", args("1", "1"), "true"}, {"SAMETERM", args("1", "1.0"), "false"},
		{"ISIRI", args("<a:b>"), "true"}, {"ISURI", args(`"a:b"`), "false"}, {"ISIRI", args("!"), "!"},
		{"ISBLANK", args("_:b"), "true"}, {"ISLITERAL", args("1"), "true"}, {"ISLITERAL", args("_:b"), "false"},
		{"ISNUMERIC", args("1"), "true"}, {"ISNUMERIC", args(`"1"`), "false"}, {"ISNUMERIC", args(`"1200"^^byte`), "false"},
		{"STR", args("<a:b>"), `"a:b"`}, {"STR", args(`"01"^^integer`), `"01"`}, {"STR", args(`"a"@en`), `"a"`}, {"STR", args("_:b"), "!"},
		{"LANG", args(`"a"@en-GB`), `"en-GB"`}, {"LANG", args("1"), `""`}, {"LANG", args("<a:b>"), "!"},
		{"DATATYPE", args("1"), "<http://www.w3.org/2001/XMLSchema#integer>"},
		{"DATATYPE", args(`"a"`), "<http://www.w3.org/2001/XMLSchema#string>"},
		{"DATATYPE", args(`"a"@en`), "<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString>"}, {"DATATYPE", args("<a:b>"), "!"},
		{"IRI", args("<a:b>"), "<a:b>"}, {"URI", args(`"x"`), "<http://base.example/x>"}, {"IRI", args("1"), "!"},
		{"IRI", args(`"a b"`), "!"}, {"IRI", args(`"a@en"@en`), "!"},
		{"STRDT", args(`"1"`, "<http://t>"), `"1"^^<http://t>`}, {"STRDT", args(`"1"@en`, "<http://t>"), "!"},
		{"STRDT", args("1", "<http://t>"), "!"}, {"STRDT", args(`"a"`, `"t"`), "!"},
		{"STRLANG", args(`"a"`, `"en"`), `"a"@en`}, {"STRLANG", args(`"a"`, `""`), "!"}, {"STRLANG", args(`"a"@en`, `"en"`), "!"},
		{"STRLANG", args(`"a"`, `"en us"`), "!"},
	})
}

func TestStringFunctions(t *testing.T) {
	runCalls(t, []callCase{
		{"STRLEN", args(`"chat"`), "4"}, {"STRLEN", args(`"食べ物𝄞"@ja`), "4"}, {"STRLEN", args("1"), "!"},
		{"SUBSTR", args(`"foobar"`, "4"), `"bar"`}, {"SUBSTR", args(`"foobar"@en`, "4", "1"), `"b"@en`},
		{"SUBSTR", args(`"metadata"`, "1.5", "2.6"), `"eta"`}, {"SUBSTR", args(`"12345"`, "0", "3"), `"12"`},
		{"SUBSTR", args(`"12345"`, "5", "-3"), `""`}, {"SUBSTR", args(`"12345"`, "-3", "5"), `"1"`},
		{"SUBSTR", args(`"12345"`, `"NaN"^^double`, "3"), `""`}, {"SUBSTR", args(`"12345"`, "-42", `"INF"^^double`), `"12345"`},
		{"SUBSTR", args(`"12345"`, `"-INF"^^double`, `"INF"^^double`), `""`}, {"SUBSTR", args(`"食べ物"`, "2", "1"), `"べ"`},
		{"SUBSTR", args(`"abc"`, "99999999999999999999"), `""`}, {"SUBSTR", args(`"abc"`, `"1"`), "!"},
		{"UCASE", args(`"foo"@en`), `"FOO"@en`}, {"UCASE", args(`"straße"`), `"STRASSE"`}, {"LCASE", args(`"ΟΔΟΣ"`), `"οδος"`},
		{"LCASE", args(`"BAR"`), `"bar"`}, {"LCASE", args("<a:b>"), "!"},
		{"STRSTARTS", args(`"foobar"`, `"foo"`), "true"}, {"STRSTARTS", args(`"foobar"@en`, `"foo"@en`), "true"},
		{"STRSTARTS", args(`"foobar"@en`, `"foo"`), "true"}, {"STRSTARTS", args(`"foobar"`, `"foo"@en`), "!"},
		{"STRENDS", args(`"foobar"`, `"bar"`), "true"}, {"CONTAINS", args(`"foobar"@en`, `"oba"@fr`), "!"},
		{"CONTAINS", args(`"foobar"`, `""`), "true"}, {"CONTAINS", args(`"foobar"`, "1"), "!"},
		{"STRBEFORE", args(`"abc"`, `"b"`), `"a"`}, {"STRBEFORE", args(`"abc"@en`, `"bc"`), `"a"@en`},
		{"STRBEFORE", args(`"abc"@en`, `"b"@cy`), "!"}, {"STRBEFORE", args(`"abc"`, `"xyz"`), `""`},
		{"STRBEFORE", args(`"abc"@en`, `"z"@en`), `""`}, {"STRBEFORE", args(`"abc"@en`, `""@en`), `""@en`},
		{"STRAFTER", args(`"abc"`, `"b"`), `"c"`}, {"STRAFTER", args(`"abc"@en`, `""`), `"abc"@en`},
		{"STRAFTER", args(`"abc"@en`, `"z"`), `""`}, {"STRAFTER", args(`"abc"@en`, `"ab"`), `"c"@en`},
		{"ENCODE_FOR_URI", args(`"Los Angeles/é~-._"@en`), `"Los%20Angeles%2F%C3%A9~-._"`}, {"ENCODE_FOR_URI", args("1"), "!"},
		{"CONCAT", args(`"foo"`, `"bar"`), `"foobar"`}, {"CONCAT", args(`"foo"@en`, `"bar"@en`), `"foobar"@en`},
		{"CONCAT", args(`"foo"@en`, `"bar"`), `"foobar"`}, {"CONCAT", args(`"foo"@en`, `"bar"@es`), `"foobar"`},
		{"CONCAT", args(), `""`}, {"CONCAT", args(`"a"`, "1"), "!"},
		{"LANGMATCHES", args(`"en-GB"`, `"en"`), "true"}, {"LANGMATCHES", args(`"en"`, `"en-GB"`), "false"},
		{"LANGMATCHES", args(`"EN"`, `"en"`), "true"}, {"LANGMATCHES", args(`"eng"`, `"en"`), "false"},
		{"LANGMATCHES", args(`"fr"`, `"*"`), "true"}, {"LANGMATCHES", args(`""`, `"*"`), "false"}, {"LANGMATCHES", args(`"a"@en`, `"*"`), "!"},
	})
}

func TestNumberTimeAndHashFunctions(t *testing.T) {
	const at = `"2011-01-10T14:45:13.815-05:00"^^dateTime`
	runCalls(t, []callCase{
		{"ABS", args("-1.5"), "1.5"}, {"ROUND", args("-2.5"), `"-2"^^decimal`}, {"CEIL", args("10.5"), `"11"^^decimal`},
		{"FLOOR", args("10.5e0"), `"1.0E1"^^double`}, {"ABS", args(`"1"`), "!"},
		{"NOW", args(), `"2026-01-02T03:04:05Z"^^dateTime`},
		{"YEAR", args(at), "2011"}, {"MONTH", args(at), "1"}, {"DAY", args(at), "10"}, {"HOURS", args(at), "14"},
		{"MINUTES", args(at), "45"}, {"SECONDS", args(at), "13.815"}, {"TIMEZONE", args(at), `"-PT5H"^^dayTimeDuration`},
		{"TZ", args(at), `"-05:00"`}, {"TZ", args(`"2011-01-10T14:45:13Z"^^dateTime`), `"Z"`},
		{"TZ", args(`"2011-01-10T14:45:13+00:00"^^dateTime`), `"+00:00"`}, {"TZ", args(`"2011-01-10T14:45:13"^^dateTime`), `""`},
		{"TIMEZONE", args(`"2011-01-10T14:45:13Z"^^dateTime`), `"PT0S"^^dayTimeDuration`},
		{"TIMEZONE", args(`"2011-01-10T14:45:13"^^dateTime`), "!"},
		{"YEAR", args(`"2011-01-10"^^date`), "2011"}, {"HOURS", args(`"2011-01-10"^^date`), "!"}, {"YEAR", args(`"2011"`), "!"},
		{"MD5", args(`"abc"`), `"900150983cd24fb0d6963f7d28e17f72"`},
		{"SHA1", args(`"abc"`), `"a9993e364706816aba3e25717850c26c9cd0d89d"`},
		{"SHA256", args(`"食べ物"`), `"23ba21e7ed4e975785764eafbfc1414c19ad0a43355d14d99d7903c35d20c2fa"`},
		{"MD5", args(`"abc"@en`), "!"}, {"MD5", args("1"), "!"},
	}[:])
}

func TestCasts(t *testing.T) {
	runCalls(t, []callCase{
		{"integer", args(`"1"`), "1"}, {"integer", args(`" 1 "`), "1"}, {"integer", args(`"1.5"`), "!"}, {"integer", args("1.9"), "1"},
		{"integer", args("<a:b>"), "!"}, {"integer", args(`"1"@en`), "!"}, {"integer", args("true"), "1"},
		{"decimal", args("1e0"), `"1"^^decimal`}, {"double", args(`"INF"`), `"INF"^^double`}, {"float", args("1"), `"1.0E0"^^float`},
		{"boolean", args(`"true"`), "true"}, {"boolean", args("0"), "false"}, {"boolean", args(`"yes"`), "!"},
		{"string", args("<a:b>"), `"a:b"`}, {"string", args("1e0"), `"1"`}, {"string", args(`"0E1"^^float`), `"0"`},
		{"string", args(`"1.0"^^decimal`), `"1"`}, {"string", args("1e7"), `"1.0E7"`}, {"string", args(`"0"^^boolean`), `"false"`},
		{"string", args("_:b"), "!"}, {"string", args(`"x"@en`), `"x"`}, {"string", args(`"x"^^<http://t>`), `"x"`},
		{"dateTime", args(`"2002-10-10T17:00:00Z"`), `"2002-10-10T17:00:00Z"^^dateTime`},
		{"dateTime", args(`"2002-10-10"^^date`), `"2002-10-10T00:00:00"^^dateTime`}, {"dateTime", args("1"), "!"},
		{"date", args(`"2002-10-10T17:00:00Z"^^dateTime`), `"2002-10-10Z"^^date`}, {"byte", args("300"), "!"},
	})
	if n := len(expr.ExtensionIRIs()); n != 23 {
		t.Errorf("%d functions beyond the specification, want 23", n)
	}
}

func TestVolatileFunctions(t *testing.T) {
	env := newEnv()
	a, b := call(t, env, "BNODE", `"x"`), call(t, env, "BNODE", `"x"`)
	if a.Term() != b.Term() || a.Kind() != rdf.KindBlank {
		t.Errorf("BNODE(label) gives %s and %s in one solution", a.Term(), b.Term())
	}
	env.Solution++
	if c := call(t, env, "BNODE", `"x"`); c.Term() == a.Term() {
		t.Error("BNODE(label) gives one blank node in two solutions")
	}
	if call(t, env, "BNODE").Term() == call(t, env, "BNODE").Term() {
		t.Error("BNODE() gives one blank node twice")
	}
	check(t, "BNODE(1)", call(t, env, "BNODE", "1"), "!")
	for _, name := range []string{"UUID", "STRUUID", "RAND", "BNODE"} {
		f, _ := expr.Builtin(name)
		if !f.Volatile {
			t.Errorf("%s is not volatile", name)
		}
	}
	uuid := call(t, env, "STRUUID").Term().Value()
	if len(uuid) != 36 || uuid[14] != '4' || !strings.Contains("89ab", uuid[19:20]) {
		t.Errorf("STRUUID() = %s is not of version 4", uuid)
	}
	if iri := call(t, env, "UUID").Term(); !iri.IsIRI() || !strings.HasPrefix(iri.Value(), "urn:uuid:") {
		t.Errorf("UUID() = %s", iri)
	}
	if x, _ := call(t, env, "RAND").XSD(); x.Float64() < 0 || x.Float64() >= 1 || x.Type() != xsd.Double {
		t.Errorf("RAND() = %s", x)
	}
}

func TestFunctionResultsAreBounded(t *testing.T) {
	env := newEnv()
	env.MaxBytes = 1000
	v := expr.String("x")
	concat, _ := expr.Builtin("CONCAT")
	for range 40 {
		v = concat.Call(env, []expr.Value{v, v})
	}
	limit, bound := env.Exceeded()
	if !v.IsError() || limit != "functionbytes" || bound != 1000 {
		t.Errorf("doubling ended in %d bytes, limit %q %d", v.Size(), limit, bound)
	}
	long := `"` + strings.Repeat("é", 400) + `"`
	for name, arguments := range map[string][]string{
		"ENCODE_FOR_URI": {long}, "REPLACE": {long, `"é"`, `"xxxx"`}, "BNODE": {long},
	} {
		env := newEnv()
		env.MaxBytes = 1000
		if v := call(t, env, name, arguments...); !v.IsError() {
			t.Errorf("%s returns %d bytes", name, v.Size())
		}
		if limit, _ := env.Exceeded(); limit != "functionbytes" {
			t.Errorf("%s reports the limit %q", name, limit)
		}
	}
	g := expr.NewAccumulator("GROUP_CONCAT", ",", env)
	for range 1000 {
		g.Add(expr.String("abc"))
	}
	if !g.Result().IsError() {
		t.Error("GROUP_CONCAT is not bounded")
	}
}

func TestAggregates(t *testing.T) {
	for _, c := range []struct {
		name   string
		values []string
		want   string
	}{
		{"COUNT", args(), "0"}, {"COUNT", args("1", "!", "<a:b>"), "2"},
		{"SUM", args(), "0"}, {"SUM", args("1", "2"), "3"}, {"SUM", args("1", "2.5"), "3.5"}, {"SUM", args("1", "!"), "!"},
		{"SUM", args(`"a"`), "!"}, {"SUM", args("true"), "!"}, {"SUM", args(`"1"^^byte`), "1"},
		{"SUM", args(`"PT1H"^^dayTimeDuration`, `"PT30M"^^dayTimeDuration`), `"PT1H30M"^^dayTimeDuration`},
		{"SUM", args(`"2024-01-01"^^date`), "!"},
		{"AVG", args(), "0"}, {"AVG", args("1", "2"), "1.5"}, {"AVG", args("1", "3"), `"2"^^decimal`}, {"AVG", args("1e0", "2"), `"1.5E0"^^double`},
		{"AVG", args("1", `"2"`), "!"}, {"AVG", args("1", "!"), "!"},
		{"MIN", args(), "!"}, {"MIN", args("3", "1.0", "2"), "1.0"}, {"MAX", args("3", `"a"`, "<a:b>"), `"a"`},
		{"MAX", args("3", "!"), "3"}, {"MIN", args("3", "!"), "!"},
		{"SAMPLE", args(), "!"}, {"SAMPLE", args("!", "2", "3"), "2"},
		{"GROUP_CONCAT", args(), `""`}, {"GROUP_CONCAT", args(`"a"`, `"b"@en`, "1", "<a:b>"), `"a|b|1|a:b"`},
		{"GROUP_CONCAT", args(`"a"`, "!"), "!"}, {"GROUP_CONCAT", args("_:b"), "!"}, {"GROUP_CONCAT", args(`""`, `""`), `"|"`},
	} {
		a := expr.NewAccumulator(c.name, "|", newEnv())
		for _, s := range c.values {
			a.Add(value(t, s))
		}
		check(t, c.name+"("+strings.Join(c.values, ", ")+")", a.Result(), c.want)
	}
	if expr.NewAccumulator("MEDIAN", "", newEnv()) != nil {
		t.Error("an unknown aggregate has an accumulator")
	}
}

// TestSumIsExact compares sums of integers and decimals, beyond 64 bits too, with
// adding one after the other.
func TestSumIsExact(t *testing.T) {
	for _, values := range [][]string{
		repeated("288230376151711743", 40), repeated("-288230376151711743", 40),
		repeated("2882303761.51711743", 40), repeated("99999999999999999999999", 3),
		append(repeated("288230376151711743", 40), "0.00000001", `"7"^^byte`, "1.50"),
		args("0.1", "0.2", "-0.3", "5", "-5.0", `"12.000"^^decimal`),
	} {
		sum, average := expr.NewAccumulator("SUM", "", newEnv()), expr.NewAccumulator("AVG", "", newEnv())
		naive := expr.Integer(0)
		for _, s := range values {
			v := expr.Constant(term(t, s))
			sum.Add(v)
			average.Add(v)
			naive = expr.Add(naive, expr.OfTerm(term(t, s)))
		}
		if got, want := sum.Result().Term(), naive.Term(); got != want {
			t.Errorf("SUM of %d values like %s: %s, want %s", len(values), values[0], got, want)
		}
		if got, want := average.Result().Term(), expr.Div(naive, expr.Integer(len(values))).Term(); got != want {
			t.Errorf("AVG of %d values like %s: %s, want %s", len(values), values[0], got, want)
		}
	}
}

func repeated(s string, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = s
	}
	return list
}

func TestHotPathsDoNotAllocate(t *testing.T) {
	env := newEnv()
	number, five := value(t, "12.5"), expr.Constant(term(t, "5"))
	text, needle := value(t, `"Introduction to Physics"@en`), value(t, `"Physics"`)
	contains, _ := expr.Builtin("CONTAINS")
	lcase, _ := expr.Builtin("LCASE")
	regex, _ := expr.Builtin("REGEX")
	lower := value(t, `"introduction"`)
	pair, single := []expr.Value{text, needle}, []expr.Value{lower}
	pattern := []expr.Value{text, value(t, `"physics"`), value(t, `"i"`)}
	regex.Call(env, pattern)
	for name, f := range map[string]func(){
		"EBV":        func() { number.Bool(); text.Bool() },
		"compare":    func() { expr.LT(number, five); expr.EQ(number, five); expr.EQ(text, needle) },
		"order":      func() { expr.Order(number, five); expr.Order(text, needle) },
		"arithmetic": func() { expr.Add(number, five); expr.Mul(five, five) },
		"CONTAINS":   func() { contains.Call(env, pair) },
		"LCASE":      func() { lcase.Call(env, single) },
	} {
		if n := testing.AllocsPerRun(100, f); n != 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
	// The slice of the pattern's arguments may not escape either.
	if n := testing.AllocsPerRun(100, func() { regex.Call(env, pattern) }); n != 0 {
		t.Errorf("REGEX allocates %v times", n)
	}
}
