package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"

	"qlgraph/graph/jsonld"
	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
	"qlgraph/graph/turtle"
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
	return encodeRDF(ctx, p.stdout, to, in.quads, func() rdfio.EncoderOptions {
		return rdfio.EncoderOptions{Prefixes: in.knownPrefixes()}
	})
}

// rdfFile is an open RDF document.
type rdfFile struct {
	io.Closer
	quads iter.Seq2[rdf.Quad, error]
	// prefixes are those that the document has declared so far; nil where the
	// format has none.
	prefixes iter.Seq2[string, string]
}

// maxOwnPrefixes is how many prefixes a document may declare for them to be
// used: the writers try them one by one, and people read no more.
const maxOwnPrefixes = 100

// knownPrefixes returns the prefixes of the ontology and those that the document
// has declared so far for other namespaces.
func (f *rdfFile) knownPrefixes() map[string]string {
	known := ontology.Prefixes()
	if f.prefixes == nil {
		return known
	}
	own := maps.Collect(f.prefixes)
	if len(own) > maxOwnPrefixes {
		return known
	}
	namespaces := slices.Collect(maps.Values(known))
	for prefix, namespace := range own {
		if _, taken := known[prefix]; !taken && !slices.Contains(namespaces, namespace) {
			known[prefix] = namespace
		}
	}
	return known
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
	opened := &rdfFile{Closer: closers{plain, file}, quads: named(name, dec.All())}
	switch d := dec.(type) {
	case *turtle.Decoder:
		opened.prefixes = d.Prefixes
	case *jsonld.Decoder:
		opened.Closer = closers{leftOut{name, d, p.stderr}, plain, file}
	}
	return opened, nil
}

// leftOut says, when it is closed, how many statements a reader of JSON-LD left
// out, as that has to (JSON-LD API §8.1.2).
type leftOut struct {
	name   string
	reader *jsonld.Decoder
	to     io.Writer
}

// Close implements io.Closer.
func (l leftOut) Close() error {
	if n := l.reader.Dropped(); n > 0 {
		fmt.Fprintf(l.to, "%s: %s left out: a term is neither a valid IRI nor a valid literal\n", l.name, counted(n, "statement"))
	}
	return nil
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
	return encodeRDF(ctx, w, f, quads, func() rdfio.EncoderOptions {
		return rdfio.EncoderOptions{Prefixes: ontology.Prefixes()}
	})
}

// encodeRDF is writeRDF with options of the caller's, who is asked for them when
// the first quad is there: by then a document has declared its prefixes.
func encodeRDF(ctx context.Context, w io.Writer, f rdfio.Format, quads iter.Seq2[rdf.Quad, error], options func() rdfio.EncoderOptions) error {
	buffered := bufio.NewWriterSize(w, 1<<16)
	var enc rdfio.Encoder
	n := 0
	for q, err := range quads {
		if err == nil && enc == nil {
			enc, err = rdfio.NewEncoder(buffered, f, options())
		}
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
	if enc == nil {
		var err error
		if enc, err = rdfio.NewEncoder(buffered, f, options()); err != nil {
			return err
		}
	}
	if err := enc.Close(); err != nil {
		return err
	}
	return buffered.Flush()
}
