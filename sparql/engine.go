package sparql

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/sparql/algebra"
	"qlgraph/sparql/exec"
	"qlgraph/sparql/expr"
	"qlgraph/sparql/plan"
	"qlgraph/sparql/syntax"
)

// Query is a parsed query. It is independent of any dataset and may be used from
// several goroutines.
type Query struct {
	algebra *algebra.Query
	last    lastPlan
}

// Form returns the form of q.
func (q *Query) Form() Form { return forms[q.algebra.Form] }

var forms = map[algebra.Form]Form{
	algebra.Select: Select, algebra.Ask: Ask, algebra.Construct: Construct, algebra.Describe: Describe,
}

// Parse parses a query; a text that was parsed lately gives the same Query. A
// malformed one gives a *syntax.Error with line and
// column, one that is too large a *LimitError.
func (e *Engine) Parse(query string) (*Query, error) {
	if limit := e.opts.Limits.QueryBytes; len(query) > limit {
		return nil, &LimitError{Limit: "querybytes", Max: int64(limit)}
	}
	if q := e.queries.get(query); q != nil {
		return q, nil
	}
	tree, err := syntax.ParseQuery(query, syntax.Options{MaxDepth: e.opts.Limits.Depth})
	if err != nil {
		return nil, depthLimit(err)
	}
	alg, err := algebra.Translate(tree, algebra.Options{Base: e.opts.BaseIRI, Prefixes: e.opts.Prefixes})
	if err != nil {
		return nil, err
	}
	if err := e.checkSize(alg.Pattern); err != nil {
		return nil, err
	}
	q := &Query{algebra: alg}
	e.queries.put(query, q)
	return q, nil
}

// depthLimit makes the parser's refusal of a nesting a *LimitError, which wraps
// the *syntax.Error with the place.
func depthLimit(err error) error {
	var tooDeep *syntax.Error
	if errors.As(err, &tooDeep) && tooDeep.MaxDepth > 0 {
		return &LimitError{Limit: "depth", Max: int64(tooDeep.MaxDepth), Err: err}
	}
	return err
}

func (e *Engine) checkSize(n algebra.Node) error {
	if limit := e.opts.Limits.Nodes; algebra.Size(n) > limit {
		return &LimitError{Limit: "nodes", Max: int64(limit)}
	}
	return nil
}

// Query evaluates q on the newest snapshot of the dataset. Errors that are
// found before the first row are returned here, later ones by the iterators.
func (e *Engine) Query(ctx context.Context, q *Query, p Params) (*Result, error) {
	ctx, cancel := e.limitTime(ctx, p.Timeout)
	snap, err := e.data.Snapshot(ctx)
	if err != nil {
		cancel()
		return nil, err
	}
	close := func() error {
		err := snap.Close()
		cancel()
		return err
	}
	res, err := e.evaluate(ctx, snap, q, p)
	if err != nil {
		close()
		return nil, exec.Cause(ctx, err)
	}
	run := res.close
	res.close = func() error {
		run()
		return close()
	}
	return res, nil
}

// limitTime returns a context that ends with the time limit as its cause.
func (e *Engine) limitTime(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	limit := e.opts.Limits.Time
	if timeout > 0 && timeout < limit {
		limit = timeout
	}
	return context.WithTimeoutCause(ctx, limit, &LimitError{Limit: "time", Max: int64(limit)})
}

func (e *Engine) evaluate(ctx context.Context, snap graph.Snapshot, q *Query, p Params) (*Result, error) {
	alg := bind(q.algebra, p.Bindings)
	dataset := datasetOf(alg, p)
	s, err := e.session(snap, alg.Base, dataset)
	if err != nil {
		return nil, err
	}
	s.usage, s.turn = p.Usage, p.Turn
	s.limitPlanning(ctx)
	var planned *plan.Plan
	if len(p.Bindings) > 0 { // rarely twice the same
		planned, err = plan.Build(wanted(alg), s.env)
	} else {
		planned, err = s.prepare(q, dataset)
	}
	if err != nil {
		return nil, err
	}
	run, err := s.run(ctx, planned, p.Explain)
	if err != nil {
		return nil, err
	}
	res := &Result{Form: q.Form(), Version: snap.Version(), explain: run.Explain}
	res.close = func() error {
		run.Close()
		return nil
	}
	switch res.Form {
	case Select:
		res.Vars = alg.Columns
		res.rows = solutions(run, alg.Columns, p.Bindings, e.opts.Limits.Rows)
	case Ask:
		_, n, err := run.Next()
		if err != nil {
			run.Close()
			return nil, err
		}
		res.Bool = n > 0
	case Construct:
		res.quads = constructed(run, alg.Template, plan.DistinctRows(wanted(alg)))
	case Describe:
		res.quads = s.described(run, alg.Describe)
	}
	return res, nil
}

// wanted returns q's pattern, cut down to what q's form looks at.
func wanted(q *algebra.Query) algebra.Node {
	seen := map[string]bool{}
	var vars []string
	add := func(terms ...algebra.Term) {
		for _, t := range terms {
			if t.IsVar() && !seen[t.Var] {
				seen[t.Var] = true
				vars = append(vars, t.Var)
			}
		}
	}
	switch q.Form {
	case algebra.Select:
		return q.Pattern
	case algebra.Ask:
		return &algebra.Slice{Input: &algebra.Project{Input: q.Pattern}, Limit: 1}
	case algebra.Construct:
		for _, t := range q.Template {
			add(t.S, t.P, t.O)
		}
	case algebra.Describe:
		add(q.Describe...)
	}
	return &algebra.Project{Input: q.Pattern, Vars: vars}
}

