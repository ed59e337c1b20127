package exec

import (
	"math/bits"

	"qlgraph/graph"
	"qlgraph/sparql/expr"
)

// memo remembers results of an expression by the ID of its only variable: a
// table with one place per hash, so that it neither grows nor has to be searched.
// Columns of few values cost one evaluation per value, those of many no more
// than the look-up.
type memo struct {
	slots  []memoSlot
	at     []int32      // by row: place in values, -1: remembered
	unseen []graph.ID   // the IDs of values
	values []expr.Value // computed for the present batch

	rows, computed int // so far
}

// memoTrial is after how many rows a memo is judged.
const memoTrial = 2 * batchSize

// pays reports whether remembering spares evaluations: looking a value up takes
// about as long as computing YEAR of it.
func (m *memo) pays() bool { return m.rows < memoTrial || m.computed < m.rows-m.rows/8 }

type memoSlot struct {
	id      graph.ID
	pending int32 // place in values + 1, 0: value is set
	value   expr.Value
}

func (m *memo) slot(id graph.ID) *memoSlot {
	return &m.slots[int(uint64(id)*0x9E3779B97F4A7C15>>32)&(len(m.slots)-1)]
}

// plan decides which of ids have to be computed: each once.
func (m *memo) plan(ids []graph.ID) (unseen []graph.ID) {
	if size := 1 << bits.Len(uint(len(ids)-1)); len(m.slots) < size {
		m.slots = make([]memoSlot, size)
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
			*s = memoSlot{id: id, pending: int32(len(m.unseen))}
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
func (m *memo) keep(unseen []graph.ID) {
	for i, id := range unseen {
		if s := m.slot(id); s.id == id && s.pending == int32(i+1) {
			s.pending, s.value = 0, m.values[i]
		}
	}
}
