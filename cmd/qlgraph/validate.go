package main

import (
	"context"
	"encoding/json"
	"fmt"

	"qlgraph/graph"
	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
	"qlgraph/ontology"
	"qlgraph/shapes"
	"qlgraph/shapes/profile"
)

type validateCommand struct {
	Shapes []string `help:"Check with exactly these shapes, over exactly the data given." placeholder:"FILE"`
	From   string   `help:"Format of the data files; follows from their endings." placeholder:"FORMAT"`
	Format string   `default:"human" enum:"human,json,turtle" help:"human, json or turtle."`
	Files  []string `arg:"" name:"data-file" help:"RDF files to check; - is stdin."`
}

// Run prints the report; the status is 1 where the data do not conform.
func (c *validateCommand) Run(ctx context.Context, p process) error {
	data, err := p.readAll(c.Files, c.From)
	if err != nil {
		return err
	}
	report, err := c.validate(ctx, p, data)
	if err != nil {
		return err
	}
	if err := c.print(ctx, p, report); err != nil {
		return err
	}
	if !report.Conforms {
		return errNonconforming
	}
	return nil
}

func (c *validateCommand) validate(ctx context.Context, p process, data []rdf.Quad) (*shapes.Report, error) {
	if len(c.Shapes) == 0 {
		v, err := profile.New().Validate(ctx, data, nil, profile.Options{})
		if err != nil {
			return nil, err
		}
		return v.Report, nil
	}
	text, err := p.readAll(c.Shapes, "")
	if err != nil {
		return nil, err
	}
	compiled, err := shapes.Compile(text, shapes.CompileOptions{Import: ontology.Import, Prefixes: ontology.Prefixes()})
	if err != nil {
		return nil, err
	}
	snap, err := mem.FromQuads(data...).Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer snap.Close()
	return compiled.Validate(ctx, snap, shapes.Options{View: graph.Union()})
}

func (c *validateCommand) print(ctx context.Context, p process, report *shapes.Report) error {
	switch c.Format {
	case "json":
		enc := json.NewEncoder(p.stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(report)
	case "turtle":
		return writeRDF(ctx, p.stdout, rdfio.Turtle, sequence(report.Quads()))
	}
	return report.WriteText(p.stdout, shapes.TextOptions{})
}

// readAll reads RDF files whole; their blank nodes stay apart.
func (p process) readAll(names []string, format string) ([]rdf.Quad, error) {
	var quads []rdf.Quad
	for i, name := range names {
		in, err := p.openRDF(name, format, rdfio.DecoderOptions{LabelPrefix: fmt.Sprintf("f%d", i)})
		if err != nil {
			return nil, err
		}
		for q, err := range in.quads {
			if err != nil {
				in.Close()
				return nil, err
			}
			quads = append(quads, q)
		}
		if err := in.Close(); err != nil {
			return nil, err
		}
	}
	return quads, nil
}
