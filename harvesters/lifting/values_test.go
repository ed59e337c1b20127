package lifting_test

import (
	"strings"
	"testing"

	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting"
	"qlgraph/harvesters/lifting/term"
	"qlgraph/internal/jsontree"
)

func value(t *testing.T, text string) jsontree.Value {
	t.Helper()
	var d jsontree.Doc
	if err := d.Parse([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return d.Root()
}

func TestDecimal(t *testing.T) {
	tests := []struct {
		in, decimal, unit string
		ok                bool
	}{
		{`5`, "5", "", true}, {`7.50`, "7.5", "", true}, {`30.0`, "30", "", true}, {`"7,5"`, "7.5", "", true}, {`"5 ECTS"`, "5", "ECTS", true}, {`"6ECTS"`, "6", "ECTS", true},
		{`" 007 "`, "7", "", true}, {`0`, "0", "", true}, {`1e2`, "100", "", true}, {`1e300`, "", "", false}, {`"1e2"`, "", "", false}, {`-1`, "", "", false}, {`"1.2.3"`, "", "", false},
		{`"ten"`, "", "", false}, {`true`, "", "", false}, {`null`, "", "", false}, {`""`, "", "", false}, {`[5]`, "", "", false}, {`12345678901234567890`, "", "", false},
	}
	for _, tt := range tests {
		decimal, unit, ok := lifting.Decimal(value(t, tt.in))
		if decimal != tt.decimal || unit != tt.unit || ok != tt.ok {
			t.Errorf("Decimal(%s) = %q, %q, %t; want %q, %q, %t", tt.in, decimal, unit, ok, tt.decimal, tt.unit, tt.ok)
		}
	}
}

func TestDateTime(t *testing.T) {
	for in, want := range map[string]string{
		"2024-09-02": "2024-09-02T00:00:00", "2024-09-02T08:30:00Z": "2024-09-02T08:30:00Z", "2024-09-02T08:30:00.5+02:00": "2024-09-02T08:30:00.5+02:00",
		"2024-09-02T08:30:00": "2024-09-02T08:30:00", "2024-09-02T08:30": "2024-09-02T08:30:00", "2024-09-02T08:30Z": "2024-09-02T08:30:00Z",
		"2024-09-02 08:30:00": "2024-09-02T08:30:00", "2024-09-02T08:30:00+0200": "2024-09-02T08:30:00+02:00", " 2024-02-29 ": "2024-02-29T00:00:00",
		"2023-02-29": "", "02-09-2024": "", "soon": "", "": "", "2024": "",
	} {
		got, ok := lifting.DateTime(in)
		if got.Value() != want || ok != (want != "") {
			t.Errorf("DateTime(%q) = %s, %t; want %s", in, got, ok, want)
		}
	}
}

func TestDurations(t *testing.T) {
	for in, want := range map[string]string{
		"P3Y": "P3Y", "p10w": "P70D", "P1DT30H4S": "P1DT30H4S", "PT1.5S": "PT1.5S", "P": "", "PT": "", "P1YT": "", "3 years": "", "": "", "P1W2D": "", "P1M2Y": "",
	} {
		if got, ok := lifting.Duration(in); got.Value() != want || ok != (want != "") {
			t.Errorf("Duration(%q) = %s, %t; want %s", in, got, ok, want)
		}
	}
	for in, want := range map[string]string{"140": "PT140H", "7.5": "PT7H30M", "0.01": "PT0H1M", "x": "", "99999999": ""} {
		if got, ok := lifting.Hours(in); got.Value() != want || ok != (want != "") {
			t.Errorf("Hours(%q) = %s, %t; want %s", in, got, ok, want)
		}
	}
}

func TestURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://uni.example/a?b=c&d=%20": "https://uni.example/a?b=c&d=%20", "http://uni.example": "http://uni.example", "www.uni.example/x": "https://www.uni.example/x",
		"//uni.example": "https://uni.example", "https://tueacc.osiris-student.nl/onderwijscatalogus/extern/cursus?cursusid=1642484&taal=nl": "https://tueacc.osiris-student.nl/onderwijscatalogus/extern/cursus?cursusid=1642484&taal=nl",
		"https://uni.example/a b": "https://uni.example/a%20b", "https://übung.example/ü": "https://übung.example/ü", "https://127.0.0.1:8080/x": "https://127.0.0.1:8080/x", "https://[::1]/": "https://[::1]/",
		"javascript:alert(1)": "", "ftp://x.example": "", "mailto:a@b.example": "", "": "", "n/a": "", "17": "", "word": "", "https://": "", "https://a..b": "", "https://x.example/" + strings.Repeat("a", 5000): "",
		"https://openonderwijsapi.nl/#/": "https://openonderwijsapi.nl/#/",
	} {
		if got, ok := lifting.URL(in); got != want || ok != (want != "") {
			t.Errorf("URL(%q) = %q, %t; want %q", in, got, ok, want)
		}
	}
}

