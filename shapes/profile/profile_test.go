package profile_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"qlgraph/graph/canon"
	"qlgraph/graph/rdf"
	"qlgraph/graph/turtle"
	"qlgraph/ontology"
	"qlgraph/shapes"
	"qlgraph/shapes/profile"
)

const prologue = `
@prefix ql: <http://data.quality-link.eu/ontology/v1#> .
@prefix elm: <http://data.europa.eu/snb/model/ontology/> .
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix lang: <http://publications.europa.eu/resource/authority/language/> .
@prefix : <http://example.org/> .
`

// complete is a course that satisfies the profile.
const complete = prologue + `
:c a ql:LearningOpportunitySpecification ;
    adms:identifier :c-id ;
    dcterms:title "Algebra"@en , "Algebra"@de ;
    dcterms:description "Rings and fields"@en , "Ringe und Körper"@de ;
    elm:learningOutcome :c-lo ;
    dcterms:language lang:ENG ;
    elm:ISCEDFCode <http://data.europa.eu/snb/isced-f/0541> ;
    elm:EQFLevel <http://data.europa.eu/snb/eqf/6> ;
    dcterms:publisher :u ;
    dcterms:modified "2026-01-02T00:00:00Z"^^xsd:dateTime .
:c-id a elm:Identifier ; skos:notation "ALG1" .
:c-lo a elm:LearningOutcome ; dcterms:title "Knows rings"@en .
:o a ql:LearningOpportunityInstance ; elm:learningAchievementSpecification :c ; elm:providedBy :u ; elm:defaultLanguage lang:ENG .
`

