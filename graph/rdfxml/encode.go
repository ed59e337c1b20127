package rdfxml

import (
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"qlgraph/graph/rdf"
)

// EncoderOptions sets how an Encoder writes.
type EncoderOptions struct {
	// Prefixes maps prefixes to namespace IRIs. Namespaces that are missing get
	// the prefixes ns1, ns2, …
	Prefixes map[string]string
}

// Encoder writes triples as RDF/XML, an element per subject: sorted by subject,
// types first, then by predicate and object.
//
// That order holds for the whole of a document of up to 65,536 triples, which
// thus has the same bytes in whatever order the triples came; its namespaces
// are declared at the root. A longer one is sorted in runs of that many, so
// that memory does not follow its length.
type Encoder struct {
	w      io.Writer
	buf    []byte
	err    error
	names  names
	begun  bool
	pairs  []pair
	blocks []block
}

// sortRun is how many triples are sorted at a time: any description of a course,
// and some 10 MB.
const sortRun = 1 << 16

// flushAt is how much output an Encoder gathers before it writes.
const flushAt = 64 << 10

// pair is a triple without its subject.
type pair struct {
	p, o rdf.Term
}

// block is a run of triples of one subject: Encoder.pairs[from:to].
type block struct {
	subject  rdf.Term
	from, to int
}

// NewEncoder returns an Encoder to w; Close completes the document.
func NewEncoder(w io.Writer, opts EncoderOptions) *Encoder {
	return &Encoder{w: w, names: newNames(opts.Prefixes), buf: make([]byte, 0, flushAt+flushAt/4)}
}

// Encode writes q, whose graph is ignored. It fails for what RDF/XML cannot
// hold: a predicate that does not end like an XML name, and characters that XML
// forbids. After an error the document is not usable, and each later call
// returns the same error.
func (e *Encoder) Encode(q rdf.Quad) error {
	if e.err != nil {
		return e.err
	}
	if e.err = e.check(q); e.err != nil {
		return e.err
	}
	n := len(e.pairs)
	if last := len(e.blocks) - 1; last >= 0 && e.blocks[last].subject == q.S {
		e.blocks[last].to++
	} else {
		e.blocks = append(e.blocks, block{q.S, n, n + 1})
	}
	if n == cap(e.pairs) {
		e.pairs = slices.Grow(e.pairs, max(n, 256)) // doubles: append alone would copy more often
	}
	e.pairs = append(e.pairs, pair{q.P, q.O})
	if len(e.pairs) >= sortRun {
		e.writeRun(false)
	}
	return e.err
}

// Close completes the document. It does not close the underlying writer.
func (e *Encoder) Close() error {
	if e.err != nil {
		return e.err
	}
	e.writeRun(true)
	e.buf = append(e.buf, "</rdf:RDF>\n"...)
	e.flush()
	return e.err
}

func (e *Encoder) check(q rdf.Quad) error {
	if _, ok := e.names.of(q.P.Value()); !ok {
		return fmt.Errorf("rdfxml: predicate %v does not end like an XML name", q.P)
	}
	if i := unwritable(q.O.Value()); i >= 0 {
		return fmt.Errorf("rdfxml: XML has no character for byte %d of the object of %v", i, q.P)
	}
	if i := unwritable(q.S.Value()); i >= 0 {
		return fmt.Errorf("rdfxml: XML has no character for byte %d of the subject %v", i, q.S)
	}
	return nil
}

// unwritable returns the offset of the first byte of s that is not of a
// character that XML allows, or -1.
func unwritable(s string) int {
	ascii := true
	for i := range len(s) {
		switch c := s[i]; {
		case c >= utf8.RuneSelf:
			ascii = false
		case c < ' ' && c != '\n' && c != '\t' && c != '\r':
			return i
		}
	}
	if ascii {
		return -1
	}
	return badChar([]byte(s))
}

// writeRun writes the triples gathered so far.
func (e *Encoder) writeRun(last bool) {
	nodes := e.sorted()
	if !e.begun {
		e.begun = true
		e.root(nodes, last)
	}
	for _, n := range nodes {
		e.node(n.subject, n.pairs)
	}
	e.pairs, e.blocks = e.pairs[:0], e.blocks[:0]
}

// node is a subject with all its triples of a run.
type node struct {
	subject rdf.Term
	pairs   []pair
}

// sorted returns the triples gathered so far by subject, in order and without
// repetitions. Triples mostly come in blocks of one subject, so that sorting
// the blocks first is cheaper than sorting all.
func (e *Encoder) sorted() []node {
	slices.SortStableFunc(e.blocks, func(a, b block) int { return rdf.Compare(a.subject, b.subject) })
	var nodes []node
	for rest := e.blocks; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].subject == rest[0].subject {
			n++
		}
		pairs := e.pairs[rest[0].from:rest[0].to:rest[0].to]
		for _, b := range rest[1:n] {
			pairs = append(pairs, e.pairs[b.from:b.to]...)
		}
		slices.SortFunc(pairs, comparePairs)
		nodes = append(nodes, node{rest[0].subject, slices.Compact(pairs)})
		rest = rest[n:]
	}
	return nodes
}

