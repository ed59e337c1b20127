package jsontree

import (
	"iter"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Kind is the type of a Value.
type Kind uint8

// The kinds. Absent is the kind of the zero Value.
const (
	Absent Kind = iota
	Null
	Bool
	Number
	String
	Array
	Object
)

// Value is a place in a document; the zero Value is "not there".
type Value struct {
	doc   *Doc
	at    int32
	there bool
}

// Doc returns the document that v is in, nil for the zero Value.
func (v Value) Doc() *Doc { return v.doc }

func (v Value) node() *node { return &v.doc.nodes[v.at] }

// Kind tells what v is.
func (v Value) Kind() Kind {
	if !v.there {
		return Absent
	}
	return v.node().kind
}

// Exists reports whether v is there, be it null.
func (v Value) Exists() bool { return v.there }

// Get returns the first member of that name, the zero Value where there is none.
func (v Value) Get(name string) Value {
	if v.Kind() != Object {
		return Value{}
	}
	nodes, text := v.doc.nodes, v.doc.text
	for i := nodes[v.at].child; i != 0; i = nodes[i].next {
		n := &nodes[i]
		if n.nameEscaped {
			if v.doc.str(n.name, n.nameEnd, true) == name {
				return Value{v.doc, i, true}
			}
			continue
		}
		if int(n.nameEnd-n.name) == len(name) && text[n.name:n.nameEnd] == name {
			return Value{v.doc, i, true}
		}
	}
	return Value{}
}

// All yields the elements of an array or the members of an object, in order.
func (v Value) All() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if !v.there {
			return
		}
		for i := v.node().child; i != 0; i = v.doc.nodes[i].next {
			if !yield(Value{v.doc, i, true}) {
				return
			}
		}
	}
}

// Index returns the element i of an array, the zero Value where there is none.
func (v Value) Index(i int) Value {
	if v.Kind() == Array {
		for e := range v.All() {
			if e.node().index == int32(i) {
				return e
			}
		}
	}
	return Value{}
}

// Name returns a member's name, "" for other values.
func (v Value) Name() string {
	if !v.there {
		return ""
	}
	n := v.node()
	return v.doc.str(n.name, n.nameEnd, n.nameEscaped)
}

// Raw returns v as it stands in the text.
func (v Value) Raw() string {
	if !v.there {
		return ""
	}
	n := v.node()
	if n.kind == String {
		return v.doc.text[n.start-1 : n.end+1]
	}
	return v.doc.text[n.start:n.end]
}

// Text returns a string's characters, a number's digits, "true" or "false", and
// "" for other values. It counts as a use of v.
func (v Value) Text() string {
	if !v.there {
		return ""
	}
	n := v.node()
	switch n.kind {
	case String:
		n.used = true
		return v.doc.str(n.start, n.end, n.escaped)
	case Number, Bool:
		n.used = true
		return v.doc.text[n.start:n.end]
	}
	return ""
}

// Use marks v and all that it holds as used.
func (v Value) Use() {
	if v.there {
		v.node().usedWholly = true
	}
}

// Pointer returns v's JSON Pointer (RFC 6901), "" for the root.
func (v Value) Pointer() string {
	if !v.there || v.at == 0 {
		return ""
	}
	var buf [96]byte
	return string(v.doc.appendPath(buf[:0], v.at, false))
}

// Unused yields the path of each string, number and boolean that was not used
// since it was parsed. A path is a JSON Pointer with * for an array's index.
func (d *Doc) Unused() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		for i := range d.nodes {
			n := &d.nodes[i]
			if n.parent >= 0 && d.nodes[n.parent].usedWholly {
				n.usedWholly = true
			}
			if n.used || n.usedWholly || n.kind < Bool || n.kind > String {
				continue
			}
			if !yield(string(d.appendPath(nil, int32(i), true)), Value{d, int32(i), true}) {
				return
			}
		}
	}
}

func (d *Doc) appendPath(b []byte, at int32, pattern bool) []byte {
	n := &d.nodes[at]
	if n.parent < 0 {
		return b
	}
	b = append(d.appendPath(b, n.parent, pattern), '/')
	if d.nodes[n.parent].kind == Array {
		if pattern {
			return append(b, '*')
		}
		return strconv.AppendInt(b, int64(n.index), 10)
	}
	name := d.str(n.name, n.nameEnd, n.nameEscaped)
	for i := 0; i < len(name); i++ {
		switch name[i] {
		case '~':
			b = append(b, "~0"...)
		case '/':
			b = append(b, "~1"...)
		default:
			b = append(b, name[i])
		}
	}
	return b
}

// str decodes the characters between two quotes.
func (d *Doc) str(start, end int32, escaped bool) string {
	s := d.text[start:end]
	if !escaped {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for {
		i := strings.IndexByte(s, '\\')
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		c := s[i+1]
		s = s[i+2:]
		switch c {
		case 'b':
			b.WriteByte('\b')
		case 'f':
			b.WriteByte('\f')
		case 'n':
			b.WriteByte('\n')
		case 'r':
			b.WriteByte('\r')
		case 't':
			b.WriteByte('\t')
		case 'u':
			s = unicodeEscape(&b, s)
		default:
			b.WriteByte(c)
		}
	}
}

// unicodeEscape decodes the four digits at the start of s, with the low
// surrogate that may follow, and returns the rest. A lone surrogate becomes
// U+FFFD.
func unicodeEscape(b *strings.Builder, s string) string {
	r := hex4(s)
	s = s[4:]
	if utf16.IsSurrogate(r) {
		low := rune(utf8.RuneError)
		if strings.HasPrefix(s, `\u`) {
			low = hex4(s[2:])
		}
		if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
			s = s[6:]
		}
	}
	b.WriteRune(r)
	return s
}

func hex4(s string) rune {
	var r rune
	for i := range 4 {
		r = r<<4 | rune(hexValue(s[i]))
	}
	return r
}

func hexValue(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
