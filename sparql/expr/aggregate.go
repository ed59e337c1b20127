package expr

import (
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/graph/xsd"
)

// Accumulator computes one aggregate over one group (SPARQL 1.1 §18.5.1). The
// caller evaluates the expression, drops duplicates for DISTINCT, and counts
// rows itself for COUNT(*).
type Accumulator interface {
	// Add takes the value of one solution, errors included, and returns by how
	// many bytes the strings grew that are held, for whoever accounts for memory.
	Add(v Value) (grown int)
	// Result returns the aggregate of what was added; it may be called again.
	Result() Value
}

// NewAccumulator returns an empty accumulator for the aggregate with the given
// keyword in upper case, nil for an unknown one. The separator is
// GROUP_CONCAT's; env bounds its result.
func NewAccumulator(keyword, separator string, env *Env) Accumulator {
	switch keyword {
	case "COUNT":
		return &count{}
	case "SUM":
		return &Sum{}
	case "AVG":
		return &average{}
	case "MIN":
		return &extreme{sign: -1}
	case "MAX":
		return &extreme{sign: 1}
	case "SAMPLE":
		return &sample{}
	case "GROUP_CONCAT":
		return &groupConcat{separator: separator, env: env}
	}
	return nil
}

// count is Count: values that are no errors.
type count struct{ n int64 }

func (c *count) Add(v Value) int {
	if !v.IsError() {
		c.n++
	}
	return 0
}
func (c *count) Result() Value { return OfXSD(xsd.NewInteger(c.n)) }

// average is Avg.
type average struct{ Sum }

func (a *average) Result() Value { return a.Average() }

// extreme is Min or Max: the first or last in the order of ORDER BY, in which
// errors come first.
type extreme struct {
	best Value
	any  bool
	sign int
}

func (e *extreme) Add(v Value) int {
	if e.any && Order(v, e.best)*e.sign <= 0 {
		return 0
	}
	grown := v.Size() - e.best.Size()
	e.best, e.any = v, true
	return grown
}
func (e *extreme) Result() Value { return e.best }

// sample is Sample: the first value that is no error.
type sample struct{ v Value }

func (s *sample) Add(v Value) int {
	if !s.v.IsError() {
		return 0
	}
	s.v = v
	return v.Size()
}
func (s *sample) Result() Value { return s.v }

// groupConcat is GroupConcat over the strings that STR gives: an error or a
// blank node makes it an error; of nothing it is "".
type groupConcat struct {
	separator string
	env       *Env
	text      strings.Builder
	n         int
	failed    bool
}

func (g *groupConcat) Add(v Value) int {
	if g.failed {
		return 0
	}
	kind := v.Kind()
	if kind != rdf.KindLiteral && kind != rdf.KindIRI {
		g.failed = true
		return 0
	}
	s := v.lexical()
	if !g.env.fits(g.text.Len() + len(g.separator) + len(s)) {
		g.failed = true
		return 0
	}
	before := g.text.Cap()
	if g.n > 0 {
		g.text.WriteString(g.separator)
	}
	g.text.WriteString(s)
	g.n++
	return g.text.Cap() - before
}

func (g *groupConcat) Result() Value {
	if g.failed {
		return Value{}
	}
	return String(g.text.String())
}
