package lifting_test

import (
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"qlgraph/harvesters/lifting"
)

func TestPlain(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "A course.", "A course."},
		{"white space around", " \n A course.\t", "A course."},
		{"German", "Straße über Öl", "Straße über Öl"},
		{"Cyrillic", "Линейна алгебра", "Линейна алгебра"},
		{"paragraphs", "<p>One</p><p>Two<br>three</p>", "One\n\nTwo\nthree"},
		{"list", "<p>You:</p><ul><li>read</li><li> write </li></ul>after", "You:\n\n- read\n- write\n\nafter"},
		{"table", "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>", "A | B\n1 | 2"},
		{"entities in HTML", "<p>a &amp; b &lt;c&gt; &nbsp;d</p>", "a & b <c> d"},
		{"entities alone", "Rock &amp; Roll", "Rock & Roll"},
		{"script", "<p>a</p><script>alert('<p>x</p>')</script>b", "a\n\nb"},
		{"attributes", `See <a href='https://x.example/?a=1&b=2' title='T'><strong>page</strong></a>.`, "See page."},
		{"unclosed", "<p>one<b>two", "onetwo"},
		{"mathematics is no HTML", "a < b and b > c", "a < b and b > c"},
		{"an angle bracket at the end", "a <", "a <"},
		{"Markdown", "# Heading\n\n**bold** and *emphasis*, `code`, [text](https://x.example) and [here](#there)", "Heading\n\nbold and emphasis, code, text (https://x.example) and here"},
		{"Markdown list", "* one\n* two\n+ three", "- one\n- two\n- three"},
		{"typographic bullets", "• one\n• two", "- one\n- two"},
		{"not Markdown", "snake_case_name, 3 * 4 * 5, C# and [sic]", "snake_case_name, 3 * 4 * 5, C# and [sic]"},
		{"Markdown escapes", `1\. a \*star\*`, "1. a *star*"},
		{"line ends", "a\r\nb\rc", "a\nb\nc"},
		{"empty lines", "a\n\n\n\nb  \nc", "a\n\nb\nc"},
		{"invisible characters", "soft\u00adhyphen zero\u200bwidth nb\u00a0space \u0000nul \ufeffbom", "softhyphen zerowidth nb space nul bom"},
		{"decomposed", "e\u0301", "é"},
		{"nothing but markup", "<p>&nbsp;</p>", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := lifting.Plain(tt.in); got != tt.want {
				t.Errorf("Plain(%q)\n = %q\nwant %q", tt.in, got, tt.want)
			}
		})
	}
}

func FuzzPlain(f *testing.F) {
	f.Add("<p>One</p> **two** &amp; \u00a0")
	f.Add("- [a](b)\n* c")
	f.Fuzz(func(t *testing.T, s string) {
		got := lifting.Plain(s)
		if utf8.ValidString(s) && !utf8.ValidString(got) {
			t.Errorf("%q became invalid: %q", s, got)
		}
		if !norm.NFC.IsNormalString(got) && utf8.ValidString(s) {
			t.Errorf("%q is not composed", got)
		}
	})
}

func TestTag(t *testing.T) {
	for in, want := range map[string]string{
		"en": "en", "en-GB": "en-GB", "EN-gb": "en-GB", "nl_NL": "nl-NL", " de ": "de", "sr-latn-rs": "sr-Latn-RS", "zh-hant": "zh-Hant",
		"es-419": "es-419", "de-CH-1996": "de-CH-1996", "en-u-CA-gregory": "en-u-ca-gregory", "und": "und", "tlh": "tlh", "x": "", "": "", "e": "",
		"en-": "", "not a tag": "", "english-language": "english-language", "abcdefghi": "", "42": "", "en--GB": "", "日本": "",
	} {
		got, ok := lifting.Tag(in)
		if got != want || ok != (want != "") {
			t.Errorf("Tag(%q) = %q, %t; want %q", in, got, ok, want)
		}
	}
}
