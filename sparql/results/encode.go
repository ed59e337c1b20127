package results

import (
	"io"
	"iter"

	"qlgraph/graph/rdf"
)

// bufferSize is how much an Encoder collects before it writes: large enough
// that the cost of a write does not show.
const bufferSize = 32 << 10

// syntax is what the formats differ in. Each appends to b.
type syntax interface {
	start(b []byte, vars []string) []byte
	row(b []byte, vars []string, row []rdf.Term) []byte
	end(b []byte) []byte
	boolean(b []byte, truth bool) []byte
}

func (f Format) syntax() syntax {
	switch f {
	case XML:
		return &xmlSyntax{}
	case CSV:
		return csvSyntax{}
	case TSV:
		return tsvSyntax{}
	}
	return &jsonSyntax{}
}

// Encoder writes solutions in a format. It belongs to one goroutine.
type Encoder struct {
	w      io.Writer
	syntax syntax
	vars   []string
	buf    []byte
	err    error
}

// NewEncoder returns an Encoder of solutions with the given variables, without
// "?". It has nothing written yet, but its buffer holds the header.
func NewEncoder(w io.Writer, f Format, vars []string) *Encoder {
	e := &Encoder{w: w, syntax: f.syntax(), vars: vars, buf: make([]byte, 0, bufferSize+bufferSize/4)}
	e.buf = e.syntax.start(e.buf, vars)
	return e
}

// Encode writes a solution: a term per variable, the zero Term where it is
// unbound. The row is not kept. After an error all calls return that error.
func (e *Encoder) Encode(row []rdf.Term) error {
	if e.err == nil {
		e.buf = e.syntax.row(e.buf, e.vars, row)
		if len(e.buf) >= bufferSize {
			e.Flush()
		}
	}
	return e.err
}

// Flush writes what the buffer holds.
func (e *Encoder) Flush() error {
	if e.err == nil && len(e.buf) > 0 {
		_, e.err = e.w.Write(e.buf)
	}
	e.buf = e.buf[:0]
	return e.err
}

// Close completes the document and flushes. Without it the document is broken.
func (e *Encoder) Close() error {
	e.buf = e.syntax.end(e.buf)
	return e.Flush()
}

// Write writes all rows. Where rows ends in an error it returns that error, and
// the document is left incomplete.
func Write(w io.Writer, f Format, vars []string, rows iter.Seq2[[]rdf.Term, error]) error {
	e := NewEncoder(w, f, vars)
	for row, err := range rows {
		if err != nil {
			return err
		}
		if err := e.Encode(row); err != nil {
			return err
		}
	}
	return e.Close()
}

// WriteBoolean writes the answer to an ASK. CSV and TSV, for which no form is
// specified, get a line with true or false.
func WriteBoolean(w io.Writer, f Format, truth bool) error {
	_, err := w.Write(f.syntax().boolean(nil, truth))
	return err
}

func appendBool(b []byte, truth bool) []byte {
	if truth {
		return append(b, "true"...)
	}
	return append(b, "false"...)
}
