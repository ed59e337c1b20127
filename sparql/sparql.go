package sparql

import (
	"context"
	"iter"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/sparql/exec"
	"qlgraph/sparql/plan"
)

// Engine evaluates queries and updates over one dataset. It may be used from
// several goroutines.
type Engine struct {
	data    graph.Dataset
	opts    Options
	queries queryCache
}

// Options are the choices that hold for all queries of an Engine. The zero
// value is a strict SPARQL 1.1 engine with the default limits.
type Options struct {
	// Limits bound each query and update; a zero field means its default.
	Limits Limits
	// DefaultGraphUnion makes the default graph, where a query names none, the
	// union of the unnamed graph and every named one. Otherwise it is the
	// unnamed graph.
	DefaultGraphUnion bool
	// BaseIRI resolves relative IRIs of a query without BASE.
	BaseIRI string
	// Prefixes are known without a PREFIX declaration: prefix (without the
	// colon) to namespace IRI.
	Prefixes map[string]string
	// GraphAlias resolves graph names that stand for several graphs; nil means
	// that there are none.
	GraphAlias GraphAlias
	// Service evaluates SERVICE patterns; nil refuses them.
	Service Service
	// Load reads the document of a LOAD operation; nil refuses LOAD.
	Load func(ctx context.Context, iri string) iter.Seq2[rdf.Quad, error]
	// Now is the clock of NOW(); nil means time.Now.
	Now func() time.Time
	// Seed makes RAND, UUID, STRUUID and BNODE repeatable; zero means random.
	Seed uint64
	// Unoptimized evaluates queries as they are written, for comparison.
	Unoptimized bool

	rules func() plan.Rules // of tests; nil: all, or none where Unoptimized
}

// GraphAlias returns the graphs that the graph name iri stands for, itself
// included where it is one, and false where iri is an ordinary name. It is
// asked about the names that a query writes down (FROM, FROM NAMED, GRAPH),
// at most once per query and name, and may depend on the snapshot alone: plans are
// kept for as long as its version lasts. GRAPH ?g does not enumerate aliases.
type GraphAlias func(snap graph.Snapshot, iri string) (graphs []rdf.Term, ok bool, err error)

// Limits bound what one query may use.
type Limits = exec.Limits

// LimitError is the error of a query that reached one of its Limits.
type LimitError = exec.LimitError

// Service evaluates a query at another endpoint (SPARQL 1.1 Federated Query).
type Service = exec.Service

// Usage is what a query used, as far as it was metered.
type Usage = exec.Usage

// Turns lets a number of queries compute at a time, in turn.
type Turns = exec.Turns

// Turn is a query's part in Turns.
type Turn = exec.Turn

// NewTurns returns Turns of n queries at a time. full, unless nil, is called
// again and again, from several goroutines, while no turn is free and long
// queries are among those that compute.
func NewTurns(n int, full func()) *Turns { return exec.NewTurns(n, full) }

// Explanation is the tree of operators that ran for a query, with estimated and
// actual rows and the time spent in each.
type Explanation = exec.Explanation

// New returns an Engine over data.
func New(data graph.Dataset, opts Options) *Engine {
	opts.Limits = opts.Limits.WithDefaults()
	return &Engine{data: data, opts: opts}
}

// Limits returns the limits that hold, defaults filled in.
func (e *Engine) Limits() Limits { return e.opts.Limits }

// Params are the choices for one query.
type Params struct {
	// DefaultGraphs and NamedGraphs are the protocol's default-graph-uri and
	// named-graph-uri. If either is given, both replace the query's own dataset
	// (SPARQL 1.1 Protocol §2.1.4).
	DefaultGraphs, NamedGraphs []string
	// Timeout replaces Limits.Time where it is shorter; zero leaves it.
	Timeout time.Duration
	// Bindings are variables, without "?", that have a value before the query
	// starts, as SHACL's pre-binding of $this wants them: the value replaces the
	// variable wherever it occurs. Blank nodes name nodes of the dataset.
	Bindings map[string]rdf.Term
	// Explain measures the time of each operator for Result.Explain, which
	// otherwise knows rows only.
	Explain bool
	// Usage, if not nil, receives what the query uses while it runs, also where
	// it fails.
	Usage *Usage
	// Turn, if not nil, is held by the caller while the query computes; the query
	// lends it to others.
	Turn *Turn
}

// UpdateParams are the choices for one update request.
type UpdateParams struct {
	// UsingGraphs and UsingNamedGraphs are the protocol's using-graph-uri and
	// using-named-graph-uri (SPARQL 1.1 Protocol §2.2.3).
	UsingGraphs, UsingNamedGraphs []string
	// Timeout replaces Limits.Time where it is shorter; zero leaves it.
	Timeout time.Duration
	// Usage, if not nil, receives the most that one operation used.
	Usage *Usage
	// Turn is as for queries.
	Turn *Turn
}

// Form is the form of a query (SPARQL 1.1 §16).
type Form uint8

// The query forms.
const (
	Select Form = iota
	Ask
	Construct
	Describe
)

// Result is the answer to a query. It holds a snapshot: the caller closes it.
// Rows and Quads can be ranged over once, by one goroutine. A query that is cut
// off, by a limit or its context, ends in an error and never in a short answer.
type Result struct {
	// Form tells which of Vars and Rows (Select), Bool (Ask) or Quads
	// (Construct, Describe) holds the answer.
	Form Form
	// Vars are the result variables of a SELECT, in order, without "?".
	Vars []string
	// Bool is the answer to an ASK.
	Bool bool
	// Version is the version of the dataset that was asked.
	Version uint64

	rows    iter.Seq2[[]rdf.Term, error]
	quads   iter.Seq2[rdf.Quad, error]
	explain func() *Explanation
	close   func() error
}

// Rows yields the solutions of a SELECT: a term per variable of Vars, the zero
// Term where it is unbound. A row is valid until the next one. An error comes
// last, with a nil row.
func (r *Result) Rows() iter.Seq2[[]rdf.Term, error] { return r.rows }

// Quads yields the triples of a CONSTRUCT or DESCRIBE, each once, in the
// default graph. An error comes last.
func (r *Result) Quads() iter.Seq2[rdf.Quad, error] { return r.quads }

// Explain returns the operators as they ran so far: complete after the last
// row.
func (r *Result) Explain() *Explanation { return r.explain() }

// Close releases the snapshot and what the query holds. It may be called twice.
func (r *Result) Close() error { return r.close() }
