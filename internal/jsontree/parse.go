package jsontree

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"
)

// MaxDepth is the deepest nesting that is read. Course data nest five or six
// levels deep; hostile ones nest until a parser's stack ends.
const MaxDepth = 200

// MaxNodes is how many values a tree may have, at 40 bytes each. A course has
// some hundred; a text of two bytes for each value would take twenty times its
// size.
const MaxNodes = 2_000_000

// MaxSize is the longest text that is read, in bytes: offsets are 32 bits wide.
const MaxSize = math.MaxInt32

// Error is a violation of the JSON grammar, or of a limit.
type Error struct {
	Offset       int // in bytes, from 0
	Line, Column int // from 1, the column in bytes
	Message      string
}

// Error renders line, column and what was expected.
func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message) }

// Doc is a parsed document. Its zero value is ready for Parse.
type Doc struct {
	Tag   int // the caller's, to tell documents apart
	text  string
	nodes []node
}

// node is a value; nodes are in document order, so that a parent precedes its
// children. The root's parent is -1; a missing sibling or child is 0, which is
// the root and can be neither.
type node struct {
	start, end       int32 // of the value in the text; of a string without its quotes
	name, nameEnd    int32 // of the member's name, without its quotes
	parent, child    int32
	next             int32
	index            int32 // among its siblings, from 0
	kind             Kind
	escaped          bool // the string has escapes
	nameEscaped      bool
	used, usedWholly bool
}

// Parse reads text, which must be one JSON value. On an error the document is
// empty. The text is copied.
func (d *Doc) Parse(text []byte) error {
	p, err := newParser(d, text)
	if err != nil {
		return err
	}
	return p.run(func() {
		p.space()
		p.value(-1, 0)
		p.end()
	})
}

// Root returns the document's value.
func (d *Doc) Root() Value {
	if len(d.nodes) == 0 {
		return Value{}
	}
	return Value{d, 0, true}
}

// Elements calls visit for what the outermost value holds, as far as the text
// can be read, and then returns the error that stopped it: the elements of an
// outermost array with member "" and their index, the members of an outermost
// object with index -1, and where such a member is an array, its elements with
// their index. Values die when visit returns; an error of visit ends the walk.
func Elements(text []byte, visit func(member string, index int, v Value) error) error {
	var d Doc
	p, err := newParser(&d, text)
	if err != nil {
		return err
	}
	var visitErr error
	emit := func(member string, index int) {
		d.nodes = d.nodes[:0]
		p.value(-1, 1)
		if visitErr = visit(member, index, d.Root()); visitErr != nil {
			panic(stop{})
		}
	}
	err = p.run(func() {
		p.space()
		switch p.peek() {
		case '[':
			p.elements(func(i int) { emit("", i) })
		case '{':
			p.members(func(name string, _ *node) {
				if p.peek() == '[' {
					p.elements(func(i int) { emit(name, i) })
				} else {
					emit(name, -1)
				}
			})
		default:
			emit("", -1)
		}
		p.end()
	})
	if visitErr != nil {
		return visitErr
	}
	return err
}

// stop unwinds the parser: with an Error, or silently when visit had enough.
type stop struct{ err *Error }

type parser struct {
	doc  *Doc
	text string
	pos  int
}

func newParser(d *Doc, text []byte) (*parser, error) {
	d.text, d.nodes = "", d.nodes[:0]
	if len(text) > MaxSize {
		return nil, &Error{Line: 1, Column: 1, Message: fmt.Sprintf("the text is longer than %d bytes", MaxSize)}
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	d.text = string(text)
	if !utf8.ValidString(d.text) {
		d.text = strings.ToValidUTF8(d.text, "\uFFFD")
	}
	return &parser{doc: d, text: d.text}, nil
}

func (p *parser) run(parse func()) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case stop:
			p.doc.nodes = p.doc.nodes[:0]
			if r.err != nil {
				err = r.err
			}
		default:
			panic(r)
		}
	}()
	parse()
	return nil
}

func (p *parser) fail(format string, args ...any) {
	line := 1 + strings.Count(p.text[:p.pos], "\n")
	column := p.pos - strings.LastIndexByte(p.text[:p.pos], '\n')
	panic(stop{&Error{Offset: p.pos, Line: line, Column: column, Message: fmt.Sprintf(format, args...)}})
}

// expected fails with what the grammar asks for at this place.
func (p *parser) expected(what string) {
	if p.pos >= len(p.text) {
		p.fail("expected %s, but the text ends", what)
	}
	c, _ := utf8.DecodeRuneInString(p.text[p.pos:])
	p.fail("expected %s, not %q", what, c)
}

func (p *parser) peek() byte {
	if p.pos < len(p.text) {
		return p.text[p.pos]
	}
	return 0
}

func (p *parser) space() {
	for p.pos < len(p.text) {
		switch p.text[p.pos] {
		case ' ', '\n', '\t', '\r':
			p.pos++
		default:
			return
		}
	}
}

func (p *parser) end() {
	p.space()
	if p.pos < len(p.text) {
		p.expected("the end of the text")
	}
}

