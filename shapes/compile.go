package shapes

import (
	"fmt"
	"strings"

	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/sparql"
)

// Shapes is a compiled shapes graph.
type Shapes struct {
	shapes      []*shape // in the order of the shapes graph
	byTerm      map[rdf.Term]*shape
	constants   []rdf.Term
	constraints int // how many there are, all shapes together
	notices     []Notice
	prefixes    prefixes
	parser      *sparql.Engine
	graph       []rdf.Quad // the shapes graph itself, where usesShapes
	usesShapes  bool       // a query asks for the shapes graph
}

// CompileOptions of Compile.
type CompileOptions struct {
	// Import returns the graph that an owl:imports of the shapes graph names.
	// Where it is nil or returns false the import is noted and skipped.
	Import func(iri string) ([]rdf.Quad, bool)
	// Prefixes shortens IRIs in messages and texts: prefix → namespace.
	Prefixes map[string]string
}

// Notice is something about a shapes graph or its use that is no result but
// that its author should know.
type Notice struct {
	Node    rdf.Term
	Message string
}

// IllFormedError lists every rule that a shapes graph breaks (SHACL §1.4: an
// ill-formed shapes graph is a failure, not a result).
type IllFormedError struct {
	Problems []Notice
}

// Error names every node with the rule that it breaks.
func (e *IllFormedError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.Node.String() + ": " + p.Message
	}
	return "ill-formed shapes graph: " + strings.Join(lines, "; ")
}

// shape is a compiled node or property shape.
type shape struct {
	index       int
	term        rdf.Term
	path        Path // zero for a node shape
	targets     []target
	constraints []*constraint
	severity    rdf.Term
	messages    []rdf.Term
	names       []rdf.Term // sh:name
	labels      []rdf.Term // rdfs:label
	advice      []rdf.Term // sh:description
	deactivated bool
	recursive   bool     // the shape refers to itself, directly or not
	opaque      bool     // it has constraints that may read anything (SPARQL)
	typed       bool     // it reads the types of its value nodes
	closed      bool     // it reads all statements of its value nodes
	compared    []int    // constants of the predicates it reads at the focus node
	references  []*shape // the shapes that its constraints refer to
	properties  []*shape // those of them that are its sh:property
	parent      *shape   // the first shape that has it as sh:property
}

// constraint is a check of the value nodes of one focus node.
type constraint struct {
	index     int
	component rdf.Term
	source    rdf.Term // of a SPARQL constraint
	messages  []rdf.Term
	check     check

	parameters map[string]rdf.Term // of a SPARQL-based constraint component
}

// check reports what is wrong through e.
type check func(e *evaluation)

// Compile compiles a shapes graph, whatever graphs the quads are in. The error
// is an *IllFormedError.
func Compile(graph []rdf.Quad, options CompileOptions) (*Shapes, error) {
	c := &compiler{
		out: &Shapes{
			byTerm:   map[rdf.Term]*shape{},
			prefixes: newPrefixes(options.Prefixes),
			parser:   sparql.New(mem.New(), sparql.Options{}),
		},
		known:    map[rdf.Term]int{},
		options:  options,
		declared: coreComponents(),
	}
	c.constant(rdfType)    // typeConstant
	c.constant(subClassOf) // subClassConstant
	graph = c.imported(graph)
	c.src = newSource(graph)
	c.components()
	for _, s := range c.src.order {
		if c.isShape(s) {
			c.shape(s)
		}
	}
	if len(c.problems) > 0 {
		return nil, &IllFormedError{c.problems}
	}
	c.markRecursion()
	if c.out.usesShapes {
		c.out.graph = graph
	}
	return c.out, nil
}

type compiler struct {
	src      *source
	out      *Shapes
	known    map[rdf.Term]int // index of a constant
	declared []component
	custom   []customComponent
	problems []Notice
	options  CompileOptions
}

// illFormed notes that the node breaks a rule.
func (c *compiler) illFormed(n rdf.Term, format string, args ...any) {
	c.problems = append(c.problems, Notice{n, fmt.Sprintf(format, args...)})
}

func (c *compiler) notice(n rdf.Term, format string, args ...any) {
	c.out.notices = append(c.out.notices, Notice{n, fmt.Sprintf(format, args...)})
}

// constant returns the index of t among the terms that a validation looks up
// before it begins.
func (c *compiler) constant(t rdf.Term) int {
	i, ok := c.known[t]
	if !ok {
		i = len(c.out.constants)
		c.known[t] = i
		c.out.constants = append(c.out.constants, t)
	}
	return i
}

func (c *compiler) constantsOf(terms []rdf.Term) []int {
	indexes := make([]int, len(terms))
	for i, t := range terms {
		indexes[i] = c.constant(t)
	}
	return indexes
}

// imported returns the shapes graph with what it imports.
func (c *compiler) imported(quads []rdf.Quad) []rdf.Quad {
	seen := map[rdf.Term]bool{}
	for i := 0; i < len(quads); i++ {
		q := quads[i]
		if q.P != owlImports || seen[q.O] {
			continue
		}
		seen[q.O] = true
		if c.options.Import != nil {
			if more, ok := c.options.Import(q.O.Value()); ok {
				quads = append(quads[:len(quads):len(quads)], more...)
				continue
			}
		}
		c.notice(q.O, "the import is not bundled and was not followed")
	}
	return quads
}

