package lex

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// SkipSpace skips white space, line ends and comments.
func (l *Lexer) SkipSpace() {
	for {
		i, b := l.pos, l.buf[:l.end]
		for i < len(b) && class[b[i]]&charSpace != 0 {
			if b[i] == '\n' {
				l.line++
				l.lineStart, l.column = i+1, 0
			}
			i++
		}
		l.pos = i
		switch {
		case i == len(b):
			if !l.more() {
				return
			}
		case b[i] == '#':
			l.SkipLine()
		default:
			return
		}
	}
}

// SkipBlank skips spaces and tabs.
func (l *Lexer) SkipBlank() {
	for {
		for l.pos < l.end {
			if c := l.buf[l.pos]; c != ' ' && c != '\t' {
				return
			}
			l.pos++
		}
		if !l.more() {
			return
		}
	}
}

// SkipLine skips to the next line end, which it leaves unread.
func (l *Lexer) SkipLine() { l.skipLine(true) }

// DropLine skips the rest of a line that does not conform, with its end.
func (l *Lexer) DropLine() {
	l.skipLine(false)
	if l.Accept('\r') && l.Next() != '\n' {
		return
	}
	if l.Next() == '\n' {
		l.advanceOver(1)
	}
}

func (l *Lexer) skipLine(check bool) {
	for {
		b := l.window()
		end := bytes.IndexByte(b, '\n')
		if end >= 0 {
			b = b[:end]
		}
		if cr := bytes.IndexByte(b, '\r'); cr >= 0 {
			b, end = b[:cr], cr
		}
		if end < 0 && l.err == nil && check {
			b = b[:len(b)-partialRune(b)]
		}
		if check {
			l.checkUTF8(b, 0)
		}
		l.pos += len(b)
		if end >= 0 || !l.more() {
			return
		}
	}
}

// partialRune returns how many bytes at the end of b begin a rune that b does
// not hold whole.
func partialRune(b []byte) int {
	for n := 1; n <= min(len(b), utf8.UTFMax-1); n++ {
		if c := b[len(b)-n]; utf8.RuneStart(c) {
			if utf8.FullRune(b[len(b)-n:]) {
				return 0
			}
			return n
		}
	}
	return 0
}

// checkUTF8 fails at the first byte of b that is not UTF-8; b starts at offset
// i.
func (l *Lexer) checkUTF8(b []byte, i int) {
	if utf8.Valid(b) {
		return
	}
	for {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n <= 1 {
			l.Fail(i, "expected UTF-8")
		}
		b, i = b[n:], i+n
	}
}

// EndLine skips line ends (N-Triples §7, EOL) and reports whether there was
// one or the document is at its end.
func (l *Lexer) EndLine() bool {
	found := false
	for {
		switch c, ok := l.Peek(0); {
		case !ok:
			return true
		case c == '\n':
			l.advanceOver(1)
		case c == '\r':
			l.pos++
		default:
			return found
		}
		found = true
	}
}

// IRIRef reads "<…>" and returns what stands between, as written, and the length
// of the whole (production IRIREF). The characters are not checked yet: see
// IRIText. The bytes are valid until the next call.
func (l *Lexer) IRIRef() (raw []byte, n int) {
	i := 1
	for {
		b := l.window()
		if end := bytes.IndexByte(b[min(i, len(b)):], '>'); end >= 0 {
			i += end
			if i > l.limits.IRI {
				l.extend(i, l.limits.IRI, "IRI")
			}
			return b[1:i], i + 1
		}
		i = max(len(b), 1)
		if !l.extend(i, l.limits.IRI, "IRI") {
			l.checkIRIRef(l.window()[1:])
			l.Expected(len(l.window()), `">"`)
		}
	}
}

// IRIText returns the text that raw, which IRIRef returned, stands for: checked,
// and its escapes replaced.
func (l *Lexer) IRIText(raw []byte) string {
	if l.checkIRIRef(raw) {
		raw = l.unescape(raw)
	}
	return string(raw)
}

// checkIRIRef fails at the first character of raw, which IRIRef returned, that
// the production excludes, and reports whether raw has escapes.
func (l *Lexer) checkIRIRef(raw []byte) (escaped bool) {
	for i := 0; i < len(raw); i++ {
		if class[raw[i]]&charIRI != 0 {
			continue
		}
		if raw[i] != '\\' {
			l.Expected(i+1, `an IRI character or ">"`)
		}
		r, n := l.uchar(raw[i:], i+1)
		if r < 0x80 && class[r]&charIRI == 0 {
			l.Fail(i+1, fmt.Sprintf("character %q is not allowed in an IRI, escaped or not", r))
		}
		escaped = true
		i += n - 1
	}
	l.checkUTF8(raw, 1)
	return escaped
}

