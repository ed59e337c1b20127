package turtle

import "qlgraph/graph/rdf"

// streamWriter writes quads as they come and leaves out what a quad shares with
// the one before.
type streamWriter struct {
	out     *output
	names   *names
	trig    bool
	started bool
	last    rdf.Quad // the zero Quad where no triples are open
	inBlock bool
	indent  string // of predicates
}

func newStreamWriter(out *output, n *names, trig bool) *streamWriter {
	return &streamWriter{out: out, names: n, trig: trig, indent: "    "}
}

func (w *streamWriter) write(q rdf.Quad) error {
	if !w.trig {
		q.G = rdf.Term{}
	}
	w.start()
	b := w.out.buf
	switch {
	case q.G != w.last.G || q.S != w.last.S:
		b = w.appendSubject(b, q)
	case q.P != w.last.P:
		b = append(append(b, " ;\n"...), w.indent...)
		b = append(w.names.appendVerb(b, q.P), ' ')
	default:
		b = append(b, ", "...)
	}
	w.out.buf = w.names.appendTerm(b, q.O)
	w.last = q
	return w.out.flushIfFull()
}

func (w *streamWriter) start() {
	if !w.started {
		w.started = true
		w.out.buf = w.names.appendPrefixes(w.out.buf, nil)
	}
}

// appendSubject ends the triples before, and the block if the graph changes,
// and starts those of q.
func (w *streamWriter) appendSubject(b []byte, q rdf.Quad) []byte {
	b = w.appendEnd(b)
	if q.G != w.last.G {
		b = w.appendBlockEnd(b)
		if !q.G.IsZero() {
			b = append(w.names.appendTerm(b, q.G), " {\n"...)
			w.inBlock, w.indent = true, "        "
		}
	}
	if w.inBlock {
		b = append(b, "    "...)
	}
	b = append(w.names.appendTerm(b, q.S), ' ')
	return append(w.names.appendVerb(b, q.P), ' ')
}

func (w *streamWriter) appendEnd(b []byte) []byte {
	if w.last.S.IsZero() {
		return b
	}
	return append(b, " .\n"...)
}

func (w *streamWriter) appendBlockEnd(b []byte) []byte {
	if w.inBlock {
		b = append(b, "}\n"...)
		w.inBlock, w.indent = false, "    "
	}
	return b
}

func (w *streamWriter) close() {
	w.start()
	w.out.buf = w.appendBlockEnd(w.appendEnd(w.out.buf))
	w.last = rdf.Quad{}
}
