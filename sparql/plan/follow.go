package plan

import "qlgraph/graph"

// A sample of rows by which ascends judges.
const (
	sampleRows  = 512
	sampleLeast = 0.97 // of them have to ascend
	sampleMany  = 8    // of them at most have the same leading value on average
	sampleSkip  = 64   // times as far as the first sample reaches, to the second
)

// follows reports whether the values of v mostly ascend in the rows of n, as
// those of the nodes do that were first seen with the subjects by which the rows
// are ordered: the credit points of courses, the periods of offerings. Then
// looking them up in an index is a merge but for a few rows.
func (b *builder) follows(n Node, v string) bool {
	switch n := n.(type) {
	case *Scan:
		return b.ascends(&n.Pattern, n.Order, v)
	case *SeekJoin:
		in := n.Input.Output()
		if in.Has(v) {
			return b.follows(n.Input, v)
		}
		return in.Order != "" && in.Order == leadingVar(&n.Pattern, n.Order) && b.ascends(&n.Pattern, n.Order, v)
	case *Filter:
		return b.follows(n.Input, v)
	case *HashJoin:
		return n.Left.Output().Has(v) && b.follows(n.Left, v)
	}
	return false
}

// ascends reports whether the values of v mostly ascend in the order o of p's
// matches, judged by the first of them and some further on.
func (b *builder) ascends(p *Pattern, o graph.Order, v string) bool {
	if p.P.Var != "" || p.repeats() || o != graph.PSOG && o != graph.POSG {
		return false
	}
	lead, batch := make([]graph.ID, sampleRows), &graph.Batch{}
	values := make([]graph.ID, sampleRows)
	switch {
	case o == graph.PSOG && p.S.Var != "" && p.O.Var == v:
		batch.S, batch.O = lead, values
	case o == graph.POSG && p.O.Var != "" && p.S.Var == v:
		batch.O, batch.S = lead, values
	default:
		return false
	}
	c, err := b.env.Snapshot.Scan(p.IDs(), o)
	b.fail(err)
	defer c.Close()
	n, err := c.Next(batch)
	b.fail(err)
	if n < 2 || !ascendTogether(lead[:n], values[:n]) {
		return false
	}
	b.fail(c.Seek(o.Quad([4]graph.ID{p.P.ID, lead[0] + sampleSkip*(lead[n-1]-lead[0])})))
	n, err = c.Next(batch)
	b.fail(err)
	return ascendTogether(lead[:n], values[:n])
}

// ascendTogether reports whether the values mostly go up, from one leading value
// to the next and not only within one.
func ascendTogether(lead, values []graph.ID) bool {
	up, steps := 0, 0
	for i := 1; i < len(values); i++ {
		if values[i-1] <= values[i] {
			up++
		}
		if lead[i-1] != lead[i] {
			steps++
		}
	}
	return float64(up) >= sampleLeast*float64(len(values)-1) && (steps+1)*sampleMany >= len(values)
}
