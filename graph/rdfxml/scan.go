package rdfxml

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"

	"qlgraph/graph/rdf"
)

// token is what a scanner found.
type token uint8

const (
	endOfDocument token = iota
	startTag            // name and attrs; an empty element gives an endTag next
	endTag
	text        // data, with references expanded; CDATA sections too
	comment     // data
	instruction // data: target and content of a processing instruction
)

// scanner cuts an XML document into tokens and checks that it is well-formed
// (XML 1.0 §2). What it returns is valid until the next call of next, and
// offsets are counted from the token's start.
type scanner struct {
	window
	limits rdf.Limits

	size  int // of the current token: skipped by the next call
	name  qname
	attrs []attribute
	data  []byte

	empty    bool   // the start tag was that of an empty element
	begun    bool   // something has been read: no XML declaration any more
	rooted   bool   // the root element has begun: no document type any more
	open     []byte // the names of open elements, one behind the other
	starts   []int  // where in open each of them starts
	entities map[string]string
	expanded int    // bytes that entities have expanded to
	scratch  []byte // values that are not in the document as they are
}

// qname is a name as written (Namespaces in XML §4, QName).
type qname struct {
	prefix, local []byte
}

type attribute struct {
	qname
	value []byte
	at    int      // offset of the name
	space *binding // the namespace, when resolved; nil if it has none
}

func newScanner(r io.Reader, limits rdf.Limits) scanner {
	return scanner{window: newWindow(r), limits: limits}
}

// next reads the next token.
func (s *scanner) next() token {
	s.pos += s.size
	s.size = 0
	if s.empty {
		s.empty = false
		s.leave()
		return endTag
	}
	for {
		if len(s.unread()) == 0 && !s.more() {
			return s.finish()
		}
		if s.buf[s.pos] != '<' {
			s.begun = true
			s.text()
			return text
		}
		if t, ok := s.markup(); ok {
			return t
		}
	}
}

func (s *scanner) finish() token {
	if s.err != io.EOF {
		panic(failure{s.err})
	}
	if len(s.starts) > 0 {
		s.expected(0, "</"+string(s.open[s.starts[len(s.starts)-1]:])+">")
	}
	if !s.rooted {
		s.expected(0, "an element")
	}
	return endOfDocument
}

// markup reads what starts with "<". It reports false for what gives no token.
func (s *scanner) markup() (token, bool) {
	for len(s.unread()) < 2 {
		if !s.more() {
			s.expected(1, "a name")
		}
	}
	first := !s.begun
	s.begun = true
	switch s.buf[s.pos+1] {
	case '/':
		s.endTag()
		return endTag, true
	case '?':
		return instruction, s.instruction(first)
	case '!':
		return s.declaration()
	}
	s.startTag()
	return startTag, true
}

// retry calls parse with the unread bytes until it finds the token's end and
// returns its length; 0 asks for more of the document.
func (s *scanner) retry(what, end string, parse func([]byte) int) {
	for {
		expanded := s.expanded
		if n := parse(s.unread()); n > 0 {
			s.size = n
			return
		}
		s.expanded = expanded
		if n := len(s.unread()); !s.moreToken(n, s.limits.Literal, what) {
			s.expected(n, end)
		}
	}
}

// startTag reads a start tag or an empty element (productions STag and
// EmptyElemTag).
func (s *scanner) startTag() {
	if s.rooted && len(s.starts) == 0 {
		s.fail(0, "expected the end of the document behind its root element")
	}
	if len(s.starts) >= s.limits.Depth {
		s.fail(0, fmt.Sprintf("elements nested deeper than the limit of %d", s.limits.Depth))
	}
	s.rooted = true
	s.retry("tag", `">"`, s.tag)
	s.starts = append(s.starts, len(s.open))
	s.open = append(s.open, s.rawName()...)
}

