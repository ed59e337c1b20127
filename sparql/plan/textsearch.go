package plan

import (
	"errors"
	"math"

	"qlgraph/graph"
	"qlgraph/sparql/algebra"
)

// ErrNoText is the error of a full-text search in a dataset that cannot be
// searched.
var ErrNoText = errors.New("plan: the dataset has no full-text index")

// textSearch plans a full-text search as a source of literals, which come in the
// order of their IDs.
func (b *builder) textSearch(n *algebra.TextMatch) Node {
	ix, ok := b.env.Snapshot.(graph.TextIndex)
	if !ok {
		b.fail(ErrNoText)
	}
	s := &TextSearch{
		Query:   graph.TextQuery{Text: n.Text, Range: n.Range},
		Literal: b.slot(n.Literal), Score: b.slot(n.Score),
	}
	rows, err := ix.EstimateText(s.Query)
	b.fail(err)
	s.Found = float64(rows)
	if n, ok := b.portions[n.Score.Var]; ok {
		rows = min(rows, int64(n))
	}
	s.Props = Props{Columns: termVars(n.Literal, n.Score), Rows: float64(rows), Order: s.Literal.Var}
	if s.Literal.Var == "" {
		s.Props.Rows = math.Min(1, s.Props.Rows)
	}
	return s
}

// probes reports whether s may look up the literals of cur instead of returning
// all that it finds. A search that looks up those of other rows may not.
func (b *builder) probes(cur Node, s *TextSearch) bool {
	p := cur.Output()
	return b.env.Rules.Seek && s.Input == nil && s.Literal.Var != "" && p.Certain(s.Literal.Var) &&
		(s.Score.Var == "" || !p.Has(s.Score.Var)) && s.Literal.Var != s.Score.Var
}

// probe returns s with the rows of cur to be looked up.
func (s *TextSearch) probe(cur Node) *TextSearch {
	p := cur.Output()
	out := *s
	out.Input = cur
	out.Props = Props{Columns: p.Columns, Maybe: p.Maybe, Rows: math.Min(p.Rows, s.Props.Rows), Order: p.Order}
	if s.Score.Var != "" {
		out.Columns = with(p.Columns, s.Score.Var)
	}
	return &out
}

// String says what s looks for, and as what.
func (s *TextSearch) String() string {
	match := algebra.TextMatch{Text: s.Query.Text, Range: s.Query.Range}
	return s.Literal.String() + " " + s.Score.String() + " " + match.Wanted().String()
}

// portionSafety is by how much more matches are expected to be needed than the
// estimates say.
const portionSafety = 4

// bestFirst plans the input of a sort by descending score that only needs the
// first limit rows again, with a search that is expected to end early; nil where
// this does not make the search the first thing to be done. in is how the input
// is planned without.
func (b *builder) bestFirst(n *algebra.OrderBy, act Active, in Node, limit int64) Node {
	v, ok := n.Conditions[0].Expr.(*algebra.Var)
	if !ok || !n.Conditions[0].Desc || limit < 0 || !b.env.Rules.Order || b.portions[v.Name] > 0 {
		return nil
	}
	search := findSearch(in, v.Name)
	if search == nil {
		return nil
	}
	if _, source := ranked(in, v.Name); source != nil {
		return nil // it comes first anyway
	}
	needed := portionSafety * (1 + float64(limit)*search.Found/max(1, in.Output().Rows))
	if needed >= search.Found {
		return nil
	}
	b.portions = map[string]float64{v.Name: needed}
	again := b.node(n.Input, act)
	b.portions = nil
	if _, source := ranked(again, v.Name); source != nil {
		return again
	}
	return b.node(n.Input, act) // what was registered for again must not be used
}

// findSearch returns the search with the score, at n or below.
func findSearch(n Node, score string) *TextSearch {
	if s, ok := n.(*TextSearch); ok && s.Score.Var == score {
		return s
	}
	for _, in := range Inputs(n) {
		if s := findSearch(in, score); s != nil {
			return s
		}
	}
	return nil
}

// best makes a sort by descending score that only needs the first rows stop
// early, where each row comes from one literal that a search returns. Then the
// rows of the best literals are the best rows.
func best(s *Sort) Node {
	v, ok := s.Conditions[0].Expr.(*algebra.Var)
	if !ok || !s.Conditions[0].Desc || s.Limit < 0 {
		return s
	}
	in, search := ranked(s.Input, v.Name)
	if search == nil {
		return s
	}
	out := &Best{Sort: *s, Search: search}
	out.Input = in
	return out
}

// ranked returns n with the search in it that the score comes from made one that
// returns the best literals first; nil where n may do more than make rows of
// each of the literals apart.
func ranked(n Node, score string) (Node, *TextSearch) {
	switch n := n.(type) {
	case *TextSearch:
		if n.Input == nil && n.Score.Var == score {
			out := *n
			out.Ranked = true
			return &out, &out
		}
		if n.Input != nil && n.Score.Var != score {
			out := *n
			return &out, descend(&out.Input, score)
		}
	case *SeekJoin:
		out := *n
		return &out, descend(&out.Input, score)
	case *Filter:
		out := *n
		return &out, descend(&out.Input, score)
	case *Extend:
		out := *n
		return &out, descend(&out.Input, score)
	case *Path:
		if n.Input != nil {
			out := *n
			return &out, descend(&out.Input, score)
		}
	case *Project:
		for i, name := range n.Columns {
			if name == score && n.From[i] == score {
				out := *n
				return &out, descend(&out.Input, score)
			}
		}
	case *HashJoin:
		out := *n
		if s := descend(&out.Left, score); s != nil || n.Kind != InnerJoin {
			return &out, s
		}
		return &out, descend(&out.Right, score)
	}
	return n, nil
}

func descend(in *Node, score string) *TextSearch {
	next, s := ranked(*in, score)
	*in = next
	return s
}
