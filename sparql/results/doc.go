// Package results reads and writes the four SPARQL result formats, and writes a
// table for people.
//
//   - Format names a format; FormatOf finds it by media type or short name.
//   - Encoder writes solutions one by one with a buffer of its own; WriteBoolean
//     writes the answer to an ASK.
//   - Decode reads any of the formats as a stream of rows.
//   - Table lays out a terminal's view.
//
// Writers end a document in Close only: an Encoder that is given up leaves a
// JSON or XML document that does not parse, never a short valid one. CSV and
// TSV have no end; what carries them must show the break.
//
// Every character of a term is escaped as its format wants; nothing in the data
// can end a field or an element. CSV keeps cells that a spreadsheet would take
// for a formula as they are, because the specification does.
//
// Readers hold one row at a time. They do not bound the length of a row: whoever
// hands in a document from outside bounds the document.
//
// Specifications: https://www.w3.org/TR/sparql11-results-json/,
// https://www.w3.org/TR/rdf-sparql-XMLres/ and
// https://www.w3.org/TR/sparql11-results-csv-tsv/
package results
