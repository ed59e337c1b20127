package lex

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"qlgraph/graph/rdf"
)

// windowSize is what is asked of the reader at once: large enough that sliding
// a partial token to the front does not show in profiles.
const windowSize = 64 << 10

// Lexer is a window over a document with the position of its first unread byte.
// Offsets that methods take and return are counted from there.
type Lexer struct {
	r      io.Reader
	limits rdf.Limits
	buf    []byte
	pos    int // the unread bytes are buf[pos:end]
	end    int
	err    error // what r ended with

	line      int // line of buf[pos], from 1
	lineStart int // index in buf of that line's first byte still in the window
	column    int // code points of the line that left the window
	scratch   []byte
}

// New returns a Lexer for the UTF-8 document r. A byte-order mark is skipped.
func New(r io.Reader, limits rdf.Limits) *Lexer {
	return &Lexer{r: r, limits: limits.OrDefault(), buf: make([]byte, windowSize), line: 1}
}

// Limits returns the limits in force, defaults filled in.
func (l *Lexer) Limits() rdf.Limits { return l.limits }

// Start reads the beginning of the document: it skips a UTF-8 byte-order mark
// and rejects those of other encodings. Call it once, under Catch.
func (l *Lexer) Start() {
	for l.end < 3 && l.more() {
	}
	switch b := l.window(); {
	case bytes.HasPrefix(b, []byte("\xEF\xBB\xBF")):
		l.pos, l.lineStart = 3, 3
	case bytes.HasPrefix(b, []byte("\xFE\xFF")), bytes.HasPrefix(b, []byte("\xFF\xFE")):
		l.Fail(0, "expected UTF-8, found UTF-16")
	}
}

func (l *Lexer) window() []byte { return l.buf[l.pos:l.end] }

// more extends the window and reports whether it did. The bytes read so far
// keep their offsets from the window's start.
func (l *Lexer) more() bool {
	if l.err != nil {
		return false
	}
	l.slide()
	if l.end == len(l.buf) {
		if l.end > l.limits.Literal+windowSize {
			l.Fail(0, "token longer than any limit") // in case a terminal forgets its own
		}
		larger := make([]byte, 2*len(l.buf))
		copy(larger, l.buf)
		l.buf = larger
	}
	for range 100 {
		n, err := l.r.Read(l.buf[l.end:])
		l.end += n
		l.err = err
		if n > 0 {
			return true
		}
		if err != nil {
			return false
		}
	}
	l.err = io.ErrNoProgress
	return false
}

// slide moves the unread bytes to the front of the buffer.
func (l *Lexer) slide() {
	if l.pos == 0 {
		return
	}
	if l.lineStart < l.pos {
		l.column += utf8.RuneCount(l.buf[l.lineStart:l.pos])
		l.lineStart = l.pos
	}
	l.lineStart -= l.pos
	l.end = copy(l.buf, l.buf[l.pos:l.end])
	l.pos = 0
}

// extend is more for a token that has i bytes so far: it fails if the token
// exceeds limit.
func (l *Lexer) extend(i, limit int, what string) bool {
	if i > limit {
		l.Fail(0, fmt.Sprintf("%s longer than the limit of %d bytes", what, limit))
	}
	return l.more()
}

// Peek returns the byte at offset i, and false behind the end of the document.
func (l *Lexer) Peek(i int) (byte, bool) {
	for l.pos+i >= l.end {
		if !l.more() {
			return 0, false
		}
	}
	return l.buf[l.pos+i], true
}

// Next returns the first unread byte, or 0 at the end of the document. A NUL in
// the document is 0 too: no production starts with it.
func (l *Lexer) Next() byte {
	if l.pos < l.end {
		return l.buf[l.pos]
	}
	c, _ := l.Peek(0)
	return c
}

// AtEnd reports whether the whole document has been read.
func (l *Lexer) AtEnd() bool {
	_, ok := l.Peek(0)
	return !ok
}

// Advance skips n bytes, which hold no line end.
func (l *Lexer) Advance(n int) { l.pos += n }

// advanceOver skips n bytes, which may hold line ends.
func (l *Lexer) advanceOver(n int) {
	token := l.buf[l.pos : l.pos+n]
	if i := bytes.LastIndexByte(token, '\n'); i >= 0 {
		l.line += bytes.Count(token, []byte{'\n'})
		l.lineStart, l.column = l.pos+i+1, 0
	}
	l.pos += n
}

// Accept skips c if it is the first unread byte.
func (l *Lexer) Accept(c byte) bool {
	if l.Next() != c || l.pos == l.end {
		return false
	}
	l.pos++
	return true
}

// Line returns the line of the next byte, from 1.
func (l *Lexer) Line() int { return l.line }

// Position returns the line and column of the byte at offset i.
func (l *Lexer) Position(i int) (line, column int) {
	line, column = l.line, l.column
	stop := min(l.pos+i, l.end)
	text := l.buf[min(l.lineStart, stop):stop]
	if nl := bytes.LastIndexByte(text, '\n'); nl >= 0 {
		line += bytes.Count(text, []byte{'\n'})
		text, column = text[nl+1:], 0
	}
	return line, column + utf8.RuneCount(text) + 1
}

// failure carries an error from the place where it was found to Catch.
type failure struct{ err error }

// Fail ends parsing with a SyntaxError at offset i, or with the error of the
// reader if the document breaks off there.
func (l *Lexer) Fail(i int, msg string) {
	if err := l.Err(); err != nil && l.end-l.pos-i < utf8.UTFMax {
		panic(failure{err}) // what is missing could not be read
	}
	line, column := l.Position(i)
	panic(failure{&rdf.SyntaxError{Line: line, Column: column, Msg: msg}})
}

// Expected ends parsing with the message that what was expected at offset i,
// and what stands there instead.
func (l *Lexer) Expected(i int, what string) {
	l.Peek(i + utf8.UTFMax - 1)
	found := "the end of the document"
	if l.pos+i < l.end {
		r, n := utf8.DecodeRune(l.buf[l.pos+i : l.end])
		found = fmt.Sprintf("%q", r)
		if r == utf8.RuneError && n == 1 {
			found = "invalid UTF-8"
		}
	}
	l.Fail(i, "expected "+what+", found "+found)
}

// Catch, deferred, stores in *err the error that Fail or Expected ended with.
func Catch(err *error) {
	switch r := recover().(type) {
	case nil:
	case failure:
		*err = r.err
	default:
		panic(r)
	}
}

// Err returns the error other than io.EOF that the reader ended with.
func (l *Lexer) Err() error {
	if l.err == nil || errors.Is(l.err, io.EOF) {
		return nil
	}
	return l.err
}
