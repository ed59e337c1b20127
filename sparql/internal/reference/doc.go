// Package reference evaluates SPARQL by the letter of SPARQL 1.1 §18: a
// multiset is a slice of maps, a join compares every pair, a path follows the
// specification's functions. It is slow and right, and exists to be the oracle
// of the engine's tests.
//
// Expressions are computed with sparql/expr, as in the engine; what differs is
// everything between the algebra and the values.
package reference
