package plan

import (
	"math"
	"slices"

	"qlgraph/graph"
	"qlgraph/sparql/algebra"
)

func sortStrings(list []string) { slices.Sort(list) }

// element is one of the patterns that a group joins.
type element struct {
	pattern *Pattern             // a triple pattern
	path    *algebra.PathPattern // a property path with *, + or ? at its top
	reach   reach                // of path
	union   *algebra.Union       // of a path's alternatives
	follow  bool                 // union has to start from the rows it is joined to
	planned Node                 // anything else, planned on its own
	source  algebra.Node         // of planned
	est     estimate             // of a pattern or union
	spans   []graph.Span         // of the pattern's objects that are read; nil: all
	vars    []string
}

// joinGroup is a group of patterns that are joined in any order, with the
// filters over them.
type joinGroup struct {
	b        *builder
	act      Active
	elements []*element
	services []*algebra.Service // joined to all the others
	filters  []algebra.Expr
	dead     bool // a pattern cannot match
	names    nameSet

	limited    []string          // variables of patterns of which only a range is read
	filterVars map[string]uint64 // see lookAtFilters
	weighed    []groupFilter
}

// group plans joins and filters: it collects what is joined, orders it and
// applies each filter as soon as its variables have their values. in, where
// given, is what the group starts from.
func (b *builder) group(n algebra.Node, act Active, in Node) Node {
	g := &joinGroup{b: b, act: act}
	inner := n
	for f, ok := inner.(*algebra.Filter); ok; f, ok = inner.(*algebra.Filter) {
		g.filters = append(g.filters, conjuncts(f.Expr)...)
		inner = f.Input
	}
	if in != nil && continues(inner) {
		return b.filterRest(b.extendRows(inner, act, in), g.filters, act)
	}
	g.collect(inner)
	g.equalities()
	g.limitRanges()
	if g.dead || act.None {
		return b.filterRest(empty(g.columns(n, in)), g.filters, act)
	}
	if !b.env.Rules.Order {
		return g.inOrder(in)
	}
	if in == nil && b.env.Rules.Leapfrog {
		if core, rest := g.cycle(); core != nil {
			g.elements, in = rest, core
		}
	}
	return g.assemble(in, g.order(in))
}

// continues reports patterns that are evaluated from the rows that a group starts
// from; what else is not joined is planned on its own.
func continues(n algebra.Node) bool {
	switch n.(type) {
	case *algebra.LeftJoin, *algebra.Graph, *algebra.Extend, *algebra.Union:
		return true
	}
	return false
}

// columns lists what the group would bind.
func (g *joinGroup) columns(n algebra.Node, in Node) []string {
	set := &nameSet{}
	if in != nil {
		set.add(in.Output().Columns...)
	}
	collect(n, set)
	if g.act.Var != "" {
		set.add(g.act.Var)
	}
	return set.names
}

// collect flattens joins. A filter inside a join is lifted only where it would
// see nothing more outside.
func (g *joinGroup) collect(n algebra.Node) {
	switch n := n.(type) {
	case *algebra.Join:
		g.collect(n.Left)
		g.collect(n.Right)
	case *algebra.BGP:
		for _, t := range n.Triples {
			g.addTriple(t)
		}
	case *algebra.PathPattern:
		g.addPath(n)
	case *algebra.Filter:
		if boundBy(mentions(n.Expr), n.Input) {
			g.collect(n.Input)
			g.filters = append(g.filters, conjuncts(n.Expr)...)
			return
		}
		g.addPlanned(n)
	case *algebra.Service:
		g.services = append(g.services, n)
	default:
		g.addPlanned(n)
	}
}

// mentions returns the variables of e.
func mentions(e algebra.Expr) map[string]bool {
	vars := map[string]bool{}
	algebra.ExprVars(e, vars)
	return vars
}

func conjuncts(e algebra.Expr) []algebra.Expr {
	c, ok := e.(*algebra.Call)
	if !ok || c.Op != "&&" {
		return []algebra.Expr{e}
	}
	var list []algebra.Expr
	for _, a := range c.Args {
		list = append(list, conjuncts(a)...)
	}
	return list
}

func (g *joinGroup) add(e *element) {
	g.elements = append(g.elements, e)
	g.names.add(e.vars...)
}

func (g *joinGroup) addTriple(t algebra.Triple) {
	p, ok := g.b.pattern(t, g.act)
	if !ok {
		g.dead = true
		return
	}
	e := &element{pattern: &p, vars: p.vars()}
	if !g.dead && g.b.env.Rules.Order {
		e.est = g.b.estimatePattern(&p)
		if e.est.rows == 0 && exactlyNone(g.b, &p) {
			g.dead = true
		}
	}
	g.add(e)
}

func exactlyNone(b *builder, p *Pattern) bool {
	n, exact, err := b.env.Snapshot.Count(p.IDs())
	b.fail(err)
	return exact && n == 0
}

