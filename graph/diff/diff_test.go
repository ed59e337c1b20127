package diff_test

import (
	"fmt"
	"strings"
	"testing"

	"qlgraph/graph/diff"
	"qlgraph/graph/rdf"
	"qlgraph/graph/turtle"
)

func parse(t *testing.T, text string) []rdf.Quad {
	t.Helper()
	var quads []rdf.Quad
	for q, err := range turtle.NewDecoder(strings.NewReader("@prefix : <http://x.example/> . "+text), turtle.Options{}).All() {
		if err != nil {
			t.Fatal(err)
		}
		quads = append(quads, q)
	}
	return quads
}

func TestDescriptions(t *testing.T) {
	for name, tc := range map[string]struct{ before, after, want string }{
		"nothing":           {`:c :title "A" .`, `:c :title "A" .`, ""},
		"text":              {`:c :title "A"@en .`, `:c :title "B"@en .`, `c title -"A"@en +"B"@en`},
		"language added":    {`:c :title "A"@en .`, `:c :title "A"@en, "A"@de .`, `c title +"A"@de`},
		"through a node":    {`:c :credit :n1 . :n1 :point "5" ; :system :ects .`, `:c :credit :n2 . :n2 :point "6" ; :system :ects .`, `c credit/point -"5" +"6"`},
		"one of two nodes":  {`:c :outcome :a, :b . :a :title "A" . :b :title "B" .`, `:c :outcome :a, :d . :a :title "A" . :d :title "D" .`, `c outcome/title -"B" +"D"`},
		"a value twice":     {`:c :note :a, :b . :a :text "N" . :b :text "N" .`, `:c :note :a . :a :text "N" .`, `c note/text -"N"`},
		"of another":        {`:c :title "A" . :o :of :c ; :mode "x" .`, `:c :title "A" . :o :of :c ; :mode "y" .`, `o mode -"x" +"y"`},
		"a subject gone":    {`:c :title "A" . :o :of :c .`, `:c :title "A" .`, `o of -<http://x.example/c>`},
		"a circle":          {`:c :part :n . :n :part :m . :m :part :n ; :v "1" .`, `:c :part :n . :n :part :m . :m :part :n ; :v "2" .`, `c part/part/v -"1" +"2"`},
		"what is not about": {`:c :title "A" . :z :title "Z" .`, `:c :title "A" .`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var lines []string
			for _, c := range diff.Descriptions(parse(t, tc.before), parse(t, tc.after), rdf.IRI("http://x.example/c"), rdf.IRI("http://x.example/o")) {
				line := strings.TrimPrefix(c.Subject.Value(), "http://x.example/") + " " + strings.ReplaceAll(strings.Join(c.Path, "/"), "http://x.example/", "")
				for _, v := range c.Removed {
					line += " -" + v.String()
				}
				for _, v := range c.Added {
					line += " +" + v.String()
				}
				lines = append(lines, line)
			}
			if got := strings.Join(lines, "\n"); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestDeepDescriptionEnds(t *testing.T) {
	chain := func(value string) string {
		text := ":c :p :n0 ."
		for i := range 40 {
			text += fmt.Sprintf(" :n%d :p :n%d .", i, i+1)
		}
		return text + " :n40 :v \"" + value + "\" ."
	}
	if got := diff.Descriptions(parse(t, chain("1")), parse(t, chain("2")), rdf.IRI("http://x.example/c")); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

func TestPatch(t *testing.T) {
	var b strings.Builder
	err := diff.Patch(&b, parse(t, `:c :title "A" ; :same "x" ; :level "1" .`), parse(t, `:c :title "B" ; :same "x" .`))
	const want = `TX .
D <http://x.example/c> <http://x.example/level> "1" .
D <http://x.example/c> <http://x.example/title> "A" .
A <http://x.example/c> <http://x.example/title> "B" .
TC .
`
	if err != nil || b.String() != want {
		t.Errorf("got %s, %v; want %s", b.String(), err, want)
	}
}
