package exec

import (
	"qlgraph/graph"
	"qlgraph/sparql/plan"
)

// leapfrog joins patterns of one or two variables by intersecting, variable by
// variable, the sorted values that each pattern allows for it (Veldhuizen,
// "Leapfrog Triejoin", 2014). Where the patterns form a cycle it visits no more
// combinations than the answer can have in the worst case; joining them one by
// one can visit the square of that. The patterns are held in memory as they come
// from the index, sorted.
type leapfrog struct {
	run  *run
	node *plan.Leapfrog
	tree []*trie     // of each relation; those that read the same share one
	vars []leapLevel // in the order of node.Vars

	loaded  bool
	held    int64
	depth   int // of the variable that is being looked for, -1: none is left
	visited int
	out     *batch
}

// trie is a relation: its first values, and for each the values that go with it.
type trie struct {
	first []graph.ID
	start []int32 // of the second values of each first; one more at the end
	next  []graph.ID
}

// leapLevel is a variable: the lists that its value has to be in.
type leapLevel struct {
	from  []leapSource
	lists [][]graph.ID
	at    []int // position in each list
}

// leapSource is where a list comes from: a trie's first values, or those that go
// with the first value that the level above has found.
type leapSource struct {
	trie       *trie
	above, nth int // level and list of the first value; above is -1 for first values
}

func newLeapfrog(r *run, n *plan.Leapfrog) *leapfrog {
	l := &leapfrog{run: r, node: n, vars: make([]leapLevel, len(n.Vars))}
	shared := map[string]*trie{}
	for _, rel := range n.Relations {
		key := rel.Reads()
		t := shared[key]
		if t == nil {
			t = &trie{}
			shared[key] = t
		}
		l.tree = append(l.tree, t)
		first := indexOf(n.Vars, rel.Vars[0])
		level := &l.vars[first]
		level.from = append(level.from, leapSource{trie: t, above: -1})
		if len(rel.Vars) == 2 {
			below := &l.vars[indexOf(n.Vars, rel.Vars[1])]
			below.from = append(below.from, leapSource{trie: t, above: first, nth: len(level.from) - 1})
		}
	}
	for i := range l.vars {
		l.vars[i].lists = make([][]graph.ID, len(l.vars[i].from))
		l.vars[i].at = make([]int, len(l.vars[i].from))
	}
	return l
}

func (l *leapfrog) next() (*batch, error) {
	if !l.loaded {
		if err := l.load(); err != nil {
			return nil, err
		}
		l.loaded = true
		l.open(0)
	}
	if l.out == nil {
		l.out = l.run.newBatch(len(l.vars))
	}
	l.out.n = 0
	for l.depth >= 0 && l.out.n < batchSize {
		if l.visited++; l.visited%(16*batchSize) == 0 {
			if err := l.run.check(); err != nil {
				return nil, err
			}
		}
		level := &l.vars[l.depth]
		if l.depth == len(l.vars)-1 {
			l.emit()
		} else if level.meet() {
			l.open(l.depth + 1)
			continue
		}
		if l.out.n < batchSize { // nothing is left here
			if l.depth--; l.depth >= 0 {
				l.vars[l.depth].at[0]++
			}
		}
	}
	if l.out.n == 0 {
		return nil, nil
	}
	return l.out, nil
}

// open starts the search for the variable at depth, below the values found above.
func (l *leapfrog) open(depth int) {
	l.depth = depth
	level := &l.vars[depth]
	for i, s := range level.from {
		level.at[i] = 0
		if s.above < 0 {
			level.lists[i] = s.trie.first
			continue
		}
		k := l.vars[s.above].at[s.nth]
		level.lists[i] = s.trie.next[s.trie.start[k]:s.trie.start[k+1]]
	}
}

// meet moves all lists forward to the next value that is in each of them; false
// where there is none.
func (v *leapLevel) meet() bool {
	if v.at[0] == len(v.lists[0]) {
		return false
	}
	want, agree := v.lists[0][v.at[0]], 1
	for i := 1 % len(v.lists); agree < len(v.lists); i = (i + 1) % len(v.lists) {
		list := v.lists[i]
		v.at[i] = gallop(list, v.at[i], want)
		if v.at[i] == len(list) {
			return false
		}
		if found := list[v.at[i]]; found == want {
			agree++
		} else {
			want, agree = found, 1
		}
	}
	return true
}

