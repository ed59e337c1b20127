package plan

import (
	"math"

	"qlgraph/graph"
	"qlgraph/sparql/algebra"
)

// Window is a comparison of a variable with a constant, told from the IDs of
// inlined values: those of one kind that satisfy it lie between two ranks
// (graph.ID.Rank).
type Window struct {
	Var   string
	kinds [graph.IDDateTime + 1]ranks
	zoned bool // the constant, if it is a time
}

// ranks are from the first to the last. Where they are not known the values of a
// kind have to be compared one by one, if they can be compared at all.
type ranks struct {
	first, last uint64
	known, open bool
}

// WindowOf compiles e; nil where it is no such comparison.
func WindowOf(e algebra.Expr) *Window {
	call, ok := e.(*algebra.Call)
	if !ok || len(call.Args) != 2 || mirrored[call.Op] == "" {
		return nil
	}
	op, v, c := call.Op, call.Args[0], call.Args[1]
	if _, first := v.(*algebra.Const); first {
		op, v, c = mirrored[op], c, v
	}
	name, ok := v.(*algebra.Var)
	if !ok {
		return nil
	}
	constant, ok := c.(*algebra.Const)
	if !ok {
		return nil
	}
	id, ok := graph.Inline(constant.Value)
	if !ok {
		return nil
	}
	w := &Window{Var: name.Name, zoned: id.Zoned()}
	if number(id.Kind()) {
		for kind := graph.IDInteger; kind <= graph.IDDouble; kind++ {
			w.kinds[kind].open = true
		}
	}
	w.add(id, op)
	for _, other := range sameNumber(id) {
		w.add(other, op)
	}
	return w
}

// mirrored are the comparisons with their sides exchanged.
var mirrored = map[string]string{"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "="}

func number(k graph.IDKind) bool { return k >= graph.IDInteger && k <= graph.IDDouble }

// add notes which ranks of the kind of limit compare to it as op says.
func (w *Window) add(limit graph.ID, op string) {
	all, rank := graph.KindSpan(limit.Kind()), limit.Rank()
	r := ranks{first: all.First.Rank(), last: all.Last.Rank(), known: true}
	switch op {
	case "<":
		r.last = rank - 1
	case "<=":
		r.last = rank
	case ">":
		r.first = rank + 1
	case ">=":
		r.first = rank
	default:
		r.first, r.last = rank, rank
	}
	w.kinds[limit.Kind()] = r
}

// sameNumber returns the IDs of the other types that have the value of a number,
// as far as no comparison with it is decided by rounding.
func sameNumber(id graph.ID) (list []graph.ID) {
	const (
		one   = 100_000_000 // 10^graph.DecimalScale
		exact = 1 << 48     // a double tells this many decimals of that scale apart
	)
	var n int64 // times one
	switch id.Kind() {
	case graph.IDInteger:
		if n = id.Integer(); n > exact/one || n < -exact/one {
			return nil
		}
		n *= one
	case graph.IDDecimal:
		n = id.Decimal()
	case graph.IDDouble:
		v := id.Double() * one
		if n = int64(v); v > exact || v < -exact || float64(n) != v {
			return nil
		}
	}
	add := func(other graph.ID, ok bool) {
		if ok && other.Kind() != id.Kind() {
			list = append(list, other)
		}
	}
	if !number(id.Kind()) || n > exact || n < -exact {
		return nil
	}
	if n%one == 0 {
		add(graph.IntegerID(n / one))
	}
	add(graph.DecimalID(n))
	add(graph.DoubleID(float64(n) / one))
	return list
}

// Tells reports whether the window tells of id whether it satisfies the
// comparison, and whether it does.
func (w *Window) Tells(id graph.ID) (told, holds bool) {
	kind := id.Kind()
	// With a timezone on one side only the answer may be "indeterminate".
	if kind >= graph.IDKind(len(w.kinds)) || !w.kinds[kind].known || kind >= graph.IDDate && id.Zoned() != w.zoned {
		return false, false
	}
	r, rank := &w.kinds[kind], id.Rank()
	return true, r.first <= rank && rank <= r.last
}

// spans returns the IDs that can satisfy all the windows, ascending. A literal
// that is not inlined may have any value; a time without a zone is further than
// its rank tells from what it compares with.
func spans(windows []*Window) []graph.Span {
	list := []graph.Span{graph.KindSpan(graph.IDLiteral)}
	for kind := graph.IDInteger; kind <= graph.IDDateTime; kind++ {
		all := graph.KindSpan(kind)
		first, last, possible := all.First.Rank(), all.Last.Rank(), true
		for _, w := range windows {
			r := w.kinds[kind]
			possible = possible && (r.known || r.open)
			if r.known {
				first, last = max(first, r.first), min(last, r.last)
			}
		}
		if possible && first <= last {
			list = append(list, graph.SpanOf(kind, first, last))
		}
	}
	return list
}

// few is the share of a pattern's matches above which reading only those in a
// range, which are not in the order of their subjects, is not worth it: 1 in few.
const few = 6

// limitRanges makes patterns whose objects are compared with constants read only
// what can satisfy the comparisons, where that is little. The filters stay.
func (g *joinGroup) limitRanges() {
	counter, ok := g.b.env.Snapshot.(graph.RangeCounter)
	if !ok || !g.b.env.Rules.Ranges || g.dead {
		return
	}
	windows := map[string][]*Window{}
	for _, f := range g.filters {
		if w := WindowOf(f); w != nil {
			windows[w.Var] = append(windows[w.Var], w)
		}
	}
	for _, e := range g.elements {
		if p := e.pattern; p != nil && p.P.Var == "" && p.S.Var != "" && windows[p.O.Var] != nil && !p.repeats() {
			if g.b.limitRange(e, counter, spans(windows[p.O.Var])) {
				g.limited = append(g.limited, p.O.Var)
			}
		}
	}
}

// readsOnly reports whether n reads only what may satisfy f.
func readsOnly(n Node, f algebra.Expr) bool {
	if x, ok := n.(*Filter); ok {
		n = x.Input
	}
	s, ok := n.(*Scan)
	w := WindowOf(f)
	return ok && w != nil && s.Spans != nil && s.Pattern.O.Var == w.Var
}

func (b *builder) limitRange(e *element, counter graph.RangeCounter, list []graph.Span) bool {
	most := int64(e.est.rows) / few
	if b.env.Rules.Always {
		most = math.MaxInt64
	}
	rows := int64(0)
	for _, s := range list {
		n, err := counter.CountObjects(e.pattern.IDs(), s, most-rows)
		b.fail(err)
		if rows += n; rows > most {
			return false
		}
	}
	share := float64(rows) / max(1, e.est.rows)
	e.spans = list
	e.est.rows = min(e.est.rows, float64(rows))
	e.est.distinct[e.pattern.S.Var] = min(e.est.distinct[e.pattern.S.Var], max(1, float64(rows)))
	e.est.distinct[e.pattern.O.Var] = max(1, e.est.distinct[e.pattern.O.Var]*min(1, share))
	return true
}
