package jsonld

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/piprate/json-gold/ld"

	"qlgraph/graph/rdf"
)

// Frame is a frame made ready for many documents. It knows frames that choose
// nodes by @id and @type, nest properties to any depth, and say @explicit,
// @embed, @omitDefault and @default; those with more (value patterns, @reverse,
// @graph, @requireAll) are the Encoder's, which leaves them to json-gold. It is
// safe for concurrent use.
type Frame struct {
	root    *frameNode
	compact *compactor
}

// frameNode is a frame, or a frame within.
type frameNode struct {
	types       []string
	explicit    bool
	embed       ld.Embed
	omitDefault bool
	fallback    []treeValue // of @default; nil: null
	hasDefault  bool
	properties  map[string]*frameNode
	names       []string // of the properties, sorted
}

// errFrame is the error for a frame that a Frame does not know.
var errFrame = errors.New("jsonld: the frame needs the general algorithm")

// NewFrame reads a frame, a JSON object with its @context. Contexts that it
// refers to are taken from contexts.
func NewFrame(text []byte, contexts *Contexts) (f *Frame, err error) {
	defer recoverPanic(&err)
	v, err := parseJSON(text, rdf.Limits{}.OrDefault())
	if err != nil {
		return nil, err
	}
	frame, ok := v.(object)
	if !ok {
		return nil, errors.New("jsonld: a frame is an object")
	}
	f = &Frame{}
	if f.compact, err = contexts.compactor(frame["@context"]); err != nil {
		return nil, err
	}
	if f.compact == nil {
		return nil, errFrame
	}
	options := contexts.options("")
	options.ProcessingMode = ld.JsonLd_1_1_Frame
	expanded, err := ld.NewJsonLdProcessor().Expand(ld.CloneDocument(frame), options)
	if err != nil {
		return nil, err
	}
	if len(expanded) != 1 {
		return nil, errFrame
	}
	f.root, err = newFrameNode(expanded[0], frameNode{embed: ld.EmbedOnce})
	return f, err
}

// newFrameNode reads an expanded frame; what it does not say of itself is as
// in defaults.
func newFrameNode(v any, defaults frameNode) (*frameNode, error) {
	frame, ok := v.(object)
	if !ok {
		return nil, errFrame
	}
	n := &frameNode{embed: defaults.embed, explicit: defaults.explicit, properties: map[string]*frameNode{}}
	n.explicit = ld.GetFrameFlag(frame, "@explicit", n.explicit)
	n.omitDefault = ld.GetFrameFlag(frame, "@omitDefault", false)
	for key, value := range frame {
		var err error
		switch key {
		case "@explicit", "@omitDefault":
		case "@type":
			err = n.setTypes(value)
		case "@embed":
			err = n.setEmbed(value)
		case "@default":
			err = n.setDefault(value)
		default:
			err = n.setProperty(key, value)
		}
		if err != nil {
			return nil, err
		}
	}
	n.names = slices.Sorted(maps.Keys(n.properties))
	return n, nil
}

func (n *frameNode) setTypes(value any) error {
	for _, t := range ld.Arrayify(value) {
		name, ok := t.(string)
		if !ok {
			return errFrame
		}
		n.types = append(n.types, name)
	}
	if n.types == nil {
		return errFrame
	}
	return nil
}

func (n *frameNode) setEmbed(value any) error {
	list := ld.Arrayify(value)
	if len(list) != 1 {
		return errFrame
	}
	if o, ok := list[0].(object); ok {
		list[0] = o["@value"]
	}
	switch list[0] {
	case "@always":
		n.embed = ld.EmbedAlways
	case "@once", true:
		n.embed = ld.EmbedOnce
	case "@never", false:
		n.embed = ld.EmbedNever
	default:
		return errFrame
	}
	return nil
}

// setDefault takes plain strings and null; other defaults are rare.
func (n *frameNode) setDefault(value any) error {
	n.hasDefault = true
	for _, v := range ld.Arrayify(value) {
		o, ok := v.(object)
		text, isText := o["@value"].(string)
		switch {
		case v == "@null" || v == nil:
		case ok && isText && len(o) == 1:
			n.fallback = append(n.fallback, treeValue{term: rdf.Literal(text)})
		default:
			return errFrame
		}
	}
	return nil
}

func (n *frameNode) setProperty(key string, value any) error {
	list, ok := value.([]any)
	if strings.HasPrefix(key, "@") || !ok || len(list) != 1 {
		return errFrame
	}
	for _, pattern := range []string{"@value", "@list", "@id"} {
		if o, ok := list[0].(object); ok && o[pattern] != nil {
			return errFrame
		}
	}
	// Flags are not inherited by frames within: each begins with the options'.
	within, err := newFrameNode(list[0], frameNode{embed: ld.EmbedOnce})
	n.properties[key] = within
	return err
}

