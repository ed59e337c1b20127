package eduapi

import (
	"strings"

	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting"
	"qlgraph/harvesters/lifting/term"
	"qlgraph/internal/jsontree"
)

// The kinds of records.
const (
	KindCourse             = "courseTemplate"
	KindCollection         = "collectionTemplate"
	KindComponent          = "componentTemplate"
	KindCourseOffering     = "courseOffering"
	KindCollectionOffering = "collectionOffering"
	KindComponentOffering  = "componentOffering"
	KindSession            = "academicSession"
	KindOrganisation       = "organization"
)

// identify returns the kind of a record, "" where nothing tells it.
func identify(v jsontree.Value) string {
	for _, k := range []struct{ member, kind string }{
		{"courseType", KindCourse}, {"collectionType", KindCollection}, {"componentType", KindComponent},
		{"sessionType", KindSession}, {"organizationType", KindOrganisation},
		{"component", KindComponentOffering}, {"collection", KindCollectionOffering}, {"course", KindCourseOffering},
		{"offeringType", KindCourseOffering},
	} {
		if v.Get(k.member).Exists() {
			return k.kind
		}
	}
	if v.Get("title").Exists() && v.Get("sourcedId").Exists() {
		return KindCourse
	}
	return ""
}

// Lifter lifts the records of the format.
type Lifter struct{}

// Lift implements harvesters.Lifter.
func (Lifter) Lift(rec harvesters.Record, in harvesters.Context) harvesters.Lifted {
	return lifting.Run(rec, in, func(l *lifting.Lift, root jsontree.Value) {
		l.Language = recordLanguage(root)
		switch rec.Kind {
		case KindCourse, KindCollection:
			liftTemplate(l, root)
		case KindCourseOffering, KindCollectionOffering:
			liftLoneOffering(l, root)
		case KindOrganisation:
			liftOrganisation(l, root)
		default:
			l.Report(harvesters.Info, "edu-api.kind", "The "+rec.Kind+" is no learning opportunity of its own.", root)
			root.Use()
		}
	})
}

// Rules returns the format's rules.
func (Lifter) Rules() []harvesters.Rule {
	var rules []harvesters.Rule
	for _, t := range []lifting.Table{templateRules, offeringRules, organisationRules} {
		rules = append(rules, t.Rules()...)
	}
	return rules
}

// recordLanguage is the language of a record's texts that have none of their
// own. It says nothing about the language of instruction.
func recordLanguage(v jsontree.Value) string {
	tag, _ := lifting.Tag(v.Get("recordLanguage").Text())
	return tag
}

// usable reports whether a record has an id and is not deleted.
func usable(l *lifting.Lift, v jsontree.Value) (id string, at jsontree.Value, ok bool) {
	at = v.Get("sourcedId")
	id = strings.TrimSpace(at.Text())
	if strings.EqualFold(v.Get("recordStatus").Text(), "deleted") {
		l.Report(harvesters.Info, "edu-api.deleted", "The record is marked as deleted and is not published.", v)
		v.Use()
		return "", at, false
	}
	if id == "" {
		l.Report(harvesters.Violation, "edu-api.id.missing", "The record has no sourcedId and is not published: give it one that never changes.", v)
		return "", at, false
	}
	return id, at, true
}

func liftTemplate(l *lifting.Lift, root jsontree.Value) {
	id, at, ok := usable(l, root)
	if !ok {
		return
	}
	l.Own(schacOf(organisationOf(l, root)))
	course := l.NewCourse(id, "sourcedId", at)
	course.Body = root
	templateRules.Apply(course, root)
	if !course.Has(term.Title) {
		l.Discard("edu-api.title.missing", "The "+l.Record.Kind+" has no title and is not published.", root)
		return
	}
	for _, kind := range []string{KindCourseOffering, KindCollectionOffering} {
		for offering := range l.Attached(kind) {
			liftOffering(course, offering)
		}
	}
	course.Close()
}

// liftLoneOffering lifts an offering that comes without its template.
func liftLoneOffering(l *lifting.Lift, root jsontree.Value) {
	id, at := templateOf(root)
	if id == "" {
		l.Report(harvesters.Violation, "edu-api.offering.course", "The offering names no course or collection and is not published.", root)
		return
	}
	l.Own(schacOf(organisationOf(l, root)))
	course := l.CourseOf(id)
	course.Body = at
	liftOffering(course, root)
}

// templateOf returns the id of what an offering is of.
func templateOf(offering jsontree.Value) (string, jsontree.Value) {
	for _, name := range []string{"course", "collection"} {
		if id, at := lifting.RefID(offering.Get(name), "sourcedId"); id != "" {
			return id, at
		}
	}
	return "", jsontree.Value{}
}

func liftOffering(course *lifting.Subject, v jsontree.Value) {
	id, at, ok := usable(course.Lift, v)
	if !ok {
		return
	}
	templateOf(v)
	outer := course.Language
	if language := recordLanguage(v); language != "" {
		course.Language = language
	}
	offering := course.NewOffering(course, id, "sourcedId", at)
	offering.Body = v
	offeringRules.Apply(offering, v)
	offering.Close()
	course.Language = outer
}

// liftOrganisation lifts what the source says about its institution: the
// organisation without a parent, and its units.
func liftOrganisation(l *lifting.Lift, root jsontree.Value) {
	id, _, ok := usable(l, root)
	if !ok {
		return
	}
	if lifting.Absent(root.Get("parent")) {
		if foreign := schacOf(root); foreign != "" && !strings.EqualFold(foreign, l.Context.Source.Provider.Key()) {
			l.Own(foreign)
			l.Report(harvesters.Info, "edu-api.organisation.foreign", "The organisation is "+foreign+", not this source's provider.", root)
			return
		}
		s := l.NewInstitution()
		organisationRules.Apply(s, root)
		s.Close()
		return
	}
	s := l.NewUnit(id)
	organisationRules.Apply(s, root)
	s.Close()
}
