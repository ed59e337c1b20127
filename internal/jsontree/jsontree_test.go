package jsontree_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"qlgraph/internal/jsontree"
)

const sample = `{"a": [1, {"b/c~": "x\ny"}, null, true], "n": "", "s": "\u00e9\ud83d\ude00\ud800", "a": 2}`

func parse(t *testing.T, text string) *jsontree.Doc {
	t.Helper()
	var d jsontree.Doc
	if err := d.Parse([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return &d
}

// length counts the elements or members of v.
func length(v jsontree.Value) (n int) {
	for range v.All() {
		n++
	}
	return n
}

func TestAccessors(t *testing.T) {
	root := parse(t, sample).Root()
	nested := root.Get("a").Index(1).Get("b/c~")
	if got := nested.Text(); got != "x\ny" {
		t.Errorf("Text = %q", got)
	}
	if got := nested.Pointer(); got != "/a/1/b~1c~0" {
		t.Errorf("Pointer = %q", got)
	}
	if got := root.Get("s").Text(); got != "é😀\uFFFD" {
		t.Errorf("escapes: %q", got)
	}
	if got := root.Get("a").Raw(); got != `[1, {"b/c~": "x\ny"}, null, true]` {
		t.Errorf("Raw = %s", got)
	}
	if got := length(root.Get("a")); got != 4 {
		t.Errorf("Len = %d", got)
	}
	missing := root.Get("x").Index(3).Get("y")
	if missing.Exists() || missing.Text() != "" || missing.Pointer() != "" || missing.Kind() != jsontree.Absent || length(missing) != 0 {
		t.Errorf("a missing value answers %q at %q", missing.Text(), missing.Pointer())
	}
	var kinds []jsontree.Kind
	for e := range root.Get("a").All() {
		kinds = append(kinds, e.Kind())
	}
	if want := []jsontree.Kind{jsontree.Number, jsontree.Object, jsontree.Null, jsontree.Bool}; !reflect.DeepEqual(kinds, want) {
		t.Errorf("kinds = %v, want %v", kinds, want)
	}
}

func TestUnused(t *testing.T) {
	d := parse(t, `{"used": "x", "wholly": {"deep": [1, 2]}, "list": [{"v": 1}, {"v": 2}], "null": null, "last": false}`)
	d.Root().Get("used").Text()
	d.Root().Get("wholly").Use()
	var got []string
	for path := range d.Unused() {
		got = append(got, path)
	}
	if want := []string{"/list/*/v", "/list/*/v", "/last"}; !reflect.DeepEqual(got, want) {
		t.Errorf("Unused = %v, want %v", got, want)
	}
}

func TestErrors(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"empty", ``, "1:1: expected a value, but the text ends"},
		{"trailing", "{}\n x", `2:2: expected the end of the text, not 'x'`},
		{"HTML", "<!DOCTYPE html>", `1:1: expected a value, not '<'`},
		{"no colon", `{"a" 1}`, `1:6: expected ":", not '1'`},
		{"no comma", `[1 2]`, `1:4: expected "," or "]", not '2'`},
		{"open string", `{"a": "b`, `1:9: expected the closing double quote of a string, but the text ends`},
		{"bad escape", `"\x"`, `1:3: expected an escape, not 'x'`},
		{"bad hex", `"\u12g4"`, `1:6: expected a hex digit, not 'g'`},
		{"lone minus", `-`, `1:2: expected a digit, but the text ends`},
		{"leading zero", `01`, `1:2: expected the end of the text, not '1'`},
		{"unquoted name", `{a: 1}`, `1:2: expected a member's name in double quotes, not 'a'`},
		{"too deep", strings.Repeat("[", 300), `1:202: nested deeper than 200 levels`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var d jsontree.Doc
			err := d.Parse([]byte(tt.text))
			if err == nil || err.Error() != tt.want {
				t.Errorf("error %v, want %s", err, tt.want)
			}
			if d.Root().Exists() {
				t.Error("a document that does not parse has a root")
			}
		})
	}
}

