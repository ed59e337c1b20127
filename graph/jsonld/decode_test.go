package jsonld_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	"qlgraph/graph/canon"
	"qlgraph/graph/jsonld"
	"qlgraph/graph/ntriples"
	"qlgraph/graph/rdf"
)

func collect(d interface{ Next() (rdf.Quad, error) }) (quads []rdf.Quad, err error) {
	for {
		q, err := d.Next()
		if err == io.EOF {
			return quads, nil
		}
		if err != nil {
			return quads, err
		}
		quads = append(quads, q)
	}
}

func decode(doc string, opts jsonld.Options) ([]rdf.Quad, error) {
	return collect(jsonld.NewDecoder(strings.NewReader(doc), opts))
}

func nquads(t testing.TB, doc string) []rdf.Quad {
	t.Helper()
	quads, err := collect(ntriples.NewDecoder(strings.NewReader(doc), ntriples.Options{}))
	if err != nil {
		t.Fatalf("%v in %s", err, doc)
	}
	return quads
}

func wantIsomorphic(t testing.TB, got, want []rdf.Quad) {
	t.Helper()
	if same, err := canon.Isomorphic(got, want); !same || err != nil {
		t.Errorf("not isomorphic (%v): got\n%v\nwant\n%v", err, got, want)
	}
}

func TestDecode(t *testing.T) {
	tests := []struct {
		name string
		doc  string
		opts jsonld.Options
		want string
	}{
		{"relative IRIs by RFC 3986", `{"@id":"../x/./y","http://e/p":{"@id":""}}`, jsonld.Options{Base: "http://b/c/d/e?q"},
			`<http://b/c/x/y> <http://e/p> <http://b/c/d/e?q> .`},
		{"@base at the top", `{"@context":[{"@base":"http://b/"},{"@base":"c/"}],"@id":"d","http://e/p":1}`, jsonld.Options{},
			`<http://b/c/d> <http://e/p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .`},
		{"@base within", `{"@id":"http://s","http://e/p":{"@context":{"@base":"http://b/"},"@id":"d"}}`, jsonld.Options{},
			`<http://s> <http://e/p> <http://b/d> .`},
		{"array of documents with one context", `[{"@context":{"p":"http://e/p"},"@id":"http://s","p":"x"},{"@context":{"p":"http://e/p"},"@id":"http://s","p":"y"}]`, jsonld.Options{},
			"<http://s> <http://e/p> \"x\" .\n<http://s> <http://e/p> \"y\" ."},
		{"a context from outside", `{"@id":"http://s","p":true}`, jsonld.Options{Context: map[string]any{"p": "http://e/p"}},
			`<http://s> <http://e/p> "true"^^<http://www.w3.org/2001/XMLSchema#boolean> .`},
		{"numbers", `{"@id":"http://s","http://e/p":[1e3,0.5,-0.0,1e21,123456789012345680000]}`, jsonld.Options{},
			`<http://s> <http://e/p> "1000"^^<http://www.w3.org/2001/XMLSchema#integer> .
<http://s> <http://e/p> "5.0E-1"^^<http://www.w3.org/2001/XMLSchema#double> .
<http://s> <http://e/p> "0"^^<http://www.w3.org/2001/XMLSchema#integer> .
<http://s> <http://e/p> "1.0E21"^^<http://www.w3.org/2001/XMLSchema#double> .
<http://s> <http://e/p> "123456789012345683968"^^<http://www.w3.org/2001/XMLSchema#integer> .`},
		{"JSON literal", `{"@id":"http://s","http://e/p":{"@type":"@json","@value":{"b":[1.0,"\u00e9\n"],"a":null}}}`, jsonld.Options{},
			`<http://s> <http://e/p> "{\"a\":null,\"b\":[1,\"é\\n\"]}"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON> .`},
		{"named graph, list, reverse", `{"@id":"http://g","@graph":{"@id":"http://s","http://e/p":{"@list":["x"]},"@reverse":{"http://e/q":{"@id":"http://t"}}}}`, jsonld.Options{},
			`<http://s> <http://e/p> _:l <http://g> .
_:l <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> "x" <http://g> .
_:l <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil> <http://g> .
<http://t> <http://e/q> <http://s> <http://g> .`},
		{"byte-order mark, escapes, surrogate pair", "\uFEFF" + `{"@id":"http://s","http://e/p":"\ud83c\udf03\/\u0000"}`, jsonld.Options{},
			"<http://s> <http://e/p> \"🌃/\\u0000\" ."},
		{"directions", `{"@id":"http://s","http://e/p":{"@value":"x","@language":"ar","@direction":"rtl"}}`, jsonld.Options{Direction: jsonld.I18nDatatype},
			`<http://s> <http://e/p> "x"^^<https://www.w3.org/ns/i18n#ar_rtl> .`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := decode(test.doc, test.opts)
			if err != nil {
				t.Fatal(err)
			}
			wantIsomorphic(t, got, nquads(t, test.want))
		})
	}
}

