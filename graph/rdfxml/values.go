package rdfxml

import (
	"bytes"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// textValue returns character data with its references expanded and its line
// ends normalised (XML 1.0 §2.4, §2.11, §4.4).
func (s *scanner) textValue(raw []byte) []byte {
	plain, ascii := true, true
	for i, c := range raw {
		if class[c]&special == 0 {
			continue
		}
		switch {
		case c >= utf8.RuneSelf:
			ascii = false
		case c == ']':
			if bytes.HasPrefix(raw[i:], []byte("]]>")) {
				s.fail(i, `expected no "]]>" within text`)
			}
		case c == '&' || c == '\r':
			plain = false
		default:
			s.fail(i, fmt.Sprintf("character %q is not allowed in XML", c))
		}
	}
	if !ascii {
		s.checkChars(raw, 0)
	}
	if plain {
		return raw
	}
	return s.expandText(raw)
}

// expandText is textValue for text that is not plain.
func (s *scanner) expandText(raw []byte) []byte {
	start := len(s.scratch)
	for i := 0; i < len(raw); {
		n := bytes.IndexAny(raw[i:], "&\r")
		if n < 0 {
			n = len(raw) - i
		}
		s.scratch = append(s.scratch, raw[i:i+n]...)
		if i += n; i == len(raw) {
			break
		}
		if raw[i] == '&' {
			i += s.reference(raw[i:], i, false)
			continue
		}
		s.scratch = append(s.scratch, '\n')
		i += lineEnd(raw[i:])
	}
	return s.scratch[start:]
}

// attributeValue returns an attribute's value, normalised (XML 1.0 §3.3.3;
// without a DTD all attributes are CDATA). raw is at the offset at.
func (s *scanner) attributeValue(raw []byte, at int) []byte {
	plain, ascii := true, true
	for i, c := range raw {
		switch {
		case class[c]&quoted == 0:
		case c >= utf8.RuneSelf:
			ascii = false
		case c == '<':
			s.fail(at+i, `expected no "<" within an attribute`)
		case c == '&' || c == '\n' || c == '\t' || c == '\r':
			plain = false
		default:
			s.fail(at+i, fmt.Sprintf("character %q is not allowed in XML", c))
		}
	}
	if !ascii {
		s.checkChars(raw, at)
	}
	if plain {
		return raw
	}
	start := len(s.scratch)
	for i := 0; i < len(raw); {
		switch c := raw[i]; c {
		case '&':
			i += s.reference(raw[i:], at+i, true)
			continue
		case '\r':
			s.scratch = append(s.scratch, ' ')
			i += lineEnd(raw[i:])
			continue
		case '\n', '\t':
			s.scratch = append(s.scratch, ' ')
		default:
			s.scratch = append(s.scratch, c)
		}
		i++
	}
	return s.scratch[start:]
}

// verbatim returns what holds no references, with its line ends normalised.
func (s *scanner) verbatim(raw []byte, at int) []byte {
	for i, c := range raw {
		if c < ' ' && c != '\n' && c != '\t' && c != '\r' {
			s.fail(at+i, fmt.Sprintf("character %q is not allowed in XML", c))
		}
	}
	s.checkChars(raw, at)
	if bytes.IndexByte(raw, '\r') < 0 {
		return raw
	}
	raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(raw, []byte("\r"), []byte("\n"))
}

// lineEnd returns the length of the line end that b starts with.
func lineEnd(b []byte) int {
	if bytes.HasPrefix(b, []byte("\r\n")) {
		return 2
	}
	return 1
}

func (s *scanner) checkChars(b []byte, at int) {
	if i := badChar(b); i >= 0 {
		s.fail(at+i, "expected UTF-8 characters that XML allows")
	}
}

// reference appends to s.scratch what the reference at the start of b stands
// for, and returns the reference's length (production Reference). Within
// attributes an entity's white space becomes blanks.
func (s *scanner) reference(b []byte, at int, attribute bool) int {
	n := bytes.IndexByte(b, ';')
	if n < 0 || n > s.limits.IRI {
		s.fail(at, `expected ";" behind "&" and a name`)
	}
	name := b[1:n]
	if len(name) > 0 && name[0] == '#' {
		s.scratch = utf8.AppendRune(s.scratch, s.charReference(name[1:], at))
		return n + 1
	}
	if c := predefined(name); c != 0 {
		s.scratch = append(s.scratch, c)
		return n + 1
	}
	value, ok := s.entities[string(name)]
	if !ok {
		if !isNCName(name) {
			s.fail(at, `expected a name between "&" and ";"`)
		}
		s.fail(at, fmt.Sprintf("entity &%s; is not declared", name))
	}
	if s.expanded += len(value); s.expanded > maxExpansion {
		s.fail(at, fmt.Sprintf("entities expand to more than the limit of %d bytes", maxExpansion))
	}
	start := len(s.scratch)
	s.scratch = append(s.scratch, value...)
	if attribute {
		for i, c := range s.scratch[start:] {
			if class[c]&space != 0 {
				s.scratch[start+i] = ' '
			}
		}
	}
	return n + 1
}

// charReference decodes what stands between "&#" and ";" (production CharRef).
func (s *scanner) charReference(digits []byte, at int) rune {
	base := 10
	if len(digits) > 0 && digits[0] == 'x' {
		digits, base = digits[1:], 16
	}
	if len(digits) == 0 || digits[0] == '+' || digits[0] == '-' || digits[0] == '_' {
		s.fail(at, "expected digits behind \"&#\"")
	}
	n, err := strconv.ParseUint(string(digits), base, 32)
	if err != nil || n > utf8.MaxRune || !isChar(rune(n)) {
		s.fail(at, "reference is not to a character that XML allows")
	}
	return rune(n)
}

// predefined returns the character of a predefined entity (XML 1.0 §4.6), or 0.
func predefined(name []byte) byte {
	switch string(name) {
	case "lt":
		return '<'
	case "gt":
		return '>'
	case "amp":
		return '&'
	case "quot":
		return '"'
	case "apos":
		return '\''
	}
	return 0
}
