package results_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"qlgraph/graph/rdf"
	"qlgraph/internal/golden"
	"qlgraph/sparql/results"
)

func rowsOf(rows [][]rdf.Term) iter.Seq2[[]rdf.Term, error] {
	return func(yield func([]rdf.Term, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

func collect(t testing.TB, r *results.Result) [][]rdf.Term {
	t.Helper()
	var rows [][]rdf.Term
	for row, err := range r.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, slices.Clone(row))
	}
	return rows
}

var sample = [][]rdf.Term{
	{rdf.IRI("http://example.org/a"), rdf.Literal("plain"), rdf.Blank("b0")},
	{rdf.LangLiteral("<b>&\"quoted\"</b>\n\ttab\r", "en-GB"), rdf.TypedLiteral("5", rdf.XSDInteger), rdf.Term{}},
	{rdf.Term{}, rdf.TypedLiteral("x,y", "http://example.org/t?a&b"), rdf.Literal(`back\slash`)},
	{rdf.Literal(""), rdf.TypedLiteral("1.5", rdf.XSDDecimal), rdf.TypedLiteral("1e6", rdf.XSDDouble)},
	{rdf.Literal("=SUM(A1)"), rdf.TypedLiteral("5", rdf.XSDDecimal), rdf.TypedLiteral("true", rdf.XSDBoolean)},
}

var sampleVars = []string{"a", "b", "c"}

func write(t testing.TB, f results.Format, vars []string, rows [][]rdf.Term) string {
	t.Helper()
	var b bytes.Buffer
	if err := results.Write(&b, f, vars, rowsOf(rows)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWrite(t *testing.T) {
	for f, want := range map[results.Format]string{
		results.CSV: "a,b,c\r\n" +
			"http://example.org/a,plain,_:b0\r\n" +
			"\"<b>&\"\"quoted\"\"</b>\n\ttab\r\",5,\r\n" +
			",\"x,y\",back\\slash\r\n" +
			",1.5,1e6\r\n" +
			"=SUM(A1),5,true\r\n",
		results.TSV: "?a\t?b\t?c\n" +
			"<http://example.org/a>\t\"plain\"\t_:b0\n" +
			"\"<b>&\\\"quoted\\\"</b>\\n\\ttab\\r\"@en-GB\t5\t\n" +
			"\t\"x,y\"^^<http://example.org/t?a&b>\t\"back\\\\slash\"\n" +
			"\"\"\t1.5\t1e6\n" +
			"\"=SUM(A1)\"\t\"5\"^^<http://www.w3.org/2001/XMLSchema#decimal>\t\"true\"^^<http://www.w3.org/2001/XMLSchema#boolean>\n",
		results.JSON: `{"head":{"vars":["a","b","c"]},"results":{"bindings":[
{"a":{"type":"uri","value":"http://example.org/a"},"b":{"type":"literal","value":"plain"},"c":{"type":"bnode","value":"b0"}},
{"a":{"type":"literal","value":"<b>&\"quoted\"</b>\n\ttab\r","xml:lang":"en-GB"},"b":{"type":"literal","value":"5","datatype":"http://www.w3.org/2001/XMLSchema#integer"}},
{"b":{"type":"literal","value":"x,y","datatype":"http://example.org/t?a&b"},"c":{"type":"literal","value":"back\\slash"}},
`,
		results.XML: `<?xml version="1.0" encoding="UTF-8"?>
<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="a"/><variable name="b"/><variable name="c"/></head><results>
<result><binding name="a"><uri>http://example.org/a</uri></binding><binding name="b"><literal>plain</literal></binding><binding name="c"><bnode>b0</bnode></binding></result>
<result><binding name="a"><literal xml:lang="en-GB">&lt;b&gt;&amp;&quot;quoted&quot;&lt;/b&gt;&#10;&#9;tab&#13;</literal></binding><binding name="b"><literal datatype="http://www.w3.org/2001/XMLSchema#integer">5</literal></binding></result>
`,
	} {
		if got := write(t, f, sampleVars, sample); !strings.HasPrefix(got, want) {
			t.Errorf("%s:\n%s\nwant\n%s", f, got, want)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	for _, f := range []results.Format{results.JSON, results.XML, results.TSV} {
		r, err := results.Decode(strings.NewReader(write(t, f, sampleVars, sample)), f)
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		if got := collect(t, r); !slices.Equal(r.Vars, sampleVars) || !slices.EqualFunc(got, sample, slices.Equal) {
			t.Errorf("%s: %v %v", f, r.Vars, got)
		}
	}
	r, err := results.Decode(strings.NewReader(write(t, results.CSV, sampleVars, sample)), results.CSV)
	if err != nil {
		t.Fatal(err)
	}
	got := collect(t, r)
	if len(got) != len(sample) || got[2][1] != rdf.Literal("x,y") || !got[2][0].IsZero() {
		t.Errorf("csv: %v", got)
	}
}

func TestRowsWithoutVariables(t *testing.T) {
	for _, f := range []results.Format{results.JSON, results.XML, results.TSV} {
		r, err := results.Decode(strings.NewReader(write(t, f, nil, [][]rdf.Term{{}, {}})), f)
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		if n := len(collect(t, r)); n != 2 || len(r.Vars) != 0 {
			t.Errorf("%s: %d rows of %v", f, n, r.Vars)
		}
	}
}

func TestBoolean(t *testing.T) {
	for _, f := range results.Formats {
		for _, truth := range []bool{true, false} {
			var b bytes.Buffer
			if err := results.WriteBoolean(&b, f, truth); err != nil {
				t.Fatal(err)
			}
			r, err := results.Decode(&b, f)
			if err != nil {
				t.Fatalf("%s: %v", f, err)
			}
			if !r.Boolean || r.Bool != truth || len(collect(t, r)) != 0 {
				t.Errorf("%s: %v is read as %+v", f, truth, r)
			}
		}
	}
}

// A document without its end does not read as a complete one.
func TestCutOffDocumentIsBroken(t *testing.T) {
	failure := errors.New("query stopped")
	rows := func(yield func([]rdf.Term, error) bool) {
		for _, row := range sample {
			if !yield(row, nil) {
				return
			}
		}
		yield(nil, failure)
	}
	for _, f := range []results.Format{results.JSON, results.XML} {
		var b bytes.Buffer
		e := results.NewEncoder(&b, f, sampleVars)
		for row, err := range iter.Seq2[[]rdf.Term, error](rows) {
			if err != nil {
				break
			}
			if err := e.Encode(row); err != nil {
				t.Fatal(err)
			}
		}
		if err := e.Flush(); err != nil {
			t.Fatal(err)
		}
		r, err := results.Decode(&b, f)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, err = range r.Rows() {
			n++
		}
		if !errors.Is(err, results.ErrSyntax) || n != len(sample)+1 {
			t.Errorf("%s: %d rows and %v", f, n, err)
		}
		if err := results.Write(&b, f, sampleVars, rows); err != failure {
			t.Errorf("%s: Write returns %v", f, err)
		}
	}
}

func TestWriteErrorIsReturned(t *testing.T) {
	r, w := io.Pipe()
	r.Close()
	many := make([][]rdf.Term, 5000)
	for i := range many {
		many[i] = sample[0]
	}
	if err := results.Write(w, results.JSON, sampleVars, rowsOf(many)); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v", err)
	}
}

func TestMalformed(t *testing.T) {
	for f, documents := range map[results.Format][]string{
		results.JSON: {"", "[]", "{", `{"head":{}}`, `{"results":{"bindings":[]}}`, `{"head":{"vars":["a"]},"results":{}}`,
			`{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"type":"uri"}}]}}`,
			`{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"type":"thing","value":"x"}}]}}`,
			`{"head":{"vars":["a"]},"results":{"bindings":[{"a":1}]}}`, `{"boolean":"true"}`, `{"head":{"vars":"a"}}`,
			`{"head":{"vars":["a"]},"results":{"bindings":[`, `{"head":{"vars":["a"]},"results":{"bindings":[]}`},
		results.XML: {"", "<sparql/>", `<sparql xmlns="http://www.w3.org/2005/sparql-results#">`,
			`<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head/><boolean>maybe</boolean></sparql>`,
			`<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head/></sparql>`,
			`<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head/><results><row/></results></sparql>`,
			`<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head/><results><result><binding name="a"/></result></results></sparql>`,
			`<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head/><results><result><binding name="a"><uri>a<b/></uri></binding></result></results></sparql>`,
			`<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head/><results><result><binding name="a"><uri>a</uri><uri>a</uri></binding></result></results></sparql>`,
			`<!DOCTYPE x [<!ENTITY e "x">]><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head/><results><result><binding name="a"><uri>&e;</uri></binding></result></results></sparql>`,
			`<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head/><results>`},
		results.TSV: {"", "a\n", "?\n", "?a\n<a\n", "?a\n\"a\n", "?a\nplain\n", "?a\n\"a\"x\n", "?a\n\"\\q\"\n", "?a\t?b\n1\n", "?a\n1\t2\n", "?a\n\"\\uD800\"\n", "?a\n\"\"@\n", "?a\n\"\"^^<>\n", "?a\n_:\n", "?a\n1.\n"},
		results.CSV: {"a,b\r\n1\r\n", "a\r\n\"x\r\n"},
	} {
		for _, document := range documents {
			r, err := results.Decode(strings.NewReader(document), f)
			if err == nil {
				for _, err = range r.Rows() {
					if err != nil {
						break
					}
				}
			}
			if !errors.Is(err, results.ErrSyntax) {
				t.Errorf("%s: %q gives %v", f, document, err)
			}
		}
	}
}

func TestDecodeLenient(t *testing.T) {
	r, err := results.Decode(strings.NewReader(`{"results":{"x":1,"bindings":[{"a":{"type":"typed-literal","datatype":"http://t","value":"v"}}],"y":2},"link":[],"head":{"vars":["a"]}}`), results.JSON)
	if err != nil {
		t.Fatal(err)
	}
	if got := collect(t, r); len(got) != 1 || got[0][0] != rdf.TypedLiteral("v", "http://t") {
		t.Errorf("got %v", got)
	}
	r, err = results.Decode(strings.NewReader("?a\t$b\r\n'it''s'\t1\r\n"), results.TSV)
	if err != nil {
		t.Fatal(err)
	}
	for _, err = range r.Rows() {
	}
	if !errors.Is(err, results.ErrSyntax) {
		t.Errorf("'it''s' is read: %v", err)
	}
}

func TestFormatOf(t *testing.T) {
	for name, want := range map[string]results.Format{
		"application/sparql-results+json": results.JSON, "JSON": results.JSON, "application/json; charset=utf-8": results.JSON,
		"application/sparql-results+xml": results.XML, "text/csv": results.CSV, "tsv": results.TSV, "text/turtle": 0, "": 0,
	} {
		if got, ok := results.FormatOf(name); got != want || ok != (want != 0) {
			t.Errorf("FormatOf(%q) = %v, %v", name, got, ok)
		}
	}
}

// Whatever is in a term, JSON and XML stay well-formed and TSV keeps its cells.
func FuzzRoundTrip(f *testing.F) {
	f.Add("plain", "en", "http://t")
	f.Add("</literal>\x00\ufffe", "x-1", "http://a\"><b")
	f.Add("\"\\\t\n", "e", "a\tb")
	f.Fuzz(func(t *testing.T, text, lang, iri string) {
		if strings.Trim(lang, "abcdefghijklmnopqrstuvwxyz-") != "" || lang == "" {
			lang = "en"
		}
		rows := [][]rdf.Term{
			{rdf.Literal(text), rdf.LangLiteral(text, lang), rdf.Term{}},
			{rdf.TypedLiteral(text, "http://e/"+iri), rdf.IRI("http://e/" + iri), rdf.TypedLiteral(text, rdf.XSDInteger)},
		}
		if !json.Valid([]byte(write(t, results.JSON, sampleVars, rows))) {
			t.Fatal("JSON is malformed")
		}
		for d := xml.NewDecoder(strings.NewReader(write(t, results.XML, sampleVars, rows))); ; {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("XML: %v", err)
			}
		}
		if !utf8.ValidString(text) || !utf8.ValidString(iri) {
			return
		}
		for _, format := range []results.Format{results.JSON, results.TSV} {
			r, err := results.Decode(strings.NewReader(write(t, format, sampleVars, rows)), format)
			if err != nil {
				t.Fatal(err)
			}
			if got := collect(t, r); !slices.EqualFunc(got, rows, slices.Equal) {
				t.Fatalf("%s: %v comes back as %v", format, rows, got)
			}
		}
	})
}

func FuzzDecode(f *testing.F) {
	for _, format := range results.Formats {
		var b bytes.Buffer
		if err := results.Write(&b, format, sampleVars, rowsOf(sample)); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes(), uint8(format))
	}
	f.Fuzz(func(t *testing.T, document []byte, format uint8) {
		r, err := results.Decode(bytes.NewReader(document), results.Format(1+format%4))
		if err != nil {
			return
		}
		for range r.Rows() {
		}
	})
}

func TestTable(t *testing.T) {
	var b bytes.Buffer
	table := results.Table{Width: 60, Prefixes: map[string]string{"ex": "http://example.org/", "exa": "http://example.org/a/", "xsd": rdf.XSD}}
	n, err := table.Write(&b, []string{"course", "title", "n"}, rowsOf([][]rdf.Term{
		{rdf.IRI("http://example.org/c1"), rdf.LangLiteral("A title that is rather longer than the terminal is wide", "en"), rdf.TypedLiteral("5", rdf.XSDInteger)},
		{rdf.IRI("http://example.org/a/c2"), rdf.Literal("日本語\x1b[31m\n"), rdf.TypedLiteral("--02", rdf.XSD+"gMonth")},
		{rdf.IRI("http://example.org/x/y"), rdf.Term{}, rdf.Blank("b")},
	}))
	if err != nil || n != 3 {
		t.Errorf("%d rows, %v", n, err)
	}
	golden.Check(t, "table.golden", b.Bytes())
}

func TestTableStreamsBeyondItsSample(t *testing.T) {
	var b bytes.Buffer
	rows := func(yield func([]rdf.Term, error) bool) {
		for i := range 2500 {
			if !yield([]rdf.Term{rdf.Literal(fmt.Sprint(i))}, nil) {
				return
			}
		}
		yield(nil, io.ErrUnexpectedEOF)
	}
	n, err := results.Table{}.Write(&b, []string{"i"}, rows)
	if n != 2500 || err != io.ErrUnexpectedEOF || strings.Count(b.String(), "\n") != 2502 {
		t.Errorf("%d rows, %d lines, %v", n, strings.Count(b.String(), "\n"), err)
	}
}

func TestEncodeDoesNotAllocate(t *testing.T) {
	for _, f := range results.Formats {
		e := results.NewEncoder(io.Discard, f, sampleVars)
		row := sample[0]
		if n := testing.AllocsPerRun(2000, func() {
			if err := e.Encode(row); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s allocates %v times a row", f, n)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	rows := make([][]rdf.Term, 1000)
	size := 0
	for i := range rows {
		rows[i] = []rdf.Term{
			rdf.IRI(fmt.Sprintf("http://example.org/course/%d", r.Uint64())),
			rdf.LangLiteral("Introduction to the Theory of Everything, part two", "en"),
			rdf.TypedLiteral(fmt.Sprint(r.IntN(100)), rdf.XSDInteger),
		}
	}
	for _, f := range results.Formats {
		b.Run(f.String(), func(b *testing.B) {
			var counted bytes.Buffer
			if err := results.Write(&counted, f, sampleVars, rowsOf(rows)); err != nil {
				b.Fatal(err)
			}
			size = counted.Len()
			b.SetBytes(int64(size))
			for b.Loop() {
				if err := results.Write(io.Discard, f, sampleVars, rowsOf(rows)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
