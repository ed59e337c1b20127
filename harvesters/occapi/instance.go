package occapi

import (
	"strconv"

	"qlgraph/graph/rdf"
	"qlgraph/harvesters/lifting"
	"qlgraph/harvesters/lifting/term"
	"qlgraph/internal/jsontree"
	"qlgraph/ontology"
)

// instanceRules make an instance of a course.
var instanceRules = lifting.NewTable(
	whole("period", "attributes/startDate, attributes/endDate, attributes/academicTermId", "dct:temporal", "startDate and endDate as xsd:dateTime, academicTermId as label without a language.", period),
	rule("instance.ects", "attributes/ects", "elm:additionalNote", "A note, where it differs from the course.", instanceCredits),
	rule("instance.language", "attributes/languageOfInstruction", "elm:defaultLanguage, dct:language", "The first; further ones are languages of the course.", lifting.Languages),
	rule("instance.mode", "attributes/elmModeOfLearning", "elm:mode", "Ids or IRIs of the Europass list.", lifting.CodeList(term.Mode, ontology.Mode)),
	rule("instance.type", "attributes/elmLearningOpportunityType", "dct:type", "Ids or IRIs of the Europass list.", lifting.CodeList(term.TypeOf, ontology.LearningOpportunity)),
	whole("instance.activity", "attributes/engagementHours, attributes/elmLearningActivityType", "elm:learningActivitySpecification", "engagementHours as elm:contactHour and elmLearningActivityType as types.", engagement),
	whole("instance.assessment", "attributes/elmAssessmentType", "elm:provenBy", "elmAssessmentType as types of an assessment of the course.", instanceAssessment),
	rule("instance.schedule", "attributes/elmLearningScheduleType", "elm:learningSchedule", "An id or IRI of the Europass list.", lifting.CodeList(term.LearningSchedule, ontology.Schedule)),
	whole("grading", "attributes/gradingScheme, attributes/resultDistribution", "elm:gradingScheme", "Of the course: label and description of gradingScheme; resultDistribution as grades in order, with their share in whole percent; grades below half a percent are left out.", grading),
	whole("group", "attributes/restrictedToLocalStudents, attributes/restrictedToAllianceStudents of the course", "ql:learnerGroupConditions, elm:additionalNote", "restrictedToLocalStudents and restrictedToAllianceStudents of the course: its learners; without an instance a note.", groups),
	rule("instance.modified", "attributes/lastModified", "dct:modified", "As xsd:dateTime.", lifting.DateTimes(term.Modified)),
)

func period(s *lifting.Subject, v jsontree.Value) {
	a := v.Get("attributes")
	var labels []lifting.Text
	if id := a.Get("academicTermId"); !lifting.Absent(id) && id.Text() != "" {
		labels = append(labels, lifting.Text{Value: id.Text(), Lang: lifting.Undetermined, From: id})
	}
	s.Period(term.Temporal, a.Get("startDate"), a.Get("endDate"), labels)
}

func instanceCredits(s *lifting.Subject, v jsontree.Value) {
	own, _, ok := lifting.Decimal(v)
	if !ok {
		s.Warn(v, "a number")
		return
	}
	if course, _, ok := lifting.Decimal(s.Parent.Body.Get("attributes").Get("ects")); !ok || course != own {
		s.Note(term.AdditionalNote, "Credits", lifting.Text{Value: own + " ECTS", Lang: lifting.Undetermined, From: v})
	}
}

func engagement(s *lifting.Subject, v jsontree.Value) {
	a := v.Get("attributes")
	hours, types := a.Get("engagementHours"), a.Get("elmLearningActivityType")
	if lifting.Absent(hours) && lifting.Absent(types) {
		return
	}
	n := s.Open()
	from := hours
	if amount, unit, ok := lifting.Decimal(hours); ok && unit == "" {
		n.Add(term.ContactHour, rdf.Literal(amount), hours)
	} else {
		from = types
	}
	n.Add(term.Type, term.ActivitySpecification, from)
	n.Add(term.Title, rdf.LangLiteral("Teaching", "en"), from)
	lifting.Each(types, func(e jsontree.Value) {
		if concept, ok := s.InList(ontology.ActivityType, e); ok {
			n.Add(term.TypeOf, concept, e)
		}
	})
	n.CloseOnce(term.LearningActivity, "activity", from)
}

// instanceAssessment writes the types of assessment on the course, where the
// profile has them.
func instanceAssessment(s *lifting.Subject, v jsontree.Value) {
	specified(s.Parent, term.ProvenBy, term.AssessmentSpecification, "Assessment", ontology.AssessmentType,
		jsontree.Value{}, v.Get("attributes").Get("elmAssessmentType"))
}

