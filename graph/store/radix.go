package store

import (
	"math/bits"
	"slices"

	"qlgraph/graph"
)

// chunkSort sorts the quads of a chunk in each order. It numbers the IDs of the
// chunk densely, in their order, so that a quad fits one 64-bit key, which
// sorts many times faster than a row does; where one does not fit, rows are
// sorted.
type chunkSort struct {
	ids   []graph.ID  // sorted, the zero ID first; a node is a place in it
	quads [][4]uint32 // S and O as nodes, P and G as places in few
	few   [2][]uint32 // the nodes that are predicates, and graphs
	rows  []row
	keys  []uint64
	spare []uint64
}

// fill takes the chunk's quads: rows of SPOG in which terms of the dictionary
// are places among the chunk's terms, whose IDs are given.
func (c *chunkSort) fill(local []row, terms []graph.ID) {
	node, inlined := c.number(local, terms)
	of := func(id graph.ID) uint32 {
		switch {
		case id == 0:
			return 0
		case id.Kind() == localKind:
			return node[id.Payload()]
		}
		return inlined[id]
	}
	c.quads = slices.Grow(c.quads[:0], len(local))[:len(local)]
	for i, r := range local {
		c.quads[i] = [4]uint32{of(r[0]), of(r[1]), of(r[2]), of(r[3])}
	}
	place := make([]uint32, len(c.ids))
	for i, k := range [2]int{1, 3} {
		c.few[i] = c.few[i][:0]
		clear(place)
		for _, q := range c.quads {
			if place[q[k]] == 0 {
				place[q[k]] = 1
				c.few[i] = append(c.few[i], q[k])
			}
		}
		slices.Sort(c.few[i])
		for n, node := range c.few[i] {
			place[node] = uint32(n)
		}
		for n := range c.quads {
			c.quads[n][k] = place[c.quads[n][k]]
		}
	}
}

// number fills in c.ids and returns the nodes of the chunk's terms and of the
// inlined IDs.
func (c *chunkSort) number(local []row, terms []graph.ID) (node []uint32, inlined map[graph.ID]uint32) {
	inlined = map[graph.ID]uint32{}
	c.ids = append(append(c.ids[:0], 0), terms...)
	for _, r := range local {
		for _, id := range r {
			if id.Inlined() {
				if _, ok := inlined[id]; !ok {
					inlined[id] = 0
					c.ids = append(c.ids, id)
				}
			}
		}
	}
	slices.Sort(c.ids) // nearly sorted already: terms come in the order of their text
	node = make([]uint32, len(terms))
	next := 0
	for i, id := range terms {
		for next < len(c.ids)-1 && c.ids[next] < id {
			next++
		}
		if c.ids[next] != id {
			next, _ = slices.BinarySearch(c.ids, id)
		}
		node[i] = uint32(next)
	}
	for n, id := range c.ids {
		if id.Inlined() {
			inlined[id] = uint32(n)
		}
	}
	return node, inlined
}

// sorted calls emit with the quads as rows of the order o, sorted, a few at a
// time; equal ones follow each other.
func (c *chunkSort) sorted(o graph.Order, emit func([]row)) {
	bit := func(n int) uint { return uint(bits.Len(uint(max(n-1, 0)))) }
	quadWidths := [4]graph.ID{graph.ID(bit(len(c.ids))), graph.ID(bit(len(c.few[0]))), graph.ID(bit(len(c.ids))), graph.ID(bit(len(c.few[1])))}
	places := o.Key(graph.SPOG.Quad(row{0, 1, 2, 3}))
	var widths [4]uint
	total := uint(0)
	for i, k := range places {
		widths[i] = uint(quadWidths[k])
		total += widths[i]
	}
	if total > 64 {
		c.sortRows(o, emit)
		return
	}
	c.keys = slices.Grow(c.keys[:0], len(c.quads))[:len(c.quads)]
	c.spare = slices.Grow(c.spare[:0], len(c.quads))[:len(c.quads)]
	for i, q := range c.quads {
		key := uint64(0)
		for n, k := range places {
			key = key<<widths[n] | uint64(q[k])
		}
		c.keys[i] = key
	}
	keys := radixSort(c.keys, c.spare, total)
	c.rows = slices.Grow(c.rows[:0], maxRows)
	for len(keys) > 0 {
		n := min(len(keys), maxRows)
		c.rows = c.rows[:n]
		for i, key := range keys[:n] {
			for k := 3; k >= 0; k-- {
				c.rows[i][k] = c.id(places[k], uint32(key&(1<<widths[k]-1)))
				key >>= widths[k]
			}
		}
		emit(c.rows)
		keys = keys[n:]
	}
}

// id returns the ID that the number n stands for in the component k of SPOG.
func (c *chunkSort) id(k graph.ID, n uint32) graph.ID {
	switch k {
	case 1:
		n = c.few[0][n]
	case 3:
		n = c.few[1][n]
	}
	return c.ids[n]
}

func (c *chunkSort) sortRows(o graph.Order, emit func([]row)) {
	rows := make([]row, len(c.quads))
	for i, q := range c.quads {
		ids := row{c.id(0, q[0]), c.id(1, q[1]), c.id(2, q[2]), c.id(3, q[3])}
		rows[i] = o.Key(graph.SPOG.Quad(ids))
	}
	slices.SortFunc(rows, compareRows)
	for len(rows) > 0 {
		n := min(len(rows), maxRows)
		emit(rows[:n])
		rows = rows[n:]
	}
}

// radixBits is the number of key bits per pass: 2048 counters fit the first
// cache.
const radixBits = 11

// radixSort sorts keys of the given width, with as much room in spare, and
// returns the one of the two that holds the result.
func radixSort(keys, spare []uint64, width uint) []uint64 {
	var counts [1 << radixBits]int
	if len(keys) == 0 {
		return keys
	}
	for shift := uint(0); shift < width; shift += radixBits {
		clear(counts[:])
		for _, k := range keys {
			counts[k>>shift&(1<<radixBits-1)]++
		}
		if counts[keys[0]>>shift&(1<<radixBits-1)] == len(keys) {
			continue // all the same here
		}
		at := 0
		for i, n := range counts {
			counts[i] = at
			at += n
		}
		for _, k := range keys {
			d := k >> shift & (1<<radixBits - 1)
			spare[counts[d]] = k
			counts[d]++
		}
		keys, spare = spare, keys
	}
	return keys
}
