package courseid

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Escape percent-encodes an id for use as one path segment, or as the last
// component of a URN or DID.
func Escape(id string) string {
	n := 0
	for i := 0; i < len(id); i++ {
		if !unreserved(id[i]) {
			n++
		}
	}
	if n == 0 {
		return id
	}
	b := make([]byte, 0, len(id)+2*n)
	for i := 0; i < len(id); i++ {
		if c := id[i]; unreserved(c) {
			b = append(b, c)
		} else {
			b = append(b, '%', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return string(b)
}

// Unescape decodes the percent-encoding of a segment. Characters that Escape
// would have encoded are let through, so that ids written by hand are found.
// It fails on a stray percent sign and on what is not UTF-8.
func Unescape(segment string) (string, error) {
	id := segment
	if strings.IndexByte(segment, '%') >= 0 {
		b := make([]byte, 0, len(segment))
		for i := 0; i < len(segment); i++ {
			if segment[i] != '%' {
				b = append(b, segment[i])
				continue
			}
			if i+2 >= len(segment) || hexValue(segment[i+1]) < 0 || hexValue(segment[i+2]) < 0 {
				return "", fmt.Errorf("id %q: %% is not followed by two hex digits", segment)
			}
			b = append(b, byte(hexValue(segment[i+1])<<4|hexValue(segment[i+2])))
			i += 2
		}
		id = string(b)
	}
	if !utf8.ValidString(id) {
		return "", fmt.Errorf("id %q is not UTF-8", segment)
	}
	return id, nil
}

func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		c == '-' || c == '.' || c == '_' || c == '~'
}

func hexValue(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

const hexDigits = "0123456789ABCDEF"
