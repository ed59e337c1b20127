package occapi

import (
	"fmt"
	"strconv"
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting"
	"qlgraph/harvesters/lifting/term"
	"qlgraph/internal/jsontree"
	"qlgraph/ontology"
)

func rule(id, source, target, conversion string, convert lifting.Conversion) lifting.Row {
	return lifting.Row{
		Rule:    harvesters.Rule{ID: "occapi." + id, Source: source, Target: target, Conversion: conversion},
		Convert: convert,
	}
}

// whole is a rule whose conversion looks at the whole record; what it reads
// there is for the documentation.
func whole(id, reads, target, conversion string, convert lifting.Conversion) lifting.Row {
	row := rule(id, reads, target, conversion, convert)
	row.Whole = true
	return row
}

// resourceRules make a programme or a course.
var resourceRules = lifting.NewTable(
	whole("type", "attributes/elmLearningOpportunityType", "dct:type", "elmLearningOpportunityType, ids or IRIs of the Europass list; without it, educational programme or course.", opportunityType),
	rule("title", "attributes/title", "dct:title", "Every lang with its tag; a second text under one tag becomes an additional note.", lifting.Texts(term.Title, "Further title")),
	rule("description", "attributes/description", "dct:description", "Every lang with its tag, HTML and Markdown as plain text.", lifting.Texts(term.Description, "Further description")),
	rule("code", "attributes/code", "adms:identifier", "An elm:Identifier with the scheme name code.", lifting.Codes("string", "type", "code")),
	rule("abbreviation", "attributes/abbreviation", "skos:altLabel", "Every lang with its tag.", lifting.AllTexts(term.AltLabel)),
	rule("homepage", "attributes/url", "foaf:homepage", "An elm:WebResource with the language of the page; an address without scheme is taken for https.", lifting.Homepages),
	rule("ects", "attributes/ects", "elm:creditPoint", "ECTS credits.", credits),
	rule("eqf", "attributes/eqfLevelProvided | meta/global/eqfLevel", "elm:EQFLevel", "1 to 8.", eqf),
	whole("eqfOfProgramme", "meta/relatedProgramme, meta/programme, relationships/relatedProgramme", "elm:EQFLevel", "A course of version 2 has no level: that of its programmes, where all have the same.", eqfOfProgrammes),
	rule("field", "attributes/iscedCode", "elm:ISCEDFCode, ql:ISCEDFBroadField, ql:ISCEDFNarrowField", "ISCED-F 2013 codes; a number of three digits has lost its leading zero, 0 is unknown.", lifting.Fields),
	rule("language", "attributes/languageOfInstruction", "dct:language", "BCP 47 tags as concepts of the EU language table.", lifting.Languages),
	rule("length", "attributes/length", "elm:maximumDuration", "Years, or terms/terms per year: 6/2 is P3Y, 7/2 is P42M.", length),
	rule("outcome", "attributes/learningOutcomes", "elm:learningOutcome, elm:learningOutcomeSummary", "A text in each language is one outcome, or several where it has a list with as many lines in all languages.", lifting.Outcomes),
	rule("term", "attributes/academicTerm", "elm:additionalNote", "1/2 is a note: term 1 of 2.", academicTerm(term.AdditionalNote, "Academic term")),
	rule("mode", "attributes/elmModeOfLearning", "elm:mode", "Ids or IRIs of the Europass list.", lifting.CodeList(term.Mode, ontology.Mode)),
	rule("schedule", "attributes/elmLearningScheduleType", "elm:additionalNote", "The label of the concept as a note: the model has schedules of instances only.", scheduleNote),
	whole("assessment", "attributes/assessmentMethod, attributes/elmAssessmentType", "elm:provenBy", "assessmentMethod as description and elmAssessmentType as types of one elm:LearningAssessmentSpecification.", assessment),
	whole("activity", "attributes/teachingMethod, attributes/elmLearningActivityType", "elm:influencedBy", "teachingMethod as description and elmLearningActivityType as types of one elm:LearningActivitySpecification.", activity),
	rule("entryRequirement", "attributes/prerequisites", "elm:entryRequirement", "One elm:Note with all languages.", lifting.Note(term.EntryRequirement, "")),
	rule("prerequisite", "relationships/prerequisiteCourse/data", "ql:entryRequirementLearningOpportunity", "References by provider and id.", lifting.References(term.EntryRequirementCourse, "id")),
	whole("programme", "meta/relatedProgramme, meta/programme, relationships/relatedProgramme", "elm:isPartOf, elm:additionalNote", "References to the related programmes; whether the course is mandatory, and in which year, is a note.", relatedProgrammes),
	rule("content", "attributes/courseContent", "elm:additionalNote", "A note.", lifting.Note(term.AdditionalNote, "Course content")),
	rule("bibliography", "attributes/bibliography", "elm:additionalNote", "A note.", lifting.Note(term.AdditionalNote, "Bibliography")),
	rule("terms", "attributes/termsOfService", "elm:additionalNote", "A note.", lifting.Note(term.AdditionalNote, "Terms of service")),
	rule("availability", "attributes/courseAvailability", "elm:additionalNote", "A note.", lifting.Note(term.AdditionalNote, "Availability")),
	rule("classification", "attributes/localClassification", "elm:educationSubject", "A skos:Concept with the value as notation and system and value as label.", classifications),
	rule("subjectArea", "attributes/subjectArea", "elm:educationSubject", "The old Erasmus code, the same way.", subjectArea),
	rule("category", "attributes/otherCategorization", "elm:category", "The text.", lifting.AllTexts(term.Category)),
	rule("mobility", "attributes/unavailableForIncomingMobility", "elm:additionalNote", "A note, where it is true.", noteIf("Availability", "Not available for incoming mobility.")),
	rule("active", "attributes/deprecated", "ql:isActive", "The opposite.", active),
	whole("valid", "attributes/validSince, attributes/validUntil", "dct:valid", "validSince and validUntil as a period. Whether the programme is active (ql:isActive) follows from it and the day of the harvest.", validity),
	rule("modified", "attributes/lastModified", "dct:modified", "As xsd:dateTime.", lifting.DateTimes(term.Modified)),
)

