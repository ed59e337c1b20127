package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
	"qlgraph/harvesters"
	"qlgraph/harvesters/formats"
	"qlgraph/ontology/courseid"
)

// maxLiftFile bounds a file of records: lift reads it whole.
const maxLiftFile = 512 << 20

type liftCommand struct {
	Type        string `required:"" help:"elm, ooapi, edu-api or occapi." placeholder:"TYPE"`
	SCHAC       string `name:"schac" default:"provider.example" help:"SCHAC code of the provider whose records they are." placeholder:"DOMAIN"`
	ContentType string `help:"Media type of the files, where they do not tell it." placeholder:"TYPE"`
	BaseIRI     string `name:"base-iri" help:"IRI that names of this aggregator begin with." placeholder:"IRI"`
	To          string `default:"turtle" help:"Format to write: turtle, trig, ntriples, nquads, rdfxml, jsonld." placeholder:"FORMAT"`
	elmFlag
	Files []string `arg:"" name:"file" help:"Records: one, a bare array, or a page as the API sends it; - is stdin."`
}

// Run lifts the files' records. What the lifter found is said on stderr.
func (c *liftCommand) Run(ctx context.Context, p process) error {
	format, err := formats.Of(c.Type)
	if err != nil {
		return usageError{err}
	}
	to, err := rdfio.ByName(c.To)
	if err != nil {
		return usageError{err}
	}
	in := harvesters.Context{
		BaseIRI: p.setting(c.BaseIRI, "BASE_IRI", "", defaultBaseIRI),
		Source: harvesters.Source{
			Provider: harvesters.Provider{SCHAC: strings.ToLower(c.SCHAC)},
			ID:       courseid.SourceID("", string(format.Name), ""),
			Format:   format.Name, ContentType: c.ContentType,
		},
	}
	var quads []rdf.Quad
	var failed error
	for _, name := range c.Files {
		lifted, err := c.lift(p, format, in, name)
		quads = append(quads, lifted...)
		failed = errors.Join(failed, err)
	}
	if err := writeRDF(ctx, p.stdout, to, c.rename(sequence(quads))); err != nil {
		return err
	}
	return failed
}

// lift returns the quads of a file's records. Those before a syntax error are
// returned with it.
func (c *liftCommand) lift(p process, format formats.Format, in harvesters.Context, name string) ([]rdf.Quad, error) {
	body, err := p.read(name, maxLiftFile)
	if err != nil {
		return nil, err
	}
	records, err := format.Records(body, c.ContentType)
	if err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	var quads []rdf.Quad
	for _, record := range records {
		lifted := format.Lifter.Lift(record, in)
		for _, s := range lifted.Statements {
			quads = append(quads, s.Quad)
		}
		for _, f := range lifted.Findings {
			fmt.Fprintf(p.stderr, "%s%s: %s: %s [%s]\n", name, place(f.At), f.Severity, f.Message, f.Code)
		}
	}
	fmt.Fprintf(p.stderr, "%s: %d records, %d statements\n", name, len(records), len(quads))
	return quads, err
}

// place shows where in a file something is.
func place(at harvesters.Origin) string {
	switch {
	case at.Pointer != "":
		return "#" + at.Pointer
	case at.Line > 0:
		return fmt.Sprintf(":%d", at.Line)
	}
	return ""
}
