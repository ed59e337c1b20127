package exec

import (
	"fmt"
	"sync"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/graph/xsd"
	"qlgraph/sparql/algebra"
	"qlgraph/sparql/expr"
	"qlgraph/sparql/plan"
)

// expression is a compiled expression: a closure per node, evaluated row by row
// over values that were decoded column by column.
type expression struct {
	run     *run
	eval    func(row int) expr.Value
	operand []*operand                  // the columns that it reads
	exists  []*existsTest               // the EXISTS in it
	single  *operand                    // the only column, if its value alone decides the result
	memo    *memo[expr.Value]           // with single; nil where the expression is no more than the column
	part    func(xsd.Value) (int, bool) // of single, where the expression is YEAR or the like of it
	quick   func() (decision, error)    // of a filter; nil where rows cannot be told apart by their values
	window  *plan.Window                // of a filter that compares a column with a constant
	place   int                         // of that column
	kept    []bool                      // rows of the batch being filtered
	open    []int32                     // those of which IDs do not tell
}

// operand is a column with its values for the present batch.
type operand struct {
	place  int
	ids    []graph.ID
	values []expr.Value
	stored []graph.ID // of ids, with a term in the dataset or the query's table
	places []int32    // of stored in ids
}

// expression compiles e over rows with the given columns. A variable that is
// no column is unbound.
func (r *run) expression(e algebra.Expr, columns []string) (*expression, error) {
	x := &expression{run: r}
	c := &compiler{run: r, columns: columns, out: x, operands: map[string]*operand{}}
	eval, err := c.compile(e)
	if err != nil {
		return nil, err
	}
	x.eval = eval
	if len(x.operand) == 1 && len(x.exists) == 0 && !c.volatile {
		x.single = x.operand[0]
		if _, bare := e.(*algebra.Var); !bare {
			x.memo = &memo[expr.Value]{}
		}
		x.part = timePart(e)
	}
	if len(x.exists) == 0 && !c.volatile {
		if w := plan.WindowOf(e); w != nil && indexOf(columns, w.Var) >= 0 {
			x.window, x.place = w, indexOf(columns, w.Var)
		}
		x.quick = sync.OnceValues(func() (decision, error) { return r.decision(e, columns) })
	}
	return x, nil
}

// begin makes x ready for the rows of b.
func (x *expression) begin(b *batch) error {
	for _, o := range x.operand {
		o.ids = b.cols[o.place][:b.n]
	}
	for _, e := range x.exists {
		if err := e.over(b); err != nil {
			return err
		}
	}
	return nil
}

// loadAll finds the values of all rows.
func (x *expression) loadAll() error {
	for _, o := range x.operand {
		if err := o.load(x.run, o.ids); err != nil {
			return err
		}
	}
	return nil
}

// load finds the values of ids. Those that an ID carries need no term.
func (o *operand) load(r *run, ids []graph.ID) error {
	if cap(o.values) < len(ids) {
		o.values = make([]expr.Value, len(ids))
	}
	o.values = o.values[:len(ids)]
	o.stored, o.places = o.stored[:0], o.places[:0]
	for i, id := range ids {
		if id.Inlined() {
			o.values[i] = expr.OfInlined(id)
			continue
		}
		o.stored, o.places = append(o.stored, id), append(o.places, int32(i))
	}
	terms := r.termBuffer(len(o.stored))
	if err := r.decode(o.stored, terms); err != nil {
		return err
	}
	for i, t := range terms {
		o.values[o.places[i]] = expr.OfTerm(t)
	}
	return nil
}

func (r *run) termBuffer(n int) []rdf.Term {
	if len(r.decoded) < n {
		r.decoded = make([]rdf.Term, n)
	}
	return r.decoded[:n]
}

// all calls f with the value of each row of b.
func (x *expression) all(b *batch, f func(row int, v expr.Value)) error {
	if err := x.begin(b); err != nil {
		return err
	}
	if x.part != nil && x.parts(func(row, n int, ok bool) {
		v := expr.Value{}
		if ok {
			v = expr.Integer(n)
		}
		f(row, v)
	}) {
		return x.run.check()
	}
	if x.memo != nil && x.memo.pays() {
		return remembered(x, x.memo, func(v expr.Value) (expr.Value, error) { return v, nil }, f)
	}
	if err := x.loadAll(); err != nil {
		return err
	}
	for row := range b.n {
		if row%checkRows == checkRows-1 && x.run.check() != nil {
			break
		}
		x.run.env.Solution = x.run.solution + uint64(row)
		f(row, x.eval(row))
	}
	return x.run.check()
}

