package store

import (
	"encoding/binary"
	"slices"

	"github.com/zeebo/xxh3"

	"qlgraph/graph"
)

// tally is changes of the statistics, or all of them where a file is built.
type tally struct {
	totals     graph.Totals
	predicates map[graph.ID]*graph.PredicateCounts
	classes    map[graph.ID]int64
	graphs     map[graph.ID]*graphTally
	sets       map[uint64]*setTally
}

type graphTally struct {
	quads, subjects     int64
	predicates, classes map[graph.ID]int64
}

type setTally struct {
	subjects   int64
	predicates []graph.Count
}

func newTally() *tally {
	return &tally{predicates: map[graph.ID]*graph.PredicateCounts{}, classes: map[graph.ID]int64{},
		graphs: map[graph.ID]*graphTally{}, sets: map[uint64]*setTally{}}
}

func (t *tally) predicate(p graph.ID) *graph.PredicateCounts {
	c := t.predicates[p]
	if c == nil {
		c = &graph.PredicateCounts{}
		t.predicates[p] = c
	}
	return c
}

func (t *tally) graph(g graph.ID) *graphTally {
	c := t.graphs[g]
	if c == nil {
		c = &graphTally{predicates: map[graph.ID]int64{}, classes: map[graph.ID]int64{}}
		t.graphs[g] = c
	}
	return c
}

// addSet adds subjects with the given predicates, sorted, which is kept.
func (t *tally) addSet(predicates []graph.Count, sign int64) {
	if len(predicates) == 0 {
		return
	}
	var key []byte
	for _, p := range predicates {
		key = binary.LittleEndian.AppendUint64(key, uint64(p.ID))
	}
	h := xxh3.Hash(key)
	s := t.sets[h]
	if s == nil {
		s = &setTally{predicates: make([]graph.Count, len(predicates))}
		for i, p := range predicates {
			s.predicates[i].ID = p.ID
		}
		t.sets[h] = s
	}
	s.subjects += sign
	for i, p := range predicates {
		s.predicates[i].N += sign * p.N
	}
}

// start adds n for a row, in the index of the given order, that begins new
// groups: changed is the first component in which it differs from the row
// before it.
func (t *tally) start(o graph.Order, r row, changed int, rdfType graph.ID, n int64) {
	switch o {
	case graph.SPOG:
		if changed == 0 {
			t.totals.Subjects += n
		}
		if changed <= 2 {
			t.totals.Triples += n
		}
	case graph.PSOG:
		if changed <= 1 {
			t.predicate(r[0]).Subjects += n
		}
	case graph.POSG:
		if changed <= 1 {
			t.predicate(r[0]).Objects += n
		}
		if changed <= 2 && r[0] == rdfType {
			t.classes[r[1]] += n
		}
	case graph.OSPG:
		if changed == 0 {
			t.totals.Objects += n
		}
	case graph.GSPO:
		if changed <= 1 {
			t.graph(r[0]).subjects += n
		}
	}
}

// firstChange returns the first component in which two rows differ.
func firstChange(a, b row) int {
	for i := range a {
		if a[i] != b[i] {
			return i
		}
	}
	return len(a)
}

// quad adds n for a quad.
func (t *tally) quad(q graph.Quad, rdfType graph.ID, n int64) {
	t.totals.Quads += n
	t.predicate(q.P).Quads += n
	g := t.graph(q.G)
	g.quads += n
	g.predicates[q.P] += n
	if q.P == rdfType {
		g.classes[q.O] += n
	}
}

// observer counts the groups that a rewritten region of the order's index has
// more or fewer.
func (t *tally) observer(o graph.Order, rdfType graph.ID) observer {
	return func(previous *row, old, rows []row, next *row) {
		count := func(rows []row, n int64) {
			last := previous
			for i := range rows {
				changed := 0
				if last != nil {
					changed = firstChange(*last, rows[i])
				}
				t.start(o, rows[i], changed, rdfType, n)
				last = &rows[i]
			}
			if next != nil { // whether it begins a group depends on the row before it
				changed := 0
				if last != nil {
					changed = firstChange(*last, *next)
				}
				t.start(o, *next, changed, rdfType, n)
			}
		}
		count(old, -1)
		count(rows, 1)
	}
}

// collector tallies the rows of an index in their order, while a file is built.
type collector struct {
	tally   *tally
	order   graph.Order
	rdfType graph.ID
	last    row
	any     bool
	set     []graph.Count // predicates of the current subject
}

func (c *collector) add(r row) {
	changed := 0
	if c.any {
		changed = firstChange(c.last, r)
	}
	c.tally.start(c.order, r, changed, c.rdfType, 1)
	switch c.order {
	case graph.SPOG:
		if changed == 0 {
			c.endSubject()
		}
		if n := len(c.set); n > 0 && c.set[n-1].ID == r[1] {
			c.set[n-1].N++
		} else {
			c.set = append(c.set, graph.Count{ID: r[1], N: 1})
		}
	case graph.GSPO:
		c.tally.quad(graph.GSPO.Quad(r), c.rdfType, 1)
	}
	c.last, c.any = r, true
}

func (c *collector) endSubject() {
	c.tally.addSet(c.set, 1)
	c.set = c.set[:0]
}

// merge adds what another collector has counted; the two share no field of the
// same predicate.
func (t *tally) merge(o *tally) {
	t.totals.Quads += o.totals.Quads
	t.totals.Triples += o.totals.Triples
	t.totals.Subjects += o.totals.Subjects
	t.totals.Objects += o.totals.Objects
	for id, c := range o.predicates {
		p := t.predicate(id)
		p.Quads += c.Quads
		p.Subjects += c.Subjects
		p.Objects += c.Objects
	}
	for id, n := range o.classes {
		t.classes[id] += n
	}
	for id, g := range o.graphs {
		t.graphs[id] = g
	}
	for h, s := range o.sets {
		t.sets[h] = s
	}
}

// addCounts adds the changes to counts that are sorted by ID; what is zero
// goes.
func addCounts(counts []graph.Count, changes map[graph.ID]int64) []graph.Count {
	for id, n := range changes {
		i, found := slices.BinarySearchFunc(counts, id, func(c graph.Count, id graph.ID) int { return compareIDs(c.ID, id) })
		if !found {
			counts = slices.Insert(counts, i, graph.Count{ID: id})
		}
		counts[i].N += n
	}
	return slices.DeleteFunc(counts, func(c graph.Count) bool { return c.N == 0 })
}

func compareIDs(a, b graph.ID) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
