package exec

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"qlgraph/graph"
	"qlgraph/sparql/plan"
)

// textSearch returns the literals that a full-text search finds. The search is
// done once, when the first row is asked for; its result, a literal and a score
// per match, is held.
type textSearch struct {
	run    *run
	node   *plan.TextSearch
	in     *stage // nil: none
	column int    // of in, with the literals to be looked up

	found  []graph.TextMatch // by literal
	places *matchPlaces      // in found, of literals that are looked up
	ready  bool
	bytes  int64 // charged
	at     int
	out    *batch
	scores []graph.ID // column added to in's
	sel    []int32

	// What of found is returned: all, or a portion of a ranked search; then no
	// match behind it has a better score than one in it or before.
	from, to int
}

const textMatchBytes = 16

func newTextSearch(r *run, n *plan.TextSearch, s *stage) *textSearch {
	t := &textSearch{run: r, node: n}
	if n.Input != nil {
		t.in = s.inputs[0]
		t.column = t.in.column(n.Literal.Var)
	}
	// What is below may not be kept from one portion to the next.
	s.correlated = s.correlated || n.Ranked
	return t
}

// search fills found.
func (t *textSearch) search() error {
	if t.ready {
		return nil
	}
	ix, ok := t.run.snap.(graph.TextIndex)
	if !ok {
		return plan.ErrNoText
	}
	var held int64
	matches, err := ix.SearchText(t.node.Query, func(bytes int64) error {
		held += bytes
		if err := t.run.mem.charge(bytes); err != nil {
			return err
		}
		return t.run.check()
	})
	t.run.mem.refund(held)
	if err != nil {
		return err
	}
	t.bytes = textMatchBytes * int64(len(matches))
	if err := t.run.mem.charge(t.bytes); err != nil {
		return err
	}
	t.found = matches
	if t.node.Literal.Var == "" || t.node.Score.Var == "" {
		t.found = slices.DeleteFunc(matches, func(m graph.TextMatch) bool {
			return !constant(t.node.Literal, m.ID) || !constant(t.node.Score, scoreID(m.Score))
		})
	}
	t.ready = true
	if !t.node.Ranked {
		t.to = len(t.found)
	}
	return nil
}

// constant reports whether id is the slot's, if that is no variable.
func constant(s plan.Slot, id graph.ID) bool { return s.Var != "" || s.ID == id }

// scoreID returns the ID of a score as an xsd:decimal; such IDs sort as their
// values do. Scores have four digits after the point and are below 10^5: 64 words
// of a query, each a few times the logarithm of the number of literals.
func scoreID(score float64) graph.ID {
	id, _ := graph.DecimalID(int64(math.Round(score*1e4)) * 1e4)
	return id
}

func (t *textSearch) next() (*batch, error) {
	if err := t.search(); err != nil {
		return nil, err
	}
	if t.in != nil {
		return t.probe()
	}
	n := min(batchSize, t.to-t.from-t.at)
	if n <= 0 {
		return nil, nil
	}
	columns := t.node.Columns
	if t.out == nil {
		t.out = t.run.newBatch(len(columns))
	}
	literal, score := indexOf(columns, t.node.Literal.Var), indexOf(columns, t.node.Score.Var)
	t.out.n = 0
	for _, m := range t.found[t.from+t.at:][:n] {
		if literal >= 0 && literal == score {
			break // no literal is its own score
		}
		if literal >= 0 {
			t.out.cols[literal][t.out.n] = m.ID
		}
		if score >= 0 {
			t.out.cols[score][t.out.n] = scoreID(m.Score)
		}
		t.out.n++
	}
	t.at += n
	if t.out.n == 0 {
		return nil, nil
	}
	return t.out, nil
}

// probe returns the next rows of in whose literals match.
func (t *textSearch) probe() (*batch, error) {
	if t.places == nil {
		t.places = newMatchPlaces(t.found)
		t.bytes += t.places.bytes()
		if err := t.run.mem.charge(t.places.bytes()); err != nil {
			return nil, err
		}
	}
	for {
		in, err := t.in.next()
		if err != nil || in == nil {
			return nil, err
		}
		t.sel = t.sel[:0]
		if t.scores == nil {
			t.scores = make([]graph.ID, batchSize)
		}
		for row, id := range in.cols[t.column][:in.n] {
			if i, ok := t.places.of(id); ok {
				t.scores[len(t.sel)] = scoreID(t.found[i].Score)
				t.sel = append(t.sel, int32(row))
			}
		}
		if len(t.sel) == 0 {
			continue
		}
		if t.out == nil {
			t.out = t.run.newBatch(len(in.cols))
		}
		out := &batch{n: len(t.sel)}
		for i, col := range t.out.cols {
			gather(col, 0, in.cols[i], t.sel)
			out.cols = append(out.cols, col)
		}
		if t.node.Score.Var != "" {
			out.cols = append(out.cols, t.scores)
		}
		return out, nil
	}
}

// matchPlaces tells where in a list, sorted by ID, a literal is: a bit for each literal
// between the first and the last, and how many bits are set before each 64. Two
// looks at memory are a tenth of what a binary search in a long list takes.
type matchPlaces struct {
	first graph.ID
	bits  []uint64
	ranks []uint32
}

