package jsonld_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"qlgraph/graph/jsonld"
	"qlgraph/graph/rdf"
)

func encode(quads []rdf.Quad, opts jsonld.EncoderOptions) (string, error) {
	var out strings.Builder
	e := jsonld.NewEncoder(&out, opts)
	for _, q := range quads {
		if err := e.Encode(q); err != nil {
			return "", err
		}
	}
	err := e.Close()
	return out.String(), err
}

const course = `<http://u/c> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://data.quality-link.eu/ontology/v1#LearningOpportunitySpecification> .
<http://u/c> <http://purl.org/dc/terms/title> "Einführung <1>"@de .
<http://u/c> <http://purl.org/dc/terms/title> "Introduction"@en .
<http://u/c> <http://purl.org/dc/terms/language> <http://publications.europa.eu/resource/authority/language/DEU> .
<http://u/c> <http://data.europa.eu/snb/model/ontology/volumeOfLearning> "PT150H"^^<http://www.w3.org/2001/XMLSchema#duration> .
<http://u/c> <http://data.europa.eu/snb/model/ontology/creditPoint> _:p .
_:p <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://data.europa.eu/snb/model/ontology/CreditPoint> .
_:p <http://data.europa.eu/snb/model/ontology/point> "5" .
`

// withoutContext cuts the context off, which would bury the rest.
func withoutContext(t *testing.T, doc string) string {
	t.Helper()
	doc, found := strings.CutPrefix(doc, "{\n  \"@context\": \"http://c\"")
	if !found {
		t.Fatalf("no context: %s", doc)
	}
	return doc
}

