package lex

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

// runeClass returns the class of a rune above ASCII (PN_CHARS_BASE and
// PN_CHARS).
func runeClass(r rune) uint8 {
	switch {
	case r == 0xD7, r == 0xF7, r == 0x37E:
		return 0
	case r >= 0xC0 && r <= 0x2FF, r >= 0x370 && r <= 0x1FFF, r >= 0x200C && r <= 0x200D,
		r >= 0x2070 && r <= 0x218F, r >= 0x2C00 && r <= 0x2FEF, r >= 0x3001 && r <= 0xD7FF,
		r >= 0xF900 && r <= 0xFDCF, r >= 0xFDF0 && r <= 0xFFFD, r >= 0x10000 && r <= 0xEFFFF:
		return charBase | charU | charName
	case r == 0xB7, r >= 0x300 && r <= 0x36F, r >= 0x203F && r <= 0x2040:
		return charName
	}
	return 0
}
