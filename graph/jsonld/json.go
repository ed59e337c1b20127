package jsonld

import (
	"bytes"
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"qlgraph/graph/rdf"
)

// maxNumber is the longest number, in bytes. A double has 17 significant digits.
const maxNumber = 1024

// parseJSON reads a JSON text (RFC 8259) into maps, slices, strings, float64,
// bool and nil, as json-gold takes them. Unlike the standard library it tells
// line and column, bounds the depth, and rejects what is not I-JSON (RFC 7493):
// repeated names, surrogates without their other half, invalid UTF-8 and numbers
// beyond a double. A byte-order mark is skipped.
func parseJSON(data []byte, limits rdf.Limits) (value any, err error) {
	p := &parser{data: data, limits: limits}
	defer func() {
		switch r := recover().(type) {
		case nil:
		case *rdf.SyntaxError:
			err = r
		default:
			panic(r)
		}
	}()
	p.data = bytes.TrimPrefix(p.data, []byte("\uFEFF"))
	value = p.value()
	if p.space(); p.i < len(p.data) {
		p.expected("the end of the document")
	}
	return value, nil
}

type parser struct {
	data    []byte
	i       int
	depth   int
	limits  rdf.Limits
	scratch []byte
}

func (p *parser) fail(at int, msg string) {
	before := p.data[:at]
	line := bytes.Count(before, []byte{'\n'})
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	panic(&rdf.SyntaxError{Line: line + 1, Column: column + 1, Msg: msg})
}

func (p *parser) expected(what string) {
	found := "the end of the document"
	if p.i < len(p.data) {
		r, n := utf8.DecodeRune(p.data[p.i:])
		found = fmt.Sprintf("%q", r)
		if r == utf8.RuneError && n == 1 {
			found = "invalid UTF-8"
		}
	}
	p.fail(p.i, "expected "+what+", found "+found)
}

func (p *parser) space() {
	for p.i < len(p.data) {
		switch p.data[p.i] {
		case ' ', '\n', '\t', '\r':
			p.i++
		default:
			return
		}
	}
}

func (p *parser) accept(c byte) bool {
	p.space()
	if p.i < len(p.data) && p.data[p.i] == c {
		p.i++
		return true
	}
	return false
}

func (p *parser) value() any {
	p.space()
	if p.i == len(p.data) {
		p.expected("a JSON value")
	}
	switch c := p.data[p.i]; {
	case c == '{':
		return p.object()
	case c == '[':
		return p.array()
	case c == '"':
		return p.string()
	case c == '-' || '0' <= c && c <= '9':
		return p.number()
	}
	for word, v := range map[string]any{"true": true, "false": false, "null": nil} {
		if bytes.HasPrefix(p.data[p.i:], []byte(word)) {
			p.i += len(word)
			return v
		}
	}
	p.expected("a JSON value")
	return nil
}

func (p *parser) enter() {
	if p.depth++; p.depth > p.limits.Depth {
		p.fail(p.i, fmt.Sprintf("values nested deeper than the limit of %d", p.limits.Depth))
	}
	p.i++
}

func (p *parser) object() map[string]any {
	p.enter()
	object := make(map[string]any)
	for !p.accept('}') {
		if len(object) > 0 && !p.accept(',') {
			p.expected(`"," or "}"`)
		}
		p.space()
		at := p.i
		if at == len(p.data) || p.data[at] != '"' {
			p.expected("a name in quotes")
		}
		name := p.string()
		if _, repeated := object[name]; repeated {
			p.fail(at, fmt.Sprintf("name %q stands twice in an object", name))
		}
		if !p.accept(':') {
			p.expected(`":"`)
		}
		object[name] = p.value()
	}
	p.depth--
	return object
}

func (p *parser) array() []any {
	p.enter()
	array := []any{}
	for !p.accept(']') {
		if len(array) > 0 && !p.accept(',') {
			p.expected(`"," or "]"`)
		}
		array = append(array, p.value())
	}
	p.depth--
	return array
}

