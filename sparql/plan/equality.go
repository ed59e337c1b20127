package plan

import (
	"qlgraph/graph/rdf"
	"qlgraph/sparql/algebra"
)

// equalities turns filters that allow a variable of a pattern some terms only
// into tables of these terms, so that they are looked up instead of looked for.
//
//	Filter(?x IN (a, b), P) → Join(P, Table(?x, a, b))
func (g *joinGroup) equalities() {
	if !g.b.env.Rules.Tables {
		return
	}
	matched := map[string]bool{}
	for _, e := range g.elements {
		if e.pattern != nil {
			for _, v := range e.vars {
				matched[v] = true
			}
		}
	}
	kept := g.filters[:0:0]
	for _, f := range g.filters {
		name, terms := allowed(f)
		if !matched[name] {
			kept = append(kept, f)
			continue
		}
		t := &algebra.Table{Vars: []string{name}}
		for _, term := range terms {
			t.Rows = append(t.Rows, []rdf.Term{term})
		}
		g.addPlanned(t)
	}
	g.filters = kept
}

// allowed returns the variable and the terms of a filter that is true for just
// these terms, each once; "" for other filters. Values of most datatypes have
// several spellings; IRIs and plain strings have one.
func allowed(f algebra.Expr) (name string, terms []rdf.Term) {
	c, ok := f.(*algebra.Call)
	if !ok || c.Op != "=" && c.Op != "IN" && c.Op != "SAMETERM" {
		return "", nil
	}
	args := c.Args
	if _, ok := args[0].(*algebra.Const); ok && c.Op != "IN" {
		args = []algebra.Expr{args[1], args[0]}
	}
	v, ok := args[0].(*algebra.Var)
	if !ok {
		return "", nil
	}
	seen := map[rdf.Term]bool{}
	for _, a := range args[1:] {
		x, ok := a.(*algebra.Const)
		if !ok || c.Op != "SAMETERM" && !spelledOneWay(x.Value) {
			return "", nil
		}
		if !seen[x.Value] {
			seen[x.Value] = true
			terms = append(terms, x.Value)
		}
	}
	return v.Name, terms
}

func spelledOneWay(t rdf.Term) bool {
	return t.IsIRI() || t.IsLiteral() && t.Datatype() == rdf.XSDString
}
