package sparql

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/sparql/algebra"
	"qlgraph/sparql/exec"
	"qlgraph/sparql/syntax"
)

// Errors of updates.
var (
	// ErrReadOnly is returned for an update of a dataset that is no graph.Writer.
	ErrReadOnly = errors.New("the dataset cannot be changed")
	// ErrLoad is returned for a LOAD where Options.Load is nil.
	ErrLoad = errors.New("LOAD is not allowed here")
	// ErrGraph is wrapped by the error of an operation that fails because a graph
	// exists or does not, unless SILENT.
	ErrGraph = errors.New("graph")
	// ErrUsing is returned for a request with USING or WITH where UpdateParams
	// name graphs too (SPARQL 1.1 Protocol §2.2.3).
	ErrUsing = errors.New("the request names graphs with USING or WITH, and so does its protocol")
)

// Update applies an update request: all of its operations in order, each seeing
// what those before it did, or, where one fails, none. It returns the version of
// the dataset that holds the change. A malformed request gives a *syntax.Error.
func (e *Engine) Update(ctx context.Context, request string, p UpdateParams) (version uint64, err error) {
	w, ok := e.data.(graph.Writer)
	if !ok {
		return 0, ErrReadOnly
	}
	list, err := e.parseUpdate(request, p)
	if err != nil {
		return 0, err
	}
	ctx, cancel := e.limitTime(ctx, p.Timeout)
	defer cancel()
	version, err = w.Update(ctx, func(tx graph.Tx) error {
		u := &update{engine: e, ctx: ctx, tx: tx, usage: p.Usage, turn: p.Turn, scope: strconv.FormatUint(rand.Uint64(), 36)}
		for _, op := range list {
			if err := u.apply(op); err != nil {
				return err
			}
		}
		return nil
	})
	return version, exec.Cause(ctx, err)
}

func (e *Engine) parseUpdate(request string, p UpdateParams) ([]algebra.Operation, error) {
	if limit := e.opts.Limits.UpdateBytes; len(request) > limit {
		return nil, &LimitError{Limit: "updatebytes", Max: int64(limit)}
	}
	tree, err := syntax.ParseUpdate(request, syntax.Options{MaxDepth: e.opts.Limits.Depth})
	if err != nil {
		return nil, depthLimit(err)
	}
	list, err := algebra.TranslateUpdate(tree, algebra.Options{Base: e.opts.BaseIRI, Prefixes: e.opts.Prefixes})
	if err != nil {
		return nil, err
	}
	given := len(p.UsingGraphs)+len(p.UsingNamedGraphs) > 0
	for _, op := range list {
		m, ok := op.(*algebra.Modify)
		if !ok {
			continue
		}
		if err := e.checkSize(m.Pattern); err != nil {
			return nil, err
		}
		if given {
			if m.Using != nil || !m.With.IsZero() {
				return nil, ErrUsing
			}
			m.Using = &algebra.Dataset{Default: p.UsingGraphs, Named: p.UsingNamedGraphs}
		}
	}
	return list, nil
}

// update is a request being applied in one transaction.
type update struct {
	engine *Engine
	ctx    context.Context
	tx     graph.Tx
	usage  *Usage
	turn   *Turn
	scope  string // keeps the blank nodes of this request apart from others
	loads  int
}

func (u *update) apply(op algebra.Operation) error {
	switch op := op.(type) {
	case *algebra.Modify:
		return u.modify(op)
	case *algebra.Load:
		return silenced(op.Silent, u.ctx, u.load(op))
	case *algebra.Clear:
		return silenced(op.Silent, u.ctx, u.clear(op))
	case *algebra.Create:
		return silenced(op.Silent, u.ctx, u.create(op))
	case *algebra.Transfer:
		return silenced(op.Silent, u.ctx, u.transfer(op))
	}
	return fmt.Errorf("sparql: unknown operation %T", op)
}

// silenced drops an error where SILENT asks for it: what ended the request
// itself stays.
func silenced(silent bool, ctx context.Context, err error) error {
	var limit *LimitError
	if silent && ctx.Err() == nil && !errors.As(err, &limit) {
		return nil
	}
	return err
}

// modify evaluates the pattern, then removes, then adds (SPARQL 1.1 Update
// §3.1.3): the solutions are those before the change.
func (u *update) modify(m *algebra.Modify) error {
	removed, added, err := u.evaluate(m)
	if err != nil {
		return err
	}
	if err := u.tx.Delete(removed...); err != nil {
		return err
	}
	return u.tx.Insert(added...)
}

func (u *update) evaluate(m *algebra.Modify) (removed, added []rdf.Quad, err error) {
	if removed, err = u.instantiate(m, m.Delete); err != nil {
		return nil, nil, err
	}
	added, err = u.instantiate(m, m.Insert)
	return removed, added, err
}

// instantiate returns what the template gives for the solutions of m's pattern.
func (u *update) instantiate(m *algebra.Modify, template []algebra.Quad) ([]rdf.Quad, error) {
	if len(template) == 0 {
		return nil, nil
	}
	s, err := u.session(m)
	if err != nil {
		return nil, err
	}
	run, err := s.start(u.ctx, m.Pattern)
	if err != nil {
		return nil, err
	}
	defer run.Close()
	c, err := run.ConstructQuads(template)
	if err != nil {
		return nil, err
	}
	var quads []rdf.Quad
	var terms [4][]rdf.Term
	for {
		cols, n, err := c.Next()
		if err != nil || n == 0 {
			return quads, err
		}
		const quadBytes = 160
		if err := run.Charge(int64(n * quadBytes)); err != nil {
			return nil, err
		}
		for i := range terms {
			if terms[i], err = column(run, cols, i, n, terms[i]); err != nil {
				return nil, err
			}
		}
		for i := range n {
			quads = append(quads, rdf.Quad{S: terms[0][i], P: terms[1][i], O: terms[2][i], G: terms[3][i]})
		}
	}
}

