package exec

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/iri"
	"qlgraph/graph/rdf"
	"qlgraph/graph/xsd"
	"qlgraph/sparql/algebra"
	"qlgraph/sparql/expr"
	"qlgraph/sparql/plan"
)

// Options are what a run has beside its plan.
type Options struct {
	Limits  Limits
	Base    string // resolves the argument of IRI()
	Service Service
	Now     time.Time
	Rand    *rand.Rand
	Timed   bool   // measure the time of each operator
	Turn    *Turn  // the right to compute; nil for always
	Usage   *Usage // where to note what the query uses; nil for nowhere
}

// Planner plans a pattern while a query runs: the body of an EXISTS with the
// row's values in it, or a graph's part of GRAPH ?g.
type Planner interface {
	Pattern(n algebra.Node, active plan.Active) (*plan.Plan, error)
}

// run is the state that all operators of one query share. It belongs to one
// goroutine.
type run struct {
	ctx        context.Context
	snap       graph.Snapshot
	terms      *Terms
	mem        *accountant
	limits     Limits
	env        *expr.Env
	planner    Planner
	service    Service
	turn       *Turn
	timed      bool
	exist      map[*algebra.Exists]*plan.Exists
	inputs     map[*plan.Correlation][]*inputOp // by what they belong to
	free       [][]graph.ID
	numbers    []graph.ID // 0, 1, 2, …
	decoded    []rdf.Term // see termBuffer
	solution   uint64     // number of the first row that is being computed
	visited    int64      // nodes that paths have visited
	depth      int        // of runs within runs
	hasty      bool       // what is being compiled had better return few rows soon than many later
	labels     uint64     // blank nodes made
	labelScope string
}

// Run is a query that can be pulled.
type Run struct {
	run  *run
	root *stage
}

// Start compiles p into operators over snap. The Run is to be closed; ctx ends
// it, with its cause as the error.
func Start(ctx context.Context, snap graph.Snapshot, p *plan.Plan, terms *Terms, planner Planner, opts Options) (*Run, error) {
	limits := opts.Limits.WithDefaults()
	if opts.Usage == nil {
		opts.Usage = new(Usage)
	}
	r := &run{
		ctx: ctx, snap: snap, terms: terms, limits: limits,
		mem: &accountant{max: limits.Memory, usage: opts.Usage}, planner: planner, service: opts.Service, timed: opts.Timed,
		inputs: map[*plan.Correlation][]*inputOp{}, turn: opts.Turn,
	}
	terms.mem = r.mem
	r.env = &expr.Env{
		Now:      xsd.NewDateTime(opts.Now),
		Rand:     opts.Rand,
		Resolve:  Resolver(opts.Base),
		MaxBytes: limits.FunctionBytes,
		Canceled: func() bool { r.turn.Yield(ctx); return ctx.Err() != nil },
	}
	root, err := r.start(p)
	if err != nil {
		return nil, err
	}
	return &Run{run: r, root: root}, nil
}

// Resolver returns what makes the IRI references of IRI() absolute.
func Resolver(base string) func(string) (string, bool) {
	return func(ref string) (string, bool) {
		if iri.CheckRef(ref) != nil {
			return "", false
		}
		return iri.Resolve(base, ref), true
	}
}

// start compiles p within r.
func (r *run) start(p *plan.Plan) (*stage, error) {
	r.exist = p.Exist
	return r.compile(p.Root)
}

// Columns returns the variables of the rows.
func (q *Run) Columns() []string { return q.root.columns }

// Next returns the next rows, column by column, and how many they are, 0 at the
// end. They are valid until the next call.
func (q *Run) Next() (columns [][]graph.ID, n int, err error) {
	b, err := q.root.next()
	if err != nil {
		return nil, 0, Cause(q.run.ctx, err)
	}
	if b == nil {
		return nil, 0, nil
	}
	return b.cols, b.n, nil
}

// Terms sets dst[i] to the term of ids[i], the zero Term where it is zero.
func (q *Run) Terms(ids []graph.ID, dst []rdf.Term) error {
	return Cause(q.run.ctx, q.run.decode(ids, dst))
}

// Check returns the error with which the query has to stop, if any. Those who
// loop over results call it.
func (q *Run) Check() error { return Cause(q.run.ctx, q.run.check()) }

// Charge accounts for memory that the caller holds for the query.
func (q *Run) Charge(bytes int64) error { return q.run.mem.charge(bytes) }

// Explain returns the operators as they ran so far.
func (q *Run) Explain() *Explanation { return q.root.explain() }

// Close ends the query. It may be called twice.
func (q *Run) Close() { q.root.close() }

// check is called by every operator, at least once per batch.
func (r *run) check() error {
	r.turn.Yield(r.ctx)
	if err := r.ctx.Err(); err != nil {
		return err
	}
	if limit, max := r.env.Exceeded(); limit != "" {
		return &LimitError{Limit: limit, Max: max}
	}
	return nil
}

// Cause returns err, or what ended ctx where err only says that it ended.
func Cause(ctx context.Context, err error) error {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		if cause := context.Cause(ctx); cause != nil {
			return cause
		}
	}
	return err
}

// decode is Snapshot.Terms with the query's own terms.
func (r *run) decode(ids []graph.ID, dst []rdf.Term) error {
	return r.terms.resolve(r.snap, ids, dst)
}

// accountant counts the bytes that a query holds.
type accountant struct {
	used, max int64
	usage     *Usage
}

func (a *accountant) charge(n int64) error {
	if a.used += n; a.used > a.usage.Memory {
		a.usage.Memory = a.used
	}
	if a.used > a.max {
		return &LimitError{Limit: "memory", Max: a.max}
	}
	return nil
}

func (a *accountant) refund(n int64) { a.used -= n }

// errUnplanned is a defect: a plan with an operator that compile does not know.
var errUnplanned = errors.New("exec: unknown operator")

func unplanned(n plan.Node) error { return fmt.Errorf("%w %T", errUnplanned, n) }