// timePart returns the part of a time that e takes out of a variable, else nil.
func timePart(e algebra.Expr) func(xsd.Value) (int, bool) {
	call, ok := e.(*algebra.Call)
	if !ok || len(call.Args) != 1 {
		return nil
	}
	if _, bare := call.Args[0].(*algebra.Var); !bare {
		return nil
	}
	return expr.TimePart(call.Op)
}

// parts takes the part out of the times of a column without a detour; false where
// the column has other values as well.
func (x *expression) parts(f func(row, part int, ok bool)) bool {
	for _, id := range x.single.ids {
		if kind := id.Kind(); kind != graph.IDDateTime && kind != graph.IDDate {
			return false
		}
	}
	for row, id := range x.single.ids {
		n, ok := x.part(expr.InlinedData(id))
		f(row, n, ok)
	}
	return true
}

// checkRows is how many rows are evaluated before the limits are looked at
// again: a row of an IN with every value that Limits.Nodes allows takes
// milliseconds, a batch of them seconds.
const checkRows = 16

// filter keeps the rows of b for which x is true, moves sel along where it is
// given, and returns how many they are. Only rows of which IDs cannot tell are
// evaluated.
func (x *expression) filter(b *batch, sel []int32) (int, error) {
	if err := x.judge(b); err != nil {
		return 0, err
	}
	if err := x.filterOpen(b); err != nil {
		return 0, err
	}
	n := 0
	for row, kept := range x.kept {
		if !kept {
			continue
		}
		if n != row {
			for _, col := range b.cols {
				col[n] = col[row]
			}
			if sel != nil {
				sel[n] = sel[row]
			}
		}
		n++
	}
	return n, nil
}

// judge fills kept and open by looking at IDs.
func (x *expression) judge(b *batch) error {
	x.kept, x.open = append(x.kept[:0], make([]bool, b.n)...), x.open[:0]
	if x.window != nil {
		for row, id := range b.cols[x.place][:b.n] {
			if told, holds := x.window.Tells(id); told {
				x.kept[row] = holds
			} else {
				x.open = append(x.open, int32(row))
			}
		}
	} else {
		for row := range b.n {
			x.open = append(x.open, int32(row))
		}
	}
	if x.quick == nil || len(x.open) == 0 {
		return nil
	}
	decide, err := x.quick()
	if decide == nil || err != nil {
		return err
	}
	still := x.open[:0]
	for _, row := range x.open {
		switch decide(b, int(row)) {
		case isTrue:
			x.kept[row] = true
		case unknown:
			still = append(still, row)
		}
	}
	x.open = still
	return nil
}

// filterOpen evaluates the rows that are open.
func (x *expression) filterOpen(b *batch) error {
	rows := b
	switch {
	case len(x.open) == 0:
		return x.run.check()
	case len(x.open) < b.n:
		rows = x.run.newBatch(len(b.cols))
		defer x.run.release(rows)
		rows.n = len(x.open)
		for _, o := range x.operand {
			gather(rows.cols[o.place], 0, b.cols[o.place], x.open)
		}
	}
	return x.all(rows, func(row int, v expr.Value) {
		truth, ok := v.Bool()
		x.kept[x.open[row]] = truth && ok
	})
}

// compiler turns algebra expressions into closures.
type compiler struct {
	run      *run
	columns  []string
	out      *expression
	operands map[string]*operand
	volatile bool
}

type evaluator = func(row int) expr.Value

func (c *compiler) compile(e algebra.Expr) (evaluator, error) {
	switch e := e.(type) {
	case *algebra.Var:
		return c.variable(e.Name), nil
	case *algebra.Const:
		v := expr.Constant(e.Value)
		return func(int) expr.Value { return v }, nil
	case *algebra.Exists:
		return c.existential(e)
	case *algebra.Function:
		f, ok := expr.ByIRI(e.IRI)
		if !ok || len(e.Args) < f.Min || len(e.Args) > f.Max {
			return func(int) expr.Value { return expr.Value{} }, nil
		}
		return c.function(f, e.Args)
	case *algebra.Call:
		return c.call(e)
	}
	return nil, fmt.Errorf("exec: unknown expression %T", e)
}

