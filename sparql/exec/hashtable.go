package exec

import "qlgraph/graph"

// table is a hash index over rows by some of their columns: open addressing on
// the first row of each key, a chain through the rows with the same one.
type table struct {
	rows   *rows
	keys   []int   // columns of rows
	heads  []int32 // row + 1 of the first row with a key, 0: empty
	next   []int32 // row + 1 of the next row with the same key
	mask   uint64
	unique int // keys
}

// buildTable indexes all of t, whose rows do not change any more.
func buildTable(r *run, t *rows, keys []int) (*table, error) {
	size := 16
	for size < 2*t.n {
		size *= 2
	}
	if err := r.mem.charge(int64(4*size + 4*t.n)); err != nil {
		return nil, err
	}
	h := &table{rows: t, keys: keys, heads: make([]int32, size), next: make([]int32, t.n), mask: uint64(size - 1)}
	for row := t.n - 1; row >= 0; row-- { // backwards, so that chains ascend
		if row%batchSize == 0 {
			if err := r.check(); err != nil {
				return nil, err
			}
		}
		at := h.find(t.cols, keys, row)
		h.next[row] = h.heads[at]
		h.heads[at] = int32(row + 1)
		if h.next[row] == 0 {
			h.unique++
		}
	}
	return h, nil
}

func (h *table) bytes() int64 { return int64(4*len(h.heads) + 4*len(h.next)) }

// find returns the place in heads for the key that is in the columns keys of
// the given row of cols.
func (h *table) find(cols [][]graph.ID, keys []int, row int) uint64 {
	at := hashRow(cols, keys, row) & h.mask
	for h.heads[at] != 0 && !h.equal(int(h.heads[at]-1), cols, keys, row) {
		at = (at + 1) & h.mask
	}
	return at
}

func (h *table) equal(own int, cols [][]graph.ID, keys []int, row int) bool {
	for i, k := range keys {
		if h.rows.cols[h.keys[i]][own] != cols[k][row] {
			return false
		}
	}
	return true
}

// first returns row + 1 of the first match, 0 where there is none.
func (h *table) first(cols [][]graph.ID, keys []int, row int) int32 {
	return h.heads[h.find(cols, keys, row)]
}

func hashRow(cols [][]graph.ID, keys []int, row int) uint64 {
	var h uint64
	for _, k := range keys {
		h = mix(h ^ uint64(cols[k][row]))
	}
	return h
}

// mix is the finalizer of MurmurHash3: IDs differ in few bits.
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// rowSet numbers distinct rows in the order of their first appearance.
type rowSet struct {
	run   *run
	rows  *rows
	slots []int32 // number + 1
	mask  uint64
	all   []int // 0 … width-1
}

func newRowSet(r *run, width int) *rowSet {
	s := &rowSet{run: r, rows: newRows(width), slots: make([]int32, 16), mask: 15, all: make([]int, width)}
	for i := range s.all {
		s.all[i] = i
	}
	return s
}

// add returns the number of the row that is in the columns keys of the given
// row of cols, and whether it is new.
func (s *rowSet) add(cols [][]graph.ID, keys []int, row int) (number int, isNew bool, err error) {
	if 2*s.rows.n >= len(s.slots) {
		if err := s.grow(); err != nil {
			return 0, false, err
		}
	}
	at := hashRow(cols, keys, row) & s.mask
	for s.slots[at] != 0 {
		if n := int(s.slots[at] - 1); s.same(n, cols, keys, row) {
			return n, false, nil
		}
		at = (at + 1) & s.mask
	}
	number = s.rows.n
	for i, k := range keys {
		s.rows.cols[i] = append(s.rows.cols[i], cols[k][row])
	}
	s.rows.n++
	s.slots[at] = int32(number + 1)
	return number, true, nil
}

func (s *rowSet) same(n int, cols [][]graph.ID, keys []int, row int) bool {
	for i, k := range keys {
		if s.rows.cols[i][n] != cols[k][row] {
			return false
		}
	}
	return true
}

// grow doubles the slots and charges for them and for the rows to come.
func (s *rowSet) grow() error {
	size := 2 * len(s.slots)
	if err := s.run.mem.charge(int64(size) * int64(4+4*len(s.all)) / 2); err != nil {
		return err
	}
	s.slots = make([]int32, size)
	s.mask = uint64(size - 1)
	for n := range s.rows.n {
		at := hashRow(s.rows.cols, s.all, n) & s.mask
		for s.slots[at] != 0 {
			at = (at + 1) & s.mask
		}
		s.slots[at] = int32(n + 1)
	}
	return nil
}

// free refunds what grow charged.
func (s *rowSet) free() {
	charged := int64(len(s.slots)-16) * int64(4+4*len(s.all))
	s.run.mem.refund(charged)
	s.rows, s.slots = newRows(len(s.all)), make([]int32, 16)
	s.mask = 15
}
