package plan

import (
	"errors"

	"qlgraph/graph/rdf"
	"qlgraph/sparql/algebra"
)

// Build plans n, a whole query, in the default graph of env.
func Build(n algebra.Node, env *Env) (*Plan, error) {
	n = env.Rules.rewrite(n, env.Functions)
	b := &builder{env: env, exists: map[*algebra.Exists]*Exists{}, binders: countBinders(n)}
	return b.plan(n, Active{Graphs: env.Default})
}

// BuildIn plans n, a part of a query, in the active graph act.
func BuildIn(n algebra.Node, env *Env, act Active) (*Plan, error) {
	b := &builder{env: env, exists: map[*algebra.Exists]*Exists{}}
	return b.plan(env.Rules.rewrite(n, env.Functions), act)
}

func (b *builder) plan(n algebra.Node, act Active) (p *Plan, err error) {
	defer b.recover(&err)
	root := b.node(n, act)
	if b.env.Rules.Prune {
		root = (&pruner{exists: b.exists, outer: map[*Correlation][]string{}}).plan(root)
	}
	return &Plan{Root: root, Exist: b.exists}, nil
}

// builder turns algebra into operators. Its methods panic with a failure where
// the snapshot fails.
type builder struct {
	env     *Env
	exists  map[*algebra.Exists]*Exists
	binders map[string]int // operators that bind each variable; nil where only a part is known
	rows    int
	// substituted counts, for each variable, the EXISTS around what is being
	// planned that put a value from outside in its place.
	substituted map[string]int
	// portions is how many matches of the search with a score are expected to be
	// needed, where only the best are wanted.
	portions map[string]float64
	pathVars int // variables that paths were dissolved with
}

// substituting notes that an EXISTS replaces the variables of its outer rows,
// until the function that it returns is called.
func (b *builder) substituting(outer *Props) (end func()) {
	if b.substituted == nil {
		b.substituted = map[string]int{}
	}
	for _, name := range outer.Columns {
		b.substituted[name]++
	}
	return func() {
		for _, name := range outer.Columns {
			b.substituted[name]--
		}
	}
}

type failure struct{ error }

func (b *builder) fail(err error) {
	if err != nil {
		panic(failure{err})
	}
}

func (b *builder) recover(err *error) {
	switch r := recover().(type) {
	case nil:
	case failure:
		*err = r.error
	default:
		panic(r)
	}
}

// node plans n on its own.
func (b *builder) node(n algebra.Node, act Active) Node {
	switch n := n.(type) {
	case *algebra.BGP, *algebra.PathPattern, *algebra.TextMatch, *algebra.Join, *algebra.Filter, *algebra.Table, *algebra.Service:
		return b.group(n, act, nil)
	case *algebra.LeftJoin:
		return b.leftJoin(b.node(n.Left, act), n, act)
	case *algebra.Union:
		return b.union(n, func(c algebra.Node) Node { return b.node(c, act) })
	case *algebra.Minus:
		return b.minus(n, act)
	case *algebra.Graph:
		return b.graph(n, act, nil)
	case *algebra.Extend:
		return b.extend(b.node(n.Input, act), n.Var, n.Expr, act)
	case *algebra.Group:
		return b.aggregation(n, act)
	case *algebra.OrderBy:
		return b.sort(n, act, -1)
	case *algebra.Project:
		return project(b.node(n.Input, act), n.Vars)
	case *algebra.Distinct:
		return b.distinct(n, act)
	case *algebra.Reduced: // may keep every duplicate (SPARQL 1.1 §15.3.2)
		return b.node(n.Input, act)
	case *algebra.Slice:
		return b.slice(n, act)
	}
	b.fail(errors.New("plan: unknown node"))
	return nil
}

