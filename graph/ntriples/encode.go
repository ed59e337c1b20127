package ntriples

import (
	"io"

	"qlgraph/graph/rdf"
)

// flushAt is how much an Encoder gathers before it writes.
const flushAt = 64 << 10

// Encoder writes quads as N-Quads, and triples as N-Triples: the same quad
// always as the same line, in the order in which they come.
type Encoder struct {
	w   io.Writer
	buf []byte
	err error
}

// NewEncoder returns an Encoder to w, which it buffers; Close flushes.
func NewEncoder(w io.Writer) *Encoder {
	return &Encoder{w: w, buf: make([]byte, 0, flushAt+flushAt/4)}
}

// Encode writes q. An error of the underlying writer is returned by every
// later call.
func (e *Encoder) Encode(q rdf.Quad) error {
	if e.err != nil {
		return e.err
	}
	e.buf = append(rdf.AppendQuad(e.buf, q), '\n')
	if len(e.buf) >= flushAt {
		return e.flush()
	}
	return nil
}

// Close writes what is buffered. It does not close the underlying writer.
func (e *Encoder) Close() error { return e.flush() }

func (e *Encoder) flush() error {
	if e.err == nil && len(e.buf) > 0 {
		_, e.err = e.w.Write(e.buf)
		e.buf = e.buf[:0]
	}
	return e.err
}
