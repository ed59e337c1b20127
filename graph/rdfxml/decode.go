package rdfxml

import (
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"qlgraph/graph/internal/lex"
	"qlgraph/graph/iri"
	"qlgraph/graph/rdf"
)

// Decoder reads triples from a document.
type Decoder struct {
	scanner
	namespaces
	input io.Reader // until the first call of Next
	opts  Options
	err   error

	names *lex.Terms // by expanded name
	iris  *lex.Terms // by reference as written, while the base stays

	frames []frame
	blanks int // blank nodes generated
	ids    map[string]struct{}
	chars  []byte // the content so far of the innermost property element
	name   []byte // scratch for expanded names

	pending []rdf.Quad // found and not yet returned: pending[head:]
	head    int
}

// frame is an open element.
type frame struct {
	kind frameKind
	// subject is of the triples that children give; in a collection, the last
	// list node.
	subject   rdf.Term
	predicate rdf.Term // of a property element
	statement rdf.Term // the reification that rdf:ID asks for, or no term
	datatype  string
	lang      string
	base      *base
	members   int // rdf:li elements so far
}

// frameKind tells what an element may contain (RDF/XML §7.2).
type frameKind uint8

const (
	inDocument   frameKind = iota // the root element
	inRDF                         // node elements
	inNode                        // property elements
	inProperty                    // text or one node element
	inLiteral                     // text
	inEmpty                       // nothing any more
	inCollection                  // node elements
)

// base is an IRI against which others are resolved.
type base struct {
	iri.Ref
}

// NewDecoder returns a Decoder for the document r, which it buffers. The
// encoding is found from the document (XML 1.0 §4.3.3): UTF-8, UTF-16 with
// byte-order mark, ISO-8859-1 and windows-1252 are read.
func NewDecoder(r io.Reader, opts Options) *Decoder {
	opts.Limits = opts.Limits.OrDefault()
	return &Decoder{
		input:      r,
		opts:       opts,
		namespaces: newNamespaces(),
		names:      lex.NewTerms(),
		iris:       lex.NewTerms(),
		ids:        make(map[string]struct{}),
		frames:     []frame{{kind: inDocument, base: &base{withoutFragment(iri.Split(opts.Base))}}},
	}
}

// Next returns the next triple, io.EOF at the end of the document, or a
// *rdf.SyntaxError. After an error it returns the same error again.
func (d *Decoder) Next() (rdf.Quad, error) {
	for d.head == len(d.pending) {
		if d.err != nil {
			return rdf.Quad{}, d.err
		}
		d.pending, d.head = d.pending[:0], 0
		d.err = d.step()
	}
	d.head++
	return d.pending[d.head-1], nil
}

// Line returns the line on which the triple that Next returned last was complete,
// from 1.
func (d *Decoder) Line() int {
	if d.input != nil {
		return 0
	}
	d.scanner.count(d.scanner.pos)
	return d.scanner.line + 1
}

// All returns the triples of the document. The sequence can be used once; an
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

// step reads tokens until there is a triple to return.
func (d *Decoder) step() (err error) {
	defer catch(&err)
	if d.input != nil {
		r, err := asUTF8(d.input)
		if err != nil {
			return err
		}
		d.scanner, d.input = newScanner(r, d.opts.Limits), nil
	}
	for len(d.pending) == 0 {
		switch d.next() {
		case startTag:
			d.startElement()
		case endTag:
			d.endElement()
		case text:
			d.text(d.data)
		case endOfDocument:
			return io.EOF
		case comment, instruction: // not part of the model (§6.2)
		}
	}
	return nil
}

func (d *Decoder) top() *frame { return &d.frames[len(d.frames)-1] }

// startElement does what the grammar has for an element in its place
// (§7.2.8 doc, §7.2.10 nodeElementList, §7.2.13 propertyEltList).
func (d *Decoder) startElement() {
	d.enterScope(&d.namespaces)
	space := d.lookup(d.scanner.name.prefix)
	if space == nil {
		if d.scanner.name.prefix == nil {
			d.fail(0, "expected an element in a namespace")
		}
		d.fail(1, fmt.Sprintf("prefix %s: is not declared", d.scanner.name.prefix))
	}
	switch parent := d.top(); parent.kind {
	case inDocument:
		if space.uri == rdf.RDF && string(d.scanner.name.local) == "RDF" {
			d.push(inRDF)
			if a := d.readAttributes(); a.rdf != nil || len(a.properties) > 0 {
				d.fail(0, "expected no attributes of rdf:RDF but namespaces and xml: ones")
			}
			return
		}
		d.nodeElement(space)
	case inRDF:
		d.nodeElement(space)
	case inNode:
		d.propertyElement(space)
	case inProperty:
		if !isSpace(d.chars) {
			d.fail(0, "expected no element behind text in a property element")
		}
		parent.kind = inEmpty
		property := *parent
		d.emitProperty(property, d.nodeElement(space))
	case inCollection:
		d.collectionItem(space)
	case inLiteral:
		d.fail(0, "expected text, as the property element has rdf:datatype")
	default:
		d.fail(0, "expected the end of the property element")
	}
}

