package lex

import "qlgraph/graph/xsd"

// The classes of characters in Turtle §6.5, as bits. For ASCII they are a
// table; the productions above ASCII are few ranges.
const (
	charBase  = 1 << iota // PN_CHARS_BASE
	charU                 // PN_CHARS_U
	charName              // PN_CHARS
	charDigit             // [0-9]
	charHex               // HEX
	charAlpha             // [a-zA-Z]
	charIRI               // what IRIREF admits
	charSpace             // WS
)

var class = func() (table [256]uint8) {
	for c := range 256 {
		switch {
		case 'a' <= c|0x20 && c|0x20 <= 'z' && c < 0x80:
			table[c] |= charBase | charU | charName | charAlpha
			if c|0x20 <= 'f' {
				table[c] |= charHex
			}
		case '0' <= c && c <= '9':
			table[c] |= charName | charDigit | charHex
		case c == '_':
			table[c] |= charU | charName
		case c == '-':
			table[c] |= charName
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			table[c] |= charSpace
		}
		switch {
		case c <= ' ', c == '<', c == '>', c == '"', c == '{', c == '}', c == '|', c == '^', c == '`', c == '\\':
		default:
			table[c] |= charIRI
		}
	}
	return table
}()

// runeClass returns the class of a rune above ASCII: there PN_CHARS_BASE and
// PN_CHARS are the name characters of XML.
func runeClass(r rune) uint8 {
	switch {
	case xsd.IsNameStart(r):
		return charBase | charU | charName
	case xsd.IsNameChar(r):
		return charName
	}
	return 0
}
