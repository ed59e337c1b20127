package rdfxml_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"qlgraph/graph/canon"
	"qlgraph/graph/ntriples"
	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfxml"
)

// document puts a body, on line 2, into a root element.
func document(body string) string {
	return `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/" xml:base="http://b/d">` + "\n" + body + "</rdf:RDF>"
}

func decode(doc string, opts rdfxml.Options) ([]rdf.Quad, error) {
	return collect(rdfxml.NewDecoder(strings.NewReader(doc), opts))
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

const xmlLiteral = `"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral> .`

// TestDecode covers what the W3C suite does not.
func TestDecode(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"CDATA, references, comments and instructions within a literal",
			`<e:C rdf:about="s"><e:p>a<![CDATA[<&]]>&amp;<!-- no -->&#x42;<?no?>&#67;</e:p></e:C>`,
			`<http://b/s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/C> . <http://b/s> <http://e/p> "a<&&BC" .`},
		{"line ends in text become LF, in attributes blanks",
			"<rdf:Description rdf:about='s' e:p='a\r\nb\tc&#10;'><e:q>a\r\nb\rc</e:q></rdf:Description>",
			`<http://b/s> <http://e/p> "a b c\n" . <http://b/s> <http://e/q> "a\nb\nc" .`},
		{"white space around an empty property's content",
			"<rdf:Description rdf:about='s'><e:p rdf:resource='o'>\n</e:p></rdf:Description>",
			`<http://b/s> <http://e/p> <http://b/o> .`},
		{"xml:lang is inherited and taken back",
			`<rdf:Description rdf:about="s" xml:lang="de"><e:p>x</e:p><e:p xml:lang="">y</e:p><e:p xml:lang="en-GB">z</e:p></rdf:Description>`,
			`<http://b/s> <http://e/p> "x"@de . <http://b/s> <http://e/p> "y" . <http://b/s> <http://e/p> "z"@en-GB .`},
		{"collection",
			`<rdf:Description rdf:about="s"><e:p rdf:parseType="Collection"><rdf:Description rdf:about="a"/><e:C/></e:p></rdf:Description>`,
			`<http://b/s> <http://e/p> _:1 . _:1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> <http://b/a> .
_:1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> _:2 . _:2 <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> _:3 .
_:3 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/C> .
_:2 <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil> .`},
		{"empty collection",
			`<rdf:Description rdf:about="s"><e:p rdf:parseType="Collection"> </e:p></rdf:Description>`,
			`<http://b/s> <http://e/p> <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil> .`},
		{"names above ASCII, nodeIDs that look generated or end with a dot",
			`<e:Künstler rdf:nodeID="g1"><e:größe rdf:nodeID="a."/></e:Künstler>`,
			`_:x <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/Künstler> . _:x <http://e/größe> _:y .`},
		{"XML literal: namespaces in use only, attributes sorted, empty elements opened",
			`<rdf:Description rdf:about="s"><e:p rdf:parseType="Literal" xmlns:u="http://u/"><e:b z="&lt;&#9;" u:a='"' a="1"/>&gt;</e:p></rdf:Description>`,
			`<http://b/s> <http://e/p> "<e:b xmlns:e=\"http://e/\" xmlns:u=\"http://u/\" a=\"1\" z=\"&lt;&#x9;\" u:a=\"&quot;\"></e:b>&gt;` + xmlLiteral},
		{"XML literal: nested default namespaces, comment, instruction, CDATA",
			`<rdf:Description rdf:about="s"><e:p rdf:parseType="Literal"><a xmlns="http://a/"><b/><b xmlns=""><c/></b></a><!-- c --><?pi  x ?><![CDATA[<]]></e:p></rdf:Description>`,
			`<http://b/s> <http://e/p> "<a xmlns=\"http://a/\"><b></b><b xmlns=\"\"><c></c></b></a><!-- c --><?pi x ?>&lt;` + xmlLiteral},
		{"XML literal: prefixes bound anew",
			`<rdf:Description rdf:about="s"><e:p rdf:parseType="Literal"><e:a><e:b xmlns:e="http://f/"/><e:c xml:lang="de"/></e:a></e:p></rdf:Description>`,
			`<http://b/s> <http://e/p> "<e:a xmlns:e=\"http://e/\"><e:b xmlns:e=\"http://f/\"></e:b><e:c xml:lang=\"de\"></e:c></e:a>` + xmlLiteral},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := decode(document(test.body), rdfxml.Options{})
			if err != nil {
				t.Fatal(err)
			}
			wantIsomorphic(t, got, nquads(t, strings.ReplaceAll(test.want, " . ", " .\n")))
		})
	}
}

