package algebra

import (
	"qlgraph/graph/rdf"
	"qlgraph/sparql/syntax"
)

// mergeBlocks makes triple patterns that only filters part one block
// (§18.2.2.5; the filters hold for the whole group anyway).
func mergeBlocks(list []syntax.Element) []syntax.Element {
	var out []syntax.Element
	var open *syntax.TriplesBlock
	for _, e := range list {
		switch e := e.(type) {
		case *syntax.Filter:
			continue
		case *syntax.TriplesBlock:
			if open == nil {
				open = &syntax.TriplesBlock{}
				out = append(out, open)
			}
			open.Triples = append(open.Triples, e.Triples...)
			continue
		}
		open = nil
		out = append(out, e)
	}
	return out
}

// triplesBlock is §18.2.2.1 and §18.2.2.3 to §18.2.2.5: triples as BGPs, and
// paths as path patterns between them.
func (t *translator) triplesBlock(b *syntax.TriplesBlock) []Node {
	x := expander{t: t}
	for _, s := range b.Triples {
		x.triples(s)
	}
	return x.out
}

// template expands triples that contain no paths.
func (t *translator) template(blocks []syntax.QuadBlock) []Quad {
	var list []Quad
	for _, b := range blocks {
		var g Term
		if b.Graph != nil {
			g = t.term(b.Graph)
		}
		x := expander{t: t, template: true}
		for _, s := range b.Triples {
			x.triples(s)
		}
		for _, n := range x.out {
			for _, tr := range n.(*BGP).Triples {
				list = append(list, Quad{S: tr.S, P: tr.P, O: tr.O, G: g})
			}
		}
	}
	return list
}

// expander writes out abbreviations (§18.2.2.1).
type expander struct {
	t        *translator
	template bool // triples are made, not matched
	out      []Node
}

func (x *expander) triples(s *syntax.Triples) {
	if x.searches(s) {
		return
	}
	subject := x.node(s.Subject)
	x.properties(subject, s.Properties)
}

func (x *expander) properties(subject Term, list []syntax.Property) {
	for _, p := range list {
		for _, o := range p.Objects {
			if x.isSearch(p.Verb) {
				x.found(subject, o)
				continue
			}
			switch verb := p.Verb.(type) {
			case *syntax.Var:
				x.add(subject, Term{Var: verb.Name}, x.node(o))
			case syntax.Path:
				x.refuseSearch(verb)
				x.path(subject, x.t.path(verb), x.node(o))
			}
		}
	}
}

func (x *expander) add(s, p, o Term) {
	tr := Triple{S: s, P: p, O: o}
	if n := len(x.out); n > 0 {
		if b, ok := x.out[n-1].(*BGP); ok { // made here, so it may grow
			b.Triples = append(b.Triples, tr)
			return
		}
	}
	x.out = append(x.out, &BGP{Triples: []Triple{tr}})
}

// node returns the term for t, after the triples that t abbreviates.
func (x *expander) node(t syntax.Term) Term {
	switch t := t.(type) {
	case *syntax.BlankProperties:
		b := Term{Var: x.t.freshVar("b")}
		x.properties(b, t.Properties)
		return b
	case *syntax.Collection:
		return x.collection(t)
	}
	return x.t.term(t)
}

// collection is §4.2.3.
func (x *expander) collection(c *syntax.Collection) Term {
	next := Term{Value: rdf.IRI(rdf.RDFNil)}
	cells := make([]Term, len(c.Items))
	for i := range cells {
		cells[i] = Term{Var: x.t.freshVar("b")}
	}
	for i, item := range c.Items {
		x.add(cells[i], Term{Value: rdf.IRI(rdf.RDFFirst)}, x.node(item))
		rest := next
		if i+1 < len(cells) {
			rest = cells[i+1]
		}
		x.add(cells[i], Term{Value: rdf.IRI(rdf.RDFRest)}, rest)
	}
	if len(cells) > 0 {
		return cells[0]
	}
	return next
}

// path is §18.2.2.4, property path patterns to triple patterns: links,
// inverses and sequences dissolve, others stay.
func (x *expander) path(s Term, p Path, o Term) {
	switch p := p.(type) {
	case *Link:
		x.add(s, Term{Value: p.IRI}, o)
	case *Inverse:
		x.path(o, p.Path, s)
	case *Sequence:
		mid := Term{Var: x.t.freshVar("p")}
		x.path(s, p.Left, mid)
		x.path(mid, p.Right, o)
	default:
		x.out = append(x.out, &PathPattern{S: s, Path: p, O: o})
	}
}

// path is §18.2.2.3, property path expressions.
func (t *translator) path(p syntax.Path) Path {
	switch p := p.(type) {
	case *syntax.IRI:
		return &Link{IRI: rdf.IRI(t.resolve(p))}
	case *syntax.PathInverse:
		return &Inverse{Path: t.path(p.Path)}
	case *syntax.PathSequence:
		seq := t.path(p.Paths[0])
		for _, next := range p.Paths[1:] {
			seq = &Sequence{Left: seq, Right: t.path(next)}
		}
		return seq
	case *syntax.PathAlternative:
		alt := &Alternative{}
		for _, branch := range p.Paths {
			alt.Paths = append(alt.Paths, t.path(branch))
		}
		return alt
	case *syntax.PathRepeat:
		switch inner := t.path(p.Path); p.Mod {
		case '?':
			return &ZeroOrOne{Path: inner}
		case '*':
			return &ZeroOrMore{Path: inner}
		default:
			return &OneOrMore{Path: inner}
		}
	case *syntax.PathNegated:
		return t.negatedSet(p)
	}
	panic("algebra: unknown path")
}

// negatedSet splits !(:a|^:b) into alt(NPS({:a}), inv(NPS({:b}))).
func (t *translator) negatedSet(p *syntax.PathNegated) Path {
	iris := func(list []*syntax.IRI) *NegatedSet {
		n := &NegatedSet{}
		for _, i := range list {
			n.IRIs = append(n.IRIs, rdf.IRI(t.resolve(i)))
		}
		return n
	}
	switch {
	case len(p.Inverse) == 0:
		return iris(p.Forward)
	case len(p.Forward) == 0:
		return &Inverse{Path: iris(p.Inverse)}
	}
	return &Alternative{Paths: []Path{iris(p.Forward), &Inverse{Path: iris(p.Inverse)}}}
}
