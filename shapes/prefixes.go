package shapes

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"qlgraph/graph/rdf"
)

// prefixes shortens IRIs for people; the longest namespace that fits wins.
type prefixes []prefix

type prefix struct{ name, namespace string }

// newPrefixes adds the given prefixes, as prefix → namespace, to SHACL's own
// and XSD's.
func newPrefixes(given map[string]string) prefixes {
	all := map[string]string{"sh": sh, "xsd": rdf.XSD, "rdf": rdf.RDF}
	maps.Copy(all, given)
	var p prefixes
	for name, namespace := range all {
		p = append(p, prefix{name, namespace})
	}
	slices.SortFunc(p, func(a, b prefix) int {
		return cmp.Or(len(b.namespace)-len(a.namespace), strings.Compare(a.name, b.name))
	})
	return p
}

// shorten returns t as Turtle would write it: a prefixed name where a prefix
// fits and the rest is a simple name, N-Triples syntax otherwise.
func (p prefixes) shorten(t rdf.Term) string {
	if d := t.Datatype(); d != "" && d != rdf.XSDString && d != rdf.RDFLangString {
		return rdf.Literal(t.Value()).String() + "^^" + p.shorten(rdf.IRI(d))
	}
	if !t.IsIRI() {
		return t.String()
	}
	for _, x := range p {
		if rest, ok := strings.CutPrefix(t.Value(), x.namespace); ok && rest != "" && !strings.ContainsAny(rest, "/#?:%()") {
			return x.name + ":" + rest
		}
	}
	return t.String()
}
