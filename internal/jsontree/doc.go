// Package jsontree reads JSON (RFC 8259) into a compact tree of offsets into
// the text, for programs that look at a few hundred values of a document once,
// in an order of their own, and want to say afterwards where each came from and
// which they never looked at.
//
// A Doc owns the tree; a Value is a place in it, and the zero Value is "not
// there", from which every accessor answers with its zero value, so that a path
// of Gets needs no checks. Strings are decoded when asked for; one without
// escapes shares the document's memory.
//
// Elements reads a long array element by element, and the good ones of a text
// that breaks off; Scan does the same with a text that is larger than memory.
//
// The package does not write JSON and does not bind it to Go types. A Doc
// belongs to one goroutine; its Values die with the next Parse.
package jsontree
