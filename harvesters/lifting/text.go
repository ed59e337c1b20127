package lifting

import (
	"html"
	"regexp"
	"strings"

	nethtml "golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"
)

// Plain turns a feed's text, which may be HTML or Markdown, into plain text
// with line breaks, in Unicode's composed form (NFC), without control
// characters and invisible spaces. Lists become lines that begin with "- ".
func Plain(s string) string {
	s = strings.TrimSpace(s)
	if clean(s) {
		return s
	}
	if tags.MatchString(s) {
		s = spaces.ReplaceAllString(strings.ReplaceAll(fromHTML(s), "\u00a0", " "), " ")
	} else if strings.IndexByte(s, '&') >= 0 {
		s = html.UnescapeString(s)
	}
	s = fromMarkdown(s)
	return tidy(norm.NFC.String(s))
}

// suspicious marks the bytes that a text without markup and odd characters does
// not have. Of the multi-byte characters, only those are let through that begin
// with C3 to CB: Latin letters in their composed forms.
var suspicious = func() (set [256]bool) {
	for c := range 0x20 {
		set[c] = c != '\n'
	}
	for _, c := range "<&*_`#[\\" {
		set[c] = true
	}
	for c := 0x7F; c < 0x100; c++ {
		set[c] = c == 0x7F || c == 0xC2 || c >= 0xCC
	}
	return set
}()

// clean reports whether Plain has nothing to do.
func clean(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if suspicious[c] {
			return false
		}
		if c == '\n' && (s[i-1] == ' ' || s[i+1] == '\n') {
			return false // s is trimmed: it neither begins nor ends with a line break
		}
	}
	return true
}

// tags recognises HTML by the elements that editors write, so that "a < b" is
// left alone.
var tags = regexp.MustCompile(`(?i)</?(?:p|br|ul|ol|li|div|span|b|i|u|a|em|strong|h[1-6]|table|thead|tbody|tr|td|th|sup|sub|font|blockquote|pre|code|hr|img|dl|dt|dd|section|article|script|style|center|small)(?:\s[^<>]*)?/?>`)

// fromHTML renders HTML as lines of text (HTML Living Standard §13.2 tokens; no
// tree is built, so nesting costs nothing).
func fromHTML(s string) string {
	var b strings.Builder
	z := nethtml.NewTokenizer(strings.NewReader(s))
	skip := ""
	for {
		switch z.Next() {
		case nethtml.ErrorToken:
			return b.String()
		case nethtml.TextToken:
			if skip == "" {
				b.WriteString(sourceBreaks.ReplaceAllString(html.UnescapeString(string(z.Raw())), " "))
			}
		case nethtml.StartTagToken, nethtml.SelfClosingTagToken:
			name, _ := z.TagName()
			if n := string(name); n == "script" || n == "style" {
				skip = n
			}
			b.WriteString(opening(string(name)))
		case nethtml.EndTagToken:
			name, _ := z.TagName()
			if skip == string(name) {
				skip = ""
			}
			b.WriteString(closing(string(name)))
		}
	}
}

// spaces are runs that HTML renders as one.
var spaces = regexp.MustCompile(` {2,}`)

// sourceBreaks are the line breaks of HTML source, which mean a space.
var sourceBreaks = regexp.MustCompile(`[\t\r\n ]+`)

func opening(element string) string {
	switch element {
	case "br", "tr":
		return "\n"
	case "li":
		return "\n- "
	case "p", "div", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "section", "article", "hr", "dl":
		return "\n\n"
	case "dt", "dd":
		return "\n"
	}
	return ""
}

func closing(element string) string {
	switch element {
	case "td", "th":
		return " | "
	case "p", "div", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "section", "article", "dl":
		return "\n\n"
	}
	return ""
}

// The Markdown that the APIs allow: links, headings, emphasis, code, escapes.
var (
	mdLink     = regexp.MustCompile(`!?\[([^\]\n]+)\]\(([^)\s]+)[^)\n]*\)`)
	mdHeading  = regexp.MustCompile(`(?m)^ {0,3}#{1,6} +`)
	mdStrong   = regexp.MustCompile(`(\*\*|__)([^\s*_](?:[^\n]*?[^\s*_])?)(\*\*|__)`)
	mdEmphasis = regexp.MustCompile(`(^|[\s(])[*_]([^\s*_](?:[^*_\n]*[^\s*_])?)[*_]($|[\s).,;:!?])`)
	mdCode     = regexp.MustCompile("`([^`\n]+)`")
	mdBullet   = regexp.MustCompile(`(?m)^(\s*)[*+•▪◦●·] +`)
	mdEscape   = regexp.MustCompile("\\\\([*_#`\\[\\]()+.!-])")
)

func fromMarkdown(s string) string {
	if strings.ContainsAny(s, "*_#`[\\•▪◦●·+") {
		s = mdLink.ReplaceAllStringFunc(s, plainLink)
		s = mdHeading.ReplaceAllString(s, "")
		s = mdBullet.ReplaceAllString(s, "$1- ")
		s = mdStrong.ReplaceAllString(s, "$2")
		s = mdEmphasis.ReplaceAllString(s, "$1$2$3")
		s = mdCode.ReplaceAllString(s, "$1")
		s = mdEscape.ReplaceAllString(s, "$1")
	}
	return s
}

// plainLink keeps a link's address, which is often what the text is about.
func plainLink(link string) string {
	m := mdLink.FindStringSubmatch(link)
	if m[1] == m[2] || strings.HasPrefix(m[2], "#") {
		return m[1]
	}
	return m[1] + " (" + m[2] + ")"
}

// tidy drops what cannot be seen, spaces at the ends of lines and empty lines
// beyond one.
func tidy(s string) string {
	s = strings.Map(visible, strings.ReplaceAll(s, "\r\n", "\n"))
	lines := strings.Split(s, "\n")
	kept := lines[:0]
	for _, line := range lines {
		line = strings.TrimRight(line, " |")
		if indent := len(line) - len(strings.TrimLeft(line, " ")); indent == 1 {
			line = line[1:]
		}
		if line == "-" || line == "" && (len(kept) == 0 || kept[len(kept)-1] == "") {
			continue
		}
		kept = append(kept, line)
	}
	return strings.TrimSpace(strings.Join(kept, "\n"))
}

// visible maps spaces of all kinds to the space and drops soft hyphens,
// zero-width characters and controls.
func visible(r rune) rune {
	switch {
	case r == '\n':
		return r
	case r == '\r' || r == '\u2028' || r == '\u2029' || r == '\v' || r == '\f':
		return '\n'
	case r == '\t' || r == '\u00A0' || r == '\u202F' || '\u2000' <= r && r <= '\u200A' || r == '\u3000':
		return ' '
	case r < ' ' || '\u007F' <= r && r <= '\u009F' || r == '\u00AD' || r == '\u200B' || r == '\uFEFF' || r == '\u2060':
		return -1
	case r >= 0xFDD0 && r <= 0xFDEF || r&0xFFFE == 0xFFFE:
		return -1
	}
	return r
}

// HasMarkup reports whether Plain would take s for HTML.
func HasMarkup(s string) bool { return tags.MatchString(s) }
