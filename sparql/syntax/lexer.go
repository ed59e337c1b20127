package syntax

import (
	"strings"
	"unicode/utf8"
)

// kind is the kind of a token.
type kind uint8

const (
	tokEOF     kind = iota
	tokWord         // a keyword or built-in name
	tokPunct        // an operator or bracket; text says which
	tokIRI          // IRIREF; text without brackets
	tokPName        // prefixed name; prefix and text
	tokBlank        // BLANK_NODE_LABEL; text is the label
	tokVar          // VAR1 or VAR2; text is the name
	tokLang         // LANGTAG; text without @
	tokString       // any of the four string forms; text is the value
	tokInteger      // unsigned, as are the next two
	tokDecimal
	tokDouble
)

// token is a lexical token. Its text has escapes resolved.
type token struct {
	kind   kind
	text   string
	prefix string // of a tokPName
	pos    int
	end    int
}

// lexer yields the tokens of a query, whose codepoint escapes are resolved
// already (SPARQL 1.1 §19.2).
type lexer struct {
	src  string
	pos  int
	fail func(pos int, msg string) // panics
}

// next returns the next token: the longest that matches (SPARQL 1.1 §19.8, note 2).
func (l *lexer) next() token {
	l.skipSpace()
	start := l.pos
	if start >= len(l.src) {
		return token{kind: tokEOF, pos: start, end: start}
	}
	t := l.scan(l.src[start])
	t.pos, t.end = start, l.pos
	return t
}

func (l *lexer) scan(c byte) token {
	switch {
	case c == '<':
		return l.scanIRI()
	case c == '?' || c == '$':
		return l.scanVar()
	case c == '"' || c == '\'':
		return l.scanString(c)
	case c == '@':
		return l.scanLang()
	case c >= '0' && c <= '9', c == '.' && isDigit(l.at(1)):
		return l.scanNumber()
	case c == '_' && l.at(1) == ':':
		return l.scanBlank()
	case c == ':' || c >= utf8.RuneSelf || isLetter(c):
		return l.scanName()
	}
	return l.scanPunct()
}

// at returns the byte i places after the current one, 0 at the end.
func (l *lexer) at(i int) byte {
	if l.pos+i < len(l.src) {
		return l.src[l.pos+i]
	}
	return 0
}

// skipSpace skips WS and comments (SPARQL 1.1 §19.4).
func (l *lexer) skipSpace() {
	for l.pos < len(l.src) {
		switch l.src[l.pos] {
		case ' ', '\t', '\r', '\n':
			l.pos++
		case '#':
			end := strings.IndexAny(l.src[l.pos:], "\r\n")
			if end < 0 {
				end = len(l.src) - l.pos
			}
			l.pos += end
		default:
			return
		}
	}
}

// scanIRI scans an IRIREF; where the text is none, "<" or "<=".
//
// [139] IRIREF ::= '<' ([^<>"{}|^`\]-[#x00-#x20])* '>'
func (l *lexer) scanIRI() token {
	for i := l.pos + 1; i < len(l.src); i++ {
		c := l.src[i]
		if c == '>' {
			text := l.src[l.pos+1 : i]
			l.pos = i + 1
			return token{kind: tokIRI, text: text}
		}
		if c <= ' ' || strings.IndexByte("<\"{}|^`\\", c) >= 0 {
			break
		}
	}
	return l.scanPunct()
}

// scanVar scans a variable, or the path modifier "?".
//
// [166] VARNAME ::= ( PN_CHARS_U | [0-9] ) ( PN_CHARS_U | [0-9] | #x00B7 | [#x0300-#x036F] | [#x203F-#x2040] )*
func (l *lexer) scanVar() token {
	i := l.pos + 1
	for i < len(l.src) {
		r, size := utf8.DecodeRuneInString(l.src[i:])
		if !isNameStart(r) && !isDigitRune(r) && (i == l.pos+1 || !isCombining(r)) {
			break
		}
		i += size
	}
	if i == l.pos+1 {
		return l.scanPunct()
	}
	name := l.src[l.pos+1 : i]
	l.pos = i
	return token{kind: tokVar, text: name}
}

// [145] LANGTAG ::= '@' [a-zA-Z]+ ('-' [a-zA-Z0-9]+)*
func (l *lexer) scanLang() token {
	start := l.pos + 1
	i := start
	for i < len(l.src) && isLetter(l.src[i]) {
		i++
	}
	if i == start {
		l.fail(l.pos, "expected a language tag after '@'")
	}
	for i+1 < len(l.src) && l.src[i] == '-' && isAlnum(l.src[i+1]) {
		i++
		for i < len(l.src) && isAlnum(l.src[i]) {
			i++
		}
	}
	l.pos = i
	return token{kind: tokLang, text: l.src[start:i]}
}

// [146] INTEGER ::= [0-9]+
// [147] DECIMAL ::= [0-9]* '.' [0-9]+
// [148] DOUBLE ::= [0-9]+ '.' [0-9]* EXPONENT | '.' ([0-9])+ EXPONENT | ([0-9])+ EXPONENT
func (l *lexer) scanNumber() token {
	start, k := l.pos, tokInteger
	i := l.digits(start)
	if i < len(l.src) && l.src[i] == '.' {
		frac := l.digits(i + 1)
		if frac > i+1 {
			k, i = tokDecimal, frac
		} else if l.exponent(i+1) > i+1 {
			i++
		}
	}
	if end := l.exponent(i); end > i {
		k, i = tokDouble, end
	}
	l.pos = i
	return token{kind: k, text: l.src[start:i]}
}

