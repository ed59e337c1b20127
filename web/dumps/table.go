package dumps

import (
	"slices"
	"strconv"
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/ontology"
	"qlgraph/ontology/elm"
	"qlgraph/ontology/ql"
)

// Course is what the JSON and CSV dumps say of a course.
type Course struct {
	IRI     string     // the aggregator's
	URN     string     // its identifier as a urn:schac:…
	Subject rdf.Term   // the course, as Quads name it
	Quads   []rdf.Quad // its document, with the labels of what it points to
	JSON    []byte     // the document as one line of JSON
}

// columns are those of the CSV dumps. Where a course has several values they are
// separated by "|"; texts are in their own languages.
var columns = []string{
	"course", "provider", "urn", "title", "title_language", "other_titles", "teaching_languages",
	"ects", "eqf_level", "isced_f", "modes", "active", "offerings", "homepage",
}

// row returns the cells of columns.
func (c *Course) row() []string {
	title, language, others := c.titles()
	return []string{
		c.IRI, c.values(c.Subject, ontology.DCTerms+"publisher", text), c.URN, title, language, others,
		c.values(c.Subject, ontology.DCTerms+"language", func(t rdf.Term) string { return strings.ToLower(lastPart(t)) }),
		c.credits(), c.values(c.Subject, elm.EQFLevel, lastPart), c.values(c.Subject, elm.ISCEDFCode, lastPart),
		c.values(c.Subject, elm.Mode, c.label), c.values(c.Subject, ql.IsActive, text),
		strconv.Itoa(c.offerings()), c.through(ontology.FOAF+"homepage", elm.ContentUrl),
	}
}

func text(t rdf.Term) string { return t.Value() }

// lastPart is the code at the end of the IRI of an authority's concept.
func lastPart(t rdf.Term) string {
	return t.Value()[strings.LastIndexAny(t.Value(), "/#")+1:]
}

// objects returns the objects of a subject's property, in order.
func (c *Course) objects(s rdf.Term, property string) []rdf.Term {
	var objects []rdf.Term
	for _, q := range c.Quads {
		if q.S == s && q.P.Value() == property {
			objects = append(objects, q.O)
		}
	}
	slices.SortFunc(objects, rdf.Compare)
	return objects
}

func (c *Course) values(s rdf.Term, property string, form func(rdf.Term) string) string {
	var values []string
	for _, o := range c.objects(s, property) {
		values = append(values, form(o))
	}
	slices.Sort(values)
	return strings.Join(slices.Compact(values), "|")
}

// through returns the values at the end of a path of two properties.
func (c *Course) through(first, second string) string {
	var values []string
	for _, node := range c.objects(c.Subject, first) {
		for _, o := range c.objects(node, second) {
			values = append(values, o.Value())
		}
	}
	return strings.Join(values, "|")
}

// titles returns the English title where there is one, else the first by language,
// and all others with their languages.
func (c *Course) titles() (title, language, others string) {
	titles := c.objects(c.Subject, ontology.DCTerms+"title")
	slices.SortStableFunc(titles, func(a, b rdf.Term) int { return strings.Compare(a.Lang(), b.Lang()) })
	if len(titles) == 0 {
		return "", "", ""
	}
	first := max(0, slices.IndexFunc(titles, func(t rdf.Term) bool { return t.Lang() == "en" || strings.HasPrefix(t.Lang(), "en-") }))
	var rest []string
	for i, t := range titles {
		if i != first {
			rest = append(rest, t.Lang()+":"+t.Value())
		}
	}
	return titles[first].Value(), titles[first].Lang(), strings.Join(rest, "|")
}

// ects is the European Credit Transfer and Accumulation System.
const ects = ontology.EducationCredit + "6fcec5c5af"

// credits returns the points of the ECTS.
func (c *Course) credits() string {
	var points []string
	for _, node := range c.objects(c.Subject, elm.CreditPoint) {
		if c.values(node, elm.Framework, text) == ects {
			points = append(points, c.values(node, elm.Point, text))
		}
	}
	return strings.Join(points, "|")
}

// label returns the English name of a concept, its code where it has none.
func (c *Course) label(t rdf.Term) string {
	for _, o := range c.objects(t, ontology.SKOS+"prefLabel") {
		if o.Lang() == "en" {
			return o.Value()
		}
	}
	return lastPart(t)
}

func (c *Course) offerings() int {
	n := 0
	for _, q := range c.Quads {
		if q.P.Value() == elm.LearningAchievementSpecification && q.O == c.Subject {
			n++
		}
	}
	return n
}
