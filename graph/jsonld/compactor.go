package jsonld

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/piprate/json-gold/ld"

	"qlgraph/graph/rdf"
)

// A compactor compacts with one context (JSON-LD API §6). The terms are chosen
// by json-gold, once for each property and shape of value; the document is
// written directly, which takes a hundredth of the time of json-gold's general
// algorithm, for all contexts that have a look-up table's nature: no scoped
// contexts, and no containers but languages and sets. Others have no compactor.
//
// It is safe for concurrent use.
type compactor struct {
	active     *ld.Context
	namespaces []string        // that a prefix stands for
	prefixes   map[string]bool // the prefixes
	id, typ    string          // the context's names of @id and @type
	graph      string          // idem, of @graph
	terms      map[string]termText
	head       []string // of terms, those that every document needs

	mu      sync.RWMutex
	choices map[shape]choice
	names   map[string]string // class, or IRI in a prefix's namespace → its name
}

// termText is a term's definition as a document's context has it.
type termText struct {
	json  []byte
	needs []string // terms that the definition refers to
}

// maxChoices bounds what a compactor remembers: a vocabulary has some hundreds
// of properties, a hostile document any number.
const maxChoices = 10_000

// shape is what the choice of a term depends on.
type shape struct {
	property string
	kind     shapeKind
	tag      string // language or datatype
}

type shapeKind uint8

const (
	nodeShape shapeKind = iota
	stringShape
	languageShape
	typedShape
	nullShape
)

// choice is how a property is written for values of one shape.
type choice struct {
	key      string
	set      bool   // a single value is an array too
	language string // key in a language map, "" where there is none
	bare     bool   // the value needs no object around it
	datatype string // compacted, for an object
}

// newCompactor returns nil where the context needs the general algorithm.
func newCompactor(active *ld.Context, definitions object) (*compactor, error) {
	c := &compactor{
		active: active, prefixes: map[string]bool{}, terms: map[string]termText{},
		choices: map[shape]choice{}, names: map[string]string{},
	}
	if active.Values.HasLanguage || active.Values.Direction != "" || active.Values.Base != "" {
		return nil, nil
	}
	for term, td := range active.TermDefinitions {
		if td == nil || td.Reverse || td.Type == "@vocab" || td.Type == "@none" || td.Type == "@json" ||
			slices.ContainsFunc(td.Container, func(s string) bool { return s != "@language" && s != "@set" }) {
			return nil, nil
		}
		if td.Prefix != nil && *td.Prefix {
			c.prefixes[term] = true
			c.namespaces = append(c.namespaces, td.ID)
		}
	}
	var value, language, none string
	for _, alias := range []struct {
		keyword string
		to      *string
	}{{"@id", &c.id}, {"@type", &c.typ}, {"@graph", &c.graph}, {"@value", &value}, {"@language", &language}, {"@none", &none}} {
		name, err := active.CompactIri(alias.keyword, nil, true, false)
		if err != nil {
			return nil, err
		}
		*alias.to = name
	}
	if value != "@value" || language != "@language" || none != "@none" {
		return nil, nil
	}
	return c, c.keepText(definitions)
}

// keepText keeps the text of the definitions.
func (c *compactor) keepText(definitions object) error {
	for term, definition := range definitions {
		text, err := json.MarshalIndent(definition, "    ", "  ")
		if err != nil {
			return err
		}
		named := map[string]bool{}
		mentioned(definition, named)
		t := termText{json: text}
		for name := range named {
			prefix, _, _ := strings.Cut(name, ":")
			if _, known := definitions[prefix]; known {
				t.needs = append(t.needs, prefix)
			}
		}
		c.terms[term] = t
		alias, _ := definition.(string)
		if strings.HasPrefix(term, "@") || strings.HasPrefix(alias, "@") {
			c.head = append(c.head, term)
		}
	}
	return nil
}

// choose returns how a property is written for a value.
func (c *compactor) choose(property string, v treeValue) (choice, error) {
	s := shapeOf(property, v)
	c.mu.RLock()
	known, found := c.choices[s]
	c.mu.RUnlock()
	if found {
		return known, nil
	}
	made, err := c.makeChoice(s)
	if err != nil {
		return made, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.choices) >= maxChoices {
		clear(c.choices)
	}
	c.choices[s] = made
	return made, nil
}

func shapeOf(property string, v treeValue) shape {
	switch {
	case v.node != nil:
		return shape{property, nodeShape, ""}
	case v.term.IsZero():
		return shape{property, nullShape, ""}
	case !v.term.IsLiteral():
		return shape{property, nodeShape, ""}
	case v.term.Lang() != "":
		return shape{property, languageShape, v.term.Lang()}
	case v.term.Datatype() == rdf.XSDString:
		return shape{property, stringShape, ""}
	}
	return shape{property, typedShape, v.term.Datatype()}
}

// makeChoice asks json-gold for the term and works out what it makes of the
// value (JSON-LD API §6.2, §7).
func (c *compactor) makeChoice(s shape) (choice, error) {
	var value any
	switch s.kind {
	case nodeShape:
		value = object{"@id": "x:y"}
	case stringShape:
		value = object{"@value": ""}
	case languageShape:
		value = object{"@value": "", "@language": s.tag}
	case typedShape:
		value = object{"@value": "", "@type": s.tag}
	case nullShape:
		value = object{"@preserve": []any{"@null"}}
	}
	key, err := c.active.CompactIri(s.property, value, true, false)
	if err != nil {
		return choice{}, err
	}
	made := choice{key: key, set: c.active.HasContainerMapping(key, "@set")}
	inMap := c.active.HasContainerMapping(key, "@language")
	switch s.kind {
	case nodeShape:
		made.bare = c.active.GetTypeMapping(key) == "@id"
	case stringShape:
		made.bare = c.active.GetLanguageMapping(key) == ""
		if inMap {
			made.language = "@none"
		}
	case languageShape:
		made.bare = c.active.GetLanguageMapping(key) == s.tag
		if inMap {
			made.language = s.tag
		}
	case typedShape:
		made.bare = c.active.GetTypeMapping(key) == s.tag
		made.datatype, err = c.name(s.tag)
	}
	return made, err
}

// name compacts the IRI of a class or datatype.
func (c *compactor) name(iri string) (string, error) { return c.remember("\x00"+iri, iri, true) }

// reference compacts the IRI of a node.
func (c *compactor) reference(iri string) (string, error) {
	for _, namespace := range c.namespaces {
		if strings.HasPrefix(iri, namespace) {
			return c.remember(iri, iri, false)
		}
	}
	if scheme, _, ok := strings.Cut(iri, ":"); ok && c.prefixes[scheme] {
		return "", fmt.Errorf("the IRI <%s> reads like a name with the prefix %s", iri, scheme)
	}
	return iri, nil
}

// remember compacts an IRI and keeps the result.
func (c *compactor) remember(key, iri string, vocab bool) (string, error) {
	c.mu.RLock()
	known, found := c.names[key]
	c.mu.RUnlock()
	if found {
		return known, nil
	}
	name, err := c.active.CompactIri(iri, nil, vocab, false)
	if err != nil {
		return "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.names) >= maxChoices {
		clear(c.names)
	}
	c.names[key] = name
	return name, nil
}
