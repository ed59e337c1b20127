// Package w3ctest runs the W3C test suites against a reader, an engine or a
// validator.
//
// Load reads a manifest and those it includes into Entries. A Suite pins how
// many entries there are and how many of them pass, and lists those that may
// not, each with its reason; a listed entry that passes fails the suite, so that
// the list cannot outlive its reasons.
//
// The suites are not part of the repository: package external tells where they
// are. Their directory holds rdf/ and sparql/ as in w3c/rdf-tests, shacl/ as in
// w3c/data-shapes and json-ld/ as in w3c/json-ld-api.
package w3ctest
