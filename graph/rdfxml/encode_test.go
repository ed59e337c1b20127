package rdfxml_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfxml"
)

func encode(quads []rdf.Quad, prefixes map[string]string) (string, error) {
	var doc strings.Builder
	e := rdfxml.NewEncoder(&doc, rdfxml.EncoderOptions{Prefixes: prefixes})
	for _, q := range quads {
		if err := e.Encode(q); err != nil {
			return "", err
		}
	}
	err := e.Close()
	return doc.String(), err
}

var prefixes = map[string]string{"e": "http://e/", "f": "http://e/f#", "unused": "http://unused/", "xmlish": "http://x/", "1": "http://1/"}

const sample = `<http://s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/f#C> .
<http://s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/f#D> .
<http://s> <http://e/title> "Größe <&> \"x\"\n"@de .
<http://s> <http://e/n> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .
<http://s> <http://e/plain> "\ttab\r" .
<http://s> <http://other/x/p> _:b0 .
<http://s> <http://another/7q> <http://o?a=1&b=> .
_:b0 <http://e/p> _:1 .
_:1 <http://e/p> "end" .
`

func TestEncode(t *testing.T) {
	got, err := encode(nquads(t, sample), prefixes)
	if err != nil {
		t.Fatal(err)
	}
	const want = `<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF
    xmlns:e="http://e/"
    xmlns:f="http://e/f#"
    xmlns:ns1="http://another/7"
    xmlns:ns2="http://other/x/"
    xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:nodeID="_1">
    <e:p>end</e:p>
  </rdf:Description>
  <rdf:Description rdf:nodeID="b0">
    <e:p rdf:nodeID="_1"/>
  </rdf:Description>
  <f:C rdf:about="http://s">
    <rdf:type rdf:resource="http://e/f#D"/>
    <ns1:q rdf:resource="http://o?a=1&amp;b="/>
    <e:n rdf:datatype="http://www.w3.org/2001/XMLSchema#integer">1</e:n>
    <e:plain>	tab&#xD;</e:plain>
    <e:title xml:lang="de">Größe &lt;&amp;&gt; "x"
</e:title>
    <ns2:p rdf:nodeID="b0"/>
  </f:C>
</rdf:RDF>
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestEncodeIsReadBack: what is written reads as what it was, and the bytes do
// not depend on the order in which the triples came.
func TestEncodeIsReadBack(t *testing.T) {
	quads := nquads(t, sample+`<http://s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#li> "x" .
<http://s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#_1> "x" .
<http://s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#Description> "x" .
<http://s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/1999/02/22-rdf-syntax-ns#li> .
<http://s> <http://www.w3.org/XML/1998/namespacelang> "x" .
<http://s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://no.name/1> .
<http://s> <http://e/x> "<a>&#x9;</a>"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral> .
_:a <http://e/p> _:A .
_:A <http://e/p> _:1 .
_:1 <http://e/p> _:_1 .
_:_1 <http://e/p> _:x.y .
`)
	quads = append(quads, rdf.Triple(rdf.Blank("a.b c"), rdf.IRI("http://e/p"), rdf.Blank("_x")))
	doc, err := encode(quads, prefixes)
	if err != nil {
		t.Fatal(err)
	}
	again, err := decode(doc, rdfxml.Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantIsomorphic(t, again, quads)
	r := rand.New(rand.NewPCG(1, 2))
	for range 5 {
		r.Shuffle(len(quads), func(i, j int) { quads[i], quads[j] = quads[j], quads[i] })
		if shuffled, _ := encode(append(quads, quads[0]), prefixes); shuffled != doc {
			t.Fatalf("the order shows through:\n%s\n%s", doc, shuffled)
		}
	}
}

// TestEncodeLong writes more than is sorted at a time.
func TestEncodeLong(t *testing.T) {
	var quads []rdf.Quad
	p, late := rdf.IRI("http://e/p"), rdf.IRI("http://late/p")
	for i := range 1<<16 + 10 {
		quads = append(quads, rdf.Triple(rdf.Blank("b"), p, rdf.Literal(strings.Repeat("x", i%7))), rdf.Triple(rdf.IRI("http://s/"+string(rune('a'+i%26))), p, rdf.Blank("b")))
	}
	quads = append(quads, rdf.Triple(rdf.IRI("http://z"), late, rdf.Literal("x")))
	doc, err := encode(quads, prefixes)
	if err != nil {
		t.Fatal(err)
	}
	if want := `<ns1:p xmlns:ns1="http://late/">x</ns1:p>`; !strings.Contains(doc, want) {
		t.Errorf("the document lacks %s", want)
	}
	again, err := decode(doc, rdfxml.Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantIsomorphic(t, again, quads)
}

func TestEncodeManyNamespaces(t *testing.T) {
	var quads []rdf.Quad
	for i := range 2000 {
		quads = append(quads, rdf.Triple(rdf.IRI("http://s"), rdf.IRI("http://e/"+strings.Repeat("x", i)+"/p"), rdf.Literal("x")))
	}
	doc, err := encode(quads, nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := decode(doc, rdfxml.Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantIsomorphic(t, again, quads)
}

func TestEncodeErrors(t *testing.T) {
	s, p := rdf.IRI("http://s"), rdf.IRI("http://e/p")
	tests := []struct {
		name string
		quad rdf.Quad
		want string
	}{
		{"no local name", rdf.Triple(s, rdf.IRI("http://e/1"), s), "rdfxml: predicate <http://e/1> does not end like an XML name"},
		{"all name", rdf.Triple(s, rdf.IRI("p"), s), "rdfxml: predicate <p> does not end like an XML name"},
		{"control character", rdf.Triple(s, p, rdf.Literal("ab\x00")), "rdfxml: XML has no character for byte 2 of the object of <http://e/p>"},
		{"invalid UTF-8", rdf.Triple(s, p, rdf.Literal("\xff")), "rdfxml: XML has no character for byte 0 of the object of <http://e/p>"},
		{"subject", rdf.Triple(rdf.IRI("http://\x01"), p, s), "rdfxml: XML has no character for byte 7 of the subject <http://\\u0001>"},
	}
	for _, test := range tests {
		if _, err := encode([]rdf.Quad{test.quad}, nil); err == nil || err.Error() != test.want {
			t.Errorf("%s: got %v, want %s", test.name, err, test.want)
		}
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestEncodeWriteError(t *testing.T) {
	e := rdfxml.NewEncoder(failing{}, rdfxml.EncoderOptions{})
	if err := e.Encode(rdf.Triple(rdf.IRI("http://s"), rdf.IRI("http://e/p"), rdf.Literal("x"))); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := e.Close(); err == nil || err.Error() != "disk full" {
			t.Errorf("got %v, want the writer's error", err)
		}
	}
}
