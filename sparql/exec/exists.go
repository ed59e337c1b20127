package exec

import (
	"strings"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/sparql/algebra"
	"qlgraph/sparql/plan"
)

// existsTest computes EXISTS for the rows of a batch: all at once where the
// pattern can start from the rows as an Apply does, else row by row with the
// row's values substituted (SPARQL 1.1 §18.6), once per distinct values.
type existsTest struct {
	run   *run
	spec  *plan.Exists
	right *stage
	outer []int
	row   int
	found []bool

	names []string // variables of the pattern that are columns
	memo  map[string]bool
}

func (r *run) newExists(spec *plan.Exists, columns []string) (*existsTest, error) {
	t := &existsTest{run: r, spec: spec, memo: map[string]bool{}}
	if spec.Right == nil {
		mentioned := map[string]bool{}
		algebra.Mentioned(spec.Pattern, mentioned)
		for i, c := range columns {
			if mentioned[c] {
				t.names = append(t.names, c)
				t.outer = append(t.outer, i)
			}
		}
		return t, nil
	}
	var err error
	if t.right, err = r.compile(spec.Right); err != nil {
		return nil, err
	}
	t.row = t.right.column(spec.Row)
	for _, name := range spec.Outer {
		t.outer = append(t.outer, indexOf(columns, name))
	}
	return t, nil
}

// over sets found for every row of b.
func (t *existsTest) over(b *batch) error {
	t.found = append(t.found[:0], make([]bool, b.n)...)
	if t.right == nil {
		return t.substitute(b)
	}
	t.run.feed(t.spec.Of, b, t.outer)
	t.right.reset()
	for {
		m, err := t.right.next()
		if err != nil || m == nil {
			return err
		}
		for _, row := range m.cols[t.row][:m.n] {
			t.found[row] = true
		}
	}
}

// substitute evaluates the pattern for each distinct combination of values.
func (t *existsTest) substitute(b *batch) error {
	ids := make([]graph.ID, len(t.outer))
	terms := make([]rdf.Term, len(t.outer))
	for row := range b.n {
		var key strings.Builder
		for i, c := range t.outer {
			ids[i] = b.cols[c][row]
			for shift := 0; shift < 64; shift += 8 {
				key.WriteByte(byte(ids[i] >> shift))
			}
		}
		found, ok := t.memo[key.String()]
		if !ok {
			if err := t.run.decode(ids, terms); err != nil {
				return err
			}
			values := map[string]rdf.Term{}
			for i, name := range t.names {
				if !terms[i].IsZero() {
					values[name] = terms[i]
				}
			}
			var err error
			if found, err = t.run.nonEmpty(algebra.Substitute(t.spec.Pattern, values), t.spec.Active); err != nil {
				return err
			}
			if err := t.run.mem.charge(int64(key.Len() + entryBytes)); err != nil {
				return err
			}
			t.memo[key.String()] = found
		}
		t.found[row] = found
	}
	return nil
}

// maxNesting bounds plans that are made while a query runs, one inside the
// other; the parser's depth limit keeps written queries far below.
const maxNesting = 100

// nested plans and compiles a pattern while the query runs.
func (r *run) nested(n algebra.Node, active plan.Active) (*stage, func(), error) {
	if r.depth++; r.depth > maxNesting {
		return nil, nil, &LimitError{Limit: "depth", Max: maxNesting}
	}
	p, err := r.planner.Pattern(n, active)
	if err != nil {
		return nil, nil, err
	}
	outer := r.exist
	s, err := r.start(p)
	if err != nil {
		return nil, nil, err
	}
	return s, func() {
		s.close()
		r.exist = outer
		r.depth--
	}, nil
}

func (r *run) nonEmpty(n algebra.Node, active plan.Active) (bool, error) {
	s, done, err := r.nested(n, active)
	if err != nil {
		return false, err
	}
	defer done()
	b, err := s.next()
	return b != nil, err
}

// perGraph evaluates a pattern in one named graph after the other.
type perGraph struct {
	run    *run
	node   *plan.PerGraph
	graphs []plan.NamedGraph
	at     int
	cur    *stage
	done   func()
	out    *batch
	from   []int
}

func newPerGraph(r *run, n *plan.PerGraph) (*perGraph, error) {
	return &perGraph{run: r, node: n, at: -1}, nil
}

func (g *perGraph) next() (*batch, error) {
	if g.at < 0 {
		names, err := g.node.Named.List(g.run.snap)
		if err != nil {
			return nil, err
		}
		g.graphs, g.at = names, 0
	}
	for g.at < len(g.graphs) {
		if g.cur == nil {
			if err := g.open(); err != nil {
				return nil, err
			}
		}
		b, err := g.cur.next()
		if err != nil {
			return nil, err
		}
		if b != nil {
			if out := g.extend(b); out.n > 0 {
				return out, nil
			}
			continue
		}
		g.shut()
		g.at++
	}
	return nil, nil
}

func (g *perGraph) open() error {
	active := plan.Active{Graphs: g.graphs[g.at].Graphs}
	s, done, err := g.run.nested(g.node.Pattern, active)
	if err != nil {
		return err
	}
	g.cur, g.done, g.from = s, done, s.places(g.node.Columns)
	return nil
}

// extend adds the graph's name to the rows of b, and drops those in which the
// variable has another value.
func (g *perGraph) extend(b *batch) *batch {
	if g.out == nil {
		g.out = g.run.newBatch(len(g.node.Columns))
	}
	name := g.graphs[g.at].ID
	n := 0
	for row := range b.n {
		agrees := true
		for i, c := range g.from {
			var id graph.ID
			if c >= 0 {
				id = b.cols[c][row]
			}
			if g.node.Columns[i] == g.node.Var {
				agrees = id == 0 || id == name
				id = name
			}
			g.out.cols[i][n] = id
		}
		if agrees {
			n++
		}
	}
	g.out.n = n
	return g.out
}

func (g *perGraph) shut() {
	if g.done != nil {
		g.done()
		g.cur, g.done = nil, nil
	}
}

func (g *perGraph) reset() {
	g.shut()
	g.at = -1
}

func (g *perGraph) close() {
	g.shut()
	g.run.release(g.out)
	g.out = nil
}