// extendRows plans n starting from the rows of in, which are the outer rows of
// an Apply or what was joined to them; correlatable says where that is legal.
func (b *builder) extendRows(n algebra.Node, act Active, in Node) Node {
	switch n := n.(type) {
	case *algebra.BGP, *algebra.PathPattern, *algebra.TextMatch, *algebra.Join, *algebra.Filter, *algebra.Table, *algebra.Service:
		return b.group(n, act, in)
	case *algebra.LeftJoin:
		return b.leftJoin(b.extendRows(n.Left, act, in), n, act)
	case *algebra.Graph:
		return b.graph(n, act, in)
	case *algebra.Extend:
		return b.extend(b.extendRows(n.Input, act, in), n.Var, n.Expr, act)
	case *algebra.Union:
		if input, ok := in.(*Input); ok {
			return b.union(n, func(c algebra.Node) Node { return b.extendRows(c, act, input) })
		}
		return b.apply(InnerJoin, in, n, nil, act)
	}
	return b.hashJoin(InnerJoin, in, b.node(n, act), nil, act)
}

// empty returns no row.
func empty(columns []string) Node { return &Table{Props: Props{Columns: columns}} }

// unit returns one row without columns.
func unit() Node { return &Table{Props: Props{Rows: 1}, Rows: [][]rdf.Term{{}}} }

// nameSet keeps names in the order of their first addition.
type nameSet struct {
	names []string
	known map[string]bool
}

func (s *nameSet) add(list ...string) {
	if s.known == nil {
		s.known = map[string]bool{}
	}
	for _, n := range list {
		if !s.known[n] {
			s.known[n] = true
			s.names = append(s.names, n)
		}
	}
}

// collect adds the variables that n binds in a stable order.
func collect(n algebra.Node, set *nameSet) {
	vars := algebra.VarsOf(n)
	list := make([]string, 0, len(vars))
	for name := range vars {
		list = append(list, name)
	}
	sortStrings(list)
	set.add(list...)
}

func (b *builder) union(n *algebra.Union, branch func(algebra.Node) Node) Node {
	u := &Union{}
	columns := &nameSet{}
	for _, c := range n.Branches {
		in := branch(c)
		u.Branches = append(u.Branches, in)
		columns.add(in.Output().Columns...)
		u.Props.Rows += in.Output().Rows
	}
	u.Columns = columns.names
	u.Maybe = map[string]bool{}
	for _, in := range u.Branches {
		p := in.Output()
		for name := range p.Maybe {
			u.Maybe[name] = true
		}
		if len(p.Columns) < len(u.Columns) {
			for _, name := range u.Columns {
				if !p.Has(name) {
					u.Maybe[name] = true
				}
			}
		}
	}
	return u
}

func (b *builder) extend(in Node, name string, e algebra.Expr, act Active) Node {
	p := *in.Output()
	b.register(e, &p, act)
	bind := Binding{Binding: algebra.Binding{Var: name, Expr: e}, Alone: b.binders[name] == 1}
	_, certain := e.(*algebra.Const)
	if v, ok := e.(*algebra.Var); ok {
		certain = p.Certain(v.Name)
	}
	props := Props{Columns: with(p.Columns, name), Maybe: p.Maybe, Rows: p.Rows, Order: p.Order}
	if !certain {
		props.Maybe = withMaybe(p.Maybe, name)
	}
	if x, ok := in.(*Extend); ok {
		return &Extend{Props: props, Input: x.Input, Bindings: append(x.Bindings[:len(x.Bindings):len(x.Bindings)], bind)}
	}
	return &Extend{Props: props, Input: in, Bindings: []Binding{bind}}
}

func with(list []string, names ...string) []string {
	return append(list[:len(list):len(list)], names...)
}

func withMaybe(m map[string]bool, names ...string) map[string]bool {
	out := make(map[string]bool, len(m)+len(names))
	for k, v := range m {
		out[k] = v
	}
	for _, n := range names {
		out[n] = true
	}
	return out
}

func project(in Node, columns []string) Node {
	p := in.Output()
	out := &Project{Input: in, From: columns}
	out.Props = Props{Columns: columns, Maybe: map[string]bool{}, Rows: p.Rows, Order: p.Order}
	for _, name := range columns {
		if !p.Certain(name) {
			out.Maybe[name] = true
		}
	}
	return out
}