func (g *joinGroup) addPlanned(n algebra.Node) {
	var in Node
	switch n := n.(type) {
	case *algebra.Table:
		in = table(n)
	case *algebra.TextMatch:
		in = g.b.textSearch(n)
	case *algebra.Filter:
		in = g.b.group(n, g.act, nil)
	default:
		in = g.b.node(n, g.act)
	}
	g.add(&element{planned: in, source: n, vars: in.Output().Columns})
}

func table(t *algebra.Table) Node {
	vars := algebra.VarsOf(t)
	p := Props{Columns: t.Vars, Maybe: map[string]bool{}, Rows: float64(len(t.Rows))}
	for name, certain := range vars {
		if !certain {
			p.Maybe[name] = true
		}
	}
	return &Table{Props: p, Rows: t.Rows}
}

func termVars(terms ...algebra.Term) []string {
	set := &nameSet{}
	for _, t := range terms {
		if t.IsVar() {
			set.add(t.Var)
		}
	}
	return set.names
}

func (g *joinGroup) withGraph(vars []string) []string {
	if g.act.Var != "" && !contains(vars, g.act.Var) {
		return with(vars, g.act.Var)
	}
	return vars
}

// inOrder joins in the order written, by hashing: what None asks for.
func (g *joinGroup) inOrder(in Node) Node {
	s := &state{}
	for i := range g.elements {
		s = &state{last: i, prev: s, rows: -1}
	}
	return g.assemble(in, s)
}

// assemble joins the elements as order, the last of its states, says.
func (g *joinGroup) assemble(in Node, order *state) Node {
	a := &assembly{g: g, cur: in, pending: g.filters, waiting: map[string]int{}}
	for _, e := range g.elements {
		for _, v := range e.vars {
			a.waiting[v]++
		}
	}
	for _, s := range g.services {
		for _, v := range s.Vars {
			a.waiting[v]++
		}
	}
	a.run(order)
	a.joinServices()
	if a.cur == nil {
		a.cur = unit()
	}
	return g.b.filterRest(a.cur, a.pending, g.act)
}

// run joins the steps of order to what there is.
func (a *assembly) run(order *state) {
	steps := order.steps()
	a.applyFilters(nil)
	for i, s := range steps {
		if s.right != nil {
			half := &assembly{g: a.g, pending: a.pending, waiting: a.waiting, half: true}
			half.run(s.right)
			a.pending = half.pending
			a.cur = a.g.b.hashJoin(InnerJoin, a.cur, half.cur, nil, a.g.act)
		} else {
			e := a.g.elements[s.last]
			next := ""
			if i+1 < len(steps) && steps[i+1].right == nil {
				next = sharedVar(e, a.g.elements[steps[i+1].last])
			}
			a.join(e, next)
			for _, v := range e.vars {
				a.waiting[v]--
			}
		}
		if p := a.cur.Output(); s.rows >= 0 && (s.last < 0 || a.g.elements[s.last].planned != a.cur) {
			p.Rows = s.matches
		}
		a.applyFilters(steps[i:])
	}
}

func sharedVar(a, b *element) string {
	for _, v := range a.vars {
		if contains(b.vars, v) {
			return v
		}
	}
	return ""
}

// assembly is a group being joined.
type assembly struct {
	g       *joinGroup
	cur     Node
	pending []algebra.Expr
	waiting map[string]int // elements still to be joined, by variable
	half    bool           // of a group that goes on elsewhere
}

func (a *assembly) join(e *element, next string) {
	b := a.g.b
	switch {
	case e.pattern != nil:
		a.cur = b.joinPattern(a.cur, e, next)
	case e.path != nil:
		a.cur = b.joinPath(a.cur, e, a.g)
	case e.union != nil:
		a.cur = b.joinUnion(a.cur, e, a.g.act)
	case a.cur == nil:
		a.cur = e.planned
	default:
		a.cur = b.joinPlanned(a.cur, e, a.g.act)
	}
}

// applyFilters applies the filters whose variables have their final values,
// unless that is better done after one of the later steps; the first of steps is
// the one just done.
func (a *assembly) applyFilters(steps []*state) {
	if a.cur == nil || !a.g.b.env.Rules.PushFilters {
		return
	}
	var rest, now []algebra.Expr
	for _, f := range a.pending {
		if a.settled(f) && (len(steps) == 0 || steps[0].rows < 0 || !worthWaiting(f, steps[0], steps[1:])) {
			now = append(now, f)
		} else {
			rest = append(rest, f)
		}
	}
	a.pending = rest
	a.cur = a.g.b.filterRest(a.cur, now, a.g.act)
}

func (a *assembly) settled(f algebra.Expr) bool {
	for name := range mentions(f) {
		if !a.cur.Output().Certain(name) && (a.half || a.waiting[name] > 0) {
			return false
		}
	}
	return true
}

