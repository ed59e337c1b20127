package eduapi

import (
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/harvesters/lifting"
	"qlgraph/harvesters/lifting/term"
	"qlgraph/internal/jsontree"
	"qlgraph/ontology"
)

// offeringRules make an offering of a course or collection.
var offeringRules = lifting.NewTable(
	rule("offering.title", "title", "dct:title", "Every recordLanguage with its tag.", lifting.Texts(term.Title, "Further title")),
	rule("offering.description", "description", "dct:description", "Every recordLanguage with its tag.", lifting.Texts(term.Description, "Further description")),
	rule("offering.primaryCode", "primaryCode", "adms:identifier", "An elm:Identifier whose elm:schemeName is the identifierType.", lifting.Codes("identifier", "identifierType", "primaryCode")),
	rule("offering.otherCodes", "otherCodes", "adms:identifier", "An elm:Identifier each.", lifting.Codes("identifier", "identifierType", "otherCode")),
	rule("offering.language", "teachingLanguage", "elm:defaultLanguage, dct:language", "The first; further ones are languages of the course.", lifting.Languages),
	rule("offering.unit", "organization", "elm:additionalNote", "An organisation that has a parent is named in a note.", unit),
	whole("period", "startDate, endDate, academicSession, academicSessionCode", "dct:temporal", "startDate and endDate as xsd:dateTime; the label is the title of the academic session, in its languages, else academicSessionCode without a language.", period),
	rule("format", "offeringFormat", "elm:mode", "online, blended and onGround (Presential).", lifting.Concepts(term.Mode, formats, "online, blended or onGround")),
	rule("synchronicity", "synchronicity", "elm:scheduleInformation", "A sentence in the note.", sentence(term.ScheduleInformation, "Synchronicity: ")),
	rule("pace", "paceOfStudy", "elm:learningSchedule", "A percentage: from 75 full time, from 20 part time intensive, below part time light.", pace),
	rule("registration", "registrationStatus", "elm:admissionProcedure", "A sentence in the note.", sentence(term.AdmissionProcedure, "Registration: ")),
	rule("access", "roleEnablement", "elm:applicationDeadline", "The end date for the role student: later nobody can join.", access),
	rule("capacity", "maxNumberStudents", "ql:enrolmentCapacity", "A whole number; 0 is kept.", lifting.Counts(term.EnrolmentCapacity)),
	rule("enrolled", "enrolledNumberStudents", "ql:enrolledLearnerCount", "A whole number.", lifting.Counts(term.EnrolledLearnerCount)),
	rule("minimum", "minNumberStudents", "ql:enrolmentMinimum", "A whole number.", lifting.Counts(term.EnrolmentMinimum)),
	rule("location", "locations", "elm:location", "A dct:Location with the description and the coordinates.", locations),
	rule("offering.homepage", "extensions/link | extensions/homepage | extensions/url", "foaf:homepage", "A convention: an elm:WebResource.", lifting.Homepages),
	rule("offering.status", "recordStatus", "ql:isActive", "active is true, inactive false; deleted offerings are not published.", status),
	rule("offering.modified", "dateLastModified", "dct:modified", "As xsd:dateTime.", lifting.DateTimes(term.Modified)),
)

var formats = map[string]rdf.Term{"online": term.Online, "blended": term.Blended, "onground": term.Presential}

// period writes dates and term; the session is an id that the academic sessions
// explain, or the session itself.
func period(s *lifting.Subject, v jsontree.Value) {
	session := v.Get("academicSession")
	if session.Kind() != jsontree.Object {
		session = s.AttachedByID(KindSession, session.Text())
	}
	outer := s.Language
	if language := recordLanguage(session); language != "" {
		s.Language = language
	}
	labels := s.AppendTexts(nil, session.Get("title"))
	s.Language = outer
	session.Use()
	code := v.Get("academicSessionCode")
	if text := lifting.Plain(code.Text()); len(labels) == 0 && !lifting.Absent(code) && text != "" {
		labels = []lifting.Text{{Value: text, Lang: lifting.Undetermined, From: code}}
	}
	s.Period(term.Temporal, v.Get("startDate"), v.Get("endDate"), labels)
}

// sentence writes a code as a sentence, in English: the source has no words for
// it.
func sentence(property rdf.Term, lead string) lifting.Conversion {
	return func(s *lifting.Subject, v jsontree.Value) {
		text := strings.TrimPrefix(lifting.Plain(v.Text()), "ext:")
		if text == "" {
			s.Warn(v, "a code")
			return
		}
		s.Note(property, "", lifting.Text{Value: lead + text + ".", Lang: "en", From: v})
	}
}

