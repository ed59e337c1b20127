package turtle

import (
	"maps"
	"slices"

	"qlgraph/graph/rdf"
)

// document keeps quads until they can be written in order.
type document struct {
	trig   bool
	names  *names
	terms  *termTable
	graphs map[termID]*triplesOf
	last   rdf.Quad   // with its subject and graph below: quads come grouped
	s      termID     // of the last quad
	g      *triplesOf // of the last quad
	size   int        // the number of quads
}

// triplesOf is one graph, in the order in which its triples came.
type triplesOf struct {
	name    termID
	triples list[triple]
}

// triple is a triple of a document that is still to be sorted.
type triple struct{ s, p, o termID }

func newDocument(trig bool, n *names) *document {
	return &document{trig: trig, names: n, terms: newTermTable(n), graphs: map[termID]*triplesOf{}}
}

// fits reports whether there is room for q within maxText.
func (d *document) fits(q rdf.Quad) bool {
	free := maxText - d.terms.text.size
	for _, t := range [...]rdf.Term{q.S, q.P, q.O, q.G} {
		free -= len(t.Value())
	}
	return free >= len(q.O.Datatype())+len(q.O.Lang())
}

func (d *document) add(q rdf.Quad) {
	if !d.trig {
		q.G = rdf.Term{}
	}
	if d.g == nil || d.last.G != q.G {
		d.g = d.graph(d.terms.add(q.G))
	}
	if d.last.S != q.S {
		d.s = d.terms.add(q.S)
	}
	d.g.triples.add(triple{d.s, d.terms.add(q.P), d.terms.add(q.O)})
	d.last = q
	d.size++
}

// graph returns the graph of that name, which it adds if need be.
func (d *document) graph(name termID) *triplesOf {
	g := d.graphs[name]
	if g == nil {
		g = &triplesOf{name: name}
		d.graphs[name] = g
	}
	return g
}

// replay writes the quads to a stream, graph by graph, as they came.
func (d *document) replay(w *streamWriter) {
	for _, g := range d.sortedGraphs() {
		name := d.terms.term(g.name)
		for _, page := range g.triples.pages {
			for _, t := range page {
				w.write(rdf.Quad{S: d.terms.term(t.s), P: d.terms.term(t.p), O: d.terms.term(t.o), G: name})
			}
		}
	}
}

// sortedGraphs returns the default graph, then the named ones by name.
func (d *document) sortedGraphs() []*triplesOf {
	return slices.SortedFunc(maps.Values(d.graphs), func(a, b *triplesOf) int { return d.terms.compareNames(a.name, b.name) })
}

// write writes the graphs behind the prefixes that they use.
func (d *document) write(out *output) {
	graphs := d.sortedGraphs()
	a := newArranger(d.terms, graphs)
	l := layout{verbs: &a.verbs, terms: d.terms, used: make([]bool, len(d.names.prefixes))}
	for i, g := range graphs {
		l.graph = a.arrange(g)
		l.writeGraph(i == 0)
	}
	out.buf = d.names.appendPrefixes(out.buf, l.used)
	out.flush()
	for _, page := range append(l.body.full, l.body.last) {
		out.buf = page
		out.flush()
	}
}
