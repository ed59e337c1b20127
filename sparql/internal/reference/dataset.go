package reference

import (
	"qlgraph/graph/rdf"
	"qlgraph/sparql/expr"
)

// Dataset is an RDF dataset as sets of triples.
type Dataset struct {
	Default []rdf.Quad
	Named   map[rdf.Term][]rdf.Quad
}

// NewDataset sorts quads into graphs. With union the default graph holds the
// triples of all of them, each once.
func NewDataset(quads []rdf.Quad, union bool) *Dataset {
	d := &Dataset{Named: map[rdf.Term][]rdf.Quad{}}
	seen := map[rdf.Quad]bool{}
	for _, q := range quads {
		if seen[q] {
			continue
		}
		seen[q] = true
		triple := q.In(rdf.Term{})
		if !q.G.IsZero() {
			d.Named[q.G] = append(d.Named[q.G], triple)
		}
		if q.G.IsZero() || union && !seen[triple] {
			seen[triple] = true
			d.Default = append(d.Default, triple)
		}
	}
	return d
}

// Solution is a solution mapping (§18.1.8): what is not in it is not bound.
type Solution map[string]rdf.Term

// compatible is compatible(μ1, μ2) (§18.3).
func compatible(a, b Solution) bool {
	for name, t := range a {
		if u, ok := b[name]; ok && u != t {
			return false
		}
	}
	return true
}

// merge is merge(μ1, μ2) (§18.3).
func merge(a, b Solution) Solution {
	m := Solution{}
	for name, t := range a {
		m[name] = t
	}
	for name, t := range b {
		m[name] = t
	}
	return m
}

// disjoint reports whether dom(μ1) and dom(μ2) have nothing in common (§18.5).
func disjoint(a, b Solution) bool {
	for name := range a {
		if _, ok := b[name]; ok {
			return false
		}
	}
	return true
}

// Evaluator evaluates patterns over one dataset.
type Evaluator struct {
	Data *Dataset
	Env  *expr.Env
}

// graph is the active graph (§18.6): D(G).
type graph []rdf.Quad
