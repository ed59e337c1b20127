package ntriples

import (
	"cmp"
	"io"
	"iter"

	"qlgraph/graph/internal/lex"
	"qlgraph/graph/iri"
	"qlgraph/graph/rdf"
)

// Options sets how a Decoder reads. The zero value reads N-Quads strictly.
type Options struct {
	// TriplesOnly rejects a graph label: the document is N-Triples.
	TriplesOnly bool
	// LabelPrefix is put before each blank node label, so that the labels of
	// several documents stay apart. It has to be a label itself.
	LabelPrefix string
	// AnyIRI accepts IRIs that have a scheme and only characters of the IRIREF
	// production, without further checks by RFC 3987.
	AnyIRI bool
	// Lenient skips lines that do not conform; see Decoder.Skipped.
	Lenient bool
	Limits  rdf.Limits
}

// maxReported is how many skipped lines a Decoder remembers: enough to see what
// is wrong with a file, whatever its length.
const maxReported = 100

// Decoder reads quads from a document.
type Decoder struct {
	lex     *lex.Lexer
	terms   *lex.Terms
	opts    Options
	started bool
	quad    rdf.Quad
	err     error

	line     int
	skipped  int
	reported []*rdf.SyntaxError
}

// NewDecoder returns a Decoder for the document r, which it buffers.
func NewDecoder(r io.Reader, opts Options) *Decoder {
	return &Decoder{lex: lex.New(r, opts.Limits), terms: lex.NewTerms(), opts: opts}
}

// Next returns the next quad, io.EOF at the end of the document, or a
// *rdf.SyntaxError. After an error it returns the same error again.
func (d *Decoder) Next() (rdf.Quad, error) {
	for d.err == nil {
		err := d.statement()
		if err == nil {
			return d.quad, nil
		}
		bad, syntax := err.(*rdf.SyntaxError)
		if !syntax || !d.opts.Lenient {
			d.err = err
			break
		}
		d.skip(bad)
	}
	return rdf.Quad{}, d.err
}

// Line returns the line of the quad that Next returned last, from 1.
func (d *Decoder) Line() int { return d.line }

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

// Skipped returns how many lines a lenient Decoder has skipped so far, and the
// errors of the first hundred of them.
func (d *Decoder) Skipped() (int, []*rdf.SyntaxError) { return d.skipped, d.reported }

// skip goes on to the next line after a bad one.
func (d *Decoder) skip(bad *rdf.SyntaxError) {
	d.skipped++
	if len(d.reported) < maxReported {
		d.reported = append(d.reported, bad)
	}
	d.lex.DropLine()
}

// statement reads one statement with its line end into d.quad
// (N-Quads §4: statement ::= subject predicate object graphLabel? '.').
func (d *Decoder) statement() (err error) {
	defer lex.Catch(&err)
	if !d.started {
		d.started = true
		d.lex.Start()
	}
	d.lex.SkipSpace()
	if d.lex.AtEnd() {
		return cmp.Or(d.lex.Err(), io.EOF)
	}
	d.line = d.lex.Line()
	d.quad.S = d.subject()
	d.lex.SkipBlank()
	d.quad.P = d.iriRef("a predicate, an IRI in <…>")
	d.lex.SkipBlank()
	d.quad.O = d.object()
	d.lex.SkipBlank()
	d.quad.G = rdf.Term{}
	if !d.opts.TriplesOnly {
		d.graphLabel()
	}
	if !d.lex.Accept('.') {
		d.lex.Expected(0, `"."`)
	}
	d.lex.SkipBlank()
	if d.lex.Next() == '#' {
		d.lex.SkipLine()
	}
	if !d.lex.EndLine() {
		d.lex.Expected(0, "the end of the line")
	}
	return nil
}

func (d *Decoder) subject() rdf.Term {
	switch d.lex.Next() {
	case '_':
		return d.blank()
	default:
		return d.iriRef("a subject, an IRI in <…> or a blank node")
	}
}

func (d *Decoder) object() rdf.Term {
	switch d.lex.Next() {
	case '"':
		return d.literal()
	case '_':
		return d.blank()
	default:
		return d.iriRef(`an object, an IRI in <…>, a blank node or a literal in "…"`)
	}
}

func (d *Decoder) graphLabel() {
	switch d.lex.Next() {
	case '_':
		d.quad.G = d.blank()
		d.lex.SkipBlank()
	case '<':
		d.quad.G = d.iriRef("a graph label")
		d.lex.SkipBlank()
	}
}

// literal ::= STRING_LITERAL_QUOTE ('^^' IRIREF | LANGTAG)?
func (d *Decoder) literal() rdf.Term {
	value := d.lex.Quoted(false)
	d.lex.SkipBlank()
	switch d.lex.Next() {
	case '@':
		d.lex.Advance(1)
		return rdf.LangLiteral(value, d.terms.LangTag(d.lex))
	case '^':
		if c, _ := d.lex.Peek(1); c != '^' {
			d.lex.Expected(1, `"^^"`)
		}
		d.lex.Advance(2)
		d.lex.SkipBlank()
		return rdf.TypedLiteral(value, d.iriRef("a datatype, an IRI in <…>").Value())
	}
	return rdf.Literal(value)
}

func (d *Decoder) blank() rdf.Term {
	token := d.lex.BlankLabel()
	term, ok := d.terms.Get(token)
	if !ok {
		term = rdf.Blank(d.opts.LabelPrefix + string(token[2:]))
		d.terms.Put(token, term)
	}
	d.lex.Advance(len(token))
	return term
}

// iriRef reads an IRIREF, which must be absolute (N-Triples §2.2).
func (d *Decoder) iriRef(what string) rdf.Term {
	if d.lex.Next() != '<' {
		d.lex.Expected(0, what)
	}
	raw, n := d.lex.IRIRef()
	term, ok := d.terms.Get(raw)
	if !ok {
		term = d.newIRI(raw)
	}
	d.lex.Advance(n)
	return term
}

func (d *Decoder) newIRI(raw []byte) rdf.Term {
	value := d.lex.IRIText(raw)
	switch err := iri.Check(value); {
	case iri.SchemeLen(value) == 0:
		d.lex.Fail(1, "expected an absolute IRI")
	case err != nil && !d.opts.AnyIRI:
		d.lex.Fail(1, err.Error())
	}
	term := rdf.IRI(value)
	d.terms.Put(raw, term)
	return term
}
