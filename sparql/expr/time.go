package expr

import (
	"qlgraph/graph/xsd"
)

// timeFunctions are those of §17.4.5.
func timeFunctions() map[string]Function {
	functions := map[string]Function{
		"NOW":      function0(func(env *Env) Value { return OfXSD(env.Now) }),
		"SECONDS":  function1(seconds),
		"TIMEZONE": function1(func(v Value) Value { return unary(v, xsd.Value.Timezone) }),
		"TZ":       function1(tz),
	}
	for _, keyword := range []string{"YEAR", "MONTH", "DAY", "HOURS", "MINUTES"} {
		functions[keyword] = temporal(TimePart(keyword))
	}
	return functions
}

// TimePart returns what the built-in with the given keyword takes out of a date
// or time, nil for those that do something else.
func TimePart(keyword string) func(xsd.Value) (part int, ok bool) {
	switch keyword {
	case "YEAR":
		return func(v xsd.Value) (int, bool) { year, ok := v.Year(); return int(year), ok }
	case "MONTH":
		return xsd.Value.Month
	case "DAY":
		return xsd.Value.Day
	case "HOURS":
		return func(v xsd.Value) (int, bool) { h, _, _, _, ok := v.Clock(); return h, ok }
	case "MINUTES":
		return func(v xsd.Value) (int, bool) { _, m, _, _, ok := v.Clock(); return m, ok }
	}
	return nil
}

func temporal(part func(xsd.Value) (int, bool)) Function {
	return function1(func(v Value) Value {
		data, ok := v.XSD()
		if !ok {
			return Value{}
		}
		n, ok := part(data)
		if !ok {
			return Value{}
		}
		return Integer(n)
	})
}

func seconds(v Value) Value {
	data, ok := v.XSD()
	if !ok {
		return Value{}
	}
	_, _, whole, nanos, ok := data.Clock()
	if !ok {
		return Value{}
	}
	return OfXSD(xsd.NewDecimal(int64(whole)*1e9+int64(nanos), xsd.MaxFractionDigits))
}

// tz is the timezone as written, "" where there is none.
func tz(v Value) Value {
	data, ok := v.XSD()
	if !ok || !data.Type().IsTemporal() {
		return Value{}
	}
	// The letter Z and the offset +00:00 are one timezone but two spellings.
	if s := v.lexical(); len(s) > 6 && (s[len(s)-6:] == "+00:00" || s[len(s)-6:] == "-00:00") {
		return String(s[len(s)-6:])
	}
	return String(string(data.AppendTimezone(nil)))
}
