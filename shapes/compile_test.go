package shapes_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"qlgraph/graph"
	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/shapes"
)

const prologue = `
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <http://example.org/> .
`

func quadsOf(t testing.TB, text string) []rdf.Quad {
	t.Helper()
	quads, err := parseTurtle([]byte(prologue+text), "http://example.org/")
	if err != nil {
		t.Fatal(err)
	}
	return quads
}

func compiled(t testing.TB, text string) *shapes.Shapes {
	t.Helper()
	s, err := shapes.Compile(quadsOf(t, text), shapes.CompileOptions{Prefixes: map[string]string{"": "http://example.org/"}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func reportOn(t testing.TB, s *shapes.Shapes, data string) *shapes.Report {
	t.Helper()
	snapshot, err := mem.FromQuads(quadsOf(t, data)...).Snapshot(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer snapshot.Close()
	report, err := s.Validate(context.Background(), snapshot, shapes.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// Every ill-formed shape is reported with the node and the rule, not ignored.
func TestIllFormedShapes(t *testing.T) {
	for _, c := range []struct{ name, shapes, node, rule string }{
		{"two paths", `:p a sh:PropertyShape ; sh:path :a , :b .`, ":p", "exactly one sh:path"},
		{"no path", `:p a sh:PropertyShape .`, ":p", "exactly one sh:path"},
		{"node shape with path", `:s a sh:NodeShape ; sh:path :a .`, ":s", "no sh:path"},
		{"literal path", `:p a sh:PropertyShape ; sh:path "a" .`, ":p", "IRI or a blank node"},
		{"short sequence", `:p a sh:PropertyShape ; sh:path (:a) .`, ":p", "at least two"},
		{"endless path", `:p a sh:PropertyShape ; sh:path _:x . _:x sh:inversePath _:x .`, ":p", "nested too deeply"},
		{"path of two forms", `:p a sh:PropertyShape ; sh:path [ sh:inversePath :a ; sh:zeroOrMorePath :b ] .`, ":p", "one form"},
		{"path of no form", `:p a sh:PropertyShape ; sh:path [ :a :b ] .`, ":p", "known form"},
		{"endless list", `:p a sh:PropertyShape ; sh:path :a ; sh:in _:l . _:l rdf:first 1 ; rdf:rest _:l .`, ":p", "list"},
		{"count at node shape", `:s a sh:NodeShape ; sh:minCount 1 .`, ":s", "property shapes"},
		{"two counts", `:p a sh:PropertyShape ; sh:path :a ; sh:minCount 1 , 2 .`, ":p", "at most one value"},
		{"count as string", `:p a sh:PropertyShape ; sh:path :a ; sh:minCount "1" .`, ":p", "non-negative xsd:integer"},
		{"negative count", `:p a sh:PropertyShape ; sh:path :a ; sh:maxCount -1 .`, ":p", "non-negative xsd:integer"},
		{"huge count", `:p a sh:PropertyShape ; sh:path :a ; sh:maxCount 99999999999999999999 .`, ":p", "non-negative xsd:integer"},
		{"class literal", `:s a sh:NodeShape ; sh:class "C" .`, ":s", "sh:class is an IRI"},
		{"unknown node kind", `:s a sh:NodeShape ; sh:nodeKind :Thing .`, ":s", "six node kinds"},
		{"broken pattern", `:s a sh:NodeShape ; sh:pattern "(" .`, ":s", "sh:pattern"},
		{"unknown flag", `:s a sh:NodeShape ; sh:pattern "a" ; sh:flags "y" .`, ":s", "unknown flag"},
		{"or without list", `:s a sh:NodeShape ; sh:or :t .`, ":s", "sh:or is a list"},
		{"literal shape", `:s a sh:NodeShape ; sh:node "t" .`, ":s", "a shape is an IRI"},
		{"property without path", `:s a sh:NodeShape ; sh:property :p . :p sh:minCount 1 .`, ":p", "no sh:path"},
		{"closed maybe", `:s a sh:NodeShape ; sh:closed "maybe" .`, ":s", "true or false"},
		{"severity literal", `:s a sh:NodeShape ; sh:severity "high" .`, ":s", "sh:severity is an IRI"},
		{"numeric message", `:s a sh:NodeShape ; sh:message 1 .`, ":s", "sh:message is a string"},
		{"literal target", `:s a sh:NodeShape ; sh:targetClass "C" .`, ":s", "sh:targetClass is an IRI"},
		{"bound that is no literal", `:s a sh:NodeShape ; sh:minInclusive :a .`, ":s", "is a literal"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := shapes.Compile(quadsOf(t, c.shapes), shapes.CompileOptions{})
			var ill *shapes.IllFormedError
			if !errors.As(err, &ill) {
				t.Fatalf("error %v", err)
			}
			node := rdf.IRI("http://example.org/" + c.node[1:])
			if !slices.ContainsFunc(ill.Problems, func(n shapes.Notice) bool {
				return n.Node == node && strings.Contains(n.Message, c.rule)
			}) {
				t.Errorf("no problem of %s about %q: %v", c.node, c.rule, err)
			}
		})
	}
}

// All problems of a shapes graph are reported, not the first alone.
func TestIllFormedShapesTogether(t *testing.T) {
	_, err := shapes.Compile(quadsOf(t, `:s a sh:NodeShape ; sh:minCount 1 . :p a sh:PropertyShape .`), shapes.CompileOptions{})
	var ill *shapes.IllFormedError
	if !errors.As(err, &ill) || len(ill.Problems) != 2 {
		t.Errorf("%v", err)
	}
}

func TestNotices(t *testing.T) {
	for _, c := range []struct{ name, shapes, node, text string }{
		{"dangling reference", `:s a sh:NodeShape ; sh:node :elsewhere .`, ":elsewhere", "does not hold"},
		{"import", `:o a owl:Ontology ; owl:imports :other .`, ":other", "not followed"},
		{"recursion", `:s a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :a ; sh:node :s ] .`, ":s", "refers to itself"},
	} {
		t.Run(c.name, func(t *testing.T) {
			node := rdf.IRI("http://example.org/" + c.node[1:])
			if !slices.ContainsFunc(compiled(t, c.shapes).Notices(), func(n shapes.Notice) bool {
				return n.Node == node && strings.Contains(n.Message, c.text)
			}) {
				t.Errorf("no notice about %s", c.node)
			}
		})
	}
}

func TestImport(t *testing.T) {
	options := shapes.CompileOptions{Import: func(iri string) ([]rdf.Quad, bool) {
		return quadsOf(t, `:t a sh:NodeShape ; sh:nodeKind sh:Literal . :other owl:imports :other .`), iri == "http://example.org/other"
	}}
	s, err := shapes.Compile(quadsOf(t, `:o owl:imports :other . :s a sh:NodeShape ; sh:targetNode :n ; sh:node :t .`), options)
	if err != nil || len(s.Notices()) > 0 {
		t.Fatal(err, s.Notices())
	}
	if r := reportOn(t, s, ""); len(r.Results) != 1 {
		t.Errorf("%d results, want that of the imported shape", len(r.Results))
	}
}

// A shape that is an owl:Class targets its instances, those of subclasses
// included (docs/adr/0004-implicit-class-targets.md).
func TestImplicitClassTarget(t *testing.T) {
	for _, class := range []string{"rdfs:Class", "owl:Class"} {
		s := compiled(t, `:C a sh:NodeShape , `+class+` ; sh:property [ sh:path :a ; sh:minCount 1 ] .`)
		r := reportOn(t, s, `:x a :C . :y a :D . :D rdfs:subClassOf :C . :z a :E .`)
		if len(r.Results) != 2 {
			t.Errorf("%s: %d results, want 2", class, len(r.Results))
		}
	}
}

// Recursive shapes end, on cycles and on long chains.
func TestRecursion(t *testing.T) {
	s := compiled(t, `:s a sh:NodeShape ; sh:targetNode :n0 ; sh:property [ sh:path :next ; sh:node :s ; sh:maxCount 1 ] .`)
	if r := reportOn(t, s, `:n0 :next :n1 . :n1 :next :n0 .`); !r.Conforms {
		t.Errorf("cycle: %d results", len(r.Results))
	}
	if r := reportOn(t, s, `:n0 :next :n1 . :n1 :next :n0 , :n2 .`); len(r.Results) != 1 {
		t.Errorf("cycle with a fault: %d results, want 1", len(r.Results))
	}
	var chain []rdf.Quad
	for i := range 100_000 {
		chain = append(chain, rdf.Triple(ex("n%d", i), ex("next"), ex("n%d", i+1)))
	}
	snapshot, _ := mem.FromQuads(chain...).Snapshot(context.Background())
	if _, err := s.Validate(context.Background(), snapshot, shapes.Options{}); err == nil || !strings.Contains(err.Error(), "more than 512 nodes") {
		t.Errorf("a chain of 100,000: error %v", err)
	}
	star := compiled(t, `:s a sh:NodeShape ; sh:targetNode :n0 ; sh:property [ sh:path [ sh:oneOrMorePath :next ] ; sh:maxCount 1 ] .`)
	if r, err := star.Validate(context.Background(), snapshot, shapes.Options{}); err != nil || len(r.Results) != 1 {
		t.Errorf("a path along the chain: %v", err)
	}
}

func TestSeverityDeactivatedMessages(t *testing.T) {
	s := compiled(t, `
		:s a sh:NodeShape ; sh:targetNode :n ;
			sh:property [ sh:path :a ; sh:minCount 1 ; sh:severity sh:Warning ; sh:message "missing"@en , "fehlt"@de ] ;
			sh:property [ sh:path :b ; sh:minCount 1 ; sh:deactivated true ] .`)
	r := reportOn(t, s, "")
	if len(r.Results) != 1 || r.Results[0].Severity != shacl("Warning") || r.Conforms {
		t.Fatalf("%+v", r.Results)
	}
	for languages, want := range map[string]string{"de": "fehlt", "fr": "missing", "": "missing", "de-AT": "missing"} {
		if g := r.Groups(1, languages); g[0].Message != want {
			t.Errorf("message for %q: %q, want %q", languages, g[0].Message, want)
		}
	}
}

// Whether classes are gathered or looked up node by node, and however many
// workers there are, the results are the same.
func TestStrategiesAgree(t *testing.T) {
	ctx := context.Background()
	s := compiled(t, `
		:s a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :a ; sh:class :D ; sh:maxCount 1 ] ,
			[ sh:path [ sh:inversePath :a ] ; sh:class :C ] .`)
	var data []rdf.Quad
	typ := rdf.IRI(rdf.RDFType)
	data = append(data, rdf.Triple(ex("E"), rdf.IRI("http://www.w3.org/2000/01/rdf-schema#subClassOf"), ex("D")))
	var nodes []rdf.Term
	for i := range 3000 {
		n := ex("x%d", i)
		nodes = append(nodes, n)
		data = append(data, rdf.Triple(n, typ, ex("C")), rdf.Triple(n, ex("a"), ex("x%d", i*7%3000)), rdf.Triple(n, ex("a"), ex("y%d", i%5)))
		if i%3 == 0 {
			data = append(data, rdf.Triple(n, typ, ex("E")))
		}
	}
	snapshot, err := mem.FromQuads(data...).Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	run := func(options shapes.Options) []string {
		r, err := s.Validate(ctx, snapshot, options)
		if err != nil {
			t.Fatal(err)
		}
		return keys(r, nil)
	}
	want := run(shapes.Options{Workers: 1})
	if got := run(shapes.Options{Workers: 7}); !slices.Equal(got, want) {
		t.Error("seven workers find something else than one")
	}
	var got []string
	for some := range slices.Chunk(nodes, 100) {
		got = append(got, run(shapes.Options{Nodes: some})...)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) || len(want) < 3000 {
		t.Errorf("looking classes up node by node: %d results, gathering them %d", len(got), len(want))
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	snapshot, _ := mem.FromQuads(quadsOf(t, ":x a :C .")...).Snapshot(context.Background())
	cancel()
	s := compiled(t, `:s a sh:NodeShape ; sh:targetClass :C .`)
	if _, err := s.Validate(ctx, snapshot, shapes.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if _, err := s.Validate(context.Background(), snapshot, shapes.Options{View: graph.EveryQuad()}); err == nil {
		t.Error("a view of several graphs that is not merged is accepted")
	}
}

// Focus nodes come from the data, what is read of them from the whole view.
func TestDataWithinView(t *testing.T) {
	ctx := context.Background()
	data, vocabulary := ex("data"), ex("vocabulary")
	var quads []rdf.Quad
	for _, q := range quadsOf(t, `:x a :C ; :a :v , :w .`) {
		quads = append(quads, q.In(data))
	}
	for _, q := range quadsOf(t, `:v a :Concept . :y a :C ; :a :nothing .`) {
		quads = append(quads, q.In(vocabulary))
	}
	snapshot, err := mem.FromQuads(quads...).Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	id, _, _ := snapshot.Lookup(data)
	g := graph.OneGraph(id)
	s := compiled(t, `:s a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :a ; sh:class :Concept ] .`)
	r, err := s.Validate(ctx, snapshot, shapes.Options{View: graph.Union(), Data: &g})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Results) != 1 || r.Results[0].Value != ex("w") || r.Coverage[0].FocusNodes != 1 {
		t.Errorf("%+v, %+v", r.Results, r.Coverage)
	}
}
