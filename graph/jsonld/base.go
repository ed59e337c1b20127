package jsonld

import (
	"maps"

	"qlgraph/graph/iri"
)

// json-gold resolves relative IRIs by rules of its own, which differ from those
// of RFC 3986 for dot segments, empty segments and bases without authority. As
// long as only the context at the document's top says what the base is, it is
// given no base, and relative IRIs are resolved when quads are made (quads.go).
// That also makes processed contexts independent of the base.

// takeBase removes @base from a local context that stands at a document's top
// and returns it with the base that it sets. It reports false for what only
// json-gold's error messages do justice.
func takeBase(local any, base, documentBase string) (stripped any, newBase string, ok bool) {
	switch local := local.(type) {
	case nil:
		return nil, documentBase, true
	case string:
		return iri.Resolve(documentBase, local), base, true
	case []any:
		list := make([]any, len(local))
		for i, v := range local {
			if list[i], base, ok = takeBase(v, base, documentBase); !ok {
				return nil, "", false
			}
		}
		return list, base, true
	case object:
		v, found := local["@base"]
		if !found {
			return local, base, true
		}
		local = maps.Clone(local)
		delete(local, "@base")
		if v == nil {
			return local, "", true
		}
		newBase, isIRI := v.(string)
		if iri.SchemeLen(newBase) == 0 {
			newBase = iri.Resolve(base, newBase)
		}
		return local, newBase, isIRI && iri.SchemeLen(newBase) > 0
	}
	return nil, "", false
}
