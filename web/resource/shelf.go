package resource

import (
	"strings"
	"sync"

	"qlgraph/graph/rdf"
)

// maxShelved bounds what is remembered between requests: the code lists have
// some thousand concepts, the reference graph some thousand institutions.
const maxShelved = 20_000

// maxShelvedQuads bounds the statements about one thing that is remembered.
const maxShelvedQuads = 500

// shelf remembers, for one version of the dataset, what is said about things
// that many documents point to: concepts, properties, institutions. What a
// source says is not among them: nearly each document has its own. It is safe
// for concurrent use.
type shelf struct {
	sources string // what the names of source graphs begin with

	mu      sync.RWMutex
	version uint64
	about   map[rdf.Term][]rdf.Quad
}

func newShelf(base string) *shelf {
	return &shelf{sources: base + "/graph/source/", about: map[rdf.Term][]rdf.Quad{}}
}

func (s *shelf) get(version uint64, t rdf.Term) ([]rdf.Quad, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if version != s.version {
		return nil, false
	}
	quads, known := s.about[t]
	return quads, known
}

func (s *shelf) put(version uint64, t rdf.Term, quads []rdf.Quad) {
	if len(quads) == 0 || len(quads) > maxShelvedQuads {
		return
	}
	for _, q := range quads {
		if strings.HasPrefix(q.G.Value(), s.sources) {
			return
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if version < s.version {
		return
	}
	if version > s.version || len(s.about) >= maxShelved {
		s.version = version
		clear(s.about)
	}
	s.about[t] = quads
}