// digits returns the end of the run of digits at i.
func (l *lexer) digits(i int) int {
	for i < len(l.src) && isDigit(l.src[i]) {
		i++
	}
	return i
}

// exponent returns the end of the EXPONENT at i, i where there is none.
//
// [155] EXPONENT ::= [eE] [+-]? [0-9]+
func (l *lexer) exponent(i int) int {
	if i >= len(l.src) || l.src[i]|0x20 != 'e' {
		return i
	}
	j := i + 1
	if j < len(l.src) && (l.src[j] == '+' || l.src[j] == '-') {
		j++
	}
	if end := l.digits(j); end > j {
		return end
	}
	return i
}

// [142] BLANK_NODE_LABEL ::= '_:' ( PN_CHARS_U | [0-9] ) ((PN_CHARS|'.')* PN_CHARS)?
func (l *lexer) scanBlank() token {
	start := l.pos + 2
	r, size := utf8.DecodeRuneInString(l.src[start:])
	if !isNameStart(r) && !isDigitRune(r) {
		l.fail(l.pos, "expected a blank node label after '_:'")
	}
	end := l.nameRun(start + size)
	l.pos = end
	return token{kind: tokBlank, text: l.src[start:end]}
}

// nameRun returns the end of ((PN_CHARS|'.')* PN_CHARS)? at i.
func (l *lexer) nameRun(i int) int {
	end := i
	for i < len(l.src) {
		r, size := utf8.DecodeRuneInString(l.src[i:])
		switch {
		case isNameChar(r):
			i += size
			end = i
		case r == '.':
			i++
		default:
			return end
		}
	}
	return end
}

// scanName scans a prefixed name or, where no colon follows, a word.
//
// [140] PNAME_NS ::= PN_PREFIX? ':'
// [141] PNAME_LN ::= PNAME_NS PN_LOCAL
// [168] PN_PREFIX ::= PN_CHARS_BASE ((PN_CHARS|'.')* PN_CHARS)?
func (l *lexer) scanName() token {
	start, end := l.pos, l.pos
	if l.src[start] != ':' {
		r, size := utf8.DecodeRuneInString(l.src[start:])
		if !isNameBase(r) {
			l.fail(start, "unexpected character "+quoteRune(r))
		}
		end = l.nameRun(start + size)
	}
	if end < len(l.src) && l.src[end] == ':' {
		l.pos = end + 1
		return token{kind: tokPName, prefix: l.src[start:end], text: l.scanLocal()}
	}
	for l.pos < len(l.src) && (isAlnum(l.src[l.pos]) || l.src[l.pos] == '_') {
		l.pos++
	}
	if l.pos == start {
		r, _ := utf8.DecodeRuneInString(l.src[start:])
		l.fail(start, "unexpected character "+quoteRune(r))
	}
	return token{kind: tokWord, text: l.src[start:l.pos]}
}

// scanLocal scans a PN_LOCAL, which may be empty, and resolves its escapes.
//
// [169] PN_LOCAL ::= (PN_CHARS_U | ':' | [0-9] | PLX ) ((PN_CHARS | '.' | ':' | PLX)* (PN_CHARS | ':' | PLX) )?
// [170] PLX ::= PERCENT | PN_LOCAL_ESC
func (l *lexer) scanLocal() string {
	start, end, escaped := l.pos, l.pos, false
	for i := l.pos; i < len(l.src); {
		r, size := utf8.DecodeRuneInString(l.src[i:])
		switch {
		case r == ':' || isNameStart(r) || isDigitRune(r) || i > start && isNameChar(r):
			i += size
			end = i
		case r == '.' && i > start:
			i++
		case r == '%' && i+2 < len(l.src) && isHex(l.src[i+1]) && isHex(l.src[i+2]):
			i += 3
			end = i
		case r == '\\' && i+1 < len(l.src) && strings.IndexByte("_~.-!$&'()*+,;=/?#@%", l.src[i+1]) >= 0:
			escaped = true
			i += 2
			end = i
		case r == '\\' || r == '%':
			l.fail(i, "malformed escape in a prefixed name")
		default:
			i = len(l.src)
		}
	}
	l.pos = end
	if !escaped {
		return l.src[start:end]
	}
	var b strings.Builder
	for i := start; i < end; i++ {
		if l.src[i] == '\\' {
			i++
		}
		b.WriteByte(l.src[i])
	}
	return b.String()
}

// punctuation holds the operators of two characters; any other is one.
const punctuation = "^^||&&!=<=>="

func (l *lexer) scanPunct() token {
	if l.pos+1 < len(l.src) {
		two := l.src[l.pos : l.pos+2]
		for i := 0; i < len(punctuation); i += 2 {
			if two == punctuation[i:i+2] {
				l.pos += 2
				return token{kind: tokPunct, text: two}
			}
		}
	}
	c := l.src[l.pos]
	if strings.IndexByte("{}()[].,;*/+-=<>!|^?", c) < 0 {
		r, _ := utf8.DecodeRuneInString(l.src[l.pos:])
		l.fail(l.pos, "unexpected character "+quoteRune(r))
	}
	l.pos++
	return token{kind: tokPunct, text: l.src[l.pos-1 : l.pos]}
}
