package plan

import (
	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/sparql/algebra"
)

// Node is a physical operator.
type Node interface {
	// Output describes the rows that the operator returns.
	Output() *Props
}

// Props describes rows.
type Props struct {
	Columns []string        // the variables, each once
	Maybe   map[string]bool // those that may be unbound
	Rows    float64         // estimated number
	Order   string          // the column by which rows seem to ascend, or ""
}

// Output returns p itself, so that a Node need only embed Props.
func (p *Props) Output() *Props { return p }

// Has reports whether name is a column.
func (p *Props) Has(name string) bool {
	for _, c := range p.Columns {
		if c == name {
			return true
		}
	}
	return false
}

// Certain reports whether name is bound in every row.
func (p *Props) Certain(name string) bool { return p.Has(name) && !p.Maybe[name] }

// Slot is a component of a pattern: a variable or a constant. A constant that
// the dataset does not hold has no ID.
type Slot struct {
	Var  string
	ID   graph.ID
	Term rdf.Term
}

// Pattern is a quad pattern over some graphs. G is set only where the pattern
// is in GRAPH ?g.
type Pattern struct {
	S, P, O, G Slot
	Graphs     graph.Graphs
}

// The operators.
type (
	// Scan returns the matches of a pattern, in an order of the index.
	Scan struct {
		Props
		Pattern Pattern
		Order   graph.Order
		Spans   []graph.Span // of objects, ascending, in the order POSG; nil: all
	}
	// SeekJoin extends each row of Input by the matches of a pattern, looked up
	// in one index from row to row: a merge where the rows come in the index's
	// order, seeks where not.
	SeekJoin struct {
		Props
		Input   Node
		Pattern Pattern
		Order   graph.Order
		Kind    JoinKind // not MinusJoin
	}
	// Leapfrog joins patterns that form a cycle all at once, a variable at a
	// time in the order of Vars.
	Leapfrog struct {
		Props
		Vars      []string
		Relations []Relation
	}
	// HashJoin joins Left with Right, which it holds in memory.
	HashJoin struct {
		Props
		Kind        JoinKind
		Left, Right Node
		Keys        []string     // columns of both that are always bound
		Loose       []string     // columns of both that may be unbound
		Apart       []string     // Keys that do not count as shared (MinusJoin)
		Expr        algebra.Expr // condition of a LeftJoin, or nil
	}
	// Apply runs Right once for each batch of Left's rows. Right has an Input
	// at its bottom, which hands it the batch with Row, the number of the row
	// in it, as a further column.
	Apply struct {
		Props
		Kind        JoinKind
		Left, Right Node
		Of          *Correlation
		Outer       []string // columns of Left that Right's Inputs hand out before Row
		Row         string
		Expr        algebra.Expr // condition of a LeftJoin, or nil
	}
	// Input returns the rows of the Apply, Row among its columns, or of the
	// EXISTS that it is in.
	Input struct {
		Props
		Of *Correlation
	}
	// Path returns or, with an Input, extends by the ends of a property path.
	Path struct {
		Props
		Input    Node // nil: none
		S, O     Slot
		Path     algebra.Path
		Graphs   graph.Graphs
		Nodes    bool // a path without a triple leads from nodes of the graph only
		Backward bool // where both ends are known, it is walked from O
	}
	// Filter keeps the rows for which every condition is true.
	Filter struct {
		Props
		Input Node
		Exprs []algebra.Expr
	}
	// Extend adds the values of expressions as columns; one may use those
	// before it.
	Extend struct {
		Props
		Input    Node
		Bindings []Binding
	}
	// TextSearch returns the literals that a full-text search finds and their
	// scores or, with an Input, the rows whose literals it finds.
	TextSearch struct {
		Props
		Input          Node // nil: none
		Query          graph.TextQuery
		Literal, Score Slot
		Found          float64 // estimated number of matches
		Ranked         bool    // in portions, best first, for a Best
	}
	// Best is a Sort with a Limit whose rows come from Search, best first: it
	// stops at the portion after which nothing can be among the first any more.
	Best struct {
		Sort
		Search *TextSearch
	}
	// Union returns the rows of all branches.
	Union struct {
		Props
		Branches []Node
	}
	// Table returns constant rows.
	Table struct {
		Props
		Rows [][]rdf.Term
	}
	// Group groups and aggregates; see algebra.Group. Keys are columns.
	Group struct {
		Props
		Input      Node
		Keys       []string
		Aggregates []algebra.AggregateBinding
	}
	// Runs returns the distinct combinations of Keys among the matches of a
	// pattern, with counts for each; without Keys one row. In Order the keys
	// follow the pattern's constants.
	Runs struct {
		Props
		Pattern Pattern
		Order   graph.Order
		Keys    []string
		Counts  []RunCount
	}
	// Sort orders; with a Limit it holds that many rows only.
	Sort struct {
		Props
		Input      Node
		Conditions []algebra.Condition
		Limit      int64 // negative: none
	}
	// Project chooses and renames columns: column i is From[i] of Input.
	Project struct {
		Props
		Input Node
		From  []string
	}
	// Distinct drops repeated rows.
	Distinct struct {
		Props
		Input Node
	}
	// Slice skips and cuts.
	Slice struct {
		Props
		Input         Node
		Offset, Limit int64 // a negative Limit is none
	}
	// Service asks another endpoint and joins what it says with Input.
	Service struct {
		Props
		Input    Node // nil: none
		Call     *algebra.Service
		Optional bool // keeps the rows of Input that it has nothing for
	}
	// PerGraph evaluates a pattern in each named graph on its own, where it
	// cannot be evaluated in all at once.
	PerGraph struct {
		Props
		Var     string
		Pattern algebra.Node
		Named   Named
	}
)

// Binding is a column that Extend adds.
type Binding struct {
	algebra.Binding
	Alone bool // nothing else binds the variable, so its terms need no look-up
}

// JoinKind is what a join does with the rows of its left side.
type JoinKind uint8

// The kinds of joins.
const (
	InnerJoin JoinKind = iota
	LeftJoin           // rows without a match stay
	SemiJoin           // rows with a match, once
	AntiJoin           // rows without a match
	MinusJoin          // rows without a match that shares a bound variable
)

// String returns the kind's name in EXPLAIN.
func (k JoinKind) String() string {
	return [...]string{"", "Left", "Semi", "Anti", "Minus"}[k]
}

// Correlation connects an Apply, or an EXISTS, with the Inputs inside it.
type Correlation struct{ _ byte } // not empty, so that each has an address of its own

// Plan is a planned query.
type Plan struct {
	Root  Node
	Exist map[*algebra.Exists]*Exists // how to evaluate each EXISTS
}

// Exists is how an EXISTS is evaluated: by Apply-like runs of Right, or by
// substituting each row's values into Pattern where Right is nil.
type Exists struct {
	Right   Node
	Of      *Correlation
	Outer   []string // columns of the outer rows that Right's Inputs hand out before Row
	Row     string
	Pattern algebra.Node
	Active  Active
}
