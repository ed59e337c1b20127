package store

import (
	"bytes"
	"slices"
	"sync"

	"qlgraph/graph"
)

// hotTerms are the predicates, graphs and classes of a load. They get the
// smallest numbers, because most quads name some of them.
type hotTerms struct {
	mu    sync.Mutex
	roles map[string]termRole // by IRI
}

// maxHot bounds the table: graphs can be as many as courses.
const maxHot = 1 << 16

func (h *hotTerms) add(t spooledTerm, role termRole) {
	if t.kind != graph.IDIRI {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.roles == nil {
		h.roles = map[string]termRole{}
	}
	if old, ok := h.roles[t.text]; ok {
		if old|role != old {
			h.roles[t.text] = old | role
		}
	} else if len(h.roles) < maxHot {
		h.roles[string(bytes.Clone([]byte(t.text)))] = role
	}
}

// sorted returns the terms, predicates first.
func (h *hotTerms) sorted() []string {
	var out []string
	for _, want := range []termRole{rolePredicate, roleClass, roleGraph} {
		start := len(out)
		for text, role := range h.roles {
			if role&-role == want || want == roleClass && role&(rolePredicate|roleClass) == roleClass || want == roleGraph && role == roleGraph {
				out = append(out, text)
			}
		}
		slices.Sort(out[start:])
		out = slices.Compact(out)
	}
	return out
}