func (p *parser) number() float64 {
	start := p.i
	for p.i < len(p.data) && bytes.IndexByte([]byte("+-.eE0123456789"), p.data[p.i]) >= 0 {
		p.i++
	}
	text := p.data[start:p.i]
	if len(text) > maxNumber {
		p.fail(start, fmt.Sprintf("number longer than the limit of %d bytes", maxNumber))
	}
	if !isNumber(text) {
		p.fail(start, "expected a number as JSON has them")
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		p.fail(start, "number beyond the range of a double")
	}
	return f
}

// isNumber checks the grammar of RFC 8259 §6; strconv admits more.
func isNumber(b []byte) bool {
	b = bytes.TrimPrefix(b, []byte("-"))
	digits := func() int {
		n := 0
		for n < len(b) && '0' <= b[n] && b[n] <= '9' {
			n++
		}
		b = b[n:]
		return n
	}
	zero := len(b) > 0 && b[0] == '0'
	if n := digits(); n == 0 || zero && n > 1 {
		return false
	}
	if len(b) > 0 && b[0] == '.' {
		if b = b[1:]; digits() == 0 {
			return false
		}
	}
	if len(b) > 0 && b[0]|0x20 == 'e' {
		if b = b[1:]; len(b) > 0 && (b[0] == '+' || b[0] == '-') {
			b = b[1:]
		}
		if digits() == 0 {
			return false
		}
	}
	return len(b) == 0
}

// string reads a string, whose opening quote is next.
func (p *parser) string() string {
	start := p.i
	p.i++
	p.scratch = p.scratch[:0]
	run := p.i
	for {
		if p.i == len(p.data) {
			p.expected("the closing quote")
		}
		switch c := p.data[p.i]; {
		case c == '"':
			raw := p.data[run:p.i]
			if len(p.scratch) > 0 {
				p.scratch = append(p.scratch, raw...)
				raw = p.scratch
			}
			p.i++
			p.checkString(start, raw)
			return string(raw)
		case c == '\\':
			p.scratch = append(p.scratch, p.data[run:p.i]...)
			p.escape()
			run = p.i
		case c < ' ':
			p.expected("the closing quote or an escape")
		default:
			p.i++
		}
	}
}

func (p *parser) checkString(start int, s []byte) {
	if len(s) > p.limits.Literal {
		p.fail(start, fmt.Sprintf("string longer than the limit of %d bytes", p.limits.Literal))
	}
	if !utf8.Valid(s) {
		p.fail(start, "expected UTF-8 in the string")
	}
}

// escape appends to p.scratch what the escape at p.i stands for.
func (p *parser) escape() {
	at := p.i
	p.i += 2
	if p.i > len(p.data) {
		p.i = len(p.data)
		p.expected("an escape")
	}
	const from, to = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	if c := p.data[at+1]; c != 'u' {
		k := bytes.IndexByte([]byte(from), c)
		if k < 0 {
			p.fail(at, "expected an escape that JSON has")
		}
		p.scratch = append(p.scratch, to[k])
		return
	}
	r := p.hex4()
	if utf16.IsSurrogate(r) {
		if !bytes.HasPrefix(p.data[p.i:], []byte(`\u`)) {
			p.fail(at, "surrogate without its other half")
		}
		p.i += 2
		if r = utf16.DecodeRune(r, p.hex4()); r == utf8.RuneError {
			p.fail(at, "surrogate without its other half")
		}
	}
	p.scratch = utf8.AppendRune(p.scratch, r)
}

func (p *parser) hex4() rune {
	if p.i+4 > len(p.data) {
		p.fail(p.i, "expected four hexadecimal digits")
	}
	digits := p.data[p.i : p.i+4]
	n, err := strconv.ParseUint(string(digits), 16, 32)
	if err != nil || digits[0] == '_' {
		p.fail(p.i, "expected four hexadecimal digits")
	}
	p.i += 4
	return rune(n)
}
