package text_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"qlgraph/graph/text"
)

// show prints the alternatives of a query: words of a phrase joined by _.
func show(q *text.Query) string {
	var out []string
	for _, a := range q.Alternatives {
		var parts []string
		for sign, list := range map[string][]text.Item{"": a.Must, "-": a.Not} {
			var items []string
			for _, i := range list {
				s := sign + strings.Join(i.Words, "_")
				if i.Prefix {
					s += "*"
				}
				items = append(items, s)
			}
			if sign == "" {
				parts = append(items, parts...)
			} else {
				parts = append(parts, items...)
			}
		}
		out = append(out, strings.Join(parts, " "))
	}
	return strings.Join(out, " | ")
}

func TestParse(t *testing.T) {
	for _, tt := range []struct{ query, want string }{
		{"data", "data"},
		{"  linear   algebra ", "linear algebra"},
		{"linear AND algebra", "linear algebra"},
		{"data OR Daten OR données", "data | Daten | données"},
		{"data -mining", "data -mining"},
		{"data NOT mining", "data -mining"},
		{"a b OR c -d", "a b | c -d"},
		{`"machine learning" -"deep learning"`, "machine_learning -deep_learning"},
		{"e-learning", "e_learning"},
		{"AI/ML", "AI_ML"},
		{"econ*", "econ*"},
		{"l’énergie d'eau", "l’énergie d'eau"},
		{"C++ & Java, Rust!", "C Java Rust"},
		{`"AND" or`, "AND or"},
	} {
		q, err := text.Parse(tt.query)
		if err != nil {
			t.Errorf("%q: %v, want %s", tt.query, err, tt.want)
		} else if got := show(q); got != tt.want {
			t.Errorf("%q: %s, want %s", tt.query, got, tt.want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	many := func(word, separator string, n int) string {
		return strings.Join(strings.Fields(strings.Repeat(word+" ", n)), separator)
	}
	for _, tt := range []struct {
		query  string
		offset int
		want   string
	}{
		{"", 0, "no word to look for"},
		{" . , ", 0, "no word to look for"},
		{"-data", 0, "only excluded words"},
		{"a OR -b", 4, "only excluded words"},
		{"OR a", 2, "beside OR"},
		{"a OR", 4, "beside OR"},
		{"a -", 2, "a word to exclude"},
		{"a NOT OR b", 2, "a word to exclude"},
		{`a "b c`, 2, "closing quotation mark"},
		{"title:data", 5, "no meaning here"},
		{"(a OR b)", 0, "no meaning here"},
		{"data~2", 4, "no meaning here"},
		{"*", 0, "no meaning here"},
		{"a*b", 1, "can only end a word"},
		{"e-learn*", 0, "one word before *"},
		{many("a", " ", 65), 128, "more than 64 words"},
		{many("word", " ", 10_000), 0, "longer than 2048 bytes"},
	} {
		q, err := text.Parse(tt.query)
		var bad *text.Error
		if !errors.As(err, &bad) || bad.Offset != tt.offset || !strings.Contains(bad.Msg, tt.want) {
			t.Errorf("%.40q: %v, %v; want %q at %d", tt.query, q, err, tt.want, tt.offset)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`a "b c" -d OR e*`, "OR", `"`, "a OR -b", "é*", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := text.Parse(s)
		if err != nil {
			return
		}
		words := 0
		for _, a := range q.Alternatives {
			if len(a.Must) == 0 {
				t.Errorf("%q: nothing that must be there", s)
			}
			for _, i := range append(a.Must[:len(a.Must):len(a.Must)], a.Not...) {
				words += len(i.Words)
				if len(i.Words) == 0 || i.Prefix && len(i.Words) > 1 {
					t.Errorf("%q: %v", s, i)
				}
			}
		}
		if words > text.MaxQueryWords {
			t.Errorf("%q: %d words", s, words)
		}
	})
}

func TestWords(t *testing.T) {
	for _, tt := range []struct{ language, text, want string }{
		{"de", "Einführung in die Datenbanken", "einfuhrung/einfuhrung in/ die/ datenbanken/datenbank"},
		{"fr", "l’université et les étudiants", "universite/universit et/ les/ etudiants/etudiant"},
		{"en", "The students' economics", "the/ students/student economics/econom"},
		{"fi", "Johdatus tietokantoihin", "johdatus/johdatus tietokantoihin/tietokanto"},
		{"nb", "Innføring i økonomi", "innforing/innforing i/ okonomi/okonomi"},
		{"hu", "az adatbázisokba", "az/ adatbazisokba/adatbazis"},
		{"el", "Βασικές αρχές", "βασικες/βασικες αρχες/αρχες"},
		{"cs", "Úvod do databází", "uvod/uvod do/ databazi/databazi"},
		{"et", "Õppe 2024", "oppe/oppe 2024/2024"},
		{"", "Straße " + strings.Repeat("x", 65) + " Łódź", "strasse/strasse lodz/lodz"},
	} {
		var words []string
		text.NewLexicon().Each(tt.language, tt.text, func(w *text.Word) bool {
			words = append(words, w.Form+"/"+w.Stem)
			return true
		})
		if got := strings.Join(words, " "); got != tt.want {
			t.Errorf("%s %q: %s, want %s", tt.language, tt.text, got, tt.want)
		}
	}
}

func TestReadsAsWords(t *testing.T) {
	for s, want := range map[string]bool{
		"Databases": true, "Intro to SQL": true, "e-learning": true, "L'énergie": true, "C++ for all": true,
		"": false, "42": false, "C-101": false, "http://example.org/a": false, "a@b.example": false,
		"2025-01-01": false, "  ": false, "x_y": false,
	} {
		if got := text.ReadsAsWords(s); got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
}

// TestScore asks for what ranking promises: more occurrences, rarer words and
// shorter texts count more.
func TestScore(t *testing.T) {
	all := text.Totals{Literals: 10_000, Words: 120_000}
	score := func(matches, count, length int) float64 {
		return text.Score(all.Literals, all, matches, text.Weight(count, length))
	}
	if !(score(10, 2, 12) > score(10, 1, 12)) || !(score(10, 1, 12) > score(1000, 1, 12)) {
		t.Error("neither occurrences nor rareness count")
	}
	last := score(10, 1, 0)
	for n := 1; n < 20_000; n++ {
		s := score(10, 1, n)
		if s > last {
			t.Fatalf("%d words score %v, %d score %v", n, s, n-1, last)
		}
		last = s
	}
	if least := score(10_000, 1, 10_000); least < 0 || fmt.Sprintf("%.4f", least) != "0.0000" {
		t.Errorf("a word of all texts scores %v", least)
	}
}