func datasetOf(q *algebra.Query, p Params) *algebra.Dataset {
	if len(p.DefaultGraphs)+len(p.NamedGraphs) > 0 {
		return &algebra.Dataset{Default: p.DefaultGraphs, Named: p.NamedGraphs}
	}
	return q.Dataset
}

// bind replaces variables that have a value beforehand.
func bind(q *algebra.Query, values map[string]rdf.Term) *algebra.Query {
	if len(values) == 0 {
		return q
	}
	term := func(t algebra.Term) algebra.Term {
		if v, ok := values[t.Var]; ok {
			return algebra.Term{Value: v}
		}
		return t
	}
	out := *q
	out.Pattern = algebra.Bind(q.Pattern, values)
	out.Template, out.Describe = nil, nil
	for _, t := range q.Template {
		out.Template = append(out.Template, algebra.Quad{S: term(t.S), P: term(t.P), O: term(t.O), G: term(t.G)})
	}
	for _, t := range q.Describe {
		out.Describe = append(out.Describe, term(t))
	}
	return &out
}

// session is one evaluation over one snapshot.
type session struct {
	engine *Engine
	snap   graph.Snapshot
	terms  *exec.Terms
	env    *plan.Env
	base   string
	usage  *Usage
	turn   *Turn
}

// session resolves the dataset of a query; nil means that it names none.
func (e *Engine) session(snap graph.Snapshot, base string, d *algebra.Dataset) (*session, error) {
	s := &session{engine: e, snap: snap, terms: exec.NewTerms(snap), base: base}
	s.env = &plan.Env{Snapshot: snap, ID: s.terms.ID, Rules: e.rules()}
	if d != nil {
		return s, s.named(d)
	}
	s.env.Named = plan.Named{All: true, Alias: s.alias}
	if e.opts.DefaultGraphUnion {
		s.env.Default = graph.Union()
	}
	return s, nil
}

// named makes the dataset of FROM and FROM NAMED (SPARQL 1.1 §13.2).
func (s *session) named(d *algebra.Dataset) error {
	var all []graph.ID
	for _, iri := range d.Default {
		ids, _, err := s.members(rdf.IRI(iri))
		if err != nil {
			return err
		}
		all = append(all, ids...)
	}
	s.env.Default = graph.UnionOf(all...)
	for _, iri := range d.Named {
		ids, alias, err := s.members(rdf.IRI(iri))
		if err != nil {
			return err
		}
		name, err := s.terms.ID(rdf.IRI(iri))
		if err != nil {
			return err
		}
		g := plan.NamedGraph{ID: name}
		switch {
		case alias:
			g.Graphs = graph.UnionOf(ids...)
		case len(ids) == 0:
			continue // a graph without triples does not exist
		default:
			g.Graphs = graph.OneGraph(name)
		}
		s.env.Named.Some = append(s.env.Named.Some, g)
	}
	return nil
}

// members returns the stored graphs that a name stands for.
func (s *session) members(name rdf.Term) (ids []graph.ID, alias bool, err error) {
	list := []rdf.Term{name}
	if f := s.engine.opts.GraphAlias; f != nil {
		some, ok, err := f(s.snap, name.Value())
		if err != nil {
			return nil, false, fmt.Errorf("graph %v: %w", name, err)
		}
		if ok {
			list, alias = some, true
		}
	}
	for _, t := range list {
		id, err := s.terms.ID(t)
		if err != nil {
			return nil, false, err
		}
		if id.Kind() != graph.IDLocal {
			ids = append(ids, id)
		}
	}
	return ids, alias, nil
}

func (s *session) alias(name rdf.Term) (graph.Graphs, bool, error) {
	ids, alias, err := s.members(name)
	if err != nil || !alias {
		return graph.Graphs{}, false, err
	}
	return graph.UnionOf(ids...), true, nil
}

// start plans and starts n.
func (s *session) start(ctx context.Context, n algebra.Node) (*exec.Run, error) {
	s.limitPlanning(ctx)
	p, err := plan.Build(n, s.env)
	if err != nil {
		return nil, err
	}
	return s.run(ctx, p, false)
}

// limitPlanning lets planning end with ctx.
func (s *session) limitPlanning(ctx context.Context) {
	s.env.Check = func() error { s.turn.Yield(ctx); return ctx.Err() }
	s.env.Functions = &expr.Env{
		Resolve:  exec.Resolver(s.base),
		MaxBytes: s.engine.opts.Limits.FunctionBytes,
		Canceled: func() bool { return ctx.Err() != nil },
	}
}

// run starts p; timed measures its operators.
func (s *session) run(ctx context.Context, p *plan.Plan, timed bool) (*exec.Run, error) {
	opts := s.engine.opts
	return exec.Start(ctx, s.snap, p, s.terms, s, exec.Options{
		Limits: opts.Limits, Base: s.base, Service: opts.Service,
		Now: opts.now(), Rand: opts.rand(), Timed: timed, Usage: s.usage, Turn: s.turn,
	})
}

// Pattern plans a pattern while a query runs (exec.Planner).
func (s *session) Pattern(n algebra.Node, act plan.Active) (*plan.Plan, error) {
	return plan.BuildIn(n, s.env, act)
}

func (e *Engine) rules() plan.Rules {
	switch {
	case e.opts.rules != nil:
		return e.opts.rules()
	case e.opts.Unoptimized:
		return plan.None()
	}
	return plan.All()
}

func (o *Options) now() time.Time {
	if o.Now == nil {
		return time.Now()
	}
	return o.Now()
}

func (o *Options) rand() *rand.Rand {
	if o.Seed == 0 {
		return rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
	}
	return rand.New(rand.NewPCG(o.Seed, 0))
}