// TestDropped: statements that cannot be made are counted.
func TestDropped(t *testing.T) {
	d := jsonld.NewDecoder(strings.NewReader(`{"@id":"relative","http://e/p":["x",{"@value":"y","@language":"no such"}],"http://e/ p":1}`), jsonld.Options{})
	quads, err := collect(d)
	if err != nil || len(quads) != 0 || d.Dropped() != 3 {
		t.Errorf("got %v, %v and %d dropped, want none and 3", quads, err, d.Dropped())
	}
}

func TestBlankLabels(t *testing.T) {
	for _, prefix := range []string{"", "d1-"} {
		quads, err := decode(`{"@id":"_:x","http://e/p":[{"@id":"_:1 2"},{}]}`, jsonld.Options{LabelPrefix: prefix})
		if err != nil {
			t.Fatal(err)
		}
		want := fmt.Sprintf("[_:%[1]sb0 <http://e/p> _:%[1]sb1 . _:%[1]sb0 <http://e/p> _:%[1]sb2 .]", prefix)
		if fmt.Sprint(quads) != want {
			t.Errorf("got %v, want %s", quads, want)
		}
	}
}

func TestSyntaxErrors(t *testing.T) {
	tests := []struct{ name, doc, want string }{
		{"empty", "", "1:1: expected a JSON value, found the end of the document"},
		{"XML", "<a/>", "1:1: expected a JSON value, found '<'"},
		{"position", "{\n \"é\": x}", "2:7: expected a JSON value, found 'x'"},
		{"trailing comma", `{"a":1,}`, `1:8: expected a name in quotes, found '}'`},
		{"trailing text", `{} x`, `1:4: expected the end of the document, found 'x'`},
		{"name twice", "{\"a\":1,\n\"a\":2}", `2:1: name "a" stands twice in an object`},
		{"lone surrogate", `["\ud800x"]`, "1:3: surrogate without its other half"},
		{"surrogates the wrong way", `["\udc00\ud800"]`, "1:3: surrogate without its other half"},
		{"bad escape", `["\x"]`, "1:3: expected an escape that JSON has"},
		{"bad hex", `["\u00g0"]`, "1:5: expected four hexadecimal digits"},
		{"control character", "[\"a\x00\"]", `1:4: expected the closing quote or an escape, found '\x00'`},
		{"invalid UTF-8", "[\"\xff\"]", "1:2: expected UTF-8 in the string"},
		{"leading zero", `[01]`, "1:2: expected a number as JSON has them"},
		{"no digits", `[1.]`, "1:2: expected a number as JSON has them"},
		{"beyond a double", `[1e400]`, "1:2: number beyond the range of a double"},
		{"json-gold's error", `{"@id":1}`, "1:1: invalid @id value: "},
		{"unknown context", `{"@context":"http://no.example/"}`, "1:1: loading remote context failed: "},
		{"invalid datatype", `{"http://e/p":{"@value":"x","@type":"a b"}}`, "1:1: invalid typed value: "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := decode(test.doc, jsonld.Options{})
			var syntax *rdf.SyntaxError
			if !errors.As(err, &syntax) || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

// TestBundledContexts uses each of them.
func TestBundledContexts(t *testing.T) {
	contexts := jsonld.NewContexts()
	const s = `"id":"http://s","title":{"de":"x","en":"y"}`
	title := "<http://s> <http://purl.org/dc/terms/title> \"x\"@de .\n<http://s> <http://purl.org/dc/terms/title> \"y\"@en .\n"
	const typed = "<http://s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
	tests := map[string]struct{ doc, want string }{
		"http://data.europa.eu/snb/model/context/edc-ap": {
			`{"@context":["https://www.w3.org/2018/credentials/v1",%q],` + s + `,"type":"Qualification","eqfLevel":"http://l"}`,
			title + typed + "<http://data.europa.eu/snb/model/elm/Qualification> .\n<http://s> <http://data.europa.eu/snb/model/elm/EQFLevel> <http://l> ."},
		"https://www.w3.org/2018/credentials/v1": {
			`{"@context":%q,"id":"http://s","type":"VerifiableCredential","issuer":"http://i"}`,
			typed + "<https://www.w3.org/2018/credentials#VerifiableCredential> .\n<http://s> <https://www.w3.org/2018/credentials#issuer> <http://i> ."},
		"https://www.w3.org/ns/credentials/v2": {
			`{"@context":%q,"id":"http://s","type":"VerifiableCredential"}`,
			typed + "<https://www.w3.org/2018/credentials#VerifiableCredential> ."},
	}
	for name, space := range map[string]string{
		"http://data.europa.eu/snb/model/elm":       "http://data.europa.eu/snb/model/elm/",
		"http://data.europa.eu/snb/model/elm/":      "http://data.europa.eu/snb/model/elm/",
		"http://data.europa.eu/snb/model/ontology":  "http://data.europa.eu/snb/model/ontology/",
		"http://data.europa.eu/snb/model/ontology/": "http://data.europa.eu/snb/model/ontology/",
		jsonld.ProjectContext:                       "http://data.europa.eu/snb/model/ontology/",
	} {
		tests[name] = struct{ doc, want string }{
			`{"@context":%q,` + s + `,"type":"LearningOpportunitySpecification","unheardOf":"z","ISCEDFCode":"http://i"}`,
			title + typed + "<http://data.quality-link.eu/ontology/v1#LearningOpportunitySpecification> .\n<http://s> <" + space + "unheardOf> \"z\" .\n<http://s> <" + space + "ISCEDFCode> <http://i> ."}
	}
	for _, name := range contexts.Known() {
		test, ok := tests[name]
		if !ok {
			t.Errorf("no test for the context %s", name)
			continue
		}
		got, err := decode(fmt.Sprintf(test.doc, name), jsonld.Options{Contexts: contexts})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		wantIsomorphic(t, got, nquads(t, test.want))
	}
}

func TestAddContext(t *testing.T) {
	contexts := jsonld.NewContexts()
	const name = "http://uni.example/context"
	if err := contexts.Add(name, []byte(`{"@context":{"p":"http://e/p"}}`)); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(contexts.Known(), name) {
		t.Errorf("%s is not known: %v", name, contexts.Known())
	}
	got, err := decode(`{"@context":"`+name+`","@id":"http://s","p":"x"}`, jsonld.Options{Contexts: contexts})
	if err != nil {
		t.Fatal(err)
	}
	wantIsomorphic(t, got, nquads(t, `<http://s> <http://e/p> "x" .`))
	for _, bad := range []string{"{", "{}", "[]"} {
		if err := contexts.Add(name, []byte(bad)); err == nil {
			t.Errorf("Add took %s for a context", bad)
		}
	}
}

// TestSharedContexts: decoders in several goroutines share what is processed.
func TestSharedContexts(t *testing.T) {
	contexts := jsonld.NewContexts()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 20 {
				base := fmt.Sprintf("http://b/%d/%d", i, j)
				quads, err := decode(`{"@context":"http://data.europa.eu/snb/model/elm/","id":"","title":{"de":"x"}}`, jsonld.Options{Base: base, Contexts: contexts})
				if err != nil || len(quads) != 1 || quads[0].S.Value() != base {
					t.Errorf("got %v, %v", quads, err)
				}
				var out strings.Builder
				e := jsonld.NewEncoder(&out, jsonld.EncoderOptions{Contexts: contexts})
				for _, q := range quads {
					if err := e.Encode(q); err != nil {
						t.Error(err)
					}
				}
				if err := e.Close(); err != nil || !strings.Contains(out.String(), `"title": {`) {
					t.Errorf("%v: %s", err, out.String())
				}
			}
		})
	}
	wg.Wait()
}
