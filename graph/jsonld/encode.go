package jsonld

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/piprate/json-gold/ld"

	"qlgraph/graph/rdf"
)

// Form is a form of JSON-LD documents (JSON-LD 1.1 §5).
type Form uint8

// The forms.
const (
	// Compacted is short, with the terms of a context; a single node stands at
	// the top.
	Compacted Form = iota
	// Expanded spells all IRIs out and needs no context.
	Expanded
	// Flattened is Compacted with all nodes in one array at the top, however
	// many there are.
	Flattened
	// Framed nests nodes as EncoderOptions.Frame says.
	Framed
)

// DefaultMaxQuads is the default of EncoderOptions.MaxQuads: some 2 GB while the
// document is built.
const DefaultMaxQuads = 1_000_000

// EncoderOptions sets how an Encoder writes. The zero value writes compacted,
// with the project's context.
type EncoderOptions struct {
	Form Form
	// Context is what compaction uses: what parsing the value of an @context
	// gives, an IRI among Contexts for instance. Nil means ProjectContext. A
	// frame has its own, and this one if it has none.
	Context any
	// ContextIRI, if set, is written instead of the part of the context that the
	// document needs, which makes documents shorter and useless without it.
	ContextIRI string
	// Frame is the parsed frame for Framed.
	Frame map[string]any
	// Contexts are those that may be referred to. Nil means NewContexts.
	Contexts *Contexts
	// UseNativeTypes writes booleans, integers and doubles as JSON's, at the
	// cost of their lexical form.
	UseNativeTypes bool
	// UseRDFType writes rdf:type like other properties.
	UseRDFType bool
	// Direction tells in which form base directions are in the data.
	Direction Direction
	// MaxQuads is how many quads fit in a document; 0 means DefaultMaxQuads.
	MaxQuads int
}

// Encoder gathers quads and writes them as one document.
type Encoder struct {
	w     io.Writer
	opts  EncoderOptions
	quads []rdf.Quad
}

// NewEncoder returns an Encoder to w; Close writes the document.
func NewEncoder(w io.Writer, opts EncoderOptions) *Encoder {
	if opts.Contexts == nil {
		opts.Contexts = NewContexts()
	}
	if opts.MaxQuads <= 0 {
		opts.MaxQuads = DefaultMaxQuads
	}
	if opts.Context == nil {
		opts.Context = ProjectContext
	}
	return &Encoder{w: w, opts: opts}
}

// Encode adds q. It fails when the document would hold too many.
func (e *Encoder) Encode(q rdf.Quad) error {
	if len(e.quads) >= e.opts.MaxQuads {
		return fmt.Errorf("jsonld: more quads than the limit of %d", e.opts.MaxQuads)
	}
	e.quads = append(e.quads, q)
	return nil
}

// Close writes the document: the same quads as the same bytes, in whatever order
// they came. It does not close the underlying writer.
func (e *Encoder) Close() error {
	slices.SortFunc(e.quads, rdf.CompareQuads)
	e.quads = slices.Compact(e.quads)
	text, err := e.direct()
	if err != nil {
		return fmt.Errorf("jsonld: %w", err)
	}
	if text != nil {
		_, err := e.w.Write(text)
		return err
	}
	document, err := e.document()
	if err != nil {
		return fmt.Errorf("jsonld: %w", err)
	}
	out := json.NewEncoder(e.w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(document)
}

// direct writes what needs none of the general algorithms; nil where they are
// needed.
func (e *Encoder) direct() (text []byte, err error) {
	if e.opts.Form != Compacted && e.opts.Form != Flattened || e.opts.UseNativeTypes || e.opts.UseRDFType || e.opts.Direction != "" {
		return nil, nil
	}
	defer recoverPanic(&err)
	compactor, err := e.opts.Contexts.compactor(e.opts.Context)
	if compactor == nil || err != nil {
		return nil, err
	}
	nodes, plain := plainNodes(e.quads)
	if !plain || len(nodes) == 0 {
		return nil, nil
	}
	return compactor.document(nodes, e.opts.Form == Flattened, e.opts.ContextIRI)
}

func (e *Encoder) document() (any, error) {
	nodes, err := expand(e.quads, &e.opts)
	if err != nil {
		return nil, err
	}
	switch e.opts.Form {
	case Expanded:
		return nodes, nil
	case Framed:
		return e.framed(nodes)
	case Compacted, Flattened:
		return e.compacted(nodes)
	}
	return nil, fmt.Errorf("unknown form %d", e.opts.Form)
}

// compacted compacts node objects (JSON-LD API §6).
func (e *Encoder) compacted(nodes []any) (document object, err error) {
	defer recoverPanic(&err)
	options := e.opts.Contexts.options("")
	active, err := e.opts.Contexts.ready(e.opts.Context, options)
	if err != nil {
		return nil, err
	}
	result, err := ld.NewJsonLdApi().Compact(active, "", nodes, true)
	if err != nil {
		return nil, err
	}
	document, single := result.(object)
	if !single || e.opts.Form == Flattened {
		graph, err := active.CompactIri("@graph", nil, false, false)
		if err != nil {
			return nil, err
		}
		if single && len(document) > 0 {
			result = []any{document}
		}
		document = object{graph: asArray(result)}
	}
	return document, e.addContext(document, e.opts.Context)
}

// addContext writes the @context of a document: the IRI that the caller chose,
// or what the document needs of the context, since readers will not know ours.
func (e *Encoder) addContext(document object, context any) error {
	delete(document, "@context")
	if e.opts.ContextIRI != "" {
		document["@context"] = e.opts.ContextIRI
		return nil
	}
	if name, ok := context.(string); ok {
		known, ok := e.opts.Contexts.document(name)
		if !ok {
			return fmt.Errorf("context <%s> is not known", name)
		}
		context = known.(object)["@context"]
	}
	document["@context"] = prune(context, document)
	return nil
}

// framed frames node objects (JSON-LD Framing §4).
func (e *Encoder) framed(nodes []any) (document object, err error) {
	if e.opts.Frame == nil {
		return nil, errors.New("no frame is given")
	}
	frame, _ := ld.CloneDocument(e.opts.Frame).(object)
	if frame["@context"] == nil {
		frame["@context"] = e.opts.Context
	}
	document, err = e.opts.Contexts.frame(nodes, frame, e.opts.Contexts.options(""))
	if err != nil {
		return nil, err
	}
	return document, e.addContext(document, frame["@context"])
}

// frame applies a frame to a document.
func (c *Contexts) frame(document any, frame object, options *ld.JsonLdOptions) (framed object, err error) {
	defer recoverPanic(&err)
	return ld.NewJsonLdProcessor().Frame(document, frame, options)
}
