package shapes_test

import (
	"bufio"
	"context"
	"os"
	"testing"

	"qlgraph/graph"
	"qlgraph/graph/mem"
	"qlgraph/graph/ntriples"
	"qlgraph/graph/rdf"
	"qlgraph/graph/turtle"
	"qlgraph/ontology"
	"qlgraph/shapes"
)

// benchData reads the data that QLGRAPH_BENCH_DATA names, an N-Quads file as
// the benchmark's generator writes it, under the names of ELM 3.3.
func benchData(b *testing.B) *mem.Dataset {
	b.Helper()
	f := benchFile(b, "QLGRAPH_BENCH_DATA")
	defer f.Close()
	var quads []rdf.Quad
	for q, err := range ntriples.NewDecoder(bufio.NewReaderSize(f, 1<<20), ntriples.Options{}).All() {
		if err != nil {
			b.Fatal(err)
		}
		quads = append(quads, ontology.ELMCurrent.RenameQuad(q))
	}
	return mem.FromQuads(quads...)
}

func benchFile(b *testing.B, variable string) *os.File {
	b.Helper()
	name := os.Getenv(variable)
	if name == "" {
		b.Skip(variable + " names no file")
	}
	f, err := os.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	return f
}

// benchShapes reads the shapes that QLGRAPH_BENCH_SHAPES names, or the bundled
// profile.
func benchShapes(b *testing.B) *shapes.Shapes {
	b.Helper()
	quads := append(ontology.ProfileGraph(), ontology.QualityLinkGraph()...)
	if os.Getenv("QLGRAPH_BENCH_SHAPES") != "" {
		f := benchFile(b, "QLGRAPH_BENCH_SHAPES")
		defer f.Close()
		quads = nil
		for q, err := range turtle.NewDecoder(f, turtle.Options{}).All() {
			if err != nil {
				b.Fatal(err)
			}
			quads = append(quads, ontology.ELMCurrent.RenameQuad(q))
		}
	}
	compiled, err := shapes.Compile(quads, shapes.CompileOptions{})
	if err != nil {
		b.Fatal(err)
	}
	return compiled
}

func BenchmarkValidate(b *testing.B) {
	data, compiled := benchData(b), benchShapes(b)
	snapshot, err := data.Snapshot(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	focusNodes, results := 0, 0
	for b.Loop() {
		report, err := compiled.Validate(context.Background(), snapshot, shapes.Options{View: graph.Union()})
		if err != nil {
			b.Fatal(err)
		}
		results = len(report.Results)
		for _, c := range report.Coverage {
			focusNodes += c.FocusNodes
		}
	}
	b.ReportMetric(float64(results), "results")
	b.ReportMetric(float64(focusNodes)/b.Elapsed().Seconds(), "focusnodes/s")
}

// One course changes its title: what that takes beside a full run.
func BenchmarkRevalidate(b *testing.B) {
	ctx := context.Background()
	data, compiled := benchData(b), benchShapes(b)
	before, err := data.Snapshot(ctx)
	if err != nil {
		b.Fatal(err)
	}
	options := shapes.Options{View: graph.Union()}
	full, err := compiled.Validate(ctx, before, options)
	if err != nil {
		b.Fatal(err)
	}
	course := full.Results[0].Root()
	title := rdf.Triple(course, rdf.IRI(ontology.DCTerms+"title"), rdf.Literal("without a language"))
	if _, err := data.Update(ctx, func(tx graph.Tx) error { return tx.Insert(title) }); err != nil {
		b.Fatal(err)
	}
	after, err := data.Snapshot(ctx)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := compiled.Revalidate(ctx, before, after, []rdf.Quad{title}, options); err != nil {
			b.Fatal(err)
		}
	}
}
