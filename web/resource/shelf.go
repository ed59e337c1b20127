package resource

import (
	"strings"

	"qlgraph/graph/rdf"
)

// maxShelved bounds what is remembered between requests: the code lists have
// some thousand concepts, the reference graph some thousand institutions.
const maxShelved = 20_000

// maxShelvedQuads bounds the statements about one thing that is remembered.
const maxShelvedQuads = 500

// shelf remembers what is said about things that many documents point to:
// concepts, properties, institutions. What a source says is not among them:
// nearly each document has its own.
type shelf struct {
	sources string // what the names of source graphs begin with
	about   *current[rdf.Term, []rdf.Quad]
}

func newShelf(base string) *shelf {
	return &shelf{sources: base + "/graph/source/", about: newCurrent[rdf.Term, []rdf.Quad](maxShelved)}
}

func (s *shelf) get(version uint64, t rdf.Term) ([]rdf.Quad, bool) { return s.about.get(version, t) }

func (s *shelf) put(version uint64, t rdf.Term, quads []rdf.Quad) {
	if len(quads) == 0 || len(quads) > maxShelvedQuads {
		return
	}
	for _, q := range quads {
		if strings.HasPrefix(q.G.Value(), s.sources) {
			return
		}
	}
	s.about.put(version, t, quads)
}