// slice plans OFFSET and LIMIT; a sort below needs to hold so many rows only.
func (b *builder) slice(n *algebra.Slice, act Active) Node {
	s := &Slice{Offset: n.Offset, Limit: n.Limit}
	limit := int64(-1)
	if n.Limit >= 0 && n.Offset+n.Limit < maxTop {
		limit = n.Offset + n.Limit
	}
	switch in := n.Input.(type) {
	case *algebra.OrderBy:
		s.Input = b.sort(in, act, limit)
	case *algebra.Project:
		if o, ok := in.Input.(*algebra.OrderBy); ok {
			s.Input = project(b.sort(o, act, limit), in.Vars)
		}
	}
	if s.Input == nil {
		s.Input = b.node(n.Input, act)
	}
	p := *s.Input.Output()
	s.Props = p
	if n.Limit >= 0 {
		s.Props.Rows = min(p.Rows, float64(n.Limit))
	}
	return s
}

// maxTop is where a heap stops to be better than sorting everything.
const maxTop = 100_000

func (b *builder) sort(n *algebra.OrderBy, act Active, limit int64) Node {
	if !b.env.Rules.TopK {
		limit = -1
	}
	in := b.node(n.Input, act)
	if better := b.bestFirst(n, act, in, limit); better != nil {
		in = better
	}
	p := *in.Output()
	for _, c := range n.Conditions {
		b.register(c.Expr, &p, act)
	}
	p.Order = ""
	if limit >= 0 {
		p.Rows = min(p.Rows, float64(limit))
	}
	return best(&Sort{Props: p, Input: in, Conditions: n.Conditions, Limit: limit})
}

// aggregation plans Group; keys that are expressions are computed first.
func (b *builder) aggregation(n *algebra.Group, act Active) Node {
	if c := b.counted(n, act); c != nil {
		return c
	}
	if e := b.eager(n, act); e != nil {
		n = e
	}
	in := b.node(n.Input, act)
	g := &Group{Aggregates: n.Aggregates}
	g.Props.Rows, g.Maybe = 1, map[string]bool{}
	for _, k := range n.Keys {
		if v, ok := k.Expr.(*algebra.Var); !ok || v.Name != k.Var {
			in = b.extend(in, k.Var, k.Expr, act)
		}
		g.Keys = append(g.Keys, k.Var)
		if !in.Output().Certain(k.Var) {
			g.Maybe[k.Var] = true
		}
	}
	if len(n.Keys) > 0 {
		g.Props.Rows = max(1, min(in.Output().Rows, b.groups(n.Input, act, g.Keys)))
	}
	in = b.withColumns(in, g.Keys)
	g.Input = in
	g.Columns = g.Keys
	for _, a := range n.Aggregates {
		g.Columns = with(g.Columns, a.Var)
		if !alwaysBound(a.Aggregate, n.Keys, in.Output()) {
			g.Maybe[a.Var] = true
		}
		if a.Arg != nil {
			b.register(a.Arg, in.Output(), act)
		}
	}
	return g
}

// alwaysBound reports whether an aggregate over rows like p has a value in each
// group: with keys no group is empty, and what is certain has a least and a
// greatest value in the order of ORDER BY.
func alwaysBound(a algebra.Aggregate, keys []algebra.Binding, p *Props) bool {
	switch a.Name {
	case "COUNT":
		return true
	case "MIN", "MAX", "SAMPLE":
		v, ok := a.Arg.(*algebra.Var)
		return ok && len(keys) > 0 && p.Certain(v.Name)
	}
	return false
}

// withColumns adds unbound columns for names that in does not have.
func (b *builder) withColumns(in Node, names []string) Node {
	p := in.Output()
	columns := p.Columns
	for _, n := range names {
		if !contains(columns, n) {
			columns = with(columns, n)
		}
	}
	if len(columns) == len(p.Columns) {
		return in
	}
	return project(in, columns)
}

