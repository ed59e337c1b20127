// Package xsd gives RDF literals their values: the lexical-to-value mapping of
// the XML Schema datatypes that RDF and SPARQL use, their canonical forms,
// order and arithmetic.
//
// The nouns are two: Type names a datatype, Value is a value of one of them. A
// Value is small, immutable and allocates nothing unless its number has more
// than 18 digits.
//
// What may fail in SPARQL's sense (a type error: wrong operand types, overflow,
// division by zero, an indeterminate timezone) is reported by a second result
// that is false or by the Order Incomparable, never by a Go error. The package
// does not know terms, language tags or SPARQL; sparql/expr does.
//
// Parsing is strict: white space around a number is not in its lexical space.
// Implementation limits, which XSD 1.1 Part 2 §5.4 leaves open, are the
// constants MaxDigits, MaxYear and MaxFractionDigits.
//
// Specification: https://www.w3.org/TR/xmlschema11-2/
// Operators: https://www.w3.org/TR/xpath-functions/
package xsd
