package syntax

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Error is a violation of the grammar or of one of the notes to it.
type Error struct {
	Line   int    // from 1
	Column int    // from 1, in characters
	Msg    string // "expected '}', found 'FILTER'"
	Offset int    // of the place, in bytes
	// MaxDepth is the nesting that the text exceeds; 0 where something else is
	// wrong with it.
	MaxDepth int
	text     string // the query
}

// Error returns "line:column: message".
func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Msg) }

// Snippet returns the line of the query with a caret under the place.
func (e *Error) Snippet() string {
	start := strings.LastIndexByte(e.text[:e.Offset], '\n') + 1
	line := e.text[start:]
	if i := strings.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	line = strings.TrimRight(line, "\r")
	var pad strings.Builder
	for _, r := range e.text[start:e.Offset] {
		if r != '\t' {
			r = ' '
		}
		pad.WriteRune(r)
	}
	return line + "\n" + pad.String() + "^"
}

// errorAt returns the Error with the given message at the byte offset of text.
func errorAt(text string, offset int, msg string) *Error {
	offset = min(offset, len(text))
	before := text[:offset]
	start := strings.LastIndexByte(before, '\n') + 1
	return &Error{
		Line:   strings.Count(before, "\n") + 1,
		Column: utf8.RuneCountInString(before[start:]) + 1,
		Msg:    msg,
		Offset: offset,
		text:   text,
	}
}

// ErrorAt returns the Error with the given message at pos of text, for what can
// be found out only after parsing.
func ErrorAt(text string, pos Pos, msg string) *Error { return errorAt(text, int(pos), msg) }
