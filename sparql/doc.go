// Package sparql evaluates SPARQL 1.1 queries and updates over a graph.Dataset.
//
// An Engine belongs to one dataset. Parse turns text into a Query, which can be
// kept and used again and from several goroutines; Query evaluates it on one
// snapshot and returns a Result that streams; Update applies an update request
// in one write transaction.
//
// Beneath it three trees follow each other, none of which changes the one
// before: sparql/syntax (as written, with positions), sparql/algebra (the
// operators of SPARQL 1.1 §18) and sparql/plan (the physical choice), which
// sparql/exec runs in batches of IDs.
//
// The package sees storage through the graph contract only and opens no
// network connection: SERVICE and LOAD go through what Options hands in.
//
// Specifications: https://www.w3.org/TR/sparql11-query/ and
// https://www.w3.org/TR/sparql11-update/
package sparql
