// Package shapes validates RDF data against SHACL shapes: SHACL Core and
// SHACL-SPARQL. Shapes are compiled once and validate any number of datasets.
//
// The nouns:
//
//   - Shapes is a compiled shapes graph. Compile reports every ill-formed shape
//     with the node and the rule broken.
//   - Report is the outcome of a validation: a slice of Results, and beside
//     them what was looked at, since a shape that had no focus node has not
//     been tested. It can be written as the standard's RDF graph, as JSON, and
//     as text for people.
//   - Path is a property path.
//
// Data come through the graph contract alone. A validation reads a view (the
// graphs whose statements count: the data with their vocabularies and
// ontologies) and takes its focus nodes from a part of it (the data), so that
// sh:class and subclasses work without vocabularies being validated too.
//
// The package does not know the QualityLink profile (shapes/profile does), does
// not infer anything beyond rdfs:subClassOf in class tests, and fetches nothing:
// owl:imports is resolved by the caller's function.
//
// A Shapes may be used from several goroutines; one validation uses several
// itself. A Report belongs to its caller.
//
// Specification: https://www.w3.org/TR/shacl/
package shapes
