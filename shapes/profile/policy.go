package profile

import (
	"time"

	"qlgraph/graph/rdf"
	"qlgraph/ontology"
)

// HoldRule is a rule of the policy: a course or offering that breaks it is
// held back, since nothing names or identifies it.
type HoldRule struct {
	ID     string
	Course bool   // for courses; else for offerings
	Text   string // what is asked for
	holds  func(*description) bool
}

// Policy is what a course or offering needs to be published. The same table
// is in docs/quality.md.
func Policy() []HoldRule {
	return []HoldRule{
		{"hold.title", true, "a title that is not empty", func(d *description) bool { return d.hasText(title) }},
		{"hold.identifier", true, "an identifier, or an IRI of its own", (*description).identified},
		{"hold.offering", false, "an identifier, or an IRI of its own", (*description).identified},
		{"hold.course", false, "the course that is offered, or a title", func(d *description) bool {
			return d.has(specification) || d.hasText(title)
		}},
	}
}

// Dimension is what a rule of the score is about.
type Dimension string

// The dimensions of quality.
const (
	Completeness Dimension = "completeness"
	Languages    Dimension = "languages"
	Vocabularies Dimension = "vocabularies"
	Identifiers  Dimension = "identifiers"
	Freshness    Dimension = "freshness"
)

// ScoreRule gives a course points.
type ScoreRule struct {
	ID        string
	Dimension Dimension
	Points    int
	Text      string // what gives the points
	holds     func(*description) bool
}

// Scores is the table that the score of a course is computed from: 100 points
// in all. The same table is in docs/quality.md.
func Scores() []ScoreRule {
	has := func(predicate string) func(*description) bool {
		return func(d *description) bool { return d.has(predicate) }
	}
	concepts := func(predicate string) func(*description) bool {
		return func(d *description) bool { return d.concepts(predicate) }
	}
	return []ScoreRule{
		{"description", Completeness, 12, "a description", func(d *description) bool { return d.hasText(ontology.DCTerms + "description") }},
		{"outcomes", Completeness, 14, "learning outcomes", has(ontology.ELM + "learningOutcome")},
		{"credits", Completeness, 6, "credit points", has(ontology.ELM + "creditPoint")},
		{"type", Completeness, 3, "the type of learning opportunity", has(ontology.DCTerms + "type")},
		{"assessment", Completeness, 4, "how learners are assessed", has(ontology.ELM + "provenBy")},
		{"homepage", Completeness, 3, "a homepage", has(ontology.FOAF + "homepage")},
		{"offering", Completeness, 8, "an offering", (*description).offered},
		{"tagged", Languages, 6, "a language tag on every title and description", (*description).tagged},
		{"bilingual", Languages, 6, "a title in two languages", func(d *description) bool { return len(d.languages(title)) >= 2 }},
		{"translated", Languages, 3, "a description in every language of the title", (*description).translated},
		{"language", Vocabularies, 8, "the language of teaching, from the EU's table", concepts(ontology.DCTerms + "language")},
		{"field", Vocabularies, 7, "the field, from ISCED-F", concepts(ontology.ELM + "ISCEDFCode")},
		{"level", Vocabularies, 5, "the level, from the list of EQF levels", concepts(ontology.ELM + "EQFLevel")},
		{"identifier", Identifiers, 3, "an identifier of the provider's", has(ontology.ADMS + "identifier")},
		{"publisher", Identifiers, 3, "an institution as publisher", has(ontology.DCTerms + "publisher")},
		{"modified", Freshness, 3, "the date of the last change", has(ontology.DCTerms + "modified")},
		{"recent", Freshness, 6, "a change or an offering within the last 400 days, or an offering to come", (*description).recent},
	}
}

// recentDays is how old a change or an offering may be to count as recent: an
// academic year and the weeks in which the next one is prepared.
const recentDays = 400 * 24 * time.Hour

// Tier is a grade of quality.
type Tier string

// The tiers, best first, with the lowest score of each.
const (
	TierA Tier = "A" // 85
	TierB Tier = "B" // 65
	TierC Tier = "C" // 40
	TierD Tier = "D" // 0
)

func tierOf(score int) Tier {
	switch {
	case score >= 85:
		return TierA
	case score >= 65:
		return TierB
	case score >= 40:
		return TierC
	}
	return TierD
}

// Predicates that several rules ask for.
const (
	title         = ontology.DCTerms + "title"
	specification = ontology.ELM + "learningAchievementSpecification"
	opportunity   = ontology.ELM + "learningOpportunity"
)

// Classes of courses and offerings, as a source may call them.
func courseClasses() []rdf.Term {
	return []rdf.Term{
		rdf.IRI(ontology.QL + "LearningOpportunitySpecification"),
		rdf.IRI(ontology.ELM + "LearningAchievementSpecification"),
		rdf.IRI(ontology.ELM + "Qualification"),
	}
}

func offeringClasses() []rdf.Term {
	return []rdf.Term{
		rdf.IRI(ontology.QL + "LearningOpportunityInstance"),
		rdf.IRI(ontology.ELM + "LearningOpportunity"),
	}
}
