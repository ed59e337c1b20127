package syntax

// Pos is a place in the text, in bytes.
type Pos int

// Query is a parsed query (SPARQL 1.1 §19.8 [2] Query).
type Query struct {
	Text      string // what was parsed, which positions refer to
	Prologue  []Declaration
	Form      Form
	Select    *Projection // of a SELECT
	Template  []*Triples  // of a CONSTRUCT
	Short     bool        // CONSTRUCT WHERE { … }: the template is the pattern
	Describe  []Term      // IRI or Var; nil means "*"
	Dataset   []DatasetClause
	Where     *Group // nil in a DESCRIBE without one
	Modifiers Modifiers
	Values    *Values // trailing VALUES, or nil
}

// Form is the form of a query.
type Form uint8

// The forms.
const (
	Select Form = iota
	Construct
	Describe
	Ask
)

// Declaration is a BASE or PREFIX declaration.
type Declaration struct {
	Base   bool
	Prefix string // without the colon
	IRI    string // as written, without the angle brackets
	Pos    Pos
}

// DatasetClause is FROM or FROM NAMED, in an update USING or USING NAMED.
type DatasetClause struct {
	Named bool
	Graph *IRI
}

// Projection is what follows SELECT.
type Projection struct {
	Distinct, Reduced bool
	Star              bool
	Items             []SelectItem
}

// SelectItem is a variable, or an expression AS a variable.
type SelectItem struct {
	Expr Expr // nil for a bare variable
	Var  *Var
}

// Modifiers are the solution modifiers (SPARQL 1.1 §15, §11).
type Modifiers struct {
	GroupBy []SelectItem // Var is nil where the expression has no name
	Having  []Expr
	OrderBy []OrderCondition
	Limit   *int64
	Offset  *int64
}

// OrderCondition is one sort key.
type OrderCondition struct {
	Desc bool
	Expr Expr
}

// Group is a group graph pattern: elements in order, or a subquery alone.
type Group struct {
	Elements []Element
	Sub      *Query // a SubSelect; then Elements is nil
	Pos      Pos
}

// Element is a part of a group graph pattern.
type Element interface{ element() }

// The elements of a group.
type (
	// TriplesBlock is a run of triple patterns.
	TriplesBlock struct{ Triples []*Triples }
	// Optional is OPTIONAL { … }.
	Optional struct{ Group *Group }
	// Union is { … } UNION { … }, or with one branch a nested group.
	Union struct{ Branches []*Group }
	// Minus is MINUS { … }.
	Minus struct{ Group *Group }
	// GraphPattern is GRAPH name { … }.
	GraphPattern struct {
		Name  Term // IRI or Var
		Group *Group
	}
	// ServicePattern is SERVICE name { … }. Start and End delimit the group's text.
	ServicePattern struct {
		Silent bool
		Name   Term // IRI or Var
		Group  *Group
	}
	// Filter is FILTER expression.
	Filter struct{ Expr Expr }
	// Bind is BIND(expression AS ?v).
	Bind struct {
		Expr Expr
		Var  *Var
	}
	// Values is VALUES with its rows; a nil Term is UNDEF.
	Values struct {
		Vars []*Var
		Rows [][]Term
		Pos  Pos
	}
)

func (*TriplesBlock) element()   {}
func (*Optional) element()       {}
func (*Union) element()          {}
func (*Minus) element()          {}
func (*GraphPattern) element()   {}
func (*ServicePattern) element() {}
func (*Filter) element()         {}
func (*Bind) element()           {}
func (*Values) element()         {}

// Triples is a subject with its properties.
type Triples struct {
	Subject    Term
	Properties []Property
}

// Property is a verb with its objects.
type Property struct {
	Verb    Verb
	Objects []Term
}

// Verb is a Var or a Path.
type Verb interface{ verb() }

// Path is a property path expression (SPARQL 1.1 §9.1); an IRI is the simplest.
type Path interface {
	Verb
	path()
}

// The paths beside IRI.
type (
	// PathInverse is ^path.
	PathInverse struct{ Path Path }
	// PathSequence is path / path / ….
	PathSequence struct{ Paths []Path }
	// PathAlternative is path | path | ….
	PathAlternative struct{ Paths []Path }
	// PathRepeat is path followed by '?', '*' or '+'.
	PathRepeat struct {
		Path Path
		Mod  byte
	}
	// PathNegated is !(iri | ^iri | …).
	PathNegated struct{ Forward, Inverse []*IRI }
)

func (*IRI) path()             {}
func (*PathInverse) path()     {}
func (*PathSequence) path()    {}
func (*PathAlternative) path() {}
func (*PathRepeat) path()      {}
func (*PathNegated) path()     {}

func (*Var) verb()             {}
func (*IRI) verb()             {}
func (*PathInverse) verb()     {}
func (*PathSequence) verb()    {}
func (*PathAlternative) verb() {}
func (*PathRepeat) verb()      {}
func (*PathNegated) verb()     {}

// Term is a node of a triple pattern or a data value.
type Term interface{ term() }

