package ooapi

import (
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/harvesters/lifting"
	"qlgraph/harvesters/lifting/term"
	"qlgraph/internal/jsontree"
	"qlgraph/ontology"
)

// offeringRules make an offering. What an offering may take from its course has
// the course's members in its own conversion.
var offeringRules = lifting.NewTable(
	rule("offering.title", "name", "dct:title", "Every language with its tag.", lifting.Texts(term.Title, "Further title")),
	rule("offering.description", "description", "dct:description", "Every language with its tag.", lifting.Texts(term.Description, "Further description")),
	rule("offering.primaryCode", "primaryCode", "adms:identifier", "An elm:Identifier whose elm:schemeName is the codeType.", lifting.Codes("code", "codeType", "primaryCode")),
	rule("offering.otherCodes", "otherCodes", "adms:identifier", "One elm:Identifier each.", lifting.Codes("code", "codeType", "otherCode")),
	rule("offering.abbreviation", "abbreviation", "adms:identifier", "An elm:Identifier with the scheme name abbreviation.", lifting.Codes("code", "codeType", "abbreviation")),
	rule("offering.language", "teachingLanguages | teachingLanguage", "elm:defaultLanguage, dct:language", "The first; further ones are languages of the course.", lifting.Languages),
	rule("offering.mode", "modesOfDelivery | modeOfDelivery", "elm:mode", "As of a course.", lifting.Concepts(term.Mode, modes, "a mode of the API's list")),
	rule("offering.homepage", "link", "foaf:homepage", "An elm:WebResource.", lifting.Homepages),
	whole("period", "startDateTime, startDate, endDateTime, endDate, academicSession", "dct:temporal", "startDateTime | startDate and endDateTime | endDate as xsd:dateTime, with the name of the academic session as skos:prefLabel.", period),
	whole("schedule", "modeOfStudy", "elm:learningSchedule, elm:mode", "modeOfStudy of the offering, else of its programme: full-time and part-time; dual training is the mode Workbased; self-paced has none. Without an offering a note.", schedule),
	whole("duration", "duration of the course", "elm:duration, elm:maximumDuration", "duration of the course, on each offering; without one elm:maximumDuration of the course.", duration),
	rule("deadline", "enrollEndDate", "elm:applicationDeadline", "As xsd:dateTime.", lifting.DateTimes(term.ApplicationDeadline)),
	rule("enrolmentStart", "enrollStartDate", "elm:admissionProcedure", "A sentence in the note.", dated(term.AdmissionProcedure, "Enrolment opens on ")),
	rule("enrolmentPeriod", "enrolmentPeriods", "elm:applicationDeadline, elm:admissionProcedure, ql:registrationPortal, ql:learnerGroupConditions", "The end is a deadline, the start and the comment are sentences in the note, the address is the portal, each target group but \"all\" a group of learners.", enrolmentPeriods),
	rule("flexibleStart", "flexibleEntryPeriodStartDateTime | flexibleEntryPeriodStart", "elm:scheduleInformation", "A sentence in the note.", dated(term.ScheduleInformation, "Flexible entry from ")),
	rule("flexibleEnd", "flexibleEntryPeriodEndDateTime | flexibleEntryPeriodEnd", "elm:scheduleInformation", "A sentence in the note.", dated(term.ScheduleInformation, "Flexible entry until ")),
	whole("enrolment", "enrolment, enrollment of the course", "elm:admissionProcedure, elm:additionalNote", "enrolment | enrollment of the course; without an offering a note.", enrolment),
	rule("capacity", "maxNumberStudents", "ql:enrolmentCapacity", "A whole number; 30.0 is 30, and 0 is kept.", lifting.Counts(term.EnrolmentCapacity)),
	rule("enrolled", "enrolledNumberStudents", "ql:enrolledLearnerCount", "A whole number.", lifting.Counts(term.EnrolledLearnerCount)),
	rule("minimum", "minNumberStudents", "ql:enrolmentMinimum", "A whole number.", lifting.Counts(term.EnrolmentMinimum)),
	rule("price", "priceInformation", "elm:priceDetail", "elm:amount with the currency as elm:unit and the decimal as rdf:value; displayAmount or costType is the label.", prices),
	whole("location", "addresses, else those of the course", "elm:location, elm:additionalNote", "A dct:Location with address, country and coordinates; without an offering a note.", offeringLocations),
	rule("state", "state", "–", "Offerings that are cancelled or drafts are not published; the state is otherwise left out.", lifting.Ignore),
	rule("result", "resultValueType", "elm:gradingScheme", "The type of result as the title of the course's grading scheme.", gradingScheme),
	whole("group", "consumers/*/alliances", "ql:learnerGroupConditions", "An alliance that the eduXchange consumer names, of the offering or its course: its learners, and its enrolmentUrl as portal; without an offering a note.", alliances),
	rule("offering.unit", "organisation | organization | organisationId", "elm:additionalNote", "A unit other than the root is named in a note.", unit),
)

var schedules = map[string]rdf.Term{
	"full_time": term.FullTime, "part_time": term.PartTimeIntensive,
	"dual_training": term.WorkBased, "self_paced": {},
}

// ofCourse returns a member of the offering, else of its course.
func ofCourse(s *lifting.Subject, names ...string) jsontree.Value {
	if v := firstOf(s.Body, names...); v.Exists() {
		return v
	}
	return firstOf(s.Parent.Body, names...)
}

