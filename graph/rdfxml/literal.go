package rdfxml

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
)

// canonical writes the content of an element with rdf:parseType="Literal" in
// exclusive canonical form with comments (RDF/XML §7.2.17; Exclusive XML
// Canonicalization §3, with an empty InclusiveNamespaces list).
type canonical struct {
	out      []byte
	rendered []*binding // the namespace declarations in force in the output
	open     []openElement
}

// xmlLiteral reads to the end tag of the open element and returns the content.
func (d *Decoder) xmlLiteral() string {
	c := canonical{out: d.chars[:0]}
	for {
		switch d.next() {
		case startTag:
			d.enterScope(&d.namespaces)
			d.canonicalStart(&c)
		case endTag:
			if len(c.open) == 0 {
				d.chars = c.out
				return string(c.out)
			}
			d.leave()
			c.end()
		case text:
			c.out = appendEscaped(c.out, d.data, false)
		case comment:
			c.out = append(append(append(c.out, "<!--"...), d.data...), "-->"...)
		case instruction:
			c.instruction(d.data)
		}
		if len(c.out) > d.opts.Limits.Literal {
			d.fail(0, fmt.Sprintf("literal longer than the limit of %d bytes", d.opts.Limits.Literal))
		}
	}
}

// openElement is what canonical has to know of an element to close it.
type openElement struct {
	name     string
	rendered int // how many declarations were in force outside
}

// canonicalStart writes the start tag just read.
func (d *Decoder) canonicalStart(c *canonical) {
	c.open = append(c.open, openElement{string(d.rawName()), len(c.rendered)})
	c.out = append(append(c.out, '<'), d.rawName()...)
	c.declare(d.visible())
	slices.SortFunc(d.attrs, func(a, b attribute) int {
		return cmp.Or(cmp.Compare(a.namespace(), b.namespace()), bytes.Compare(a.local, b.local))
	})
	for _, a := range d.attrs {
		c.out = append(c.out, ' ')
		if a.prefix != nil {
			c.out = append(append(c.out, a.prefix...), ':')
		}
		c.out = append(append(c.out, a.local...), `="`...)
		c.out = append(appendEscaped(c.out, a.value, true), '"')
	}
	c.out = append(c.out, '>')
}

// visible returns the bindings that the names of the element just begun use,
// sorted by prefix, without that of xml: (§1.1, visibly utilizes).
func (d *Decoder) visible() []*binding {
	space := d.lookup(d.scanner.name.prefix)
	if space == nil {
		if d.scanner.name.prefix != nil {
			d.fail(1, fmt.Sprintf("prefix %s: is not declared", d.scanner.name.prefix))
		}
		space = &binding{}
	}
	used := []*binding{space}
	for _, a := range d.attrs {
		if a.space != nil {
			used = append(used, a.space)
		}
	}
	used = slices.DeleteFunc(used, func(b *binding) bool { return b.uri == xmlNamespace })
	slices.SortFunc(used, func(a, b *binding) int { return cmp.Compare(a.prefix, b.prefix) })
	return slices.CompactFunc(used, func(a, b *binding) bool { return a.prefix == b.prefix })
}

// declare writes the namespace declarations among used that are not in force
// (§3, step 3).
func (c *canonical) declare(used []*binding) {
	for _, b := range used {
		if c.inForce(b.prefix) == b.uri {
			continue
		}
		c.rendered = append(c.rendered, b)
		c.out = append(c.out, " xmlns"...)
		if b.prefix != "" {
			c.out = append(append(c.out, ':'), b.prefix...)
		}
		c.out = append(c.out, `="`...)
		c.out = append(appendEscaped(c.out, b.uri, true), '"')
	}
}

func (c *canonical) inForce(prefix string) string {
	for i := len(c.rendered) - 1; i >= 0; i-- {
		if c.rendered[i].prefix == prefix {
			return c.rendered[i].uri
		}
	}
	return ""
}

func (c *canonical) end() {
	last := len(c.open) - 1
	c.out = append(append(append(c.out, "</"...), c.open[last].name...), '>')
	c.rendered = c.rendered[:c.open[last].rendered]
	c.open = c.open[:last]
}

// instruction writes a processing instruction: one blank between its target
// and its content (Canonical XML §2.3).
func (c *canonical) instruction(data []byte) {
	target, content := data, []byte(nil)
	if i := bytes.IndexAny(data, " \t\n"); i >= 0 {
		target, content = data[:i], bytes.TrimLeft(data[i:], " \t\n")
	}
	c.out = append(append(c.out, "<?"...), target...)
	if len(content) > 0 {
		c.out = append(append(c.out, ' '), content...)
	}
	c.out = append(c.out, "?>"...)
}

// appendEscaped appends text or an attribute's value as Canonical XML §2.3
// writes it. The Encoder uses it too.
func appendEscaped[T string | []byte](out []byte, data T, attribute bool) []byte {
	start := 0
	for i := 0; i < len(data); i++ {
		if class[data[i]]&escaped == 0 {
			continue
		}
		escape := escapeOf(data[i], attribute)
		if escape == "" {
			continue
		}
		out = append(append(out, data[start:i]...), escape...)
		start = i + 1
	}
	return append(out, data[start:]...)
}

func escapeOf(c byte, attribute bool) string {
	switch {
	case c == '&':
		return "&amp;"
	case c == '<':
		return "&lt;"
	case c == '\r':
		return "&#xD;"
	case c == '>' && !attribute:
		return "&gt;"
	case c == '"' && attribute:
		return "&quot;"
	case c == '\t' && attribute:
		return "&#x9;"
	case c == '\n' && attribute:
		return "&#xA;"
	}
	return ""
}