// Document frames quads without graphs: the node with the identifier id at the
// top or, where it is "", every node with a type that the frame names.
func (f *Frame) Document(quads []rdf.Quad, id string) (text []byte, err error) {
	defer recoverPanic(&err)
	quads = slices.SortedFunc(slices.Values(quads), rdf.CompareQuads)
	nodes, plain := plainNodes(slices.Compact(quads))
	if !plain {
		return nil, errFrame
	}
	run := &framing{nodes: make(map[string]*treeNode, len(nodes)), mentions: map[string]int{}}
	for _, n := range nodes {
		run.nodes[n.id] = n
	}
	var roots []*treeNode
	for _, n := range nodes {
		if id == "" && f.root.matches(n) || id != "" && n.id == id {
			run.embedded = map[string]bool{}
			roots = append(roots, run.embed(n, f.root))
		}
	}
	if run.size > maxFramed {
		return nil, fmt.Errorf("jsonld: the framed document has more than %d nodes", maxFramed)
	}
	run.anonymize(roots)
	return f.compact.document(roots, len(roots) != 1, "")
}

// maxFramed bounds the nodes of a framed document: a node that is embedded
// wherever it is mentioned multiplies.
const maxFramed = 100_000

// framing is one run (JSON-LD Framing §4.2).
type framing struct {
	nodes    map[string]*treeNode
	embedded map[string]bool // since the top; for @once
	open     []string        // nodes that are being embedded
	mentions map[string]int  // of blank nodes in the output
	size     int
}

// matches is Frame Matching (§4.2.3).
func (n *frameNode) matches(node *treeNode) bool {
	if n.types != nil {
		return slices.ContainsFunc(node.types, func(t string) bool { return slices.Contains(n.types, t) })
	}
	for _, name := range n.names {
		if len(node.property(name)) > 0 {
			return true
		}
	}
	return len(n.names) == 0
}

// reference returns what stands for a mentioned node: the node in place, a
// mere reference, or nil where the frame does not match it.
func (r *framing) reference(id string, frame *frameNode) *treeNode {
	node := r.nodes[id]
	if node == nil {
		node = &treeNode{id: id}
	}
	if !frame.matches(node) {
		return nil
	}
	if frame.embed == ld.EmbedNever || slices.Contains(r.open, id) || frame.embed == ld.EmbedOnce && r.embedded[id] || r.size > maxFramed {
		return r.output(id)
	}
	return r.embed(node, frame)
}

// output returns a node object that is nothing but its identifier yet.
func (r *framing) output(id string) *treeNode {
	if strings.HasPrefix(id, "_:") {
		r.mentions[id]++
	}
	r.size++
	return &treeNode{id: id}
}

// embed returns the node as the frame wants it (§4.2.2, step 4).
func (r *framing) embed(node *treeNode, frame *frameNode) *treeNode {
	out := r.output(node.id)
	out.types = node.types
	if frame.embed == ld.EmbedOnce {
		r.embedded[node.id] = true
	}
	r.open = append(r.open, node.id)
	implicit := &frameNode{explicit: frame.explicit, embed: frame.embed}
	for i := range node.properties {
		p := &node.properties[i]
		within := frame.properties[p.iri]
		if within == nil {
			if frame.explicit {
				continue
			}
			within = implicit
		}
		if values := r.values(p.values, within); len(values) > 0 {
			out.properties = append(out.properties, treeProperty{p.iri, values})
		}
	}
	r.open = r.open[:len(r.open)-1]
	frame.complete(out)
	return out
}

func (r *framing) values(values []treeValue, frame *frameNode) []treeValue {
	out := make([]treeValue, 0, len(values))
	for _, v := range values {
		if v.term.IsLiteral() {
			if frame.types == nil {
				out = append(out, v)
			}
		} else if n := r.reference(identifier(v.term), frame); n != nil {
			out = append(out, treeValue{node: n})
		}
	}
	return out
}

// complete adds the defaults of the properties that are missing (§4.2.2, step
// 4.7.4): null where the frame names none.
func (n *frameNode) complete(out *treeNode) {
	for _, name := range n.names {
		within := n.properties[name]
		if !within.omitDefault && len(out.property(name)) == 0 {
			out.properties = append(out.properties, treeProperty{name, within.fallback})
			slices.SortFunc(out.properties, func(a, b treeProperty) int { return strings.Compare(a.iri, b.iri) })
		}
	}
}

// anonymize drops the labels of blank nodes that are mentioned once (§4.2.2:
// they tell nothing).
func (r *framing) anonymize(nodes []*treeNode) {
	for _, n := range nodes {
		if r.mentions[n.id] == 1 && (n.types != nil || n.properties != nil) {
			n.id = ""
		}
		for i := range n.properties {
			for _, v := range n.properties[i].values {
				if v.node != nil {
					r.anonymize([]*treeNode{v.node})
				}
			}
		}
	}
}
