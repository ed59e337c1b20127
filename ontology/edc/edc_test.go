package edc_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"qlgraph/graph/canon"
	"qlgraph/graph/jsonld"
	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/graph/turtle"
	"qlgraph/internal/external"
	"qlgraph/ontology"
	"qlgraph/ontology/edc"
	"qlgraph/shapes"
)

const course = "http://x.example/course/c"

const prefixes = `@prefix elm: <http://data.europa.eu/snb/model/ontology/> . @prefix ql: <http://data.quality-link.eu/ontology/v1#> .
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix adms: <http://www.w3.org/ns/adms#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix : <http://x.example/course/> .
`

const described = prefixes + `
:c a ql:LearningOpportunitySpecification ; dcterms:title "Tides"@en, "Gezeiten"@de ; dcterms:publisher <http://x.example/provider> ;
  ql:isActive true ; elm:EQFLevel <http://data.europa.eu/snb/eqf/7> ; dcterms:language <http://publications.europa.eu/resource/authority/language/DEU> ;
  elm:ISCEDFCode <http://data.europa.eu/snb/isced-f/0532> ; ql:ISCEDFBroadField <http://data.europa.eu/snb/isced-f/05> ;
  elm:volumeOfLearning "PT140H"^^xsd:duration ; adms:identifier :i ; elm:creditPoint :p ; elm:learningOutcome :o1, :o2 ;
  elm:learningOutcomeSummary :n ; elm:entryRequirement :r ; foaf:homepage :h ; elm:isPartOf :programme .
:i a elm:Identifier ; skos:notation "C1" ; elm:schemeName "local" .
:p a elm:CreditPoint ; elm:point "5" ; elm:framework <http://data.europa.eu/snb/education-credit/6fcec5c5af> .
:o1 a elm:LearningOutcome ; dcterms:title "knows tides"@en . :o2 a elm:LearningOutcome ; dcterms:title "sails"@en .
:n a elm:Note ; elm:noteLiteral "All about tides"@en . :r a elm:Note ; elm:noteLiteral "None"@en .
:h a elm:WebResource ; elm:contentUrl "https://x.example/c"^^xsd:anyURI .
:offering a ql:LearningOpportunityInstance ; elm:learningAchievementSpecification :c .
`

func parse(t *testing.T, text string) []rdf.Quad {
	t.Helper()
	var quads []rdf.Quad
	for q, err := range turtle.NewDecoder(strings.NewReader(text), turtle.Options{}).All() {
		if err != nil {
			t.Fatal(err)
		}
		quads = append(quads, q)
	}
	return quads
}

// vocabulary describes any concept, in three languages.
func vocabulary(concept rdf.Term) ([]rdf.Quad, error) {
	iri := concept.Value()
	scheme := iri[:strings.LastIndex(iri, "/")+1] + "25831c2"
	if strings.Contains(iri, "/authority/") {
		scheme = iri[:strings.LastIndex(iri, "/")]
	}
	label := func(lang string) rdf.Quad {
		return rdf.Triple(concept, rdf.IRI(ontology.SKOS+"prefLabel"), rdf.LangLiteral(lang+" label", lang))
	}
	return []rdf.Quad{label("en"), label("de"), label("fr"), rdf.Triple(concept, rdf.IRI(ontology.SKOS+"inScheme"), rdf.IRI(scheme))}, nil
}

func block(t *testing.T) []rdf.Quad {
	t.Helper()
	quads, err := edc.Select(rdf.IRI(course), parse(t, described), vocabulary)
	if err != nil {
		t.Fatal(err)
	}
	return quads
}

func TestSelect(t *testing.T) {
	quads := block(t)
	var text strings.Builder
	for _, q := range quads {
		text.WriteString(q.String() + "\n")
	}
	for _, want := range []string{"Tides", "Gezeiten", "knows tides", "sails", "educationLevel> <http://data.europa.eu/snb/eqf/7>", `"de label"@de`, "PT140H", `"C1"`} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %s in\n%s", want, text.String())
		}
	}
	for _, not := range []string{"ontology/v1#", "publisher", "offering", "EQFLevel", "isPartOf", `"fr label"`} {
		if strings.Contains(text.String(), not) {
			t.Errorf("%s in\n%s", not, text.String())
		}
	}
}

