package jsonld_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"qlgraph/graph/jsonld"
	"qlgraph/graph/rdf"
)

// TestHostile: each known attack ends in an error, or in quads after work that
// is proportional to its size.
func TestHostile(t *testing.T) {
	many := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, format, i, i+1)
		}
		return b.String()
	}
	scoped := `"@context":{"@version":1.1,"C":{"@id":"http://e/C","@context":{` + many(4000, `"t%d":"http://e/%d"`) + `}}}`
	tests := []struct {
		name, doc string
		want      string // the error, or "" for none
	}{
		{"depth of arrays", strings.Repeat("[", 1_000_000), "1:1001: values nested deeper than the limit of 1000"},
		{"depth of objects", strings.Repeat(`{"http://e/p":`, 1_000_000), "1:14001: values nested deeper than the limit of 1000"},
		{"deepest that is allowed", strings.Repeat(`{"http://e/p":`, 999) + "{}" + strings.Repeat("}", 999), ""},
		{"deepest list", strings.Repeat(`{"@list":[`, 499) + "1" + strings.Repeat("]}", 499), ""},
		{"number of 10 million digits", strings.Repeat("1", 10_000_000), "1:1: number longer than the limit of 1024 bytes"},
		{"number beyond a double", `{"http://e/p":1e999}`, "1:15: number beyond the range of a double"},
		{"string of 17 MB", `{"http://e/p":"` + strings.Repeat("x", 17<<20) + `"}`, "1:15: string longer than the limit of 16777216 bytes"},
		{"long document", strings.Repeat(" ", 64<<20+1), "1:1: document longer than the limit of 67108864 bytes"},
		{"lone surrogate", `{"http://e/p":"\udfff"}`, "1:16: surrogate without its other half"},
		{"NUL", "\x00", `1:1: expected a JSON value, found '\x00'`},
		{"context in the network", `{"@context":"http://169.254.169.254/latest/meta-data/"}`, "contexts are not fetched, and <http://169.254.169.254/latest/meta-data/> is not among those known: http://data.europa.eu/snb/model/context/edc-ap, "},
		{"context in a file", `{"@context":"file:///etc/passwd"}`, "contexts are not fetched"},
		{"relative context", `{"@context":"/etc/passwd"}`, "contexts are not fetched"},
		{"imported context", `{"@context":{"@version":1.1,"@import":"http://127.0.0.1/"}}`, "contexts are not fetched"},
		{"scoped context in the network", `{"@context":{"@version":1.1,"p":{"@id":"http://e/p","@context":"http://127.0.0.1/"}},"p":{}}`, "contexts are not fetched"},
		{"context that includes itself", `{"@context":"http://evil.example/self"}`, "recursive context inclusion"},
		{"contexts that include one another", `{"@context":"http://evil.example/a"}`, "recursive context inclusion"},
		{"10,000 terms", `{"@context":{` + many(10_000, `"t%d":"http://e/%d"`) + `}}`, "1:1: context with more terms than the limit of 5000"},
		{"terms that need one another", `{"@context":{` + many(4_000, `"t%d":"t%d:x"`) + `,"t4000":"http://e/"}}`, ""},
		{"terms that need themselves", `{"@context":{"a":"b:x","b":"a:x"}}`, "cyclic IRI mapping"},
		{"one context a thousand times", `[` + many(3_000, `{"@context":["http://data.europa.eu/snb/model/elm/",{"t%d":"http://e/%d"}]}`) + `]`, "contexts too expensive: more than the limit of 500000 terms to define"},
		{"scoped contexts", `{` + scoped + `,"http://e/p":[` + many(10_000, `{"@type":"C","http://e/%d":%d}`) + `]}`, "contexts too expensive"},
		{"@context within @context", `{"@context":` + strings.Repeat(`{"@context":`, 900) + "{}" + strings.Repeat("}", 900) + "}", "keyword redefinition"},
		{"@nest within @nest", `{"@context":{"@version":1.1,"n":"@nest"},` + strings.Repeat(`"n":{`, 900) + `"http://e/p":1` + strings.Repeat("}", 900) + "}", ""},
		{"@graph within @graph", strings.Repeat(`{"@graph":[`, 499) + strings.Repeat("]}", 499), ""},
		{"@set within @set", `{"http://e/p":` + strings.Repeat(`{"@set":[`, 400) + "1" + strings.Repeat("]}", 400) + "}", ""},
		{"@reverse of a value", `{"@reverse":{"http://e/p":1}}`, "invalid reverse property value"},
		{"@type without definition", `{"@context":{"@version":1.1,"@type":{}}}`, "keyword redefinition"},
		{"empty term", `{"@context":{"":"http://e/"}}`, "invalid term definition"},
		{"100,000 values", `{"@id":"http://s","http://e/p":[` + many(100_000, `{"@id":"http://o/%d-%d"}`) + `]}`, ""},
		{"a list of 100,000", `{"@id":"http://s","http://e/p":{"@list":[` + many(100_000, `"%d-%d"`) + `]}}`, ""},
		{"100,000 properties", `{"@id":"http://s",` + many(100_000, `"http://e/p%d":%d`) + `}`, ""},
		{"IRI of 100 KB", `{"@id":"http://` + strings.Repeat("x", 100_000) + `","http://e/p":1}`, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			contexts := jsonld.NewContexts()
			for name, doc := range map[string]string{
				"http://evil.example/self": `{"@context":"http://evil.example/self"}`,
				"http://evil.example/a":    `{"@context":["http://evil.example/b"]}`,
				"http://evil.example/b":    `{"@context":["http://evil.example/a","http://evil.example/a"]}`,
			} {
				if err := contexts.Add(name, []byte(doc)); err != nil {
					t.Fatal(err)
				}
			}
			_, err := decode(test.doc, jsonld.Options{Base: "http://b/", Contexts: contexts})
			var syntax *rdf.SyntaxError
			switch {
			case test.want == "" && err != nil:
				t.Errorf("got %.300v, want no error", err)
			case test.want != "" && (!errors.As(err, &syntax) || !strings.Contains(err.Error(), test.want)):
				t.Errorf("got  %.300v\nwant %s", err, test.want)
			}
		})
	}
}

// TestTruncated: a document cut off anywhere is an error, and nothing worse.
func TestTruncated(t *testing.T) {
	const doc = `{"@context":{"p":"http://e/p"},"p":["\u00e9é",-1.5e3,true,null,{"@value":false}]}`
	for i := range doc {
		var syntax *rdf.SyntaxError
		if _, err := decode(doc[:i], jsonld.Options{}); !errors.As(err, &syntax) {
			t.Errorf("cut at byte %d: %v", i, err)
		}
	}
}
