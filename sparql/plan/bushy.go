package plan

// maxBushy is the number of patterns up to which halves are compared as well:
// there are 3^n pairs of them.
const maxBushy = 8

// varMasks returns the variables of each element as bits; nil where halves need
// not be looked at, because one variable joins everything or there are too many.
func (g *joinGroup) varMasks(n int) []uint64 {
	if n > maxBushy || n < 4 || len(g.names.names) > 64 {
		return nil
	}
	bit := map[string]uint64{}
	for i, name := range g.names.names {
		bit[name] = 1 << i
	}
	masks := make([]uint64, n)
	common := ^uint64(0)
	for i, e := range g.elements {
		for _, v := range e.vars {
			masks[i] |= bit[v]
		}
		common &= masks[i]
	}
	if common != 0 {
		return nil
	}
	return masks
}

// halves joins the set with each one before it that has nothing in common with
// it but variables.
func (g *joinGroup) halves(best [][]*state, set int, masks []uint64, limit float64) {
	if len(best[set]) == 0 || set&(set-1) == 0 {
		return
	}
	vars := unionOf(masks, set)
	rest := (len(best) - 1) &^ set
	for other := rest & (set - 1); other > 0; other = (other - 1) & rest {
		if other > set || other&(other-1) == 0 || len(best[other]) == 0 || !reachesIn(masks, other, vars) && !reachesIn(masks, set, unionOf(masks, other)) {
			continue
		}
		for _, s := range best[set] {
			for _, r := range best[other] {
				if next := g.joinHalves(s, r, limit); next != nil {
					best[set|other] = improve(best[set|other], next)
				}
			}
		}
	}
}

func unionOf(masks []uint64, set int) (vars uint64) {
	for i, m := range masks {
		if set&(1<<i) != 0 {
			vars |= m
		}
	}
	return vars
}

// reachesIn reports whether set shares variables with others through some of its
// elements only: where each of them is a neighbour, one by one is as good.
func reachesIn(masks []uint64, set int, vars uint64) bool {
	shares, apart := false, false
	for i, m := range masks {
		if set&(1<<i) != 0 {
			shares = shares || m&vars != 0
			apart = apart || m&vars == 0
		}
	}
	return shares && apart
}

// joinHalves hashes the smaller of two results and looks the other up in it.
func (g *joinGroup) joinHalves(s, r *state, limit float64) *state {
	if s.rows < r.rows {
		s, r = r, s
	}
	out := s.rows * r.rows
	for v, d := range r.distinct {
		if have := s.distinct[v]; have > 0 {
			out /= max(have, d, 1)
		}
	}
	cost := s.cost + r.cost + out + costBuild*r.rows + costProbe*s.rows
	if cost > limit {
		return nil
	}
	next := &state{
		cost: cost, rows: out, ascending: s.ascending, last: -1, prev: s, right: r,
		bound: s.bound | r.bound, applied: s.applied | r.applied,
	}
	g.bind(next, nil, r.distinct)
	next.distinct = joinedDistinct(s, next.rows, r.distinct)
	return next
}