// pace reads a percentage of full time.
func pace(s *lifting.Subject, v jsontree.Value) {
	percent, unit, ok := lifting.Decimal(v)
	if !ok || unit != "" && unit != "%" || lifting.Float(percent) > 200 {
		s.Warn(v, "a percentage")
		return
	}
	schedule := term.PartTimeLight
	switch f := lifting.Float(percent); {
	case f >= 75:
		schedule = term.FullTime
	case f >= 20:
		schedule = term.PartTimeIntensive
	}
	s.AddOnce(term.LearningSchedule, schedule, v)
}

func access(s *lifting.Subject, v jsontree.Value) {
	lifting.Each(v, func(e jsontree.Value) {
		if end := e.Get("endDate"); strings.EqualFold(e.Get("role").Text(), "student") && !lifting.Absent(end) {
			lifting.DateTimes(term.ApplicationDeadline)(s, end)
		}
	})
}

func locations(s *lifting.Subject, v jsontree.Value) {
	lifting.Each(v, func(e jsontree.Value) {
		texts := s.AppendTexts(nil, e.Get("description"))
		place := s.Open()
		place.Add(term.Type, term.Location, e)
		if len(texts) > 0 {
			address := s.Open()
			address.Add(term.Type, term.Address, e)
			address.Add(term.FullAddress, s.NoteNode("", texts...), texts[0].From)
			place.Add(term.AddressOf, address.Close("address"), e)
		}
		if id := e.Get("identifier"); !lifting.Absent(id) && id.Text() != "" {
			place.Add(term.HasIdentifier, s.IdentifierNode(id.Text(), "location", id), id)
		}
		if where := e.Get("geoLocation"); !lifting.Absent(where) {
			if node, ok := s.Point(where); ok {
				place.Add(term.GeometryOf, node, where)
			}
		}
		s.Add(term.LocationOf, place.Close("location"), e)
	})
}

// organisationRules describe the institution or one of its units.
var organisationRules = lifting.NewTable(
	rule("organisation.name", "name", "rov:legalName", "Every recordLanguage with its tag.", lifting.Texts(term.LegalName, "Further name")),
	rule("organisation.description", "description", "dct:description", "Every recordLanguage with its tag.", lifting.Texts(term.Description, "Further description")),
	rule("organisation.location", "primaryAddress", "elm:location", "A dct:Location with address, country and coordinates.", organisationAddress),
	rule("organisation.code", "primaryCode", "adms:identifier", "An elm:Identifier, of units only: an institution is known by its SCHAC code.", unitCode),
	rule("organisation.parent", "parent", "rdf:type, org:subOrganizationOf", "An organisation without a parent is the provider; others are its units, {provider}#unit-{id}.", unitOf),
)

func organisationAddress(s *lifting.Subject, v jsontree.Value) {
	var lines []string
	for _, name := range []string{"streetAddress", "postalCode", "addressLocality", "addressRegion"} {
		if t := lifting.Plain(v.Get(name).Text()); t != "" {
			lines = append(lines, t)
		}
	}
	country := v.Get("addressCountryCode")
	iri, known := ontology.CountryConcept(country.Text())
	if !known && len(lines) == 0 {
		return
	}
	place := s.Open()
	place.Add(term.Type, term.Location, v)
	address := s.Open()
	address.Add(term.Type, term.Address, v)
	if known {
		address.Add(term.CountryCode, rdf.IRI(iri), country)
	}
	if len(lines) > 0 {
		text := lifting.Text{Value: strings.Join(lines, "\n"), Lang: lifting.Undetermined, From: v}
		address.Add(term.FullAddress, s.NoteNode("", text), v)
	}
	place.Add(term.AddressOf, address.Close("address"), v)
	if where := v.Get("geo"); !lifting.Absent(where) {
		if node, ok := s.Point(where); ok {
			place.Add(term.GeometryOf, node, where)
		}
	}
	s.Add(term.LocationOf, place.Close("location"), v)
}

func unitCode(s *lifting.Subject, v jsontree.Value) {
	if s.Term != s.Provider() {
		lifting.Codes("identifier", "identifierType", "primaryCode")(s, v)
	}
	v.Use()
}

func unitOf(s *lifting.Subject, v jsontree.Value) {
	s.Add(term.Type, term.Organisation, v)
	s.Add(term.SubOrganization, s.Provider(), v)
	v.Use()
}