// gallop returns the first place from at on whose value is not before want.
func gallop(list []graph.ID, at int, want graph.ID) int {
	if at == len(list) || list[at] >= want {
		return at
	}
	step := 1
	for at+step < len(list) && list[at+step] < want {
		at += step
		step *= 2
	}
	low, high := at+1, min(at+step, len(list)) // list[at] is before want
	for low < high {
		if mid := int(uint(low+high) >> 1); list[mid] < want {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// emit returns rows for the values that the last variable can have below those
// that were found for the others, as far as there is room.
func (l *leapfrog) emit() {
	last := len(l.vars) - 1
	from := l.out.n
	l.out.n += l.vars[last].all(l.out.cols[last][from:])
	for i := range last {
		value := l.vars[i].lists[0][l.vars[i].at[0]]
		col := l.out.cols[i][from:l.out.n]
		for k := range col {
			col[k] = value
		}
	}
}

// all moves on to the values that are in all lists, sets dst to them and returns
// how many they are, at most as many as there is room for.
func (v *leapLevel) all(dst []graph.ID) (n int) {
	if len(v.lists) == 2 {
		a, b, i, k := v.lists[0], v.lists[1], v.at[0], v.at[1]
		for n < len(dst) && i < len(a) && k < len(b) {
			switch x, y := a[i], b[k]; {
			case x < y:
				i = gallop(a, i, y)
			case y < x:
				k = gallop(b, k, x)
			default:
				dst[n] = x
				n, i, k = n+1, i+1, k+1
			}
		}
		v.at[0], v.at[1] = i, k
		if k == len(b) {
			v.at[0] = len(a) // nothing is left
		}
		return n
	}
	for n < len(dst) && v.meet() {
		dst[n] = v.lists[0][v.at[0]]
		n++
		v.at[0]++
	}
	return n
}

// load reads the relations.
func (l *leapfrog) load() error {
	for i, t := range l.tree {
		if t.start != nil {
			continue // read for another relation
		}
		if err := l.read(t, &l.node.Relations[i]); err != nil {
			return err
		}
	}
	return nil
}

func (l *leapfrog) read(t *trie, rel *plan.Relation) error {
	c, err := l.run.snap.Scan(rel.Pattern.IDs(), rel.Order)
	if err != nil {
		return err
	}
	defer c.Close()
	var b graph.Batch
	cols := l.run.newBatch(len(rel.Vars))
	defer l.run.release(cols)
	ends := [2]*[]graph.ID{&b.S, &b.O}
	if rel.Order == graph.POSG {
		ends = [2]*[]graph.ID{&b.O, &b.S}
	}
	if rel.Pattern.S.Var == "" || rel.Pattern.O.Var == "" { // the other end is the constant
		ends[0] = &b.S
		if rel.Pattern.S.Var == "" {
			ends[0] = &b.O
		}
	}
	for i := range rel.Vars {
		*ends[i] = cols.cols[i]
	}
	t.start = []int32{}
	for {
		n, err := c.Next(&b)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		if err := l.hold(int64(8 * n * (len(rel.Vars) + 1))); err != nil {
			return err
		}
		t.add(cols.cols, n)
		if err := l.run.check(); err != nil {
			return err
		}
	}
	t.start = append(t.start, int32(len(t.next)))
	return nil
}

// add appends sorted rows.
func (t *trie) add(cols [][]graph.ID, n int) {
	for i, id := range cols[0][:n] {
		if last := len(t.first) - 1; last < 0 || t.first[last] != id {
			t.first = append(t.first, id)
			t.start = append(t.start, int32(len(t.next)))
		}
		if len(cols) == 2 {
			t.next = append(t.next, cols[1][i])
		}
	}
}

func (l *leapfrog) hold(bytes int64) error {
	l.held += bytes
	return l.run.mem.charge(bytes)
}

// reset starts again from what is in memory: it does not depend on other rows.
func (l *leapfrog) reset() {
	if l.loaded {
		l.open(0)
	}
}

func (l *leapfrog) close() {
	l.run.release(l.out)
	l.out = nil
	l.run.mem.refund(l.held)
	l.held, l.loaded, l.depth = 0, false, -1
	for _, t := range l.tree {
		*t = trie{}
	}
}
