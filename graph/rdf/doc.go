// Package rdf holds the RDF 1.1 abstract syntax: terms, triples and quads.
//
// A Term is a small comparable value: it can be a map key, and == is term
// equality as RDF 1.1 Concepts §3.3 defines it for literals (lexical form,
// datatype and language tag, character by character). The zero Term stands for
// "no term"; in the graph position of a Quad it is the default graph.
//
// The package neither parses nor validates: the syntaxes do (graph/turtle,
// graph/ntriples, …), and graph/xsd gives literals their values.
//
// Specification: https://www.w3.org/TR/rdf11-concepts/
package rdf
