package syntax

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// scanString scans one of the four string forms and resolves its escapes.
//
// [156] STRING_LITERAL1 ::= "'" ( ([^#x27#x5C#xA#xD]) | ECHAR )* "'"
// [158] STRING_LITERAL_LONG1 ::= three "'" around ( ( "'" | "”" )? ( [^'\] | ECHAR ) )*
func (l *lexer) scanString(quote byte) token {
	long := l.at(1) == quote && l.at(2) == quote
	width := 1
	if long {
		width = 3
	}
	start := l.pos + width
	closing := strings.Repeat(string(quote), width)
	for i := start; i < len(l.src); i++ {
		switch c := l.src[i]; {
		case c == '\\':
			if i+1 >= len(l.src) || strings.IndexByte(escapeLetters, l.src[i+1]) < 0 {
				l.fail(i, "malformed escape in a string")
			}
			i++
		case c == quote && strings.HasPrefix(l.src[i:], closing):
			text := unescape(l.src[start:i])
			l.pos = i + width
			return token{kind: tokString, text: text}
		case !long && (c == '\n' || c == '\r'):
			l.fail(i, "line end in a string: use three quotation marks around it")
		}
	}
	l.fail(l.pos, "string without an end")
	return token{}
}

// [160] ECHAR ::= '\' [tbnrf\"']
const (
	escapeLetters = `tbnrf\"'`
	escapeValues  = "\t\b\n\r\f\\\"'"
)

func unescape(s string) string {
	i := strings.IndexByte(s, '\\')
	if i < 0 {
		return s
	}
	var b strings.Builder
	for ; i >= 0; i = strings.IndexByte(s, '\\') {
		b.WriteString(s[:i])
		b.WriteByte(escapeValues[strings.IndexByte(escapeLetters, s[i+1])])
		s = s[i+2:]
	}
	b.WriteString(s)
	return b.String()
}

// codepoints resolves \uXXXX and \UXXXXXXXX (SPARQL 1.1 §19.2), which comes
// before the grammar. moved lists where the text became shorter, so that
// original can find the place in what was written.
func codepoints(src string) (text string, moved []shift, bad int) {
	if !strings.Contains(src, `\u`) && !strings.Contains(src, `\U`) {
		return src, nil, -1
	}
	var b strings.Builder
	for i := 0; i < len(src); {
		if src[i] != '\\' || i+1 >= len(src) {
			b.WriteByte(src[i])
			i++
			continue
		}
		digits := map[byte]int{'u': 4, 'U': 8}[src[i+1]]
		if digits == 0 { // another escape: both characters stay
			b.WriteString(src[i : i+2])
			i += 2
			continue
		}
		end := i + 2 + digits
		if end > len(src) {
			return "", nil, i
		}
		n, err := strconv.ParseUint(src[i+2:end], 16, 32)
		if err != nil || !utf8.ValidRune(rune(n)) {
			return "", nil, i
		}
		b.WriteRune(rune(n))
		i = end
		moved = append(moved, shift{at: b.Len(), by: i - b.Len()})
	}
	return b.String(), moved, -1
}

// shift says that from the byte at on, the written text is by bytes further.
type shift struct{ at, by int }

func original(moved []shift, pos int) int {
	for i := len(moved) - 1; i >= 0; i-- {
		if moved[i].at <= pos {
			return pos + moved[i].by
		}
	}
	return pos
}

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isAlnum(c byte) bool  { return isDigit(c) || isLetter(c) }
func isHex(c byte) bool    { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

func isDigitRune(r rune) bool { return r >= '0' && r <= '9' }

// isNameBase reports PN_CHARS_BASE [164].
func isNameBase(r rune) bool {
	switch {
	case r < 0x80:
		return isLetter(byte(r))
	case r < 0x300:
		return r >= 0xC0 && r != 0xD7 && r != 0xF7
	case r < 0x2000:
		return r >= 0x370 && r != 0x37E
	}
	return r == 0x200C || r == 0x200D || r >= 0x2070 && r <= 0x218F || r >= 0x2C00 && r <= 0x2FEF ||
		r >= 0x3001 && r <= 0xD7FF || r >= 0xF900 && r <= 0xFDCF || r >= 0xFDF0 && r <= 0xFFFD ||
		r >= 0x10000 && r <= 0xEFFFF
}

// isNameStart reports PN_CHARS_U [165].
func isNameStart(r rune) bool { return r == '_' || isNameBase(r) }

// isCombining reports what PN_CHARS [167] and VARNAME [166] both add.
func isCombining(r rune) bool {
	return r == 0xB7 || r >= 0x300 && r <= 0x36F || r == 0x203F || r == 0x2040
}

// isNameChar reports PN_CHARS [167].
func isNameChar(r rune) bool {
	return isNameStart(r) || r == '-' || isDigitRune(r) || isCombining(r)
}

func quoteRune(r rune) string { return strconv.QuoteRune(r) }
