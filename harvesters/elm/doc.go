// Package elm reads and lifts learning-opportunity files of the European
// Learning Model: Turtle, RDF/XML, JSON-LD, and the other RDF syntaxes.
//
// The Reader takes a file apart into a record per entry point (a specification,
// an instance, an organisation) with the helper nodes that belong to it, as
// sorted N-Triples in which a blank node is labelled by its content: a subject
// that did not change is the same record, wherever it stands in the file and
// however the file is written.
//
// The Lifter passes a record on, in the names of ELM 3.3, with what the format's
// own providers get wrong repaired and reported, and with the identifiers and
// the publisher that every course has. The provider's IRIs stay.
//
// The rules are in the table Rules; docs/mapping/elm.md is made from it.
//
// Specification: https://europa.eu/europass/elm-browser/
package elm
