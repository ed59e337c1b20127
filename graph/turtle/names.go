package turtle

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strings"

	"qlgraph/graph/internal/lex"
)

// names abbreviates IRIs by prefixes.
type names struct {
	prefixes []prefix // the longest namespace first
	recent   []split  // the last IRI that hashed to each slot
	seed     maphash.Seed
}

type prefix struct{ name, namespace string }

// split is what is known of an IRI: the index of its prefix, or -1.
type split struct {
	iri    string
	prefix int
}

// recentIRIs is the number of IRIs whose split is remembered; predicates,
// classes and datatypes of a vocabulary fit.
const recentIRIs = 1024

func newNames(prefixes map[string]string) *names {
	n := &names{seed: maphash.MakeSeed()}
	for name, ns := range prefixes {
		if ns != "" && lex.IsPrefix(name) {
			n.prefixes = append(n.prefixes, prefix{name: name, namespace: ns})
		}
	}
	slices.SortFunc(n.prefixes, func(a, b prefix) int {
		return cmp.Or(cmp.Compare(len(b.namespace), len(a.namespace)), strings.Compare(a.name, b.name))
	})
	return n
}

// appendIRI appends iri as a prefixed name, where there is one without escapes,
// or as an IRIREF.
func (n *names) appendIRI(b []byte, iri string) []byte {
	return n.appendName(b, iri, n.prefixOf(iri))
}

// appendName is appendIRI for an IRI whose prefix is known.
func (n *names) appendName(b []byte, iri string, prefix int) []byte {
	if prefix < 0 {
		return appendIRIRef(b, iri)
	}
	p := &n.prefixes[prefix]
	b = append(append(b, p.name...), ':')
	return append(b, iri[len(p.namespace):]...)
}

// prefixOf returns the index of the prefix that abbreviates iri, or -1.
func (n *names) prefixOf(iri string) int {
	if n.recent == nil {
		n.recent = make([]split, recentIRIs)
	}
	slot := &n.recent[maphash.String(n.seed, iri)%recentIRIs]
	if slot.iri == iri {
		return slot.prefix
	}
	*slot = split{iri, n.search(iri)}
	return slot.prefix
}

func (n *names) search(iri string) int {
	for i := range n.prefixes {
		local, ok := strings.CutPrefix(iri, n.prefixes[i].namespace)
		if ok && lex.IsLocal(local) {
			return i
		}
	}
	return -1
}

// appendPrefixes appends the declarations, of all prefixes or, unless it is nil,
// of those used, sorted by prefix, with an empty line behind.
func (n *names) appendPrefixes(b []byte, used []bool) []byte {
	sorted := make([]int, len(n.prefixes))
	for i := range sorted {
		sorted[i] = i
	}
	slices.SortFunc(sorted, func(i, j int) int { return strings.Compare(n.prefixes[i].name, n.prefixes[j].name) })
	start := len(b)
	for _, i := range sorted {
		if p := n.prefixes[i]; used == nil || used[i] {
			b = append(append(append(b, "@prefix "...), p.name...), ": "...)
			b = append(appendIRIRef(b, p.namespace), " .\n"...)
		}
	}
	if len(b) > start {
		b = append(b, '\n')
	}
	return b
}