// filterRest applies filters: EXISTS as semi-joins, others together.
func (b *builder) filterRest(in Node, list []algebra.Expr, act Active) Node {
	var plain []algebra.Expr
	var exists []*algebra.Exists
	for _, f := range list {
		if x, ok := asExists(f); ok && b.startsFrom(x.Pattern, in.Output()) {
			exists = append(exists, x)
		} else {
			plain = append(plain, f)
		}
	}
	if len(plain) > 0 {
		p := *in.Output()
		for _, f := range plain {
			b.register(f, &p, act)
			if !readsOnly(in, f) {
				p.Rows *= selectivity(f)
			}
		}
		in = &Filter{Props: p, Input: in, Exprs: plain}
	}
	for _, x := range exists {
		in = b.filterExists(in, x, act)
	}
	return in
}

// asExists recognises EXISTS, NOT EXISTS and their negations.
func asExists(e algebra.Expr) (*algebra.Exists, bool) {
	switch e := e.(type) {
	case *algebra.Exists:
		return e, true
	case *algebra.Call:
		if e.Op == "!" {
			if x, ok := e.Args[0].(*algebra.Exists); ok {
				return &algebra.Exists{Not: !x.Not, Pattern: x.Pattern}, true
			}
		}
	}
	return nil, false
}

// joinPattern joins a triple pattern to what is planned: by seeking where that
// is cheaper than hashing it all.
func (b *builder) joinPattern(cur Node, e *element, next string) Node {
	if cur == nil {
		return b.scan(e, next)
	}
	p := cur.Output()
	shared := 0
	for _, v := range e.vars {
		if p.Maybe[v] {
			return b.hashJoin(InnerJoin, cur, b.scan(e, v), nil, Active{})
		}
		if p.Has(v) {
			shared++
		}
	}
	if shared == 0 && len(e.vars) > 0 && len(p.Columns) > 0 {
		return b.hashJoin(InnerJoin, cur, b.scan(e, next), nil, Active{})
	}
	order, lead := seekOrder(e.pattern, p.Certain, p.Order)
	if !b.env.Rules.Seek && len(e.vars) > 0 || shared > 0 && !sharesLead(e.pattern, order, lead) {
		return b.hashJoin(InnerJoin, cur, b.scan(e, ""), nil, Active{})
	}
	if shared > 0 && seekCost(p, e, order) > hashCost(p, e) && !b.follows(cur, leadingVar(e.pattern, order)) {
		return b.hashJoin(InnerJoin, cur, b.scan(e, ""), nil, Active{})
	}
	return b.seekJoin(InnerJoin, cur, *e.pattern, e.est)
}

// sharesLead reports whether a variable is among the leading components.
func sharesLead(p *Pattern, o graph.Order, lead int) bool {
	for i, c := range o.Components() {
		if i < lead && p.Slots()[c].Var != "" {
			return true
		}
	}
	return false
}

// seekCost is the cost of looking the rows of p up in the index: a merge where
// they ascend by the index's first variable.
func seekCost(p *Props, e *element, order graph.Order) float64 {
	first := ""
	for _, c := range order.Components() {
		if v := e.pattern.Slots()[c].Var; v != "" {
			first = v
			break
		}
	}
	seeks := p.Rows
	if d := e.est.distinct[first]; d > 0 {
		seeks = min(seeks, d*math.Ceil(p.Rows/1024)) // a batch seeks each key once
	}
	if first != "" && first == p.Order {
		return p.Rows + min(e.est.rows, p.Rows*costSeek)
	}
	return p.Rows + min(seeks*costSeek, e.est.rows*math.Ceil(p.Rows/1024))
}

func hashCost(p *Props, e *element) float64 {
	return costBuild*e.est.rows + costProbe*p.Rows
}

// scan reads a pattern in an order that suits the variable next.
func (b *builder) scan(e *element, next string) *Scan {
	best, order := -1, graph.Order(0)
	for _, o := range orders {
		score := 0
		counting := true
		for _, c := range o.Components() {
			s := e.pattern.Slots()[c]
			if s.Var == "" && c == 3 && o == graph.GSPO && oneGraph(e.pattern) {
				score += 4
				continue
			}
			if s.Var == "" && (c == 3 || s.ID == 0) {
				break
			}
			if s.Var == "" && counting {
				score += 4
				continue
			}
			if counting && s.Var == next && next != "" {
				score += 2
			}
			if counting && c == 3 {
				score-- // by graph only where nothing else speaks
			}
			counting = false
		}
		if score > best {
			best, order = score, o
		}
	}
	if e.spans != nil {
		order = graph.POSG
	}
	columns := e.pattern.vars()
	return &Scan{
		Props:   Props{Columns: columns, Rows: e.est.rows, Order: leadingVar(e.pattern, order)},
		Pattern: *e.pattern, Order: order, Spans: e.spans,
	}
}

// oneGraph reports whether p is matched in one graph, the quads of which lie
// together in the order GSPO.
func oneGraph(p *Pattern) bool {
	_, single := p.Graphs.Single()
	return single && !p.Graphs.Merged()
}

// leadingVar returns the first variable in the order o, by which rows ascend.
func leadingVar(p *Pattern, o graph.Order) string {
	for _, c := range o.Components() {
		if s := p.Slots()[c]; s.Var != "" {
			return s.Var
		}
	}
	return ""
}
