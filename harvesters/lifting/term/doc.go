// Package term holds the classes, properties and individuals that lifted
// statements are made of, as RDF terms. Nothing changes them. Those of the two
// ontologies come from the constants generated from them: a term that is not in
// the ontology does not compile.
package term