// value reads a value (RFC 8259 §3) as a child of parent and returns its node.
func (p *parser) value(parent int32, depth int) int32 {
	if depth > MaxDepth {
		p.fail("nested deeper than %d levels", MaxDepth)
	}
	at := int32(len(p.doc.nodes))
	if at >= MaxNodes {
		p.fail("more than %d values in one tree", MaxNodes)
	}
	p.doc.nodes = append(p.doc.nodes, node{parent: parent, start: int32(p.pos)})
	switch c := p.peek(); {
	case c == '{':
		p.object(at, depth)
	case c == '[':
		p.array(at, depth)
	case c == '"':
		n := &p.doc.nodes[at]
		n.start, n.end, n.escaped = p.str()
		n.kind = String
		return at
	case c == '-' || '0' <= c && c <= '9':
		p.number()
		p.doc.nodes[at].kind = Number
	case strings.HasPrefix(p.text[p.pos:], "true"):
		p.pos += 4
		p.doc.nodes[at].kind = Bool
	case strings.HasPrefix(p.text[p.pos:], "false"):
		p.pos += 5
		p.doc.nodes[at].kind = Bool
	case strings.HasPrefix(p.text[p.pos:], "null"):
		p.pos += 4
		p.doc.nodes[at].kind = Null
	default:
		p.expected("a value")
	}
	p.doc.nodes[at].end = int32(p.pos)
	return at
}

// object reads an object (RFC 8259 §4) into the node at.
func (p *parser) object(at int32, depth int) {
	p.doc.nodes[at].kind = Object
	last, count := int32(0), int32(0)
	p.members(func(_ string, named *node) {
		child := p.value(at, depth+1)
		n := &p.doc.nodes[child]
		n.name, n.nameEnd, n.nameEscaped = named.name, named.nameEnd, named.nameEscaped
		last = p.link(at, last, child, count)
		count++
	})
}

// array reads an array (RFC 8259 §5) into the node at.
func (p *parser) array(at int32, depth int) {
	p.doc.nodes[at].kind = Array
	last := int32(0)
	p.elements(func(i int) {
		last = p.link(at, last, p.value(at, depth+1), int32(i))
	})
}

func (p *parser) link(parent, last, child, index int32) int32 {
	p.doc.nodes[child].index = index
	if last == 0 {
		p.doc.nodes[parent].child = child
	} else {
		p.doc.nodes[last].next = child
	}
	return child
}

// members walks an object; each is called before its value is read.
func (p *parser) members(each func(name string, named *node)) {
	p.pos++
	p.space()
	if p.peek() == '}' {
		p.pos++
		return
	}
	for {
		if p.peek() != '"' {
			p.expected("a member's name in double quotes")
		}
		var named node
		named.name, named.nameEnd, named.nameEscaped = p.str()
		p.space()
		if p.peek() != ':' {
			p.expected(`":"`)
		}
		p.pos++
		p.space()
		each(p.doc.str(named.name, named.nameEnd, named.nameEscaped), &named)
		p.space()
		if c := p.peek(); c == '}' {
			p.pos++
			return
		} else if c != ',' {
			p.expected(`"," or "}"`)
		}
		p.pos++
		p.space()
	}
}

// elements walks an array; each is called before its element is read.
func (p *parser) elements(each func(i int)) {
	p.pos++
	p.space()
	if p.peek() == ']' {
		p.pos++
		return
	}
	for i := 0; ; i++ {
		each(i)
		p.space()
		if c := p.peek(); c == ']' {
			p.pos++
			return
		} else if c != ',' {
			p.expected(`"," or "]"`)
		}
		p.pos++
		p.space()
	}
}

// number reads a number (RFC 8259 §6).
func (p *parser) number() {
	if p.peek() == '-' {
		p.pos++
	}
	if p.peek() == '0' {
		p.pos++
	} else {
		p.digits()
	}
	if p.peek() == '.' {
		p.pos++
		p.digits()
	}
	if c := p.peek(); c == 'e' || c == 'E' {
		p.pos++
		if c := p.peek(); c == '+' || c == '-' {
			p.pos++
		}
		p.digits()
	}
}

func (p *parser) digits() {
	start := p.pos
	for p.pos < len(p.text) && '0' <= p.text[p.pos] && p.text[p.pos] <= '9' {
		p.pos++
	}
	if p.pos == start {
		p.expected("a digit")
	}
}

// str reads a string (RFC 8259 §7). Unescaped control characters are let
// through: line breaks in texts are the commonest mistake of hand-made feeds,
// and harmless.
func (p *parser) str() (start, end int32, escaped bool) {
	p.pos++
	start = int32(p.pos)
	for {
		quote := strings.IndexByte(p.text[p.pos:], '"')
		if quote < 0 {
			p.pos = len(p.text)
			p.expected("the closing double quote of a string")
		}
		backslash := strings.IndexByte(p.text[p.pos:p.pos+quote], '\\')
		if backslash < 0 {
			p.pos += quote + 1
			return start, int32(p.pos - 1), escaped
		}
		p.pos += backslash + 1
		escaped = true
		switch p.peek() {
		case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
			p.pos++
		case 'u':
			p.pos++
			for range 4 {
				if hexValue(p.peek()) < 0 {
					p.expected("a hex digit")
				}
				p.pos++
			}
		default:
			p.expected("an escape")
		}
	}
}
