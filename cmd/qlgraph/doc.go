// Command qlgraph finds, harvests, lifts, validates, stores and serves course
// data as one RDF graph.
//
// The package is the only place where everything is wired together, and the
// only one that reads the environment: each command is a struct whose fields
// are its flags, in a file of its own, and gets the rest as arguments. See
// `qlgraph --help` and, for the contract, docs/.
package main
