package exec

import (
	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/sparql/algebra"
)

// verdict is what IDs alone tell of a condition on one row.
type verdict uint8

const (
	unknown verdict = iota // it takes the terms
	isTrue
	isFalse
	isError
	notTrue // false or an error: a filter need not know which
)

// decision judges a row by its IDs, without a look at terms. Two IDs of the
// dataset are one term if and only if they are equal; IRIs and blank nodes are
// equal to nothing but themselves (SPARQL 1.1 §17.4.1.7), values that are inlined
// compare as their IDs do, and of other literals only a few things are known.
type decision func(b *batch, row int) verdict

// decision compiles e, nil where IDs tell nothing of it.
func (r *run) decision(e algebra.Expr, columns []string) (decision, error) {
	call, ok := e.(*algebra.Call)
	if !ok {
		return nil, nil
	}
	switch call.Op {
	case "&&", "||":
		return r.decideChain(call, columns)
	case "!":
		inner, err := r.decision(call.Args[0], columns)
		if inner == nil || err != nil {
			return nil, err
		}
		return func(b *batch, row int) verdict { return inner(b, row).negated() }, nil
	case "IN", "NOT IN":
		return r.decideMembership(call, columns)
	}
	if test := kindTests[call.Op]; test != nil {
		place := columnOf(call.Args[0], columns)
		if place < 0 {
			return nil, nil
		}
		return func(b *batch, row int) verdict { return test(b.cols[place][row]) }, nil
	}
	if compare := comparisons[call.Op]; compare != nil {
		return r.decideComparison(compare, call.Args, columns)
	}
	return nil, nil
}

func columnOf(e algebra.Expr, columns []string) int {
	if v, ok := e.(*algebra.Var); ok {
		return indexOf(columns, v.Name)
	}
	return -1
}

func (r *run) decideComparison(compare comparison, args []algebra.Expr, columns []string) (decision, error) {
	left, err := r.side(args[0], columns)
	if err != nil || !left.ok {
		return nil, err
	}
	right, err := r.side(args[1], columns)
	if err != nil || !right.ok || left.place < 0 && right.place < 0 {
		return nil, err
	}
	plain := left.plain || right.plain
	return func(b *batch, row int) verdict { return compare(left.id(b, row), right.id(b, row), plain) }, nil
}

// side is an operand of a comparison that has an ID: a column, or a constant
// where place is negative.
type side struct {
	place    int
	constant graph.ID
	plain    bool // a constant string: no literal but itself equals it
	ok       bool
}

func (r *run) side(e algebra.Expr, columns []string) (side, error) {
	c, constant := e.(*algebra.Const)
	if !constant {
		place := columnOf(e, columns)
		return side{place: place, ok: place >= 0}, nil
	}
	id, err := r.terms.ID(c.Value)
	if id.Kind() == graph.IDLocal { // any ID that the dataset has not given away will do
		kinds := map[rdf.Kind]graph.IDKind{rdf.KindIRI: graph.IDIRI, rdf.KindBlank: graph.IDBlank, rdf.KindLiteral: graph.IDLiteral}
		id = graph.MakeID(kinds[c.Value.Kind()], 1<<60-1)
	}
	plain := c.Value.IsLiteral() && c.Value.Datatype() == rdf.XSDString
	return side{place: -1, constant: id, plain: plain, ok: true}, err
}

func (s *side) id(b *batch, row int) graph.ID {
	if s.place < 0 {
		return s.constant
	}
	return b.cols[s.place][row]
}

func (v verdict) negated() verdict {
	switch v {
	case isTrue:
		return isFalse
	case isFalse:
		return isTrue
	case isError:
		return isError
	}
	return unknown
}

func truth(t bool) verdict {
	if t {
		return isTrue
	}
	return isFalse
}

// decideChain is && or ||, of which one part may decide (SPARQL 1.1 §17.2).
func (r *run) decideChain(call *algebra.Call, columns []string) (decision, error) {
	var parts []decision
	open := verdict(isTrue) // what the parts that tell nothing of themselves leave
	for _, a := range call.Args {
		d, err := r.decision(a, columns)
		if err != nil {
			return nil, err
		}
		if d == nil {
			open = unknown
			continue
		}
		parts = append(parts, d)
	}
	if parts == nil {
		return nil, nil
	}
	fold := (verdict).and
	if call.Op == "||" {
		fold = verdict.or
		open = open.negated()
	}
	return func(b *batch, row int) verdict {
		v := open
		for _, p := range parts {
			v = fold(v, p(b, row))
		}
		return v
	}, nil
}

func (v verdict) and(w verdict) verdict {
	switch {
	case v == isFalse || w == isFalse:
		return isFalse
	case v == isTrue:
		return w
	case w == isTrue || v == w:
		return v
	}
	return notTrue // one of them is no more than an error
}

func (v verdict) or(w verdict) verdict {
	switch {
	case v == isTrue || w == isTrue:
		return isTrue
	case v == isFalse:
		return w
	case w == isFalse || v == w:
		return v
	case v == unknown || w == unknown:
		return unknown
	}
	return notTrue // an error, or what is false or an error
}

// decideMembership is IN and NOT IN over constants.
func (r *run) decideMembership(call *algebra.Call, columns []string) (decision, error) {
	place := columnOf(call.Args[0], columns)
	if place < 0 {
		return nil, nil
	}
	m := &members{ids: make(map[graph.ID]bool, len(call.Args)-1), plain: true}
	for i, a := range call.Args[1:] {
		if i%batchSize == batchSize-1 {
			if err := r.check(); err != nil {
				return nil, err
			}
		}
		c, err := r.side(a, columns)
		if err != nil || !c.ok || c.place >= 0 {
			return nil, err
		}
		m.add(c)
	}
	not := call.Op == "NOT IN"
	return func(b *batch, row int) verdict {
		v := m.holds(b.cols[place][row])
		if not {
			return v.negated()
		}
		return v
	}, nil
}

