package iri

import (
	"fmt"
	"unicode/utf8"
)

// Error tells why and where a string is not an IRI.
type Error struct {
	Offset int // in bytes
	Msg    string
}

// Error returns the message with the offset.
func (e *Error) Error() string { return fmt.Sprintf("IRI, byte %d: %s", e.Offset, e.Msg) }

// Check reports, as an *Error, why s is not an absolute IRI with optional
// fragment (RFC 3987 §2.2, rule IRI), or nil. Non-ASCII characters are
// accepted wherever the grammar has ucschar: the exact ranges of ucschar and
// iprivate exclude characters that Turtle allows in names.
func Check(s string) error {
	n := SchemeLen(s)
	if n == 0 {
		return &Error{0, "expected an absolute IRI, which starts with a scheme"}
	}
	return checkAfterScheme(s, n+1)
}

// CheckRef is Check for an IRI reference, which may be relative (RFC 3987 §2.2,
// rule IRI-reference).
func CheckRef(s string) error {
	if n := SchemeLen(s); n > 0 {
		return checkAfterScheme(s, n+1)
	}
	for i := 0; i < len(s) && s[i] != '/' && s[i] != '?' && s[i] != '#'; i++ {
		if s[i] == ':' {
			return &Error{i, `expected no ":" in the first segment of a relative IRI`}
		}
	}
	return checkAfterScheme(s, 0)
}

// The classes of ASCII characters within an IRI.
const (
	pathChar  = 1 << iota // pchar without "%", and "/"
	queryChar             // the same, and "?"
	hexDigit
)

var asciiClass = func() (table [128]uint8) {
	mark := func(chars string, class uint8) {
		for i := range len(chars) {
			table[chars[i]] |= class
		}
	}
	const alpha = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	mark(alpha+"0123456789-._~!$&'()*+,;=:@/", pathChar|queryChar)
	mark("?", queryChar)
	mark("0123456789abcdefABCDEF", hexDigit)
	return table
}()

func checkAfterScheme(s string, i int) error {
	if len(s) >= i+2 && s[i] == '/' && s[i+1] == '/' {
		var err error
		if i, err = checkAuthority(s, i+2); err != nil {
			return err
		}
	}
	class := uint8(pathChar)
	for i < len(s) {
		c := s[i]
		switch {
		case c < utf8.RuneSelf && asciiClass[c]&class != 0:
			i++
		case c == '%':
			if !percentEncoded(s, i) {
				return &Error{i, `expected two hexadecimal digits after "%"`}
			}
			i += 3
		case c == '?':
			class = queryChar
			i++
		case c == '#':
			return checkFragment(s, i+1)
		default:
			var err error
			if i, err = checkNonASCII(s, i); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkFragment(s string, i int) error {
	for i < len(s) {
		c := s[i]
		switch {
		case c < utf8.RuneSelf && asciiClass[c]&queryChar != 0:
			i++
		case c == '%' && percentEncoded(s, i):
			i += 3
		default:
			var err error
			if i, err = checkNonASCII(s, i); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkAuthority checks from i to the end of the authority, which it returns
// (RFC 3986 §3.2).
func checkAuthority(s string, i int) (int, error) {
	for i < len(s) {
		c := s[i]
		switch {
		case c == '/' || c == '?' || c == '#':
			return i, nil
		case c == '[':
			return checkIPLiteral(s, i)
		case c < utf8.RuneSelf && asciiClass[c]&pathChar != 0:
			i++
		case c == '%' && percentEncoded(s, i):
			i += 3
		default:
			var err error
			if i, err = checkNonASCII(s, i); err != nil {
				return 0, err
			}
		}
	}
	return i, nil
}

// checkIPLiteral checks "[…]" and the port after it. What stands in the
// brackets is checked for its characters only.
func checkIPLiteral(s string, start int) (int, error) {
	i := start + 1
	for i < len(s) && (s[i] == ':' || s[i] == '.' || s[i] == 'v' || s[i] < utf8.RuneSelf && asciiClass[s[i]]&hexDigit != 0) {
		i++
	}
	if i == len(s) || s[i] != ']' {
		return 0, &Error{i, `expected "]" after the IP address`}
	}
	for i++; i < len(s) && s[i] != '/' && s[i] != '?' && s[i] != '#'; i++ {
		if s[i] != ':' && (s[i] < '0' || s[i] > '9') {
			return 0, &Error{i, "expected a port"}
		}
	}
	return i, nil
}

func percentEncoded(s string, i int) bool {
	return i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2])
}

func isHex(c byte) bool { return c < utf8.RuneSelf && asciiClass[c]&hexDigit != 0 }

func checkNonASCII(s string, i int) (int, error) {
	r, n := utf8.DecodeRuneInString(s[i:])
	switch {
	case r == utf8.RuneError && n <= 1:
		return 0, &Error{i, "expected UTF-8"}
	case r < 0xA0:
		return 0, &Error{i, fmt.Sprintf("character %q must be percent-encoded in an IRI", r)}
	}
	return i + n, nil
}
