package elm_test

import (
	"fmt"
	"strings"
	"testing"

	"qlgraph/harvesters/elm"
)

// A record says on which line of its document it begins.
func TestRecordsHaveLines(t *testing.T) {
	const turtle = `@prefix elm: <http://data.europa.eu/snb/model/ontology/> .
@prefix dct: <http://purl.org/dc/terms/> .

<http://c.example/1> a elm:Qualification ;
  dct:title "One"@en .
<http://c.example/2>
  a elm:Qualification ; dct:title "Two"@en .
`
	const xml = `<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:elm="http://data.europa.eu/snb/model/ontology/"
  xmlns:dct="http://purl.org/dc/terms/">
<elm:Qualification rdf:about="http://c.example/1">
  <dct:title xml:lang="en">One</dct:title>
</elm:Qualification>

<elm:Qualification rdf:about="http://c.example/2"><dct:title xml:lang="en">Two</dct:title></elm:Qualification>
</rdf:RDF>
`
	const json = `{
  "@context": {"elm": "http://data.europa.eu/snb/model/ontology/", "title": {"@id": "http://purl.org/dc/terms/title", "@container": "@language"}},
  "@graph": [
    {"@id": "http://c.example/1",
     "@type": "elm:Qualification", "title": {"en": "One"}},
    {"@type": "elm:Qualification",
     "@id": "http://c.example/2", "title": {"en": "Two"}}
  ]
}`
	triples := `<http://c.example/1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://data.europa.eu/snb/model/ontology/Qualification> .
<http://c.example/1> <http://purl.org/dc/terms/title> "One"@en .
<http://c.example/2> <http://purl.org/dc/terms/title> "Two"@en .
<http://c.example/2> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://data.europa.eu/snb/model/ontology/Qualification> .
`
	for _, test := range []struct{ name, contentType, text, want string }{
		{"Turtle", "text/turtle", turtle, "http://c.example/1 4, http://c.example/2 7"},
		{"RDF/XML", "application/rdf+xml", xml, "http://c.example/1 4, http://c.example/2 8"},
		{"JSON-LD", "application/ld+json", json, "http://c.example/1 4, http://c.example/2 7"},
		{"N-Triples", "application/n-triples", triples, "http://c.example/1 1, http://c.example/2 3"},
	} {
		records, err := elm.Records([]byte(test.text), test.contentType)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		var got []string
		for _, r := range records {
			got = append(got, fmt.Sprintf("%s %d", r.ID, r.Origin.Line))
		}
		if strings.Join(got, ", ") != test.want {
			t.Errorf("%s: %v, want %s", test.name, got, test.want)
		}
	}
}
