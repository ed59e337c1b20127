// Package iri splits, resolves and checks IRIs.
//
// A Ref is an IRI reference split into the five components of RFC 3986 §3. A
// Ref with a scheme can serve as base for Resolve (RFC 3986 §5.2). Check tells
// whether a string is an absolute IRI by the grammar of RFC 3987 §2.2.
//
// The package does not normalise (no case folding, no percent-decoding): RDF
// compares IRIs character by character (RDF 1.1 Concepts §3.2). All functions
// are pure and safe for concurrent use.
//
// Specifications: https://www.rfc-editor.org/rfc/rfc3986,
// https://www.rfc-editor.org/rfc/rfc3987
package iri
