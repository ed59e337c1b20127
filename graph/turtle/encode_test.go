package turtle_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"qlgraph/graph/canon"
	"qlgraph/graph/rdf"
	"qlgraph/graph/turtle"
	"qlgraph/internal/golden"
)

var prefixes = map[string]string{
	"":     "http://example.org/",
	"ex":   "http://example.org/ns#",
	"sub":  "http://example.org/ns#sub/",
	"xsd":  rdf.XSD,
	"rdf":  rdf.RDF,
	"1bad": "http://example.org/not-a-prefix/",
}

func parse(t *testing.T, doc string, trig bool) []rdf.Quad {
	t.Helper()
	quads, err := collect(turtle.NewDecoder(strings.NewReader(doc), turtle.Options{TriG: trig}))
	if err != nil {
		t.Fatalf("%v in\n%s", err, doc)
	}
	return quads
}

func print(t *testing.T, quads []rdf.Quad, opts turtle.EncoderOptions) string {
	t.Helper()
	var b strings.Builder
	e := turtle.NewEncoder(&b, opts)
	for _, q := range quads {
		if err := e.Encode(q); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func wantIsomorphic(t *testing.T, got, want []rdf.Quad) {
	t.Helper()
	same, err := canon.Isomorphic(got, want)
	if err != nil {
		t.Fatal(err)
	}
	if !same {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestEncoderLayout(t *testing.T) {
	for _, name := range []string{"terms", "strings", "nodes", "lists", "cycles", "graphs"} {
		t.Run(name, func(t *testing.T) {
			trig := name == "graphs"
			quads := parse(t, layouts[name], trig)
			for _, stream := range []bool{false, true} {
				opts := turtle.EncoderOptions{TriG: trig, Prefixes: prefixes, Stream: stream}
				text := print(t, quads, opts)
				golden.Check(t, fmt.Sprintf("layout/%s-stream-%t.ttl", name, stream), []byte(text))
				wantIsomorphic(t, parse(t, text, trig), quads)
			}
		})
	}
}

var layouts = map[string]string{
	"terms": `
		@prefix ex: <http://example.org/ns#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
		ex:s ex:z 1, 01, -1, +1, 1.0, .5, 1e0, 1.5E-3, .5e7, true, false ;
			ex:y "1."^^xsd:decimal, "x"^^xsd:integer, "1"^^xsd:boolean, "1.0"^^xsd:double, "e5"^^xsd:double, ""^^xsd:integer, "2026-01-01"^^xsd:date ;
			ex:x "plain", "Deutsch"@de, "English"@en-GB, "typed"^^ex:type ;
			a ex:B, ex:A ;
			ex:iri <http://example.org/ns#sub/leaf>, <http://example.org/ns#sub/a/b>, <http://example.org/>, <http://example.org/a.b>,
				<http://example.org/a.>, <http://example.org/ns#-x>, <http://example.org/ns#7>, <http://example.org/ns#é>, <http://example.org/%41>, <urn:other> .
		<http://example.org/not-a-prefix/x> ex:p ex:o .`,
	"strings": `
		@prefix ex: <http://example.org/ns#> .
		ex:s ex:p "", "quote \" backslash \\ tab \t return \r null \u0000 delete \u007F bell \u0007",
			"two\nlines", "\"quotes\"\n\"\"\"three\"\"\"\nand one at the end\"", "\n", "ends in a backslash\\", "ends\nin a backslash\\",
			"αβγ", "\U0001F600" .`,
	"nodes": `
		@prefix ex: <http://example.org/ns#> .
		ex:s ex:one [ ex:p 1 ] ; ex:none [] ; ex:two [ a ex:T ; ex:p [ ex:q 1 ] ], [ a ex:T ; ex:p [ ex:q 2 ] ] , ex:flat ;
			ex:shared _:shared .
		[] a ex:Anonymous ; ex:p "b" .
		[ a ex:Anonymous ] ex:p "a" .
		ex:t ex:shared _:shared . _:shared ex:p "has a label" .
		_:loop ex:self _:loop .`,
	"lists": `
		@prefix ex: <http://example.org/ns#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
		ex:s ex:empty () ; ex:one (1) ; ex:nested ((1 2) () ("a" "b")) ; ex:nodes ([ ex:p 1 ] [ ex:p 2 ; ex:q 3 ]) ;
			ex:long ("a string of some length" "a string of some length" "a string of some length" "a string of some length") ;
			ex:open [ rdf:first 1 ; rdf:rest [ rdf:first 2 ] ] ;
			ex:forked [ rdf:first 1, 2 ; rdf:rest () ] ;
			ex:typed [ a rdf:List ; rdf:first 1 ; rdf:rest () ] ;
			ex:shared [ rdf:first 1 ; rdf:rest _:tail ], [ rdf:first 2 ; rdf:rest _:tail ] .
		_:tail rdf:first 3 ; rdf:rest () .
		(1 2) ex:p "a list as subject" .`,
	"cycles": `
		@prefix ex: <http://example.org/ns#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
		_:b ex:p _:a . _:a ex:p _:c . _:c ex:p _:b .
		_:x rdf:first 1 ; rdf:rest _:x .
		_:y ex:q _:z . _:z ex:q _:y ; ex:r [ ex:s 1 ] .`,
	"graphs": `
		@prefix ex: <http://example.org/ns#> .
		ex:g2 { ex:s ex:p [ ex:q 1 ], _:both ; a ex:T . ex:a ex:p 1 }
		ex:s ex:p 1 .
		ex:g1 { ex:s ex:p [ ex:q 1 ; ex:r (1 2) ] . _:both ex:p 1 . ex:x ex:p _:name . ex:y ex:p _:lone }
		_:name { ex:s ex:p 1 }
		_:other { ex:s ex:p 2 }`,
}

func TestEncoderIsDeterministic(t *testing.T) {
	for name, doc := range layouts {
		t.Run(name, func(t *testing.T) {
			opts := turtle.EncoderOptions{TriG: true, Prefixes: prefixes}
			quads := parse(t, doc, true)
			want := print(t, quads, opts)
			random := rand.New(rand.NewPCG(1, 2))
			for range 20 {
				random.Shuffle(len(quads), func(i, j int) { quads[i], quads[j] = quads[j], quads[i] })
				twice := append(quads, quads[:len(quads)/2]...)
				if got := print(t, twice, opts); got != want {
					t.Fatalf("in another order: got\n%s\nwant\n%s", got, want)
				}
			}
		})
	}
}

// The labels of nested nodes do not show in the document.
func TestEncoderIgnoresLabelsOfNestedNodes(t *testing.T) {
	const doc = `<x:s> <x:p> _:%[1]s . _:%[1]s <x:q> "1" . <x:s> <x:p> _:%[2]s . _:%[2]s <x:q> "2" . _:%[3]s <x:q> "3" .`
	opts := turtle.EncoderOptions{}
	a := print(t, parse(t, fmt.Sprintf(doc, "a", "b", "c"), false), opts)
	b := print(t, parse(t, fmt.Sprintf(doc, "z", "y", "x"), false), opts)
	if a != b {
		t.Errorf("labels show:\n%s\n%s", a, b)
	}
}

func TestEncoderPrintParseIsFixpoint(t *testing.T) {
	for name, doc := range layouts {
		t.Run(name, func(t *testing.T) {
			opts := turtle.EncoderOptions{TriG: true, Prefixes: prefixes}
			once := print(t, parse(t, doc, true), opts)
			if twice := print(t, parse(t, once, true), opts); twice != once {
				t.Errorf("got\n%s\nwant\n%s", twice, once)
			}
		})
	}
}

func TestEncoderNestsToALimit(t *testing.T) {
	const depth = 900
	quads := parse(t, "<x:s> <x:p> "+strings.Repeat("[ <x:p> 1 ; <x:q> ", depth)+"2"+strings.Repeat("]", depth)+" .", false)
	text := print(t, quads, turtle.EncoderOptions{})
	wantIsomorphic(t, parse(t, text, false), quads)
	if len(text) > 300*depth {
		t.Errorf("%d bytes for %d nested nodes", len(text), depth)
	}
}

// Beyond a limit nothing more is kept, and nothing is lost.
func TestEncoderStreamsWhatIsTooLongToSort(t *testing.T) {
	for name, doc := range layouts {
		list := parse(t, doc, true)
		for _, limit := range []int{1, len(list) / 2, len(list)} {
			text := print(t, list, turtle.EncoderOptions{TriG: true, Prefixes: prefixes, MaxSorted: limit})
			wantIsomorphic(t, parse(t, text, true), list)
			sorted := print(t, list, turtle.EncoderOptions{TriG: true, Prefixes: prefixes})
			if (text == sorted) != (limit == len(list)) {
				t.Errorf("%s with a limit of %d for %d quads:\n%s", name, limit, len(list), text)
			}
		}
	}
}

func TestEncoderMergesGraphsInTurtle(t *testing.T) {
	quads := parse(t, `<x:g> { <x:s> <x:p> 1 } <x:h> { <x:s> <x:p> 1, 2 }`, true)
	for _, stream := range []bool{false, true} {
		got := parse(t, print(t, quads, turtle.EncoderOptions{Stream: stream}), false)
		want := map[rdf.Quad]bool{}
		for _, q := range quads {
			want[q.In(rdf.Term{})] = true
		}
		for _, q := range got {
			if !want[q] {
				t.Errorf("stream %t: unexpected %v", stream, q)
			}
		}
	}
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestEncoderReportsWriteErrors(t *testing.T) {
	for _, stream := range []bool{false, true} {
		e := turtle.NewEncoder(failingWriter{}, turtle.EncoderOptions{Stream: stream})
		q := rdf.Triple(rdf.IRI("x:s"), rdf.IRI("x:p"), rdf.Literal("o"))
		for range 10_000 {
			e.Encode(q)
		}
		if err := e.Close(); err != io.ErrClosedPipe {
			t.Errorf("stream %t: Close returns %v", stream, err)
		}
	}
}

func TestEncoderOfNothing(t *testing.T) {
	var b bytes.Buffer
	if err := turtle.NewEncoder(&b, turtle.EncoderOptions{Prefixes: prefixes}).Close(); err != nil || b.Len() > 0 {
		t.Errorf("got %q, %v", b.String(), err)
	}
}