func TestWrite(t *testing.T) {
	var out bytes.Buffer
	contexts := jsonld.NewContexts()
	if err := edc.Write(&out, rdf.IRI(course), block(t), contexts); err != nil {
		t.Fatal(err)
	}
	var document map[string]any
	if err := json.Unmarshal(out.Bytes(), &document); err != nil {
		t.Fatal(err)
	}
	if document["id"] != course || document["type"] != "LearningAchievementSpecification" {
		t.Errorf("the block is about %v, a %v", document["id"], document["type"])
	}
	if strings.Contains(out.String(), `"elm:`) || strings.Contains(out.String(), "@value") || !strings.Contains(out.String(), `"point": "5"`) {
		t.Errorf("not in the terms of the context:\n%s", out.String())
	}
	// In a credential, under its contexts, the block is the same graph.
	delete(document, "@context")
	credential := map[string]any{
		"@context": edc.Contexts(), "id": "urn:x", "type": []string{"VerifiableCredential", "EuropeanDigitalCredential"},
		"credentialSubject": map[string]any{"id": "urn:p", "type": "Person", "hasClaim": map[string]any{
			"id": "urn:a", "type": "LearningAchievement", "specifiedBy": document,
		}},
	}
	text, err := json.Marshal(credential)
	if err != nil {
		t.Fatal(err)
	}
	var got []rdf.Quad
	for q, err := range jsonld.NewDecoder(bytes.NewReader(text), jsonld.Options{Contexts: contexts}).All() {
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(q.S.Value(), "urn:") {
			got = append(got, q)
		}
	}
	if same, err := canon.Isomorphic(got, ontology.ELMOld.RenameAll(block(t))); err != nil || !same {
		t.Errorf("embedded, the block is another graph (%v): %d triples, want %d", err, len(got), len(block(t)))
	}
}

// TestTerms looks the classes and properties of a block up in the ontology.
func TestTerms(t *testing.T) {
	text := string(published(t, filepath.Join(external.Ontology(t), "elm-3.1.ttl")))
	for _, q := range ontology.ELMOld.RenameAll(block(t)) {
		for _, term := range []rdf.Term{q.P, q.O} {
			local, ours := strings.CutPrefix(term.Value(), ontology.ELM32)
			if ours && term.IsIRI() && !strings.Contains(text, "\nelm:"+local) {
				t.Errorf("the ontology has no elm:%s", local)
			}
		}
	}
}

// TestShapes validates a block by the shapes of ELM for specifications, which
// are closed. Those of learning achievements are published deactivated; here
// they count.
func TestShapes(t *testing.T) {
	shapesGraph := parse(t, string(published(t, filepath.Join(external.Samples(t), "elm", "LOQ-constraints-1.1.0.shapes.ttl"))))
	shapesGraph = slices.DeleteFunc(shapesGraph, func(q rdf.Quad) bool { return q.P.Value() == ontology.SHACL+"deactivated" })
	valid := validate(t, shapesGraph, block(t))
	if len(valid) != 0 {
		t.Errorf("the block does not conform: %v", valid)
	}
	untitled := slices.DeleteFunc(block(t), func(q rdf.Quad) bool { return q.P.Value() == ontology.DCTerms+"title" && q.S.Value() == course })
	if len(validate(t, shapesGraph, untitled)) == 0 {
		t.Error("a block without a title conforms: the shapes test nothing")
	}
	extra := append(block(t), rdf.Triple(rdf.IRI(course), rdf.IRI(ontology.QL+"isActive"), rdf.TypedLiteral("true", rdf.XSDBoolean)))
	if len(validate(t, shapesGraph, extra)) == 0 {
		t.Error("a property that the shapes do not know conforms")
	}
}

// published reads a file of others.
func published(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// validate returns what the shapes find in the block, written in the names of
// ELM 3.2 that they have.
func validate(t *testing.T, shapesGraph, block []rdf.Quad) []string {
	t.Helper()
	compiled, err := shapes.Compile(shapesGraph, shapes.CompileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	snap, err := mem.FromQuads(ontology.ELMOld.RenameAll(block)...).Snapshot(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	report, err := compiled.Validate(context.Background(), snap, shapes.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var results []string
	for _, r := range report.Results {
		results = append(results, fmt.Sprint(r.Focus, " ", r.Path, " ", r.Value, " ", r.Messages))
	}
	return results
}
