package ooapi

import (
	"strings"

	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting"
	"qlgraph/harvesters/lifting/term"
	"qlgraph/internal/jsontree"
)

// The kinds of records.
const (
	KindCourse        = "course"
	KindProgramme     = "program"
	KindSpecification = "educationSpecification"
	KindOffering      = "offering"
	KindSession       = "academicSession"
	KindOutcome       = "learningOutcome"
	KindOrganisation  = "organization"
	KindComponent     = "component"
)

// idNames are the members that hold the id of a record of each kind, and tell
// its kind. Offerings come first: they name their course too.
var idNames = []struct {
	kind  string
	names []string
}{
	{KindOffering, []string{"offeringId", "courseOfferingId", "programmeOfferingId", "learningComponentOfferingId", "testComponentOfferingId"}},
	{KindComponent, []string{"componentId", "learningComponentId", "testComponentId"}},
	{KindProgramme, []string{"programmeId", "programId"}},
	{KindCourse, []string{"courseId"}},
	{KindSpecification, []string{"educationSpecificationId"}},
	{KindSession, []string{"academicSessionId"}},
	{KindOutcome, []string{"learningOutcomeId"}},
	{KindOrganisation, []string{"organisationId", "organizationId"}},
}

// identify returns the kind and id of a record; the kind is "" where it has no
// id that tells.
func identify(v jsontree.Value) (kind, id string) {
	for _, k := range idNames {
		for _, name := range k.names {
			if id := strings.TrimSpace(v.Get(name).Text()); id != "" {
				return k.kind, id
			}
		}
	}
	return "", ""
}

// idOf returns the id of a record of a known kind.
func idOf(kind string, v jsontree.Value) (string, jsontree.Value) {
	for _, k := range idNames {
		if k.kind != kind {
			continue
		}
		for _, name := range k.names {
			if at := v.Get(name); strings.TrimSpace(at.Text()) != "" {
				return strings.TrimSpace(at.Text()), at
			}
		}
	}
	return "", jsontree.Value{}
}

// Lifter lifts the records of both versions.
type Lifter struct{}

// Lift implements harvesters.Lifter.
func (Lifter) Lift(rec harvesters.Record, in harvesters.Context) harvesters.Lifted {
	return lifting.Run(rec, in, func(l *lifting.Lift, root jsontree.Value) {
		switch rec.Kind {
		case KindCourse, KindProgramme, KindSpecification:
			liftSpecification(l, root)
		case KindOffering:
			liftLoneOffering(l, root)
		case KindOrganisation:
			liftOrganisation(l, root)
		default:
			l.Report(harvesters.Info, "ooapi.kind", "A "+rec.Kind+" is no learning opportunity of its own: it is used with the courses that refer to it.", root)
			root.Use()
		}
	})
}

// Rules returns the format's rules.
func (Lifter) Rules() []harvesters.Rule {
	var rules []harvesters.Rule
	for _, t := range []lifting.Table{specificationRules, componentRules, offeringRules, organisationRules} {
		rules = append(rules, t.Rules()...)
	}
	return rules
}

// liftSpecification lifts a course or programme with its offerings.
func liftSpecification(l *lifting.Lift, root jsontree.Value) {
	id, at := idOf(l.Record.Kind, root)
	if id == "" {
		l.Report(harvesters.Violation, "ooapi.id.missing", "The "+l.Record.Kind+" has no id and is not published: give it one that never changes.", root)
		return
	}
	l.Own(schacOf(organisationOf(l, root)))
	course := l.NewCourse(id, at.Name(), at)
	course.Body = root
	specificationRules.Apply(course, root)
	if !course.Has(term.Title) {
		l.Discard("ooapi.name.missing", "The "+l.Record.Kind+" has no name and is not published.", root)
		return
	}
	l.By("ooapi.component", func() {
		for component := range l.Attached(KindComponent) {
			liftComponent(course, component)
		}
	})
	for offering := range l.Attached(KindOffering) {
		liftOffering(course, offering)
	}
	if len(course.Offerings) == 0 {
		unofferedRules.Apply(course, root)
	}
	course.Close()
}

// liftLoneOffering lifts an offering that comes without its course.
func liftLoneOffering(l *lifting.Lift, root jsontree.Value) {
	id, at := lifting.RefID(firstOf(root, offeredBy...), "courseId", "programmeId", "programId")
	if id == "" {
		l.Report(harvesters.Violation, "ooapi.offering.course", "The offering names no course or programme and is not published.", root)
		return
	}
	l.Own(schacOf(organisationOf(l, root)))
	course := l.CourseOf(id)
	course.Body = at
	liftOffering(course, root)
}

// offeredBy are the members by which an offering names its course or programme.
var offeredBy = []string{"courseId", "course", "programmeId", "programme", "programId", "program"}

func firstOf(v jsontree.Value, names ...string) jsontree.Value {
	for _, name := range names {
		if m := v.Get(name); !lifting.Absent(m) {
			return m
		}
	}
	return jsontree.Value{}
}

// unpublished are the states in which an offering is not published.
var unpublished = map[string]string{
	"cancelled": "is cancelled",
	"canceled":  "is cancelled",
	"concept":   "is a draft",
}

// liftOffering lifts an offering of the course, unless it is of a component, or
// not to be published.
func liftOffering(course *lifting.Subject, v jsontree.Value) {
	if kind := v.Get("offeringType").Text(); kind == "component" || v.Get("learningComponentOfferingId").Exists() || v.Get("testComponentOfferingId").Exists() {
		course.Report(harvesters.Info, "ooapi.offering.component", "An offering of a component is no learning opportunity and is left out.", v)
		v.Use()
		return
	}
	if why := unpublished[strings.ToLower(v.Get("state").Text())]; why != "" {
		course.Report(harvesters.Info, "ooapi.offering.state", "The offering "+why+" and is not published.", v)
		v.Use()
		return
	}
	id, at := idOf(KindOffering, v)
	if id == "" {
		course.Report(harvesters.Violation, "ooapi.offering.id", "The offering has no id and is not published.", v)
		return
	}
	offering := course.NewOffering(course, id, at.Name(), at)
	offering.Body = v
	firstOf(v, offeredBy...).Use()
	offeringRules.Apply(offering, v)
	offering.Close()
}