func opportunityType(s *lifting.Subject, v jsontree.Value) {
	types := v.Get("attributes").Get("elmLearningOpportunityType")
	if !lifting.Absent(types) {
		lifting.CodeList(term.TypeOf, ontology.LearningOpportunity)(s, types)
		return
	}
	kind := term.Course
	if s.Record.Kind == KindProgramme {
		kind = term.Programme
	}
	s.Add(term.TypeOf, kind, v.Get("type"))
}

func credits(s *lifting.Subject, v jsontree.Value) {
	if amount, unit, ok := lifting.Decimal(v); ok && (unit == "" || strings.EqualFold(unit, "ects")) {
		s.ECTS(amount, v)
	} else {
		s.Warn(v, "a number")
	}
}

func eqf(s *lifting.Subject, v jsontree.Value) {
	n, ok := lifting.Count(v)
	if !ok || len(n) != 1 || n == "0" || n == "9" {
		s.Warn(v, "1 to 8")
		return
	}
	s.Level(int(n[0]-'0'), v)
}

// programmesOf calls do for the programmes that a course is related to: in the
// meta object of either version, and in the relationships of version 2.
func programmesOf(v jsontree.Value, do func(id string, at, details jsontree.Value)) {
	meta := v.Get("meta")
	for _, list := range []jsontree.Value{meta.Get("relatedProgramme"), meta.Get("programme"), v.Get("relationships").Get("relatedProgramme").Get("data")} {
		lifting.Each(list, func(e jsontree.Value) {
			at := e.Get("programmeId")
			if !at.Exists() {
				at = e.Get("id")
			}
			if id := at.Text(); id != "" {
				do(id, at, e)
			}
		})
	}
}

// eqfOfProgrammes takes the level on which all related programmes agree.
func eqfOfProgrammes(s *lifting.Subject, v jsontree.Value) {
	for programme := range s.Attached(KindProgramme) {
		programme.Use()
	}
	if s.Record.Kind != KindCourse || s.Has(term.EQFLevel) {
		return
	}
	var common jsontree.Value
	agree := true
	programmesOf(v, func(id string, _, _ jsontree.Value) {
		level := s.AttachedByID(KindProgramme, id).Get("attributes").Get("eqfLevelProvided")
		if lifting.Absent(level) {
			return
		}
		agree = agree && (!common.Exists() || common.Text() == level.Text())
		common = level
	})
	switch {
	case common.Exists() && agree:
		eqf(s, common)
	case common.Exists():
		s.Report(harvesters.Warning, "occapi.eqf.ambiguous", "The programmes of the course have different EQF levels, so that it has none.", v)
	}
}

// length reads years, as a number, or terms and terms per year, as a/b.
func length(s *lifting.Subject, v jsontree.Value) {
	months := 0
	terms, perYear, ok := strings.Cut(v.Text(), "/")
	if ok {
		a, errA := strconv.Atoi(strings.TrimSpace(terms))
		b, errB := strconv.Atoi(strings.TrimSpace(perYear))
		if errA == nil && errB == nil && a > 0 && a < 1000 && b > 0 && b <= 12 {
			months = (a*12 + b/2) / b
		}
	} else if years, unit, isNumber := lifting.Decimal(v); isNumber && unit == "" && lifting.Float(years) < 100 {
		months = int(lifting.Float(years)*12 + 0.5)
	}
	switch {
	case months <= 0:
		s.Warn(v, "years, or terms/terms per year as in \"6/2\"")
	case months%12 == 0:
		s.AddOnce(term.MaximumDuration, rdf.TypedLiteral(fmt.Sprintf("P%dY", months/12), rdf.XSDDuration), v)
	default:
		s.AddOnce(term.MaximumDuration, rdf.TypedLiteral(fmt.Sprintf("P%dM", months), rdf.XSDDuration), v)
	}
}

