package occapi

import (
	"strings"

	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting"
	"qlgraph/harvesters/lifting/term"
	"qlgraph/internal/jsontree"
)

// The kinds of records, which are the API's resource types.
const (
	KindInstitution = "hei"
	KindUnit        = "ounit"
	KindProgramme   = "programme"
	KindCourse      = "course"
	KindInstance    = "instance"
)

// Lifter lifts the resources of both versions.
type Lifter struct{}

// Lift implements harvesters.Lifter.
func (Lifter) Lift(rec harvesters.Record, in harvesters.Context) harvesters.Lifted {
	return lifting.Run(rec, in, func(l *lifting.Lift, root jsontree.Value) {
		for hei := range l.Attached(KindInstitution) {
			l.Own(strings.ToLower(hei.Get("attributes").Get("heiId").Text()))
			hei.Use()
		}
		use(root)
		switch rec.Kind {
		case KindCourse, KindProgramme:
			liftResource(l, root)
		case KindInstance:
			liftLoneInstance(l, root)
		case KindInstitution, KindUnit:
			liftOrganisation(l, root)
		default:
			l.Report(harvesters.Info, "occapi.kind", "A resource of type \""+rec.Kind+"\" is no learning opportunity.", root)
			root.Use()
		}
	})
}

// use marks what every resource has and no rule looks at: its links.
func use(resource jsontree.Value) {
	resource.Get("links").Use()
	resource.Get("type").Text()
}

// Rules returns the format's rules.
func (Lifter) Rules() []harvesters.Rule {
	var rules []harvesters.Rule
	for _, t := range []lifting.Table{resourceRules, instanceRules, institutionRules} {
		rules = append(rules, t.Rules()...)
	}
	return rules
}

func liftResource(l *lifting.Lift, root jsontree.Value) {
	at := root.Get("id")
	id := strings.TrimSpace(at.Text())
	if id == "" {
		l.Report(harvesters.Violation, "occapi.id.missing", "The "+l.Record.Kind+" has no id and is not published.", root)
		return
	}
	course := l.NewCourse(id, "id", at)
	course.Body = root
	resourceRules.Apply(course, root)
	if !course.Has(term.Title) {
		l.Discard("occapi.title.missing", "The "+l.Record.Kind+" has no title and is not published.", root)
		return
	}
	for instance := range l.Attached(KindInstance) {
		use(instance)
		liftInstance(course, instance)
	}
	if len(course.Offerings) == 0 {
		restrictions(course, root)
	}
	course.Close()
}

// courseOf returns the id of the course that an instance is of.
func courseOf(instance jsontree.Value) (string, jsontree.Value) {
	data := instance.Get("relationships").Get("course").Get("data")
	if data.Kind() == jsontree.Array {
		data = data.Index(0)
	}
	return lifting.RefID(data, "id")
}

// liftLoneInstance lifts an instance that comes without its course.
func liftLoneInstance(l *lifting.Lift, root jsontree.Value) {
	id, at := courseOf(root)
	if id == "" {
		l.Report(harvesters.Violation, "occapi.instance.course", "The instance names no course and is not published.", root)
		return
	}
	course := l.CourseOf(id)
	course.Body = at
	liftInstance(course, root)
}

func liftInstance(course *lifting.Subject, v jsontree.Value) {
	at := v.Get("id")
	id := strings.TrimSpace(at.Text())
	if id == "" {
		course.Report(harvesters.Violation, "occapi.id.missing", "The instance has no id and is not published.", v)
		return
	}
	courseOf(v)
	instance := course.NewOffering(course, id, "id", at)
	instance.Body = v
	instanceRules.Apply(instance, v)
	instance.Close()
}

// liftOrganisation lifts what the source says about its institution or a unit.
func liftOrganisation(l *lifting.Lift, root jsontree.Value) {
	attributes := root.Get("attributes")
	s := l.NewUnit(strings.TrimSpace(root.Get("id").Text()))
	if l.Record.Kind == KindInstitution {
		if owner := attributes.Get("heiId").Text(); owner != "" && !strings.EqualFold(owner, l.Context.Source.Provider.Key()) {
			l.Own(strings.ToLower(owner))
			if l.Context.Source.Provider.Class != harvesters.Authoritative {
				l.Report(harvesters.Violation, "occapi.hei.foreign", "The institution is "+owner+", not this source's provider.", attributes.Get("heiId"))
				return
			}
		}
		s = l.NewInstitution()
	}
	institutionRules.Apply(s, root)
	s.Close()
}
