package resource

import (
	"embed"
	"html/template"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"qlgraph/graph/rdf"
	"qlgraph/ontology"
	"qlgraph/web/frame"
)

//go:embed templates/*.html
var templateFiles embed.FS

// page is what templates/thing.html shows.
type page struct {
	Kind        string
	Title       text
	OtherTitles []text
	Publisher   *text
	Course      *facts
	Offerings   []*facts
	Lists       []list
	Identifier  string
	SameAs      []string // its other identifiers
	License     string
	Formats     []format
	Parts       []Link // further documents about the thing
	Notes       []Note
	Schema      template.JS // what schema.org calls it, as JSON-LD
}

// WindowTitle is the title of the window: with who publishes the thing.
func (p page) WindowTitle() string {
	if p.Publisher == nil {
		return p.Title.Text
	}
	return p.Title.Text + " – " + p.Publisher.Text
}

// PartsHeading is above the descriptions of the offerings, or of the sources of
// a harvest.
func (p page) PartsHeading() string {
	if p.Kind == kindNames[Run] {
		return "Sources"
	}
	return "When and where"
}

// Alternates are the other representations.
func (p page) Alternates() []frame.Alternate {
	var alternates []frame.Alternate
	for _, f := range p.Formats {
		alternates = append(alternates, frame.Alternate{MediaType: f.MediaType, Href: f.Href})
	}
	return alternates
}

// format is a link to the document in another syntax.
type format struct{ Name, MediaType, Href string }

// text is a value to read: a literal, or the label of a thing with its link.
type text struct{ Text, Lang, Href string }

// facts are the rows about one node.
type facts struct{ Rows []row }

type row struct {
	Label, Property string
	Values          []value
}

// value is a text or, where Node is set, a description in place.
type value struct {
	text
	Chip string // language of a literal, scheme of an identifier
	Node *facts
}

// pageBuilder turns a Document into a page for one reader.
type pageBuilder struct {
	*reader
	doc      *Document
	base     string
	prefer   []language.Tag
	subjects map[rdf.Term][]rdf.Quad
	names    map[rdf.Term]text
	taught   string            // the language of instruction, "" where it is not one
	parts    []Link            // further documents about the thing
	number   int               // of the page of a list that is asked for, from 1
	language string            // of the title, once the page is written
	open     map[rdf.Term]bool // nodes being described: a source can make them circular
}

func newPageBuilder(r *reader, doc *Document, base string, prefer []language.Tag) *pageBuilder {
	b := &pageBuilder{
		reader: r, doc: doc, base: base, prefer: prefer,
		subjects: map[rdf.Term][]rdf.Quad{}, names: map[rdf.Term]text{}, open: map[rdf.Term]bool{},
	}
	for _, q := range doc.Quads {
		b.subjects[q.S] = append(b.subjects[q.S], q)
	}
	return b
}

func parseTemplates() *template.Template {
	return frame.Parse(templateFiles, "templates/*.html")
}

// kindNames are what people call the kinds.
var kindNames = map[Kind]string{
	Course: "Course", Offering: "Offering", Provider: "Institution", Alliance: "Alliance", Source: "Source of data", Run: "Harvest",
}

// write renders the page of the document.
func (b *pageBuilder) write(w io.Writer, templates *template.Template, t Target, license string) error {
	b.taught = b.teachingLanguage()
	titles := b.titles(b.doc.Subject)
	p := page{Kind: kindNames[t.Kind], Identifier: t.IRI, License: license, Formats: formats(t), Parts: b.parts, Notes: b.doc.Notes}
	p.Title = text{Text: t.IRI}
	if len(titles) > 0 {
		best := b.best(titles)
		p.Title = titles[best]
		p.OtherTitles = slices.Delete(titles, best, best+1)
	}
	for _, q := range b.subjects[b.doc.Subject] {
		if q.P.Value() == ontology.OWL+"sameAs" && q.O.Value() != t.IRI {
			p.SameAs = append(p.SameAs, q.O.Value())
		}
	}
	var err error
	if p.Publisher, err = b.publisher(); err != nil {
		return err
	}
	if p.Course, err = b.facts(b.doc.Subject, headline); err != nil {
		return err
	}
	for _, o := range b.doc.Offerings {
		f, err := b.facts(o, headline)
		if err != nil {
			return err
		}
		p.Offerings = append(p.Offerings, f)
	}
	if p.Lists, err = b.lists(t); err != nil {
		return err
	}
	if p.Schema, err = b.schema(t, license); err != nil {
		return err
	}
	b.language = languageTag(p.Title.Lang)
	return templates.ExecuteTemplate(w, "thing.html", p)
}

