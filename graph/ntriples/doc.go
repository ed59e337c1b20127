// Package ntriples reads and writes N-Triples and N-Quads.
//
// A Decoder turns a document into quads, one by one, with memory that does not
// depend on the document's length. An Encoder writes quads in the canonical
// form of N-Triples §4. In lenient mode a Decoder skips bad lines and reports
// them, for bulk loads.
//
// Blank node labels are kept as they are written: who loads several documents
// gives each its own label prefix. Decoders and Encoders belong to one
// goroutine; the terms they return share no memory with the input.
//
// Specifications: https://www.w3.org/TR/n-triples/,
// https://www.w3.org/TR/n-quads/
package ntriples
