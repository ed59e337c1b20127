package rdfxml_test

import (
	"errors"
	"strings"
	"testing"

	"qlgraph/graph/canon"
	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfxml"
	"qlgraph/internal/w3ctest"
)

// FuzzDecode: no input makes the reader do anything but return triples and a
// *rdf.SyntaxError; and what it read is written so that it reads the same, and
// from then on is written with the same bytes.
func FuzzDecode(f *testing.F) {
	w3ctest.Seeds(f, "rdf/rdf11/rdf-xml", ".rdf")
	f.Add([]byte(`<!DOCTYPE a [<!ENTITY e "x">]>` + document(`<e:C e:p="&e;"><e:q rdf:parseType="Literal"><a xmlns="http://a/" b="&lt;"/></e:q></e:C>`)))
	f.Add([]byte(document(`<e:C rdf:nodeID="a."><e:q rdf:parseType="Collection"><e:C rdf:ID="i"/></e:q></e:C>`)))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc := string(data)
		quads, err := decode(doc, rdfxml.Options{Base: "http://base/doc"})
		var syntax *rdf.SyntaxError
		if err != nil && (!errors.As(err, &syntax) || syntax.Line < 1 || syntax.Column < 1) {
			t.Fatalf("%T: %v", err, err)
		}
		if len(quads) > 2000 {
			return
		}
		first, err := encode(quads, map[string]string{"e": "http://e/"})
		if err != nil {
			if strings.Contains(err.Error(), "does not end like an XML name") {
				return // rdf:li of a subject that is not in the data
			}
			t.Fatal(err)
		}
		again, err := decode(first, rdfxml.Options{})
		if err != nil {
			t.Fatalf("%v in\n%s", err, first)
		}
		same, err := canon.Limits{MaxWork: 1 << 18}.Isomorphic(quads, again)
		if err == nil && !same {
			t.Fatalf("%v became %v by\n%s", quads, again, first)
		}
		if second, err := encode(again, map[string]string{"e": "http://e/"}); !strings.Contains(first, "nodeID") && second != first {
			t.Fatalf("%s became %s (%v)", first, second, err)
		}
	})
}
