package turtle

import (
	"io"

	"qlgraph/graph/rdf"
)

// EncoderOptions sets how an Encoder writes. The zero value writes a Turtle
// document without prefixes.
type EncoderOptions struct {
	// TriG writes named graphs as blocks; without it the triples of all graphs
	// are written as one.
	TriG bool
	// Prefixes maps prefixes to namespace IRIs. Those that are not used in the
	// document, or that no document could declare, are left out.
	Prefixes map[string]string
	// Stream writes each quad as it comes, in constant memory, instead of the
	// whole document at Close: only neighbours are grouped, blank nodes have
	// labels, and all prefixes are declared.
	Stream bool
	// MaxSorted is how many quads are kept to be sorted; 0 means
	// DefaultMaxSorted. A document that gets longer, or that has more than 1 GiB
	// of text, is streamed.
	MaxSorted int
}

// DefaultMaxSorted is the default of EncoderOptions.MaxSorted: some 400 MB of course data.
const DefaultMaxSorted = 2_000_000

// flushAt is how much is gathered before it is written.
const flushAt = 64 << 10

// Encoder writes quads. Unless it streams, it keeps them until Close, which
// writes them sorted and grouped by graph and subject, with rdf:type first and
// with blank nodes and collections nested where a single triple refers to them.
// Then the document depends on the set of quads only, and not on the labels of
// the blank nodes that are nested.
type Encoder struct {
	out    output
	names  *names
	stream *streamWriter // or
	doc    *document
	opts   EncoderOptions
}

// NewEncoder returns an Encoder to w; Close completes the document.
func NewEncoder(w io.Writer, opts EncoderOptions) *Encoder {
	if opts.MaxSorted <= 0 {
		opts.MaxSorted = DefaultMaxSorted
	}
	e := &Encoder{out: output{w: w}, names: newNames(opts.Prefixes), opts: opts}
	if opts.Stream {
		e.stream = newStreamWriter(&e.out, e.names, opts.TriG)
	} else {
		e.doc = newDocument(opts.TriG, e.names)
	}
	return e
}

// Encode writes q or keeps it for Close. An error of the underlying writer is
// returned by every later call.
func (e *Encoder) Encode(q rdf.Quad) error {
	if e.stream == nil {
		if e.doc.size < e.opts.MaxSorted && e.doc.fits(q) {
			e.doc.add(q)
			return nil
		}
		e.stream = newStreamWriter(&e.out, e.names, e.opts.TriG)
		e.doc.replay(e.stream)
		e.doc = nil
	}
	return e.stream.write(q)
}

// Close completes the document. It does not close the underlying writer.
func (e *Encoder) Close() error {
	if e.stream == nil {
		e.doc.write(&e.out)
		e.doc = newDocument(e.opts.TriG, e.names)
	} else {
		e.stream.close()
	}
	return e.out.flush()
}

// output gathers text for a writer, whose first error it keeps.
type output struct {
	w   io.Writer
	buf []byte
	err error
}

func (o *output) flushIfFull() error {
	if len(o.buf) < flushAt {
		return o.err
	}
	return o.flush()
}

func (o *output) flush() error {
	if o.err == nil && len(o.buf) > 0 {
		_, o.err = o.w.Write(o.buf)
	}
	o.buf = o.buf[:0]
	return o.err
}
