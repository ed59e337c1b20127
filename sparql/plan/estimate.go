package plan

import (
	"cmp"
	"math"
	"slices"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/sparql/algebra"
)

// estimate is what counting says of a pattern.
type estimate struct {
	rows     float64
	distinct map[string]float64 // values of each variable
}

// perValue is how many rows there are for one value of the variable.
func (e estimate) perValue(name string) float64 {
	return e.rows / max(1, e.distinct[name])
}

// estimatePattern counts p in the snapshot and looks its predicate up in the
// statistics, where the snapshot has them.
func (b *builder) estimatePattern(p *Pattern) estimate {
	n, ok, err := b.known(p)
	if !ok && err == nil {
		n, _, err = b.env.Snapshot.Count(p.IDs())
	}
	b.fail(err)
	e := estimate{rows: float64(n), distinct: map[string]float64{}}
	subjects, objects := b.distinctEnds(p, e.rows)
	for i, s := range p.Slots() {
		if s.Var == "" {
			continue
		}
		switch i {
		case 0:
			e.distinct[s.Var] = subjects
		case 1:
			e.distinct[s.Var] = min(e.rows, 100)
		case 2:
			e.distinct[s.Var] = objects
		case 3:
			e.distinct[s.Var] = min(e.rows, 100)
		}
	}
	return e
}

// known returns the matches of a pattern of a predicate or a class from what is
// kept at commit: counting them takes time in proportion to their number. Over
// several graphs it counts a triple once for each, which will do for a plan.
func (b *builder) known(p *Pattern) (n int64, ok bool, err error) {
	class := p.P.Term.Value() == rdf.RDFType && p.O.Var == "" && p.O.ID != 0
	if p.S.Var == "" || p.P.Var != "" || p.O.Var == "" && !class {
		return 0, false, nil
	}
	if g, single := p.Graphs.Single(); single {
		s, ok := b.env.Snapshot.(graph.DatasetStatistics)
		if !ok {
			return 0, false, nil
		}
		counts, err := s.Graph(g)
		if class {
			return countOf(counts.Classes, p.O.ID), true, err
		}
		return countOf(counts.Predicates, p.P.ID), true, err
	}
	s, ok := b.env.Snapshot.(graph.Statistics)
	if _, listed := p.Graphs.Set(); listed || !ok {
		return 0, false, nil
	}
	if class {
		n, err = s.Instances(p.O.ID)
		return n, true, err
	}
	counts, err := s.Predicate(p.P.ID)
	return counts.Quads, true, err
}

// countOf looks id up in a list that is sorted by ID.
func countOf(list []graph.Count, id graph.ID) int64 {
	i, found := slices.BinarySearchFunc(list, id, func(c graph.Count, id graph.ID) int { return cmp.Compare(c.ID, id) })
	if !found {
		return 0
	}
	return list[i].N
}

// distinctEnds estimates how many subjects and objects p's matches have.
func (b *builder) distinctEnds(p *Pattern, rows float64) (subjects, objects float64) {
	guess := math.Ceil(math.Sqrt(rows) * 2)
	subjects, objects = guess, guess
	switch {
	case p.O.Var == "":
		subjects = rows
	case p.S.Var == "":
		objects = rows
	case p.P.Var != "":
		if s, ok := b.env.Snapshot.(graph.DatasetStatistics); ok {
			t, err := s.Totals()
			b.fail(err)
			subjects, objects = float64(t.Subjects), float64(t.Objects)
		}
	default:
		if s, ok := b.env.Snapshot.(graph.Statistics); ok {
			counts, err := s.Predicate(p.P.ID)
			b.fail(err)
			subjects, objects = float64(counts.Subjects), float64(counts.Objects)
		}
	}
	return max(1, min(subjects, rows)), max(1, min(objects, rows))
}

// selectivity guesses the share of rows that a filter keeps.
func selectivity(e algebra.Expr) float64 {
	c, ok := e.(*algebra.Call)
	if !ok {
		return 0.33
	}
	switch c.Op {
	case "=", "IN", "SAMETERM":
		if _, bare := c.Args[0].(*algebra.Var); bare {
			return 0.1
		}
	case "!=", "BOUND", "NOT IN", "ISIRI", "ISLITERAL":
		return 0.9
	case "!":
		return 1 - selectivity(c.Args[0])
	case "||":
		none := 1.0
		for _, a := range c.Args {
			none *= 1 - selectivity(a)
		}
		return 1 - none
	}
	return 0.33
}