func TestEntities(t *testing.T) {
	const doc = `<?xml version="1.0"?>
<!DOCTYPE rdf:RDF [
  <!-- abbreviations --> <?pi?>
  <!ENTITY e "http://e/"> <!ENTITY e "ignored">
  <!ENTITY amp "&#38;#38;">
  <!ENTITY q 'a&amp;b&#xE9;'>
]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="&e;"><e:C rdf:about="&e;s"><e:p>&q;</e:p></e:C></rdf:RDF>`
	got, err := decode(doc, rdfxml.Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantIsomorphic(t, got, nquads(t, `<http://e/s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/C> .
<http://e/s> <http://e/p> "a&bé" .`))
}

func TestEncodings(t *testing.T) {
	body := document(`<rdf:Description rdf:about="s"><e:p>Größe</e:p></rdf:Description>`)
	recode := func(e interface{ String(string) (string, error) }, s string) string {
		out, err := e.String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	want := nquads(t, `<http://b/s> <http://e/p> "Größe" .`)
	for name, doc := range map[string]string{
		"UTF-8":                       `<?xml version="1.0" encoding="UTF-8"?>` + body,
		"UTF-8 with byte-order mark":  "\uFEFF" + body,
		"UTF-16, little-endian":       recode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder(), `<?xml version="1.0" encoding="utf-16"?>`+body),
		"UTF-16, big-endian":          recode(unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder(), body),
		"ISO-8859-1":                  recode(charmap.ISO8859_1.NewEncoder(), `<?xml version='1.0' encoding='ISO-8859-1' ?>`+body),
		"windows-1252":                recode(charmap.Windows1252.NewEncoder(), `<?xml version="1.0" encoding="Windows-1252" standalone="yes"?>`+body),
		"UTF-8, declared as US-ASCII": `<?xml version="1.0" encoding="us-ascii"?>` + body,
	} {
		got, err := decode(doc, rdfxml.Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		wantIsomorphic(t, got, want)
	}
}

// TestSmallReads: where the input is cut must not matter.
func TestSmallReads(t *testing.T) {
	doc := "<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY e 'x'>]>" + document(`<!-- c --><e:Künstler rdf:about="s" e:größe="&e;é"><e:p rdf:parseType="Literal"><a>&e;<![CDATA[]]]]></a></e:p></e:Künstler>`)
	want, err := decode(doc, rdfxml.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := collect(rdfxml.NewDecoder(iotest.OneByteReader(strings.NewReader(doc)), rdfxml.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	wantIsomorphic(t, got, want)
}

func TestLabelPrefix(t *testing.T) {
	got, err := decode(document(`<e:C/><e:C rdf:nodeID="x"/>`), rdfxml.Options{LabelPrefix: "d7-"})
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(got[0].S, got[1].S) != "_:d7-1 _:d7-x" {
		t.Errorf("got the labels %v and %v", got[0].S, got[1].S)
	}
}

func TestReadError(t *testing.T) {
	broken := errors.New("broken")
	r := io.MultiReader(strings.NewReader(`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Des`), iotest.ErrReader(broken))
	d := rdfxml.NewDecoder(r, rdfxml.Options{})
	for range 2 {
		if _, err := d.Next(); err != broken {
			t.Errorf("got %v, want the reader's error, again and again", err)
		}
	}
}

// TestSyntaxErrors: the position and the message for each way to be wrong.
func TestSyntaxErrors(t *testing.T) {
	const d = `<rdf:Description rdf:about="s">`
	tests := []struct{ name, doc, want string }{
		{"empty", "", "1:1: expected an element, found the end of the document"},
		{"not XML", "{}", "1:1: expected no text here"},
		{"truncated tag", "<a", `1:3: expected ">", found the end of the document`},
		{"truncated document", "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\n ", "2:2: expected </rdf:RDF>, found the end of the document"},
		{"no namespace", "<a/>", "1:1: expected an element in a namespace"},
		{"prefix not declared", "\n\n  <a:b/>", "3:4: prefix a: is not declared"},
		{"attribute's prefix not declared", "<a xmlns='http://a/' b:c=''/>", "1:22: prefix b: is not declared"},
		{"two roots", document("") + "<a/>", "2:11: expected the end of the document behind its root element"},
		{"wrong end tag", "<a xmlns='http://a/'>\n</b>", "2:1: expected </a>, found another end tag"},
		{"end tag alone", "</a>", "1:1: end tag without a start tag"},
		{"attribute twice", "<a xmlns='http://a/' xmlns:a='http://a/' xmlns:b='http://a/' a:x='' b:x=''/>", "1:69: attribute x stands twice"},
		{"unquoted attribute", "<a b=c>", `1:6: expected a quoted value, found 'c'`},
		{"< in an attribute", "<a b='<'>", `1:7: expected no "<" within an attribute`},
		{"no space between attributes", "<a b=''c=''>", `1:8: expected white space, ">" or "/>", found 'c'`},
		{"two colons", "<a:b:c/>", `1:5: expected white space, ">" or "/>", found ':'`},
		{"bad name", "<1/>", `1:2: expected a name, found '1'`},
		{"xml declaration too late", "\n<?xml version='1.0'?>", "2:1: expected the XML declaration at the start of the document only"},
		{"XML 1.1", "<?xml version='1.1'?><a/>", "1:16: expected XML version 1.0"},
		{"version missing", "<?xml encoding='utf-8'?><a/>", `1:7: expected version="1.0", found 'e'`},
		{"unknown encoding", "<?xml version='1.0' encoding='EBCDIC'?><a/>", "1:31: expected the encoding UTF-8, UTF-16 (with byte-order mark), ISO-8859-1 or windows-1252, found EBCDIC"},
		{"UTF-16 without a mark", "\x00<\x00a", "1:1: expected a byte-order mark, as the document is UTF-16"},
		{"invalid UTF-8 in text", document(d + "<e:p>é\xff</e:p></rdf:Description>"), "2:38: expected UTF-8 characters that XML allows"},
		{"invalid UTF-8 in a name", "<a\xff/>", `1:3: expected white space, ">" or "/>", found invalid UTF-8`},
		{"U+FFFF", document(d + "\uFFFF"), "2:32: expected UTF-8 characters that XML allows"},
		{"NUL", document("\x00"), `2:1: character '\x00' is not allowed in XML`},
		{"NUL in an attribute", "<a b='\x00'/>", `1:7: character '\x00' is not allowed in XML`},
		{"control in a comment", "<!--\x01--><a/>", `1:5: character '\x01' is not allowed in XML`},
		{"reference to NUL", document("&#0;"), "2:1: reference is not to a character that XML allows"},
		{"reference without digits", document("&#;"), `2:1: expected digits behind "&#"`},
		{"reference with a sign", document("&#-1;"), `2:1: expected digits behind "&#"`},
		{"unknown entity", document("&nbsp;"), "2:1: entity &nbsp; is not declared"},
		{"stray ampersand", document("a & b"), `2:3: expected ";" behind "&" and a name`},
		{"]]> in text", document(d + "]]>"), `2:32: expected no "]]>" within text`},
		{"-- in a comment", "<!-- -- -->", `1:6: expected no "--" within a comment`},
		{"unknown declaration", "<!FOO>", "1:1: expected a comment, a CDATA section within an element, or one document type before the root element"},
		{"prefix xml bound otherwise", "<a xmlns:xml='http://a/'/>", "1:4: the prefix xml: must not be declared otherwise than it is"},
		{"prefix xmlns bound", "<a xmlns:xmlns='http://a/'/>", "1:4: the prefix xmlns: must not be declared"},
		{"prefix bound to nothing", "<a xmlns:b=''/>", "1:4: expected a namespace for the prefix"},
		{"attributes of rdf:RDF", "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' rdf:about=''/>", "1:1: expected no attributes of rdf:RDF but namespaces and xml: ones"},
		{"text between nodes", document("x"), "2:1: expected no text here"},
		{"text between properties", document(d + "\n x"), "3:2: expected no text here"},
		{"text before a node", document(d + "<e:p>x<e:C/></e:p>"), "2:38: expected no element behind text in a property element"},
		{"two nodes in a property", document(d + "<e:p><e:C/><e:C/></e:p>"), "2:43: expected the end of the property element"},
		{"node in a typed literal", document(d + "<e:p rdf:datatype='http://t/'><e:C/></e:p>"), "2:62: expected text, as the property element has rdf:datatype"},
		{"attribute without namespace", document("<e:C a=''/>"), "2:6: expected an attribute in a namespace"},
		{"about and ID", document("<e:C rdf:about='' rdf:ID='a'/>"), "2:19: expected rdf:about or rdf:ID, not both"},
		{"ID twice", document("<e:C rdf:ID='a'/><e:C rdf:ID='a'/>"), "2:23: rdf:ID a stands twice"},
		{"ID no name", document("<e:C rdf:ID='1'/>"), "2:6: expected a name without colon in rdf:ID"},
		{"nodeID no name", document("<e:C rdf:nodeID='a:b'/>"), "2:6: expected a name without colon in rdf:nodeID"},
		{"resource on a node", document("<e:C rdf:resource=''/>"), "2:6: rdf:resource is not allowed on a node element"},
		{"about on a property", document(d + "<e:p rdf:about=''/>"), "2:37: rdf:about is not allowed on a property element"},
		{"parseType and resource", document(d + "<e:p rdf:parseType='Literal' rdf:resource=''/>"), "2:61: expected rdf:parseType or rdf:resource, not both"},
		{"parseType and a property attribute", document(d + "<e:p rdf:parseType='Literal' e:q=''/>"), "2:61: expected no property attribute beside rdf:parseType or rdf:datatype"},
		{"rdf:li as node", document("<rdf:li/>"), "2:1: rdf:li is not allowed as a node element"},
		{"rdf:Description as property", document(d + "<rdf:Description/>"), "2:32: rdf:Description is not allowed as a property element"},
		{"rdf:bagID", document("<e:C rdf:bagID='a'/>"), "2:6: rdf:bagID is not allowed as an attribute"},
		{"language tag", document("<e:C xml:lang='en_US'/>"), `2:6: expected a language tag, found "en_US"`},
		{"IRI with a blank", document("<e:C rdf:about='http://a/b c'/>"), `2:6: IRI, byte 10: character ' ' must be percent-encoded in an IRI`},
		{"no base", "<rdf:Description xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' rdf:about=''/>", "1:74: expected an absolute IRI, as there is no base"},
		{"namespace that is no IRI", "<a xmlns='b'/>", "1:2: IRI, byte 0: expected an absolute IRI, which starts with a scheme"},
		{"prefix not declared in an XML literal", document(d + "<e:p rdf:parseType='Literal'><x:y/>"), "2:62: prefix x: is not declared"},
		{"XML literal cut off", document(d + "<e:p rdf:parseType='Literal'><e:x>"), "2:66: expected </e:x>, found another end tag"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := decode(test.doc, rdfxml.Options{})
			var syntax *rdf.SyntaxError
			if !errors.As(err, &syntax) || err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}
