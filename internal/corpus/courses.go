package corpus

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"strconv"
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/ontology"
)

const (
	base         = "http://data.quality-link.eu/"
	institutions = 500
	isced        = ontology.ISCEDF
)

var (
	countries = []string{"de", "fr", "es", "it", "pl", "nl", "sv", "pt", "fi", "cs", "el", "hu", "ro", "da", "sl", "hr", "et", "lv", "lt", "bg", "sk", "mt"}
	topics    = []string{"Data Science", "Linear Algebra", "European Law", "Statistics", "Databases", "Human Rights", "Thermodynamics", "Modern Philosophy", "Public Health", "Climate Science", "Linguistics", "Robotics", "Agronomy", "Musiktheorie", "Littérature médiévale", "Βάσεις δεδομένων"}
	forms     = []string{"Introduction to %s", "Advanced %s", "Foundations of %s", "%s and Society", "Topics in %s", "%s Seminar", "Research Methods in %s"}
	words     = strings.Fields(`the course of and students to in learning analysis theory methods with practical research concepts
		apply knowledge systems models skills data design project evaluate critical problems modern tools assessment European society
		social economic technical professional approaches group work case studies understand principles describe develop explain
		compare interpret sources language culture history policy ethics sustainability innovation digital communication`)
	credits = []string{"5.0", "6.0", "3.0", "4.0", "7.5", "10.0", "2.0", "15.0", "30.0"}
)

// Courses generates the quads of n courses with their offerings and providers,
// one named graph for each provider. Blank node labels are b1, b2, …
func Courses(n int) iter.Seq[rdf.Quad] {
	return func(yield func(rdf.Quad) bool) {
		g := newGenerator(yield)
		for i := range n {
			if g.course(i); g.stopped {
				return
			}
		}
	}
}

// generator holds the state of one generation.
type generator struct {
	yield   func(rdf.Quad) bool
	stopped bool
	random  *rand.Rand
	graph   rdf.Term
	blanks  int
	seen    [institutions]bool

	institution, topic, word, form, field, credit *rand.Zipf
}

func newGenerator(yield func(rdf.Quad) bool) *generator {
	r := rand.New(rand.NewPCG(1, 1))
	zipf := func(n int) *rand.Zipf { return rand.NewZipf(r, 1.2, 3, uint64(n-1)) }
	return &generator{
		yield:       yield,
		random:      r,
		institution: zipf(institutions),
		topic:       zipf(len(topics)),
		word:        zipf(len(words)),
		form:        zipf(len(forms)),
		field:       zipf(120),
		credit:      zipf(len(credits)),
	}
}

func (g *generator) emit(s rdf.Term, p string, o rdf.Term) {
	if !g.stopped {
		g.stopped = !g.yield(rdf.Triple(s, rdf.IRI(p), o).In(g.graph))
	}
}

// node emits a blank node with the type and the properties, which are pairs of
// a predicate and an object, as object of s.
func (g *generator) node(s rdf.Term, p, class string, properties ...any) {
	g.blanks++
	node := rdf.Blank("b" + strconv.Itoa(g.blanks))
	g.emit(s, p, node)
	g.emit(node, rdf.RDFType, rdf.IRI(class))
	for i := 0; i < len(properties); i += 2 {
		g.emit(node, properties[i].(string), properties[i+1].(rdf.Term))
	}
}

func (g *generator) provider(i int) rdf.Term {
	provider := rdf.IRI("https://data.deqar.eu/institution/" + strconv.Itoa(i+1))
	g.graph = rdf.IRI(fmt.Sprintf("%sgraph/source/uni%d.example", base, i+1))
	if !g.seen[i] {
		g.seen[i] = true
		g.emit(provider, rdf.RDFType, rdf.IRI(ontology.QL+"HigherEducationInstitution"))
		g.emit(provider, ontology.ELM+"legalName", rdf.LangLiteral(fmt.Sprintf("University %d", i+1), "en"))
		g.node(provider, ontology.ADMS+"identifier", ontology.QL+"SchacIdentifier",
			ontology.SKOS+"notation", rdf.Literal(fmt.Sprintf("uni%d.example", i+1)))
	}
	return provider
}

