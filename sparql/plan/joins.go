package plan

import (
	"fmt"

	"qlgraph/sparql/algebra"
)

// The costs of touching a row, in units of reading one from a scan.
const (
	costSeek  = 16.0 // moving a cursor somewhere else
	costBuild = 3.0  // putting a row into a hash table
	costProbe = 1.5  // looking one up
	costWalk  = 4.0  // finding an end of a property path
)

// leftJoin plans OPTIONAL for rows that are planned already.
func (b *builder) leftJoin(left Node, n *algebra.LeftJoin, act Active) Node {
	if s, ok := n.Right.(*algebra.Service); ok && n.Expr == nil {
		join := b.service(s, left)
		join.Optional = true
		return join
	}
	p := left.Output()
	certain, shared := sharesCertainly(p, n.Right)
	if act.Var != "" && p.Has(act.Var) {
		shared = true
	}
	outer := columnSet(p)
	if certain && shared && correlatable(n.Right, outer) && b.env.Rules.Correlate && !clashes(n.Right, outer) {
		if n.Expr == nil {
			if j := b.seekOne(LeftJoin, left, n.Right, act); j != nil {
				return j
			}
		}
		return b.apply(LeftJoin, left, n.Right, n.Expr, act)
	}
	return b.hashJoin(LeftJoin, left, b.node(n.Right, act), n.Expr, act)
}

// clashes reports whether n has, deep inside, a variable of outer that it does
// not show: a subquery's own.
func clashes(n algebra.Node, outer map[string]bool) bool {
	visible := algebra.VarsOf(n)
	mentioned := map[string]bool{}
	algebra.Mentioned(n, mentioned)
	for name := range mentioned {
		if _, ok := visible[name]; !ok && outer[name] {
			return true
		}
	}
	return false
}

// seekOne plans a join with a single triple pattern as a SeekJoin; nil where n is
// no such pattern or shares nothing with left.
func (b *builder) seekOne(kind JoinKind, left Node, n algebra.Node, act Active) Node {
	bgp, ok := n.(*algebra.BGP)
	if !ok || len(bgp.Triples) != 1 {
		return nil
	}
	p, ok := b.pattern(bgp.Triples[0], act)
	if !ok {
		return nil
	}
	props := left.Output()
	order, lead := seekOrder(&p, props.Certain, props.Order)
	if lead == 0 || !sharesLead(&p, order, lead) {
		return nil
	}
	return b.seekJoin(kind, left, p, b.estimatePattern(&p))
}

// seekJoin makes the operator; its rows are estimated from e.
func (b *builder) seekJoin(kind JoinKind, left Node, p Pattern, e estimate) *SeekJoin {
	in := left.Output()
	order, _ := seekOrder(&p, in.Certain, in.Order)
	j := &SeekJoin{Input: left, Pattern: p, Order: order, Kind: kind}
	rows := in.Rows
	for _, name := range p.vars() {
		if in.Has(name) {
			rows *= e.perValue(name)
			break
		}
	}
	switch kind {
	case SemiJoin, AntiJoin:
		j.Props = Props{Columns: in.Columns, Maybe: in.Maybe, Rows: in.Rows / 2, Order: in.Order}
		return j
	case LeftJoin:
		rows = max(rows, in.Rows)
	}
	j.Props = Props{Columns: in.Columns, Maybe: in.Maybe, Rows: rows, Order: in.Order}
	for _, name := range p.vars() {
		if !in.Has(name) {
			j.Columns = with(j.Columns, name)
			if kind == LeftJoin {
				j.Maybe = withMaybe(j.Maybe, name)
			}
		}
	}
	return j
}

// hashJoin joins two planned sides by the columns that they share.
func (b *builder) hashJoin(kind JoinKind, left, right Node, cond algebra.Expr, act Active) Node {
	l, r := left.Output(), right.Output()
	if kind == InnerJoin && b.env.Rules.Order && 2*l.Rows < r.Rows {
		left, right, l, r = right, left, r, l // hold the smaller one
	}
	j := &HashJoin{Kind: kind, Left: left, Right: right, Expr: cond}
	maybe := map[string]bool{}
	for _, name := range l.Columns {
		switch {
		case !r.Has(name):
			if l.Maybe[name] {
				maybe[name] = true
			}
		case l.Certain(name) && r.Certain(name):
			j.Keys = append(j.Keys, name)
		default:
			j.Loose = append(j.Loose, name)
			if l.Maybe[name] && (r.Maybe[name] || kind != InnerJoin) {
				maybe[name] = true
			}
		}
	}
	j.Props = Props{Columns: l.Columns, Maybe: maybe, Rows: joinRows(l, r, len(j.Keys)), Order: l.Order}
	switch kind {
	case SemiJoin, AntiJoin, MinusJoin:
		j.Props.Maybe, j.Props.Rows = l.Maybe, l.Rows/2
		return j
	case LeftJoin:
		j.Props.Rows = max(j.Props.Rows, l.Rows)
	}
	for _, name := range r.Columns {
		if !l.Has(name) {
			j.Columns = with(j.Columns, name)
			if r.Maybe[name] || kind == LeftJoin {
				maybe[name] = true
			}
		}
	}
	if cond != nil {
		b.register(cond, &j.Props, act)
	}
	return j
}

func joinRows(l, r *Props, keys int) float64 {
	if keys == 0 {
		return l.Rows * r.Rows
	}
	return max(l.Rows, r.Rows)
}

