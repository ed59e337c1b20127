package rdfxml

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"qlgraph/graph/rdf"
)

const (
	// maxRootNamespaces is how many namespaces the root declares: more would
	// hide the data, and might exceed what a reader takes.
	maxRootNamespaces = 100
	// maxNames is how many names an Encoder remembers. It forgets all of them
	// when they are more, so that memory does not follow the data.
	maxNames = 1 << 14
)

// qualified is an IRI as the name of an element.
type qualified struct {
	prefix, local, space string
	atRoot               bool // the root declares the prefix
}

// names splits IRIs into names.
type names struct {
	table  []binding // by length of the namespace, long ones first
	taken  map[string]bool
	known  map[string]qualified // by IRI; an empty local name for those that are none
	made   map[string]string    // namespace → prefix made up for it
	count  int                  // of prefixes made up
	atRoot map[string]bool      // prefixes; nil before the root is written
}

func newNames(prefixes map[string]string) names {
	n := names{taken: map[string]bool{"xml": true, "xmlns": true, "rdf": true}, known: make(map[string]qualified), made: make(map[string]string)}
	n.table = append(n.table, binding{"rdf", rdf.RDF})
	for prefix, space := range prefixes {
		if !isNCName(prefix) || strings.HasPrefix(strings.ToLower(prefix), "xml") || prefix == "rdf" || space == "" || unbindable(space) {
			continue
		}
		n.table = append(n.table, binding{prefix, space})
		n.taken[prefix] = true
	}
	slices.SortFunc(n.table, func(a, b binding) int {
		return cmp.Or(cmp.Compare(len(b.uri), len(a.uri)), cmp.Compare(a.prefix, b.prefix))
	})
	return n
}

// unbindable reports whether no prefix of ours may be bound to the namespace.
func unbindable(space string) bool { return space == xmlNamespace || space == xmlnsNamespace }

// of returns the name for an IRI, and false if there is none.
func (n *names) of(iri string) (qualified, bool) {
	q, ok := n.known[iri]
	if !ok {
		if len(n.known) >= maxNames {
			clear(n.known)
			clear(n.made)
		}
		q = n.split(iri)
		q.atRoot = n.atRoot[q.prefix]
		n.known[iri] = q
	}
	return q, q.local != ""
}

// split divides an IRI between a namespace of the table and a local name, or
// before the longest local name there can be.
func (n *names) split(iri string) qualified {
	for _, b := range n.table {
		if local, ok := strings.CutPrefix(iri, b.uri); ok && isNCName(local) && !reserved(b.uri, local) {
			return qualified{prefix: b.prefix, local: local, space: b.uri}
		}
	}
	at := len(iri)
	for i := len(iri); i > 0; {
		r, size := utf8.DecodeLastRuneInString(iri[:i])
		if classOf(r)&nameChar == 0 || r == utf8.RuneError && size == 1 {
			break
		}
		i -= size
		if classOf(r)&nameStart != 0 && i > 0 && !unbindable(iri[:i]) && !reserved(iri[:i], iri[i:]) {
			at = i
		}
	}
	if at == len(iri) {
		return qualified{}
	}
	space := iri[:at]
	prefix, ok := n.made[space]
	if !ok {
		prefix = n.invent()
		n.made[space] = prefix
	}
	return qualified{prefix: prefix, local: iri[at:], space: space}
}

// reserved reports whether a name means something of its own to a reader
// (RDF/XML §7.2.2 to §7.2.4). Its IRI must be split elsewhere.
func reserved(space, local string) bool {
	if space != rdf.RDF {
		return false
	}
	switch local {
	case "RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "Description", "li", "aboutEach", "aboutEachPrefix", "bagID":
		return true
	}
	return false
}

func (n *names) invent() string {
	for {
		n.count++
		if prefix := "ns" + strconv.Itoa(n.count); !n.taken[prefix] {
			return prefix
		}
	}
}

// declare fixes which namespaces the root declares and returns them, sorted by
// prefix: those used so far, and if more is to come the whole table.
func (n *names) declare(only bool) []binding {
	n.renumber()
	used := make(map[binding]bool)
	for _, q := range n.known {
		if q.local != "" {
			used[binding{q.prefix, q.space}] = true
		}
	}
	if !only {
		for _, b := range n.table {
			used[b] = true
		}
	}
	rdfItself := binding{"rdf", rdf.RDF}
	delete(used, rdfItself)
	list := slices.SortedFunc(maps.Keys(used), func(a, b binding) int {
		return cmp.Or(cmp.Compare(len(a.prefix), len(b.prefix)), cmp.Compare(a.prefix, b.prefix))
	})
	list = append(list[:min(len(list), maxRootNamespaces-1)], rdfItself)
	slices.SortFunc(list, func(a, b binding) int { return cmp.Compare(a.prefix, b.prefix) })
	n.atRoot = make(map[string]bool)
	for _, b := range list {
		n.atRoot[b.prefix] = true
	}
	for iri, q := range n.known {
		q.atRoot = n.atRoot[q.prefix]
		n.known[iri] = q
	}
	return list
}

// renumber makes the prefixes up anew in the order of their namespaces, so that
// they do not depend on the order in which the triples came.
func (n *names) renumber() {
	n.count = 0
	for _, space := range slices.Sorted(maps.Keys(n.made)) {
		n.made[space] = n.invent()
	}
	for iri, q := range n.known {
		if prefix, ok := n.made[q.space]; ok {
			q.prefix = prefix
			n.known[iri] = q
		}
	}
}
