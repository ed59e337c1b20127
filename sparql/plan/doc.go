// Package plan chooses how a query is evaluated: it turns the algebra into a
// tree of physical operators, which sparql/exec runs.
//
// Build first evaluates what is constant and rewrites the algebra by Rules, then
// plans each group of joined patterns: counts of the snapshot and the cost of
// filters order them (dynamic programming up to ten patterns, halves joined with
// each other up to eight, greedily beyond), and the same counts choose between
// seeking in an index, hashing, and a leapfrog join of patterns that form a cycle.
// At the end columns that nobody looks at are dropped. None is the set of rules
// that does nothing and joins in the order written, Bold the one that does what is
// legal whether it gains or not; tests compare them all.
//
// A plan is immutable and belongs to one version of the data, since constants are
// IDs in it; it may run many times, also at once. What is said of the order of
// rows is a hint: operators check.
package plan