// rawName returns the name of the start tag as written.
func (s *scanner) rawName() []byte {
	n := len(s.name.local)
	if s.name.prefix != nil {
		n += len(s.name.prefix) + 1
	}
	return s.unread()[1 : 1+n]
}

func (s *scanner) tag(b []byte) int {
	s.attrs, s.scratch, s.empty = s.attrs[:0], s.scratch[:0], false
	name, i := s.qname(b, 1)
	s.name = name
	for i < len(b) {
		j := skipSpace(b, i)
		if j == len(b) {
			return 0
		}
		switch b[j] {
		case '>':
			return j + 1
		case '/':
			if j+1 == len(b) {
				return 0
			}
			if b[j+1] != '>' {
				s.expected(j+1, `">"`)
			}
			s.empty = true
			return j + 2
		}
		if i == j {
			s.expected(i, `white space, ">" or "/>"`)
		}
		i = s.attribute(b, j)
	}
	return 0
}

// attribute reads the attribute at b[i:] and returns the offset behind it, or
// len(b) if it is not in b as a whole (production Attribute).
func (s *scanner) attribute(b []byte, i int) int {
	if len(s.attrs) >= maxAttributes {
		s.fail(i, fmt.Sprintf("more attributes than the limit of %d", maxAttributes))
	}
	name, j := s.qname(b, i)
	if j = skipSpace(b, j); j == len(b) {
		return j
	}
	if b[j] != '=' {
		s.expected(j, `"="`)
	}
	if j = skipSpace(b, j+1); j == len(b) {
		return j
	}
	quote := b[j]
	if quote != '"' && quote != '\'' {
		s.expected(j, "a quoted value")
	}
	j++
	n := bytes.IndexByte(b[j:], quote)
	if n < 0 {
		return len(b)
	}
	s.attrs = append(s.attrs, attribute{qname: name, value: s.attributeValue(b[j:j+n], j), at: i})
	return j + n + 1
}

// qname reads the name at b[i:] and returns the offset behind it, or len(b) if
// it may go on there (Namespaces in XML §4, QName).
func (s *scanner) qname(b []byte, i int) (qname, int) {
	start, colon := i, -1
	for wanted := uint8(nameStart); i < len(b); wanted = nameChar {
		switch c := b[i]; {
		case class[c]&wanted != 0:
			i++
			continue
		case c == ':' && wanted == nameChar && colon < 0:
			colon = i
			i++
			if i < len(b) && !s.nameRune(b, &i, nameStart) {
				s.expected(i, "a name")
			}
			continue
		case c >= utf8.RuneSelf && s.nameRune(b, &i, wanted):
			continue
		}
		if i == start {
			s.expected(i, "a name")
		}
		break
	}
	if i-start > s.limits.IRI {
		s.fail(start, fmt.Sprintf("name longer than the limit of %d bytes", s.limits.IRI))
	}
	if colon < 0 {
		return qname{local: b[start:i]}, i
	}
	return qname{prefix: b[start:colon], local: b[colon+1 : i]}, i
}

// nameRune skips the character at b[*i] if it has the wanted class. A character
// that b does not hold as a whole takes the rest of b.
func (s *scanner) nameRune(b []byte, i *int, wanted uint8) bool {
	if c := b[*i]; c < utf8.RuneSelf {
		if class[c]&wanted == 0 {
			return false
		}
		*i++
		return true
	}
	if !utf8.FullRune(b[*i:]) && s.err == nil {
		*i = len(b)
		return true
	}
	r, n := utf8.DecodeRune(b[*i:])
	if r == utf8.RuneError && n == 1 || runeClass(r)&wanted == 0 {
		return false
	}
	*i += n
	return true
}

func skipSpace(b []byte, i int) int {
	for i < len(b) && class[b[i]]&space != 0 {
		i++
	}
	return i
}

