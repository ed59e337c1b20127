// Package vocabulary serves the ontology itself: at Path its RDF in the syntax
// that the client asks for, or a page with every term, to which term IRIs lead
// (…/ontology/v1#Term is the element Term of the page).
//
// The page is made from the bundled ontology when a Handler is made; only the
// numbers of uses are read with each request, from the dataset's statistics.
// The syntaxes are written once, when they are first asked for. A Handler may be
// used from several goroutines. Things that are described with these terms are
// web/resource's.
//
// Conventions: "Best Practice Recipes for Publishing RDF Vocabularies" (W3C
// 2008), recipe 3 for hash namespaces; RFC 9110 §12 for negotiation.
package vocabulary
