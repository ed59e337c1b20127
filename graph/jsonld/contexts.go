package jsonld

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/piprate/json-gold/ld"

	"qlgraph/graph/rdf"
)

//go:embed contexts/*.jsonld
var contextFiles embed.FS

// bundled maps the IRIs by which documents refer to contexts to the files that
// hold them. The files restate what the terms mean; they are not copies of
// what is published there.
var bundled = map[string]string{
	// The context of European Digital Credentials (ELM 3.2).
	"http://data.europa.eu/snb/model/context/edc-ap": "edc-ap.jsonld",
	// The W3C context that such credentials name beside it.
	"https://www.w3.org/2018/credentials/v1": "credentials-v1.jsonld",
	"https://www.w3.org/ns/credentials/v2":   "credentials-v1.jsonld",
	// The namespaces themselves, which are no contexts, but are used as such.
	"http://data.europa.eu/snb/model/elm":       "elm-3.2.jsonld",
	"http://data.europa.eu/snb/model/elm/":      "elm-3.2.jsonld",
	"http://data.europa.eu/snb/model/ontology":  "elm-3.3.jsonld",
	"http://data.europa.eu/snb/model/ontology/": "elm-3.3.jsonld",
	ProjectContext: "elm-3.3.jsonld",
}

// ProjectContext is the IRI of the context in which an Encoder writes unless it
// is told otherwise: ELM 3.3 and the QualityLink ontology.
const ProjectContext = "http://data.quality-link.eu/ontology/v1/context.jsonld"

const (
	// maxTerms is how many terms one context may define. The largest in wide
	// use, that of schema.org, has 2,900.
	maxTerms = 5_000
	// maxContextWork is how many terms may have to be defined for a document,
	// scoped contexts counted for every object that might use them. A term
	// takes about 8 µs.
	maxContextWork = 500_000
	// maxLoads is how many contexts may be looked up for one document: contexts
	// that include one another would be looked up for ever.
	maxLoads = 100
	// maxProcessed is how many contexts are kept ready, at about 200 KB each.
	maxProcessed = 64
)

// Contexts are the contexts that may be referred to by IRI, and those that have
// been made ready for use. It is safe for concurrent use.
type Contexts struct {
	mu        sync.Mutex
	documents map[string]any
	processed map[string]*ld.Context
	compact   map[string]*compactor // nil for a context that has none
}

// NewContexts returns the contexts that the program brings along.
func NewContexts() *Contexts {
	return &Contexts{documents: make(map[string]any), processed: make(map[string]*ld.Context), compact: make(map[string]*compactor)}
}

// Add makes the context in a JSON document known by an IRI. Contexts must not
// be added while documents are read that use the same IRI.
func (c *Contexts) Add(name string, document []byte) error {
	v, err := parseJSON(document, rdf.Limits{}.OrDefault())
	if err != nil {
		return err
	}
	if o, ok := v.(map[string]any); !ok || o["@context"] == nil {
		return fmt.Errorf("the document for %s has no @context", name)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.documents[name] = v
	clear(c.processed)
	clear(c.compact)
	return nil
}

// Known returns the IRIs of the known contexts, sorted.
func (c *Contexts) Known() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	known := slices.AppendSeq(slices.Collect(maps.Keys(c.documents)), maps.Keys(bundled))
	slices.Sort(known)
	return slices.Compact(known)
}

// document returns a known context's document. Those of the bundle are read when
// they are asked for.
func (c *Contexts) document(name string) (any, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if v, ok := c.documents[name]; ok {
		return v, true
	}
	file, ok := bundled[name]
	if !ok {
		return nil, false
	}
	data, err := contextFiles.ReadFile("contexts/" + file)
	if err != nil {
		panic(err) // a test reads them all
	}
	v, err := parseJSON(data, rdf.Limits{}.OrDefault())
	if err != nil {
		panic(err)
	}
	c.documents[name] = v
	return v, true
}

// loader gives json-gold the known contexts, and nothing else. It serves one
// document.
type loader struct {
	contexts *Contexts
	loads    int
}

// LoadDocument implements ld.DocumentLoader.
func (l *loader) LoadDocument(name string) (*ld.RemoteDocument, error) {
	if l.loads++; l.loads > maxLoads {
		return nil, ld.NewJsonLdError(ld.RecursiveContextInclusion, fmt.Sprintf("more than %d contexts included", maxLoads))
	}
	v, ok := l.contexts.document(name)
	if !ok {
		return nil, fmt.Errorf("contexts are not fetched, and <%s> is not among those known: %s", name, strings.Join(l.contexts.Known(), ", "))
	}
	return &ld.RemoteDocument{DocumentURL: name, Document: ld.CloneDocument(v)}, nil // json-gold changes it (@import)
}

// ready returns a context made ready for expansion and compaction, from memory
// if it may.
func (c *Contexts) ready(local any, options *ld.JsonLdOptions) (*ld.Context, error) {
	key := ""
	if options.Base == "" && c.independent(local) {
		text, err := json.Marshal(local)
		if err != nil {
			return nil, err
		}
		key = string(text)
		c.mu.Lock()
		known := c.processed[key]
		c.mu.Unlock()
		if known != nil {
			return known, nil
		}
	}
	active, err := ld.NewContext(nil, options).Parse(ld.CloneDocument(local))
	if err != nil || key == "" {
		return active, err
	}
	active.GetInverse() // which is otherwise made at first use: not safe for concurrent use
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.processed) >= maxProcessed {
		clear(c.processed)
	}
	c.processed[key] = active
	return active, nil
}

// compactor returns what compacts with a context, nil where that takes the
// general algorithm.
func (c *Contexts) compactor(local any) (*compactor, error) {
	key, named := local.(string)
	if !named {
		text, err := json.Marshal(local)
		if err != nil {
			return nil, err
		}
		key = string(text)
	}
	c.mu.Lock()
	known, found := c.compact[key]
	c.mu.Unlock()
	if found {
		return known, nil
	}
	made, err := c.newCompactor(local)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.compact) >= maxProcessed {
		clear(c.compact)
	}
	c.compact[key] = made
	return made, nil
}

func (c *Contexts) newCompactor(local any) (*compactor, error) {
	definitions, isObject := local.(object)
	if name, ok := local.(string); ok {
		document, _ := c.document(name)
		o, _ := document.(object)
		definitions, isObject = o["@context"].(object)
	}
	if !isObject || !selfContained(definitions) {
		return nil, nil
	}
	active, err := c.ready(local, c.options(""))
	if err != nil {
		return nil, err
	}
	return newCompactor(active, definitions)
}

// independent reports whether a context refers to no other that has to be looked
// up later, so that it can be used for other documents once it is processed.
// It may refer to known ones, but these to none.
func (c *Contexts) independent(local any) bool {
	switch local := local.(type) {
	case string:
		document, _ := c.document(local)
		o, ok := document.(object)
		return ok && selfContained(o["@context"])
	case []any:
		return !slices.ContainsFunc(local, func(v any) bool { return !c.independent(v) })
	}
	return selfContained(local)
}

func selfContained(local any) bool {
	switch local := local.(type) {
	case nil:
		return true
	case []any:
		return !slices.ContainsFunc(local, func(v any) bool { return !selfContained(v) })
	case object:
		for key, v := range local {
			if key == "@import" || key == "@propagate" || key == "@context" {
				return false
			}
			if definition, ok := v.(object); ok && definition["@context"] != nil {
				return false
			}
		}
		return true
	}
	return false
}
