package rdfxml

import (
	"bytes"
	"unicode/utf8"

	"qlgraph/graph/xsd"
)

// Classes of ASCII characters (XML 1.0 §2.2, §2.3; Namespaces in XML §3, where
// the colon is no name character).
const (
	nameStart = 1 << iota // NCNameStartChar
	nameChar              // NCNameChar
	space                 // S
	special               // what text cannot hold as it is: "&", "]", CR, controls; and non-ASCII
	escaped               // what canonical XML escapes, in text or in attributes
	quoted                // special for attribute values: "&", "<", white space but the blank, controls, non-ASCII
)

var class = func() (table [256]uint8) {
	for c := range 256 {
		switch {
		case 'a' <= c|0x20 && c|0x20 <= 'z' && c < 0x80, c == '_':
			table[c] = nameStart | nameChar
		case '0' <= c && c <= '9', c == '-', c == '.':
			table[c] = nameChar
		case c == ' ', c == '\n', c == '\t', c == '\r':
			table[c] = space
		}
		if c == '&' || c == ']' || c < ' ' && c != '\n' && c != '\t' || c >= 0x80 {
			table[c] |= special
		}
		if c == '&' || c == '<' || c < ' ' || c >= 0x80 {
			table[c] |= quoted
		}
		switch c {
		case '&', '<', '>', '"', '\t', '\n', '\r':
			table[c] |= escaped
		}
	}
	return table
}()

// runeClass returns the class of a rune above ASCII (XML 1.0 §2.3, productions
// NameStartChar and NameChar).
func runeClass(r rune) uint8 {
	switch {
	case xsd.IsNameStart(r):
		return nameStart | nameChar
	case xsd.IsNameChar(r):
		return nameChar
	}
	return 0
}

// isChar reports whether r is a Char of XML 1.0 §2.2.
func isChar(r rune) bool {
	return r >= ' ' && r <= 0xD7FF || r == '\n' || r == '\t' || r == '\r' || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= utf8.MaxRune
}

// isNCName reports whether s is an NCName (Namespaces in XML §3).
func isNCName[T string | []byte](s T) bool {
	wanted := uint8(nameStart)
	for i, r := range string(s) {
		if classOf(r)&wanted == 0 || r == utf8.RuneError && s[i] != 0xEF {
			return false
		}
		wanted = nameChar
	}
	return wanted == nameChar
}

// classOf returns the class of any rune.
func classOf(r rune) uint8 {
	if r < utf8.RuneSelf {
		return class[r]
	}
	return runeClass(r)
}

// isSpace reports whether b is white space only.
func isSpace(b []byte) bool {
	for _, c := range b {
		if class[c]&space == 0 {
			return false
		}
	}
	return true
}

// badChar returns the offset of the first byte of b that is no UTF-8 or no Char
// of XML, or -1. It looks at characters above ASCII only.
func badChar(b []byte) int {
	if utf8.Valid(b) && !bytes.Contains(b, []byte("\uFFFE")) && !bytes.Contains(b, []byte("\uFFFF")) {
		return -1
	}
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 || r == 0xFFFE || r == 0xFFFF {
			return i
		}
		i += n
	}
	return -1
}