// comparePairs orders the triples of one subject.
func comparePairs(a, b pair) int {
	if a.p == b.p {
		return rdf.Compare(a.o, b.o)
	}
	switch rdf.RDFType {
	case a.p.Value():
		return -1
	case b.p.Value():
		return 1
	}
	return rdf.Compare(a.p, b.p)
}

// typeOf returns the type that can be the element's name: the first one.
func typeOf(pairs []pair) (iri string, ok bool) {
	first := pairs[0]
	return first.o.Value(), first.p.Value() == rdf.RDFType && first.o.IsIRI()
}

// root writes the start of the document. If these nodes are all there are, the
// root declares the namespaces that they use, else all that are known.
func (e *Encoder) root(nodes []node, only bool) {
	for _, n := range nodes {
		if iri, ok := typeOf(n.pairs); ok {
			e.names.of(iri)
		}
	}
	e.buf = append(e.buf, `<?xml version="1.0" encoding="UTF-8"?>`+"\n<rdf:RDF"...)
	for _, b := range e.names.declare(only) {
		e.buf = append(append(e.buf, "\n    xmlns:"...), b.prefix...)
		e.attribute(`="`, b.uri)
	}
	e.buf = append(e.buf, ">\n"...)
}

// node writes a subject with its triples, which are sorted.
func (e *Encoder) node(subject rdf.Term, pairs []pair) {
	name := qualified{prefix: "rdf", local: "Description", space: rdf.RDF, atRoot: true}
	if iri, ok := typeOf(pairs); ok {
		if typed, ok := e.names.of(iri); ok {
			name, pairs = typed, pairs[1:]
		}
	}
	e.buf = append(e.buf, "  <"...)
	e.startName(name)
	e.reference(subject, ` rdf:about="`)
	if len(pairs) == 0 {
		e.buf = append(e.buf, "/>\n"...)
		return
	}
	e.buf = append(e.buf, ">\n"...)
	for i := range pairs {
		e.property(pairs[i].p, pairs[i].o)
		if len(e.buf) >= flushAt {
			e.flush()
		}
	}
	e.buf = append(e.buf, "  </"...)
	e.name(name)
	e.buf = append(e.buf, ">\n"...)
}

func (e *Encoder) property(p, o rdf.Term) {
	name, _ := e.names.of(p.Value())
	e.buf = append(e.buf, "    <"...)
	e.startName(name)
	if !o.IsLiteral() {
		e.reference(o, ` rdf:resource="`)
		e.buf = append(e.buf, "/>\n"...)
		return
	}
	if lang := o.Lang(); lang != "" {
		e.attribute(` xml:lang="`, lang)
	} else if datatype := o.Datatype(); datatype != rdf.XSDString {
		e.attribute(` rdf:datatype="`, datatype)
	}
	e.buf = append(e.buf, '>')
	e.buf = appendEscaped(e.buf, o.Value(), false)
	e.buf = append(e.buf, "</"...)
	e.name(name)
	e.buf = append(e.buf, ">\n"...)
}

// startName writes the name of a start tag, with the declaration of its
// namespace if the root lacks that.
func (e *Encoder) startName(n qualified) {
	e.name(n)
	if !n.atRoot {
		e.buf = append(append(e.buf, " xmlns:"...), n.prefix...)
		e.attribute(`="`, n.space)
	}
}

func (e *Encoder) name(n qualified) {
	e.buf = append(append(append(e.buf, n.prefix...), ':'), n.local...)
}

// reference writes the attribute that names an IRI or a blank node.
func (e *Encoder) reference(t rdf.Term, start string) {
	if t.IsBlank() {
		e.buf = append(e.buf, ` rdf:nodeID="`...)
		e.buf = append(appendNodeID(e.buf, t.Value()), '"')
		return
	}
	e.attribute(start, t.Value())
}

// appendNodeID appends a blank node label as a name. Labels that are names and
// do not start with "_" are kept; all others are put behind a "_", with what no
// name may hold as ".", its code point and "_": no two labels become one.
func appendNodeID(b []byte, label string) []byte {
	if label != "" && label[0] != '_' && label[len(label)-1] != '.' && isNCName(label) {
		return append(b, label...)
	}
	b = append(b, '_')
	for _, r := range label {
		if r != '.' && classOf(r)&nameChar != 0 {
			b = utf8.AppendRune(b, r)
		} else {
			b = fmt.Appendf(b, ".%x_", r)
		}
	}
	return b
}

// attribute writes the rest of an attribute: start, which ends with the opening
// quote, and the value.
func (e *Encoder) attribute(start, value string) {
	e.buf = append(e.buf, start...)
	e.buf = append(appendEscaped(e.buf, value, true), '"')
}

func (e *Encoder) flush() {
	if e.err == nil && len(e.buf) > 0 {
		_, e.err = e.w.Write(e.buf)
		e.buf = e.buf[:0]
	}
}
