package lifting

import (
	"fmt"
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/internal/jsontree"
)

// Text is a text in a language.
type Text struct {
	Value string // plain text, never empty
	Lang  string // BCP 47 tag in its canonical case, "und" where nobody says
	From  jsontree.Value
}

// Literal returns the text as an rdf:langString.
func (t Text) Literal() rdf.Term { return rdf.LangLiteral(t.Value, t.Lang) }

// Undetermined is the tag of a text whose language nobody declares (ISO 639-2).
const Undetermined = "und"

// Tag returns a BCP 47 language tag in its canonical case (RFC 5646 §2.1.1),
// and whether it is well-formed; underscores are taken for hyphens.
func Tag(tag string) (string, bool) {
	tag = strings.ReplaceAll(strings.TrimSpace(tag), "_", "-")
	if canonicalTag(tag) {
		return tag, true
	}
	parts := strings.Split(strings.ToLower(tag), "-")
	single := false
	for i, part := range parts {
		if !validSubtag(part) || i == 0 && (len(part) < 2 || strings.ContainsAny(part, "0123456789")) {
			return "", false
		}
		switch {
		case i == 0 || single:
		case len(part) == 1:
			single = true // what follows an extension's singleton stays lower case
		case len(part) == 2:
			parts[i] = strings.ToUpper(part)
		case len(part) == 4 && part[0] > '9':
			parts[i] = strings.ToUpper(part[:1]) + part[1:]
		}
	}
	return strings.Join(parts, "-"), true
}

// canonicalTag recognises the commonest tags, "en" and "en-GB".
func canonicalTag(tag string) bool {
	lower := func(i int) bool { return 'a' <= tag[i] && tag[i] <= 'z' }
	upper := func(i int) bool { return 'A' <= tag[i] && tag[i] <= 'Z' }
	switch len(tag) {
	case 2:
		return lower(0) && lower(1)
	case 5:
		return lower(0) && lower(1) && tag[2] == '-' && upper(3) && upper(4)
	}
	return false
}

func validSubtag(part string) bool {
	if part == "" || len(part) > 8 {
		return false
	}
	for _, c := range part {
		if c > 'z' || c < '0' || c > '9' && c < 'a' {
			return false
		}
	}
	return true
}

// Names under which formats and their users keep a text and its language.
var (
	textNames     = []string{"value", "string", "multiline", "uri", "text", "@value"}
	languageNames = []string{"language", "recordLanguage", "lang", "@language"}
)

// AppendTexts appends the texts that v holds: a string, an object with a text
// and its language, an object from tag to text, or an array of any of them.
// A text without a tag has the record's language.
func (l *Lift) AppendTexts(texts []Text, v jsontree.Value) []Text {
	switch v.Kind() {
	case jsontree.String, jsontree.Number:
		return l.appendText(texts, v, "")
	case jsontree.Array:
		for e := range v.All() {
			texts = l.AppendTexts(texts, e)
		}
	case jsontree.Object:
		text, language := first(v, textNames), first(v, languageNames)
		if text.Exists() {
			if text.Kind() == jsontree.String || text.Kind() == jsontree.Number {
				return l.appendText(texts, text, l.tagOf(language))
			}
			return l.AppendTexts(texts, text)
		}
		for member := range v.All() {
			if tag, ok := Tag(member.Name()); ok && member.Kind() == jsontree.String {
				texts = l.appendText(texts, member, tag)
			}
		}
	}
	return texts
}

func (l *Lift) tagOf(language jsontree.Value) string {
	s := language.Text()
	if s == "" {
		return ""
	}
	tag, ok := Tag(s)
	if !ok {
		l.Report(harvesters.Warning, l.rule+".language", "The language "+excerpt(language)+
			" is no BCP 47 tag, so the text is published without one: write \"en\" or \"nl-BE\".", language)
	}
	return tag
}

func (l *Lift) appendText(texts []Text, v jsontree.Value, tag string) []Text {
	value := Plain(v.Text())
	if missing(value) {
		return texts
	}
	if len(texts) == maxTexts {
		l.reportOnce(harvesters.Warning, l.rule+".many", fmt.Sprintf("Of more than %d texts the rest is left out.", maxTexts), v)
		return texts
	}
	if tag == "" {
		tag = l.Language
	}
	if tag == "" {
		tag = Undetermined
	}
	for _, t := range texts {
		if t.Value == value && t.Lang == tag {
			return texts
		}
	}
	return append(texts, Text{value, tag, v})
}

// maxTexts is how many texts one value may hold. There are 24 official languages
// in the Union; comparing each text with all others must end.
const maxTexts = 500

func first(v jsontree.Value, names []string) jsontree.Value {
	for _, name := range names {
		if m := v.Get(name); m.Exists() {
			return m
		}
	}
	return jsontree.Value{}
}

// Absent reports whether a feed's way of saying nothing is at v: null, an empty
// text, array or object, "-" or "n/a".
func Absent(v jsontree.Value) bool {
	switch v.Kind() {
	case jsontree.Absent, jsontree.Null:
		return true
	case jsontree.String:
		raw := v.Raw()
		return len(raw) < 16 && missing(strings.TrimSpace(raw[1:len(raw)-1]))
	case jsontree.Array, jsontree.Object:
		for range v.All() {
			return false
		}
		return true
	}
	return false
}

func missing(s string) bool {
	switch s {
	case "", "-", "–", "—", "n/a", "N/A", "n.a.", "null":
		return true
	}
	return false
}
