package sparql

import (
	"iter"
	"strings"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/sparql/algebra"
	"qlgraph/sparql/exec"
)

// described yields the concise bounded description of each resource: the
// triples with the resource as subject, and those of the nodes that stand for a
// part of it, blank nodes and the named ones that replace them: the resource's
// IRI with a fragment, and genid IRIs (RDF 1.1 Concepts §3.5).
func (s *session) described(run *exec.Run, list []algebra.Term) iter.Seq2[rdf.Quad, error] {
	return func(yield func(rdf.Quad, error) bool) {
		roots, err := s.resources(run, list)
		if err != nil {
			yield(rdf.Quad{}, err)
			return
		}
		d := &description{s: s, run: run, done: map[graph.ID]bool{}, yield: yield}
		for len(roots) > 0 && d.err == nil && !d.stopped {
			d.resource(roots[0])
			roots = roots[1:]
		}
		if d.err != nil && !d.stopped {
			yield(rdf.Quad{}, d.err)
		}
	}
}

// resources returns the distinct resources to describe.
func (s *session) resources(run *exec.Run, list []algebra.Term) ([]graph.ID, error) {
	var ids []graph.ID
	seen := map[graph.ID]bool{}
	add := func(id graph.ID) {
		if id != 0 && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	var columns []string
	for _, t := range list {
		if t.IsVar() {
			columns = append(columns, t.Var)
			continue
		}
		id, err := s.terms.ID(t.Value)
		if err != nil {
			return nil, err
		}
		add(id)
	}
	if len(columns) == 0 {
		return ids, nil
	}
	from := places(run.Columns(), columns)
	for {
		cols, n, err := run.Next()
		if err != nil || n == 0 {
			return ids, err
		}
		if err := run.Charge(int64(8 * n)); err != nil {
			return nil, err
		}
		for _, c := range from {
			if c >= 0 {
				for _, id := range cols[c][:n] {
					add(id)
				}
			}
		}
	}
}

// description is the work of describing.
type description struct {
	s       *session
	run     *exec.Run
	done    map[graph.ID]bool
	yield   func(rdf.Quad, error) bool
	stopped bool
	err     error
	batch   graph.Batch
	terms   [3][]rdf.Term
}

// resource describes root and the parts of it.
func (d *description) resource(root graph.ID) {
	one := make([]rdf.Term, 1)
	if d.err = d.run.Terms([]graph.ID{root}, one); d.err != nil {
		return
	}
	queue := []graph.ID{root}
	for len(queue) > 0 && d.err == nil && !d.stopped {
		node := queue[0]
		queue = queue[1:]
		if d.done[node] || node.Kind() == graph.IDLocal {
			continue
		}
		d.done[node] = true
		queue = append(queue, d.triples(node, one[0])...)
	}
}

// triples yields the triples of node and returns its parts.
func (d *description) triples(node graph.ID, root rdf.Term) (parts []graph.ID) {
	var c graph.Cursor
	c, d.err = d.s.snap.Scan(graph.Pattern{S: node, Graphs: d.s.env.Default}, graph.SPOG)
	if d.err != nil {
		return nil
	}
	defer c.Close()
	b, terms := &d.batch, &d.terms
	if b.S == nil {
		const chunk = 128 // a resource has a few dozen triples
		for i, col := range []*[]graph.ID{&b.S, &b.P, &b.O} {
			*col = make([]graph.ID, chunk)
			terms[i] = make([]rdf.Term, chunk)
		}
	}
	for {
		var n int
		if n, d.err = c.Next(b); d.err != nil || n == 0 {
			return parts
		}
		for i, ids := range [][]graph.ID{b.S, b.P, b.O} {
			if d.err = d.run.Terms(ids[:n], terms[i]); d.err != nil {
				return nil
			}
		}
		for i := range n {
			if !d.yield(rdf.Triple(terms[0][i], terms[1][i], terms[2][i]), nil) {
				d.stopped = true
				return nil
			}
			if isPart(terms[2][i], root) {
				parts = append(parts, b.O[i])
			}
		}
		if d.err = d.run.Check(); d.err != nil {
			return nil
		}
	}
}

// isPart reports whether t is a node that describes a part of root.
func isPart(t, root rdf.Term) bool {
	switch {
	case t.IsBlank():
		return true
	case !t.IsIRI():
		return false
	}
	iri := t.Value()
	return strings.Contains(iri, "/.well-known/genid/") ||
		root.IsIRI() && strings.HasPrefix(iri, root.Value()+"#")
}
