package exec

import (
	"qlgraph/graph"
	"qlgraph/sparql/algebra"
)

// window is the comparison of a column with a constant, told from the IDs of
// inlined values: those of one kind that satisfy it lie between two ranks.
type window struct {
	place int
	kinds [graph.IDDateTime + 1]ranks
	zoned bool // the constant, if it is a time: without a zone on one side only the answer may be open
}

// ranks are from the first to the last rank; none where known is false.
type ranks struct {
	first, last uint64
	known       bool
}

// window compiles e; nil where it is no such comparison.
func (r *run) window(e algebra.Expr, columns []string) *window {
	call, ok := e.(*algebra.Call)
	if !ok || len(call.Args) != 2 || mirrored[call.Op] == "" {
		return nil
	}
	op, place, constant := call.Op, columnOf(call.Args[0], columns), call.Args[1]
	if place < 0 {
		op, place, constant = mirrored[op], columnOf(call.Args[1], columns), call.Args[0]
	}
	c, ok := constant.(*algebra.Const)
	if place < 0 || !ok {
		return nil
	}
	id, ok := graph.Inline(c.Value)
	if !ok {
		return nil
	}
	w := &window{place: place, zoned: id.Zoned()}
	w.add(id, op)
	for _, other := range sameNumber(id) {
		w.add(other, op)
	}
	return w
}

// mirrored are the comparisons with their sides exchanged.
var mirrored = map[string]string{"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "="}

// add notes which ranks of the kind of limit compare to it as op says.
func (w *window) add(limit graph.ID, op string) {
	kind, rank := limit.Kind(), limit.Rank()
	s := ranks{first: graph.MakeID(kind, 0).Rank(), last: graph.MakeID(kind, 1<<60-1).Rank(), known: true}
	switch op {
	case "<":
		s.last = rank - 1
	case "<=":
		s.last = rank
	case ">":
		s.first = rank + 1
	case ">=":
		s.first = rank
	default:
		s.first, s.last = rank, rank
	}
	w.kinds[kind] = s
}

// sameNumber returns the IDs of the other types that have the value of a number
// exactly, as far as no comparison with it is decided by rounding.
func sameNumber(id graph.ID) (list []graph.ID) {
	const exact = 1 << 48 // of magnitude: a double has room for the fraction of nothing larger
	var n int64           // times one
	const one = 100_000_000
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
	default:
		return nil
	}
	add := func(other graph.ID, ok bool) {
		if ok && other.Kind() != id.Kind() {
			list = append(list, other)
		}
	}
	if n%one == 0 {
		add(graph.IntegerID(n / one))
	}
	add(graph.DecimalID(n))
	if v := float64(n) / one; n <= exact && n >= -exact && v*one == float64(n) {
		add(graph.DoubleID(v))
	}
	return list
}

// judge sets kept for the rows that are told by their IDs and appends the others
// to open.
func (w *window) judge(b *batch, kept []bool, open []int32) []int32 {
	for row, id := range b.cols[w.place][:b.n] {
		kind := id.Kind()
		if kind >= graph.IDKind(len(w.kinds)) || !w.kinds[kind].known || kind >= graph.IDDate && id.Zoned() != w.zoned {
			open = append(open, int32(row))
			continue
		}
		s, rank := &w.kinds[kind], id.Rank()
		kept[row] = s.first <= rank && rank <= s.last
	}
	return open
}
