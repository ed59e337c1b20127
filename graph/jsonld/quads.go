package jsonld

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"qlgraph/graph/iri"
	"qlgraph/graph/rdf"
)

// flattener turns expanded JSON-LD into quads (JSON-LD API §8, Deserialize
// JSON-LD to RDF). Since quads form a set, it goes without the node map of the
// algorithm: nodes that stand in several places give their quads in each.
type flattener struct {
	opts    *Options
	labels  map[string]rdf.Term // blank nodes of the document
	blanks  int                 // blank nodes so far, of this and earlier documents
	quads   []rdf.Quad
	base    iri.Ref // of relative IRIs, if it has a scheme
	dropped int
	valid   map[string]bool // IRIs seen; predicates and types repeat
}

// maxValid is how many IRIs are remembered to have been checked.
const maxValid = 1 << 12

// nodes adds the quads of node objects within a graph.
func (f *flattener) nodes(list any, graph rdf.Term) error {
	for _, item := range asArray(list) {
		if n, ok := item.(map[string]any); ok && n["@value"] == nil {
			if _, err := f.object(n, graph); err != nil {
				return err
			}
		}
	}
	return nil
}

func asArray(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

// node adds the quads of a node object and returns the node; no term if its
// @id is no IRI.
func (f *flattener) node(n map[string]any, graph rdf.Term) (rdf.Term, error) {
	subject := rdf.Term{}
	if id, ok := n["@id"].(string); ok {
		subject = f.resource(id)
	} else {
		subject = f.newBlank()
	}
	for _, key := range slices.Sorted(maps.Keys(n)) {
		var err error
		switch key {
		case "@type":
			for _, t := range asArray(n[key]) {
				if id, ok := t.(string); ok {
					f.emit(subject, rdf.IRI(rdf.RDFType), f.resource(id), graph)
				}
			}
		case "@graph":
			if subject.IsZero() {
				f.dropped++
				break
			}
			err = f.nodes(n[key], subject)
		case "@included":
			err = f.nodes(n[key], graph)
		case "@reverse":
			err = f.reverse(n[key], subject, graph)
		default:
			if !strings.HasPrefix(key, "@") {
				err = f.property(subject, key, n[key], graph)
			}
		}
		if err != nil {
			return rdf.Term{}, err
		}
	}
	return subject, nil
}

func (f *flattener) property(subject rdf.Term, key string, values any, graph rdf.Term) error {
	predicate := f.absolute(key) // a blank node would be generalised RDF (JSON-LD API §8.1.2)
	for _, v := range asArray(values) {
		object, err := f.object(v, graph)
		if err != nil {
			return err
		}
		f.emit(subject, predicate, object, graph)
	}
	return nil
}

func (f *flattener) reverse(properties any, object, graph rdf.Term) error {
	m, _ := properties.(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(m)) {
		for _, v := range asArray(m[key]) {
			n, ok := v.(map[string]any)
			if !ok {
				continue
			}
			subject, err := f.node(n, graph)
			if err != nil {
				return err
			}
			f.emit(subject, f.absolute(key), object, graph)
		}
	}
	return nil
}

// emit adds a quad, unless one of its terms is none or its predicate no IRI.
func (f *flattener) emit(s, p, o, g rdf.Term) {
	if s.IsZero() || !p.IsIRI() || o.IsZero() {
		f.dropped++
		return
	}
	f.quads = append(f.quads, rdf.Quad{S: s, P: p, O: o, G: g})
}

// object converts a value, list or node object (§8.2.2, Object to RDF).
func (f *flattener) object(v any, graph rdf.Term) (rdf.Term, error) {
	o, ok := v.(map[string]any)
	if !ok {
		return rdf.Term{}, nil
	}
	if list, ok := o["@list"]; ok {
		return f.list(asArray(list), graph)
	}
	if set, ok := o["@set"]; ok {
		return rdf.Term{}, f.nodes(set, graph)
	}
	if value, ok := o["@value"]; ok {
		return f.literal(o, value, graph)
	}
	return f.node(o, graph)
}

// list adds the quads of a list and returns its head (§8.3, List to RDF).
func (f *flattener) list(items []any, graph rdf.Term) (rdf.Term, error) {
	cells := make([]rdf.Term, len(items)+1)
	for i := range items {
		cells[i] = f.newBlank()
	}
	cells[len(items)] = rdf.IRI(rdf.RDFNil)
	for i, item := range items {
		object, err := f.object(item, graph)
		if err != nil {
			return rdf.Term{}, err
		}
		f.emit(cells[i], rdf.IRI(rdf.RDFFirst), object, graph)
		f.emit(cells[i], rdf.IRI(rdf.RDFRest), cells[i+1], graph)
	}
	return cells[0], nil
}

func (f *flattener) literal(o map[string]any, value any, graph rdf.Term) (rdf.Term, error) {
	datatype, ok := o["@type"].(string)
	if o["@type"] != nil && (!ok || strings.ContainsAny(datatype, " \t\r\n")) {
		return rdf.Term{}, errors.New("invalid typed value: @type of a value has to be an IRI")
	}
	if datatype == "@json" {
		text, err := appendCanonical(nil, value)
		return rdf.TypedLiteral(string(text), rdf.RDFJSON), err
	}
	if datatype != "" {
		t := f.resource(datatype)
		if !t.IsIRI() {
			return rdf.Term{}, nil
		}
		datatype = t.Value()
	}
	switch value := value.(type) {
	case bool:
		return rdf.TypedLiteral(strconv.FormatBool(value), orDefault(datatype, rdf.XSDBoolean)), nil
	case float64:
		lexical, usual := number(value, datatype)
		return rdf.TypedLiteral(lexical, orDefault(datatype, usual)), nil
	case string:
		lang, _ := o["@language"].(string)
		if lang != "" && !isLanguageTag(lang) {
			return rdf.Term{}, nil
		}
		if direction, ok := o["@direction"].(string); ok && f.opts.Direction != "" {
			return f.directed(value, lang, direction, graph), nil
		}
		if lang != "" {
			return rdf.LangLiteral(value, lang), nil
		}
		return rdf.TypedLiteral(value, datatype), nil
	}
	return rdf.Term{}, nil
}

func orDefault(s, def string) string {
	if s == "" {
		return def
	}
	return s
}

// number returns the lexical form of a number and the datatype it has if none
// is given (§8.2.2, steps 10 and 11).
func number(v float64, datatype string) (lexical, usual string) {
	const maxInteger = 1e21
	if math.Abs(v) < maxInteger && v == math.Trunc(v) {
		if datatype != rdf.XSDDouble {
			return strconv.FormatFloat(v+0, 'f', 0, 64), rdf.XSDInteger
		}
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'E', -1, 64), "E")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	n, _ := strconv.Atoi(exponent)
	return mantissa + "E" + strconv.Itoa(n), rdf.XSDDouble
}

