package exec

import (
	"cmp"
	"slices"

	"qlgraph/graph"
	"qlgraph/sparql/plan"
)

// runs walks an index from one combination of keys to the next. A run of rows
// with the same keys that is long is not read to its end: the cursor moves past
// it, and what is to be counted of it is asked of the dataset.
type runs struct {
	run  *run
	node *plan.Runs
	walk *runReader
	keys [4]int // component of S, P, O, G for each key
	done bool
	out  *batch
}

func newRuns(r *run, n *plan.Runs) *runs {
	s := &runs{run: r, node: n}
	for i, k := range n.Keys {
		s.keys[i] = placeOf(&n.Pattern, k)
	}
	return s
}

// placeOf returns where the variable name stands in S, P, O, G, -1: nowhere.
func placeOf(p *plan.Pattern, name string) int {
	slots := p.Slots()
	return slices.IndexFunc(slots[:], func(s plan.Slot) bool { return s.Var == name })
}

func (s *runs) next() (*batch, error) {
	if s.done {
		return nil, nil
	}
	if s.out == nil {
		s.out = s.run.newBatch(len(s.node.Columns))
	}
	s.out.n = 0
	if len(s.node.Keys) == 0 {
		s.done = true
		return s.out, s.add(graph.Quad{}, nil)
	}
	if s.walk == nil {
		var err error
		if s.walk, err = s.open(); err != nil {
			return nil, err
		}
	}
	for s.out.n < batchSize {
		ok, err := s.walk.next()
		if err != nil {
			return nil, err
		}
		if !ok {
			s.finish()
			break
		}
		if err := s.add(s.node.Order.Quad(s.walk.key), s.walk); err != nil {
			return nil, err
		}
	}
	if s.out.n == 0 {
		return nil, nil
	}
	return s.out, nil
}

func (s *runs) open() (*runReader, error) {
	along := false
	for _, c := range s.node.Counts {
		along = along || c.Of != "" && c.Order == s.node.Order
	}
	return s.run.readRuns(s.node.Pattern.IDs(), s.node.Order, len(s.node.Keys), along)
}

// add returns a row: the keys of q, and the counts, as far as the reader knows
// them from having read the whole run.
func (s *runs) add(q graph.Quad, read *runReader) error {
	parts := [4]graph.ID{q.S, q.P, q.O, q.G}
	for i := range s.node.Keys {
		s.out.cols[i][s.out.n] = parts[s.keys[i]]
	}
	for i, c := range s.node.Counts {
		n, err := s.count(c, q, read)
		if err != nil {
			return err
		}
		id, _ := graph.IntegerID(n)
		s.out.cols[len(s.node.Keys)+i][s.out.n] = id
	}
	s.out.n++
	return s.run.check()
}

func (s *runs) count(c plan.RunCount, q graph.Quad, read *runReader) (int64, error) {
	whole := read != nil && read.whole
	switch {
	case whole && c.Of == "":
		return read.rows, nil
	case whole && c.Order == s.node.Order:
		return read.values, nil
	}
	p := s.node.Pattern.IDs()
	p.S, p.P, p.O = cmp.Or(p.S, q.S), cmp.Or(p.P, q.P), cmp.Or(p.O, q.O)
	if q.G != 0 {
		p.Graphs = graph.OneGraph(q.G)
	}
	if c.Of == "" {
		return s.run.matches(p)
	}
	return s.run.distinctValues(p, c.Order, placeOf(&s.node.Pattern, c.Of))
}

func (s *runs) finish() {
	s.done = true
	if s.walk != nil {
		s.walk.close()
		s.walk = nil
	}
}

func (s *runs) reset() {
	s.finish()
	s.done = false
}

func (s *runs) close() {
	s.finish()
	s.run.release(s.out)
	s.out = nil
}

// matches counts the matches of p: as the dataset does where that is exact, else
// by scanning.
func (r *run) matches(p graph.Pattern) (int64, error) {
	n, exact, err := r.snap.Count(p)
	if exact || err != nil {
		return n, err
	}
	cursor, err := r.snap.Scan(p, graph.OrderFor(p))
	if err != nil {
		return 0, err
	}
	defer cursor.Close()
	b := graph.Batch{S: make([]graph.ID, batchSize)}
	for n = 0; ; {
		k, err := cursor.Next(&b)
		if err != nil || k == 0 {
			return n, err
		}
		n += int64(k)
		if err := r.check(); err != nil {
			return 0, err
		}
	}
}

// statistics returns what has the counts of the version that is read: nil in a
// transaction, whose counts are made at its end.
func (r *run) statistics() any {
	if _, writing := r.snap.(graph.Tx); writing {
		return nil
	}
	return r.snap
}

// distinctValues counts the values of the component place, 0 to 3 for S, P, O,
// G, among the matches of p; in the order o it follows what p binds.
func (r *run) distinctValues(p graph.Pattern, o graph.Order, place int) (int64, error) {
	if n, ok, err := r.knownValues(p, place); ok || err != nil {
		return n, err
	}
	walk, err := r.readRuns(p, o, 1, false)
	if err != nil {
		return 0, err
	}
	defer walk.close()
	for n := int64(0); ; n++ {
		if ok, err := walk.next(); !ok || err != nil {
			return n, err
		}
		if n%batchSize == 0 {
			if err := r.check(); err != nil {
				return 0, err
			}
		}
	}
}

// knownValues counts the subjects or objects of all quads or of a predicate, and
// the subjects of a graph.
func (r *run) knownValues(p graph.Pattern, place int) (n int64, ok bool, err error) {
	var subjects, objects int64
	_, listed := p.Graphs.Set()
	g, single := p.Graphs.Single()
	all := !listed && p.Graphs.Contains(0)
	counts, hasCounts := r.statistics().(graph.Statistics)
	totals, hasTotals := r.statistics().(graph.DatasetStatistics)
	switch {
	case p.S != 0 || p.O != 0:
		return 0, false, nil
	case all && p.P != 0 && hasCounts:
		c, err := counts.Predicate(p.P)
		if err != nil {
			return 0, false, err
		}
		subjects, objects = c.Subjects, c.Objects
	case all && p.P == 0 && hasTotals:
		t, err := totals.Totals()
		if err != nil {
			return 0, false, err
		}
		subjects, objects = t.Subjects, t.Objects
	case single && p.P == 0 && hasTotals && place == 0:
		c, err := totals.Graph(g)
		return c.Subjects, true, err
	default:
		return 0, false, nil
	}
	switch place {
	case 0:
		return subjects, true, nil
	case 2:
		return objects, true, nil
	}
	return 0, false, nil
}