// The terms.
type (
	// Var is a variable.
	Var struct {
		Name string // without ? or $
		Pos  Pos
	}
	// IRI is an IRI reference or, where Prefixed, a prefixed name.
	IRI struct {
		Value    string // the reference without brackets, or the local part with its escapes resolved
		Prefix   string // without the colon
		Prefixed bool
		Pos      Pos
	}
	// Literal is a literal with the form it was written in.
	Literal struct {
		Lexical  string
		Lang     string
		Datatype *IRI
		Bare     Bare
		Pos      Pos
	}
	// Blank is a labelled blank node or, with an empty Label, [].
	Blank struct {
		Label string
		Pos   Pos
	}
	// BlankProperties is [ property list ].
	BlankProperties struct {
		Properties []Property
		Pos        Pos
	}
	// Collection is ( item … ); without items it is rdf:nil.
	Collection struct {
		Items []Term
		Pos   Pos
	}
)

// Bare tells which kind of abbreviated literal was written.
type Bare uint8

// The kinds of abbreviated literals.
const (
	Quoted Bare = iota
	BareInteger
	BareDecimal
	BareDouble
	BareBoolean
)

func (*Var) term()             {}
func (*IRI) term()             {}
func (*Literal) term()         {}
func (*Blank) term()           {}
func (*BlankProperties) term() {}
func (*Collection) term()      {}

// Expr is an expression.
type Expr interface{ expr() }

// The expressions beside Var, IRI and Literal.
type (
	// Nary is a chain of "||" or "&&".
	Nary struct {
		Op   string
		Args []Expr
	}
	// Binary is a comparison or an arithmetic operation.
	Binary struct {
		Op          string // = != < > <= >= + - * /
		Left, Right Expr
	}
	// Unary is !x, +x or -x.
	Unary struct {
		Op  string
		Arg Expr
	}
	// In is x IN (…) or x NOT IN (…).
	In struct {
		Not  bool
		Arg  Expr
		List []Expr
	}
	// Call is a function named by an IRI, casts included.
	Call struct {
		Function *IRI
		Distinct bool
		Args     []Expr
	}
	// Builtin is a built-in call.
	Builtin struct {
		Name string // in upper case
		Args []Expr
		Pos  Pos
	}
	// Aggregate is an aggregate call.
	Aggregate struct {
		Name      string // in upper case
		Distinct  bool
		Arg       Expr    // nil for COUNT(*)
		Separator *string // of GROUP_CONCAT
		Pos       Pos
	}
	// Exists is EXISTS { … } or NOT EXISTS { … }.
	Exists struct {
		Not   bool
		Group *Group
	}
)

func (*Var) expr()       {}
func (*IRI) expr()       {}
func (*Literal) expr()   {}
func (*Nary) expr()      {}
func (*Binary) expr()    {}
func (*Unary) expr()     {}
func (*In) expr()        {}
func (*Call) expr()      {}
func (*Builtin) expr()   {}
func (*Aggregate) expr() {}
func (*Exists) expr()    {}

// Update is an update request: operations in order (SPARQL 1.1 Update §3).
type Update struct {
	Text       string
	Operations []Operation
}

// Operation is an operation with the declarations written before it.
type Operation struct {
	Prologue []Declaration
	Kind     OperationKind
}

// OperationKind is one of the operations below.
type OperationKind interface{ operation() }

// The update operations.
type (
	// Load is LOAD iri INTO GRAPH iri.
	Load struct {
		Silent bool
		From   *IRI
		Into   *IRI // nil: the unnamed graph
	}
	// Clear is CLEAR or, where Drop, DROP.
	Clear struct {
		Drop, Silent bool
		Target       GraphTarget
	}
	// Create is CREATE GRAPH iri.
	Create struct {
		Silent bool
		Graph  *IRI
	}
	// Transfer is ADD, MOVE or COPY.
	Transfer struct {
		Name     string // "ADD", "MOVE" or "COPY"
		Silent   bool
		From, To *IRI // nil: the unnamed graph
	}
	// InsertData is INSERT DATA.
	InsertData struct{ Quads []QuadBlock }
	// DeleteData is DELETE DATA.
	DeleteData struct{ Quads []QuadBlock }
	// DeleteWhere is DELETE WHERE.
	DeleteWhere struct{ Quads []QuadBlock }
	// Modify is DELETE and INSERT with WHERE.
	Modify struct {
		With      *IRI
		HasDelete bool
		Delete    []QuadBlock
		HasInsert bool
		Insert    []QuadBlock
		Using     []DatasetClause
		Where     *Group
	}
)

func (*Load) operation()        {}
func (*Clear) operation()       {}
func (*Create) operation()      {}
func (*Transfer) operation()    {}
func (*InsertData) operation()  {}
func (*DeleteData) operation()  {}
func (*DeleteWhere) operation() {}
func (*Modify) operation()      {}

// GraphTarget says which graphs CLEAR and DROP mean.
type GraphTarget struct {
	Scope Scope
	Graph *IRI // with OneGraph
}

// Scope is the kind of a GraphTarget.
type Scope uint8

// The scopes.
const (
	OneGraph Scope = iota
	DefaultGraph
	NamedGraphs
	AllGraphs
)

// QuadBlock is triples in one graph of a quad pattern or of quad data.
type QuadBlock struct {
	Graph   Term // IRI or Var; nil: no GRAPH around them
	Triples []*Triples
}
