// Package rdfio knows the RDF syntaxes by name, media type and file ending, and
// opens a Decoder or an Encoder for each. The command line and the server both
// go through it, so they agree on what each is called.
//
// The syntaxes themselves are in graph/turtle, graph/ntriples, graph/rdfxml and
// graph/jsonld; use these directly where the syntax is known beforehand.
package rdfio