// isShape reports whether s has to be treated as a shape by itself (SHACL
// §2.1); shapes that others refer to are found through them.
func (c *compiler) isShape(s rdf.Term) bool {
	if c.src.isInstance(s, nodeShape) || c.src.isInstance(s, propertyShape) {
		return true
	}
	for _, name := range targetProperties {
		if len(c.src.values(s, name)) > 0 {
			return true
		}
	}
	if s.IsBlank() {
		return false // an anonymous shape that nothing refers to has no target
	}
	for _, d := range c.declared {
		if len(c.src.objects[key{s, d.parameter}]) > 0 {
			return true
		}
	}
	return len(c.src.values(s, "sparql")) > 0
}

// shape returns the compiled shape s. A shape that is being compiled is
// returned as far as it is: recursion is found afterwards.
func (c *compiler) shape(s rdf.Term) *shape {
	if known, ok := c.out.byTerm[s]; ok {
		return known
	}
	compiled := &shape{index: len(c.out.shapes), term: s, severity: violation}
	c.out.byTerm[s] = compiled
	c.out.shapes = append(c.out.shapes, compiled)
	c.describe(compiled)
	c.targets(compiled)
	for _, d := range c.declared {
		c.declare(compiled, d)
	}
	for _, v := range c.src.values(s, "sparql") {
		compileSPARQL(c, compiled, v)
	}
	for _, d := range c.custom {
		c.declareCustom(compiled, d)
	}
	return compiled
}

// describe reads what a shape says besides its constraints.
func (c *compiler) describe(s *shape) {
	if paths := c.src.values(s.term, "path"); len(paths) == 1 {
		path, broken := c.path(paths[0], 0)
		if broken != "" {
			c.illFormed(s.term, "sh:path: %s", broken)
		}
		s.path = path
		if c.src.isInstance(s.term, nodeShape) {
			c.illFormed(s.term, "a node shape has no sh:path")
		}
	} else if len(paths) > 1 {
		c.illFormed(s.term, "a property shape has exactly one sh:path, this has %d", len(paths))
	} else if c.src.isInstance(s.term, propertyShape) {
		c.illFormed(s.term, "a property shape has exactly one sh:path, this has none")
	}
	if v, ok := c.single(s.term, "severity"); ok {
		if !v.IsIRI() {
			c.illFormed(s.term, "sh:severity is an IRI")
		}
		s.severity = v
	}
	if v, ok := c.single(s.term, "deactivated"); ok {
		s.deactivated = c.boolean(s.term, "deactivated", v)
	}
	s.messages = c.texts(s.term, "message")
	s.names = c.src.values(s.term, "name")
	s.labels = c.src.objects[key{s.term, rdfsLabel}]
	if predicate, ok := s.path.Predicate(); ok && len(s.names) == 0 {
		s.names = c.src.objects[key{predicate, rdfsLabel}]
	}
	s.advice = c.src.values(s.term, "description")
}

// texts returns the values of a property that takes strings and
// language-tagged strings.
func (c *compiler) texts(s rdf.Term, name string) []rdf.Term {
	values := c.src.values(s, name)
	for _, v := range values {
		if d := v.Datatype(); d != rdf.XSDString && d != rdf.RDFLangString {
			c.illFormed(s, "sh:%s is a string, with or without language tag, not %s", name, v)
		}
	}
	return values
}

// single returns the value of a property that has at most one.
func (c *compiler) single(s rdf.Term, name string) (rdf.Term, bool) {
	values := c.src.values(s, name)
	if len(values) > 1 {
		c.illFormed(s, "sh:%s has at most one value, not %d", name, len(values))
	}
	if len(values) == 0 {
		return rdf.Term{}, false
	}
	return values[0], true
}

func (c *compiler) boolean(s rdf.Term, name string, v rdf.Term) bool {
	if v.Datatype() != rdf.XSDBoolean {
		c.illFormed(s, "sh:%s is true or false, not %s", name, v)
	}
	return v.Value() == "true" || v.Value() == "1"
}

// markRecursion finds the shapes that refer to themselves. SHACL §3.4.3 leaves
// their validation open; ours takes what it is about to validate as valid.
func (c *compiler) markRecursion() {
	for _, s := range c.out.shapes {
		seen := map[*shape]bool{}
		next := append([]*shape(nil), s.references...)
		for len(next) > 0 && !s.recursive {
			r := next[len(next)-1]
			next = next[:len(next)-1]
			if r == s {
				s.recursive = true
				c.notice(s.term, "the shape refers to itself; a node that is being validated against it counts as valid")
			}
			if !seen[r] {
				seen[r] = true
				next = append(next, r.references...)
			}
		}
	}
}

// Notices returns what the author of the shapes graph should know: imports not
// followed, references to shapes that are not there, recursion.
func (s *Shapes) Notices() []Notice { return s.notices }
