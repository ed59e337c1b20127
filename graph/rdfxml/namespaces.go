package rdfxml

import (
	"fmt"

	"qlgraph/graph/rdf"
)

const (
	xmlNamespace   = "http://www.w3.org/XML/1998/namespace"
	xmlnsNamespace = "http://www.w3.org/2000/xmlns/"
)

// binding is a namespace with the prefix it is bound to.
type binding struct {
	prefix, uri string
}

// namespaces holds the bindings in scope, inner ones behind outer ones
// (Namespaces in XML §6). Few are in scope at a time, so that comparing their
// prefixes one by one is faster than a map.
type namespaces struct {
	bindings []*binding
	marks    []int // how many bindings were in scope outside each open element
	known    map[binding]*binding
}

func newNamespaces() namespaces {
	return namespaces{
		bindings: []*binding{{"xml", xmlNamespace}},
		known:    make(map[binding]*binding),
	}
}

// lookup returns the binding of a prefix, or nil. For the empty prefix it
// returns nil where no default namespace is in scope.
func (n *namespaces) lookup(prefix []byte) *binding {
	for i := len(n.bindings) - 1; i >= 0; i-- {
		if b := n.bindings[i]; b.prefix == string(prefix) {
			if b.uri == "" {
				return nil
			}
			return b
		}
	}
	return nil
}

func (n *namespaces) leave() {
	last := len(n.marks) - 1
	n.bindings = n.bindings[:n.marks[last]]
	n.marks = n.marks[:last]
}

// bind adds a binding. Documents that declare the same namespaces on each
// element share the strings.
func (n *namespaces) bind(prefix, uri []byte) {
	b, ok := n.known[binding{string(prefix), string(uri)}]
	if !ok {
		b = &binding{string(prefix), string(uri)}
		if len(n.known) < maxNamespaces {
			n.known[*b] = b
		}
	}
	n.bindings = append(n.bindings, b)
}

// enterScope takes the namespace declarations of the start tag just read into
// scope and resolves the names of its other attributes, which remain in
// s.attrs (Namespaces in XML §3, §5, §6).
func (s *scanner) enterScope(n *namespaces) {
	n.marks = append(n.marks, len(n.bindings))
	rest := s.attrs[:0]
	for _, a := range s.attrs {
		switch {
		case a.prefix == nil && string(a.local) == "xmlns":
			s.declare(n, nil, a)
		case string(a.prefix) == "xmlns":
			s.declare(n, a.local, a)
		default:
			rest = append(rest, a)
		}
	}
	s.attrs = rest
	for i := range s.attrs {
		a := &s.attrs[i]
		if a.prefix != nil {
			if a.space = n.lookup(a.prefix); a.space == nil {
				s.fail(a.at, fmt.Sprintf("prefix %s: is not declared", a.prefix))
			}
		}
		for _, other := range s.attrs[:i] {
			if string(a.local) == string(other.local) && a.namespace() == other.namespace() {
				s.fail(a.at, fmt.Sprintf("attribute %s stands twice", a.local))
			}
		}
	}
}

func (s *scanner) declare(n *namespaces, prefix []byte, a attribute) {
	uri := a.value
	switch {
	case string(prefix) == "xmlns" || string(uri) == xmlnsNamespace:
		s.fail(a.at, "the prefix xmlns: must not be declared")
	case (string(prefix) == "xml") != (string(uri) == xmlNamespace):
		s.fail(a.at, "the prefix xml: must not be declared otherwise than it is")
	case len(uri) == 0 && prefix != nil:
		s.fail(a.at, "expected a namespace for the prefix")
	case len(n.bindings) >= min(maxNamespaces, s.limits.Prefixes):
		s.fail(a.at, fmt.Sprintf("more namespaces in scope than the limit of %d", min(maxNamespaces, s.limits.Prefixes)))
	case len(uri) > s.limits.IRI:
		s.fail(a.at, fmt.Sprintf("IRI longer than the limit of %d bytes", s.limits.IRI))
	}
	n.bind(prefix, uri)
}

// namespace returns the IRI of the attribute's namespace, or "".
func (a *attribute) namespace() string {
	if a.space == nil {
		return ""
	}
	return a.space.uri
}

// isRDF reports whether the attribute belongs to RDF's own namespace.
func (a *attribute) isRDF() bool { return a.space != nil && a.space.uri == rdf.RDF }
