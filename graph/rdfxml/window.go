package rdfxml

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"

	"qlgraph/graph/rdf"
)

// windowSize is what is asked of the reader at once: large enough that sliding
// a partial token to the front does not show in profiles.
const windowSize = 64 << 10

// window slides over the document and knows the position of each byte it
// holds. A token lies in it as a whole while it is worked on.
type window struct {
	r   io.Reader
	buf []byte
	pos int // the unread bytes are buf[pos:end]
	end int
	err error // what r ended with

	// Lines and columns are counted only when bytes leave the window or an
	// error needs them: up to buf[counted].
	counted      int
	line, column int // of buf[counted], both from 0
}

func newWindow(r io.Reader) window { return window{r: r, buf: make([]byte, windowSize)} }

// unread returns the bytes from the current position that are in the window.
func (w *window) unread() []byte { return w.buf[w.pos:w.end] }

// more extends the window and reports whether it did; the unread bytes move to
// the front of the buffer. Since a token that did not fit is looked at again
// from its start, the window at least doubles each time: this bounds the work
// by twice the token's length even if the reader gives single bytes.
func (w *window) more() bool {
	if w.err != nil {
		return false
	}
	w.count(w.pos)
	w.end = copy(w.buf, w.buf[w.pos:w.end])
	w.pos, w.counted = 0, 0
	if w.end > len(w.buf)/2 {
		w.buf = append(w.buf, make([]byte, len(w.buf))...)
	}
	before := w.end
	for idle := 0; w.end < len(w.buf) && w.err == nil; {
		n, err := w.r.Read(w.buf[w.end:])
		w.end += n
		w.err = err
		if idle++; n > 0 {
			idle = 0
		} else if err == nil && idle == 100 {
			w.err = io.ErrNoProgress
		}
	}
	return w.end > before
}

// moreToken is more for a token that has n bytes so far: it fails if the token
// exceeds limit.
func (w *window) moreToken(n, limit int, what string) bool {
	if n > limit {
		w.fail(0, fmt.Sprintf("%s longer than the limit of %d bytes", what, limit))
	}
	return w.more()
}

// count moves w.line and w.column on to buf[to].
func (w *window) count(to int) {
	if to <= w.counted {
		return
	}
	passed := w.buf[w.counted:to]
	if i := bytes.LastIndexByte(passed, '\n'); i >= 0 {
		w.line += bytes.Count(passed, []byte{'\n'})
		w.column = 0
		passed = passed[i+1:]
	}
	w.column += utf8.RuneCount(passed)
	w.counted = to
}

// failure carries an error from the place where it was found to catch.
type failure struct{ err error }

// fail ends parsing with a SyntaxError at the byte i behind the current
// position.
func (w *window) fail(i int, msg string) {
	w.count(min(w.pos+i, w.end))
	panic(failure{&rdf.SyntaxError{Line: w.line + 1, Column: w.column + 1, Msg: msg}})
}

// expected ends parsing with the message that what was expected at the byte i
// behind the current position, and what stands there instead.
func (w *window) expected(i int, what string) {
	rest := w.buf[min(w.pos+i, w.end):w.end]
	if len(rest) == 0 && w.err != nil && w.err != io.EOF {
		panic(failure{w.err})
	}
	found := "the end of the document"
	if len(rest) > 0 {
		r, n := utf8.DecodeRune(rest)
		found = fmt.Sprintf("%q", r)
		if r == utf8.RuneError && n == 1 {
			found = "invalid UTF-8"
		}
	}
	w.fail(i, "expected "+what+", found "+found)
}

// catch, deferred, stores in *err the error that fail or expected ended with.
func catch(err *error) {
	switch r := recover().(type) {
	case nil:
	case failure:
		*err = r.err
	default:
		panic(r)
	}
}
