package eduapi

import (
	"regexp"
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting"
	"qlgraph/harvesters/lifting/term"
	"qlgraph/internal/jsontree"
)

func rule(id, source, target, conversion string, convert lifting.Conversion) lifting.Row {
	return lifting.Row{
		Rule:    harvesters.Rule{ID: "edu-api." + id, Source: source, Target: target, Conversion: conversion},
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

// templateRules make a course or a collection, such as a programme.
var templateRules = lifting.NewTable(
	whole("type", "courseType, collectionType", "dct:type", "courseType internship, practicum, clinical and fieldExperience are internships, thesis and capstone theses, else course; collectionType program is an educational programme, majorCollection, minorCollection and programSpecialization are programme modules, nonDegreeCollection is a short learning programme, else programme module.", opportunityType),
	rule("title", "title", "dct:title", "Every recordLanguage with its tag; a second text under one tag becomes an additional note.", lifting.Texts(term.Title, "Further title")),
	rule("description", "description", "dct:description", "Every recordLanguage with its tag, HTML and Markdown as plain text.", lifting.Texts(term.Description, "Further description")),
	rule("primaryCode", "primaryCode", "adms:identifier", "An elm:Identifier whose elm:schemeName is the identifierType.", lifting.Codes("identifier", "identifierType", "primaryCode")),
	rule("otherCodes", "otherCodes", "adms:identifier, elm:ISCEDFCode, elm:EQFLevel", "An elm:Identifier each; identifierType ext:iscedf is the field of education, ext:eqf the EQF level.", otherCodes),
	rule("unit", "organization", "elm:additionalNote", "An organisation that has a parent is named in a note; a SCHAC code among its codes says whose the course is.", unit),
	rule("level", "level", "elm:EQFLevel", "undergraduate 6, graduate 7, doctoral 8; ext:eqf:n, ext:eqf.n and ext:eqfn are n.", level),
	rule("eqfLevel", "extensions/eqfLevel | extensions/EQFLevel | extensions/eqf", "elm:EQFLevel", "A convention: 1 to 8.", eqfLevel),
	rule("credit", "creditsAwarded", "elm:creditPoint, elm:additionalNote", "A number with ECTS, or hp (Swedish högskolepoäng, 1:1), is ECTS credits; a number without unit is a note, as it may be any system; nothing for creditType nonCredit.", credits),
	rule("grading", "gradingScheme", "elm:gradingScheme", "The text as title of the elm:GradingScheme.", grading),
	rule("language", "teachingLanguage", "dct:language", "A BCP 47 tag or ISO 639 code as concept of the EU language table; never from recordLanguage.", lifting.Languages),
	rule("outcome", "extensions/learningOutcomes | extensions/learningOutcome | extensions/ext:learningOutcomes", "elm:learningOutcome, elm:learningOutcomeSummary", "A convention: texts, or arrays of texts with their languages.", lifting.Outcomes),
	rule("field", "extensions/iscedF | extensions/iscedf | extensions/ISCEDFCode | extensions/fieldsOfStudy", "elm:ISCEDFCode, ql:ISCEDFBroadField, ql:ISCEDFNarrowField", "A convention: ISCED-F 2013 codes.", lifting.Fields),
	rule("homepage", "extensions/link | extensions/homepage | extensions/url", "foaf:homepage", "A convention: an elm:WebResource.", lifting.Homepages),
	rule("parent", "parent", "elm:isPartOf", "References to the enclosing collections by provider and id.", lifting.References(term.IsPartOf, "sourcedId")),
	rule("status", "recordStatus", "ql:isActive", "active is true, inactive false; deleted records are not published.", status),
	rule("modified", "dateLastModified", "dct:modified", "As xsd:dateTime.", lifting.DateTimes(term.Modified)),
)

var courseTypes = map[string]rdf.Term{
	"internship": term.Internship, "practicum": term.Internship, "clinical": term.Internship, "fieldexperience": term.Internship,
	"thesis": term.Thesis, "capstone": term.Thesis,
}

var collectionTypes = map[string]rdf.Term{
	"program": term.Programme, "nondegreecollection": term.ShortProgramme,
}

func opportunityType(s *lifting.Subject, v jsontree.Value) {
	at := v.Get("courseType")
	table, kind := courseTypes, term.Course
	if s.Record.Kind == KindCollection {
		at = v.Get("collectionType")
		table, kind = collectionTypes, term.Module
	}
	if t, ok := table[strings.ToLower(at.Text())]; ok {
		kind = t
	}
	s.Add(term.TypeOf, kind, at)
}

// otherCodes writes identifiers, and what providers hide among them.
func otherCodes(s *lifting.Subject, v jsontree.Value) {
	lifting.Each(v, func(e jsontree.Value) {
		code := e.Get("identifier")
		switch kind := strings.ToLower(e.Get("identifierType").Text()); {
		case strings.HasPrefix(kind, "ext:isced"):
			lifting.Fields(s, code)
		case kind == "ext:eqf":
			eqfLevel(s, code)
		default:
			lifting.Codes("identifier", "identifierType", "otherCode")(s, e)
		}
	})
}

var levels = map[string]int{"undergraduate": 6, "graduate": 7, "doctoral": 8}

// extEQF is the convention for a level that the API's list does not have.
var extEQF = regexp.MustCompile(`(?i)^(?:ext:)?eqf[:._-]?(?:level)?[:._-]?([1-8])$`)

func level(s *lifting.Subject, v jsontree.Value) {
	text := strings.TrimSpace(v.Text())
	if n, ok := levels[strings.ToLower(text)]; ok {
		s.Level(n, v)
	} else if m := extEQF.FindStringSubmatch(text); m != nil {
		s.Level(int(m[1][0]-'0'), v)
	} else {
		s.Warn(v, "undergraduate, graduate, doctoral, or ext:eqf:1 to ext:eqf:8")
	}
}

func eqfLevel(s *lifting.Subject, v jsontree.Value) {
	text := strings.TrimSpace(v.Text())
	if m := extEQF.FindStringSubmatch(text); m != nil {
		text = m[1]
	}
	if len(text) == 1 && '1' <= text[0] && text[0] <= '8' {
		s.Level(int(text[0]-'0'), v)
		return
	}
	s.Warn(v, "1 to 8")
}

// ectsUnit recognises the units that are ECTS credits.
var ectsUnit = regexp.MustCompile(`(?i)\bects\b|^(?:hp|högskolepoäng)\b`)

// credits reads creditsAwarded, a number with its unit in free text.
func credits(s *lifting.Subject, v jsontree.Value) {
	amount, unit, ok := lifting.Decimal(v)
	kind := s.Body.Get("creditType")
	switch {
	case strings.EqualFold(kind.Text(), "nonCredit"):
		v.Use()
	case ok && ectsUnit.MatchString(unit):
		s.ECTS(amount, v)
	case ok && unit == "":
		s.Report(harvesters.Warning, "edu-api.credit.unit", "The credits have no unit and are published as a note: write \"6 ECTS\".", v)
		s.Note(term.AdditionalNote, "Credits", lifting.Text{Value: amount, Lang: lifting.Undetermined, From: v})
	default:
		s.Note(term.AdditionalNote, "Credits", s.AppendTexts(nil, v)...)
	}
}

// grading writes the grading scheme, one text in one language, or a list.
func grading(s *lifting.Subject, v jsontree.Value) {
	texts := s.AppendTexts(nil, v)
	if len(texts) == 0 {
		return
	}
	n := s.Open()
	n.Add(term.Type, term.GradingSchemeClass, v)
	for _, t := range texts {
		n.Add(term.Title, t.Literal(), t.From)
	}
	n.CloseOnce(term.GradingScheme, "grading", v)
}

func status(s *lifting.Subject, v jsontree.Value) {
	switch strings.ToLower(v.Text()) {
	case "active":
		s.Active(true, v)
	case "inactive":
		s.Active(false, v)
	default:
		s.Warn(v, "active, inactive or deleted")
	}
}

// organisationOf returns the organisation of a record, embedded or attached.
func organisationOf(l *lifting.Lift, v jsontree.Value) jsontree.Value {
	organisation := v.Get("organization")
	if organisation.Kind() != jsontree.Object {
		organisation = l.AttachedByID(KindOrganisation, organisation.Text())
	}
	return organisation
}

// unit names the unit that a course belongs to.
func unit(s *lifting.Subject, _ jsontree.Value) {
	organisation := organisationOf(s.Lift, s.Body)
	if !lifting.Absent(organisation.Get("parent")) {
		s.Note(term.AdditionalNote, "Organisational unit", s.AppendTexts(nil, organisation.Get("name"))...)
	}
	organisation.Use()
}

// schacOf returns the SCHAC code among an organisation's codes.
func schacOf(v jsontree.Value) string {
	schac := ""
	for _, name := range []string{"primaryCode", "otherCodes"} {
		lifting.Each(v.Get(name), func(c jsontree.Value) {
			kind := strings.TrimPrefix(lifting.Fold(c.Get("identifierType").Text()), "ext:")
			if kind == "schac" || kind == "schachome" || kind == "schac_home" {
				schac = strings.ToLower(strings.TrimSpace(c.Get("identifier").Text()))
			}
		})
	}
	return schac
}