// teachingLanguage returns the tag of the language in which the course is
// taught.
func (b *pageBuilder) teachingLanguage() string {
	for _, o := range b.objects(b.doc.Subject, ontology.DCTerms+"language") {
		if tag := languageOf(o); tag != "" {
			return tag
		}
	}
	return ""
}

// languageOf returns the tag of the language that a concept of the authority
// table stands for, whose codes are those of ISO 639-3.
func languageOf(concept rdf.Term) string {
	code, isLanguage := strings.CutPrefix(concept.Value(), ontology.LanguageTable)
	if !isLanguage {
		return ""
	}
	tag, err := language.ParseBase(strings.ToLower(code))
	if err != nil {
		return ""
	}
	return tag.String()
}

// headline are the properties that the page shows above or beside the rows.
var headline = []string{
	rdf.RDFType, ontology.OWL + "sameAs", ontology.DCTerms + "title", ontology.DCTerms + "publisher", ontology.ROV + "legalName",
	ontology.ELM + "learningAchievementSpecification",
	// What a tombstone says, its notes do in words.
	ontology.ADMS + "status", ontology.PROV + "generatedAtTime", ontology.PROV + "invalidatedAtTime",
	ontology.PROV + "wasInvalidatedBy", ontology.DCTerms + "hasVersion",
}

// noise are the properties of helper nodes that say nothing to a reader.
var noise = []string{rdf.RDFType}

// rowOrder puts what people ask for first; what is not listed follows by name.
var rowOrder = []string{
	ontology.DCTerms + "description", ontology.ELM + "learningOutcome", ontology.ELM + "learningOutcomeSummary",
	ontology.ELM + "creditPoint", ontology.ELM + "EQFLevel", ontology.DCTerms + "language", ontology.ELM + "defaultLanguage",
	ontology.ELM + "mode", ontology.DCTerms + "temporal", ontology.ELM + "applicationDeadline", ontology.ELM + "learningSchedule",
	ontology.ELM + "ISCEDFCode", ontology.QL + "ISCEDFBroadField", ontology.QL + "ISCEDFNarrowField",
	ontology.ELM + "entryRequirement", ontology.ELM + "provenBy", ontology.ELM + "priceDetail",
}

// facts makes the rows of a node, leaving out the properties in skip.
func (b *pageBuilder) facts(s rdf.Term, skip []string) (*facts, error) {
	b.open[s] = true
	defer delete(b.open, s)
	byProperty := map[string][]rdf.Term{}
	for _, q := range b.subjects[s] {
		if !slices.Contains(skip, q.P.Value()) {
			byProperty[q.P.Value()] = append(byProperty[q.P.Value()], q.O)
		}
	}
	f := &facts{}
	for property, objects := range byProperty {
		label, err := b.name(rdf.IRI(property))
		if err != nil {
			return nil, err
		}
		r := row{Label: capitalized(label.Text), Property: property}
		for _, o := range objects {
			values, err := b.values(o)
			if err != nil {
				return nil, err
			}
			r.Values = append(r.Values, values...)
		}
		f.Rows = append(f.Rows, r)
	}
	slices.SortFunc(f.Rows, func(x, y row) int {
		if rx, ry := rank(x.Property), rank(y.Property); rx != ry {
			return rx - ry
		}
		return strings.Compare(x.Label+x.Property, y.Label+y.Property)
	})
	return f, nil
}

