// Package diff tells how two descriptions of a thing differ: property by
// property for people (Descriptions), triple by triple for programs (Patch).
//
// A description is a set of triples about a thing and the nodes that exist only
// to describe it. Such nodes have names made from their content, so that one
// whose text changes is another node; Descriptions looks through them and
// compares values by the path of properties that leads to them.
//
// Triples are compared as rdf.Term compares terms; blank nodes count as the same
// if they are labelled the same. Nothing here does input or output beyond the
// writer of Patch.
//
// Format of patches: https://afs.github.io/rdf-delta/rdf-patch.html
package diff
