package canon

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// Colour refinement: nodes of one colour are parted by the colours of their
// surroundings until nothing changes. Both datasets are coloured as one graph,
// so that colours mean the same on both sides and no hash is involved: equal
// colours are equal surroundings, exactly. Only nodes beside one whose colour
// has changed are looked at again; the part of a class that need not change
// keeps its colour, which bounds the work by O(quads · log nodes) but for ties.

// refine recolours the nodes of scope, starting with those of dirty, until the
// colouring is stable. It reports false as soon as a colour has more nodes in
// one dataset than in the other: they cannot be isomorphic then.
func (u *union) refine(scope, dirty []int32) bool {
	u.calls++
	size := make(map[int32]int)
	for _, n := range scope {
		u.scope[n] = u.calls
		size[u.colour[n]]++
	}
	u.work.spend(len(scope))
	for len(dirty) > 0 {
		// All signatures of a round are taken before the first colour
		// changes: those of one class must be comparable.
		changed, ok := u.split(u.signatures(dirty), size)
		if !ok {
			return false
		}
		dirty = u.neighbours(changed)
	}
	return true
}

// signed is a node with its old colour and its surroundings.
type signed struct {
	node, colour int32
	signature    string
}

// signatures returns the given nodes, sorted by colour and surroundings.
func (u *union) signatures(nodes []int32) []signed {
	list := make([]signed, len(nodes))
	for i, n := range nodes {
		list[i] = signed{node: n, colour: u.colour[n], signature: u.signature(n)}
	}
	slices.SortFunc(list, func(a, b signed) int {
		return cmp.Or(cmp.Compare(a.colour, b.colour), cmp.Compare(a.signature, b.signature), cmp.Compare(a.node, b.node))
	})
	return list
}

// signature codes the quads around n: n itself as -1, other blank nodes by
// their colour (from -2 downwards), ground terms by their number.
func (u *union) signature(n int32) string {
	u.work.spend(1 + len(u.at[n]))
	around := make([][4]int32, len(u.at[n]))
	for i, q := range u.at[n] {
		quad := u.quads[q]
		for j, t := range quad {
			switch {
			case t >= 0:
			case ^t == n:
				quad[j] = -1
			default:
				quad[j] = -2 - u.colour[^t]
			}
		}
		around[i] = quad
	}
	slices.SortFunc(around, func(a, b [4]int32) int { return slices.Compare(a[:], b[:]) })
	code := make([]byte, 0, 16*len(around))
	for _, quad := range around {
		for _, t := range quad {
			code = binary.BigEndian.AppendUint32(code, uint32(t))
		}
	}
	return string(code)
}

// split gives the groups of one signature within each colour colours of their
// own and returns the nodes that were recoloured. Where all nodes of a colour
// were signed, the largest group keeps it; else those not signed do.
func (u *union) split(list []signed, size map[int32]int) (changed []int32, balanced bool) {
	for len(list) > 0 {
		colour := list[0].colour
		class := list[:run(list, func(s signed) bool { return s.colour == colour })]
		list = list[len(class):]
		var groups [][]signed
		largest := 0
		for len(class) > 0 {
			first := class[0].signature
			group := class[:run(class, func(s signed) bool { return s.signature == first })]
			if !u.balanced(group) {
				return nil, false
			}
			if size[colour] -= len(group); len(groups) > 0 && len(group) > len(groups[largest]) {
				largest = len(groups)
			}
			groups = append(groups, group)
			class = class[len(group):]
		}
		if size[colour] == 0 {
			size[colour] = len(groups[largest])
			groups = slices.Delete(groups, largest, largest+1)
		}
		for _, group := range groups {
			for _, s := range group {
				u.colour[s.node] = u.next
				changed = append(changed, s.node)
			}
			size[u.next] = len(group)
			u.next++
		}
	}
	return changed, true
}

// run returns the number of leading elements that satisfy in.
func run(list []signed, in func(signed) bool) int {
	n := 1
	for n < len(list) && in(list[n]) {
		n++
	}
	return n
}

func (u *union) balanced(group []signed) bool {
	n := 0
	for _, s := range group {
		if u.second(s.node) {
			n++
		}
	}
	return 2*n == len(group)
}

// neighbours returns the nodes within the scope of the running call of refine
// that share a quad with one of the given nodes, sorted.
func (u *union) neighbours(nodes []int32) []int32 {
	var beside []int32
	for _, n := range nodes {
		u.work.spend(len(u.at[n]))
		for _, q := range u.at[n] {
			for _, t := range u.quads[q] {
				if t < 0 && ^t != n && u.scope[^t] == u.calls {
					beside = append(beside, ^t)
				}
			}
		}
	}
	slices.Sort(beside)
	return slices.Compact(beside)
}
