package turtle

import (
	"cmp"
	"fmt"
	"io"
	"iter"

	"qlgraph/graph/internal/lex"
	"qlgraph/graph/iri"
	"qlgraph/graph/rdf"
)

// Options sets how a Decoder reads. The zero value reads Turtle without a base
// IRI.
type Options struct {
	// TriG admits graph blocks (TriG §2).
	TriG bool
	// Base is the IRI against which relative IRIs are resolved until the
	// document declares its own.
	Base string
	// LabelPrefix is put before each blank node label, so that the labels of
	// several documents stay apart. It has to be a label itself.
	LabelPrefix string
	// AnyIRI accepts IRIs that have a scheme and only characters of the IRIREF
	// production, without further checks by RFC 3987.
	AnyIRI bool
	// Lines lets the Decoder tell the line of each quad (Decoder.Line).
	Lines  bool
	Limits rdf.Limits
}

// Decoder reads quads from a document.
type Decoder struct {
	lex   *lex.Lexer
	iris  *lex.Terms // by IRIREF, while the base stays
	names *lex.Terms // by PrefixedName or label, while the prefixes stay
	opts  Options
	depth int // the limit
	state state
	err   error

	base     iri.Ref
	prefixes map[string]string
	// prefixBytes is the length of all namespaces in prefixes.
	prefixBytes int
	blanks      int // blank nodes generated

	frames  []frame
	top     *frame // the last of frames
	graph   rdf.Term
	inBlock bool // within {…}

	pending []rdf.Quad // found and not yet returned: pending[head:]
	lines   []int32    // of pending, where they are asked for
	head    int
}

// maxPrefixBytes bounds the memory for namespaces where a document declares as
// many prefixes as it may, each as long as an IRI may be.
const maxPrefixBytes = 32 << 20

// state tells what the grammar expects next.
type state uint8

const (
	atDocument   state = iota // the byte-order mark, once
	atStatement               // a directive, triples, a graph block or its end
	atVerb                    // a predicate, or the end of the open structure
	atObject                  // an object
	behindObject              // "," ";" or the end of the open structure
	atItem                    // an object in a collection, or its end
)

// frame is an open structure.
type frame struct {
	kind    frameKind
	subject rdf.Term // of the triples; in a collection the current list node
	verb    rdf.Term
	// verbDone is set when a verb with its objects has been read, so that the
	// structure may end.
	verbDone bool
}

type frameKind uint8

const (
	triples    frameKind = iota // subject predicateObjectList
	properties                  // "[" predicateObjectList "]"
	collection                  // "(" object* ")"
)

// NewDecoder returns a Decoder for the document r, which it buffers.
func NewDecoder(r io.Reader, opts Options) *Decoder {
	d := &Decoder{
		lex:      lex.New(r, opts.Limits),
		iris:     lex.NewTerms(),
		names:    lex.NewTerms(),
		opts:     opts,
		base:     iri.Split(opts.Base),
		prefixes: map[string]string{},
	}
	d.depth = d.lex.Limits().Depth
	return d
}

// Next returns the next quad, io.EOF at the end of the document, or a
// *rdf.SyntaxError. After an error it returns the same error again.
func (d *Decoder) Next() (rdf.Quad, error) {
	if d.head == len(d.pending) {
		d.head, d.pending, d.lines = 0, d.pending[:0], d.lines[:0]
		if d.err == nil {
			d.err = d.fill()
		}
		if len(d.pending) == 0 {
			return rdf.Quad{}, d.err
		}
	}
	d.head++
	return d.pending[d.head-1], nil
}

// Line returns the line on which the quad that Next returned last was complete,
// from 1; 0 where Options.Lines does not ask for it.
func (d *Decoder) Line() int {
	if d.head == 0 || d.head > len(d.lines) {
		return 0
	}
	return int(d.lines[d.head-1])
}

// All returns the quads of the document. The sequence can be used once; an
// error is its last element.
func (d *Decoder) All() iter.Seq2[rdf.Quad, error] {
	return func(yield func(rdf.Quad, error) bool) {
		for {
			q, err := d.Next()
			if err == io.EOF {
				return
			}
			if !yield(q, err) || err != nil {
				return
			}
		}
	}
}

// Prefixes calls yield for each prefix that is declared so far, in no order,
// with its IRI.
func (d *Decoder) Prefixes(yield func(prefix, iri string) bool) {
	for prefix, ns := range d.prefixes {
		if !yield(prefix, ns) {
			return
		}
	}
}

// batch is how many quads are found before they are returned: it spreads the
// cost of defer and keeps the parser's state in the processor's cache.
const batch = 64

// fill parses until a batch of quads is pending or the document ends.
func (d *Decoder) fill() (err error) {
	defer lex.Catch(&err)
	for len(d.pending) < batch {
		if d.state == atDocument {
			d.lex.Start()
			d.state = atStatement
		}
		d.lex.SkipSpace()
		switch d.state {
		case atStatement:
			if d.lex.AtEnd() {
				return d.end()
			}
			d.statement()
		case atVerb:
			d.verb()
		case atObject:
			d.object()
		case behindObject:
			d.behindObject()
		case atItem:
			d.item()
		}
	}
	return nil
}

