package turtle_test

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"testing"
	"testing/iotest"

	"qlgraph/graph/rdf"
	"qlgraph/graph/turtle"
)

// quads prints the quads of a document as N-Quads, one on each line.
func quads(t *testing.T, doc string, opts turtle.Options) string {
	t.Helper()
	list, err := collect(turtle.NewDecoder(strings.NewReader(doc), opts))
	if err != nil {
		t.Fatalf("%v in\n%s", err, doc)
	}
	var b strings.Builder
	for _, q := range list {
		fmt.Fprintln(&b, q)
	}
	return b.String()
}

func TestDecoderOrderAndLabels(t *testing.T) {
	tests := []struct{ name, doc, want string }{
		{"lists and nodes follow the triple that refers to them",
			`<x:s> <x:p> [ <x:q> (1 [] "b") ] , "c" .`,
			`<x:s> <x:p> _:g1 .
_:g1 <x:q> _:g2 .
_:g2 <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .
_:g2 <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> _:g3 .
_:g3 <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> _:g4 .
_:g3 <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> _:g5 .
_:g5 <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> "b" .
_:g5 <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil> .
<x:s> <x:p> "c" .
`},
		{"written labels stay apart from generated ones",
			`_:g1 <x:p> [], _:g1_, _:g2x, _:g, _:g01 .`,
			`_:g1_ <x:p> _:g1 .
_:g1_ <x:p> _:g1__ .
_:g1_ <x:p> _:g2x .
_:g1_ <x:p> _:g .
_:g1_ <x:p> _:g01_ .
`},
		{"prefixes can change",
			`PREFIX e: <x:1/> e:a e:b e:c . @prefix e: <x:2/> . e:a e:b e:c .`,
			"<x:1/a> <x:1/b> <x:1/c> .\n<x:2/a> <x:2/b> <x:2/c> .\n"},
		{"so can the base",
			`@base <http://a/> . <s> <p> <o> . BASE <b/> <s> <p> <o> .`,
			"<http://a/s> <http://a/p> <http://a/o> .\n<http://a/b/s> <http://a/b/p> <http://a/b/o> .\n"},
		{"IRIs with a scheme are kept as written",
			`@base <http://a/> . <http://b/c/../d> <HTTP://B> <http:e> .`,
			"<http://b/c/../d> <HTTP://B> <http:e> .\n"},
		{"words that begin like keywords",
			`@prefix prefix: <x:> . @prefix base: <y:> . @prefix true: <z:> . @prefix a: <w:> . prefix:s base:p true:o . base:s a:a true . prefix:s a a:true.`,
			"<x:s> <y:p> <z:o> .\n<y:s> <w:a> \"true\"^^<http://www.w3.org/2001/XMLSchema#boolean> .\n<x:s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <w:true> .\n"},
		{"escapes in names",
			`@prefix e: <x:> . e:a\,b e:%41 e:c\.\- .`,
			"<x:a,b> <x:%41> <x:c.-> .\n"},
		{"dots behind names and numbers",
			`@prefix e: <x:> . e:a.b e:c 1.e:d e:e 1.0.e:f e:g 1e0.e:h e:i e:j.`,
			`<x:a.b> <x:c> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .
<x:d> <x:e> "1.0"^^<http://www.w3.org/2001/XMLSchema#decimal> .
<x:f> <x:g> "1e0"^^<http://www.w3.org/2001/XMLSchema#double> .
<x:h> <x:i> <x:j> .
`},
		{"a byte-order mark", "\uFEFF<x:s> <x:p> <x:o> .", "<x:s> <x:p> <x:o> .\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := quads(t, tt.doc, turtle.Options{}); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestDecoderLabelPrefix(t *testing.T) {
	got := quads(t, `_:a <x:p> [], _:g1 . _:a { _:a <x:p> _:b }`, turtle.Options{TriG: true, LabelPrefix: "d7-"})
	want := `_:d7-a <x:p> _:d7-g1 .
_:d7-a <x:p> _:d7-g1_ .
_:d7-a <x:p> _:d7-b _:d7-a .
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestDecoderPrefixes(t *testing.T) {
	d := turtle.NewDecoder(strings.NewReader(`@prefix a: <x:a> . @prefix : <x:> . PREFIX a: <x:b>`), turtle.Options{})
	if _, err := collect(d); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"a": "x:b", "": "x:"}
	if got := maps.Collect(d.Prefixes); !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// The window may end anywhere: a document read byte by byte gives the same.
func TestDecoderReadsInPieces(t *testing.T) {
	for name, doc := range layouts {
		whole := parse(t, doc, true)
		d := turtle.NewDecoder(iotest.OneByteReader(strings.NewReader(doc)), turtle.Options{TriG: true})
		pieces, err := collect(d)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if fmt.Sprint(pieces) != fmt.Sprint(whole) {
			t.Errorf("%s: got %v, want %v", name, pieces, whole)
		}
	}
}

func TestDecoderReportsReadErrors(t *testing.T) {
	broken := errors.New("connection lost")
	for _, doc := range []string{"", "<x:s", "<x:s> <x:p> \"abc", "<x:s> <x:p> \"\\u00", "<x:s> <x:p> 1", "# comment \xC3", "@pre"} {
		r := io.MultiReader(strings.NewReader(doc), iotest.ErrReader(broken))
		if _, err := collect(turtle.NewDecoder(r, turtle.Options{})); !errors.Is(err, broken) {
			t.Errorf("behind %q: got %v", doc, err)
		}
	}
}

func TestDecoderErrors(t *testing.T) {
	const pre = "@prefix e: <x:> .\n"
	tests := []struct{ doc, want string }{
		{"<x:s>\n  <x:p>\n  <x:ö> <x:o> .", `3:9: expected ",", ";" or ".", found '<'`},
		{"<x:s> <x:p> <x:o>", `1:18: expected ",", ";" or ".", found the end of the document`},
		{"<x:s> <x:p> .", `1:13: expected an object, found '.'`},
		{"<x:s> <x:p", `1:11: expected ">", found the end of the document`},
		{"<x:s> <x:p q>", `1:11: expected an IRI character or ">", found ' '`},
		{"<x:s\n>", `1:5: expected an IRI character or ">", found '\n'`},
		{`<x:\u0020>`, `1:4: character ' ' is not allowed in an IRI, escaped or not`},
		{`<x:\U00110000>`, `1:4: escape is not a Unicode scalar value`},
		{`<x:\uD800>`, `1:4: escape is not a Unicode scalar value`},
		{"<s> <x:p> <x:o> .", `1:2: expected an absolute IRI, as there is no base`},
		{"<x:s> <x:%zz> <x:o> .", `1:8: IRI, byte 2: expected two hexadecimal digits after "%"`},
		{"\"literal\" <x:p> <x:o> .", `1:1: expected a subject or a directive, found '"'`},
		{"e:s e:p e:o .", `1:1: prefix "e:" is not declared`},
		{pre + "e:s \"p\" e:o .", `2:5: expected a predicate, found '"'`},
		{pre + "e:s true e:o .", `2:5: expected a predicate, found 't'`},
		{pre + "e:s e:p truth .", `2:9: expected an object, found 't'`},
		{pre + "e:s e:p \"a\nb\" .", `2:11: expected the closing quote before the end of the line`},
		{pre + "e:s e:p '''a\n\nb", `4:2: expected the closing quote, found the end of the document`},
		{pre + `e:s e:p "\q" .`, `2:11: expected one of t b n r f " ' \ u U after "\", found 'q'`},
		{pre + `e:s e:p """` + "\n" + `\u00g0""" .`, `3:5: expected a hexadecimal digit`},
		{pre + `e:s e:p "a"@ .`, `2:13: expected a language tag, found ' '`},
		{pre + `e:s e:p "a"@en- .`, `2:16: expected a language tag, found ' '`},
		{pre + `e:s e:p "a"^e:t .`, `2:13: expected "^^", found 'e'`},
		{pre + `e:s e:p "a"^^"b" .`, `2:14: expected a datatype, found '"'`},
		{pre + `e:s e:p +x .`, `2:10: expected a digit, found 'x'`},
		{pre + `e:s e:p e:%4 .`, `2:13: expected a hexadecimal digit after "%", found ' '`},
		{pre + `e:s e:p e:\x .`, `2:12: expected one of _~.-!$&'()*+,;=/?#@% after "\", found 'x'`},
		{pre + `e:s e:p [ e:q 1 .`, `2:17: expected ",", ";" or "]", found '.'`},
		{pre + `e:s e:p ( 1 .`, `2:13: expected an object, found '.'`},
		{pre + `e:s e:p _:-a .`, `2:11: expected a blank node label, found '-'`},
		{pre + `e:s e:p _a .`, `2:10: expected ":" after "_", found 'a'`},
		{pre + "e:s e:p \"\xff\" .", `2:10: expected UTF-8`},
		{pre + "e:s e:\xc3( 1 .", `2:7: expected UTF-8`},
		{pre + "# comment \xff\n", `2:11: expected UTF-8`},
		{pre + "e:s e:p \x00 .", `2:9: expected an object, found '\x00'`},
		{"@prefix e <x:> .", `1:9: expected a prefix with ":", found 'e'`},
		{"@prefix e: .", `1:12: expected an IRI in <…>, found '.'`},
		{"@prefix e: <x:>\n", `2:1: expected ".", found the end of the document`},
		{"@PREFIX e: <x:> .", `1:2: expected "prefix" or "base", found 'P'`},
		{"\xff\xfe<\x00", `1:1: expected UTF-8, found UTF-16`},
		{"<x:g> { <x:s> <x:p> <x:o> }", `1:7: expected a predicate, found '{'`},
	}
	for _, tt := range tests {
		_, err := collect(turtle.NewDecoder(strings.NewReader(tt.doc), turtle.Options{}))
		if err == nil || err.Error() != tt.want {
			t.Errorf("%q:\n got %v\nwant %s", tt.doc, err, tt.want)
		}
	}
}

func TestDecoderErrorsInTriG(t *testing.T) {
	tests := []struct{ doc, want string }{
		{"<x:g> { <x:s> <x:p> <x:o>", `1:26: expected ",", ";" or "." or "}", found the end of the document`},
		{"<x:g> { <x:s> <x:p> <x:o> .", `1:28: expected "}", found the end of the document`},
		{"<x:g> { <x:h> { } }", `1:15: expected a predicate, found '{'`},
		{"{ @prefix e: <x:> . }", `1:3: expected a subject or "}", found '@'`},
		{"GRAPH <x:g> <x:s> <x:p> <x:o> .", `1:13: expected "{", found '<'`},
		{"}", `1:1: expected a subject or a directive, found '}'`},
		{"GRAPH [ <x:p> 1 ] { }", `1:9: expected "]", found '<'`},
	}
	for _, tt := range tests {
		_, err := collect(turtle.NewDecoder(strings.NewReader(tt.doc), turtle.Options{TriG: true}))
		if err == nil || err.Error() != tt.want {
			t.Errorf("%q:\n got %v\nwant %s", tt.doc, err, tt.want)
		}
	}
}

// An error comes behind the quads that precede it, and stays.
func TestDecoderStopsAtTheError(t *testing.T) {
	d := turtle.NewDecoder(strings.NewReader("<x:a> <x:p> 1, 2, . <x:b> <x:p> 3 ."), turtle.Options{})
	got, err := collect(d)
	if len(got) != 2 || err == nil {
		t.Fatalf("got %v, %v", got, err)
	}
	if _, again := d.Next(); again != err {
		t.Errorf("then got %v", again)
	}
	n := 0
	for _, err := range turtle.NewDecoder(strings.NewReader("<x:a> <x:p> 1, 2, ."), turtle.Options{}).All() {
		if n++; (err != nil) != (n == 3) {
			t.Errorf("element %d: %v", n, err)
		}
	}
}

func TestDecoderAnyIRI(t *testing.T) {
	const doc = `<x:s> <x:p> <http://a/?b[]=%zz> .`
	if _, err := collect(turtle.NewDecoder(strings.NewReader(doc), turtle.Options{})); err == nil {
		t.Error("accepted without AnyIRI")
	}
	if got, want := quads(t, doc, turtle.Options{AnyIRI: true}), doc+"\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	_, err := collect(turtle.NewDecoder(strings.NewReader(`<x:s> <x:p> <a b> .`), turtle.Options{AnyIRI: true, Base: "x:"}))
	var syntax *rdf.SyntaxError
	if !errors.As(err, &syntax) {
		t.Errorf("a space is accepted: %v", err)
	}
}
