// Package turtle reads and writes Turtle and TriG.
//
// A Decoder turns a document into quads, one by one. It keeps the open
// structures on a stack of its own instead of the call stack, so that it can
// stop at each quad, and memory follows the nesting and not the length of the
// document. An Encoder writes quads in a form that people like to read.
//
// Blank nodes without a label get the labels g1, g2, …; a label in the document
// that looks like one of those gets an underscore appended, so that the two
// never meet. Who loads several documents gives each its own label prefix.
// Decoders and Encoders belong to one goroutine; the terms they return share no
// memory with the input.
//
// Specifications: https://www.w3.org/TR/turtle/, https://www.w3.org/TR/trig/
package turtle
