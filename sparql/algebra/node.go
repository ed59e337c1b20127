package algebra

import (
	"qlgraph/graph/rdf"
)

// Query is a translated query.
type Query struct {
	Form     Form
	Pattern  Node     // what WHERE and the modifiers came to
	Columns  []string // of a SELECT, in order
	Template []Quad   // of a CONSTRUCT; G is zero
	Describe []Term   // of a DESCRIBE
	Dataset  *Dataset // nil: the query names none
	Base     string   // resolves the argument of IRI()
}

// Form is the form of a query (SPARQL 1.1 §16).
type Form uint8

// The forms.
const (
	Select Form = iota
	Construct
	Describe
	Ask
)

// Dataset is the RDF dataset that a query names (SPARQL 1.1 §13.2).
type Dataset struct {
	Default, Named []string
}

// Term is a variable or an RDF term in a pattern. Names of variables that came
// from blank nodes, paths and aggregates start with "." and cannot be written
// in a query.
type Term struct {
	Var   string
	Value rdf.Term // where Var is empty
}

// IsVar reports whether t is a variable.
func (t Term) IsVar() bool { return t.Var != "" }

// IsZero reports whether t is neither.
func (t Term) IsZero() bool { return t == Term{} }

// Triple is a triple pattern (§18.1.5).
type Triple struct {
	S, P, O Term
}

// Quad is a triple pattern in a graph, in a template; a zero G is the unnamed
// graph.
type Quad struct {
	S, P, O, G Term
}

// Node is an operator of the algebra.
type Node interface{ node() }

// The operators (§18.2, §18.5).
type (
	// BGP is a basic graph pattern (§18.3). Without triples it is Z, the
	// pattern with one empty solution.
	BGP struct{ Triples []Triple }
	// PathPattern is Path(S, Path, O) (§18.2.2.4).
	PathPattern struct {
		S    Term
		Path Path
		O    Term
	}
	// Join is Join(Left, Right).
	Join struct{ Left, Right Node }
	// LeftJoin is LeftJoin(Left, Right, Expr); a nil Expr is true.
	LeftJoin struct {
		Left, Right Node
		Expr        Expr
	}
	// Filter is Filter(Expr, Input).
	Filter struct {
		Expr  Expr
		Input Node
	}
	// Union is Union over all Branches.
	Union struct{ Branches []Node }
	// Minus is Minus(Left, Right).
	Minus struct{ Left, Right Node }
	// Graph is Graph(Name, Input).
	Graph struct {
		Name  Term
		Input Node
	}
	// Extend is Extend(Input, Var, Expr).
	Extend struct {
		Input Node
		Var   string
		Expr  Expr
	}
	// Table is a multiset written down: VALUES. A zero term is UNDEF.
	Table struct {
		Vars []string
		Rows [][]rdf.Term
	}
	// TextMatch is the literals of the dataset that a full-text search finds
	// (package text), each with its score, an xsd:decimal. It is not in the
	// specification; search.go says how it comes about.
	TextMatch struct {
		Text, Range    string
		Literal, Score Term
	}
	// Service is Service(Name, Pattern, Silent) of SPARQL 1.1 Federated Query
	// §4. Query is the SELECT query to send; Vars are what it may bind.
	Service struct {
		Name   Term
		Silent bool
		Query  string
		Vars   []string
		Input  Node // the pattern itself, for those who evaluate it
	}
	// Group is AggregateJoin over Aggregates of Group(Keys, Input). Without
	// Keys there is one group, even of no solution.
	Group struct {
		Input      Node
		Keys       []Binding
		Aggregates []AggregateBinding
	}
	// OrderBy is OrderBy(Input, Conditions).
	OrderBy struct {
		Input      Node
		Conditions []Condition
	}
	// Project is Project(Input, Vars).
	Project struct {
		Input Node
		Vars  []string
	}
	// Distinct is Distinct(Input).
	Distinct struct{ Input Node }
	// Reduced is Reduced(Input).
	Reduced struct{ Input Node }
	// Slice is Slice(Input, Offset, Limit); a negative Limit is none.
	Slice struct {
		Input         Node
		Offset, Limit int64
	}
)

func (*BGP) node()         {}
func (*PathPattern) node() {}
func (*Join) node()        {}
func (*LeftJoin) node()    {}
func (*Filter) node()      {}
func (*Union) node()       {}
func (*Minus) node()       {}
func (*Graph) node()       {}
func (*Extend) node()      {}
func (*Table) node()       {}
func (*Service) node()     {}
func (*TextMatch) node()   {}
func (*Group) node()       {}
func (*OrderBy) node()     {}
func (*Project) node()     {}
func (*Distinct) node()    {}
func (*Reduced) node()     {}
func (*Slice) node()       {}

// Binding names the value of an expression.
type Binding struct {
	Var  string
	Expr Expr
}

// AggregateBinding names the value of an aggregate.
type AggregateBinding struct {
	Var string
	Aggregate
}

// Aggregate is an aggregate function with its argument (§18.5.1).
type Aggregate struct {
	Name      string // "COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"
	Distinct  bool
	Arg       Expr   // nil for COUNT(*)
	Separator string // of GROUP_CONCAT
}

// Condition is a sort key.
type Condition struct {
	Expr Expr
	Desc bool
}

// Path is a property path (§18.2.2.3).
type Path interface{ path() }

// The paths.
type (
	// Link is link(iri).
	Link struct{ IRI rdf.Term }
	// Inverse is inv(path).
	Inverse struct{ Path Path }
	// Sequence is seq(left, right).
	Sequence struct{ Left, Right Path }
	// Alternative is alt over all Paths.
	Alternative struct{ Paths []Path }
	// ZeroOrMore is ZeroOrMorePath(path).
	ZeroOrMore struct{ Path Path }
	// OneOrMore is OneOrMorePath(path).
	OneOrMore struct{ Path Path }
	// ZeroOrOne is ZeroOrOnePath(path).
	ZeroOrOne struct{ Path Path }
	// NegatedSet is NPS(iris).
	NegatedSet struct{ IRIs []rdf.Term }
)

func (*Link) path()        {}
func (*Inverse) path()     {}
func (*Sequence) path()    {}
func (*Alternative) path() {}
func (*ZeroOrMore) path()  {}
func (*OneOrMore) path()   {}
func (*ZeroOrOne) path()   {}
func (*NegatedSet) path()  {}

// Expr is an expression (§17).
type Expr interface{ expr() }

// The expressions.
type (
	// Var is the value of a variable.
	Var struct{ Name string }
	// Const is an RDF term.
	Const struct{ Value rdf.Term }
	// Call applies an operator ("+", "=", "&&", "IN", …; "-" with one argument
	// negates) or a built-in by its name in upper case ("STRLEN", "IF", …).
	// Chains of "&&" and "||" have all their operands in one Call.
	Call struct {
		Op   string
		Args []Expr
	}
	// Function applies a function named by an IRI, casts included.
	Function struct {
		IRI  string
		Args []Expr
	}
	// Exists is exists(Pattern), or its negation.
	Exists struct {
		Not     bool
		Pattern Node
	}
)

func (*Var) expr()      {}
func (*Const) expr()    {}
func (*Call) expr()     {}
func (*Function) expr() {}
func (*Exists) expr()   {}
