package resource

import "strings"

// Link is a typed link (RFC 8288). Target and attributes are checked when it is
// written: nothing that a source says can end the link or the header.
type Link struct {
	Href string // URI, or a path on this server
	Rel  string // relation types, separated by spaces
	Type string // media type of the target, "" where it is not known
	// Title is for the page, Attributes for the header: `datetime="…"`, each
	// written as it stands.
	Title      string
	Attributes []string
}

// String returns the link as the Link header has it.
func (l Link) String() string {
	var b strings.Builder
	b.WriteString("<" + escapeReference(l.Href) + `>; rel="` + escapeReference(l.Rel) + `"`)
	if l.Type != "" {
		b.WriteString(`; type="` + escapeReference(l.Type) + `"`)
	}
	for _, a := range l.Attributes {
		b.WriteString("; " + a)
	}
	return b.String()
}

// escapeReference percent-encodes what may not stand in a URI reference and
// would end it, or the header, early.
func escapeReference(s string) string {
	clean := true
	for i := 0; i < len(s); i++ {
		clean = clean && !unsafe(s[i])
	}
	if clean {
		return s
	}
	const hexDigits = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if c := s[i]; unsafe(c) {
			b.WriteString("%" + string(hexDigits[c>>4]) + string(hexDigits[c&15]))
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func unsafe(c byte) bool {
	return c < 0x20 || c >= 0x7F || c == '<' || c == '>' || c == '"' || c == '\\' || c == '^' || c == '`' || c == '{' || c == '|' || c == '}'
}
