// Package expr computes the expressions of SPARQL 1.1 §17: operators, functions
// and casts on values, and the accumulators of the aggregates of §11.
//
//   - Value is a term, a computed XSD value, or an error. A type error is such a
//     Value, never a Go error: COALESCE, || and && give it a meaning.
//   - Function is an implementation with the name by which a query calls it;
//     Builtin and ByIRI find it.
//   - Env is what a query brings with it: its clock, its randomness, its limits
//     and the patterns that it compiled.
//   - Accumulator folds the values of a group.
//
// The package evaluates values, not trees: variables, EXISTS and the laziness
// of IF, COALESCE, || and && are the engine's.
//
// Values and Functions are immutable. An Env belongs to one goroutine.
//
// What goes beyond the specification: order and equality of dates, times and
// durations, arithmetic on them, equality (false instead of an error) of
// literals whose datatypes are known and have no value in common, casts to all
// types of graph/xsd. §17.3.1 allows it, as these are errors otherwise.
//
// Specification: https://www.w3.org/TR/sparql11-query/#expressions
package expr
