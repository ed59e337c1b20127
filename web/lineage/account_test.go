package lineage

import (
	"slices"
	"strings"
	"testing"

	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/ontology"
	"qlgraph/web/resource"
	"qlgraph/web/timeline"
)

func TestExcerpt(t *testing.T) {
	a := account{records: []record{
		{body: `{"name": [{"value": "Tides"}], "a/b": {"~": 5}, "": true, "long": "` + strings.Repeat("ü", 300) + `", "0": "by name"}`},
		{body: "first\nsecond"},
		{body: `{"name": `},
	}}
	for name, test := range map[string]struct {
		statement
		want, at string
	}{
		"a pointer":          {statement{pointer: "/name/0/value"}, `"Tides"`, "/name/0/value"},
		"an object":          {statement{pointer: "/name/0"}, `{"value": "Tides"}`, "/name/0"},
		"escaped names":      {statement{pointer: "/a~1b/~0"}, "5", "/a~1b/~0"},
		"an empty name":      {statement{pointer: "/"}, "true", "/"},
		"a number as a name": {statement{pointer: "/0"}, `"by name"`, "/0"},
		"beyond an array":    {statement{pointer: "/name/1/value"}, "", "/name/1/value"},
		"no such member":     {statement{pointer: "/other/value"}, "", "/other/value"},
		"below a value":      {statement{pointer: "/name/0/value/x"}, "", "/name/0/value/x"},
		"too long":           {statement{pointer: "/long"}, `"` + strings.Repeat("ü", maxExcerpt-1) + "…", "/long"},
		"a line":             {statement{record: 1, line: 2}, "second", "line 2"},
		"no such line":       {statement{record: 1, line: 3}, "", "line 3"},
		"a line goes first":  {statement{record: 1, line: 1, pointer: "/name"}, "first", "line 1"},
		"no place":           {statement{record: 1}, "", ""},
		"no record":          {statement{record: -1, pointer: "/name"}, "", "/name"},
		"a record cut short": {statement{record: 2, pointer: "/name"}, "", "/name"},
	} {
		if got := a.excerpt(test.statement); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
		if got := test.place(); got != test.at {
			t.Errorf("%s is at %q", name, got)
		}
	}
}

const ns = "http://x.example/"

func iri(name string) rdf.Term { return rdf.IRI(ns + name) }

// described is a course with a helper node, that node's own helper, which leads
// back, and an offering.
func described() *account {
	quads := []statement{
		{Quad: rdf.Triple(iri("c"), rdf.IRI(rdf.RDFType), iri("Course")), record: -1},
		{Quad: rdf.Triple(iri("c"), iri("title"), rdf.LangLiteral("Tides", "en")), rule: "title", pointer: "/name"},
		{Quad: rdf.Triple(iri("c"), iri("level"), iri("level7")), rule: "level", record: 0},
		{Quad: rdf.Triple(iri("c"), iri("credit"), iri("credit#1")), rule: "credit", pointer: "/credits"},
		{Quad: rdf.Triple(iri("credit#1"), rdf.IRI(rdf.RDFType), iri("CreditPoint")), record: -1},
		{Quad: rdf.Triple(iri("credit#1"), iri("point"), rdf.Literal("5")), rule: "credit", record: 1, line: 3},
		{Quad: rdf.Triple(iri("credit#1"), iri("of"), iri("c")), record: -1},
		{Quad: rdf.Triple(iri("o"), iri("instanceOf"), iri("c")), record: -1},
		{Quad: rdf.Triple(iri("o"), iri("title"), rdf.LangLiteral("Spring", "en")), record: -1},
	}
	return &account{
		version:    &timeline.Version{Document: &resource.Document{Subject: iri("c"), Offerings: []rdf.Term{iri("o")}}},
		statements: quads,
		rules:      []harvesters.Rule{{ID: "title", Conversion: "texts"}, {ID: "credit", Source: "/credits", Conversion: "numbers"}, {ID: "level", Conversion: "a concept"}},
		records:    []record{{Number: 0, MediaType: "application/json"}, {Number: 1, MediaType: "application/n-triples"}},
	}
}

