// Package resource answers for the things of the graph: a course IRI redirects
// to its document, and the document is sent as HTML or in an RDF syntax, as the
// client asks. It also resolves every other identifier of a course.
//
// A Document is assembled from one snapshot: the thing, its helper nodes to
// full depth, its offerings, and the labels of whatever it points to. Handlers
// are plain net/http; routes and middleware are web/server's.
//
// Conventions: "Cool URIs for the Semantic Web" (W3C 2008) §4.2, RFC 9110 §12
// for negotiation.
package resource
