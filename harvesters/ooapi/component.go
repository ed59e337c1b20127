package ooapi

import (
	"qlgraph/graph/rdf"
	"qlgraph/harvesters/lifting"
	"qlgraph/harvesters/lifting/term"
	"qlgraph/internal/jsontree"
	"qlgraph/ontology"
)

// componentRules documents what liftComponent does with the components of a
// course, which are records of their own.
var componentRules = lifting.NewTable(
	whole("component", "componentType, name, description, duration, modesOfDelivery, modeOfDelivery of a component", "elm:influencedBy, elm:provenBy",
		"An elm:LearningActivitySpecification of the course, a test an elm:LearningAssessmentSpecification, with title, description, mode, and the type where the Europass list has one.", nil),
)

// componentTypes are the activities of the Europass list; a test is an
// assessment.
var componentTypes = map[string]string{
	"lecture": "ff436ea7c9", "practical": "3c8bd58d62", "skills_training": "3c8bd58d62", "tutorial": "c_5665a0ad", "consultation": "c_5665a0ad",
	"workshop": "efff75e10a", "independent_study": "b660f5dcea", "project": "", "excursion": "", "external": "", "learning_community": "", "test": "",
}

// liftComponent writes a component as an activity or assessment of its course.
func liftComponent(course *lifting.Subject, v jsontree.Value) {
	titles := course.AppendTexts(nil, v.Get("name"))
	kind := v.Get("componentType")
	code, known := componentTypes[lifting.Fold(kind.Text())]
	if kind.Exists() && !known {
		course.Warn(kind, "a componentType of the API's list")
	}
	if len(titles) == 0 {
		return
	}
	property, class := term.InfluencedBy, term.ActivitySpecification
	if lifting.Fold(kind.Text()) == "test" {
		property, class = term.ProvenBy, term.AssessmentSpecification
	}
	n := course.Open()
	n.Add(term.Type, class, v)
	for _, t := range titles {
		n.Add(term.Title, t.Literal(), t.From)
	}
	for _, t := range course.AppendTexts(nil, v.Get("description")) {
		n.Add(term.Description, t.Literal(), t.From)
	}
	if code != "" {
		n.Add(term.TypeOf, rdf.IRI(ontology.ActivityType+code), kind)
	}
	lifting.Each(firstOf(v, "modesOfDelivery", "modeOfDelivery"), func(e jsontree.Value) {
		if mode := modes[lifting.Fold(e.Text())]; !mode.IsZero() {
			n.Add(term.Mode, mode, e)
		}
	})
	for _, name := range []string{"componentId", "learningComponentId", "courseId", "course"} {
		v.Get(name).Use()
	}
	course.Add(property, n.Close("component"), v)
}