// members is the constants of an IN.
type members struct {
	ids     map[graph.ID]bool
	inlined []graph.ID
	plain   bool // the literals that are not inlined are strings
}

func (m *members) add(c side) {
	m.ids[c.constant] = true
	if c.constant.Inlined() {
		m.inlined = append(m.inlined, c.constant)
	} else if c.constant.IsLiteral() {
		m.plain = m.plain && c.plain
	}
}

// mostCompared bounds the inlined constants that are compared one by one.
const mostCompared = 64

// holds is IN (SPARQL 1.1 §17.4.1.9), that is "=" with any member.
func (m *members) holds(id graph.ID) verdict {
	switch {
	case id == 0:
		return isError
	case isNode(id):
		return truth(m.ids[id])
	case id.Kind() == graph.IDLocal || !m.plain:
		return unknown
	case m.ids[id]:
		return isTrue
	case id.Inlined():
		return m.holdsValue(id)
	case len(m.inlined) > 0:
		return unknown // "05" is the number 5
	}
	return notTrue
}

func (m *members) holdsValue(id graph.ID) verdict {
	if len(m.inlined) > mostCompared {
		return unknown
	}
	for _, c := range m.inlined {
		switch order, known := compareIDs(id, c); {
		case !known:
			return unknown
		case order == 0:
			return isTrue
		}
	}
	return isFalse
}

// kindTests are the functions that ask for no more than the kind of a term.
var kindTests = map[string]func(graph.ID) verdict{
	"BOUND":     func(id graph.ID) verdict { return truth(id != 0) },
	"ISIRI":     func(id graph.ID) verdict { return kindVerdict(id, rdf.KindIRI) },
	"ISBLANK":   func(id graph.ID) verdict { return kindVerdict(id, rdf.KindBlank) },
	"ISLITERAL": func(id graph.ID) verdict { return kindVerdict(id, rdf.KindLiteral) },
}

func kindVerdict(id graph.ID, kind rdf.Kind) verdict {
	switch {
	case id == 0:
		return isError
	case id.Kind() == graph.IDLocal:
		return unknown
	}
	return truth(id.TermKind() == kind)
}

// comparison judges two IDs; plain says that one is of a constant string.
type comparison func(a, b graph.ID, plain bool) verdict

var comparisons = map[string]comparison{
	"=":        equalIDs,
	"!=":       func(a, b graph.ID, plain bool) verdict { return equalIDs(a, b, plain).negated() },
	"SAMETERM": sameIDs,
	"<":        orderIDs(func(c int) bool { return c < 0 }),
	">":        orderIDs(func(c int) bool { return c > 0 }),
	"<=":       orderIDs(func(c int) bool { return c <= 0 }),
	">=":       orderIDs(func(c int) bool { return c >= 0 }),
}

// sameIDs is sameTerm (SPARQL 1.1 §17.4.1.8). A term may have several IDs of
// the kind graph.IDLocal.
func sameIDs(a, b graph.ID, _ bool) verdict {
	switch {
	case a == 0 || b == 0:
		return isError
	case a == b:
		return isTrue
	case a.Kind() == graph.IDLocal || b.Kind() == graph.IDLocal:
		return unknown
	}
	return isFalse
}

// equalIDs is "=".
func equalIDs(a, b graph.ID, plain bool) verdict {
	switch {
	case a == 0 || b == 0:
		return isError
	case a.Kind() == graph.IDLocal || b.Kind() == graph.IDLocal:
		return unknown
	case isNode(a) || isNode(b):
		return truth(a == b)
	case plain && a == b:
		return isTrue
	case plain:
		return notTrue // an error where the other one has an unknown datatype
	}
	if c, known := compareIDs(a, b); known {
		return truth(c == 0)
	}
	return unknown
}

// isNode reports whether id names an IRI or a blank node of the dataset.
func isNode(id graph.ID) bool { return id.Kind() == graph.IDIRI || id.Kind() == graph.IDBlank }

func orderIDs(holds func(int) bool) comparison {
	return func(a, b graph.ID, _ bool) verdict {
		if a == 0 || b == 0 {
			return isError
		}
		if c, known := compareIDs(a, b); known {
			return truth(holds(c))
		}
		return unknown
	}
}

// compareIDs compares the values of two inlined IDs; known is false where IDs
// alone cannot tell.
func compareIDs(a, b graph.ID) (c int, known bool) {
	ka, kb := a.Kind(), b.Kind()
	switch {
	case !a.Inlined() || !b.Inlined():
		return 0, false
	case ka == graph.IDDecimal && kb == graph.IDInteger:
		return compareScaled(a.Decimal(), b.Integer())
	case ka == graph.IDInteger && kb == graph.IDDecimal:
		c, known = compareScaled(b.Decimal(), a.Integer())
		return -c, known
	case ka != kb:
		return 0, false
	case ka == graph.IDDate || ka == graph.IDDateTime:
		// With a timezone on one side only the answer may be "indeterminate".
		const zone = 1<<11 - 1
		if (a.Payload()&zone == 0) != (b.Payload()&zone == 0) {
			return 0, false
		}
	}
	return graph.CompareInlined(a, b), true
}

// compareScaled compares a decimal, times 10^graph.DecimalScale, with an integer.
func compareScaled(decimal, integer int64) (int, bool) {
	const one = 100_000_000
	if integer > 1<<32 || integer < -1<<32 {
		return 0, false
	}
	switch n := integer * one; {
	case decimal < n:
		return -1, true
	case decimal > n:
		return 1, true
	}
	return 0, true
}