func (c *compiler) variable(name string) evaluator {
	place := indexOf(c.columns, name)
	if place < 0 {
		return func(int) expr.Value { return expr.Value{} }
	}
	o := c.operands[name]
	if o == nil {
		o = &operand{place: place}
		c.operands[name] = o
		c.out.operand = append(c.out.operand, o)
	}
	return func(row int) expr.Value { return o.values[row] }
}

func (c *compiler) existential(e *algebra.Exists) (evaluator, error) {
	t, err := c.run.newExists(c.run.exist[e], c.columns)
	if err != nil {
		return nil, err
	}
	c.out.exists = append(c.out.exists, t)
	return func(row int) expr.Value { return expr.Boolean(t.found[row] != e.Not) }, nil
}

func (c *compiler) list(args []algebra.Expr) ([]evaluator, error) {
	out := make([]evaluator, len(args))
	for i, a := range args {
		var err error
		if out[i], err = c.compile(a); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// function compiles a call whose arguments are all evaluated first.
func (c *compiler) function(f expr.Function, args []algebra.Expr) (evaluator, error) {
	list, err := c.list(args)
	if err != nil {
		return nil, err
	}
	c.volatile = c.volatile || f.Volatile
	env, values := c.run.env, make([]expr.Value, len(list))
	return func(row int) expr.Value {
		for i, a := range list {
			values[i] = a(row)
		}
		return f.Call(env, values)
	}, nil
}

// call compiles an operator or built-in; the lazy ones are IF, COALESCE, && and ||.
func (c *compiler) call(e *algebra.Call) (evaluator, error) {
	list, err := c.list(e.Args)
	if err != nil {
		return nil, err
	}
	switch e.Op {
	case "&&":
		return chain(list, false, expr.And), nil
	case "||":
		return chain(list, true, expr.Or), nil
	case "IF":
		return func(row int) expr.Value {
			truth, ok := list[0](row).Bool()
			switch {
			case !ok:
				return expr.Value{}
			case truth:
				return list[1](row)
			}
			return list[2](row)
		}, nil
	case "COALESCE":
		return func(row int) expr.Value {
			for _, a := range list {
				if v := a(row); !v.IsError() {
					return v
				}
			}
			return expr.Value{}
		}, nil
	case "IN", "NOT IN":
		return membership(list, e.Args, e.Op == "NOT IN"), nil
	}
	if op := operation(e.Op, list); op != nil {
		return op, nil
	}
	f, ok := expr.Builtin(e.Op)
	if !ok {
		return nil, fmt.Errorf("exec: unknown function %s", e.Op)
	}
	return c.function(f, e.Args)
}

// chain is && (stop false) or || (stop true) over a list: errors are unknown
// (SPARQL 1.1 §17.2), and one operand can decide.
func chain(list []evaluator, stop bool, op func(a, b expr.Value) expr.Value) evaluator {
	return func(row int) expr.Value {
		v := expr.Boolean(!stop)
		for _, a := range list {
			x := a(row)
			if truth, ok := x.Bool(); ok && truth == stop {
				return expr.Boolean(stop)
			}
			v = op(v, x)
		}
		return v
	}
}

// membership is IN; what is constant of the list is evaluated once.
func membership(list []evaluator, args []algebra.Expr, not bool) evaluator {
	values := make([]expr.Value, len(list)-1)
	var vary []int
	for i, a := range args[1:] {
		if _, constant := a.(*algebra.Const); constant {
			values[i] = list[i+1](0)
		} else {
			vary = append(vary, i)
		}
	}
	return func(row int) expr.Value {
		for _, i := range vary {
			values[i] = list[i+1](row)
		}
		v := expr.In(list[0](row), values)
		if not {
			return expr.Not(v)
		}
		return v
	}
}

// operation returns the evaluator of an operator, nil for all else.
func operation(op string, list []evaluator) evaluator {
	if f := expr.Unary(op); f != nil && len(list) == 1 {
		return func(row int) expr.Value { return f(list[0](row)) }
	}
	if f := expr.Binary(op); f != nil && len(list) == 2 {
		return func(row int) expr.Value { return f(list[0](row), list[1](row)) }
	}
	return nil
}
