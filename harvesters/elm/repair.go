package elm

import (
	"fmt"
	"slices"
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting"
	"qlgraph/harvesters/lifting/term"
	"qlgraph/ontology"
)

// elements is the namespace of Dublin Core's older element set, which the EC's
// own examples confuse with its terms.
const elements = "http://purl.org/dc/elements/1.1/"

// canonical returns an IRI under the names in which data are stored: ELM 3.3
// for ELM up to 3.2, Dublin Core terms for elements, and the IRIs of the European
// vocabularies with http.
func canonical(iri string) string {
	if rest, ok := strings.CutPrefix(iri, ontology.ELM32); ok {
		iri = ontology.ELM + rest
	}
	switch iri {
	case ontology.ELM + "legalName":
		return term.LegalName.Value()
	case elements + "title", elements + "description", elements + "language", elements + "type", elements + "publisher", elements + "subject":
		return ontology.DCTerms + iri[len(elements):]
	}
	for _, host := range []string{"data.europa.eu/snb/", "publications.europa.eu/resource/authority/"} {
		if rest, ok := strings.CutPrefix(iri, "https://"+host); ok {
			return "http://" + host + rest
		}
	}
	return iri
}

// pass writes the record's triples, with repairs.
func (l *lift) pass() {
	for i, q := range l.about {
		l.line = i + 1 // a record has a triple per line
		l.repair(q)
		l.count(q.P.Value())
	}
	l.line = 0
	l.inferTypes()
}

// repair writes a triple as it should be.
func (l *lift) repair(q rdf.Quad) {
	switch {
	case !l.also.IsZero() && q.O == l.also && (q.P == term.Publisher || q.P == term.ProvidedBy):
		// One institution, one name: counts per publisher must not count twice.
		l.add(rulePublisher, q.S, q.P, l.provider())
	case q.P == term.Homepage && !l.isWebResource(q.O):
		l.webResource(q)
	case q.P == rdf.IRI(ontology.ELM+"value"):
		l.repaired(q.S, term.Value, typed(q.O, rdf.XSDDecimal), "value", "elm:value is rdf:value in ELM 3.3")
	case slices.Contains(texts, q.P) && q.O.IsLiteral():
		l.text(q)
	case slices.Contains(moments, q.P) && q.O.IsLiteral():
		l.moment(q)
	case q.P == term.ContentURL && q.O.Datatype() != rdf.XSDAnyURI:
		l.repaired(q.S, q.P, rdf.TypedLiteral(strings.TrimSpace(q.O.Value()), rdf.XSDAnyURI), "contentUrl", "elm:contentUrl is an xsd:anyURI")
	case q.P == term.Point && q.O.IsLiteral():
		l.point(q)
	case q.P == term.VolumeOfLearning && q.O.IsLiteral() && q.O.Datatype() != rdf.XSDDuration:
		l.volume(q)
	case vocabularies[q.P] != "":
		l.concept(q, vocabularies[q.P])
	default:
		l.add(rulePass, q.S, q.P, q.O)
	}
}

// repaired writes a triple that the source has otherwise, and reports it.
func (l *lift) repaired(s, p, o rdf.Term, code, why string) {
	l.add(ruleRepair, s, p, o)
	l.report(harvesters.Warning, ruleRepair+"."+code, "Repaired: "+why+".")
}

// texts are the properties whose values are texts with a language.
var texts = []rdf.Term{
	term.Title, term.Description, term.AltLabel, term.PrefLabel, term.NoteLiteral, term.Category, term.LegalName,
}

// text gives a text its language tag in canonical case, und where it has none,
// and turns HTML into plain text.
func (l *lift) text(q rdf.Quad) {
	value, lang := q.O.Value(), q.O.Lang()
	if lang == "" {
		l.report(harvesters.Warning, ruleText+".language", "A text has no language; it is published as undetermined (und).")
		lang = lifting.Undetermined
	} else if tag, ok := lifting.Tag(lang); ok {
		lang = tag
	}
	if plain := lifting.Plain(value); lifting.HasMarkup(value) && plain != "" {
		value = plain
	}
	if lit := rdf.LangLiteral(value, lang); lit != q.O {
		l.add(ruleText, q.S, q.P, lit)
	} else {
		l.add(rulePass, q.S, q.P, q.O)
	}
}

// moments are the properties whose values are points in time.
var moments = []rdf.Term{
	term.StartDate, term.EndDate, term.ApplicationDeadline, term.Modified, rdf.IRI(ontology.DCTerms + "issued"),
}

// moment widens a date to a point in time.
func (l *lift) moment(q rdf.Quad) {
	lit, ok := lifting.DateTime(q.O.Value())
	switch {
	case q.O.Datatype() == rdf.XSDDateTime:
		l.add(rulePass, q.S, q.P, q.O)
	case ok:
		l.repaired(q.S, q.P, lit, "date", "a date is published as its first instant, xsd:dateTime")
	default:
		l.add(rulePass, q.S, q.P, q.O)
		l.report(harvesters.Warning, ruleRepair+".date.unknown", fmt.Sprintf("%q is no date.", q.O.Value()))
	}
}

// point writes credits as a decimal in a string: "180 ECTS" is 180.
func (l *lift) point(q rdf.Quad) {
	number, _, ok := lifting.ParseDecimal(q.O.Value())
	if !ok || rdf.Literal(number) == q.O {
		l.add(rulePass, q.S, q.P, q.O)
		return
	}
	l.repaired(q.S, q.P, rdf.Literal(number), "point", "elm:point is a number in an xsd:string")
}