// TestValues follows helper nodes to their values, and no circle.
func TestValues(t *testing.T) {
	var got []string
	for _, v := range described().values() {
		names := make([]string, len(v.path))
		for i, p := range v.path {
			names[i] = strings.TrimPrefix(p, ns)
		}
		got = append(got, strings.TrimPrefix(v.subject.Value(), ns)+" "+strings.Join(names, "/")+" "+strings.TrimPrefix(v.O.Value(), ns))
	}
	want := []string{
		"c " + rdf.RDFType + " Course", "c title Tides", "c level level7", "c credit/point 5", "c credit/of c",
		"o instanceOf c", "o title Spring",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestGraph holds the places in RDF against the statements: a pointer, a line, a
// record as a whole, and none.
func TestGraph(t *testing.T) {
	a := described()
	g := map[rdf.Term]map[string]rdf.Term{}
	for _, q := range a.graph(ns + "lineage") {
		if g[q.S] == nil {
			g[q.S] = map[string]rdf.Term{}
		}
		g[q.S][q.P.Value()] = q.O
	}
	rules := 0
	for i, s := range a.statements {
		n := g[iri("lineage#statement-"+string(rune('1'+i)))]
		if n[rdf.RDF+"subject"] != s.S || n[rdf.RDF+"predicate"] != s.P || n[rdf.RDF+"object"] != s.O {
			t.Errorf("statement %d is %v", i+1, n)
		}
		from := n[ontology.PROV+"wasDerivedFrom"]
		switch {
		case s.record < 0:
			if !from.IsZero() {
				t.Errorf("%v comes from %v", s, from)
			}
			continue
		case s.place() == "":
			if from != iri("lineage#record-0") {
				t.Errorf("%v comes from %v", s, from)
			}
		default:
			place := g[from]
			selector := g[place[annotation+"hasSelector"]]
			value, standard := s.pointer, jsonPointer
			if s.line == 3 {
				value, standard = "line=2,3", textPart
			}
			if selector[rdf.RDF+"value"] != rdf.Literal(value) || selector[ontology.DCTerms+"conformsTo"] != rdf.IRI(standard) ||
				place[annotation+"hasSource"] != iri("lineage#record-"+string(rune('0'+s.record))) {
				t.Errorf("%v comes from %v, %v", s, place, selector)
			}
		}
		if rule := g[n[ontology.DCTerms+"conformsTo"]]; rule[ontology.DCTerms+"identifier"] == rdf.Literal(s.rule) {
			rules++
		}
	}
	if rules != 4 {
		t.Errorf("%d statements have a rule, want 4", rules)
	}
}

func TestDisposition(t *testing.T) {
	for mediaType, want := range map[string]string{
		"application/json": `inline; filename="record-2.json"`, "text/csv": `inline; filename="record-2.json"`,
		"application/n-triples": `attachment; filename="record-2.json"`, "text": `attachment; filename="record-2.json"`,
	} {
		if got := disposition(record{Number: 2, MediaType: mediaType, ending: ".json"}); got != want {
			t.Errorf("%s: %s", mediaType, got)
		}
	}
}

// TestFindings reads the results of a report, the severest first, and nothing
// else of it.
func TestFindings(t *testing.T) {
	sh := func(name string) rdf.Term { return rdf.IRI(ontology.SHACL + name) }
	result := func(name, severity string, more ...rdf.Quad) []rdf.Quad {
		return append([]rdf.Quad{
			rdf.Triple(iri(name), sh("resultSeverity"), sh(severity)), rdf.Triple(iri(name), rdf.IRI(rdf.RDFType), sh("ValidationResult")),
			rdf.Triple(iri(name), sh("focusNode"), iri("c")),
		}, more...)
	}
	report := slices.Concat(
		[]rdf.Quad{rdf.Triple(iri("report"), rdf.IRI(rdf.RDFType), sh("ValidationReport")), rdf.Triple(iri("report"), sh("focusNode"), iri("other"))},
		result("r1", "Info"),
		result("r2", "Violation", rdf.Triple(iri("r2"), sh("resultPath"), iri("title")), rdf.Triple(iri("r2"), sh("value"), rdf.LangLiteral("x", "en")),
			rdf.Triple(iri("r2"), sh("resultMessage"), rdf.Literal("one")), rdf.Triple(iri("r2"), sh("resultMessage"), rdf.Literal("two")),
			rdf.Triple(iri("r2"), sh("sourceShape"), iri("Shape")), rdf.Triple(iri("r2"), sh("sourceConstraintComponent"), sh("MinCountConstraintComponent"))),
		result("r3", "Warning"),
		result("r4", "Violation"),
	)
	got := findings(report)
	if len(got) != 4 || got[0].Severity != "violation" || got[1].Severity != "violation" || got[2].Severity != "warning" || got[3].Severity != "info" {
		t.Fatalf("%+v", got)
	}
	f := got[0]
	if f.Focus != ns+"c" || f.Path != ns+"title" || f.Value != `"x"@en` || !slices.Equal(f.Messages, []string{"one", "two"}) || f.Shape != ns+"Shape" || f.Constraint != "MinCountConstraintComponent" {
		t.Errorf("%+v", f)
	}
	if got := findings(nil); got == nil || len(got) != 0 {
		t.Errorf("of nothing: %v", got) // null in JSON otherwise
	}
}