func newMatchPlaces(list []graph.TextMatch) *matchPlaces {
	p := &matchPlaces{}
	if len(list) == 0 {
		return p
	}
	p.first = list[0].ID
	n := int(list[len(list)-1].ID-p.first)/64 + 1
	p.bits, p.ranks = make([]uint64, n), make([]uint32, n)
	for _, m := range list {
		p.bits[(m.ID-p.first)/64] |= 1 << ((m.ID - p.first) % 64)
	}
	rank := 0
	for i, word := range p.bits {
		p.ranks[i] = uint32(rank)
		rank += bits.OnesCount64(word)
	}
	return p
}

func (p *matchPlaces) bytes() int64 { return int64(12 * len(p.bits)) }

func (p *matchPlaces) of(id graph.ID) (place int, ok bool) {
	if id < p.first || (id-p.first)/64 >= graph.ID(len(p.bits)) {
		return 0, false
	}
	word, bit := p.bits[(id-p.first)/64], uint64(1)<<((id-p.first)%64)
	return int(p.ranks[(id-p.first)/64]) + bits.OnesCount64(word&(bit-1)), word&bit != 0
}

// portion makes the search return the n best matches after those that it has
// returned, by literal; ok is false where there are none.
func (t *textSearch) portion(n int) (ok bool, err error) {
	if err := t.search(); err != nil {
		return false, err
	}
	t.from, t.at = t.to, 0
	t.to = min(t.from+n, len(t.found))
	bestFirst(t.found[t.from:], t.to-t.from)
	slices.SortFunc(t.found[t.from:t.to], func(a, b graph.TextMatch) int { return cmp.Compare(a.ID, b.ID) })
	return t.from < t.to, nil
}

// rest returns the best score of the matches after the portion.
func (t *textSearch) rest() (graph.ID, bool) {
	if t.to == len(t.found) {
		return 0, false
	}
	score := 0.0
	for _, m := range t.found[t.to:] {
		score = max(score, m.Score)
	}
	return scoreID(score), true
}

// bestFirst moves the n matches with the best scores to the front, in no order
// (Hoare's Find): sorting a common word's matches takes longer than finding them.
func bestFirst(list []graph.TextMatch, n int) {
	for 0 < n && n < len(list) {
		pivot := list[len(list)/2].Score
		i, k := 0, len(list)-1
		for i <= k {
			for list[i].Score > pivot {
				i++
			}
			for list[k].Score < pivot {
				k--
			}
			if i <= k {
				list[i], list[k] = list[k], list[i]
				i, k = i+1, k-1
			}
		}
		switch {
		case n <= k+1: // the first k+1 are at least as good as the pivot
			list = list[:k+1]
		case n >= i:
			list, n = list[i:], n-i
		default: // what is between is all as good as the pivot
			return
		}
	}
}

func (t *textSearch) reset() {
	t.at = 0
	if t.in != nil {
		t.in.reset()
	}
}

func (t *textSearch) close() {
	t.run.mem.refund(t.bytes)
	t.found, t.places, t.bytes, t.ready = nil, nil, 0, false
	t.run.release(t.out)
	t.out = nil
	if t.in != nil {
		t.in.close()
	}
}

// firstPortion is how many times as many literals as rows are wanted a search
// returns at first, since not every literal makes a row; each portion is
// morePortion times the one before.
const (
	firstPortion = 4
	leastPortion = 256
	morePortion  = 4
)

// best is a sorter that pulls its input once for each portion of a search, until
// nothing that is still to come can be among the rows that it holds.
type best struct {
	*sorter
	search *textSearch
}

func newBest(r *run, n *plan.Best, s *stage) (*best, error) {
	sorted, err := newSort(r, &n.Sort, s.inputs[0])
	if err != nil {
		return nil, err
	}
	return &best{sorter: sorted, search: findSearch(s.inputs[0], n.Search)}, nil
}

// findSearch returns the operator of the node, which is at s or below.
func findSearch(s *stage, n *plan.TextSearch) *textSearch {
	if t, ok := s.operator.(*textSearch); ok && t.node == n {
		return t
	}
	for _, in := range s.inputs {
		if t := findSearch(in, n); t != nil {
			return t
		}
	}
	return nil
}

func (b *best) next() (*batch, error) {
	if !b.ready {
		if err := b.fill(); err != nil {
			return nil, err
		}
		b.ready = true
	}
	return b.sorter.next()
}

func (b *best) fill() error {
	b.table = newRows(len(b.in.columns))
	limit := int(b.node.Limit)
	size := max(leastPortion, min(firstPortion*limit, math.MaxInt32))
	for limit > 0 {
		more, err := b.search.portion(size)
		if err != nil {
			return err
		}
		if !more {
			break
		}
		if err := b.pull(); err != nil {
			return err
		}
		if b.enough(limit) {
			break
		}
		size *= morePortion
		b.in.reset()
	}
	slices.SortFunc(b.held, b.compare)
	return b.err
}

// pull adds what one portion leads to.
func (b *best) pull() error {
	for {
		in, err := b.in.next()
		if err != nil || in == nil {
			return err
		}
		if err := b.add(in); err != nil {
			return err
		}
	}
}

// enough reports whether the worst row that is held is better than all to come;
// as good is enough where nothing but the score counts.
func (b *best) enough(limit int) bool {
	next, more := b.search.rest()
	if !more || len(b.held) < limit || b.first < 0 {
		return !more
	}
	worst := b.table.cols[b.first][b.held[0].row]
	return worst > next || worst == next && len(b.keys) == 1
}

func (b *best) reset() {
	b.search.from, b.search.to = 0, 0
	b.sorter.reset()
}
