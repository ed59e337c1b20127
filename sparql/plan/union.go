package plan

import "qlgraph/sparql/algebra"

// joinPlanned joins a part of a group that was planned on its own. A union is
// started from the rows at hand where these are few.
func (b *builder) joinPlanned(cur Node, e *element, act Active) Node {
	if s, ok := e.planned.(*TextSearch); ok && b.probes(cur, s) {
		return s.probe(cur)
	}
	p := cur.Output()
	u, ok := e.source.(*algebra.Union)
	if ok && b.startsUnion(p, u) && (b.env.Rules.Always || e.startCost(p.Rows) < e.hashCost(p.Rows)) {
		return b.apply(InnerJoin, cur, u, nil, act)
	}
	return b.hashJoin(InnerJoin, cur, e.planned, nil, act)
}

// startsUnion reports whether the branches of u may start from rows like p, and
// each has a variable to start with.
func (b *builder) startsUnion(p *Props, u *algebra.Union) bool {
	outer := columnSet(p)
	certain, _ := sharesCertainly(p, u)
	if !b.env.Rules.Correlate || !certain || !correlatable(u, outer) || clashes(u, outer) {
		return false
	}
	for _, c := range u.Branches {
		if _, shared := sharesCertainly(p, c); !shared {
			return false
		}
	}
	return true
}

// startCost is the cost of starting the union e from so many rows.
func (e *element) startCost(rows float64) float64 {
	return rows * costSeek * float64(len(e.source.(*algebra.Union).Branches))
}

// hashCost is the cost of joining e, planned on its own, by hashing.
func (e *element) hashCost(rows float64) float64 {
	own := e.planned.Output().Rows
	return costBuild*min(own, rows) + costProbe*max(own, rows)
}

// plannedCost is the cost of joining e, planned on its own, to s.
func (e *element) plannedCost(s *state, shared bool) float64 {
	cost := e.hashCost(s.rows)
	if _, union := e.source.(*algebra.Union); union && shared {
		cost = min(cost, e.startCost(s.rows))
	}
	return cost
}
