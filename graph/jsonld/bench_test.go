package jsonld_test

import (
	"fmt"
	"strings"
	"testing"

	"qlgraph/graph/jsonld"
	"qlgraph/graph/rdf"
)

// courseDocument is a course as a feed describes it, without its braces and
// context: some thirty triples.
func courseDocument(i int) string {
	return fmt.Sprintf(`"id":"http://u.example/course/%[1]d","type":"Qualification",
"title":{"de":"Einführung in die Methoden %[1]d","en":"Introduction to methods %[1]d"},
"description":{"en":"Students learn how to describe, compare and evaluate the methods of the field, and when to use which."},
"identifier":{"id":"http://u.example/course/%[1]d#id","type":"Identifier","notation":"C-%[1]d","schemeName":"course code"},
"creditPoint":{"id":"http://u.example/course/%[1]d#cp","type":"CreditPoint","framework":"http://data.europa.eu/snb/education-credit/6fcec5c5af","point":"5"},
"language":["http://publications.europa.eu/resource/authority/language/DEU","http://publications.europa.eu/resource/authority/language/ENG"],
"eqfLevel":"http://data.europa.eu/snb/eqf/6","thematicArea":["http://data.europa.eu/snb/isced-f/0613","http://data.europa.eu/snb/isced-f/0541"],
"learningOutcome":[{"id":"http://u.example/course/%[1]d#o1","type":"LearningOutcome","title":{"en":"compare methods"}},{"id":"http://u.example/course/%[1]d#o2","type":"LearningOutcome","title":{"en":"evaluate methods"}}],
"homepage":{"id":"http://u.example/course/%[1]d#page","type":"WebResource","contentURL":"http://u.example/course/%[1]d.html"},
"volumeOfLearning":"PT150H","publisher":{"id":"http://u.example/","type":"Organisation","legalName":{"de":"Universität","en":"University"}}`, i)
}

const feedContext = `"@context":["https://www.w3.org/2018/credentials/v1","http://data.europa.eu/snb/model/context/edc-ap"],`

// BenchmarkDecode reads 100 courses: a document each, with contexts made ready
// every time or once, and one document for all.
func BenchmarkDecode(b *testing.B) {
	const n = 100
	var single, batch []string
	for i := range n {
		single = append(single, "{"+feedContext+courseDocument(i)+"}")
		batch = append(batch, "{"+courseDocument(i)+"}")
	}
	run := func(name string, docs []string, contexts func() *jsonld.Contexts) {
		b.Run(name, func(b *testing.B) {
			size := 0
			for _, d := range docs {
				size += len(d)
			}
			b.SetBytes(int64(size))
			b.ReportAllocs()
			quads := 0
			for b.Loop() {
				for _, d := range docs {
					q, err := decode(d, jsonld.Options{Contexts: contexts()})
					if err != nil {
						b.Fatal(err)
					}
					quads += len(q)
				}
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "courses/s")
			b.ReportMetric(float64(quads)/b.Elapsed().Seconds(), "quads/s")
		})
	}
	shared := jsonld.NewContexts()
	run("context-each-time", single, jsonld.NewContexts)
	run("shared-contexts", single, func() *jsonld.Contexts { return shared })
	run("array", []string{"[" + strings.Join(single, ",") + "]"}, func() *jsonld.Contexts { return shared })
	run("graph", []string{"{" + feedContext + `"@graph":[` + strings.Join(batch, ",") + "]}"}, func() *jsonld.Contexts { return shared })
}

func BenchmarkEncode(b *testing.B) {
	quads, err := decode("{"+feedContext+courseDocument(1)+"}", jsonld.Options{})
	if err != nil {
		b.Fatal(err)
	}
	contexts := jsonld.NewContexts()
	frame := map[string]any{"type": "elm:Qualification"}
	for name, opts := range map[string]jsonld.EncoderOptions{
		"compacted": {}, "expanded": {Form: jsonld.Expanded}, "framed": {Form: jsonld.Framed, Frame: frame},
	} {
		opts.Contexts = contexts
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := encode(append([]rdf.Quad(nil), quads...), opts); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "courses/s")
		})
	}
}