// volume reads a workload in hours that should be a duration.
func (l *lift) volume(q rdf.Quad) {
	if lit, ok := lifting.Duration(q.O.Value()); ok {
		l.repaired(q.S, q.P, lit, "duration", "elm:volumeOfLearning is an xsd:duration")
		return
	}
	number, _, ok := lifting.ParseDecimal(q.O.Value())
	lit, inHours := lifting.Hours(number)
	if !ok || !inHours {
		l.add(rulePass, q.S, q.P, q.O)
		return
	}
	l.repaired(q.S, q.P, lit, "volume", "elm:volumeOfLearning is an xsd:duration; a number is taken for hours")
}

// vocabularies are the properties whose values are concepts of a list.
var vocabularies = map[rdf.Term]string{
	term.Language: ontology.LanguageTable, term.DefaultLanguage: ontology.LanguageTable,
	term.ISCEDFCode: ontology.ISCEDF, term.EQFLevel: ontology.EQF, term.CountryCode: ontology.CountryTable,
	term.Mode: ontology.Mode, term.LearningSchedule: ontology.Schedule, term.Unit: ontology.CurrencyTable,
}

// concept writes a concept that the source names by its code, or by an IRI that
// the list does not have.
func (l *lift) concept(q rdf.Quad, base string) {
	code := strings.TrimPrefix(q.O.Value(), base)
	if q.O.IsIRI() && (code == q.O.Value() || ontology.IsConcept(q.O.Value())) {
		l.add(rulePass, q.S, q.P, q.O)
		return
	}
	if iri, ok := conceptOf(base, code); ok {
		l.repaired(q.S, q.P, rdf.IRI(iri), "concept", fmt.Sprintf("%s is %s", q.O.Value(), iri))
		return
	}
	l.add(rulePass, q.S, q.P, q.O)
	l.report(harvesters.Warning, "elm.concept.unknown", q.O.Value()+" is not in the bundled list "+base+".")
}

func conceptOf(base, code string) (string, bool) {
	switch base {
	case ontology.LanguageTable:
		return ontology.LanguageConcept(code)
	case ontology.ISCEDF:
		f, ok := ontology.ISCEDField(code)
		return f.Concept, ok
	}
	return ontology.ConceptIn(base, code)
}

// isWebResource reports whether a homepage is a node, as it should be.
func (l *lift) isWebResource(o rdf.Term) bool {
	return o.IsIRI() && (l.has(o, term.ContentURL) || slices.Contains(l.values(o, term.Type), term.WebResource))
}

// webResource lifts an address to the node that it should be.
func (l *lift) webResource(q rdf.Quad) {
	url, ok := lifting.URL(q.O.Value())
	if !ok {
		l.add(rulePass, q.S, q.P, q.O)
		l.report(harvesters.Warning, ruleRepair+".homepage.unknown", fmt.Sprintf("The homepage %q is no web address.", q.O.Value()))
		return
	}
	n := l.node(ruleRepair, q.S, [2]rdf.Term{term.Type, term.WebResource}, [2]rdf.Term{term.ContentURL, rdf.TypedLiteral(url, rdf.XSDAnyURI)})
	l.repaired(q.S, q.P, n, "homepage", "a homepage is an elm:WebResource with an elm:contentUrl")
}

// typed returns a literal with another datatype.
func typed(t rdf.Term, datatype string) rdf.Term {
	if !t.IsLiteral() {
		return t
	}
	return rdf.TypedLiteral(t.Value(), datatype)
}

// ranges are the classes of helper nodes that people leave untyped.
var ranges = map[rdf.Term]rdf.Term{
	term.HasIdentifier: term.Identifier, term.LearningOutcome: term.Outcome, term.CreditPoint: term.CreditPointClass,
	term.AdditionalNote: term.Note, term.EntryRequirement: term.Note, term.LearningOutcomeSummary: term.Note,
	term.AdmissionProcedure: term.Note, term.ScheduleInformation: term.Note, term.FullAddress: term.Note,
	term.PriceDetail: term.PriceDetailClass, term.AmountOf: term.Amount, term.Temporal: term.Period, term.LocationOf: term.Location,
	term.AddressOf: term.Address, term.GradingScheme: term.GradingSchemeClass, term.ProvenBy: term.AssessmentSpecification,
	term.InfluencedBy: term.ActivitySpecification, term.LearningActivity: term.ActivitySpecification,
}

// inferTypes types the helper nodes that have no type.
func (l *lift) inferTypes() {
	typed, described := map[rdf.Term]bool{}, map[rdf.Term]bool{}
	for _, q := range l.about {
		described[q.S] = true
		typed[q.S] = typed[q.S] || q.P == term.Type
	}
	for _, q := range l.about {
		if class, ok := ranges[q.P]; ok && described[q.O] && !typed[q.O] {
			l.add(ruleType, q.O, term.Type, class)
		}
	}
}

// namespaces are those whose properties somebody looks at.
var namespaces = []string{
	ontology.ELM, ontology.QL, ontology.DCTerms, ontology.SKOS, ontology.FOAF, ontology.ADMS, ontology.ORG, ontology.ROV,
	ontology.LOCN, ontology.OWL, ontology.RDFS, rdf.RDF,
}

// count counts a property of a namespace that nobody looks at. Its triples are
// published all the same.
func (l *lift) count(property string) {
	for _, ns := range namespaces {
		if strings.HasPrefix(property, ns) {
			return
		}
	}
	if l.out.Unmapped == nil {
		l.out.Unmapped = map[string]int{}
	}
	l.out.Unmapped[l.rec.Kind+" <"+property+">"]++
}
