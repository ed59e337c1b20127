package canon

import (
	"slices"

	"qlgraph/graph/rdf"
)

// Isomorphic reports whether there is a one-to-one mapping between the blank
// nodes of a and b that turns one dataset into the other (RDF 1.1 Concepts
// §3.6, §4.1). The error is nil or a *LimitError, under default Limits.
func Isomorphic(a, b []rdf.Quad) (bool, error) { return Limits{}.Isomorphic(a, b) }

// Isomorphic is the function Isomorphic under l.
//
// The blank nodes of both datasets are coloured together until nodes of one
// colour have the same surroundings (colour.go). Then the parts that colours
// alone do not decide are matched by trial (match.go), and the mapping found is
// checked against the quads.
func (l Limits) Isomorphic(a, b []rdf.Quad) (same bool, err error) {
	defer recoverLimit(&err)
	aQuads, _ := distinct(a)
	bQuads, bSet := distinct(b)
	if len(aQuads) != len(bQuads) {
		return false, nil
	}
	u := newUnion(aQuads, bQuads, l.budget(len(aQuads)+len(bQuads)))
	if len(u.labels) != 2*u.half {
		return false, nil
	}
	all := make([]int32, len(u.labels))
	for i := range all {
		all[i] = int32(i)
	}
	if !u.refine(all, all) || !u.match(all) {
		return false, nil
	}
	return u.maps(aQuads, bSet), nil
}

// union is two datasets seen as one: blank nodes 0 … half-1 are those of the
// first, the others those of the second.
type union struct {
	work   *budget
	labels []string // node → label
	half   int
	quads  [][4]int32 // subject, predicate, object, graph: a ground term's number, or ^node
	at     [][]int32  // node → the quads that mention it
	colour []int32    // node → colour
	next   int32      // the first unused colour
	scope  []int32    // node → number of the call of refine that may recolour it
	calls  int32
	pairs  []int32 // node of the first → its counterpart in the second
}

func newUnion(a, b []rdf.Quad, work *budget) *union {
	u := &union{work: work}
	ground := make(map[rdf.Term]int32)
	u.add(a, ground)
	u.half = len(u.labels)
	u.add(b, ground)
	u.colour = make([]int32, len(u.labels))
	u.next = 1
	u.scope = make([]int32, len(u.labels))
	u.pairs = make([]int32, u.half)
	return u
}

func (u *union) add(quads []rdf.Quad, ground map[rdf.Term]int32) {
	nodes := make(map[string]int32)
	number := func(t rdf.Term) int32 {
		if !t.IsBlank() {
			n, ok := ground[t]
			if !ok {
				n = int32(len(ground))
				ground[t] = n
			}
			return n
		}
		n, ok := nodes[t.Value()]
		if !ok {
			n = int32(len(u.labels))
			nodes[t.Value()] = n
			u.labels = append(u.labels, t.Value())
			u.at = append(u.at, nil)
		}
		return ^n
	}
	for _, q := range quads {
		quad := [4]int32{number(q.S), number(q.P), number(q.O), number(q.G)}
		for i, t := range quad {
			if t < 0 && !slices.Contains(quad[:i], t) {
				u.at[^t] = append(u.at[^t], int32(len(u.quads)))
			}
		}
		u.quads = append(u.quads, quad)
	}
}

// second reports whether node n belongs to the second dataset.
func (u *union) second(n int32) bool { return int(n) >= u.half }

// maps reports whether u.pairs turns each quad of a into one of b. Since the
// mapping is one-to-one and the sets are of one size, that makes them equal.
func (u *union) maps(a []rdf.Quad, b map[rdf.Quad]struct{}) bool {
	to := make(map[string]rdf.Term, u.half)
	for n, m := range u.pairs {
		to[u.labels[n]] = rdf.Blank(u.labels[m])
	}
	move := func(t rdf.Term) rdf.Term {
		if t.IsBlank() {
			return to[t.Value()]
		}
		return t
	}
	for _, q := range a {
		if _, ok := b[rdf.Quad{S: move(q.S), P: move(q.P), O: move(q.O), G: move(q.G)}]; !ok {
			return false
		}
	}
	return true
}
