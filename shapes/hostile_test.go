package shapes_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/shapes"
)

// names are the properties of SHACL, whatever they are for.
var names = []string{
	"targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf", "path", "property", "node", "severity", "message",
	"deactivated", "class", "datatype", "nodeKind", "minCount", "maxCount", "minExclusive", "maxInclusive", "minLength",
	"pattern", "flags", "languageIn", "uniqueLang", "equals", "lessThan", "not", "and", "or", "xone", "qualifiedValueShape",
	"qualifiedMinCount", "qualifiedValueShapesDisjoint", "closed", "ignoredProperties", "hasValue", "in", "sparql", "select",
	"prefixes", "declare", "prefix", "namespace", "parameter", "validator", "ask", "optional", "inversePath",
	"alternativePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath",
}

// Shapes graphs of nonsense are compiled or reported; what compiles validates,
// or says why not. Nothing panics or runs on.
func TestNonsense(t *testing.T) {
	ctx := context.Background()
	compiledCount := 0
	for seed := range *cases {
		r := &random{Rand: rand.New(rand.NewPCG(uint64(seed), 3))}
		node := func() rdf.Term {
			return pick(r, ex("s%d", r.IntN(4)), rdf.Blank("b"+string(rune('0'+r.IntN(4)))), r.predicate(), rdf.IRI(rdf.RDFNil))
		}
		var graph []rdf.Quad
		for range 1 + r.IntN(12) {
			predicate := pick(r, shacl(names[r.IntN(len(names))]), rdf.IRI(rdf.RDFFirst), rdf.IRI(rdf.RDFRest), rdf.IRI(rdf.RDFType))
			object := pick(r, node(), r.literal(), integer(r.IntN(3)), yes, shacl(pick(r, "NodeShape", "PropertyShape", "ConstraintComponent", "IRI")),
				rdf.Literal("SELECT $this WHERE { $this ?p ?value }"))
			graph = append(graph, rdf.Triple(node(), predicate, object))
		}
		s, err := shapes.Compile(graph, shapes.CompileOptions{})
		var ill *shapes.IllFormedError
		if err != nil && !errors.As(err, &ill) {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if err != nil {
			continue
		}
		compiledCount++
		snapshot, err := mem.FromQuads(append(r.data(20), graph...)...).Snapshot(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if report, err := s.Validate(ctx, snapshot, shapes.Options{}); err == nil {
			report.Quads()
			report.Groups(3)
		}
	}
	if compiledCount < *cases/10 {
		t.Errorf("only %d of %d graphs compile", compiledCount, *cases)
	}
}

// A validation that finds nothing allocates nothing for a focus node; what the
// sets of instances take as they grow is less than one allocation in four nodes.
func TestFocusNodesCostNoAllocation(t *testing.T) {
	ctx := context.Background()
	s := compiled(t, `:s a sh:NodeShape ; sh:targetClass :C ;
		sh:property [ sh:path :a ; sh:minCount 1 ; sh:maxCount 1 ; sh:class :D ] , [ sh:path :b ; sh:datatype xsd:integer ] .`)
	allocations := func(n int) float64 {
		var data []rdf.Quad
		for i := range n {
			x, y := ex("x%d", i), ex("y%d", i)
			data = append(data, rdf.Triple(x, rdf.IRI(rdf.RDFType), ex("C")), rdf.Triple(x, ex("a"), y),
				rdf.Triple(y, rdf.IRI(rdf.RDFType), ex("D")), rdf.Triple(x, ex("b"), integer(i)))
		}
		snapshot, err := mem.FromQuads(data...).Snapshot(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return testing.AllocsPerRun(5, func() {
			report, err := s.Validate(ctx, snapshot, shapes.Options{Workers: 1})
			if err != nil || !report.Conforms {
				t.Fatal("does not conform", err)
			}
		})
	}
	few, many := allocations(1000), allocations(5000)
	if each := (many - few) / 4000; each > 0.25 {
		t.Errorf("%.2f allocations for each focus node", each)
	}
}
