// Package canon tells whether two RDF datasets are the same but for the labels
// of their blank nodes (Isomorphic), and gives a dataset labels, and so a
// serialisation, that depend on nothing but its content (Canonicalize).
//
// Both problems are as hard as graph isomorphism. Datasets from real life take
// time that is nearly linear in their size; those made to be hard ("poison
// graphs") run into Limits.MaxWork and end in a *LimitError.
//
// Terms are compared as rdf.Term compares them: literals character by
// character, language tags included. Datasets are sets: a quad that occurs
// twice counts once. The functions keep no reference to their arguments and may
// run concurrently.
//
// Specifications: RDF 1.1 Concepts §3.6 and §4.1 (isomorphism,
// https://www.w3.org/TR/rdf11-concepts/#graph-isomorphism), RDF Dataset
// Canonicalization RDFC-1.0 (https://www.w3.org/TR/rdf-canon/).
package canon
