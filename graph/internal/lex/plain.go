package lex

import "unicode/utf8"

// IsPrefix reports whether s can be declared as a prefix (production PN_PREFIX,
// or empty).
func IsPrefix(s string) bool {
	if s == "" {
		return true
	}
	r, _ := utf8.DecodeRuneInString(s)
	return classOf(r)&charBase != 0 && isRunOf(s, false)
}

// IsLocal reports whether s can be the local part of a name as it stands,
// without escapes (production PN_LOCAL, or empty).
func IsLocal(s string) bool {
	if s == "" {
		return true
	}
	r, _ := utf8.DecodeRuneInString(s)
	return (r == ':' || classOf(r)&(charU|charDigit) != 0) && isRunOf(s, true)
}

// isRunOf reports whether s is of name characters, dots that are not at the
// end, and colons where these are admitted.
func isRunOf(s string, colons bool) bool {
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 || runeClass(r)&charName == 0 {
				return false
			}
			i += n
			continue
		case class[c]&charName != 0:
		case c == '.' && i+1 < len(s):
		case c == ':' && colons:
		default:
			return false
		}
		i++
	}
	return true
}

func classOf(r rune) uint8 {
	if r < utf8.RuneSelf {
		return class[r]
	}
	return runeClass(r)
}
