// Package exec runs a plan: vectorized operators that pull batches of IDs from
// each other.
//
// A batch has up to 1,024 rows and a column of IDs per variable of its
// operator; the zero ID is "unbound". Terms are decoded last, at the result's
// edge, or where an expression needs more than the ID says. Terms that the
// query computes and the dataset does not hold live in the query's own table
// under IDs of the kind graph.IDLocal.
//
// Every operator checks the query's context and charges what it holds to one
// accountant, so that a query stops within its Limits wherever it spends its
// time. A batch is valid until the next call of the operator that returned it.
//
// An operator belongs to one goroutine.
package exec
