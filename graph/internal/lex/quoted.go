package lex

import (
	"bytes"
	"unicode/utf8"
)

// Quoted reads a string in the quotes that stand first, single or, where long
// allows it, tripled, and returns its value (productions STRING_LITERAL_QUOTE,
// STRING_LITERAL_LONG_QUOTE and their twins with single quotes).
func (l *Lexer) Quoted(long bool) string {
	quote, n := l.Next(), 1
	if second, _ := l.Peek(1); long && second == quote {
		if third, _ := l.Peek(2); third != quote {
			l.pos += 2
			return ""
		}
		n = 3
	}
	end, plain := l.endOfQuoted(quote, n)
	if end > l.limits.Literal {
		l.extend(end, l.limits.Literal, "literal")
	}
	raw := l.window()[n:end]
	l.checkUTF8(raw, n)
	if !plain {
		raw = l.unescapeString(raw, n)
	}
	value := string(raw)
	if n == 3 {
		l.advanceOver(end + n)
	} else {
		l.pos += end + n
	}
	return value
}

// endOfQuoted returns the offset of the n closing quotes behind the n opening
// ones, and whether the string has no escape.
func (l *Lexer) endOfQuoted(quote byte, n int) (end int, plain bool) {
	i, plain := n, true
	for {
		b := l.window()
		switch {
		case i >= len(b):
		case plain:
			i += plainRun(b[i:], quote, n)
		default:
			i += escapedRun(b[i:], quote)
		}
		if i >= len(b) {
			if !l.extend(i, l.limits.Literal, "literal") {
				l.Expected(len(l.window()), "the closing quote")
			}
			continue
		}
		switch c := b[i]; {
		case c == '\\':
			plain = false
			i += 2
		case c == quote && n == 3 && i+2 >= len(b) && l.extend(i, l.limits.Literal, "literal"):
			// Whether two more follow can be told only now.
		case c == quote:
			if n == 1 || l.tripled(i, quote) {
				return i, plain
			}
			i++
		case n == 1:
			l.Fail(i, "expected the closing quote before the end of the line")
		default:
			i++
		}
	}
}

// plainRun returns how many bytes of b precede the first quote, backslash or,
// in a string with one quote, line end. Several vectorised searches are faster
// than one loop over the bytes, as long as none of them starts again and again.
func plainRun(b []byte, quote byte, n int) int {
	if i := bytes.IndexByte(b, quote); i >= 0 {
		b = b[:i]
	}
	if i := bytes.IndexByte(b, '\\'); i >= 0 {
		b = b[:i]
	}
	if n == 1 {
		if i := bytes.IndexByte(b, '\n'); i >= 0 {
			b = b[:i]
		}
		if i := bytes.IndexByte(b, '\r'); i >= 0 {
			b = b[:i]
		}
	}
	return len(b)
}

// escapedRun is plainRun byte by byte: in a string full of escapes a search for
// the quote would run over the whole window for each of them.
func escapedRun(b []byte, quote byte) int {
	for i, c := range b {
		if c == quote || c == '\\' || c == '\n' || c == '\r' {
			return i
		}
	}
	return len(b)
}

// tripled reports whether two more quotes follow the one at offset i.
func (l *Lexer) tripled(i int, quote byte) bool {
	second, _ := l.Peek(i + 1)
	third, _ := l.Peek(i + 2)
	return second == quote && third == quote
}

// unescapeString returns raw, which is at offset at, with its escapes replaced
// (productions ECHAR and UCHAR). The bytes are valid until the next call.
func (l *Lexer) unescapeString(raw []byte, at int) []byte {
	out := l.scratch[:0]
	for len(raw) > 0 {
		i := bytes.IndexByte(raw, '\\')
		if i < 0 {
			i = len(raw)
		}
		out, raw, at = append(out, raw[:i]...), raw[i:], at+i
		if len(raw) == 0 {
			break
		}
		n := 2
		switch raw[1] {
		case 't':
			out = append(out, '\t')
		case 'b':
			out = append(out, '\b')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 'f':
			out = append(out, '\f')
		case '"', '\'', '\\':
			out = append(out, raw[1])
		case 'u', 'U':
			var r rune
			r, n = l.uchar(raw, at)
			out = utf8.AppendRune(out, r)
		default:
			l.Expected(at+1, `one of t b n r f " ' \ u U after "\"`)
		}
		raw, at = raw[n:], at+n
	}
	l.scratch = out
	return out
}
