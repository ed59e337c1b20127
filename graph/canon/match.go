package canon

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"
)

// Matching what a stable colouring leaves open.
//
// A colour that one node of each dataset has decides that pair. The nodes that
// remain fall into components, which touch one another only through decided
// nodes, so that they can be matched one by one; and since isomorphism is an
// equivalence, the first component that fits is as good as any other: there is
// no backtracking across components. Within a component one node is singled
// out and tried against each node of its colour on the other side.

// match pairs the given nodes, which hold as many of each dataset in each
// colour and are stably coloured. The pairs are left in u.pairs.
func (u *union) match(nodes []int32) bool {
	u.work.spend(len(nodes))
	byColour := make(map[int32][]int32)
	for _, n := range nodes {
		byColour[u.colour[n]] = append(byColour[u.colour[n]], n)
	}
	var open []int32
	for _, n := range nodes {
		if class := byColour[u.colour[n]]; len(class) > 2 {
			open = append(open, n)
		} else if !u.second(n) {
			u.pair(class[0], class[1])
		}
	}
	groups := make(map[string]*alike)
	for _, c := range u.components(open) {
		key := u.colours(c)
		g := groups[key]
		if g == nil {
			g = new(alike)
			groups[key] = g
		}
		if u.second(c[0]) {
			g.b = append(g.b, c)
		} else {
			g.a = append(g.a, c)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(groups)) {
		if !u.matchAlike(groups[key]) {
			return false
		}
	}
	return true
}

// alike holds the components of both datasets that have the same colours.
type alike struct {
	a, b [][]int32
}

func (u *union) matchAlike(g *alike) bool {
	if len(g.a) != len(g.b) {
		return false
	}
	for _, a := range g.a {
		i := slices.IndexFunc(g.b, func(b []int32) bool { return u.matchComponents(a, b) })
		if i < 0 {
			return false
		}
		last := len(g.b) - 1
		g.b[i] = g.b[last]
		g.b = g.b[:last]
	}
	return true
}

// matchComponents tries to pair two components of the same colours. On failure
// the colours are as they were before.
func (u *union) matchComponents(a, b []int32) bool {
	if len(a) == 1 {
		u.pair(a[0], b[0]) // nothing but decided nodes around: same colour, same quads
		return true
	}
	both := slices.Concat(a, b)
	chosen := u.smallestClass(a)
	if len(chosen) == 1 {
		return u.match(both)
	}
	before := make([]int32, len(both))
	for i, n := range both {
		before[i] = u.colour[n]
	}
	try, colour := chosen[0], u.colour[chosen[0]]
	for _, n := range b {
		if u.colour[n] != colour {
			continue
		}
		u.colour[try], u.colour[n] = u.next, u.next
		u.next++
		if u.refineAround(both, try, n) && u.match(both) {
			return true
		}
		for i, n := range both {
			u.colour[n] = before[i]
		}
	}
	return false
}

// refineAround refines scope after the nodes a and b got a colour of their own.
func (u *union) refineAround(scope []int32, a, b int32) bool {
	u.calls++
	for _, n := range scope {
		u.scope[n] = u.calls
	}
	return u.refine(scope, u.neighbours([]int32{a, b}))
}

// smallestClass returns the nodes of the rarest colour in c, the lowest colour
// first: few candidates keep the search narrow.
func (u *union) smallestClass(c []int32) []int32 {
	byColour := make(map[int32][]int32)
	for _, n := range c {
		byColour[u.colour[n]] = append(byColour[u.colour[n]], n)
	}
	var best []int32
	for _, colour := range slices.Sorted(maps.Keys(byColour)) {
		if class := byColour[colour]; best == nil || len(class) < len(best) {
			best = class
		}
	}
	return best
}

// pair records that two nodes of one colour, in any order, correspond.
func (u *union) pair(n, m int32) {
	if u.second(n) {
		n, m = m, n
	}
	u.pairs[n] = m
}

// components returns the parts of the given nodes that quads among them
// connect, by a depth-first walk.
func (u *union) components(nodes []int32) [][]int32 {
	u.calls++
	for _, n := range nodes {
		u.scope[n] = u.calls
	}
	var parts [][]int32
	for _, n := range nodes {
		if u.scope[n] != u.calls {
			continue
		}
		u.scope[n] = 0
		part := []int32{n}
		for i := 0; i < len(part); i++ {
			for _, m := range u.neighbours(part[i : i+1]) {
				u.scope[m] = 0
				part = append(part, m)
			}
		}
		parts = append(parts, part)
	}
	return parts
}

// colours returns a key that components of the same colours share.
func (u *union) colours(c []int32) string {
	list := make([]int32, len(c))
	for i, n := range c {
		list[i] = u.colour[n]
	}
	slices.SortFunc(list, cmp.Compare[int32])
	key := make([]byte, 0, 4*len(list))
	for _, colour := range list {
		key = binary.BigEndian.AppendUint32(key, uint32(colour))
	}
	return string(key)
}