func TestEncodeForms(t *testing.T) {
	const compacted = `,
  "@graph": [
    {
      "id": "_:p",
      "point": "5",
      "type": "CreditPoint"
    },
    {
      "creditPoint": "_:p",
      "id": "http://u/c",
      "language": "http://publications.europa.eu/resource/authority/language/DEU",
      "title": {
        "de": "Einführung <1>",
        "en": "Introduction"
      },
      "type": "LearningOpportunitySpecification",
      "volumeOfLearning": "PT150H"
    }
  ]
}
`
	tests := []struct {
		name, in string
		opts     jsonld.EncoderOptions
		want     string
	}{
		{"compacted", course, jsonld.EncoderOptions{}, compacted},
		{"flattened", course, jsonld.EncoderOptions{Form: jsonld.Flattened}, compacted},
		{"compacted, one node", `<http://u/c> <http://e/p> "x" .`, jsonld.EncoderOptions{},
			",\n  \"http://e/p\": \"x\",\n  \"id\": \"http://u/c\"\n}\n"},
		{"flattened, one node", `<http://u/c> <http://e/p> "x" .`, jsonld.EncoderOptions{Form: jsonld.Flattened},
			",\n  \"@graph\": [\n    {\n      \"http://e/p\": \"x\",\n      \"id\": \"http://u/c\"\n    }\n  ]\n}\n"},
		{"compacted, nothing", "", jsonld.EncoderOptions{}, ",\n  \"@graph\": []\n}\n"},
		{"framed", course, jsonld.EncoderOptions{Form: jsonld.Framed, Frame: map[string]any{"type": "LearningOpportunitySpecification"}}, `,
  "creditPoint": {
    "point": "5",
    "type": "CreditPoint"
  },
  "id": "http://u/c",
  "language": "http://publications.europa.eu/resource/authority/language/DEU",
  "title": {
    "de": "Einführung <1>",
    "en": "Introduction"
  },
  "type": "LearningOpportunitySpecification",
  "volumeOfLearning": "PT150H"
}
`},
		{"named graph, list, native types", `<http://u/c> <http://e/p> _:l <http://g> .
_:l <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> "1"^^<http://www.w3.org/2001/XMLSchema#integer> <http://g> .
_:l <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil> <http://g> .`,
			jsonld.EncoderOptions{UseNativeTypes: true}, `,
  "@graph": [
    {
      "http://e/p": {
        "@list": [
          1
        ]
      },
      "id": "http://u/c"
    }
  ],
  "id": "http://g"
}
`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.opts.ContextIRI = "http://c"
			got, err := encode(nquads(t, test.in), test.opts)
			if err != nil {
				t.Fatal(err)
			}
			if got := withoutContext(t, got); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// TestWrittenContext: a document holds what it needs of the context.
func TestWrittenContext(t *testing.T) {
	got, err := encode(nquads(t, `<http://u/c> <http://purl.org/dc/terms/title> "x"@de .
<http://u/c> <http://www.w3.org/2004/02/skos/core#broader> <http://u/d> .
<http://u/c> <http://purl.org/dc/terms/modified> "2026-01-01T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> .`), jsonld.EncoderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	const want = `{
  "@context": {
    "@version": 1.1,
    "@vocab": "http://data.europa.eu/snb/model/ontology/",
    "dcterms": "http://purl.org/dc/terms/",
    "id": "@id",
    "modified": {
      "@id": "dcterms:modified",
      "@type": "xsd:dateTime"
    },
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "title": {
      "@container": "@language",
      "@id": "dcterms:title"
    },
    "type": "@type",
    "xsd": "http://www.w3.org/2001/XMLSchema#"
  },
  "id": "http://u/c",
  "modified": "2026-01-01T00:00:00Z",
  "skos:broader": {
    "id": "http://u/d"
  },
  "title": {
    "de": "x"
  }
}
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestEncodeIsReadBack: every form reads as what was written, and the bytes do
// not depend on the order in which the quads came.
func TestEncodeIsReadBack(t *testing.T) {
	const more = `_:p <http://e/q> _:x <http://g> .
_:x <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> _:y <http://g> .
_:x <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil> <http://g> .
_:y <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> "inner" <http://g> .
_:y <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil> <http://g> .
<http://u/c> <http://e/json> "{\"a\":[1,null]}"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON> .
<http://u/c> <http://e/n> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .
<http://u/c> <http://purl.org/dc/terms/title> "no language" .
<http://u/c> <http://purl.org/dc/terms/modified> "x" .
`
	quads := nquads(t, course+more)
	contexts := jsonld.NewContexts()
	frame := map[string]any{"@graph": []any{map[string]any{}}}
	for name, opts := range map[string]jsonld.EncoderOptions{
		"compacted": {}, "expanded": {Form: jsonld.Expanded}, "flattened": {Form: jsonld.Flattened},
		"framed": {Form: jsonld.Framed, Frame: frame},
	} {
		in := quads
		if opts.Form == jsonld.Framed {
			in = nquads(t, course) // a frame shows one graph
		}
		opts.Contexts = contexts
		doc, err := encode(in, opts)
		if err != nil {
			t.Fatal(name, err)
		}
		again, err := decode(doc, jsonld.Options{Contexts: contexts})
		if err != nil {
			t.Fatalf("%s: %v in %s", name, err, doc)
		}
		wantIsomorphic(t, again, in)
		r := rand.New(rand.NewPCG(1, 2))
		for range 5 {
			r.Shuffle(len(in), func(i, j int) { in[i], in[j] = in[j], in[i] })
			if shuffled, _ := encode(append(in, in[0]), opts); shuffled != doc {
				t.Fatalf("%s: the order shows through:\n%s\n%s", name, doc, shuffled)
			}
		}
	}
}

func TestEncodeErrors(t *testing.T) {
	quads := nquads(t, course)
	tests := []struct {
		name string
		in   []rdf.Quad
		opts jsonld.EncoderOptions
		want string
	}{
		{"too many quads", quads, jsonld.EncoderOptions{MaxQuads: 3}, "jsonld: more quads than the limit of 3"},
		{"no frame", quads, jsonld.EncoderOptions{Form: jsonld.Framed}, "jsonld: no frame is given"},
		{"unknown form", quads, jsonld.EncoderOptions{Form: 9}, "jsonld: unknown form 9"},
		{"unknown context", quads, jsonld.EncoderOptions{Context: "http://no.example/"}, "contexts are not fetched"},
		{"invalid JSON literal", nquads(t, `<http://s> <http://e/p> "{"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON> .`), jsonld.EncoderOptions{}, "jsonld: invalid JSON literal: 1:2: expected"},
	}
	for _, test := range tests {
		if _, err := encode(test.in, test.opts); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %s", test.name, err, test.want)
		}
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestEncodeWriteError(t *testing.T) {
	e := jsonld.NewEncoder(failing{}, jsonld.EncoderOptions{})
	if err := e.Close(); err == nil || err.Error() != "disk full" {
		t.Errorf("got %v, want the writer's error", err)
	}
}