// endTag reads an end tag, which has to be that of the open element
// (production ETag).
func (s *scanner) endTag() {
	if len(s.starts) == 0 {
		s.fail(0, "end tag without a start tag")
	}
	name := s.open[s.starts[len(s.starts)-1]:]
	s.retry("tag", "</"+string(name)+">", func(b []byte) int {
		have := b[2:min(len(b), 2+len(name))]
		if !bytes.HasPrefix(name, have) {
			s.fail(0, "expected </"+string(name)+">, found another end tag")
		}
		i := skipSpace(b, 2+len(have))
		if len(have) < len(name) || i == len(b) {
			return 0
		}
		if b[i] != '>' {
			s.expected(i, `">" behind </`+string(name))
		}
		return i + 1
	})
	s.leave()
}

func (s *scanner) leave() {
	last := len(s.starts) - 1
	s.open = s.open[:s.starts[last]]
	s.starts = s.starts[:last]
}

// instruction reads a processing instruction, or the XML declaration if it is
// the first thing in the document (productions PI and XMLDecl). The declaration
// is no token.
func (s *scanner) instruction(first bool) bool {
	isToken := true
	s.retry("processing instruction", `"?>"`, func(b []byte) int {
		n := bytes.Index(b[2:], []byte("?>"))
		if n < 0 {
			return 0
		}
		n += 2
		target, end := s.qname(b[:n], 2)
		if end == 2 {
			s.expected(2, "a name")
		}
		if target.prefix != nil {
			s.fail(2, "expected a target without colon")
		}
		if end < n && class[b[end]]&space == 0 {
			s.expected(end, `white space or "?>"`)
		}
		if string(bytes.ToLower(target.local)) == "xml" {
			if !first || string(target.local) != "xml" {
				s.fail(0, "expected the XML declaration at the start of the document only")
			}
			s.checkDeclaration(b[:n])
			isToken = false
		}
		s.data = s.verbatim(b[2:n], 2)
		return n + 2
	})
	if !isToken {
		s.pos += s.size
		s.size = 0
	}
	return isToken
}

// declaration reads what starts with "<!".
func (s *scanner) declaration() (token, bool) {
	for len(s.unread()) < len("<![CDATA[") && s.more() {
	}
	b := s.unread()
	switch {
	case bytes.HasPrefix(b, []byte("<!--")):
		s.comment()
		return comment, true
	case bytes.HasPrefix(b, []byte("<![CDATA[")) && len(s.starts) > 0:
		s.cdata()
		return text, true
	case bytes.HasPrefix(b, []byte("<!DOCTYPE")) && !s.rooted && s.entities == nil:
		s.doctype()
		return 0, false
	}
	s.fail(0, "expected a comment, a CDATA section within an element, or one document type before the root element")
	return 0, false
}

// comment reads a comment (production Comment).
func (s *scanner) comment() {
	s.retry("comment", `"-->"`, func(b []byte) int {
		n := bytes.Index(b[4:], []byte("--"))
		if n < 0 || 4+n+2 == len(b) {
			return 0
		}
		if b[4+n+2] != '>' {
			s.fail(4+n, `expected no "--" within a comment`)
		}
		s.data = s.verbatim(b[4:4+n], 4)
		return 4 + n + 3
	})
}

// cdata reads a CDATA section (production CDSect).
func (s *scanner) cdata() {
	const start = len("<![CDATA[")
	s.retry("CDATA section", `"]]>"`, func(b []byte) int {
		n := bytes.Index(b[start:], []byte("]]>"))
		if n < 0 {
			return 0
		}
		s.data = s.verbatim(b[start:start+n], start)
		return start + n + 3
	})
}

// text reads the characters up to the next tag (production CharData, and
// references).
func (s *scanner) text() {
	n := 0
	for {
		b := s.unread()
		if i := bytes.IndexByte(b[n:], '<'); i >= 0 {
			n += i
			break
		}
		n = len(b)
		if !s.moreToken(n, s.limits.Literal, "text") {
			break
		}
	}
	s.size = n
	s.scratch = s.scratch[:0]
	s.data = s.textValue(s.unread()[:n])
}