// academicTerm writes terms as a note.
func academicTerm(property rdf.Term, label string) lifting.Conversion {
	return func(s *lifting.Subject, v jsontree.Value) {
		lifting.Each(v, func(e jsontree.Value) {
			number, of, ok := strings.Cut(e.Text(), "/")
			if !ok || len(number) > 2 || len(of) > 2 {
				s.Note(property, label, s.AppendTexts(nil, e)...)
				return
			}
			s.Note(property, label, lifting.Text{Value: "Term " + number + " of " + of + ".", Lang: "en", From: e})
		})
	}
}

func scheduleNote(s *lifting.Subject, v jsontree.Value) {
	lifting.Each(v, func(e jsontree.Value) {
		concept, ok := s.InList(ontology.Schedule, e)
		if !ok {
			return
		}
		if c, known := ontology.LookupConcept(concept.Value()); known {
			s.Note(term.AdditionalNote, "Learning schedule", lifting.Text{Value: c.Label("en"), Lang: "en", From: e})
		}
	})
}

// specified returns a conversion that writes texts and types as one
// specification.
func specified(s *lifting.Subject, property, class rdf.Term, title, base string, texts, types jsontree.Value) {
	var concepts []rdf.Term
	lifting.Each(types, func(e jsontree.Value) {
		if concept, ok := s.InList(base, e); ok {
			concepts = append(concepts, concept)
		}
	})
	descriptions := s.AppendTexts(nil, texts)
	if len(concepts)+len(descriptions) == 0 {
		return
	}
	from := texts
	if !from.Exists() {
		from = types
	}
	s.Specified(property, class, title, concepts, descriptions, from)
}

func assessment(s *lifting.Subject, v jsontree.Value) {
	a := v.Get("attributes")
	specified(s, term.ProvenBy, term.AssessmentSpecification, "Assessment", ontology.AssessmentType, a.Get("assessmentMethod"), a.Get("elmAssessmentType"))
}

func activity(s *lifting.Subject, v jsontree.Value) {
	a := v.Get("attributes")
	specified(s, term.InfluencedBy, term.ActivitySpecification, "Teaching", ontology.ActivityType, a.Get("teachingMethod"), a.Get("elmLearningActivityType"))
}

func relatedProgrammes(s *lifting.Subject, v jsontree.Value) {
	programmesOf(v, func(id string, at, details jsontree.Value) {
		s.Reference(term.IsPartOf, id, at)
		var words []string
		if mandatory := details.Get("mandatoryCourse"); mandatory.Text() == "true" {
			words = append(words, "mandatory")
		} else if mandatory.Text() == "false" {
			words = append(words, "elective")
		}
		if year, of, ok := strings.Cut(details.Get("year").Text(), "/"); ok && year == "0" {
			words = append(words, "any year of "+of)
		} else if ok {
			words = append(words, "year "+year+" of "+of)
		}
		if len(words) > 0 {
			s.Note(term.AdditionalNote, "Place in the programme", lifting.Text{Value: id + ": " + strings.Join(words, ", ") + ".", Lang: "en", From: at})
		}
		details.Get("type").Text()
	})
	v.Get("meta").Get("global").Get("year").Text()
}

func classifications(s *lifting.Subject, v jsontree.Value) {
	lifting.Each(v, func(e jsontree.Value) {
		subject(s, e.Get("classificationSystem").Text(), e.Get("classificationValue"))
	})
}

func subjectArea(s *lifting.Subject, v jsontree.Value) { subject(s, "erasmus", v) }

// subject writes a code of a classification that has no IRIs.
func subject(s *lifting.Subject, system string, at jsontree.Value) {
	code := strings.TrimSpace(at.Text())
	if code == "" {
		return
	}
	n := s.Open()
	n.Add(term.Type, term.Concept, at)
	n.Add(term.Notation, rdf.Literal(code), at)
	n.Add(term.PrefLabel, rdf.LangLiteral(strings.TrimSpace(system+" "+code), lifting.Undetermined), at)
	s.Add(term.EducationSubject, n.Close("subject"), at)
}

// noteIf writes a sentence where the value is true.
func noteIf(label, sentence string) lifting.Conversion {
	return func(s *lifting.Subject, v jsontree.Value) {
		if v.Text() == "true" {
			s.Note(term.AdditionalNote, label, lifting.Text{Value: sentence, Lang: "en", From: v})
		}
	}
}

func active(s *lifting.Subject, v jsontree.Value) {
	switch v.Text() {
	case "true":
		s.Active(false, v)
	case "false":
		s.Active(true, v)
	default:
		s.Warn(v, "true or false")
	}
}

func validity(s *lifting.Subject, v jsontree.Value) {
	a := v.Get("attributes")
	s.Period(term.Valid, a.Get("validSince"), a.Get("validUntil"), nil)
}

// restrictions says of a course without instances whom it is for.
func restrictions(s *lifting.Subject, v jsontree.Value) {
	a := v.Get("attributes")
	s.By("occapi.group", func() {
		noteIf("Availability", "For local students only.")(s, a.Get("restrictedToLocalStudents"))
		noteIf("Availability", "For students of the alliance only.")(s, a.Get("restrictedToAllianceStudents"))
	})
}