func (d *Decoder) end() error {
	if d.inBlock {
		d.lex.Expected(0, `"}"`)
	}
	return cmp.Or(d.lex.Err(), io.EOF)
}

func (d *Decoder) emit(s, p, o rdf.Term) {
	d.pending = append(d.pending, rdf.Quad{S: s, P: p, O: o, G: d.graph})
	if d.opts.Lines {
		d.lines = append(d.lines, int32(d.lex.Line()))
	}
}

func (d *Decoder) push(kind frameKind, subject rdf.Term) {
	if len(d.frames) > d.depth {
		d.lex.Fail(0, fmt.Sprintf("nested deeper than the limit of %d", d.depth))
	}
	d.frames = append(d.frames, frame{kind: kind, subject: subject})
	d.top = &d.frames[len(d.frames)-1]
}

// pop leaves the innermost structure and goes on in the one around it.
func (d *Decoder) pop() {
	kind := d.top.kind
	d.frames = d.frames[:len(d.frames)-1]
	if len(d.frames) == 0 {
		d.top, d.state = nil, atStatement
		return
	}
	d.top = &d.frames[len(d.frames)-1]
	switch {
	case d.top.kind == collection:
		d.state = atItem
	case d.top.verb.IsZero(): // the structure was the subject
		d.state = atVerb
		d.top.verbDone = kind == properties
	default:
		d.state = behindObject
	}
}

// verb ::= predicate | 'a', or the end of the structure.
func (d *Decoder) verb() {
	if d.top.verbDone && d.closeStructure() {
		return
	}
	if d.lex.Next() == '<' {
		d.top.verb = d.iriRef()
	} else {
		d.top.verb = d.verbName()
	}
	d.state = atObject
}

// behindObject reads what may follow an object
// (predicateObjectList ::= verb objectList (';' (verb objectList)?)*).
func (d *Decoder) behindObject() {
	d.top.verbDone = true
	switch d.lex.Next() {
	case ',':
		d.lex.Advance(1)
		d.state = atObject
	case ';':
		for d.lex.Accept(';') {
			d.lex.SkipSpace()
		}
		d.state = atVerb
	default:
		if !d.closeStructure() {
			d.lex.Expected(0, `",", ";" or `+d.closer())
		}
	}
}

// closeStructure leaves the innermost triples or properties if what ends them
// stands first.
func (d *Decoder) closeStructure() bool {
	switch c := d.lex.Next(); {
	case d.top.kind == properties && c == ']', d.top.kind == triples && c == '.':
		d.lex.Advance(1)
	case d.top.kind == triples && d.inBlock && c == '}':
	default:
		return false
	}
	d.pop()
	return true
}

func (d *Decoder) closer() string {
	switch {
	case d.top.kind == properties:
		return `"]"`
	case d.inBlock:
		return `"." or "}"`
	}
	return `"."`
}

// item reads an element of a collection or its end
// (collection ::= '(' object* ')').
func (d *Decoder) item() {
	node := d.top
	if d.lex.Accept(')') {
		if !node.verb.IsZero() {
			d.emit(node.subject, rdfRest, rdfNil)
		}
		d.pop()
		return
	}
	if !node.verb.IsZero() {
		next := d.newBlank()
		d.emit(node.subject, rdfRest, next)
		node.subject = next
	}
	node.verb = rdfFirst
	d.object()
}

// object reads an object and emits its triple; a nested structure follows the
// triple that refers to it
// (object ::= iri | BlankNode | collection | blankNodePropertyList | literal).
func (d *Decoder) object() {
	after := behindObject
	if d.top.kind == collection {
		after = atItem
	}
	var o rdf.Term
	switch c := d.lex.Next(); c {
	case '<':
		o = d.iriRef()
	case '"', '\'':
		o = d.literal()
	case '_':
		o = d.blank()
	case '[':
		d.openProperties(after)
		return
	case '(':
		d.openCollection(after)
		return
	case '+', '-', '.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		o = d.number()
	default:
		o = d.objectName()
	}
	d.emit(d.top.subject, d.top.verb, o)
	d.state = after
}

func (d *Decoder) openProperties(after state) {
	node := d.newBlank()
	d.emit(d.top.subject, d.top.verb, node)
	d.lex.Advance(1)
	d.lex.SkipSpace()
	if d.lex.Accept(']') { // ANON
		d.state = after
		return
	}
	d.push(properties, node)
	d.state = atVerb
}

func (d *Decoder) openCollection(after state) {
	d.lex.Advance(1)
	d.lex.SkipSpace()
	if d.lex.Accept(')') {
		d.emit(d.top.subject, d.top.verb, rdfNil)
		d.state = after
		return
	}
	node := d.newBlank()
	d.emit(d.top.subject, d.top.verb, node)
	d.push(collection, node)
	d.state = atItem
}
