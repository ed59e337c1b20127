package turtle

import (
	"io"

	"qlgraph/graph/rdf"
)

// EncoderOptions sets how an Encoder writes. The zero value writes Turtle
// without prefixes.
type EncoderOptions struct {
	// TriG admits quads in named graphs; without it the graph is ignored.
	TriG bool
	// Prefixes maps prefixes to namespace IRIs.
	Prefixes map[string]string
}

// Encoder writes quads.
type Encoder struct {
	w   io.Writer
	buf []byte
	err error
}

// NewEncoder returns an Encoder to w; Close completes the document.
func NewEncoder(w io.Writer, opts EncoderOptions) *Encoder {
	return &Encoder{w: w}
}

// Encode writes q.
func (e *Encoder) Encode(q rdf.Quad) error {
	q.G = rdf.Term{}
	e.buf = append(rdf.AppendQuad(e.buf, q), '\n')
	return e.err
}

// Close completes the document. It does not close the underlying writer.
func (e *Encoder) Close() error {
	_, e.err = e.w.Write(e.buf)
	return e.err
}
