package ooapi

import (
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting"
	"qlgraph/harvesters/lifting/term"
	"qlgraph/internal/jsontree"
)

func rule(id, source, target, conversion string, convert lifting.Conversion) lifting.Row {
	return lifting.Row{
		Rule:    harvesters.Rule{ID: "ooapi." + id, Source: source, Target: target, Conversion: conversion},
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

// inheritedRules are those for which an education specification may stand in.
var inheritedRules = lifting.NewTable(
	rule("studyLoad", "studyLoad", "elm:creditPoint, elm:volumeOfLearning, elm:influencedBy", "ects are ECTS credits; sbu and hour are the workload, PTnH; contact time is the contact hours of a learning activity; sp is a note, as it is not ECTS.", studyLoad),
	rule("levelOfQualification", "levelOfQualification", "elm:EQFLevel", "1 to 8, eqf_1 to eqf_8; 4+ and eqf_0 have no EQF level.", lifting.EQF(qualificationLevels, "1 to 8")),
	rule("level", "level", "elm:EQFLevel", "Where there is no levelOfQualification: secondary vocational education n is n, associate degree 5, bachelor 6, master 7, doctoral 8.", lifting.EQF(levels, "a level of the API's list")),
	rule("field", "fieldsOfStudy", "elm:ISCEDFCode, ql:ISCEDFBroadField, ql:ISCEDFNarrowField", "The first four digits, or as many as ISCED-F 2013 knows.", lifting.Fields),
	rule("outcome", "learningOutcomes", "elm:learningOutcome, elm:learningOutcomeSummary", "One elm:LearningOutcome per element; a text with a list in it is split where all languages have as many lines, and what surrounds the list is the summary.", outcomes),
)

// specificationRules make a course, programme or education specification. Where
// versions name a member differently, the newer name comes first.
var specificationRules = append(inheritedRules[:len(inheritedRules):len(inheritedRules)], lifting.NewTable(
	whole("type", "programmeType, programType, educationSpecificationType, formalDocument", "dct:type", "Course, or by programType: minor, track and specialisation are programme modules, a micro-credential is a short learning programme, else educational programme.", opportunityType),
	rule("title", "name", "dct:title", "Every language with its tag; a second text under one tag becomes an additional note.", lifting.Texts(term.Title, "Further title")),
	rule("description", "description", "dct:description", "Every language with its tag, HTML and Markdown as plain text.", lifting.Texts(term.Description, "Further description")),
	rule("primaryCode", "primaryCode", "adms:identifier", "An elm:Identifier whose elm:schemeName is the codeType.", lifting.Codes("code", "codeType", "primaryCode")),
	rule("otherCodes", "otherCodes", "adms:identifier", "One elm:Identifier each.", lifting.Codes("code", "codeType", "otherCode")),
	rule("abbreviation", "abbreviation", "adms:identifier", "An elm:Identifier with the scheme name abbreviation.", lifting.Codes("code", "codeType", "abbreviation")),
	rule("qualificationAwarded", "qualificationAwarded", "elm:category", "The text, unless it is none.", category("none", "")),
	rule("qualificationDesignations", "qualificationDesignations", "elm:category", "The texts.", lifting.AllTexts(term.Category)),
	rule("formalDocument", "formalDocument", "elm:category", "The text, unless there is no official document.", category("no_official_document", "no official document")),
	rule("language", "teachingLanguages | teachingLanguage", "dct:language", "BCP 47 tags and ISO 639 codes as concepts of the EU language table.", lifting.Languages),
	rule("outcomeIds", "learningOutcomeIds", "elm:learningOutcome", "The learning outcomes with these ids, unless they are embedded: name, description as note, codes, and level of complexity as note.", outcomesByID),
	rule("mode", "modesOfDelivery | modeOfDelivery", "elm:mode", "distance-learning, online and coil are Online; on campus, situated and presential are Presential; blended, hybrid, project, lab and work based have their own; joint_delivery has none.", lifting.Concepts(term.Mode, modes, "a mode of the API's list")),
	rule("entryRequirement", "admissionRequirements", "elm:entryRequirement", "One elm:Note with all languages.", lifting.Note(term.EntryRequirement, "")),
	rule("qualificationRequirement", "qualificationRequirements", "elm:additionalNote", "A note.", lifting.Note(term.AdditionalNote, "Qualification requirements")),
	rule("assessment", "assessment", "elm:provenBy", "An elm:LearningAssessmentSpecification with the texts as description.", assessment),
	rule("resource", "resources", "elm:additionalNote, elm:supplementaryDocument", "A web address is a supplementary document, another text a note.", resources),
	rule("homepage", "link", "foaf:homepage", "An elm:WebResource.", lifting.Homepages),
	rule("programme", "programmeIds | programmes | programs", "elm:isPartOf", "A reference by provider and id.", lifting.References(term.IsPartOf, "programmeId", "programId")),
	rule("parent", "parentId | parent", "elm:isPartOf", "A reference by provider and id.", lifting.References(term.IsPartOf, "programmeId", "programId", "educationSpecificationId")),
	rule("child", "childIds | children", "elm:hasPart", "References by provider and id.", lifting.References(term.HasPart, "programmeId", "programId", "educationSpecificationId")),
	rule("specification", "educationSpecification", "elm:specialisationOf", "A reference by provider and id; what the course lacks of level, field, outcomes and credits is taken from the specification.", educationSpecification),
	rule("unit", "organisation | organization | organisationId", "elm:additionalNote", "A unit other than the root is named in a note; a schacHome code says whose the course is.", unit),
	whole("valid", "validFrom, validTo", "dct:valid", "validFrom and validTo as a period. Whether the course is active (ql:isActive) follows from it and the day of the harvest.", validity),
	rule("supplement", "supplementaryInformation", "elm:additionalNote, foaf:depiction, elm:supplementaryDocument", "Texts as notes, images as depiction, addresses and videos as supplementary documents.", supplements),
	rule("none", "firstStartDate | firstStartDateTime", "–", "The model has no place for the date of the first start.", lifting.Ignore),
)...)

// unofferedRules say of a course without offerings what its offerings would.
var unofferedRules = lifting.NewTable(
	rule("enrolment", "enrolment | enrollment", "elm:additionalNote", "", lifting.Note(term.AdditionalNote, "Enrolment")),
	rule("duration", "duration", "elm:maximumDuration", "", lifting.Durations(term.MaximumDuration)),
	rule("schedule", "modeOfStudy", "elm:additionalNote", "", lifting.Note(term.AdditionalNote, "Mode of study")),
	rule("location", "addresses", "elm:additionalNote", "", addressNotes),
	whole("group", "consumers/*/alliances", "elm:additionalNote", "", allianceNotes),
)

var qualificationLevels = map[string]int{
	"1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7, "8": 8, "4+": 0,
	"eqf_1": 1, "eqf_2": 2, "eqf_3": 3, "eqf_4": 4, "eqf_5": 5, "eqf_6": 6, "eqf_7": 7, "eqf_8": 8,
	"eqf_0": 0, "nlqf_4plus": 0,
}

var levels = map[string]int{
	"secondary_vocational_education_1": 1, "secondary_vocational_education_2": 2,
	"secondary_vocational_education_3": 3, "secondary_vocational_education_4": 4,
	"associate_degree": 5, "bachelor": 6, "master": 7, "doctoral": 8,
	"secondary_vocational_education": 0, "pre_vocational": 0, "post_doctoral": 0,
	"undefined": 0, "undivided": 0, "nt2_1": 0, "nt2_2": 0,
}

var modes = map[string]rdf.Term{
	"distance_learning": term.Online, "online": term.Online, "coil": term.Online,
	"on_campus": term.Presential, "situated": term.Presential, "presential": term.Presential,
	"blended": term.Blended, "hybrid": term.Hybrid, "project_based": term.ProjectBased,
	"research_lab_based": term.LabBased, "work_based": term.WorkBased, "joint_delivery": {},
}

// opportunityType writes the kind of learning opportunity.
func opportunityType(s *lifting.Subject, v jsontree.Value) {
	at := firstOf(v, "programmeType", "programType", "educationSpecificationType")
	document := v.Get("formalDocument")
	kind := term.Programme
	switch strings.ToLower(at.Text()) {
	case "minor", "track", "specialization", "specialisation":
		kind = term.Module
	case "course":
		kind = term.Course
	case "":
		if s.Record.Kind == KindCourse {
			kind = term.Course
		}
	}
	if strings.EqualFold(document.Text(), "micro_credential_certificate") {
		kind, at = term.ShortProgramme, document
	}
	s.Add(term.TypeOf, kind, at)
}

// studyLoad writes credits, workload and contact hours: one object in version
// 5, a list of them in version 6.
func studyLoad(s *lifting.Subject, v jsontree.Value) {
	lifting.Each(v, func(e jsontree.Value) {
		at, unit := e.Get("value"), e.Get("studyLoadUnit").Text()
		if lifting.Absent(at) {
			return
		}
		amount, _, ok := lifting.Decimal(at)
		if !ok {
			s.Warn(at, "a number")
			return
		}
		switch strings.ToLower(unit) {
		case "ects":
			s.ECTS(amount, at)
		case "sbu", "hour":
			if lit, ok := lifting.Hours(amount); ok {
				s.AddOnce(term.VolumeOfLearning, lit, at)
			}
		case "contacttime", "contact_time":
			n := s.Open()
			n.Add(term.Type, term.ActivitySpecification, at)
			n.Add(term.Title, rdf.LangLiteral("Contact time", "en"), at)
			n.Add(term.ContactHour, rdf.Literal(amount), at)
			s.Add(term.InfluencedBy, n.Close("activity"), at)
		case "sp":
			s.Note(term.AdditionalNote, "Study load", lifting.Text{Value: amount + " sp", Lang: lifting.Undetermined, From: at})
		default:
			s.Warn(e, "a studyLoadUnit of ects, sbu, hour, contacttime or sp")
		}
	})
}

// category writes a text as category, unless it is one of those that mean
// nothing.
func category(none, alsoNone string) lifting.Conversion {
	return func(s *lifting.Subject, v jsontree.Value) {
		if t := strings.ToLower(v.Text()); t != none && t != alsoNone {
			lifting.AllTexts(term.Category)(s, v)
		}
	}
}

// outcomes writes embedded outcomes: texts in version 5, objects in version 6.
func outcomes(s *lifting.Subject, v jsontree.Value) {
	if v.Index(0).Get("learningOutcomeId").Exists() || v.Index(0).Get("name").Exists() {
		lifting.Each(v, func(e jsontree.Value) { outcome(s, e) })
		return
	}
	lifting.Outcomes(s, v)
}

// outcomesByID joins the outcomes that are records of their own.
func outcomesByID(s *lifting.Subject, v jsontree.Value) {
	embedded := s.Body.Get("learningOutcomes")
	lifting.Each(v, func(e jsontree.Value) {
		id := e.Text()
		for o := range embedded.All() {
			if o.Get("learningOutcomeId").Text() == id {
				return
			}
		}
		o := s.AttachedByID(KindOutcome, id)
		if !o.Exists() {
			s.Report(harvesters.Warning, "ooapi.outcomeIds.unknown", "The source has no learning outcome with the id "+id+".", e)
			return
		}
		outcome(s, o)
	})
}

// outcome writes a learning outcome of version 6.
func outcome(s *lifting.Subject, v jsontree.Value) {
	texts := s.AppendTexts(nil, v.Get("name"))
	if len(texts) == 0 {
		return
	}
	n := s.Open()
	n.Add(term.Type, term.Outcome, v)
	for _, t := range texts {
		n.Add(term.Title, t.Literal(), t.From)
	}
	if notes := s.AppendTexts(nil, v.Get("description")); len(notes) > 0 {
		n.Add(term.AdditionalNote, s.NoteNode("", notes...), notes[0].From)
	}
	if level := v.Get("complexityLevel"); level.Text() != "" {
		note := lifting.Text{Value: level.Text(), Lang: lifting.Undetermined, From: level}
		n.Add(term.AdditionalNote, s.NoteNode("Level of complexity", note), level)
	}
	for _, name := range []string{"primaryCode", "otherCodes"} {
		lifting.Each(v.Get(name), func(c jsontree.Value) {
			if code := c.Get("code"); !lifting.Absent(code) {
				n.Add(term.HasIdentifier, s.IdentifierNode(code.Text(), c.Get("codeType").Text(), code), code)
			}
		})
	}
	v.Get("learningOutcomeId").Text()
	s.Add(term.LearningOutcome, n.Close("outcome"), v)
}

func assessment(s *lifting.Subject, v jsontree.Value) {
	if texts := s.AppendTexts(nil, v); len(texts) > 0 {
		s.Specified(term.ProvenBy, term.AssessmentSpecification, "Assessment", nil, texts, v)
	}
}

// resources writes web addresses as documents and the rest as notes.
func resources(s *lifting.Subject, v jsontree.Value) {
	lifting.Each(v, func(e jsontree.Value) {
		text := strings.TrimSpace(e.Text())
		if strings.HasPrefix(text, "http") {
			if url, ok := lifting.URL(text); ok {
				s.Add(term.SupplementaryDocument, s.WebResource(url, jsontree.Value{}, e), e)
				return
			}
		}
		s.Note(term.AdditionalNote, "Resources", s.AppendTexts(nil, e)...)
	})
}

// educationSpecification links to the specification and fills gaps from it.
func educationSpecification(s *lifting.Subject, v jsontree.Value) {
	id, at := lifting.RefID(v, "educationSpecificationId")
	if id == "" {
		return
	}
	s.Reference(term.SpecialisationOf, id, at)
	spec := s.AttachedByID(KindSpecification, id)
	if v.Kind() == jsontree.Object {
		spec = v
	}
	if !spec.Exists() {
		return
	}
	for i := range inheritedRules {
		if row := &inheritedRules[i]; lifting.Absent(s.Body.Get(row.Source)) {
			row.Apply(s, spec)
		}
	}
	spec.Use()
}

// validity writes the period for which the description holds.
func validity(s *lifting.Subject, v jsontree.Value) {
	s.Period(term.Valid, v.Get("validFrom"), v.Get("validTo"), nil)
}

// supplements writes the promotional extras of version 6.
func supplements(s *lifting.Subject, v jsontree.Value) {
	lifting.Each(v, func(e jsontree.Value) {
		kind, value := e.Get("type").Text(), e.Get("value")
		for _, t := range s.AppendTexts(nil, value) {
			url, isURL := "", false
			if kind == "image" || kind == "uri" || kind == "video" {
				url, isURL = lifting.URL(t.Value)
			}
			switch {
			case isURL && kind == "image":
				s.Add(term.Depiction, rdf.IRI(url), t.From)
			case isURL:
				s.Add(term.SupplementaryDocument, s.WebResource(url, jsontree.Value{}, t.From), t.From)
			default:
				s.Note(term.AdditionalNote, "Supplementary information", t)
			}
		}
		e.Get("role").Text()
	})
}
