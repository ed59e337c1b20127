// Package variants sends one of several representations of the same thing: the
// one that the path's ending names or the client's Accept prefers, with entity
// tag, links to the others, and 304 where the client has it.
//
// It is for documents about documents (versions, lineage, findings), which have
// a page and data formats of their own; the documents of things are
// web/resource's.
//
// Specifications: RFC 9110 §12 (negotiation), §13 (conditions), RFC 8288 (links).
package variants
