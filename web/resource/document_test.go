package resource_test

import (
	"context"
	"slices"
	"testing"

	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/ontology"
	"qlgraph/web/resource"
)

const (
	base   = "http://data.quality-link.eu"
	course = base + "/course/uni.example/C1"
)

func iri(s string) rdf.Term { return rdf.IRI(s) }

// in puts triples into the graph g.
func in(g string, triples ...[3]rdf.Term) []rdf.Quad {
	var quads []rdf.Quad
	for _, t := range triples {
		quads = append(quads, rdf.Quad{S: t[0], P: t[1], O: t[2], G: iri(g)})
	}
	return quads
}

var (
	a        = iri(rdf.RDFType)
	title    = iri(ontology.DCTerms + "title")
	spec     = iri(ontology.QL + "LearningOpportunitySpecification")
	instance = iri(ontology.QL + "LearningOpportunityInstance")
	source   = base + "/graph/source/uni.example/main"
	foreign  = "https://uni.example/id/course/1"
)

func dataset() *mem.Dataset { return mem.FromQuads(quads()...) }

func quads() []rdf.Quad {
	provider, note := iri(base+"/provider/uni.example"), iri(course+"#note-1")
	return slices.Concat(
		in(source,
			[3]rdf.Term{iri(course), a, spec},
			[3]rdf.Term{iri(course), title, rdf.LangLiteral("Ocean currents", "en")},
			[3]rdf.Term{iri(course), iri(ontology.DCTerms + "publisher"), provider},
			[3]rdf.Term{iri(course), iri(ontology.DCTerms + "language"), iri(ontology.LanguageTable + "ENG")},
			[3]rdf.Term{iri(course), iri(ontology.ELM + "additionalNote"), note},
			[3]rdf.Term{note, iri(ontology.ELM + "noteLiteral"), rdf.LangLiteral("Bring boots.", "en")},
			[3]rdf.Term{note, iri(ontology.ELM + "additionalNote"), note}, // circular
			[3]rdf.Term{iri(course + "/offerings/O1"), a, instance},
			[3]rdf.Term{iri(course + "/offerings/O1"), iri(ontology.ELM + "learningAchievementSpecification"), iri(course)},
			[3]rdf.Term{iri(foreign), a, spec},
			[3]rdf.Term{iri(foreign), title, rdf.LangLiteral("Own name", "en")},
			[3]rdf.Term{iri(foreign), iri(ontology.OWL + "sameAs"), iri(base + "/course/uni.example/C2")},
		),
		in(base+"/graph/vocabulary",
			[3]rdf.Term{iri(ontology.LanguageTable + "ENG"), a, iri(ontology.SKOS + "Concept")},
			[3]rdf.Term{iri(ontology.LanguageTable + "ENG"), iri(ontology.SKOS + "prefLabel"), rdf.LangLiteral("English", "en")},
			[3]rdf.Term{iri(ontology.LanguageTable + "ENG"), iri(ontology.SKOS + "inScheme"), iri(ontology.LanguageTable)},
		),
		in(base+"/graph/reference",
			[3]rdf.Term{provider, a, iri(ontology.QL + "HigherEducationInstitution")},
			[3]rdf.Term{provider, iri(ontology.ROV + "legalName"), rdf.LangLiteral("University", "en")},
		),
		in(base+"/graph/validation/uni.example/main",
			[3]rdf.Term{iri(course), title, rdf.LangLiteral("said by somebody else", "en")},
		),
	)
}

func assemble(t *testing.T, name string) *resource.Document {
	t.Helper()
	snap, err := dataset().Snapshot(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	doc, err := resource.Assemble(snap, base, name)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestAssemble(t *testing.T) {
	doc := assemble(t, course)
	if doc == nil || doc.Subject != iri(course) || !doc.Alias.IsZero() {
		t.Fatalf("document %+v", doc)
	}
	if want := []rdf.Term{iri(course + "/offerings/O1")}; !slices.Equal(doc.Offerings, want) {
		t.Errorf("offerings %v, want %v", doc.Offerings, want)
	}
	if want := []rdf.Term{iri(source)}; !slices.Equal(doc.Graphs, want) {
		t.Errorf("graphs %v, want %v", doc.Graphs, want)
	}
	for name, tc := range map[string]struct {
		quad rdf.Quad
		want bool
	}{
		"helper node":             {rdf.Triple(iri(course+"#note-1"), iri(ontology.ELM+"noteLiteral"), rdf.LangLiteral("Bring boots.", "en")), true},
		"offering":                {rdf.Triple(iri(course+"/offerings/O1"), a, instance), true},
		"label of a concept":      {rdf.Triple(iri(ontology.LanguageTable+"ENG"), iri(ontology.SKOS+"prefLabel"), rdf.LangLiteral("English", "en")), true},
		"name of the publisher":   {rdf.Triple(iri(base+"/provider/uni.example"), iri(ontology.ROV+"legalName"), rdf.LangLiteral("University", "en")), true},
		"the rest of a concept":   {rdf.Triple(iri(ontology.LanguageTable+"ENG"), iri(ontology.SKOS+"inScheme"), iri(ontology.LanguageTable)), false},
		"another graph's opinion": {rdf.Triple(iri(course), title, rdf.LangLiteral("said by somebody else", "en")), false},
	} {
		if got := slices.Contains(doc.Quads, tc.quad); got != tc.want {
			t.Errorf("%s: in the document: %v, want %v", name, got, tc.want)
		}
	}
	if !slices.IsSortedFunc(doc.Quads, rdf.CompareQuads) {
		t.Error("the document's quads are not sorted")
	}
}

func TestAssembleProvidersOwnIRI(t *testing.T) {
	doc := assemble(t, base+"/course/uni.example/C2")
	if doc == nil || doc.Subject != iri(foreign) || doc.Alias != iri(base+"/course/uni.example/C2") {
		t.Fatalf("document %+v", doc)
	}
}

func TestAssembleUnknown(t *testing.T) {
	if doc := assemble(t, base+"/course/uni.example/none"); doc != nil {
		t.Errorf("an unknown course has the document %+v", doc)
	}
}

func TestAssembleThen(t *testing.T) {
	snap, err := dataset().Snapshot(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	then := in(source,
		[3]rdf.Term{iri(course), a, spec},
		[3]rdf.Term{iri(course), title, rdf.LangLiteral("Currents", "en")},
		[3]rdf.Term{iri(course), iri(ontology.DCTerms + "language"), iri(ontology.LanguageTable + "ENG")},
		[3]rdf.Term{iri(course + "/offerings/O0"), a, instance},
		[3]rdf.Term{iri(course + "/offerings/O0"), iri(ontology.ELM + "learningAchievementSpecification"), iri(course)},
	)
	doc, err := resource.AssembleThen(snap, base, course, then)
	if err != nil {
		t.Fatal(err)
	}
	want := slices.Clone(then)
	for i := range want {
		want[i].G = rdf.Term{}
	}
	slices.SortFunc(want, rdf.CompareQuads)
	if !slices.Equal(doc.Quads, want) {
		t.Errorf("got %v, want %v: what the sources say now is not what they said", doc.Quads, want)
	}
	if doc, err = resource.AssembleThen(snap, base, course, nil); doc != nil || err != nil {
		t.Errorf("before there was anything: %+v, %v", doc, err)
	}
}
