// Package plan chooses how a query is evaluated: it turns the algebra into a
// tree of physical operators, which sparql/exec runs.
//
// Build first rewrites the algebra by Rules, then plans each group of joined
// patterns: real counts from the snapshot order them (dynamic programming up to
// ten patterns, greedily beyond), and the same counts choose between seeking in
// an index and hashing. None is the set of rules that does nothing and joins in
// the order written; tests compare both.
//
// A plan is immutable and belongs to one snapshot, since constants are IDs in
// it. What is said of the order of rows is a hint: operators check.
package plan
