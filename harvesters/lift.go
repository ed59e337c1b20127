package harvesters

import "qlgraph/graph/rdf"

// Lifter turns the records of one format into RDF. It is a pure function of
// its arguments: the same record gives the same statements in the same order.
type Lifter interface {
	Lift(rec Record, in Context) Lifted
}

// Context is what a Lifter knows besides the record.
type Context struct {
	BaseIRI string // of the aggregator, without trailing slash
	Source  Source
}

// Lifted is what became of a Record.
type Lifted struct {
	Subjects   []rdf.Term // courses and offerings described, courses first
	Statements []Statement
	Findings   []Finding
	// Owner is the institution that the record itself names as the course's
	// own, by SCHAC code, OrgReg id or IRI, where it is another than the
	// source's provider. What follows from that is the pipeline's to say.
	Owner string
	// Unmapped counts the values that no rule looked at, by kind of record and
	// path: "course/consumers/*/theme".
	Unmapped map[string]int
}

// Statement is a triple with its lineage.
type Statement struct {
	rdf.Quad        // without graph
	Rule     string // id of the rule in the format's table
	Pointer  string // JSON Pointer into the record's body, "" where no single place made it
	Line     int    // 1-based, in the body of a format with lines; 0 where no single one made it
	Part     int    // 0: the record itself, i: Attached[i-1]
}

// Severity says how bad a Finding is.
type Severity string

// The severities, as SHACL names them.
const (
	Info      Severity = "info"
	Warning   Severity = "warning"
	Violation Severity = "violation"
)

// Finding is something about a record that its provider should know.
type Finding struct {
	Severity Severity
	Code     string // stable, for counting: "ooapi.level.unknown"
	Message  string // one sentence: what is wrong, and what to do
	At       Origin // URL and pointer within the response
}

// Rule is a row of a format's mapping table. The documentation, the lineage of
// a triple and the mapping's coverage are made from it.
type Rule struct {
	ID         string // "ooapi.credit"
	Source     string // path in the record, "/studyLoad/value"
	Target     string // property, prefixed: "elm:creditPoint"
	Conversion string // one sentence
}