func TestAbsent(t *testing.T) {
	for in, want := range map[string]bool{
		`null`: true, `""`: true, `" \t"`: false, `"  "`: true, `"-"`: true, `"n/a"`: true, `" N/A "`: true, `[]`: true, `{}`: true, `"0"`: false, `0`: false, `false`: false, `[""]`: false, `"a"`: false,
	} {
		if got := lifting.Absent(value(t, in)); got != want {
			t.Errorf("Absent(%s) = %t, want %t", in, got, want)
		}
	}
}

// lifted runs one conversion over a value and returns the statements about the
// subject as "property object".
func lifted(t *testing.T, text string, convert lifting.Conversion) (objects []string, out harvesters.Lifted) {
	t.Helper()
	rec := harvesters.Record{Kind: "course", Body: []byte(text)}
	in := harvesters.Context{BaseIRI: "http://base.example", Source: harvesters.Source{Provider: harvesters.Provider{SCHAC: "uni.example"}}}
	out = lifting.Run(rec, in, func(l *lifting.Lift, root jsontree.Value) {
		s := l.CourseOf("c1")
		l.By("test", func() { convert(s, root) })
		s.Close()
	})
	for _, st := range out.Statements {
		if st.P == term.Title || st.P == term.NoteLiteral {
			objects = append(objects, st.O.String())
		}
	}
	return objects, out
}

func TestOutcomes(t *testing.T) {
	tests := []struct {
		name, in string
		want     []string
	}{
		{"one per element", `[[{"language": "en", "value": "A"}], [{"language": "en", "value": "B"}]]`, []string{`"A"@en`, `"B"@en`}},
		{"languages of one outcome", `[[{"language": "en", "value": "A"}, {"language": "de", "value": "Ä"}]]`, []string{`"A"@en`, `"Ä"@de`}},
		{"a flat array begins anew where a language recurs", `[{"language": "en", "value": "A"}, {"language": "de", "value": "Ä"}, {"language": "en", "value": "B"}]`, []string{`"A"@en`, `"Ä"@de`, `"B"@en`}},
		{"a list is split, what surrounds it is the summary", `[[{"language": "en", "value": "You can:\n- read,\n- write;\n\nThat is all."}]]`, []string{`"read"@en`, `"write"@en`, `"You can:\nThat is all."@en`}},
		{"numbers and letters", `"1. read\n2) write\na) count"`, []string{`"read"@und`, `"write"@und`, `"count"@und`}},
		{"one list line is no list", `"You can:\n- read"`, []string{`"You can:\n- read"@und`}},
		{"languages that do not split alike stay whole", `[[{"language": "en", "value": "- a\n- b"}, {"language": "de", "value": "- a\n- b\n- c"}]]`, []string{`"- a\n- b"@en`, `"- a\n- b\n- c"@de`}},
		{"continuation lines and inner lists", `"- read\n  books\n  - old\n- write"`, []string{`"read books - old"@und`, `"write"@und`}},
		{"HTML lists", `"<ul><li>read</li><li>write</li></ul>"`, []string{`"read"@und`, `"write"@und`}},
		{"a second text under one tag becomes a note", `[[{"language": "en", "value": "A"}, {"language": "en", "value": "B"}]]`, []string{`"A"@en`, `"B"@en`}},
		{"nothing", `[[], "", null, [{"language": "en", "value": " "}]]`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, _ := lifted(t, tt.in, lifting.Outcomes); strings.Join(got, "|") != strings.Join(tt.want, "|") {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTexts(t *testing.T) {
	titles := lifting.Texts(term.Title, "Further title")
	got, out := lifted(t, `[{"language": "en", "value": "A"}, {"language": "EN", "value": "A"}, {"language": "en", "value": "B"}, {"recordLanguage": "sl", "value": "C"}, {"string": "D", "lang": "fi"}, "E"]`, titles)
	if want := `"A"@en|"C"@sl|"D"@fi|"E"@und|"Further title"@en|"B"@en`; strings.Join(got, "|") != want {
		t.Errorf("got %s, want %s", strings.Join(got, "|"), want)
	}
	if len(out.Findings) > 0 {
		t.Errorf("findings %v", out.Findings)
	}
	long := `"A text that is long enough to be no name, and the same in both."`
	if _, out = lifted(t, `{"en": `+long+`, "nl": `+long+`}`, titles); len(out.Findings) != 1 || out.Findings[0].Code != "test.untranslated" {
		t.Errorf("the same text under two tags: %v", out.Findings)
	}
}

// TestManyTexts shows that comparing the texts of a hostile value ends.
func TestManyTexts(t *testing.T) {
	text := "[" + strings.Repeat(`{"language": "en", "value": "x"},`, 100_000)[:len(`{"language": "en", "value": "x"},`)*100_000-1] + "]"
	if got, _ := lifted(t, text, lifting.Texts(term.Title, "")); len(got) != 1 {
		t.Errorf("%d titles", len(got))
	}
	var b strings.Builder
	for i := range 20_000 {
		b.WriteString(`"` + strings.Repeat("y", i%100) + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676%26)) + `",`)
	}
	_, out := lifted(t, "["+b.String()+`"z"]`, lifting.AllTexts(term.Title))
	if len(out.Statements) != 500 || len(out.Findings) != 1 || out.Findings[0].Code != "test.many" {
		t.Errorf("%d statements, findings %v", len(out.Statements), out.Findings)
	}
}