func (b *builder) minus(n *algebra.Minus, act Active) Node {
	left := b.node(n.Left, act)
	if j := b.minusSeek(left, n.Right, act); j != nil {
		return j
	}
	right := b.node(n.Right, act)
	j := b.hashJoin(MinusJoin, left, right, nil, act).(*HashJoin)
	if act.Var != "" && contains(j.Keys, act.Var) {
		j.Apart = []string{act.Var}
	}
	if len(j.Keys) == len(j.Apart) && len(j.Loose) == 0 { // nothing shared: nothing goes
		return left
	}
	return j
}

// minusSeek plans MINUS of a single pattern, whose shared variables are bound on
// both sides, by looking the rows up; nil where that is not so or hashing the
// pattern is cheaper.
func (b *builder) minusSeek(left Node, n algebra.Node, act Active) Node {
	p := left.Output()
	certain, shared := sharesCertainly(p, n)
	if !certain || !shared || act.Var != "" || !b.env.Rules.Correlate {
		return nil
	}
	j, ok := b.seekOne(AntiJoin, left, n, act).(*SeekJoin)
	if !ok {
		return nil
	}
	e := &element{pattern: &j.Pattern, vars: j.Pattern.vars(), est: b.estimatePattern(&j.Pattern)}
	if seekCost(p, e, j.Order) > hashCost(p, e) {
		return nil
	}
	return j
}

// apply plans n once per batch of left's rows.
func (b *builder) apply(kind JoinKind, left Node, n algebra.Node, cond algebra.Expr, act Active) Node {
	l := left.Output()
	a := &Apply{Kind: kind, Left: left, Of: &Correlation{}, Row: b.rowColumn(), Outer: l.Columns, Expr: cond}
	if kind == SemiJoin || kind == AntiJoin {
		a.Outer = b.outerColumns(l, n, act)
	}
	a.Right = b.extendRows(n, act, b.input(a.Of, l, a.Outer, a.Row))
	r := a.Right.Output()
	a.Props = Props{Columns: l.Columns, Maybe: l.Maybe, Rows: l.Rows / 2}
	if kind == SemiJoin || kind == AntiJoin {
		a.Props.Order = l.Order
		return a
	}
	a.Props.Rows = max(r.Rows, l.Rows)
	for _, name := range r.Columns {
		if name == a.Row || l.Has(name) {
			continue
		}
		a.Columns = with(a.Columns, name)
		if kind == LeftJoin || r.Maybe[name] {
			a.Maybe = withMaybe(a.Maybe, name)
		}
	}
	if cond != nil {
		b.register(cond, r, act)
	}
	return a
}

func (b *builder) rowColumn() string {
	b.rows++
	return fmt.Sprintf(".row%d", b.rows)
}

func (b *builder) input(of *Correlation, l *Props, outer []string, row string) *Input {
	in := &Input{Of: of}
	in.Props = Props{Columns: with(outer, row), Maybe: map[string]bool{}, Rows: min(l.Rows, 1024), Order: l.Order}
	for _, name := range outer {
		if l.Maybe[name] {
			in.Maybe[name] = true
		}
	}
	return in
}

// outerColumns returns the columns that the pattern of an EXISTS looks at.
func (b *builder) outerColumns(p *Props, n algebra.Node, act Active) []string {
	mentioned := map[string]bool{}
	algebra.Mentioned(n, mentioned)
	var list []string
	for _, c := range p.Columns {
		if mentioned[c] || act.Var != "" && c == act.Var {
			list = append(list, c)
		}
	}
	return list
}

// register plans the EXISTS patterns in e, which is evaluated over rows with
// the properties p.
func (b *builder) register(e algebra.Expr, p *Props, act Active) {
	if x, ok := e.(*algebra.Exists); ok {
		b.exists[x] = b.existsPlan(x, p, act)
		return
	}
	for _, a := range algebra.Args(e) {
		b.register(a, p, act)
	}
}

func (b *builder) existsPlan(x *algebra.Exists, p *Props, act Active) *Exists {
	e := &Exists{Pattern: x.Pattern, Active: act}
	outer := b.outerColumns(p, x.Pattern, act)
	if len(outer) == 0 || !b.startsFrom(x.Pattern, p) { // without a variable in common it is asked once
		return e
	}
	e.Of, e.Row = &Correlation{}, b.rowColumn()
	e.Outer = outer
	defer b.substituting(p)()
	e.Right = b.extendRows(x.Pattern, act, b.input(e.Of, p, e.Outer, e.Row))
	return e
}

// startsFrom reports whether the pattern of an EXISTS can be evaluated starting
// from rows like p.
func (b *builder) startsFrom(n algebra.Node, p *Props) bool {
	certain, _ := sharesCertainly(p, n)
	outer := columnSet(p)
	return b.env.Rules.Correlate && certain && substitutable(n, outer)
}

// filterExists plans a filter that is EXISTS or NOT EXISTS alone.
func (b *builder) filterExists(in Node, x *algebra.Exists, act Active) Node {
	defer b.substituting(in.Output())()
	kind := SemiJoin
	if x.Not {
		kind = AntiJoin
	}
	if len(b.outerColumns(in.Output(), x.Pattern, act)) == 0 { // one answer for all rows
		one := b.node(x.Pattern, act)
		p := *one.Output()
		p.Rows = min(p.Rows, 1)
		return b.hashJoin(kind, in, &Slice{Props: p, Input: one, Limit: 1}, nil, act)
	}
	if j := b.seekOne(kind, in, x.Pattern, act); j != nil {
		return j
	}
	return b.apply(kind, in, x.Pattern, nil, act)
}
