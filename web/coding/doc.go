// Package coding compresses what the server sends (RFC 9110 §8.4): whole bodies
// by Compressor.Encode, and what any handler writes by Compressor.Handler.
//
// A representation in a coding is another one, so that a strong entity tag tells
// the coding: "abc" is "abc-gzip" compressed (§8.8.3.3). A Compressor is safe for
// concurrent use. SPARQL results are not its concern: they are streamed, and
// compressed where they are made.
package coding
