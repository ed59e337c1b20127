// Package syntax reads and prints SPARQL 1.1 Query and Update as they are
// written: a tree with positions, prefixed names and abbreviations kept.
//
// ParseQuery and ParseUpdate build the tree by recursive descent, one function
// per production of the grammar (SPARQL 1.1 §19.8), which the comment above it
// quotes with its number. String prints a tree; parsing what was printed gives
// the same tree.
//
// The package checks what the notes of §19 ask for and can be seen in the text
// (scopes of AS and BIND, blank node labels, aggregates), but neither resolves
// IRIs nor expands abbreviations: sparql/algebra does. A tree is not changed
// after parsing and may be shared.
package syntax
