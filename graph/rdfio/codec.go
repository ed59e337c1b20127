package rdfio

import (
	"fmt"
	"io"
	"iter"

	"qlgraph/graph/jsonld"
	"qlgraph/graph/ntriples"
	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfxml"
	"qlgraph/graph/turtle"
)

// Decoder reads quads from a document.
type Decoder interface {
	// Next returns the next quad, io.EOF at the end of the document, or a
	// *rdf.SyntaxError.
	Next() (rdf.Quad, error)
	// All returns the quads of the document once; an error is its last element.
	All() iter.Seq2[rdf.Quad, error]
}

// Encoder writes quads to a document.
type Encoder interface {
	Encode(rdf.Quad) error
	// Close completes the document; without it the document is cut short.
	Close() error
}

// DecoderOptions sets what all readers have in common.
type DecoderOptions struct {
	// Base is the IRI against which relative IRIs are resolved.
	Base string
	// LabelPrefix is put before each blank node label, so that the labels of
	// several documents stay apart.
	LabelPrefix string
	// AnyIRI accepts IRIs that RFC 3987 does not, as far as the syntax can
	// hold them.
	AnyIRI bool
	// Lenient skips the lines of N-Triples and N-Quads that do not conform; the
	// other formats have no such lines and are read strictly.
	Lenient bool
	// Lines lets Line tell where quads are.
	Lines bool
	// Contexts are those that JSON-LD may refer to. Share them between readers
	// and writers: they remember what they have processed. Nil means those that
	// the program brings along.
	Contexts *jsonld.Contexts
	Limits   rdf.Limits
}

// NewDecoder returns a Decoder for the document r.
func NewDecoder(r io.Reader, f Format, opts DecoderOptions) (Decoder, error) {
	switch f {
	case Turtle, TriG:
		return turtle.NewDecoder(r, turtle.Options{
			TriG:        f == TriG,
			Base:        opts.Base,
			LabelPrefix: opts.LabelPrefix,
			AnyIRI:      opts.AnyIRI,
			Lines:       opts.Lines,
			Limits:      opts.Limits,
		}), nil
	case NTriples, NQuads:
		return ntriples.NewDecoder(r, ntriples.Options{
			TriplesOnly: f == NTriples,
			LabelPrefix: opts.LabelPrefix,
			AnyIRI:      opts.AnyIRI,
			Lenient:     opts.Lenient,
			Limits:      opts.Limits,
		}), nil
	case RDFXML:
		return rdfxml.NewDecoder(r, rdfxml.Options{
			Base:        opts.Base,
			LabelPrefix: opts.LabelPrefix,
			AnyIRI:      opts.AnyIRI,
			Limits:      opts.Limits,
		}), nil
	case JSONLD:
		return jsonld.NewDecoder(r, jsonld.Options{
			Base:        opts.Base,
			LabelPrefix: opts.LabelPrefix,
			AnyIRI:      opts.AnyIRI,
			Contexts:    opts.Contexts,
			Limits:      opts.Limits,
		}), nil
	}
	return nil, fmt.Errorf("no reader for the format %q", f)
}

// Line returns the line of the document on which the quad was complete that d
// returned last, from 1; 0 where it is not known, as for JSON-LD, or was not
// asked for.
func Line(d Decoder) int {
	if lines, ok := d.(interface{ Line() int }); ok {
		return lines.Line()
	}
	return 0
}

// EncoderOptions sets what all writers have in common.
type EncoderOptions struct {
	// Prefixes maps prefixes to namespace IRIs, for the formats that have them.
	Prefixes map[string]string
	// Stream writes Turtle and TriG in constant memory, without the order and
	// the nesting that need all quads at hand: for dumps of any size. The other
	// formats but JSON-LD are always written so.
	Stream bool
	// Contexts are those that JSON-LD may refer to; see DecoderOptions.
	Contexts *jsonld.Contexts
}

// NewEncoder returns an Encoder to w. Formats without named graphs write the
// triples of all graphs.
func NewEncoder(w io.Writer, f Format, opts EncoderOptions) (Encoder, error) {
	switch f {
	case Turtle, TriG:
		return turtle.NewEncoder(w, turtle.EncoderOptions{
			TriG:     f == TriG,
			Prefixes: opts.Prefixes,
			Stream:   opts.Stream,
		}), nil
	case NTriples:
		return triplesOnly{ntriples.NewEncoder(w)}, nil
	case NQuads:
		return ntriples.NewEncoder(w), nil
	case RDFXML:
		return rdfxml.NewEncoder(w, rdfxml.EncoderOptions{Prefixes: opts.Prefixes}), nil
	case JSONLD:
		return jsonld.NewEncoder(w, jsonld.EncoderOptions{Contexts: opts.Contexts}), nil
	}
	return nil, fmt.Errorf("no writer for the format %q", f)
}

// triplesOnly drops the graphs of quads.
type triplesOnly struct{ Encoder }

func (e triplesOnly) Encode(q rdf.Quad) error { return e.Encoder.Encode(q.In(rdf.Term{})) }
