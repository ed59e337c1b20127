package resource

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"qlgraph/graph/rdf"
)

// name returns the label of a thing in the language that the reader likes best,
// and the last part of its IRI where no graph names it.
func (b *pageBuilder) name(o rdf.Term) (text, error) {
	if known, ok := b.names[o]; ok {
		return known, nil
	}
	quads, err := b.about(o)
	if err != nil {
		return text{}, err
	}
	name := text{Text: localName(o.Value())}
	for _, property := range labelling {
		if labels := literalsOf(quads, property); len(labels) > 0 {
			name = labels[b.best(labels)]
			break
		}
	}
	b.names[o] = name
	return name, nil
}

// titles returns the names of s by its best naming property.
func (b *pageBuilder) titles(s rdf.Term) []text {
	for _, property := range labelling {
		if titles := b.literals(s, property); len(titles) > 0 {
			return titles
		}
	}
	return nil
}

// literals returns the document's literal values of a property of s.
func (b *pageBuilder) literals(s rdf.Term, property string) []text {
	return literalsOf(b.subjects[s], property)
}

func literalsOf(quads []rdf.Quad, property string) []text {
	var values []text
	for _, q := range quads {
		if q.P.Value() == property && q.O.IsLiteral() {
			values = append(values, text{Text: q.O.Value(), Lang: q.O.Lang()})
		}
	}
	return values
}

// best returns the index of the text whose language the reader prefers: one of
// those asked for, by the whole tag before its language alone, then the course's
// language of instruction, English, and the first one.
func (b *pageBuilder) best(texts []text) int {
	for _, want := range b.prefer {
		whole, base := want.String(), ""
		if tag, confidence := want.Base(); confidence != language.No {
			base = tag.String()
		}
		for _, matches := range []func(string) bool{
			func(lang string) bool { return strings.EqualFold(lang, whole) },
			func(lang string) bool { return base != "" && strings.EqualFold(primary(lang), base) },
		} {
			for i, t := range texts {
				if matches(t.Lang) {
					return i
				}
			}
		}
	}
	for _, fallback := range []string{b.taught, "en"} {
		for i, t := range texts {
			if fallback != "" && strings.EqualFold(primary(t.Lang), fallback) {
				return i
			}
		}
	}
	return 0
}

// primary is the language of a tag, without script and region.
func primary(tag string) string {
	language, _, _ := strings.Cut(tag, "-")
	return language
}

// localName reads the last part of an IRI as words: "learningOutcome" becomes
// "learning outcome".
func localName(iri string) string {
	last := iri[strings.LastIndexAny(strings.TrimRight(iri, "/#"), "/#:")+1:]
	last = strings.TrimRight(last, "/#")
	var words strings.Builder
	previous := ' '
	for i, r := range last {
		if unicode.IsUpper(r) && unicode.IsLower(previous) {
			words.WriteByte(' ')
			if next, _ := utf8.DecodeRuneInString(last[i+utf8.RuneLen(r):]); unicode.IsLower(next) {
				r = unicode.ToLower(r)
			}
		}
		words.WriteRune(r)
		previous = r
	}
	return words.String()
}

// capitalized returns s with its first letter in upper case.
func capitalized(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
