package shapes

import (
	"cmp"
	"slices"
	"strconv"

	"qlgraph/graph/rdf"
)

// Report is the outcome of a validation (SHACL §3.6).
type Report struct {
	// Conforms is true if there is no result at all, of whatever severity.
	Conforms bool
	// Results are ordered by focus node, then path, shape, component and value.
	Results []Result
	// Coverage tells, for every shape with targets in the order of the shapes
	// graph, how much it was tested.
	Coverage []ShapeCoverage
	// Unknown are the terms of the data that the vocabulary of the options does
	// not know.
	Unknown []UnknownTerm
	// Notices are those of the shapes.
	Notices []Notice

	shapes      *Shapes
	evaluations []int64 // by constraint
}

// Result is a value or a focus node that breaks a constraint.
type Result struct {
	Focus     rdf.Term
	Path      Path     // zero where the constraint is about the focus node itself
	Value     rdf.Term // no term where no single value is to blame
	Shape     rdf.Term // sh:sourceShape
	Component rdf.Term // sh:sourceConstraintComponent
	Source    rdf.Term // sh:sourceConstraint, of SPARQL constraints
	Severity  rdf.Term
	Messages  []rdf.Term // strings and language-tagged strings

	shape  *shape
	target *shape   // the shape whose target led here
	root   rdf.Term // the focus node that the target selected
}

// Root returns the focus node that a target selected and whose validation led
// to the result: the focus node itself unless a nested sh:property did.
func (r Result) Root() rdf.Term { return r.root }

// ShapeCoverage tells how much a shape was tested.
type ShapeCoverage struct {
	Shape       rdf.Term
	FocusNodes  int
	Constraints []ConstraintCoverage
}

// ConstraintCoverage tells how often a constraint of a shape, or of one of its
// property shapes, was evaluated.
type ConstraintCoverage struct {
	Path        Path
	Component   rdf.Term
	Evaluations int64
}

func newReport(s *Shapes, jobs []job) *Report {
	r := &Report{shapes: s, evaluations: make([]int64, s.constraints), Notices: s.notices}
	for _, j := range jobs {
		r.Coverage = append(r.Coverage, ShapeCoverage{Shape: j.shape.term, FocusNodes: len(j.nodes)})
	}
	return r
}

// add takes over what a worker found. Workers call it one by one.
func (r *Report) add(w *worker) {
	w.mu.Lock()
	defer w.mu.Unlock()
	r.Results = append(r.Results, w.results...)
	for i, n := range w.evaluations {
		r.evaluations[i] += n
	}
}

// finish orders the results.
func (r *Report) finish() {
	slices.SortFunc(r.Results, compareResults)
	r.conclude()
}

// conclude says what follows from results and evaluations.
func (r *Report) conclude() {
	r.Conforms = len(r.Results) == 0
	for i := range r.Coverage {
		c := &r.Coverage[i]
		s := r.shapes.byTerm[c.Shape]
		c.Constraints = r.constraintCoverage(s)
		for _, p := range s.properties {
			c.Constraints = append(c.Constraints, r.constraintCoverage(p)...)
		}
	}
}

func (r *Report) constraintCoverage(s *shape) []ConstraintCoverage {
	var all []ConstraintCoverage
	for _, k := range s.constraints {
		all = append(all, ConstraintCoverage{s.path, k.component, r.evaluations[k.index]})
	}
	return all
}

func compareResults(a, b Result) int {
	if c := rdf.Compare(a.Focus, b.Focus); c != 0 {
		return c
	}
	if c := comparePaths(a.Path, b.Path); c != 0 {
		return c
	}
	return cmp.Or(a.shape.index-b.shape.index, rdf.Compare(a.Component, b.Component),
		rdf.Compare(a.Source, b.Source), rdf.Compare(a.Value, b.Value), rdf.Compare(a.root, b.root))
}

func comparePaths(a, b Path) int {
	if a.op == b.op && a.op <= predicatePath {
		return rdf.Compare(a.predicate, b.predicate)
	}
	return cmp.Compare(a.String(), b.String())
}

// Quads returns the report as the standard's RDF graph, in the default graph.
// Blank nodes of the shapes get the prefix "s", those of the data "d", and
// those of the report "r", so that they stay apart.
func (r *Report) Quads() []rdf.Quad {
	g := &reportGraph{report: rdf.Blank("report")}
	g.add(g.report, rdf.RDFType, rdf.IRI(sh+"ValidationReport"))
	g.add(g.report, sh+"conforms", rdf.TypedLiteral(strconv.FormatBool(r.Conforms), rdf.XSDBoolean))
	for i := range r.Results {
		g.result(&r.Results[i])
	}
	return g.quads
}

type reportGraph struct {
	report rdf.Term
	quads  []rdf.Quad
	blanks int
}

func (g *reportGraph) add(s rdf.Term, p string, o rdf.Term) {
	g.quads = append(g.quads, rdf.Triple(s, rdf.IRI(p), o))
}

func (g *reportGraph) blank() rdf.Term {
	g.blanks++
	return rdf.Blank("r" + strconv.Itoa(g.blanks))
}

func (g *reportGraph) result(r *Result) {
	n := g.blank()
	g.add(g.report, sh+"result", n)
	g.quads = append(g.quads, r.Triples(n, g.blank)...)
}

// Triples returns the triples that describe the result as the node n, except
// for the one that links it to its report. Blank nodes of a complex path are
// made by blank.
func (r *Result) Triples(n rdf.Term, blank func() rdf.Term) []rdf.Quad {
	g := &reportGraph{}
	g.add(n, rdf.RDFType, rdf.IRI(sh+"ValidationResult"))
	g.add(n, sh+"focusNode", scoped(r.Focus, "d"))
	if !r.Path.IsZero() {
		path, quads := r.Path.triples(blank)
		g.quads = append(g.quads, quads...)
		g.add(n, sh+"resultPath", path)
	}
	if !r.Value.IsZero() {
		g.add(n, sh+"value", scoped(r.Value, "d"))
	}
	g.add(n, sh+"resultSeverity", r.Severity)
	g.add(n, sh+"sourceConstraintComponent", r.Component)
	g.add(n, sh+"sourceShape", scoped(r.Shape, "s"))
	if !r.Source.IsZero() {
		g.add(n, sh+"sourceConstraint", scoped(r.Source, "s"))
	}
	for _, m := range r.Messages {
		g.add(n, sh+"resultMessage", m)
	}
	return g.quads
}

func scoped(t rdf.Term, scope string) rdf.Term {
	if t.IsBlank() {
		return rdf.Blank(scope + t.Value())
	}
	return t
}
