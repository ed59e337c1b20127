package resource

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"qlgraph/graph/rdf"
	"qlgraph/ontology"
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

// maxListed bounds the courses that a provider's page lists.
const maxListed = 500

// courses lists the courses that the document's subject publishes, by name.
func (b *pageBuilder) courses() ([]text, error) {
	quads, err := b.match(rdf.Term{}, rdf.IRI(ontology.DCTerms+"publisher"), b.doc.Subject)
	if err != nil {
		return nil, err
	}
	var list []text
	seen := map[rdf.Term]bool{}
	for _, q := range quads {
		if seen[q.S] || len(list) == maxListed || !strings.HasPrefix(q.G.Value(), b.base+"/graph/source/") {
			continue
		}
		seen[q.S] = true
		name, err := b.name(q.S)
		if err != nil {
			return nil, err
		}
		name.Href = b.href(q.S)
		if !strings.HasPrefix(q.S.Value(), b.base+"/") {
			name.Href = "/resolve?" + url.Values{"id": {q.S.Value()}}.Encode()
		}
		list = append(list, name)
	}
	slices.SortFunc(list, func(x, y text) int { return strings.Compare(x.Text+x.Href, y.Text+y.Href) })
	return list, nil
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

// best returns the index of the text whose language the reader prefers, English
// where none is asked for, and the first one else.
func (b *pageBuilder) best(texts []text) int {
	for _, want := range append(b.prefer, language.English) {
		base, _ := want.Base()
		for i, t := range texts {
			if got, _, _ := strings.Cut(t.Lang, "-"); strings.EqualFold(got, base.String()) {
				return i
			}
		}
	}
	return 0
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