func (d *Decoder) endElement() {
	d.leave()
	f := d.top()
	switch f.kind {
	case inProperty:
		if f.lang != "" {
			d.emitProperty(*f, rdf.LangLiteral(string(d.chars), f.lang))
		} else {
			d.emitProperty(*f, rdf.Literal(string(d.chars)))
		}
	case inLiteral:
		d.emitProperty(*f, rdf.TypedLiteral(string(d.chars), f.datatype))
	case inCollection:
		d.endCollection(f)
	}
	d.frames = d.frames[:len(d.frames)-1]
}

// leave closes the innermost element for names and namespaces.
func (d *Decoder) leave() { d.namespaces.leave() }

func (d *Decoder) text(data []byte) {
	switch d.top().kind {
	case inProperty, inLiteral:
		d.collect(data)
	default:
		if !isSpace(data) {
			d.fail(skipSpace(d.unread(), 0), "expected no text here")
		}
	}
}

// collect adds to the content of a literal.
func (d *Decoder) collect(data []byte) {
	if len(d.chars)+len(data) > d.opts.Limits.Literal {
		d.fail(0, fmt.Sprintf("literal longer than the limit of %d bytes", d.opts.Limits.Literal))
	}
	d.chars = append(d.chars, data...)
}

// push opens a frame that inherits what its parent has.
func (d *Decoder) push(kind frameKind) *frame {
	parent := d.top()
	d.frames = append(d.frames, frame{kind: kind, lang: parent.lang, base: parent.base})
	return d.top()
}

func (d *Decoder) emit(s, p, o rdf.Term) {
	d.pending = append(d.pending, rdf.Triple(s, p, o))
}

// emitProperty adds the triple of the property element f, and what says that
// it was stated if f has an rdf:ID (§7.3).
func (d *Decoder) emitProperty(f frame, object rdf.Term) {
	d.emit(f.subject, f.predicate, object)
	if f.statement.IsZero() {
		return
	}
	d.emit(f.statement, rdfTerm("type"), rdfTerm("Statement"))
	d.emit(f.statement, rdfTerm("subject"), f.subject)
	d.emit(f.statement, rdfTerm("predicate"), f.predicate)
	d.emit(f.statement, rdfTerm("object"), object)
}

func rdfTerm(local string) rdf.Term { return rdf.IRI(rdf.RDF + local) }

// expandedName returns the IRI term of a name in a namespace (§6.1.2, URI).
func (d *Decoder) expandedName(space *binding, local []byte, at int) rdf.Term {
	d.name = append(append(d.name[:0], space.uri...), local...)
	term, ok := d.names.Get(d.name)
	if !ok {
		value := string(d.name)
		d.checkIRI(value, at)
		term = rdf.IRI(value)
		d.names.Put(d.name, term)
	}
	return term
}

// reference returns the IRI term of a reference, resolved against the base in
// scope. IRIs with a scheme are kept as they are written.
func (d *Decoder) reference(ref []byte, at int) rdf.Term {
	if term, ok := d.iris.Get(ref); ok {
		return term
	}
	value := string(ref)
	if iri.SchemeLen(value) == 0 {
		value = d.resolve(value, at)
	} else {
		d.checkIRI(value, at)
	}
	term := rdf.IRI(value)
	d.iris.Put(ref, term)
	return term
}

func (d *Decoder) resolve(ref string, at int) string {
	base := d.top().base
	if base.Scheme == "" {
		d.fail(at, "expected an absolute IRI, as there is no base")
	}
	if err := iri.CheckRef(ref); err != nil && !d.opts.AnyIRI {
		d.fail(at, err.Error())
	}
	value := base.Resolve(iri.Split(ref)).String()
	d.checkIRI(value, at)
	return value
}

func (d *Decoder) checkIRI(value string, at int) {
	if len(value) > d.opts.Limits.IRI {
		d.fail(at, fmt.Sprintf("IRI longer than the limit of %d bytes", d.opts.Limits.IRI))
	}
	if !d.opts.AnyIRI {
		if err := iri.Check(value); err != nil {
			d.fail(at, err.Error())
		}
		return
	}
	for i := range len(value) {
		if c := value[i]; c <= ' ' || strings.IndexByte("<>\"{}|^`\\", c) >= 0 {
			d.fail(at, fmt.Sprintf("character %q is not allowed in an IRI", c))
		}
	}
}

func withoutFragment(r iri.Ref) iri.Ref {
	r.Fragment, r.HasFragment = "", false
	return r
}

// newBlank returns a blank node of the document's own. Its label is a number:
// an rdf:nodeID never is, as names do not start with a digit.
func (d *Decoder) newBlank() rdf.Term {
	d.blanks++
	label := append(make([]byte, 0, 24), d.opts.LabelPrefix...)
	return rdf.Blank(string(strconv.AppendInt(label, int64(d.blanks), 10)))
}

// namedBlank returns the blank node with the given rdf:nodeID. A label must not
// end with a dot (N-Triples §7), which a name may; such names become labels
// that no other has.
func (d *Decoder) namedBlank(id []byte) rdf.Term {
	label := string(id)
	if strings.HasSuffix(label, ".") {
		label = "0" + label + "_"
	}
	return rdf.Blank(d.opts.LabelPrefix + label)
}
