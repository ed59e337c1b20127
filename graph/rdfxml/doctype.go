package rdfxml

import (
	"bytes"
	"fmt"
	"strings"
)

// A document type may declare internal entities that are plain text: RDF/XML
// files use them to abbreviate namespaces (&xsd;). Whatever else a DTD can do
// is an error: it would need the network, a second parser, or be an attack.

// checkDeclaration checks an XML declaration, which lacks only its "?>"
// (production XMLDecl).
func (s *scanner) checkDeclaration(b []byte) {
	i := len("<?xml")
	for k, name := range []string{"version", "encoding", "standalone"} {
		j := skipSpace(b, i)
		if j == len(b) && k > 0 {
			return
		}
		if !bytes.HasPrefix(b[j:], []byte(name)) {
			if k == 0 {
				s.expected(j, `version="1.0"`)
			}
			continue
		}
		if i == j {
			s.expected(j, "white space")
		}
		j = skipSpace(b, j+len(name))
		if j == len(b) || b[j] != '=' {
			s.expected(j, `"="`)
		}
		j = skipSpace(b, j+1)
		if j == len(b) || b[j] != '"' && b[j] != '\'' {
			s.expected(j, "a quoted value")
		}
		n := bytes.IndexByte(b[j+1:], b[j])
		if n < 0 {
			s.expected(len(b), "a closing quote")
		}
		if k == 0 && string(b[j+1:j+1+n]) != "1.0" {
			s.fail(j+1, "expected XML version 1.0")
		}
		i = j + n + 2
	}
	if skipSpace(b, i) != len(b) {
		s.expected(skipSpace(b, i), `"?>"`)
	}
}

// doctype reads the document type declaration (production doctypedecl).
func (s *scanner) doctype() {
	s.entities = make(map[string]string)
	for {
		clear(s.entities)
		if n := s.tryDoctype(s.unread()); n > 0 {
			s.pos += n
			return
		}
		if n := len(s.unread()); !s.moreToken(n, maxDoctype, "document type") {
			s.expected(n, `the end of the document type, ">"`)
		}
	}
}

// tryDoctype returns the length of the declaration, or 0 if b ends too early.
func (s *scanner) tryDoctype(b []byte) int {
	i := len("<!DOCTYPE")
	if i < len(b) && class[b[i]]&space == 0 {
		s.expected(i, "white space")
	}
	if i = skipSpace(b, i); i == len(b) {
		return 0
	}
	_, i = s.qname(b, i)
	if i = skipSpace(b, i); i == len(b) {
		return 0
	}
	if b[i] == '[' {
		i = s.subset(b, i+1)
		if i = skipSpace(b, i); i == len(b) {
			return 0
		}
	}
	if b[i] != '>' {
		s.fail(i, `expected "[" or ">": a document type must not refer to an external one`)
	}
	return i + 1
}

// subset reads the internal subset and returns the offset behind its "]", or
// len(b) (production intSubset).
func (s *scanner) subset(b []byte, i int) int {
	for i < len(b) {
		if i = skipSpace(b, i); i == len(b) {
			return i
		}
		rest := b[i:]
		switch {
		case rest[0] == ']':
			return i + 1
		case rest[0] == '<' && len(rest) < len("<!ENTITY"):
			return len(b)
		case bytes.HasPrefix(rest, []byte("<!--")):
			i = behind(b, i+4, "-->")
		case bytes.HasPrefix(rest, []byte("<?")):
			i = behind(b, i+2, "?>")
		case bytes.HasPrefix(rest, []byte("<!ENTITY")):
			i = s.entity(b, i+len("<!ENTITY"))
		default:
			s.fail(i, `expected an internal entity, a comment or "]": other declarations are not supported`)
		}
	}
	return i
}

// behind returns the offset behind the next end at or after b[i:], or len(b).
func behind(b []byte, i int, end string) int {
	n := bytes.Index(b[i:], []byte(end))
	if n < 0 {
		return len(b)
	}
	return i + n + len(end)
}

// entity reads an entity declaration from its name on and returns the offset
// behind it, or len(b) (production GEDecl).
func (s *scanner) entity(b []byte, i int) int {
	j := skipSpace(b, i)
	if j == len(b) {
		return j
	}
	if i == j {
		s.expected(i, "white space")
	}
	if b[j] == '%' {
		s.fail(j, "parameter entities are not supported")
	}
	name, k := s.qname(b, j)
	if name.prefix != nil {
		s.fail(j, "expected a name without colon")
	}
	if k = skipSpace(b, k); k == len(b) {
		return k
	}
	if b[k] != '"' && b[k] != '\'' {
		s.fail(k, "expected a quoted value: external entities are not supported")
	}
	n := bytes.IndexByte(b[k+1:], b[k])
	if n < 0 {
		return len(b)
	}
	s.define(string(name.local), b[k+1:k+1+n], k+1)
	if len(s.entities) > maxEntities {
		s.fail(j, fmt.Sprintf("more entities than the limit of %d", maxEntities))
	}
	if k = skipSpace(b, k+n+2); k == len(b) {
		return k
	}
	if b[k] != '>' {
		s.expected(k, `">"`)
	}
	return k + 1
}

// define declares an entity. Predefined ones may be declared, to the same effect
// (§4.6); of others the first declaration counts (§4.2).
func (s *scanner) define(name string, raw []byte, at int) {
	if predefined([]byte(name)) != 0 {
		return
	}
	value := s.entityValue(raw, at)
	if _, known := s.entities[name]; !known {
		s.entities[name] = value
	}
}

// entityValue returns an entity's replacement text. Since it may hold neither
// markup nor references to entities other than the predefined ones, it is plain
// text and is not parsed again where it is used.
func (s *scanner) entityValue(raw []byte, at int) string {
	s.verbatim(raw, at)
	var value strings.Builder
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; c {
		case '%':
			s.fail(at+i, "parameter entities are not supported")
		case '<':
			s.fail(at+i, "expected no markup within an entity")
		case '&':
			n := bytes.IndexByte(raw[i:], ';')
			if n < 0 {
				s.fail(at+i, `expected ";" behind "&" and a name`)
			}
			value.WriteRune(s.entityReference(raw[i+1:i+n], at+i))
			i += n
		case '\r':
			value.WriteByte('\n')
			i += lineEnd(raw[i:]) - 1
		default:
			value.WriteByte(c)
		}
	}
	return value.String()
}

// entityReference returns the character of a reference within an entity.
func (s *scanner) entityReference(name []byte, at int) rune {
	if len(name) > 0 && name[0] == '#' {
		r := s.charReference(name[1:], at)
		if r == '<' || r == '&' {
			s.fail(at, "expected no markup within an entity")
		}
		return r
	}
	c := predefined(name)
	if c == 0 {
		s.fail(at, "expected no reference to another entity within an entity")
	}
	return rune(c)
}