// graph plans GRAPH: with a constant by changing the active graph, with a
// variable by reading all named graphs at once where that means the same.
func (b *builder) graph(n *algebra.Graph, act Active, in Node) Node {
	inner := func(a Active) Node {
		if in != nil {
			return b.extendRows(n.Input, a, in)
		}
		return b.node(n.Input, a)
	}
	if !n.Name.IsVar() {
		a, err := b.env.graph(n.Name.Value)
		b.fail(err)
		if exists := !a.None; exists && !needsTriple(n.Input) {
			exists, err = b.env.holds(a)
			b.fail(err)
			a.None = !exists
		}
		if a.None {
			columns := &nameSet{}
			if in != nil {
				columns.add(in.Output().Columns...)
			}
			collect(n, columns)
			return empty(columns.names)
		}
		return inner(a)
	}
	all, ok := b.env.Named.each()
	if ok && atOnce(n.Input, n.Name.Var) {
		return inner(Active{Graphs: all, Var: n.Name.Var})
	}
	p := &PerGraph{Var: n.Name.Var, Pattern: n.Input, Named: b.env.Named}
	columns := &nameSet{}
	collect(n, columns)
	p.Props = Props{Columns: columns.names, Maybe: map[string]bool{}, Rows: 1000}
	for name, certain := range algebra.VarsOf(n) {
		if !certain {
			p.Maybe[name] = true
		}
	}
	if in != nil {
		return b.hashJoin(InnerJoin, in, p, nil, act)
	}
	return p
}

// needsTriple reports patterns that have no solution in an empty graph. For
// others the existence of the graph has to be checked apart.
func needsTriple(n algebra.Node) bool {
	switch n := n.(type) {
	case *algebra.BGP:
		return len(n.Triples) > 0
	case *algebra.Join:
		return needsTriple(n.Left) || needsTriple(n.Right)
	case *algebra.LeftJoin:
		return needsTriple(n.Left)
	case *algebra.Minus:
		return needsTriple(n.Left)
	case *algebra.Union:
		for _, c := range n.Branches {
			if !needsTriple(c) {
				return false
			}
		}
		return true
	case *algebra.Filter:
		return needsTriple(n.Input)
	case *algebra.Extend:
		return needsTriple(n.Input)
	case *algebra.Project:
		return needsTriple(n.Input)
	}
	return false
}

// atOnce reports whether GRAPH ?g { n } means that every pattern of n is matched
// with ?g as a further component: n is made of patterns that bind ?g by
// themselves, joined, and does not use ?g otherwise.
func atOnce(n algebra.Node, g string) bool {
	mentioned := map[string]bool{}
	algebra.Mentioned(n, mentioned)
	return !mentioned[g] && bindsGraph(n)
}

func bindsGraph(n algebra.Node) bool {
	switch n := n.(type) {
	case *algebra.BGP:
		return len(n.Triples) > 0
	case *algebra.PathPattern:
		return !closes(n.Path)
	case *algebra.Join:
		return bindsGraph(n.Left) && (bindsGraph(n.Right) || anywhere(n.Right)) || anywhere(n.Left) && bindsGraph(n.Right)
	case *algebra.LeftJoin:
		return bindsGraph(n.Left) && bindsGraph(n.Right) && !hasExists(n.Expr)
	case *algebra.Filter:
		return bindsGraph(n.Input) && !hasExists(n.Expr)
	case *algebra.Extend:
		return bindsGraph(n.Input) && !hasExists(n.Expr)
	case *algebra.Union:
		for _, c := range n.Branches {
			if !bindsGraph(c) {
				return false
			}
		}
		return true
	case *algebra.Minus:
		return bindsGraph(n.Left) && bindsGraph(n.Right)
	}
	return false
}

// anywhere reports patterns that mean the same in every graph.
func anywhere(n algebra.Node) bool {
	switch n.(type) {
	case *algebra.Table, *algebra.TextMatch:
		return true
	}
	return false
}

func hasExists(e algebra.Expr) bool {
	if e == nil {
		return false
	}
	if _, ok := e.(*algebra.Exists); ok {
		return true
	}
	for _, a := range algebra.Args(e) {
		if hasExists(a) {
			return true
		}
	}
	return false
}

func walk(n algebra.Node, f func(algebra.Node)) {
	f(n)
	for _, c := range algebra.Inputs(n) {
		walk(c, f)
	}
}