func (g *generator) course(n int) {
	i := int(g.institution.Uint64())
	provider := g.provider(i)
	lang := countries[i%len(countries)]
	topic := topics[g.topic.Uint64()]
	title := fmt.Sprintf(forms[g.form.Uint64()], topic)
	s := rdf.IRI(fmt.Sprintf("%sid/course/%07d", base, n))

	g.emit(s, rdf.RDFType, rdf.IRI(ontology.QL+"LearningOpportunitySpecification"))
	g.emit(s, ontology.QL+"isActive", rdf.TypedLiteral(strconv.FormatBool(g.random.IntN(14) > 0), rdf.XSDBoolean))
	g.emit(s, ontology.QL+"version", rdf.Literal(fmt.Sprintf("%d.%d", 1+g.random.IntN(4), g.random.IntN(10))))
	g.emit(s, ontology.DCTerms+"title", rdf.LangLiteral(title, "en"))
	g.emit(s, ontology.DCTerms+"title", rdf.LangLiteral(topic+" ("+lang+")", lang))
	g.emit(s, ontology.DCTerms+"description", rdf.LangLiteral(title+": "+g.text(15+g.random.IntN(35))+".", lang))
	g.node(s, ontology.ADMS+"identifier", ontology.ELM+"Identifier",
		ontology.SKOS+"notation", rdf.Literal("C-"+strconv.Itoa(n)),
		ontology.ELM+"schemeName", rdf.Literal("local course code"))
	g.emit(s, ontology.DCTerms+"language", rdf.IRI(ontology.LanguageTable+strings.ToUpper(lang)))
	for range 1 + g.random.IntN(4) {
		g.node(s, ontology.ELM+"learningOutcome", ontology.ELM+"LearningOutcome",
			ontology.DCTerms+"title", rdf.LangLiteral("The learner is able to "+g.text(6)+".", lang))
	}
	field := fmt.Sprintf("%04d", 110+g.field.Uint64())
	g.emit(s, ontology.ELM+"ISCEDFCode", rdf.IRI(isced+field))
	g.emit(s, ontology.QL+"ISCEDFBroadField", rdf.IRI(isced+field[:2]))
	g.emit(s, ontology.QL+"ISCEDFNarrowField", rdf.IRI(isced+field[:3]))
	g.emit(s, ontology.ELM+"EQFLevel", rdf.IRI(ontology.EQF+strconv.Itoa(5+g.random.IntN(4))))
	g.node(s, ontology.ELM+"creditPoint", ontology.ELM+"CreditPoint",
		ontology.ELM+"point", rdf.TypedLiteral(credits[g.credit.Uint64()], rdf.XSDDouble),
		ontology.ELM+"framework", rdf.IRI(ontology.EducationCredit+"6fcec5c5af"))
	g.emit(s, ontology.DCTerms+"publisher", provider)
	g.node(s, ontology.FOAF+"homepage", ontology.ELM+"WebResource",
		ontology.ELM+"contentUrl", rdf.TypedLiteral(fmt.Sprintf("https://courses.uni%d.example/c/%d", i+1, n), rdf.XSDAnyURI))
	g.emit(s, ontology.DCTerms+"modified", g.dateTime(2025))
	g.emit(s, ontology.OWL+"sameAs", rdf.IRI(fmt.Sprintf("urn:uuid:%08x-0000-4000-8000-%012x", g.random.Uint32(), n)))
	for j := range g.random.IntN(3) {
		g.offering(s, provider, lang, n, j)
	}
}

func (g *generator) offering(course, provider rdf.Term, lang string, n, j int) {
	s := rdf.IRI(fmt.Sprintf("%sid/instance/%07d-%d", base, n, j))
	g.emit(course, ontology.ELM+"learningOpportunity", s)
	g.emit(s, rdf.RDFType, rdf.IRI(ontology.QL+"LearningOpportunityInstance"))
	g.emit(s, ontology.ELM+"learningAchievementSpecification", course)
	g.emit(s, ontology.ELM+"defaultLanguage", rdf.IRI(ontology.LanguageTable+strings.ToUpper(lang)))
	g.emit(s, ontology.ELM+"providedBy", provider)
	g.emit(s, ontology.ELM+"mode", rdf.IRI(ontology.Mode+"online"))
	g.node(s, ontology.DCTerms+"temporal", ontology.DCTerms+"PeriodOfTime",
		ontology.ELM+"startDate", g.dateTime(2026),
		ontology.ELM+"endDate", g.dateTime(2027))
	g.emit(s, ontology.DCTerms+"modified", g.dateTime(2025))
}

func (g *generator) text(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(words[g.word.Uint64()])
	}
	return b.String()
}

func (g *generator) dateTime(year int) rdf.Term {
	r := g.random
	return rdf.TypedLiteral(fmt.Sprintf("%d-%02d-%02dT%02d:%02d:%02dZ", year, 1+r.IntN(12), 1+r.IntN(28), r.IntN(24), r.IntN(60), r.IntN(60)), rdf.XSDDateTime)
}