// directed returns a literal with a base direction, in the form that
// Options.Direction asks for (§8.2.2, step 13).
func (f *flattener) directed(value, lang, direction string, graph rdf.Term) rdf.Term {
	if f.opts.Direction == I18nDatatype {
		return rdf.TypedLiteral(value, i18n+strings.ToLower(lang)+"_"+direction)
	}
	node := f.newBlank()
	f.emit(node, rdf.IRI(rdf.RDF+"value"), rdf.Literal(value), graph)
	if lang != "" {
		f.emit(node, rdf.IRI(rdf.RDF+"language"), rdf.Literal(strings.ToLower(lang)), graph)
	}
	f.emit(node, rdf.IRI(rdf.RDF+"direction"), rdf.Literal(direction), graph)
	return node
}

// i18n is the namespace of datatypes for strings with a direction.
const i18n = "https://www.w3.org/ns/i18n#"

// resource returns the term of an expanded IRI or blank node identifier; no
// term if it is neither, as the algorithm skips such.
func (f *flattener) resource(id string) rdf.Term {
	if label, ok := strings.CutPrefix(id, "_:"); ok {
		t, known := f.labels[label]
		if !known {
			t = f.newBlank()
			f.labels[label] = t
		}
		return t
	}
	if f.base.Scheme != "" && iri.SchemeLen(id) == 0 {
		id = f.base.Resolve(iri.Split(id)).String()
	}
	return f.absolute(id)
}

// absolute is resource for what must be an absolute IRI.
func (f *flattener) absolute(id string) rdf.Term {
	ok, known := f.valid[id]
	if !known {
		ok = f.isIRI(id)
		if len(f.valid) >= maxValid {
			clear(f.valid)
		}
		f.valid[id] = ok
	}
	if !ok {
		return rdf.Term{}
	}
	return rdf.IRI(id)
}

func (f *flattener) isIRI(id string) bool {
	if len(id) > f.opts.Limits.IRI {
		return false
	}
	if f.opts.AnyIRI {
		return iri.SchemeLen(id) > 0 && !strings.ContainsAny(id, " <>\"{}|^`\\\n\r\t")
	}
	return iri.Check(id) == nil
}

func (f *flattener) newBlank() rdf.Term {
	label := fmt.Appendf(nil, "%sb%d", f.opts.LabelPrefix, f.blanks)
	f.blanks++
	return rdf.Blank(string(label))
}

// isLanguageTag reports whether tag has the form of Turtle's LANGTAG.
func isLanguageTag(tag string) bool {
	for i, sub := range strings.Split(tag, "-") {
		if sub == "" {
			return false
		}
		for _, c := range []byte(sub) {
			letter := 'a' <= c|0x20 && c|0x20 <= 'z'
			if !letter && (i == 0 || c < '0' || c > '9') {
				return false
			}
		}
	}
	return true
}
