package shapes_test

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"

	"qlgraph/graph/canon"
	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/internal/golden"
	"qlgraph/shapes"
)

// library is a small example with a finding of each kind of presentation.
const library = `
	:Book a sh:NodeShape , owl:Class ; rdfs:label "Book"@en , "Buch"@de ;
		sh:property
			[ sh:path :title ; sh:name "title"@en , "Titel"@de ; sh:minCount 1 ; sh:datatype rdf:langString ;
			  sh:description "The title with its language tag"@en , "Der Titel mit seiner Sprache"@de ] ,
			[ sh:path :pages ; sh:maxCount 1 ; sh:minExclusive 0 ; sh:severity sh:Warning ] ,
			[ sh:path ( :author [ sh:zeroOrMorePath :worksFor ] ) ; sh:nodeKind sh:IRI ; sh:message "an author without a name"@en ] .
	:Film a sh:NodeShape , owl:Class ; sh:property [ sh:path :length ; sh:minCount 1 ] .
	:Shelf a sh:NodeShape ; sh:targetClass :Shelf ; sh:node :Furniture .`

const books = `
	:b1 a :Book ; :title "Moby-Dick" ; :pages 600 , 635 ; :author "Melville" .
	:b2 a :Book ; :title "Ulysses" ; :pages -1 ; :author :joyce .
	:b3 a :Book ; :auhtor :nobody .
	:b4 a :Book ; :title "Emma"@en ; <http://example.com/pages> 400 .`

func libraryReport(t *testing.T) *shapes.Report {
	t.Helper()
	s := compiled(t, library)
	snapshot, err := mem.FromQuads(quadsOf(t, books)...).Snapshot(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	report, err := s.Validate(context.Background(), snapshot, shapes.Options{Vocabulary: shapes.NewVocabulary(quadsOf(t, library))})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestWriteText(t *testing.T) {
	for name, languages := range map[string][]string{"report.txt": nil, "report.de.txt": {"de", "en"}} {
		var out bytes.Buffer
		if err := libraryReport(t).WriteText(&out, shapes.TextOptions{Languages: languages, Examples: 2}); err != nil {
			t.Fatal(err)
		}
		golden.Check(t, name, out.Bytes())
	}
}

func TestWriteTextOfNothing(t *testing.T) {
	var out bytes.Buffer
	if err := reportOn(t, compiled(t, library), ":x :y :z .").WriteText(&out, shapes.TextOptions{}); err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "untested.txt", out.Bytes())
}

func TestMarshalJSON(t *testing.T) {
	out, err := json.MarshalIndent(libraryReport(t), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "report.json", append(out, '\n'))
}

func TestQuads(t *testing.T) {
	report := reportOn(t, compiled(t, `:s a sh:NodeShape ; sh:targetNode :n ;
		sh:property [ sh:path ( :a [ sh:inversePath :b ] ) ; sh:minCount 1 ] .`), "")
	want := quadsOf(t, `
		[] a sh:ValidationReport ; sh:conforms false ; sh:result [
			a sh:ValidationResult ; sh:focusNode :n ; sh:resultPath ( :a [ sh:inversePath :b ] ) ;
			sh:resultSeverity sh:Violation ; sh:sourceShape [] ; sh:resultMessage "has no value"@en ;
			sh:sourceConstraintComponent sh:MinCountConstraintComponent ] .`)
	if same, err := canon.Isomorphic(report.Quads(), want); err != nil || !same {
		t.Errorf("%v\n%s", err, lines(report.Quads()))
	}
}

// Coverage tells what was tested, and how often.
func TestCoverage(t *testing.T) {
	report := libraryReport(t)
	counts := map[rdf.Term]int{}
	var evaluations int64
	for _, c := range report.Coverage {
		counts[c.Shape] = c.FocusNodes
		for _, k := range c.Constraints {
			evaluations += k.Evaluations
		}
	}
	if counts[ex("Book")] != 4 || counts[ex("Film")] != 0 || len(counts) != 3 {
		t.Errorf("focus nodes %v", counts)
	}
	// Each book is tested for its three properties, by five constraints.
	if evaluations != 4*(3+5) {
		t.Errorf("%d evaluations", evaluations)
	}
}
