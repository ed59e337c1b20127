// Package jsonld reads and writes JSON-LD 1.1, with json-gold for expansion,
// compaction and framing.
//
// A Decoder reads a whole document into memory (Options.MaxBytes), since JSON
// gives no order to rely on, and turns what json-gold expands into quads. An
// Encoder gathers quads and writes them at Close, in one of four Forms.
//
// Contexts are the only documents that may be referred to by IRI, and only
// those are known that the program brings along or was given: nothing is ever
// fetched. A Contexts remembers what it has processed, since making a context
// ready costs several times as much as reading a small document that uses it:
// share one between Decoders, and give Decoders of many small documents with
// one context the same Contexts. It is safe for concurrent use; Decoders and
// Encoders belong to one goroutine.
//
// The conversion between expanded JSON-LD and quads is the package's own
// (quads.go, expanded.go): json-gold's takes time that is quadratic in the
// number of values of a property, and lacks base directions and JSON literals.
//
// Specifications: https://www.w3.org/TR/json-ld11/,
// https://www.w3.org/TR/json-ld11-api/, https://www.w3.org/TR/json-ld11-framing/
package jsonld
