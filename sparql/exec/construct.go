package exec

import (
	"strconv"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/sparql/algebra"
)

// Construction instantiates a template for the rows of a Run.
type Construction struct {
	run      *run
	root     *stage
	template [][4]piece
	once     []bool       // by triple of the template: no two rows give the same
	blanks   []string     // variables of the template that stand for blank nodes
	fresh    [][]graph.ID // their IDs for the rows of the present batch
	cur      *batch
	row, at  int
	seen     *rowSet
	out      *batch
	width    int
}

// piece is a component of a template quad.
type piece struct {
	id     graph.ID // a constant
	column int      // of the rows, -1
	blank  int      // of the blank nodes, -1
	absent bool     // a variable that is never bound
}

// Construct returns the triples of the template for all rows of q, each once
// (SPARQL 1.1 §16.2): those with an unbound variable or a component that cannot
// stand there are left out. It remembers the triples that could come again,
// within the limit of the query's memory; where the rows of q are distinct it
// knows of some that cannot.
func (q *Run) Construct(template []algebra.Quad, distinct bool) (*Construction, error) {
	c := &Construction{run: q.run, root: q.root, width: 3, seen: newRowSet(q.run, 3)}
	if err := c.prepare(template); err != nil {
		return nil, err
	}
	for i := range c.template {
		c.once[i] = c.comesOnce(i, distinct)
	}
	return c, nil
}

// ConstructQuads is Construct for the templates of an update, which name
// graphs: a zero ID in the fourth column is the unnamed graph.
func (q *Run) ConstructQuads(template []algebra.Quad) (*Construction, error) {
	c := &Construction{run: q.run, root: q.root, width: 4, seen: newRowSet(q.run, 4)}
	return c, c.prepare(template)
}

func (c *Construction) prepare(template []algebra.Quad) error {
	for _, t := range template {
		var pieces [4]piece
		for i, x := range []algebra.Term{t.S, t.P, t.O, t.G} {
			p, err := c.piece(x)
			if err != nil {
				return err
			}
			pieces[i] = p
		}
		c.template = append(c.template, pieces)
	}
	c.out = c.run.newBatch(c.width)
	c.once = make([]bool, len(c.template))
	return nil
}

// comesOnce reports whether the triple i of the template differs from row to row,
// by a blank node of its own or, where rows are distinct, by all their columns,
// and from the other triples by a constant.
func (c *Construction) comesOnce(i int, distinct bool) bool {
	blank, columns := false, map[int]bool{}
	for _, p := range c.template[i] {
		blank = blank || p.blank >= 0
		if p.column >= 0 {
			columns[p.column] = true
		}
	}
	if !blank && !(distinct && len(columns) == len(c.root.columns)) {
		return false
	}
	for j := range c.template {
		if j != i && !c.apart(i, j) {
			return false
		}
	}
	return true
}

// apart reports whether two triples of the template have different constants in
// one place.
func (c *Construction) apart(i, j int) bool {
	for k := range c.width {
		if a, b := c.template[i][k].id, c.template[j][k].id; a != 0 && b != 0 && a != b {
			return true
		}
	}
	return false
}

func (c *Construction) piece(t algebra.Term) (piece, error) {
	p := piece{column: -1, blank: -1}
	switch {
	case t.IsZero():
	case !t.IsVar():
		var err error
		p.id, err = c.run.terms.ID(t.Value)
		return p, err
	case t.Var[0] == '.':
		p.blank = indexOf(c.blanks, t.Var)
		if p.blank < 0 {
			p.blank = len(c.blanks)
			c.blanks = append(c.blanks, t.Var)
			c.fresh = append(c.fresh, make([]graph.ID, batchSize))
		}
	default:
		p.column = c.root.column(t.Var)
		p.absent = p.column < 0
	}
	return p, nil
}

// Next returns the next triples or quads, column by column, and how many they
// are, 0 at the end. They are valid until the next call.
func (c *Construction) Next() (columns [][]graph.ID, n int, err error) {
	c.out.n = 0
	for c.out.n < batchSize {
		if c.cur == nil || c.row == c.cur.n {
			if c.cur, err = c.root.next(); err != nil {
				return nil, 0, Cause(c.run.ctx, err)
			}
			if c.cur == nil {
				break
			}
			c.row, c.at = 0, 0
			if err := c.makeBlanks(); err != nil {
				return nil, 0, err
			}
		}
		if err := c.instantiate(); err != nil {
			return nil, 0, err
		}
	}
	return c.out.cols, c.out.n, nil
}

func (c *Construction) makeBlanks() error {
	for i := range c.blanks {
		for row := range c.cur.n {
			id, err := c.run.terms.Alone(rdf.Blank(c.run.freshLabel()))
			if err != nil {
				return err
			}
			c.fresh[i][row] = id
		}
	}
	return nil
}

// freshLabel returns a blank node label that is not used elsewhere.
func (r *run) freshLabel() string {
	if r.labels == 0 {
		r.labelScope = "c" + strconv.FormatUint(r.env.Rand.Uint64(), 36) + "x"
	}
	r.labels++
	return r.labelScope + strconv.FormatUint(r.labels, 36)
}

// instantiate adds triples for the present row, as far as there is room.
func (c *Construction) instantiate() error {
	for ; c.at < len(c.template); c.at++ {
		if c.out.n == batchSize {
			return nil
		}
		ok := true
		for i := range c.width {
			id, err := c.value(c.template[c.at][i])
			if err != nil {
				return err
			}
			c.out.cols[i][c.out.n] = id
			ok = ok && c.allowed(i, id, c.template[c.at][i])
		}
		if !ok {
			continue
		}
		if c.once[c.at] {
			c.out.n++
			continue
		}
		_, isNew, err := c.seen.add(c.out.cols, c.seen.all, c.out.n)
		if err != nil {
			return err
		}
		if isNew {
			c.out.n++
		}
	}
	c.row++
	c.at = 0
	return nil
}

// value returns what stands for p in the present row, a term always by the same
// ID.
func (c *Construction) value(p piece) (graph.ID, error) {
	switch {
	case p.column >= 0:
		id := c.cur.cols[p.column][c.row]
		if id.Kind() == graph.IDLocal {
			return c.run.terms.ID(c.run.terms.local[id.Payload()])
		}
		return id, nil
	case p.blank >= 0:
		return c.fresh[p.blank][c.row], nil
	}
	return p.id, nil
}

// allowed reports whether id may stand at place i of a quad.
func (c *Construction) allowed(i int, id graph.ID, p piece) bool {
	if p.absent {
		return false
	}
	if id == 0 {
		return i == 3 && p.column < 0
	}
	kind := id.TermKind()
	if id.Kind() == graph.IDLocal {
		kind = c.run.terms.local[id.Payload()].Kind()
	}
	switch i {
	case 0:
		return kind != rdf.KindLiteral
	case 1, 3:
		return kind == rdf.KindIRI
	}
	return true
}
