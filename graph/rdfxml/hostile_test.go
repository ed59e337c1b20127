package rdfxml_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfxml"
)

// endless repeats a text for ever and counts what was taken of it.
type endless struct {
	text string
	at   int
	read int
}

func (e *endless) Read(p []byte) (int, error) {
	for n := 0; n < len(p); {
		m := copy(p[n:], e.text[e.at:])
		n += m
		e.at = (e.at + m) % len(e.text)
	}
	e.read += len(p)
	return len(p), nil
}

// TestHostile: each known attack ends in an error with a position, after a
// bounded part of the input.
func TestHostile(t *testing.T) {
	const root = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">`
	laughs := `<!DOCTYPE a [<!ENTITY a "ha">`
	for c := 'b'; c < 'z'; c++ {
		laughs += fmt.Sprintf(`<!ENTITY %c "&%c;&%c;">`, c, c-1, c-1)
	}
	tests := []struct {
		name         string
		head, repeat string // repeat stands behind head for ever
		want         string
	}{
		{"billion laughs", laughs, " ", "1:42: expected no reference to another entity within an entity"},
		{"recursive entity", `<!DOCTYPE a [<!ENTITY a "&a;">`, " ", "1:26: expected no reference to another entity within an entity"},
		{"quadratic blowup", `<!DOCTYPE a [<!ENTITY a "` + strings.Repeat("a", 50_000) + `">]>` + root + "<e:C><e:p>", "&a;<!---->", "1:50325: entities expand to more than the limit of 1048576 bytes"},
		{"external entity", `<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">`, " ", "1:25: expected a quoted value: external entities are not supported"},
		{"external DTD", `<!DOCTYPE a SYSTEM "http://169.254.169.254/">`, " ", `1:13: expected "[" or ">": a document type must not refer to an external one`},
		{"public DTD", `<!DOCTYPE a PUBLIC "x" "y">`, " ", `1:13: expected "[" or ">": a document type must not refer to an external one`},
		{"parameter entity", `<!DOCTYPE a [<!ENTITY % a "x">`, " ", "1:23: parameter entities are not supported"},
		{"reference to a parameter entity", `<!DOCTYPE a [%a;`, " ", `1:14: expected an internal entity, a comment or "]": other declarations are not supported`},
		{"parameter entity within an entity", `<!DOCTYPE a [<!ENTITY a "%b;">`, " ", "1:26: parameter entities are not supported"},
		{"markup within an entity", `<!DOCTYPE a [<!ENTITY a "<b/>">`, " ", "1:26: expected no markup within an entity"},
		{"markup within an entity, as a reference", `<!DOCTYPE a [<!ENTITY a "&#60;b/>">`, " ", "1:26: expected no markup within an entity"},
		{"default attributes", `<!DOCTYPE a [<!ATTLIST a b CDATA "c">`, " ", `1:14: expected an internal entity, a comment or "]": other declarations are not supported`},
		{"many entities", "<!DOCTYPE a [" + manyEntities(101), " ", "1:1755: more entities than the limit of 100"},
		{"endless document type", "<!DOCTYPE a [", "<!-- -->", "1:1: document type longer than the limit of 1048576 bytes"},
		{"two document types", "<!DOCTYPE a><!DOCTYPE a>", " ", "1:13: expected a comment, a CDATA section within an element, or one document type before the root element"},
		{"deep nodes", root, "<e:C><e:p>", "1:5081: elements nested deeper than the limit of 1000"},
		{"deep XML literal", root + "<e:C><e:p rdf:parseType='Literal'>", "<a>", "1:3111: elements nested deeper than the limit of 1000"},
		{"attributes", root + "<e:C", " e:a=''", "1:1883: more attributes than the limit of 256"},
		{"namespaces on one element", root + "<e:C", " xmlns:a='http://a'", "1:4955: more attributes than the limit of 256"},
		{"namespaces in scope", root, "<e:C xmlns:a='http://a' xmlns:b='http://a' xmlns:c='http://a' xmlns:d='http://a'><e:p>", "1:21524: more namespaces in scope than the limit of 1000"},
		{"long text", root + "<e:C><e:p>", "x", "1:96: text longer than the limit of 16777216 bytes"},
		{"long text in pieces", root + "<e:C><e:p>", strings.Repeat("x", 1000) + "<?a?>", ": literal longer than the limit of 16777216 bytes"},
		{"long XML literal in pieces", root + "<e:C><e:p rdf:parseType='Literal'>", strings.Repeat("x", 1000) + "<a/>", ": literal longer than the limit of 16777216 bytes"},
		{"long attribute", root + "<e:C e:a='", "x", "1:86: tag longer than the limit of 16777216 bytes"},
		{"long element name", "<", "x", "1:2: name longer than the limit of 65536 bytes"},
		{"long comment", "<!--", "x", "1:1: comment longer than the limit of 16777216 bytes"},
		{"long instruction", "<?a ", "x", "1:1: processing instruction longer than the limit of 16777216 bytes"},
		{"long CDATA section", root + "<e:C><e:p><![CDATA[", "x", "1:96: CDATA section longer than the limit of 16777216 bytes"},
		{"long IRI", root + "<e:C rdf:about='http://" + strings.Repeat("x", 1<<16) + "'/>", " ", "1:91: IRI longer than the limit of 65536 bytes"},
		{"long namespace", "<a xmlns='http://" + strings.Repeat("x", 1<<16) + "'/>", " ", "1:4: IRI longer than the limit of 65536 bytes"},
		{"only ampersands", root + "<e:C><e:p>", "&", `1:96: text longer than the limit of 16777216 bytes`},
		{"NUL", "", "\x00", ": text longer than the limit"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			more := &endless{text: test.repeat}
			_, err := collect(rdfxml.NewDecoder(io.MultiReader(strings.NewReader(test.head), more), rdfxml.Options{}))
			var syntax *rdf.SyntaxError
			if !errors.As(err, &syntax) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
			if more.read > 64<<20 {
				t.Errorf("took %d bytes to see it", more.read)
			}
		})
	}
}

func manyEntities(n int) string {
	var b strings.Builder
	for range n {
		fmt.Fprintf(&b, `<!ENTITY a%d "">`, b.Len())
	}
	return b.String()
}

// TestTruncated: a document cut off anywhere is an error, and nothing worse.
func TestTruncated(t *testing.T) {
	doc := "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY e 'x'>]>" +
		document(`<e:C rdf:about="s" e:q="&e;"><e:p rdf:parseType="Literal"><a b="é"/><![CDATA[x]]></a></e:p><!-- c --><?d e?></e:C>`)
	for i := range doc {
		var syntax *rdf.SyntaxError
		if _, err := decode(doc[:i], rdfxml.Options{}); !errors.As(err, &syntax) {
			t.Errorf("cut at byte %d: %v", i, err)
		}
	}
}

// TestLongDocument: memory must not follow the number of elements. Every node
// has an rdf:ID, the only thing that is remembered.
func TestLongDocument(t *testing.T) {
	const root = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">`
	r := io.MultiReader(strings.NewReader(root), &endless{text: `<e:C rdf:about="http://e/s"><e:p xmlns:n="http://n/">x</e:p></e:C>`})
	d := rdfxml.NewDecoder(r, rdfxml.Options{})
	step := func() {
		for range 1000 {
			if _, err := d.Next(); err != nil {
				t.Fatal(err)
			}
		}
	}
	step()
	if allocs := testing.AllocsPerRun(100, step); allocs > 1000 {
		t.Errorf("%v allocations for 1000 triples, want at most one each", allocs)
	}
}