// grading writes the grading scheme of an instance on the course, where the
// profile has it, once.
func grading(s *lifting.Subject, v jsontree.Value) {
	a := v.Get("attributes")
	scheme, distribution := a.Get("gradingScheme"), a.Get("resultDistribution")
	if lifting.Absent(scheme) && lifting.Absent(distribution) {
		return
	}
	from := scheme
	if !from.Exists() {
		from = distribution
	}
	n := s.Parent.Open()
	n.Add(term.Type, term.GradingSchemeClass, from)
	for _, t := range s.AppendTexts(nil, scheme.Get("label")) {
		n.Add(term.Title, t.Literal(), t.From)
	}
	for _, t := range s.AppendTexts(nil, scheme.Get("description")) {
		n.Add(term.Description, t.Literal(), t.From)
	}
	if node, ok := results(s.Parent, distribution); ok {
		n.Add(term.ResultDistribution, node, distribution)
	}
	n.CloseOnce(term.GradingScheme, "grading", from)
}

// results writes a distribution of grades; the profile wants shares in whole
// percent, of at least one.
func results(s *lifting.Subject, v jsontree.Value) (rdf.Term, bool) {
	total := 0.0
	for c := range v.Get("category").All() {
		if count, _, ok := lifting.Decimal(c.Get("count")); ok {
			total += lifting.Float(count)
		}
	}
	if total == 0 {
		return rdf.Term{}, false
	}
	n := s.Open()
	n.Add(term.Type, term.ResultDistributionClass, v)
	for _, t := range s.AppendTexts(nil, v.Get("description")) {
		n.Add(term.Description, t.Literal(), t.From)
	}
	order := 0
	for c := range v.Get("category").All() {
		order++
		count, _, ok := lifting.Decimal(c.Get("count"))
		percent := int(100*lifting.Float(count)/total + 0.5)
		label := c.Get("label")
		if !ok || percent < 1 || lifting.Absent(label) {
			continue
		}
		g := s.Open()
		g.Add(term.Type, term.ResultCategoryClass, c)
		g.Add(term.Label, rdf.Literal(labelText(s, label)), label)
		g.Add(term.GradeOrder, rdf.TypedLiteral(strconv.Itoa(order), rdf.XSDPositiveInteger), c)
		g.Add(term.GradePercentage, rdf.TypedLiteral(strconv.Itoa(percent), rdf.XSDPositiveInteger), c.Get("count"))
		n.Add(term.ResultCategory, g.Close("grade"), c)
	}
	return n.Close("results"), true
}

func labelText(s *lifting.Subject, v jsontree.Value) string {
	if texts := s.AppendTexts(nil, v); len(texts) > 0 {
		return texts[0].Value
	}
	return ""
}

// allianceStudents is the title of a group of learners of which the source says
// that they are an alliance's, but not of which.
const allianceStudents = "Students of the alliance"

// AllianceGroup returns the dct:title of a group of learners of which a source
// says that they are an alliance's, but not of which.
func AllianceGroup() rdf.Term { return rdf.LangLiteral(allianceStudents, "en") }

// groups writes whom an instance is for, from its course.
func groups(s *lifting.Subject, _ jsontree.Value) {
	a := s.Parent.Body.Get("attributes")
	for _, g := range []struct{ member, title string }{
		{"restrictedToLocalStudents", "Local students"},
		{"restrictedToAllianceStudents", allianceStudents},
	} {
		at := a.Get(g.member)
		if at.Text() != "true" {
			continue
		}
		conditions := s.Open()
		conditions.Add(term.Type, term.LearnerGroupConditions, at)
		group := s.Open()
		group.Add(term.Type, term.LearnerGroup, at)
		group.Add(term.Title, rdf.LangLiteral(g.title, "en"), at)
		if g.member == "restrictedToLocalStudents" {
			group.Add(term.StudentsOf, s.Provider(), at)
		}
		group.Add(term.IsOpenToNonEnrolled, rdf.TypedLiteral("false", rdf.XSDBoolean), at)
		conditions.Add(term.Group, group.Close("group"), at)
		s.Add(term.GroupConditions, conditions.Close("conditions"), at)
	}
}

// institutionRules describe the institution or one of its units.
var institutionRules = lifting.NewTable(
	rule("institution.name", "attributes/title", "rov:legalName", "Every lang with its tag.", lifting.Texts(term.LegalName, "Further name")),
	rule("institution.abbreviation", "attributes/abbreviation", "skos:altLabel", "The text.", lifting.AllTexts(term.AltLabel)),
	rule("institution.homepage", "attributes/url", "foaf:homepage", "An elm:WebResource.", lifting.Homepages),
	rule("institution.code", "attributes/ounitCode", "adms:identifier", "An elm:Identifier of a unit.", lifting.Codes("string", "type", "ounitCode")),
	whole("institution.unit", "type", "rdf:type, org:subOrganizationOf", "A unit is an elm:Organisation, {provider}#unit-{id}, of the provider.", unitOf),
)

func unitOf(s *lifting.Subject, v jsontree.Value) {
	a := v.Get("attributes")
	for _, name := range []string{"heiId", "ounitId", "lastModified"} {
		a.Get(name).Text()
	}
	if s.Record.Kind == KindUnit {
		s.Add(term.Type, term.Organisation, v.Get("type"))
		s.Add(term.SubOrganization, s.Provider(), v.Get("type"))
	}
}
