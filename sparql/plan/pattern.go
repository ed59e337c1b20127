package plan

import (
	"strings"

	"qlgraph/graph"
	"qlgraph/sparql/algebra"
)

// Slots returns the components in the order S, P, O, G.
func (p *Pattern) Slots() [4]Slot { return [4]Slot{p.S, p.P, p.O, p.G} }

// IDs returns p with its variables as holes.
func (p *Pattern) IDs() graph.Pattern {
	return graph.Pattern{S: p.S.ID, P: p.P.ID, O: p.O.ID, Graphs: p.Graphs}
}

// vars returns p's variables, each once.
func (p *Pattern) vars() []string {
	var list []string
	for _, s := range p.Slots() {
		if s.Var != "" && !contains(list, s.Var) {
			list = append(list, s.Var)
		}
	}
	return list
}

// repeats reports whether a variable stands in two places.
func (p *Pattern) repeats() bool {
	n := 0
	for _, s := range p.Slots() {
		if s.Var != "" {
			n++
		}
	}
	return n > len(p.vars())
}

func contains(list []string, name string) bool {
	for _, x := range list {
		if x == name {
			return true
		}
	}
	return false
}

// String prints p for EXPLAIN.
func (p *Pattern) String() string {
	var b strings.Builder
	for i, s := range p.Slots() {
		if i == 3 && s.Var == "" {
			break
		}
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(s.String())
	}
	return b.String()
}

// String prints s: "?x" or the term.
func (s Slot) String() string {
	if s.Var != "" {
		return "?" + s.Var
	}
	return s.Term.String()
}

// slot resolves a term of the algebra.
func (b *builder) slot(t algebra.Term) Slot {
	if t.IsVar() {
		return Slot{Var: t.Var}
	}
	id, err := b.env.ID(t.Value)
	b.fail(err)
	return Slot{ID: id, Term: t.Value}
}

// pattern resolves a triple pattern; ok is false where it cannot match, because
// the dataset does not hold one of its constants.
func (b *builder) pattern(t algebra.Triple, act Active) (p Pattern, ok bool) {
	p = Pattern{S: b.slot(t.S), P: b.slot(t.P), O: b.slot(t.O), G: Slot{Var: act.Var}, Graphs: act.Graphs}
	for _, s := range p.Slots() {
		if s.ID.Kind() == graph.IDLocal {
			return p, false
		}
	}
	return p, !act.None
}

var orders = []graph.Order{graph.PSOG, graph.POSG, graph.SPOG, graph.OSPG, graph.GSPO}

// seekOrder returns the index in which most of p's constants and of its
// variables that bound knows come first, and how many these are. Of equals it
// prefers the one whose first variable is the column by which rows ascend, then
// one that leads with the predicate, whose matches lie closest together, then
// one whose constants come first. A constant behind a variable does not count:
// from one value of it to the next a cursor would pass over what is not the
// constant's, which may be the whole index.
func seekOrder(p *Pattern, bound func(string) bool, ascending string) (best graph.Order, lead int) {
	bestScore := -1
	for _, o := range orders {
		score, prefix, constants, first := 0, 0, 0, ""
		for _, c := range o.Components() {
			s := p.Slots()[c]
			if s.Var == "" && (c == 3 || s.ID == 0 || first != "") || s.Var != "" && !bound(s.Var) {
				break
			}
			prefix++
			if s.Var != "" && first == "" {
				first = s.Var
			}
			if first == "" {
				constants++
			}
		}
		score = 16*prefix + constants
		if first != "" && first == ascending {
			score += 8
		}
		if o.Components()[0] == 1 && p.P.Var == "" {
			score += 4
		}
		if score > bestScore {
			best, lead, bestScore = o, prefix, score
		}
	}
	return best, lead
}
