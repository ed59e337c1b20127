package rdfxml_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfxml"
	"qlgraph/internal/corpus"
)

// courses makes descriptions like those that universities publish: a dozen
// properties, texts in two languages, IRIs of code lists.
func courses(n int) []rdf.Quad {
	var quads []rdf.Quad
	const elm, dct, course = "http://data.europa.eu/snb/model/elm/", "http://purl.org/dc/terms/", "https://university.example/courses/"
	text := strings.Repeat("Students learn how to describe, compare & evaluate methods of the field. ", 4)
	for i := range n {
		s := rdf.IRI(fmt.Sprintf("%sC-%05d", course, i))
		add := func(p string, o rdf.Term) { quads = append(quads, rdf.Triple(s, rdf.IRI(p), o)) }
		add(rdf.RDFType, rdf.IRI(elm+"LearningAchievementSpecification"))
		add(dct+"title", rdf.LangLiteral(fmt.Sprintf("Einführung in die Methoden %d", i), "de"))
		add(dct+"title", rdf.LangLiteral(fmt.Sprintf("Introduction to methods %d", i), "en"))
		add(dct+"description", rdf.LangLiteral(fmt.Sprintf("%d. %s", i, text), "en"))
		add(dct+"language", rdf.IRI("http://publications.europa.eu/resource/authority/language/DEU"))
		add(elm+"ISCEDFCode", rdf.IRI(fmt.Sprintf("http://data.europa.eu/snb/isced-f/%04d", i%80)))
		add(elm+"volumeOfLearning", rdf.TypedLiteral(fmt.Sprintf("PT%dH", 30*(i%10)), rdf.XSDDuration))
		add(elm+"learningOutcome", rdf.IRI(fmt.Sprintf("%sC-%05d#outcome", course, i)))
		add(dct+"modified", rdf.TypedLiteral(fmt.Sprintf("2026-01-%02dT00:00:00Z", 1+i%28), rdf.XSDDateTime))
		add(dct+"publisher", rdf.IRI("https://university.example/"))
	}
	return quads
}

var table = map[string]string{"elm": "http://data.europa.eu/snb/model/elm/", "dct": "http://purl.org/dc/terms/"}

func BenchmarkDecode(b *testing.B) {
	quads := courses(4000)
	doc, err := encode(quads, table)
	if err != nil {
		b.Fatal(err)
	}
	corpus.Measure(b, len(doc), len(quads), "triple", func() {
		d := rdfxml.NewDecoder(strings.NewReader(doc), rdfxml.Options{})
		n := 0
		for _, err := range d.All() {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != len(quads) {
			b.Fatal(n)
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	quads := courses(4000)
	doc, err := encode(quads, table)
	if err != nil {
		b.Fatal(err)
	}
	corpus.Measure(b, len(doc), len(quads), "triple", func() {
		e := rdfxml.NewEncoder(io.Discard, rdfxml.EncoderOptions{Prefixes: table})
		for _, q := range quads {
			if err := e.Encode(q); err != nil {
				b.Fatal(err)
			}
		}
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
	})
}

// TestDecodeAllocations guards the reader's cost: three strings at most for a
// triple with a new subject or a long text.
func TestDecodeAllocations(t *testing.T) {
	quads := courses(200)
	doc, err := encode(quads, table)
	if err != nil {
		t.Fatal(err)
	}
	allocs := testing.AllocsPerRun(10, func() {
		if _, err := collect(rdfxml.NewDecoder(bytes.NewReader([]byte(doc)), rdfxml.Options{})); err != nil {
			t.Fatal(err)
		}
	})
	if per := allocs / float64(len(quads)); per > 2 {
		t.Errorf("%.1f allocations per triple, want at most 2", per)
	}
}
