package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"iter"

	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
	"qlgraph/ontology"
)

type convertCommand struct {
	From string `help:"Format of FILE; follows from its ending." placeholder:"FORMAT"`
	To   string `default:"nquads" help:"Format to write: turtle, trig, ntriples, nquads, rdfxml, jsonld." placeholder:"FORMAT"`
	Base string `help:"IRI against which relative IRIs are resolved; the file's own by default." placeholder:"IRI"`
	File string `arg:"" help:"File to read; - is stdin."`
}

// Run writes the file in the other syntax.
func (c *convertCommand) Run(ctx context.Context, p process) error {
	to, err := rdfio.ByName(c.To)
	if err != nil {
		return usageError{err}
	}
	in, err := p.openRDF(c.File, c.From, rdfio.DecoderOptions{Base: c.Base})
	if err != nil {
		return err
	}
	defer in.Close()
	return writeRDF(ctx, p.stdout, to, in.quads)
}

// rdfFile is an open RDF document.
type rdfFile struct {
	io.Closer
	quads iter.Seq2[rdf.Quad, error]
}

// openRDF opens a file, "-" being stdin, in the format that is named or that
// its ending tells. .gz and .zst are read as what they hold.
func (p process) openRDF(name, format string, opts rdfio.DecoderOptions) (*rdfFile, error) {
	f, compression := rdfio.ByPath(name)
	if format != "" {
		var err error
		if f, err = rdfio.ByName(format); err != nil {
			return nil, usageError{err}
		}
	}
	if f == 0 {
		return nil, usageError{fmt.Errorf("%s: the ending does not tell the format: give --from", name)}
	}
	file, err := p.open(name)
	if err != nil {
		return nil, err
	}
	plain, err := rdfio.Decompress(file, compression)
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if opts.Base == "" && name != "-" {
		opts.Base = p.fileIRI(name)
	}
	dec, err := rdfio.NewDecoder(plain, f, opts)
	if err != nil {
		plain.Close()
		file.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &rdfFile{Closer: closers{plain, file}, quads: named(name, dec.All())}, nil
}

// closers closes several readers that wrap each other, the outer first.
type closers []io.Closer

// Close closes all and returns the first error.
func (c closers) Close() error {
	var first error
	for _, closer := range c {
		if err := closer.Close(); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// named puts the file's name before an error of its quads.
func named(name string, quads iter.Seq2[rdf.Quad, error]) iter.Seq2[rdf.Quad, error] {
	return func(yield func(rdf.Quad, error) bool) {
		for q, err := range quads {
			if err != nil {
				err = fmt.Errorf("%s:%w", name, err)
			}
			if !yield(q, err) {
				return
			}
		}
	}
}

// contextCheck is how many quads pass between two looks at the context.
const contextCheck = 4096

// writeRDF writes quads in the format f until they, or ctx, end.
func writeRDF(ctx context.Context, w io.Writer, f rdfio.Format, quads iter.Seq2[rdf.Quad, error]) error {
	buffered := bufio.NewWriterSize(w, 1<<16)
	enc, err := rdfio.NewEncoder(buffered, f, rdfio.EncoderOptions{Prefixes: ontology.Prefixes()})
	if err != nil {
		return err
	}
	n := 0
	for q, err := range quads {
		if err != nil {
			return err
		}
		if err := enc.Encode(q); err != nil {
			return err
		}
		if n++; n%contextCheck == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if err := enc.Close(); err != nil {
		return err
	}
	return buffered.Flush()
}