func period(s *lifting.Subject, v jsontree.Value) {
	start, end := firstOf(v, "startDateTime", "startDate"), firstOf(v, "endDateTime", "endDate")
	session := firstOf(v, "academicSession", "academicSessionId")
	if session.Kind() != jsontree.Object {
		session = s.AttachedByID(KindSession, session.Text())
	}
	s.Period(term.Temporal, start, end, s.AppendTexts(nil, session.Get("name")))
	session.Use()
}

func schedule(s *lifting.Subject, _ jsontree.Value) {
	v := ofCourse(s, "modeOfStudy")
	if !v.Exists() {
		return
	}
	concept, ok := schedules[lifting.Fold(v.Text())]
	switch {
	case !ok:
		s.Warn(v, "full-time, part-time, dual training or self-paced")
	case concept == term.WorkBased:
		s.Add(term.Mode, concept, v)
	case !concept.IsZero():
		s.AddOnce(term.LearningSchedule, concept, v)
	}
}

func duration(s *lifting.Subject, _ jsontree.Value) {
	if v := ofCourse(s, "duration"); v.Exists() {
		lifting.Durations(term.Duration)(s, v)
	}
}

func enrolment(s *lifting.Subject, _ jsontree.Value) {
	if v := ofCourse(s, "enrolment", "enrollment"); v.Exists() {
		s.Note(term.AdmissionProcedure, "", s.AppendTexts(nil, v)...)
	}
}

// dated writes a sentence that ends in a date, in English: the source has no
// words for it.
func dated(property rdf.Term, sentence string) lifting.Conversion {
	return func(s *lifting.Subject, v jsontree.Value) {
		if _, ok := lifting.DateTime(v.Text()); !ok {
			s.Warn(v, "a date, YYYY-MM-DD, or a point in time as in RFC 3339")
			return
		}
		s.Note(property, "", lifting.Text{Value: sentence + v.Text() + ".", Lang: "en", From: v})
	}
}

func enrolmentPeriods(s *lifting.Subject, v jsontree.Value) {
	lifting.Each(v, func(e jsontree.Value) {
		if at := e.Get("endDateTime"); !lifting.Absent(at) {
			lifting.DateTimes(term.ApplicationDeadline)(s, at)
		}
		if at := e.Get("startDateTime"); !lifting.Absent(at) {
			dated(term.AdmissionProcedure, "Enrolment opens on ")(s, at)
		}
		s.Note(term.AdmissionProcedure, "", s.AppendTexts(nil, e.Get("comment"))...)
		if at := e.Get("enrolmentUrl"); !lifting.Absent(at) {
			s.Portal(at)
		}
		lifting.Each(e.Get("targetGroups"), func(at jsontree.Value) { targetGroup(s, at) })
	})
}

// targetGroup writes whom an enrolment period is for; a period for everybody
// says nothing of it.
func targetGroup(s *lifting.Subject, at jsontree.Value) {
	texts := s.AppendTexts(nil, at)
	if len(texts) == 0 || len(texts) == 1 && texts[0].Value == "all" {
		return
	}
	conditions := s.Open()
	conditions.Add(term.Type, term.LearnerGroupConditions, at)
	group := s.Open()
	group.Add(term.Type, term.LearnerGroup, at)
	for _, t := range texts {
		group.Add(term.Title, t.Literal(), t.From)
	}
	conditions.Add(term.Group, group.Close("group"), at)
	s.Add(term.GroupConditions, conditions.Close("conditions"), at)
}

func prices(s *lifting.Subject, v jsontree.Value) {
	lifting.Each(v, func(e jsontree.Value) {
		at := e.Get("amount")
		amount, unit, ok := lifting.Decimal(at)
		ok = ok && unit == ""
		labels := s.AppendTexts(nil, e.Get("displayAmount"))
		if !ok && len(labels) == 0 {
			s.Warn(e, "an amount as a decimal")
			return
		}
		n := s.Open()
		n.Add(term.Type, term.PriceDetailClass, e)
		for _, t := range labels {
			n.Add(term.PrefLabel, t.Literal(), t.From)
		}
		if kind := e.Get("costType"); len(labels) == 0 && !lifting.Absent(kind) {
			n.Add(term.PrefLabel, rdf.LangLiteral(strings.ReplaceAll(kind.Text(), "_", " "), "en"), kind)
		}
		currency := e.Get("currency")
		if iri, known := ontology.CurrencyConcept(currency.Text()); ok && known {
			a := s.Open()
			a.Add(term.Type, term.Amount, at)
			a.Add(term.Unit, rdf.IRI(iri), currency)
			a.Add(term.Value, rdf.TypedLiteral(amount, rdf.XSDDecimal), at)
			n.Add(term.AmountOf, a.Close("amount"), at)
		} else if ok {
			s.Warn(currency, "an ISO 4217 currency code")
		}
		s.Add(term.PriceDetail, n.Close("price"), e)
	})
}

// gradingScheme names the kind of result on the course, which the profile
// allows one scheme.
func gradingScheme(s *lifting.Subject, v jsontree.Value) {
	n := s.Parent.Open()
	n.Add(term.Type, term.GradingSchemeClass, v)
	n.Add(term.Title, rdf.LangLiteral(v.Text(), lifting.Undetermined), v)
	n.CloseOnce(term.GradingScheme, "grading", v)
}

func offeringLocations(s *lifting.Subject, _ jsontree.Value) {
	if addresses := ofCourse(s, "addresses"); addresses.Exists() {
		locations(s, addresses)
	}
}
