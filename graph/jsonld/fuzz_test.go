package jsonld_test

import (
	"errors"
	"testing"
	"unicode/utf8"

	"qlgraph/graph/canon"
	"qlgraph/graph/jsonld"
	"qlgraph/graph/rdf"
	"qlgraph/internal/w3ctest"
)

// FuzzDecode: no input makes the reader do anything but return quads or a
// *rdf.SyntaxError, and what it read is written so that it reads the same.
func FuzzDecode(f *testing.F) {
	w3ctest.Seeds(f, "json-ld/api/toRdf", ".jsonld")
	f.Add([]byte(`{"@context":"http://data.europa.eu/snb/model/elm/","id":"http://s","title":{"de":"x"}}`))
	contexts := jsonld.NewContexts()
	f.Fuzz(func(t *testing.T, data []byte) {
		doc := string(data)
		quads, err := decode(doc, jsonld.Options{Base: "http://base/doc", Contexts: contexts})
		var syntax *rdf.SyntaxError
		if err != nil && (!errors.As(err, &syntax) || syntax.Line < 1 || syntax.Column < 1) {
			t.Fatalf("%T: %v", err, err)
		}
		if len(quads) > 500 || !utf8.ValidString(doc) {
			return
		}
		expanded, err := encode(quads, jsonld.EncoderOptions{Form: jsonld.Expanded, Contexts: contexts})
		if err != nil {
			t.Fatal(err)
		}
		again, err := decode(expanded, jsonld.Options{Contexts: contexts})
		if err != nil {
			t.Fatalf("%v in\n%s", err, expanded)
		}
		same, err := canon.Limits{MaxWork: 1 << 18}.Isomorphic(quads, again)
		if err == nil && !same {
			t.Fatalf("%v became %v by\n%s", quads, again, expanded)
		}
		if _, err := encode(quads, jsonld.EncoderOptions{Contexts: contexts}); err != nil {
			t.Logf("compaction: %v", err) // json-gold refuses some IRIs; it must not crash
		}
	})
}
