// Package rdfxml reads and writes RDF/XML.
//
// A Decoder turns a document into triples, one by one. It brings its own XML
// tokenizer (scan.go), since RDF/XML needs three things at once that the
// standard library's does not give: speed, exact XML literals (exclusive
// canonicalisation, literal.go), and entities that cannot be made a bomb of
// (doctype.go). Memory follows the longest text and the nesting of elements,
// not the length of the document.
//
// An Encoder writes triples grouped by subject, so that readers of any make
// take them (encode.go).
//
// A Decoder does not validate against a DTD, follows no external reference of
// any kind, and reads XML 1.0 with namespaces only. Blank nodes keep their
// rdf:nodeID as label: who loads several documents gives each its own
// Options.LabelPrefix. Decoders and Encoders belong to one goroutine; terms
// share no memory with the input.
//
// Specifications: https://www.w3.org/TR/rdf-syntax-grammar/,
// https://www.w3.org/TR/xml/, https://www.w3.org/TR/xml-names/,
// https://www.w3.org/TR/xml-exc-c14n/
package rdfxml