func rank(property string) int {
	if i := slices.Index(rowOrder, property); i >= 0 {
		return i
	}
	return len(rowOrder)
}

// values shows one object. A helper node with a single row is shown as that
// row's values: a note is its text, a web resource its link.
func (b *pageBuilder) values(o rdf.Term) ([]value, error) {
	if o.IsLiteral() {
		v := value{text: literalText(o), Chip: o.Lang()}
		if v.Chip == "und" {
			v.Lang, v.Chip = "", ""
		}
		return []value{v}, nil
	}
	if !b.open[o] && b.isPart(o) && !b.isInstitution(o) {
		f, err := b.facts(o, noise)
		if err != nil {
			return nil, err
		}
		return f.inline(), nil
	}
	name, err := b.name(o)
	if err != nil {
		return nil, err
	}
	name.Href = b.href(o)
	return []value{{text: name}}, nil
}

// inline shows a helper node as briefly as it can be said: a single row as its
// values, an identifier with its scheme, credits with their system.
func (f *facts) inline() []value {
	if len(f.Rows) == 1 {
		return f.Rows[0].Values
	}
	for _, pair := range [][2]string{
		{ontology.SKOS + "notation", ontology.ELM + "schemeName"},
		{ontology.SKOS + "notation", ontology.ELM + "schemeId"},
		{ontology.ELM + "point", ontology.ELM + "framework"},
	} {
		main, aside := f.row(pair[0]), f.row(pair[1])
		if len(f.Rows) == 2 && len(main) == 1 && len(aside) == 1 {
			v := main[0]
			v.Chip = aside[0].Text
			return []value{v}
		}
	}
	return []value{{Node: f}}
}

// row returns the values of a property.
func (f *facts) row(property string) []value {
	for _, r := range f.Rows {
		if r.Property == property {
			return r.Values
		}
	}
	return nil
}

// isPart reports whether the document describes o and does not merely name it.
func (b *pageBuilder) isPart(o rdf.Term) bool {
	return slices.ContainsFunc(b.subjects[o], func(q rdf.Quad) bool {
		_, labelOnly := slices.BinarySearchFunc(b.doc.labels, q, rdf.CompareQuads)
		return !labelOnly
	})
}

// isInstitution reports whether o has a page of its own to go to, although the
// document describes it.
func (b *pageBuilder) isInstitution(o rdf.Term) bool {
	return o != b.doc.Subject && strings.HasPrefix(o.Value(), b.base+"/provider/") && !strings.Contains(o.Value(), "#")
}

func literalText(o rdf.Term) text {
	t := text{Text: o.Value(), Lang: o.Lang()}
	if o.Datatype() == rdf.XSDAnyURI && isWebAddress(o.Value()) {
		t.Href = o.Value()
	}
	return t
}

// isWebAddress admits what a page may link to: a source can say anything.
func isWebAddress(s string) bool {
	return strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")
}

// href links to an IRI: on this server where it names what this server
// describes, so that a local server can be browsed.
func (b *pageBuilder) href(o rdf.Term) string {
	if o.IsIRI() && isWebAddress(o.Value()) {
		if path, ours := strings.CutPrefix(o.Value(), b.base+"/"); ours {
			return "/" + path
		}
		return o.Value()
	}
	return ""
}

func (b *pageBuilder) publisher() (*text, error) {
	for _, q := range b.subjects[b.doc.Subject] {
		if q.P.Value() == ontology.DCTerms+"publisher" {
			name, err := b.name(q.O)
			name.Href = b.href(q.O)
			return &name, err
		}
	}
	return nil, nil
}

// formats are the links to the document's representations.
func formats(t Target) []format {
	list := make([]format, len(representations))
	for i := range representations {
		r := &representations[i]
		list[i] = format{r.name, r.mediaType, t.Path + r.ending}
	}
	return list
}

// languageTag returns what of a tag may stand in a header: sources have written
// all sorts of things for languages.
func languageTag(tag string) string {
	if len(tag) > 35 || strings.ContainsFunc(tag, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-'
	}) {
		return ""
	}
	return tag
}
