package edc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"qlgraph/graph/jsonld"
	"qlgraph/graph/rdf"
	"qlgraph/ontology"
	"qlgraph/ontology/elm"
)

// Contexts are the JSON-LD contexts of a credential, under which the block is
// written.
func Contexts() []any {
	return []any{"https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap"}
}

const (
	dc          = ontology.DCTerms
	skosConcept = ontology.SKOS + "Concept"
	skosScheme  = ontology.SKOS + "ConceptScheme"
	prefLabel   = ontology.SKOS + "prefLabel"
	inScheme    = ontology.SKOS + "inScheme"
)

// property is one that a class may have.
type property struct {
	iri   string
	class string // of the values; "" for literals
	max   int    // 0: any number
}

// common are the properties of all specifications.
var common = []property{
	{iri: ontology.ADMS + "identifier", class: elm.IdentifierClass},
	{iri: dc + "title"},
	{iri: dc + "description"},
	{iri: ontology.SKOS + "altLabel"},
	{iri: elm.AdditionalNote, class: elm.NoteClass},
	{iri: ontology.FOAF + "homepage", class: elm.WebResourceClass},
	{iri: elm.SupplementaryDocument, class: elm.WebResourceClass},
	{iri: dc + "type", class: skosConcept},
	{iri: dc + "language", class: skosConcept},
	{iri: elm.Mode, class: skosConcept},
}

// allowed is what the application profile knows of the classes of a block.
func allowed() map[string][]property {
	with := func(more ...property) []property { return append(slices.Clone(common), more...) }
	return map[string][]property{
		elm.LearningAchievementSpecificationClass: with(
			property{iri: elm.Category},
			property{iri: elm.ISCEDFCode, class: skosConcept},
			property{iri: elm.EducationSubject, class: skosConcept},
			property{iri: elm.EducationLevel, class: skosConcept},
			property{iri: elm.VolumeOfLearning, max: 1},
			property{iri: elm.MaximumDuration, max: 1},
			property{iri: elm.CreditPoint, class: elm.CreditPointClass},
			property{iri: elm.LearningOutcome, class: elm.LearningOutcomeClass},
			property{iri: elm.LearningOutcomeSummary, class: elm.NoteClass, max: 1},
			property{iri: elm.EntryRequirement, class: elm.NoteClass, max: 1},
			property{iri: elm.LearningSetting, class: skosConcept, max: 1},
			property{iri: elm.TargetGroup, class: skosConcept},
			property{iri: elm.InfluencedBy, class: elm.LearningActivitySpecificationClass},
			property{iri: elm.ProvenBy, class: elm.LearningAssessmentSpecificationClass},
		),
		elm.LearningActivitySpecificationClass: with(
			property{iri: elm.VolumeOfLearning, max: 1},
			property{iri: elm.ContactHour},
		),
		elm.LearningAssessmentSpecificationClass: with(),
		elm.LearningOutcomeClass: {
			{iri: ontology.ADMS + "identifier", class: elm.IdentifierClass},
			{iri: dc + "title"},
			{iri: dc + "type", class: skosConcept, max: 1},
			{iri: elm.AdditionalNote, class: elm.NoteClass},
			{iri: elm.ReusabilityLevel, class: skosConcept, max: 1},
			{iri: elm.RelatedSkill, class: skosConcept},
			{iri: elm.RelatedESCOSkill, class: skosConcept},
		},
		elm.CreditPointClass: {{iri: elm.Framework, class: skosConcept, max: 1}, {iri: elm.Point, max: 1}},
		elm.NoteClass:        {{iri: elm.NoteLiteral}, {iri: elm.NoteFormat, class: skosConcept, max: 1}},
		elm.IdentifierClass: {
			{iri: ontology.SKOS + "notation", max: 1}, {iri: elm.SchemeName, max: 1}, {iri: elm.SchemeVersion, max: 1},
		},
		elm.WebResourceClass: {{iri: dc + "title"}, {iri: elm.ContentUrl, max: 1}, {iri: dc + "language", class: skosConcept}},
		skosConcept:          {{iri: prefLabel}, {iri: ontology.SKOS + "notation", max: 1}, {iri: inScheme, class: skosScheme}},
		skosScheme:           {},
	}
}

// Describer tells what is known of a concept: its labels, its scheme.
type Describer func(concept rdf.Term) ([]rdf.Quad, error)

