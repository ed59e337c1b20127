package ooapi

import (
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/harvesters/lifting"
	"qlgraph/harvesters/lifting/term"
	"qlgraph/internal/jsontree"
)

// eachAlliance calls do for the alliances in the consumers of a record.
func eachAlliance(v jsontree.Value, do func(alliance, name jsontree.Value)) {
	lifting.Each(firstOf(v, "consumers", "consumer"), func(consumer jsontree.Value) {
		lifting.Each(consumer.Get("alliances"), func(a jsontree.Value) {
			if name := a.Get("name"); !lifting.Absent(name) {
				consumer.Get("consumerKey").Text()
				do(a, name)
			}
		})
	})
}

// alliances writes whose learners an offering is open to.
func alliances(s *lifting.Subject, v jsontree.Value) {
	write := func(a, name jsontree.Value) { alliance(s, a, name) }
	eachAlliance(v, write)
	eachAlliance(s.Parent.Body, write)
}

func alliance(s *lifting.Subject, a, name jsontree.Value) {
	code := strings.ToUpper(name.Text())
	conditions := s.Open()
	conditions.Add(term.Type, term.LearnerGroupConditions, a)
	group := s.Open()
	group.Add(term.Type, term.LearnerGroup, a)
	group.Add(term.Title, rdf.LangLiteral("Students of the alliance "+code, "en"), name)
	group.Add(term.HasIdentifier, s.IdentifierNode(code, "alliance", name), name)
	if own := a.Get("visibleForOwnStudents"); own.Text() == "true" {
		group.Add(term.StudentsOf, s.Provider(), own)
	}
	conditions.Add(term.Group, group.Close("group"), a)
	if at := firstOf(a, "enrolmentUrl", "enrollmentUrl"); at.Exists() {
		if url, ok := lifting.URL(at.Text()); ok {
			conditions.Add(term.RegistrationPortal, rdf.TypedLiteral(url, rdf.XSDAnyURI), at)
		}
	}
	s.Add(term.GroupConditions, conditions.Close("conditions"), a)
}

// allianceNotes says of a course without offerings which alliance offers it.
func allianceNotes(s *lifting.Subject, v jsontree.Value) {
	eachAlliance(v, func(_, name jsontree.Value) {
		s.Note(term.AdditionalNote, "Alliance", lifting.Text{Value: strings.ToUpper(name.Text()), Lang: lifting.Undetermined, From: name})
	})
}
