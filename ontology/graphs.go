package ontology

import (
	"bytes"
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"qlgraph/graph/rdf"
	"qlgraph/graph/turtle"
)

// Turtle files bundled with the program. They are what the project knows
// beforehand; nothing is fetched.
//
//go:embed qualitylink.ttl profile.ttl elm.ttl codelists/*.ttl
var files embed.FS

// Ontology IRIs of the bundled graphs, as owl:imports names them.
const (
	qualityLinkOntology = QL
	elmOntology         = ELM
	elmOntologyBare     = "http://data.europa.eu/snb/model/ontology"
)

// QualityLinkGraph returns the QualityLink ontology without its shapes. Graphs
// are shared: callers must not change them.
func QualityLinkGraph() []rdf.Quad { return qualityLinkGraph() }

// ProfileGraph returns the shapes of the QualityLink application profile.
func ProfileGraph() []rdf.Quad { return profileGraph() }

// ELMGraph returns the part of the European Learning Model in use, with what
// it needs of other vocabularies.
func ELMGraph() []rdf.Quad { return elmGraph() }

// Graph returns what the named graph {base}/graph/ontology holds: the
// QualityLink ontology with its shapes, and ELM.
func Graph() []rdf.Quad { return ontologyGraph() }

// VocabularyGraph returns what the named graph {base}/graph/vocabulary holds:
// the code lists as SKOS concepts.
func VocabularyGraph() []rdf.Quad { return vocabularyGraph() }

var (
	qualityLinkGraph = sync.OnceValue(func() []rdf.Quad { return parse("qualitylink.ttl") })
	profileGraph     = sync.OnceValue(func() []rdf.Quad { return parse("profile.ttl") })
	elmGraph         = sync.OnceValue(func() []rdf.Quad { return parse("elm.ttl") })
	ontologyGraph    = sync.OnceValue(func() []rdf.Quad {
		return slices.Concat(QualityLinkGraph(), ProfileGraph(), ELMGraph())
	})
	vocabularyGraph = sync.OnceValue(func() []rdf.Quad {
		entries, err := files.ReadDir("codelists")
		if err != nil {
			panic(err) // the directory is embedded
		}
		var quads []rdf.Quad
		for _, e := range entries {
			quads = append(quads, parse("codelists/"+e.Name())...)
		}
		return quads
	})
)

// parse reads a bundled file. That it is well-formed is tested, so an error is
// a defect of the program.
func parse(name string) []rdf.Quad {
	text, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	var quads []rdf.Quad
	decoder := turtle.NewDecoder(bytes.NewReader(text), turtle.Options{LabelPrefix: strings.TrimSuffix(path.Base(name), ".ttl") + "-"})
	for q, err := range decoder.All() {
		if err != nil {
			panic(fmt.Errorf("%s: %w", name, err))
		}
		quads = append(quads, q)
	}
	return quads
}

// Import returns the bundled graph that an owl:imports of a shapes graph
// names, and false where the program bundles none of that name.
func Import(iri string) ([]rdf.Quad, bool) {
	switch iri {
	case qualityLinkOntology:
		return Graph(), true
	case elmOntology, elmOntologyBare, ELM32:
		return ELMGraph(), true
	}
	return nil, false
}