func TestElements(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
		broken     bool
	}{
		{"bare array", `[{"id":1}, 2]`, []string{`[0] {"id":1}`, `[1] 2`}, false},
		{"envelope", `{"n": 1, "items": [{"id":1}], "o": {}}`, []string{`n[-1] 1`, `items[0] {"id":1}`, `o[-1] {}`}, false},
		{"scalar", `7`, []string{`[-1] 7`}, false},
		{"truncated", `{"items": [{"id":1}, {"id":2}, {"id`, []string{`items[0] {"id":1}`, `items[1] {"id":2}`}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			err := jsontree.Elements([]byte(tt.text), func(member string, i int, v jsontree.Value) error {
				got = append(got, fmt.Sprintf("%s[%d] %s", member, i, v.Raw()))
				return nil
			})
			if (err != nil) != tt.broken || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %q, %v; want %q, broken %t", got, err, tt.want, tt.broken)
			}
		})
	}
	halt := fmt.Errorf("enough")
	if err := jsontree.Elements([]byte(`[1,2]`), func(string, int, jsontree.Value) error { return halt }); err != halt {
		t.Errorf("error of visit: got %v", err)
	}
}

// FuzzParse holds the tree against encoding/json: what that accepts is read,
// and strings come out the same.
func FuzzParse(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte(`[[[1e5,-0.1]],"\\"]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var d jsontree.Doc
		err := d.Parse(text)
		if !utf8.Valid(text) {
			return // encoding/json mends it in a way of its own
		}
		var want any
		if stdErr := json.Unmarshal(text, &want); stdErr == nil && err != nil && strings.Count(string(text), "[")+strings.Count(string(text), "{") < jsontree.MaxDepth {
			t.Fatalf("encoding/json reads it, we do not: %v", err)
		}
		if s, ok := want.(string); ok && d.Root().Text() != s {
			t.Fatalf("string %q, want %q", d.Root().Text(), s)
		}
		for path, v := range d.Unused() {
			_ = path + v.Pointer() + v.Text() + v.Name()
		}
		_ = jsontree.Elements(text, func(string, int, jsontree.Value) error { return nil })
	})
}

func TestReuseDoesNotAllocate(t *testing.T) {
	var d jsontree.Doc
	text := []byte(sample)
	if n := testing.AllocsPerRun(100, func() { _ = d.Parse(text) }); n > 12 {
		t.Errorf("Parse allocates %v times", n)
	}
}

// TestScan shows that Scan sees what Elements sees, however little it is given at
// a time, and fails where that fails.
func TestScan(t *testing.T) {
	type seen struct {
		member string
		index  int
		text   string
	}
	for _, text := range []string{
		`{"data": [{"a": "}]\""}, 2, "x,y", [], {}], "n": 1.5, "o": {"p": [1]}, "e": []}`,
		"\xef\xbb\xbf [ 1 , true,null, \"\\\\\" ,\n{\"\\u0061\": [[]]}] ", `"alone"`, `[]`, `{}`, `17`,
		``, `[`, `[1`, `[1,`, `[1 2]`, `{"a"}`, `{"a": }`, `{"a": 1`, `[}]`, `[1]]`, `{"a": "x`, `[tru]`, "[1,\n \"a\\x\"]", `{a: 1}`, `[{"a": 1]`,
	} {
		var want, got []seen
		collect := func(to *[]seen) func(string, int, jsontree.Value) error {
			return func(member string, i int, v jsontree.Value) error {
				*to = append(*to, seen{strings.Clone(member), i, strings.Clone(v.Raw())})
				return nil
			}
		}
		wantErr := jsontree.Elements([]byte(text), collect(&want))
		gotErr := jsontree.Scan(iotest.OneByteReader(strings.NewReader(text)), 1<<10, collect(&got))
		if !slices.Equal(got, want) || (gotErr == nil) != (wantErr == nil) {
			t.Errorf("%q: %v, error %v; want %v, error %v", text, got, gotErr, want, wantErr)
		}
	}
	if err := jsontree.Scan(strings.NewReader(`[1, "`+strings.Repeat("x", 100)+`"]`), 50, func(string, int, jsontree.Value) error { return nil }); err == nil || !strings.Contains(err.Error(), "50 bytes") {
		t.Errorf("a value that is too long: %v", err)
	}
	broken := errors.New("broken")
	if err := jsontree.Scan(iotest.ErrReader(broken), 50, func(string, int, jsontree.Value) error { return nil }); err != broken {
		t.Errorf("error %v, want that of the reader", err)
	}
}
