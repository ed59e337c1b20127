package jsonld

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"qlgraph/graph/rdf"
)

// object is a JSON object.
type object = map[string]any

// expander turns quads into expanded JSON-LD (JSON-LD API §8.4, Serialize RDF as
// JSON-LD).
type expander struct {
	opts   *EncoderOptions
	graphs map[rdf.Term]nodeMap
	// mentions tells where each blank node is an object. Lists and compound
	// literals are folded into the only place that mentions them.
	mentions map[rdf.Term][]mention
}

// nodeMap holds the node objects of a graph by their node.
type nodeMap map[rdf.Term]object

// mention is a place where a node is an object: graph[subject][property][index].
type mention struct {
	graph, subject rdf.Term
	property       string
	index          int
}

// expand returns the expanded form of the quads, each node once in each graph.
// The quads are sorted and distinct.
func expand(quads []rdf.Quad, opts *EncoderOptions) ([]any, error) {
	e := &expander{opts: opts, graphs: map[rdf.Term]nodeMap{{}: {}}, mentions: make(map[rdf.Term][]mention)}
	for _, q := range quads {
		if err := e.add(q); err != nil {
			return nil, err
		}
	}
	if opts.Direction == CompoundLiteral {
		e.foldCompoundLiterals()
	}
	e.foldLists()
	return e.result(), nil
}

func (e *expander) node(graph, t rdf.Term) object {
	nodes := e.graphs[graph]
	if nodes == nil {
		nodes = make(nodeMap)
		e.graphs[graph] = nodes
	}
	n := nodes[t]
	if n == nil {
		n = object{"@id": identifier(t)}
		nodes[t] = n
	}
	return n
}

func identifier(t rdf.Term) string {
	if t.IsBlank() {
		return "_:" + t.Value()
	}
	return t.Value()
}

func (e *expander) add(q rdf.Quad) error {
	n := e.node(q.G, q.S)
	property := identifier(q.P)
	if property == rdf.RDFType && !q.O.IsLiteral() && !e.opts.UseRDFType {
		types, _ := n["@type"].([]any)
		n["@type"] = append(types, identifier(q.O))
		e.mentions[q.O] = append(e.mentions[q.O], mention{}) // no list can be folded into a type
		return nil
	}
	value, err := e.value(q.O)
	if err != nil {
		return err
	}
	values, _ := n[property].([]any)
	n[property] = append(values, value)
	if !q.O.IsLiteral() {
		e.mentions[q.O] = append(e.mentions[q.O], mention{q.G, q.S, property, len(values)})
	}
	return nil
}

// value converts an object (§8.4.2, RDF to Object Conversion).
func (e *expander) value(t rdf.Term) (object, error) {
	if !t.IsLiteral() {
		return object{"@id": identifier(t)}, nil
	}
	lexical, datatype := t.Value(), t.Datatype()
	v := object{"@value": lexical}
	if e.opts.UseNativeTypes {
		if native, ok := nativeValue(lexical, datatype); ok {
			v["@value"] = native
			return v, nil
		}
	}
	directed, isDirected := strings.CutPrefix(datatype, i18n)
	switch {
	case t.Lang() != "":
		v["@language"] = t.Lang()
	case datatype == rdf.RDFJSON:
		parsed, err := parseJSON([]byte(lexical), rdf.Limits{}.OrDefault())
		if err != nil {
			return nil, fmt.Errorf("invalid JSON literal: %w", err)
		}
		v["@value"], v["@type"] = parsed, "@json"
	case e.opts.Direction == I18nDatatype && isDirected:
		lang, direction, _ := strings.Cut(directed, "_")
		if lang != "" {
			v["@language"] = lang
		}
		if direction != "" {
			v["@direction"] = direction
		}
	case datatype != rdf.XSDString:
		v["@type"] = datatype
	}
	return v, nil
}

func nativeValue(lexical, datatype string) (any, bool) {
	switch datatype {
	case rdf.XSDBoolean:
		switch lexical {
		case "true", "1":
			return true, true
		case "false", "0":
			return false, true
		}
	case rdf.XSDInteger, rdf.XSDDouble:
		f, err := strconv.ParseFloat(lexical, 64)
		if err != nil || !isNumber([]byte(strings.TrimPrefix(lexical, "+"))) {
			return nil, false
		}
		return f, true
	}
	return nil, false
}

// foldCompoundLiterals replaces blank nodes that stand for a string with a
// direction by value objects (§8.4.1, step 6).
func (e *expander) foldCompoundLiterals() {
	for graph, nodes := range e.graphs {
		for t, n := range nodes {
			places := e.mentions[t]
			if !t.IsBlank() || n[rdf.RDF+"direction"] == nil || len(places) == 0 {
				continue
			}
			v := object{}
			for property, key := range map[string]string{"value": "@value", "language": "@language", "direction": "@direction"} {
				if values, _ := n[rdf.RDF+property].([]any); len(values) == 1 {
					v[key] = values[0].(object)["@value"]
				}
			}
			for _, m := range places {
				if m.graph == graph && m.property != "" {
					e.graphs[graph][m.subject][m.property].([]any)[m.index] = v
				}
			}
			delete(nodes, t)
		}
	}
}

// foldLists replaces the chains that end in rdf:nil by list objects, as far as
// nothing else refers to their cells (§8.4.1, step 6.3). Cells are removed at the
// end: those of a list may be the place of another.
func (e *expander) foldLists() {
	var folded []mention
	for _, m := range e.mentions[rdf.IRI(rdf.RDFNil)] {
		if m.property == "" {
			continue
		}
		var items []any
		for m.property == rdf.RDFRest && m.subject.IsBlank() && e.isCell(m.graph, m.subject) {
			cell := e.graphs[m.graph][m.subject]
			items = append(items, cell[rdf.RDFFirst].([]any)[0])
			folded = append(folded, m)
			m = e.mentions[m.subject][0]
		}
		slices.Reverse(items)
		if items == nil {
			items = []any{}
		}
		place := e.graphs[m.graph][m.subject][m.property].([]any)[m.index].(object)
		delete(place, "@id")
		place["@list"] = items
	}
	for _, m := range folded {
		delete(e.graphs[m.graph], m.subject)
	}
}

// isCell reports whether a node is a well-formed list cell that is mentioned
// exactly once, in the same graph.
func (e *expander) isCell(graph, t rdf.Term) bool {
	places := e.mentions[t]
	if len(places) != 1 || places[0].graph != graph || places[0].property == "" {
		return false
	}
	n := e.graphs[graph][t]
	first, _ := n[rdf.RDFFirst].([]any)
	rest, _ := n[rdf.RDFRest].([]any)
	size := 3
	if types, ok := n["@type"].([]any); ok {
		if size++; len(types) != 1 || types[0] != rdf.RDF+"List" {
			return false
		}
	}
	return len(first) == 1 && len(rest) == 1 && len(n) == size
}

// result returns the node objects of the default graph, each with the graph that
// it names, sorted.
func (e *expander) result() []any {
	for name, nodes := range e.graphs {
		if !name.IsZero() {
			e.node(rdf.Term{}, name)["@graph"] = sortedNodes(nodes)
		}
	}
	return sortedNodes(e.graphs[rdf.Term{}])
}

// sortedNodes returns the node objects that say something.
func sortedNodes(nodes nodeMap) []any {
	list := []any{}
	for _, n := range nodes {
		if len(n) > 1 {
			list = append(list, n)
		}
	}
	slices.SortFunc(list, func(a, b any) int {
		return strings.Compare(a.(object)["@id"].(string), b.(object)["@id"].(string))
	})
	return list
}
