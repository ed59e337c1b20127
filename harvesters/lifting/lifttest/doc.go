// Package lifttest is the suite that every lifter passes.
//
// A fixture is a txtar archive: payload.json (or another ending) as a source
// would send it, expected.ttl, and where there are any, findings and unmapped.
// Helper nodes are blank in the expected Turtle, which is compared as a graph
// up to isomorphism. "go test -update" writes the expectations.
//
// Besides, each fixture is held to what is true of all lifting: each statement
// names a rule of the format and a place that exists in the record; lifting
// again, or with the members and attachments in another order, gives the same
// statements; the statements are valid RDF.
package lifttest
