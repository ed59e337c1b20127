package exec

import (
	"math/bits"

	"qlgraph/graph"
	"qlgraph/sparql/expr"
)

// memo remembers results of an expression, values or the IDs of these, by the ID
// of its only variable: a table with one place per hash, so that it neither grows
// nor has to be searched. Columns of few values cost one evaluation per value; for
// those of many it stops to be used (pays).
type memo[T any] struct {
	slots  []memoSlot[T]
	at     []int32    // by row: place in values, -1: remembered
	unseen []graph.ID // the IDs of values
	values []T        // computed for the present batch

	rows, computed int // so far
}

// memoTrial is after how many rows a memo is judged.
const memoTrial = 2 * batchSize

// pays reports whether remembering spares evaluations: looking a value up takes
// about as long as computing YEAR of it.
func (m *memo[T]) pays() bool { return m.rows < memoTrial || m.computed < m.rows-m.rows/8 }

type memoSlot[T any] struct {
	id      graph.ID
	pending int32 // place in values + 1, 0: value is set
	value   T
}

func (m *memo[T]) slot(id graph.ID) *memoSlot[T] {
	return &m.slots[slotOf(id, len(m.slots))]
}

// slotOf returns the slot of id in a table of the given size, a power of two
// (Fibonacci hashing: it is the upper bits of the product that depend on all of
// id, whose lower ones are zero in a double like 5.0).
func slotOf(id graph.ID, size int) int {
	return int(uint64(id) * 0x9E3779B97F4A7C15 >> (65 - bits.Len(uint(size))))
}

// plan decides which of ids have to be computed: each once.
func (m *memo[T]) plan(ids []graph.ID) (unseen []graph.ID) {
	if size := 1 << bits.Len(uint(len(ids)-1)); len(m.slots) < size {
		m.slots = make([]memoSlot[T], size)
		m.at = make([]int32, size)
	}
	m.unseen = m.unseen[:0]
	for row, id := range ids {
		s := m.slot(id)
		switch {
		case s.id == id && s.pending == 0 && id != 0:
			m.at[row] = -1
		case s.id == id && s.pending > 0:
			m.at[row] = s.pending - 1
		case s.pending == 0:
			m.unseen = append(m.unseen, id)
			*s = memoSlot[T]{id: id, pending: int32(len(m.unseen))}
			m.at[row] = s.pending - 1
		default: // the place is taken by another of these IDs
			m.unseen = append(m.unseen, id)
			m.at[row] = int32(len(m.unseen) - 1)
		}
	}
	// A remembered value may have been displaced by a later row.
	for row, id := range ids {
		if m.at[row] < 0 {
			if s := m.slot(id); s.id != id || s.pending > 0 {
				m.unseen = append(m.unseen, id)
				m.at[row] = int32(len(m.unseen) - 1)
			}
		}
	}
	m.rows += len(ids)
	m.computed += len(m.unseen)
	return m.unseen
}

// keep remembers what was computed for unseen.
func (m *memo[T]) keep(unseen []graph.ID) {
	for i, id := range unseen {
		if s := m.slot(id); s.id == id && s.pending == int32(i+1) {
			s.pending, s.value = 0, m.values[i]
		}
	}
}

// remembered calls f with what convert makes of x for each row of the present
// batch. x is evaluated, and its column decoded, for values that have not been
// seen lately.
func remembered[T any](x *expression, m *memo[T], convert func(expr.Value) (T, error), f func(row int, v T)) error {
	unseen := m.plan(x.single.ids)
	if err := x.single.load(x.run, unseen); err != nil {
		return err
	}
	m.values = m.values[:0]
	for i := range unseen {
		if i%checkRows == checkRows-1 {
			if err := x.run.check(); err != nil {
				return err
			}
		}
		v, err := convert(x.eval(i))
		if err != nil {
			return err
		}
		m.values = append(m.values, v)
	}
	for row, id := range x.single.ids {
		if at := m.at[row]; at >= 0 {
			f(row, m.values[at])
		} else {
			f(row, m.slot(id).value)
		}
	}
	m.keep(unseen)
	return x.run.check()
}
