package exec

import (
	"cmp"
	"slices"

	"qlgraph/graph"
)

// wholeGraph decides whether the links are better read all at once, by going
// through the only graph that is walked. The orders that lead with a predicate or
// a node pass over the quads of all other graphs. nodes is how many are to be
// looked up, negative for all there are.
func (l *links) wholeGraph(nodes int) (bool, error) {
	g, single := l.walk.graphs.Single()
	dataset, ok := l.walk.run.snap.(graph.DatasetStatistics)
	if !single || !ok {
		return false, nil
	}
	if l.walk.counts == nil {
		counts, err := dataset.Graph(g)
		if err != nil {
			return false, err
		}
		l.walk.counts = &counts
	}
	everywhere, here, err := l.quads(dataset)
	if err != nil {
		return false, err
	}
	passed := everywhere
	if nodes >= 0 { // a look-up reads on until it has a chunk
		passed = min(passed, float64(nodes)*minChunk*everywhere/max(1, here))
	}
	return float64(l.walk.counts.Quads) < passed, nil
}

// quads returns how many quads the links are of: in all graphs, and in the one
// that is walked.
func (l *links) quads(dataset graph.DatasetStatistics) (everywhere, here float64, err error) {
	counts := l.walk.counts
	if by, ok := dataset.(graph.Statistics); ok && l.predicate != 0 {
		p, err := by.Predicate(l.predicate)
		at, found := slices.BinarySearchFunc(counts.Predicates, l.predicate, func(c graph.Count, id graph.ID) int { return cmp.Compare(c.ID, id) })
		if found {
			here = float64(counts.Predicates[at].N)
		}
		return float64(p.Quads), here, err
	}
	totals, err := dataset.Totals()
	return float64(totals.Quads), float64(counts.Quads), err
}

// link is a link between two nodes, by their numbers.
type link struct{ near, far int32 }

// readAll reads all links of the only graph.
func (l *links) readAll() error {
	w := l.walk
	cursor, err := w.run.snap.Scan(graph.Pattern{P: l.predicate, Graphs: w.graphs}, graph.GSPO)
	if err != nil {
		return err
	}
	defer cursor.Close()
	var all []link
	for size := minChunk; ; size = min(2*size, batchSize) {
		b := graph.Batch{S: w.column(0, size), O: w.column(1, size), P: w.column(2, size)}
		n, err := cursor.Next(&b)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		before := len(all)
		all = l.add(all, &b, n)
		const perLink = 12 // 8 now, 4 later
		if err := w.charge(int64(perLink * (len(all) - before))); err != nil {
			return err
		}
		if err := w.settle(); err != nil {
			return err
		}
	}
	l.keep(all)
	const perSpan = 8
	if err := w.charge(int64(perSpan * len(l.at))); err != nil {
		return err
	}
	return w.visit(len(all))
}

// add appends those of the first n quads of b that are links of l.
func (l *links) add(all []link, b *graph.Batch, n int) []link {
	nodes := &l.walk.nodes
	for i := range n {
		if l.predicate == 0 && l.excludes(b.P[i]) {
			continue
		}
		next := link{nodes.add(b.S[i]), nodes.add(b.O[i])}
		if l.inverse {
			next.near, next.far = next.far, next.near
		}
		all = append(all, next)
	}
	return all
}

// keep makes all the links of l.
func (l *links) keep(all []link) {
	byNear := func(a, b link) int { return cmp.Compare(a.near, b.near) }
	if !slices.IsSortedFunc(all, byNear) {
		slices.SortFunc(all, byNear)
	}
	l.complete, l.at, l.ends = true, make([]span, len(l.walk.nodes.ids)), l.ends[:0]
	for n := range l.at {
		l.at[n] = none()
	}
	for i, next := range all {
		if i == 0 || next.near != all[i-1].near {
			l.at[next.near].from = int32(i + 1)
		}
		l.ends = append(l.ends, next.far)
		l.at[next.near].to = int32(i + 2)
	}
}

// nearEnds returns the nodes from which links lead that were all read, by ID.
func (l *links) nearEnds() []graph.ID {
	var list []graph.ID
	for n, s := range l.at {
		if s.from < s.to {
			list = append(list, l.walk.nodes.ids[n])
		}
	}
	slices.Sort(list)
	return list
}