// Select returns the block of a course in the names of ELM 3.3, without graph.
// quads are the triples about the course and the nodes that belong to it;
// concepts are asked of describe. Of labels those in the course's languages and
// in English are taken.
func Select(course rdf.Term, quads []rdf.Quad, describe Describer) ([]rdf.Quad, error) {
	s := &selection{allowed: allowed(), about: map[rdf.Term][]rdf.Quad{}, describe: describe, seen: map[rdf.Term]bool{}, languages: map[string]bool{"en": true}}
	for _, q := range quads {
		s.about[q.S] = append(s.about[q.S], q)
		if q.S == course && q.O.Lang() != "" {
			s.languages[q.O.Lang()] = true
		}
	}
	if err := s.node(course, elm.LearningAchievementSpecificationClass); err != nil {
		return nil, err
	}
	slices.SortFunc(s.out, rdf.CompareQuads)
	return slices.Compact(s.out), nil
}

type selection struct {
	allowed   map[string][]property
	about     map[rdf.Term][]rdf.Quad
	describe  Describer
	seen      map[rdf.Term]bool
	languages map[string]bool
	out       []rdf.Quad
}

func (s *selection) add(subject rdf.Term, p string, o rdf.Term) {
	s.out = append(s.out, rdf.Triple(subject, rdf.IRI(p), o))
}

// node selects what is said of a node of a class.
func (s *selection) node(n rdf.Term, class string) error {
	if s.seen[n] {
		return nil
	}
	s.seen[n] = true
	s.add(n, rdf.RDFType, rdf.IRI(class))
	quads := s.about[n]
	if class == skosConcept {
		described, err := s.describe(n)
		if err != nil {
			return err
		}
		quads = append(described, quads...)
	}
	if class == elm.LearningAchievementSpecificationClass {
		quads = withLevel(quads)
	}
	slices.SortFunc(quads, rdf.CompareQuads)
	for _, p := range s.allowed[class] {
		if err := s.values(n, class, p, quads); err != nil {
			return err
		}
	}
	return nil
}

// values selects the values of a property.
func (s *selection) values(n rdf.Term, class string, p property, quads []rdf.Quad) error {
	count := 0
	for _, q := range quads {
		if q.P.Value() != p.iri || p.max > 0 && count == p.max || (p.class == "") != q.O.IsLiteral() {
			continue
		}
		if class == skosConcept && !s.readable(q.O) {
			continue
		}
		count++
		s.add(n, p.iri, q.O)
		if p.class == "" {
			continue
		}
		if err := s.node(q.O, p.class); err != nil {
			return err
		}
	}
	return nil
}

// readable reports whether a literal about a concept is for the block: a label
// in one of its languages, a plain notation.
func (s *selection) readable(o rdf.Term) bool {
	if !o.IsLiteral() {
		return true
	}
	return o.Lang() != "" && s.languages[o.Lang()] || o.Datatype() == rdf.XSDString
}

// withLevel states the EQF level, which only qualifications have as such, as
// the level of education.
func withLevel(quads []rdf.Quad) []rdf.Quad {
	for _, q := range quads {
		if q.P.Value() == elm.EQFLevel {
			quads = append(quads[:len(quads):len(quads)], rdf.Triple(q.S, rdf.IRI(elm.EducationLevel), q.O))
		}
	}
	return quads
}

// Write writes the block of a course as JSON-LD: nested under the course, in the
// names of ELM 3.2.
func Write(w io.Writer, course rdf.Term, block []rdf.Quad, contexts *jsonld.Contexts) error {
	var b bytes.Buffer
	enc := jsonld.NewEncoder(&b, jsonld.EncoderOptions{
		Form: jsonld.Framed, Contexts: contexts, Context: Contexts(),
		Frame: map[string]any{"@context": Contexts(), "@id": course.Value(), "@embed": "@always"},
	})
	for _, q := range ontology.ELMOld.RenameAll(block) {
		if err := enc.Encode(q); err != nil {
			return err
		}
	}
	if err := enc.Close(); err != nil {
		return err
	}
	var document map[string]any
	dec := json.NewDecoder(&b)
	dec.UseNumber()
	if err := dec.Decode(&document); err != nil {
		return fmt.Errorf("edc: %w", err)
	}
	shorten(document)
	document["@context"] = Contexts()
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(document)
}

// stringTerms are the terms that the context defines for xsd:string, which
// compaction does not take for strings without a type (JSON-LD API §6.3),
// although to RDF they are the same.
var stringTerms = map[string]string{
	"elm:point": "point", "elm:schemeName": "schemeName", "elm:schemeVersion": "schemeVersion", "elm:contactHour": "contactHour",
}

// shorten writes the string terms as the context has them.
func shorten(v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			shorten(value)
			if term := stringTerms[key]; term != "" {
				delete(v, key)
				v[term] = value
			}
		}
	case []any:
		for _, element := range v {
			shorten(element)
		}
	}
}
