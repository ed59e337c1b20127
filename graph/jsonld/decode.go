package jsonld

import (
	"fmt"
	"io"
	"iter"
	"maps"

	"github.com/piprate/json-gold/ld"

	"qlgraph/graph/iri"
	"qlgraph/graph/rdf"
)

// DefaultMaxBytes is the default of Options.MaxBytes. A document takes about
// ten times its size in memory.
const DefaultMaxBytes = 64 << 20

// Direction is how strings with a base direction are represented in RDF, which
// has no direction of its own (JSON-LD 1.1 §4.2.4.1). The zero value ignores
// directions.
type Direction string

// The two representations that the specification offers.
const (
	I18nDatatype    Direction = "i18n-datatype"
	CompoundLiteral Direction = "compound-literal"
)

// Options sets how a Decoder reads. The zero value reads without a base IRI and
// knows the contexts that the program brings along.
type Options struct {
	// Base is the IRI against which relative IRIs are resolved: that of the
	// document.
	Base string
	// LabelPrefix is put before each blank node label. Labels are made anew in
	// every document (b0, b1, …).
	LabelPrefix string
	// AnyIRI accepts IRIs that RFC 3987 does not, as far as N-Triples can hold
	// them.
	AnyIRI bool
	// Contexts are those that may be referred to. Share them: they remember
	// what they have processed. Nil means NewContexts.
	Contexts *Contexts
	// Context is applied before the document's own, as for documents that get
	// it by an HTTP Link header: what parsing the value of an @context gives.
	Context any
	// Direction tells what becomes of base directions.
	Direction Direction
	// MaxBytes is the longest document; 0 means DefaultMaxBytes.
	MaxBytes int
	Limits   rdf.Limits
}

// Decoder reads quads from a document, all at the first call of Next.
type Decoder struct {
	r     io.Reader
	opts  Options
	err   error
	begun bool
	flat  flattener
	head  int
}

// NewDecoder returns a Decoder for the document r.
func NewDecoder(r io.Reader, opts Options) *Decoder {
	opts.Limits = opts.Limits.OrDefault()
	if opts.Contexts == nil {
		opts.Contexts = NewContexts()
	}
	if opts.MaxBytes <= 0 {
		opts.MaxBytes = DefaultMaxBytes
	}
	d := &Decoder{r: r, opts: opts}
	d.flat = flattener{opts: &d.opts, labels: make(map[string]rdf.Term), valid: make(map[string]bool)}
	return d
}

// Next returns the next quad, io.EOF at the end of the document, or a
// *rdf.SyntaxError. After an error it returns the same error again. An error of
// JSON has its position; one that json-gold finds in what the JSON says has that
// of the document's start, and its message begins with the error code of JSON-LD
// API §9.6.
func (d *Decoder) Next() (rdf.Quad, error) {
	if !d.begun {
		d.begun = true
		d.err = d.read()
		if d.err == nil {
			d.err = io.EOF
		} else {
			d.flat.quads = nil
		}
	}
	if d.head < len(d.flat.quads) {
		d.head++
		return d.flat.quads[d.head-1], nil
	}
	return rdf.Quad{}, d.err
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

// Dropped returns how many statements had a term that is neither a valid IRI nor
// a valid literal. JSON-LD asks for them to be left out (JSON-LD API §8.1.2).
func (d *Decoder) Dropped() int { return d.flat.dropped }

func (d *Decoder) read() error {
	data, err := io.ReadAll(io.LimitReader(d.r, int64(d.opts.MaxBytes)+1))
	if err != nil {
		return err
	}
	if len(data) > d.opts.MaxBytes {
		return semantic(fmt.Errorf("document longer than the limit of %d bytes", d.opts.MaxBytes))
	}
	document, err := parseJSON(data, d.opts.Limits)
	if err != nil {
		return err
	}
	return semantic(d.convert(document))
}

// semantic gives an error that has no position that of the document's start.
func semantic(err error) error {
	if err == nil {
		return nil
	}
	return &rdf.SyntaxError{Line: 1, Column: 1, Msg: err.Error()}
}

// convert adds the quads of a document. The items of an array are documents of
// their own as far as contexts go, so that each context is processed once.
func (d *Decoder) convert(document any) (err error) {
	defer recoverPanic(&err)
	s, err := d.opts.Contexts.survey(document, d.opts.Base)
	if err != nil {
		return err
	}
	items, isArray := document.([]any)
	if !isArray {
		items = []any{document}
	}
	for _, item := range items {
		expanded, base, err := d.expand(item, s)
		if err != nil {
			return err
		}
		if o, ok := expanded.(object); ok && !isArray && len(o) == 1 && o["@graph"] != nil {
			expanded = o["@graph"]
		}
		d.flat.base = iri.Split(base)
		if err := d.flat.nodes(expanded, rdf.Term{}); err != nil {
			return err
		}
	}
	return nil
}

// expand gives the expanded form of an item, and the base for the relative IRIs
// in it, "" if they have been resolved (base.go).
func (d *Decoder) expand(item any, s survey) (expanded any, base string, err error) {
	contexts := d.opts.Contexts
	o, isObject := item.(object)
	local, base, ok := takeBase(o["@context"], d.opts.Base, d.opts.Base)
	if !isObject || !ok || s.baseWithin || d.opts.Context != nil {
		options := contexts.options(d.opts.Base)
		active, err := contexts.ready(d.opts.Context, options)
		if err != nil {
			return nil, "", err
		}
		expanded, err = ld.NewJsonLdApi().Expand(active, "", item, options, false, nil)
		return expanded, "", err
	}
	options := contexts.options("")
	o = maps.Clone(o)
	delete(o, "@context")
	if !contexts.independent(local) {
		o["@context"], local = local, nil
	}
	active, err := contexts.ready(local, options)
	if err != nil {
		return nil, "", err
	}
	expanded, err = ld.NewJsonLdApi().Expand(active, "", o, options, false, nil)
	return expanded, base, err
}

// options returns json-gold's options for one document.
func (c *Contexts) options(base string) *ld.JsonLdOptions {
	options := ld.NewJsonLdOptions(base)
	options.DocumentLoader = &loader{contexts: c}
	return options
}

// recoverPanic, deferred, turns a panic of json-gold into an error: whatever the
// input, it must not end the program.
func recoverPanic(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("json-gold failed: %v", r)
	}
}
