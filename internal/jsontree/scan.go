package jsontree

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
)

// Scan is Elements for a text that is larger than memory: it reads r bit by bit,
// and has one element or member of it at a time, of at most limit bytes. Errors
// of r are returned as they are.
func Scan(r io.Reader, limit int, visit func(member string, index int, v Value) error) error {
	s := &scanner{from: bufio.NewReaderSize(r, 64<<10), limit: limit, line: 1, column: 1, visit: visit}
	if head, _ := s.from.Peek(3); bytes.Equal(head, []byte("\xef\xbb\xbf")) {
		s.from.Discard(3)
	}
	return s.run()
}

// scanner finds where values end, by quotes and brackets; what they are is Parse's
// to say.
type scanner struct {
	from         *bufio.Reader
	limit        int
	offset       int // of the next byte
	line, column int // likewise
	visit        func(member string, index int, v Value) error
	text         []byte
	doc          Doc
}

// scanStop unwinds the scanner.
type scanStop struct{ err error }

func (s *scanner) run() (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case scanStop:
			err = r.err
		default:
			panic(r)
		}
	}()
	switch s.next() {
	case '[':
		s.elements("")
	case '{':
		s.members()
	default:
		s.value("", -1)
	}
	if c := s.next(); c != 0 {
		s.expected("the end of the text", c)
	}
	return nil
}

func (s *scanner) fail(format string, args ...any) {
	panic(scanStop{&Error{Offset: s.offset, Line: s.line, Column: s.column, Message: fmt.Sprintf(format, args...)}})
}

func (s *scanner) expected(what string, c byte) {
	if c == 0 {
		s.fail("expected %s, but the text ends", what)
	}
	s.fail("expected %s, not %q", what, c)
}

// peek returns the next byte, 0 at the end of the text.
func (s *scanner) peek() byte {
	b, err := s.from.Peek(1)
	if err == io.EOF {
		return 0
	}
	if err != nil {
		panic(scanStop{err})
	}
	return b[0]
}

func (s *scanner) take() byte {
	c := s.peek()
	s.from.Discard(1)
	s.offset++
	s.column++
	if c == '\n' {
		s.line, s.column = s.line+1, 1
	}
	return c
}

// next skips white space and returns the byte behind it, without taking it.
func (s *scanner) next() byte {
	for {
		switch c := s.peek(); c {
		case ' ', '\n', '\t', '\r':
			s.take()
		default:
			return c
		}
	}
}

func (s *scanner) members() {
	s.take()
	if s.next() == '}' {
		s.take()
		return
	}
	for {
		if c := s.next(); c != '"' {
			s.expected("a member's name in double quotes", c)
		}
		s.gather()
		s.parse(s.offset, s.line, s.column)
		name := strings.Clone(s.doc.Root().Text())
		if c := s.next(); c != ':' {
			s.expected(`":"`, c)
		}
		s.take()
		if s.next() == '[' {
			s.elements(name)
		} else {
			s.value(name, -1)
		}
		switch c := s.next(); c {
		case '}':
			s.take()
			return
		case ',':
			s.take()
		default:
			s.expected(`"," or "}"`, c)
		}
	}
}

func (s *scanner) elements(member string) {
	s.take()
	if s.next() == ']' {
		s.take()
		return
	}
	for i := 0; ; i++ {
		s.next()
		s.value(member, i)
		switch c := s.next(); c {
		case ']':
			s.take()
			return
		case ',':
			s.take()
		default:
			s.expected(`"," or "]"`, c)
		}
	}
}

// value visits the next value.
func (s *scanner) value(member string, index int) {
	offset, line, column := s.offset, s.line, s.column
	s.gather()
	s.parse(offset, line, column)
	if err := s.visit(member, index, s.doc.Root()); err != nil {
		panic(scanStop{err})
	}
}

// gather reads the bytes of the next value into s.text.
func (s *scanner) gather() {
	s.text = s.text[:0]
	depth, quoted := 0, false
	for {
		c := s.peek()
		switch {
		case c == 0:
			return // Parse says what is missing
		case quoted:
			if quoted = c != '"'; c == '\\' {
				s.keep()
			}
		case c == '"':
			quoted = true
		case c == '{', c == '[':
			depth++
		case (c == '}' || c == ']') && depth > 0:
			depth--
		case depth == 0 && (c == ',' || c == '}' || c == ']' || c == ':' || c == ' ' || c == '\n' || c == '\t' || c == '\r'):
			return
		}
		s.keep()
		if depth == 0 && !quoted && (c == '"' || c == '}' || c == ']') {
			return
		}
	}
}

func (s *scanner) keep() {
	if len(s.text) >= s.limit {
		s.fail("a value of more than %d bytes", s.limit)
	}
	s.text = append(s.text, s.take())
}

// parse reads the value that was gathered from the given place on.
func (s *scanner) parse(offset, line, column int) {
	err := s.doc.Parse(s.text)
	if e, ok := err.(*Error); ok {
		if e.Line == 1 {
			e.Column += column - 1
		}
		e.Offset, e.Line = e.Offset+offset, e.Line+line-1
	}
	if err != nil {
		panic(scanStop{err})
	}
}