// session opens the dataset of m's pattern: USING, or WITH, or all.
func (u *update) session(m *algebra.Modify) (*session, error) {
	s, err := u.engine.session(u.tx, m.Base, m.Using)
	if err != nil {
		return nil, err
	}
	s.usage, s.turn = u.usage, u.turn
	if m.Using != nil || m.With.IsZero() {
		return s, nil
	}
	id, err := s.terms.ID(m.With)
	if err != nil {
		return nil, err
	}
	s.env.Default = graph.OneGraph(id)
	if id.Kind() == graph.IDLocal {
		s.env.Default = graph.UnionOf()
	}
	return s, nil
}

func (u *update) load(op *algebra.Load) error {
	if u.engine.opts.Load == nil {
		return ErrLoad
	}
	u.loads++
	var held int64
	var quads []rdf.Quad
	for q, err := range u.engine.opts.Load(u.ctx, op.From) {
		if err != nil {
			return fmt.Errorf("LOAD <%s>: %w", op.From, err)
		}
		const quadBytes = 160
		held += int64(quadBytes + len(q.S.Value()) + len(q.P.Value()) + len(q.O.Value()))
		if limit := u.engine.opts.Limits.Memory; held > limit {
			return &LimitError{Limit: "memory", Max: limit}
		}
		q.S, q.O = u.own(q.S), u.own(q.O)
		quads = append(quads, q.In(op.Into))
	}
	return u.tx.Insert(quads...)
}

// own keeps the blank nodes of one document apart from those of others.
func (u *update) own(t rdf.Term) rdf.Term {
	if t.IsBlank() {
		return rdf.Blank("l" + u.scope + "x" + strconv.Itoa(u.loads) + "x" + t.Value())
	}
	return t
}

// clear is CLEAR and DROP. Graphs exist while they hold a triple, so that both
// do the same; DROP of a graph that does not exist fails (§3.2.2).
func (u *update) clear(op *algebra.Clear) error {
	if op.Scope == syntax.OneGraph {
		if exists, err := u.exists(op.Graph); err != nil || op.Drop && !exists {
			return errors.Join(err, missing(op.Graph))
		}
		return u.tx.Clear(op.Graph)
	}
	if op.Scope != syntax.NamedGraphs {
		if err := u.tx.Clear(rdf.Term{}); err != nil {
			return err
		}
	}
	if op.Scope == syntax.DefaultGraph {
		return nil
	}
	ids, err := graph.NamedGraphs(u.tx)
	if err != nil {
		return err
	}
	names := make([]rdf.Term, len(ids))
	if err := u.tx.Terms(ids, names); err != nil {
		return err
	}
	for _, name := range names {
		if err := u.tx.Clear(name); err != nil {
			return err
		}
	}
	return nil
}

func missing(g rdf.Term) error { return fmt.Errorf("%w %v does not exist", ErrGraph, g) }

// create fails where the graph exists; else there is nothing to do, since an
// empty graph is not kept (§3.2.1).
func (u *update) create(op *algebra.Create) error {
	exists, err := u.exists(op.Graph)
	if err == nil && exists {
		err = fmt.Errorf("%w %v exists", ErrGraph, op.Graph)
	}
	return err
}

// exists reports whether a graph holds a triple; the unnamed graph always exists.
func (u *update) exists(g rdf.Term) (bool, error) {
	if g.IsZero() {
		return true, nil
	}
	id, ok, err := u.tx.Lookup(g)
	if err != nil || !ok {
		return false, err
	}
	c, err := u.tx.Scan(graph.Pattern{Graphs: graph.OneGraph(id)}, graph.GSPO)
	if err != nil {
		return false, err
	}
	defer c.Close()
	n, err := c.Next(&graph.Batch{S: make([]graph.ID, 1)})
	return n > 0, err
}

// transfer is COPY, MOVE and ADD (§3.2.3 to §3.2.5).
func (u *update) transfer(op *algebra.Transfer) error {
	if exists, err := u.exists(op.From); err != nil || !exists {
		return errors.Join(err, missing(op.From))
	}
	if op.From == op.To {
		return nil
	}
	quads, err := u.content(op.From)
	if err != nil {
		return err
	}
	if op.Name != "ADD" {
		if err := u.tx.Clear(op.To); err != nil {
			return err
		}
	}
	for i := range quads {
		quads[i].G = op.To
	}
	if err := u.tx.Insert(quads...); err != nil || op.Name != "MOVE" {
		return err
	}
	return u.tx.Clear(op.From)
}

// content returns the triples of a graph.
func (u *update) content(g rdf.Term) ([]rdf.Quad, error) {
	var id graph.ID
	if !g.IsZero() {
		var err error
		if id, _, err = u.tx.Lookup(g); err != nil {
			return nil, err
		}
	}
	var quads []rdf.Quad
	for q, err := range graph.Quads(u.tx, graph.Pattern{Graphs: graph.OneGraph(id)}, graph.GSPO) {
		if err != nil {
			return nil, err
		}
		quads = append(quads, q.In(rdf.Term{}))
	}
	return quads, nil
}
