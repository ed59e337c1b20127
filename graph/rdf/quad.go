package rdf

// Quad is a triple in a graph. A zero G is the default graph, so a triple is a
// Quad without G; there is no separate triple type.
type Quad struct {
	S, P, O, G Term
}

// Triple returns the quad (s, p, o) in the default graph.
func Triple(s, p, o Term) Quad { return Quad{S: s, P: p, O: o} }

// In returns the quad's triple in the graph g.
func (q Quad) In(g Term) Quad {
	q.G = g
	return q
}

// CompareQuads orders quads by graph, subject, predicate, object.
func CompareQuads(a, b Quad) int {
	if c := Compare(a.G, b.G); c != 0 {
		return c
	}
	if c := Compare(a.S, b.S); c != 0 {
		return c
	}
	if c := Compare(a.P, b.P); c != 0 {
		return c
	}
	return Compare(a.O, b.O)
}

// String returns q as an N-Quads statement without the line end.
func (q Quad) String() string { return string(AppendQuad(nil, q)) }

// AppendQuad appends q as an N-Quads statement without the line end.
func AppendQuad(b []byte, q Quad) []byte {
	b = append(AppendTerm(b, q.S), ' ')
	b = append(AppendTerm(b, q.P), ' ')
	b = append(AppendTerm(b, q.O), ' ')
	if !q.G.IsZero() {
		b = append(AppendTerm(b, q.G), ' ')
	}
	return append(b, '.')
}
