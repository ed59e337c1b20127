package lifting

import (
	"strings"

	"qlgraph/harvesters"
	"qlgraph/internal/jsontree"
)

// Row is a rule and the conversion that carries it out. The rule's Source is
// the path that is looked up: members separated by "/", alternatives by " | "
// of which the first that holds something is taken. A Whole row is given the
// record itself; its Source only says what it looks at.
type Row struct {
	harvesters.Rule
	Whole   bool
	Convert func(s *Subject, v jsontree.Value)
	paths   [][]string
}

// Table is a list of Rows, in the order in which they are applied.
type Table []Row

// NewTable returns the rows with their paths read.
func NewTable(rows ...Row) Table {
	for i := range rows {
		rows[i].paths = nil
		if rows[i].Whole {
			rows[i].paths = [][]string{nil}
			continue
		}
		for _, path := range strings.Split(rows[i].Source, " | ") {
			rows[i].paths = append(rows[i].paths, strings.Split(path, "/"))
		}
	}
	return rows
}

// Rules returns the rules of the table.
func (t Table) Rules() []harvesters.Rule {
	rules := make([]harvesters.Rule, len(t))
	for i, row := range t {
		rules[i] = row.Rule
	}
	return rules
}

// Apply writes to s what the table's rows make of a record.
func (t Table) Apply(s *Subject, record jsontree.Value) {
	for i := range t {
		t[i].Apply(s, record)
	}
}

// Apply writes to s what the row makes of a record.
func (r *Row) Apply(s *Subject, record jsontree.Value) {
	for _, path := range r.paths {
		if v := lookup(record, path); !Absent(v) {
			outer := s.rule
			s.rule = r.ID
			r.Convert(s, v)
			s.rule = outer
			return
		}
	}
}

func lookup(v jsontree.Value, path []string) jsontree.Value {
	for _, name := range path {
		v = v.Get(name)
	}
	return v
}

// Ids of the rules that every format shares.
const (
	RuleCourse   = "course"
	RuleIdentity = "course.identity"
	RuleOffering = "offering"
	RuleProvider = "provider"
)

// CommonRules are the rules that every format shares.
func CommonRules() []harvesters.Rule {
	return []harvesters.Rule{
		{ID: RuleCourse, Target: "rdf:type, dct:publisher",
			Conversion: "Every course, programme or module is a ql:LearningOpportunitySpecification, published by {base}/provider/{schac}."},
		{ID: RuleIdentity, Target: "adms:identifier, owl:sameAs",
			Conversion: "The source's own id and urn:schac:uniqueCourseId:{schac}:{id} are identifiers; the URN, did:web:{schac}:courseId:{id} and the UUID (the id itself, else UUIDv5 of the course IRI) name the same thing."},
		{ID: RuleOffering, Target: "rdf:type, elm:learningAchievementSpecification, elm:providedBy, adms:identifier, elm:defaultLanguage",
			Conversion: "Every offering is a ql:LearningOpportunityInstance of its course, provided by the publisher; without a language of its own it has the course's first."},
		{ID: RuleProvider, Target: "rdf:type, adms:identifier",
			Conversion: "The publisher is a ql:HigherEducationInstitution with its SCHAC code and, where known, its OrgReg id."},
	}
}
