package jsonld

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"qlgraph/graph/rdf"
)

// TestDirectEqualsGeneral writes random quads of the vocabulary, and of none,
// by the direct way and by json-gold's algorithm: the documents are the same but
// for the context, of which the direct way brings no more than is used.
func TestDirectEqualsGeneral(t *testing.T) {
	contexts := NewContexts()
	for seed := range uint64(400) {
		random := rand.New(rand.NewPCG(seed, 1))
		quads := randomQuads(random)
		for _, form := range []Form{Compacted, Flattened} {
			e := NewEncoder(nil, EncoderOptions{Form: form, Contexts: contexts})
			e.quads = quads
			text, err := e.direct()
			if err != nil || text == nil {
				t.Fatalf("seed %d: not written directly: %v", seed, err)
			}
			var got map[string]any
			if err := json.Unmarshal(text, &got); err != nil {
				t.Fatalf("seed %d: %v in\n%s", seed, err, text)
			}
			general, err := e.document()
			if err != nil {
				t.Fatal(err)
			}
			want := general.(object)
			for term, definition := range got["@context"].(object) {
				if !reflect.DeepEqual(definition, want["@context"].(object)[term]) {
					t.Errorf("seed %d: %s is defined as %v", seed, term, definition)
				}
			}
			delete(got, "@context")
			delete(want, "@context")
			var plain map[string]any
			line, _ := json.Marshal(want)
			_ = json.Unmarshal(line, &plain)
			if !reflect.DeepEqual(got, plain) {
				t.Fatalf("seed %d, form %d: got\n%s\nwant\n%s", seed, form, text, line)
			}
			reread(t, seed, text, quads)
		}
	}
}

// reread reads the document, which explains itself by its context. (Reading
// brings language tags to lower case.)
func reread(t *testing.T, seed uint64, text []byte, want []rdf.Quad) {
	t.Helper()
	decoder := NewDecoder(strings.NewReader(string(text)), Options{})
	n := 0
	for q, err := range decoder.All() {
		if err != nil {
			t.Fatalf("seed %d: %v in\n%s", seed, err, text)
		}
		if !q.S.IsBlank() && !q.O.IsBlank() && !slices.Contains(want, q) {
			t.Errorf("seed %d: %v is new", seed, q)
		}
		n++
	}
	if n != len(want) {
		t.Errorf("seed %d: %d quads, want %d", seed, n, len(want))
	}
}

// randomQuads returns sorted quads with all shapes of values, fitting the
// properties and not.
func randomQuads(random *rand.Rand) []rdf.Quad {
	pick := func(list ...string) string { return list[random.IntN(len(list))] }
	const elm, dct, ql = "http://data.europa.eu/snb/model/ontology/", "http://purl.org/dc/terms/", "http://data.quality-link.eu/ontology/v1#"
	node := func() rdf.Term {
		if random.IntN(4) == 0 {
			return rdf.Blank(fmt.Sprintf("b%d", random.IntN(3)))
		}
		return rdf.IRI(pick("http://u/1", "http://u/2", "urn:x:y", elm+"Thing", dct+"title", ql+"Fancy", "http://www.w3.org/ns/adms#", "did:web:u"))
	}
	literal := func() rdf.Term {
		text := pick("", "plain", "title", "with \"quotes\" \\ and \n lines", "é \u2028 \x01", "5", "2026-01-01T00:00:00")
		switch random.IntN(4) {
		case 0:
			return rdf.Literal(text)
		case 1:
			return rdf.LangLiteral(text, pick("en", "de", "en-gb", "und"))
		}
		return rdf.TypedLiteral(text, pick(rdf.XSDDateTime, rdf.XSDInteger, rdf.XSDAnyURI, elm+"odd", "http://e/t", rdf.XSD+"nonNegativeInteger"))
	}
	var quads []rdf.Quad
	for range 1 + random.IntN(25) {
		property := pick(dct+"title", dct+"description", dct+"language", elm+"startDate", elm+"point", elm+"schemeId", elm+"contentUrl", dct+"odd",
			ql+"enrolmentCapacity", ql+"odd", elm+"unheard", "http://e/p", "urn:p:q", "http://www.w3.org/ns/adms#identifier", "http://www.w3.org/2002/07/owl#sameAs")
		o := node()
		if random.IntN(2) == 0 {
			o = literal()
		}
		if random.IntN(6) == 0 {
			property, o = rdf.RDFType, rdf.IRI(pick(elm+"Identifier", ql+"LearningOpportunitySpecification", "http://e/T", elm+"Odd", dct+"Location"))
		}
		quads = append(quads, rdf.Triple(node(), rdf.IRI(property), o))
	}
	slices.SortFunc(quads, rdf.CompareQuads)
	return slices.Compact(quads)
}

// An IRI that a prefix of the context would swallow has no place in the
// document.
func TestDirectRefusesConfusedIRI(t *testing.T) {
	e := NewEncoder(nil, EncoderOptions{})
	e.quads = []rdf.Quad{rdf.Triple(rdf.IRI("elm:x"), rdf.IRI("http://e/p"), rdf.Literal("x"))}
	if text, err := e.direct(); err == nil {
		t.Errorf("written as\n%s", text)
	}
}

// What the direct way does not know is left to the general one.
func TestDirectDeclines(t *testing.T) {
	s, p := rdf.IRI("http://e/s"), rdf.IRI("http://e/p")
	for name, q := range map[string]rdf.Quad{
		"named graph":  rdf.Triple(s, p, s).In(s),
		"list":         rdf.Triple(s, p, rdf.IRI(rdf.RDFNil)),
		"list cell":    rdf.Triple(s, rdf.IRI(rdf.RDFFirst), s),
		"JSON literal": rdf.Triple(s, p, rdf.TypedLiteral("{}", rdf.RDF+"JSON")),
		"literal type": rdf.Triple(s, rdf.IRI(rdf.RDFType), rdf.Literal("x")),
	} {
		e := NewEncoder(nil, EncoderOptions{})
		e.quads = []rdf.Quad{q}
		if text, err := e.direct(); text != nil || err != nil {
			t.Errorf("%s: written directly: %s %v", name, text, err)
		}
	}
}
