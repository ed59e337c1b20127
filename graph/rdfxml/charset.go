package rdfxml

import (
	"bufio"
	"bytes"
	"io"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"qlgraph/graph/rdf"
)

// maxDeclaration is where an XML declaration has to end for its encoding to be
// found. It holds three short attributes.
const maxDeclaration = 1024

// asUTF8 returns r recoded to UTF-8, without a byte-order mark. The encoding is
// that of the byte-order mark or else that of the XML declaration (XML 1.0
// §4.3.3 and appendix F); UTF-8 if there is neither.
func asUTF8(r io.Reader) (io.Reader, error) {
	br := bufio.NewReaderSize(r, 2*maxDeclaration)
	head, _ := br.Peek(maxDeclaration) // an error comes again when it is read
	switch {
	case bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")):
		_, err := br.Discard(3)
		return br, err
	case bytes.HasPrefix(head, []byte("\xFE\xFF")), bytes.HasPrefix(head, []byte("\xFF\xFE")):
		return unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM).NewDecoder().Reader(br), nil
	case bytes.HasPrefix(head, []byte("\x00<")), bytes.HasPrefix(head, []byte("<\x00")):
		return nil, &rdf.SyntaxError{Line: 1, Column: 1, Msg: "expected a byte-order mark, as the document is UTF-16"}
	}
	name := declaredEncoding(head)
	var e encoding.Encoding
	switch strings.ToLower(name) {
	case "", "utf-8", "utf8", "us-ascii", "ascii":
		return br, nil
	case "iso-8859-1", "latin1":
		e = charmap.ISO8859_1
	case "windows-1252", "cp1252":
		e = charmap.Windows1252
	default:
		return nil, &rdf.SyntaxError{
			Line: 1, Column: 1 + bytes.Index(head, []byte(name)),
			Msg: "expected the encoding UTF-8, UTF-16 (with byte-order mark), ISO-8859-1 or windows-1252, found " + name,
		}
	}
	return e.NewDecoder().Reader(br), nil
}

// declaredEncoding returns the encoding that an XML declaration at the start of
// a document names, or "". Whether the declaration conforms is seen later.
func declaredEncoding(head []byte) string {
	if !bytes.HasPrefix(head, []byte("<?xml")) {
		return ""
	}
	head, _, _ = bytes.Cut(head, []byte("?>"))
	_, rest, ok := bytes.Cut(head, []byte("encoding"))
	if !ok {
		return ""
	}
	rest = bytes.TrimLeft(rest, "= \t\r\n")
	if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
		return ""
	}
	name, _, _ := bytes.Cut(rest[1:], rest[:1])
	return string(name)
}