// unescape returns raw with its UCHAR escapes replaced; they have been checked.
// The bytes are valid until the next call.
func (l *Lexer) unescape(raw []byte) []byte {
	out := l.scratch[:0]
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			out = append(out, raw[i])
			continue
		}
		r, n := l.uchar(raw[i:], i)
		out = utf8.AppendRune(out, r)
		i += n - 1
	}
	l.scratch = out
	return out
}

// uchar decodes the escape \uXXXX or \UXXXXXXXX at the start of b, which is at
// offset at, and returns its length (production UCHAR).
func (l *Lexer) uchar(b []byte, at int) (rune, int) {
	n := 0
	if len(b) > 1 {
		switch b[1] {
		case 'u':
			n = 6
		case 'U':
			n = 10
		}
	}
	if n == 0 {
		l.Fail(at, `expected \uXXXX or \UXXXXXXXX`)
	}
	var r rune
	for i := 2; i < n; i++ {
		if i >= len(b) || class[b[i]]&charHex == 0 {
			l.Fail(at+i, "expected a hexadecimal digit")
		}
		if r > utf8.MaxRune {
			continue
		}
		r = r<<4 | hexValue(b[i])
	}
	if !utf8.ValidRune(r) {
		l.Fail(at, "escape is not a Unicode scalar value")
	}
	return r, n
}

func hexValue(c byte) rune {
	if c <= '9' {
		return rune(c - '0')
	}
	return rune(c|0x20-'a') + 10
}

// LangTag reads what follows "@" in a language tag and returns its length
// (production LANGTAG).
func (l *Lexer) LangTag() (raw []byte) {
	i, allowed := 0, uint8(charAlpha)
	for subtag := 0; ; {
		c, ok := l.Peek(i)
		switch {
		case ok && class[c]&allowed != 0:
			i++
			subtag++
			if i > l.limits.IRI {
				l.extend(i, l.limits.IRI, "language tag")
			}
		case ok && c == '-' && subtag > 0:
			i++
			subtag, allowed = 0, charAlpha|charDigit
		case subtag == 0:
			l.Expected(i, "a language tag")
		default:
			return l.window()[:i]
		}
	}
}

// BlankLabel reads "_:…" and returns it whole (production BLANK_NODE_LABEL).
// The bytes are valid until the next call.
func (l *Lexer) BlankLabel() []byte {
	if c, ok := l.Peek(1); !ok || c != ':' {
		l.Expected(1, `":" after "_"`)
	}
	i := l.nameChars(2, charName, "blank node label")
	if i == 2 || l.classAt(2)&(charU|charDigit) == 0 {
		l.Expected(2, "a blank node label")
	}
	return l.window()[:i]
}

// nameChars returns the offset behind the characters of the class and dots that
// start at offset i, without the dots at the end.
func (l *Lexer) nameChars(i int, allowed uint8, what string) int {
	for {
		b := l.window()
		for i < len(b) && (class[b[i]]&allowed != 0 || b[i] == '.') {
			i++
		}
		switch {
		case i >= len(b):
			if l.extend(i, l.limits.IRI, what) {
				continue
			}
		case b[i] >= utf8.RuneSelf:
			if n := l.runeIn(i, allowed); n > 0 && i <= l.limits.IRI {
				i += n
				continue
			}
		}
		if i > l.limits.IRI {
			l.extend(i, l.limits.IRI, what)
		}
		for b = l.window(); i > 0 && b[i-1] == '.'; {
			i--
		}
		return i
	}
}

// runeIn returns the length of the rune at offset i if it has one of the
// classes, else 0.
func (l *Lexer) runeIn(i int, allowed uint8) int {
	r, n := l.runeAt(i)
	if runeClass(r)&allowed == 0 {
		return 0
	}
	return n
}

// runeAt decodes the rune at offset i; it fails on what is not UTF-8.
func (l *Lexer) runeAt(i int) (rune, int) {
	for !utf8.FullRune(l.window()[i:]) && l.more() {
	}
	r, n := utf8.DecodeRune(l.window()[i:])
	if r == utf8.RuneError && n <= 1 {
		l.Fail(i, "expected UTF-8")
	}
	return r, n
}

// classAt returns the class of the character at offset i.
func (l *Lexer) classAt(i int) uint8 {
	if c, _ := l.Peek(i); c < utf8.RuneSelf {
		return class[c]
	}
	r, _ := l.runeAt(i)
	return runeClass(r)
}
