// Package lex holds the terminals that N-Triples, N-Quads, Turtle and TriG
// share: IRIREF, BLANK_NODE_LABEL, LANGTAG, the quoted strings, white space and
// comments (RDF 1.1 Turtle §6.5; N-Triples §7 is a subset).
//
// A Lexer reads through a window that slides over the document, so memory
// follows the longest token and not the document. Methods that meet something
// else than what they are named for do not return: they panic with a private
// value, which the parser turns into an error once, with defer and Catch.
//
// Terms remembers the terms of recent tokens, since predicates, types and
// subjects repeat: a token seen before costs a hash and no allocation.
//
// A Lexer belongs to one goroutine.
package lex