// reference is what is known of institutions beforehand.
const reference = prologue + `
:u a ql:HigherEducationInstitution ; adms:identifier :u-id .
:u-id a ql:SchacIdentifier ; elm:schemeId ql:Schac ; skos:notation "uni.example" .
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

func validate(t *testing.T, data string) *profile.Validation {
	t.Helper()
	v, err := profile.New().Validate(context.Background(), parse(t, data), parse(t, reference),
		profile.Options{Now: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// outcome returns the outcome for the subject.
func outcome(v *profile.Validation, subject rdf.Term) (profile.Outcome, bool) {
	i := slices.IndexFunc(v.Outcomes, func(o profile.Outcome) bool { return o.Subject == subject })
	if i < 0 {
		return profile.Outcome{}, false
	}
	return v.Outcomes[i], true
}

func TestCompleteCourseConforms(t *testing.T) {
	v := validate(t, complete)
	if !v.Report.Conforms {
		var text bytes.Buffer
		v.Report.WriteText(&text, shapes.TextOptions{})
		t.Fatal(text.String())
	}
	course, ok := outcome(v, rdf.IRI("http://example.org/c"))
	if !ok || len(course.Held) > 0 || course.Score != 84 || course.Tier != profile.TierB {
		t.Errorf("outcome %v: held %v, score %d, missed %v", ok, course.Held, course.Score, course.Missed)
	}
	if offering, ok := outcome(v, rdf.IRI("http://example.org/o")); !ok || offering.Course || len(offering.Held) > 0 {
		t.Errorf("offering: %v, %+v", ok, offering)
	}
}

// Each change of the complete course breaks one rule of the profile.
func TestFindings(t *testing.T) {
	for _, c := range []struct{ name, from, to, path, component string }{
		{"no identifier", "adms:identifier :c-id ;", "", ontology.ADMS + "identifier", "MinCount"},
		{"identifier without type", ":c-id a elm:Identifier ;", ":c-id", ontology.ADMS + "identifier", "Class"},
		{"title without language", `"Algebra"@en ,`, `"Algebra" ,`, ontology.DCTerms + "title", "Datatype"},
		{"two titles in one language", `"Algebra"@de`, `"Algebra"@en , "Linear Algebra"@en`, ontology.DCTerms + "title", "UniqueLang"},
		{"no outcome", "elm:learningOutcome :c-lo ;", "", ontology.ELM + "learningOutcome", "MinCount"},
		{"outcome without title", `:c-lo a elm:LearningOutcome ; dcterms:title "Knows rings"@en .`, ":c-lo a elm:LearningOutcome .", ontology.DCTerms + "title", "MinCount"},
		{"no language", "dcterms:language lang:ENG ;", "", ontology.DCTerms + "language", "MinCount"},
		{"unknown language", "dcterms:language lang:ENG ;", "dcterms:language lang:XYZ ;", ontology.DCTerms + "language", "Class"},
		{"two levels", "elm:EQFLevel <http://data.europa.eu/snb/eqf/6>", "elm:EQFLevel <http://data.europa.eu/snb/eqf/6> , <http://data.europa.eu/snb/eqf/7>", ontology.ELM + "EQFLevel", "MaxCount"},
		{"workload as number", "dcterms:publisher :u ;", "dcterms:publisher :u ; elm:volumeOfLearning 150 ;", ontology.ELM + "volumeOfLearning", "Datatype"},
		{"modified on a date", `"2026-01-02T00:00:00Z"^^xsd:dateTime`, `"2026-01-02"^^xsd:date`, ontology.DCTerms + "modified", "Datatype"},
		{"offering without provider", "elm:providedBy :u ;", "", ontology.ELM + "providedBy", "MinCount"},
		{"offering without language", "; elm:defaultLanguage lang:ENG .", ".", ontology.ELM + "defaultLanguage", "MinCount"},
		{"part without reference", "dcterms:publisher :u ;", "dcterms:publisher :u ; elm:isPartOf :c ;", ontology.ELM + "isPartOf", "Class"},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := strings.Replace(complete, c.from, c.to, 1)
			if data == complete {
				t.Fatal("the change changes nothing")
			}
			v := validate(t, data)
			if len(v.Report.Results) != 1 {
				t.Fatalf("%d results", len(v.Report.Results))
			}
			r := v.Report.Results[0]
			path, _ := r.Path.Predicate()
			if path.Value() != c.path || r.Component.Value() != ontology.SHACL+c.component+"ConstraintComponent" {
				t.Errorf("%s %s", r.Path, r.Component)
			}
			owned := slices.ContainsFunc(v.Outcomes, func(o profile.Outcome) bool { return len(o.Results) == 1 })
			if !owned {
				t.Error("the result belongs to no course or offering")
			}
		})
	}
}

func TestPolicy(t *testing.T) {
	for _, c := range []struct{ name, data, rule string }{
		{"course without title", prologue + `:c a elm:Qualification ; adms:identifier [ skos:notation "1" ] .`, "hold.title"},
		{"course with blank title", prologue + `:c a elm:Qualification ; dcterms:title "  "@en .`, "hold.title"},
		{"nameless course", prologue + `[] a elm:Qualification ; dcterms:title "Algebra"@en .`, "hold.identifier"},
		{"offering of nothing", prologue + `:o a elm:LearningOpportunity .`, "hold.course"},
		{"nameless offering", prologue + `[] a elm:LearningOpportunity ; dcterms:title "Algebra"@en .`, "hold.offering"},
		{"course with title", prologue + `:c a elm:Qualification ; dcterms:title "Algebra"@und .`, ""},
		{"offering of a course", prologue + `:o a elm:LearningOpportunity ; elm:learningAchievementSpecification :c .`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := validate(t, c.data)
			if len(v.Outcomes) != 1 {
				t.Fatalf("%d outcomes", len(v.Outcomes))
			}
			held := v.Outcomes[0].Held
			if c.rule == "" && len(held) > 0 || c.rule != "" && (len(held) != 1 || held[0].ID != c.rule) {
				t.Errorf("held by %v, want %q", held, c.rule)
			}
		})
	}
}

func TestScoresAddUpToHundred(t *testing.T) {
	total := 0
	for _, r := range profile.Scores() {
		total += r.Points
	}
	if total != 100 {
		t.Errorf("the rules give %d points in all", total)
	}
}

func TestQuads(t *testing.T) {
	g := rdf.IRI("http://example.org/graph")
	v := validate(t, strings.Replace(complete, "elm:learningOutcome :c-lo ;", "", 1))
	want := parse(t, prologue+`@prefix sh: <http://www.w3.org/ns/shacl#> .
		:graph a sh:ValidationReport ; sh:conforms false ; sh:result [
			a sh:ValidationResult ; sh:focusNode :c ; sh:resultPath elm:learningOutcome ;
			sh:resultSeverity sh:Violation ; sh:sourceConstraintComponent sh:MinCountConstraintComponent ;
			sh:sourceShape ql:LearningOpportunitySpecification ; sh:resultMessage "has no value"@en ] .`)
	var got []rdf.Quad
	for _, q := range v.Quads(g) {
		if q.G != g || q.S.IsBlank() || q.O.IsBlank() {
			t.Errorf("unexpected %s", q)
		}
		if strings.HasPrefix(q.S.Value(), "http://example.org/graph#") {
			q.S = rdf.Blank("r")
		}
		if strings.HasPrefix(q.O.Value(), "http://example.org/graph#") {
			q.O = rdf.Blank("r")
		}
		got = append(got, q.In(rdf.Term{}))
	}
	if same, err := canon.Isomorphic(got, want); err != nil || !same {
		t.Errorf("got %v (%v)", got, err)
	}
}
