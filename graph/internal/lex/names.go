package lex

import (
	"strings"
	"unicode/utf8"

	"qlgraph/graph/rdf"
)

// Word returns the ASCII name characters that stand first, without dots:
// keywords are compared with it. The bytes are valid until the next call.
func (l *Lexer) Word() []byte {
	for i := 0; ; {
		b := l.window()
		for i < len(b) && class[b[i]]&charName != 0 {
			i++
		}
		if i < len(b) || !l.extend(i, l.limits.IRI, "word") {
			return b[:i]
		}
	}
}

// PrefixName reads a prefix with its colon (production PNAME_NS). The bytes are
// valid until the next call.
func (l *Lexer) PrefixName() []byte {
	n := l.prefixName()
	if n == 0 {
		l.Expected(0, `a prefix with ":"`)
	}
	return l.window()[:n]
}

// prefixName returns the length of the PNAME_NS that stands first, or 0.
func (l *Lexer) prefixName() int {
	i := l.nameChars(0, charName, "prefix")
	if c, ok := l.Peek(i); !ok || c != ':' {
		return 0
	}
	if i > 0 && l.classAt(0)&charBase == 0 {
		return 0
	}
	return i + 1
}

// PrefixedName reads a PrefixedName (production PNAME_LN or PNAME_NS) and
// returns it, and where its local part starts; -1 if there is none. The bytes
// are valid until the next call.
func (l *Lexer) PrefixedName() (token []byte, local int) {
	local = l.prefixName()
	if local == 0 {
		return nil, -1
	}
	// Fewer characters may start a local part than may follow.
	first := l.classAt(local)
	if c, _ := l.Peek(local); c == '.' || first&charName != 0 && first&(charU|charDigit) == 0 {
		return l.window()[:local], local
	}
	i, end := local, local
	for {
		b := l.window()
		for i < len(b) && class[b[i]]&charName != 0 {
			i++
			end = i
		}
		n := l.localChar(i)
		if n == 0 {
			break
		}
		if i > l.limits.IRI {
			l.extend(i, l.limits.IRI, "name")
		}
		if i += n; n > 1 || l.buf[l.pos+i-1] != '.' {
			end = i
		}
	}
	if end > l.limits.IRI {
		l.extend(end, l.limits.IRI, "name")
	}
	return l.window()[:end], local
}

// localChar returns the length of the character of PN_LOCAL at offset i that is
// not a plain ASCII name character, or 0.
func (l *Lexer) localChar(i int) int {
	if l.pos+i >= l.end && !l.extend(i, l.limits.IRI, "name") {
		return 0
	}
	switch c := l.buf[l.pos+i]; {
	case class[c]&charName != 0, c == ':', c == '.':
		return 1
	case c == '%':
		for j := i + 1; j < i+3; j++ {
			if h, ok := l.Peek(j); !ok || class[h]&charHex == 0 {
				l.Expected(j, `a hexadecimal digit after "%"`)
			}
		}
		return 3
	case c == '\\':
		if e, ok := l.Peek(i + 1); !ok || strings.IndexByte(localEscapes, e) < 0 {
			l.Expected(i+1, "one of "+localEscapes+` after "\"`)
		}
		return 2
	case c >= utf8.RuneSelf:
		return l.runeIn(i, charName)
	}
	return 0
}

// localEscapes are the characters that PN_LOCAL_ESC admits.
const localEscapes = "_~.-!$&'()*+,;=/?#@%"

// UnescapeLocal returns the local part of a name with its escapes replaced.
// The bytes are valid until the next call.
func (l *Lexer) UnescapeLocal(raw []byte) []byte {
	out := l.scratch[:0]
	for i := 0; i < len(raw); i++ {
		if raw[i] == '\\' {
			i++
		}
		out = append(out, raw[i])
	}
	l.scratch = out
	return out
}

// Number reads a number and returns it as written with its datatype
// (productions INTEGER, DECIMAL and DOUBLE). The bytes are valid until the next
// call.
func (l *Lexer) Number() (text []byte, datatype string) {
	i := 0
	if c := l.Next(); c == '+' || c == '-' {
		i = 1
	}
	whole := l.digits(i)
	end, datatype := whole, rdf.XSDInteger
	if c, _ := l.Peek(whole); c == '.' {
		if f := l.digits(whole + 1); f > whole+1 {
			end, datatype = f, rdf.XSDDecimal
		}
	}
	if whole == i && end == whole {
		l.Expected(i, "a digit")
	}
	if e := l.exponent(end); e > 0 {
		return l.window()[:e], rdf.XSDDouble
	}
	if e := l.exponent(whole + 1); end == whole && e > 0 {
		if c, _ := l.Peek(whole); c == '.' {
			return l.window()[:e], rdf.XSDDouble
		}
	}
	return l.window()[:end], datatype
}

// digits returns the offset behind the digits at offset i.
func (l *Lexer) digits(i int) int {
	for {
		c, ok := l.Peek(i)
		if !ok || class[c]&charDigit == 0 {
			return i
		}
		if i++; i > l.limits.Literal {
			l.extend(i, l.limits.Literal, "number")
		}
	}
}

// exponent returns the offset behind the EXPONENT at offset i, or 0.
func (l *Lexer) exponent(i int) int {
	if c, _ := l.Peek(i); c != 'e' && c != 'E' {
		return 0
	}
	i++
	if c, _ := l.Peek(i); c == '+' || c == '-' {
		i++
	}
	if end := l.digits(i); end > i {
		return end
	}
	return 0
}
