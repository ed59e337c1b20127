package turtle

import (
	"cmp"
	"maps"
	"slices"

	"qlgraph/graph/rdf"
)

// document keeps quads until they can be written in order.
type document struct {
	trig   bool
	graphs map[rdf.Term]*triplesOf
	last   *triplesOf // the graph of the last quad
	size   int        // the number of quads
}

// triplesOf is one graph, as nodes with arcs to their objects.
type triplesOf struct {
	name  rdf.Term
	index map[rdf.Term]int32 // of nodes
	nodes []node
	// recent are the subjects of the last triples: a reader goes to and fro
	// between a subject and the nodes nested in it.
	recent [4]int32
	arcs   [][]ownArc // in the order in which they came, in chunks
	size   int        // the number of arcs
}

// chunk is how many arcs are allocated at once: growing one slice would copy
// each arc several times.
const chunk = 1024

// ownArc is an arc with the index of its subject.
type ownArc struct {
	arc
	owner int32
}

// node is a subject, or a blank node that is only an object.
type node struct {
	term rdf.Term
	arcs []arc // sorted, without duplicates
	// refs is how many triples have the node as object, parent the subject of
	// the last of them.
	refs   int32
	parent int32
	// labelled is set where something else than an object refers to the node.
	labelled bool
	// nested is set where the node is written as the object of its parent.
	nested bool
	// late is set where the node is nested too deep to be written in place.
	late bool
	// notList is set when the node is known not to start a collection.
	notList bool
	visited int32 // the walk of breakCycles that met it
}

// arc is a triple without its subject. Where the object is a blank node, node is
// its index and one, as soon as the nodes are arranged.
type arc struct {
	p, o rdf.Term
	node int32
}

func newDocument(trig bool) *document {
	return &document{trig: trig, graphs: map[rdf.Term]*triplesOf{}}
}

func (d *document) add(q rdf.Quad) {
	if !d.trig {
		q.G = rdf.Term{}
	}
	if d.last == nil || d.last.name != q.G {
		d.last = d.graphs[q.G]
		if d.last == nil {
			d.last = &triplesOf{name: q.G, index: map[rdf.Term]int32{}}
			d.graphs[q.G] = d.last
		}
	}
	d.last.add(q)
	d.size++
}

// replay writes the quads to a stream, graph by graph, as they came.
func (d *document) replay(w *streamWriter) {
	for _, g := range d.sortedGraphs() {
		for _, arcs := range g.arcs {
			for _, a := range arcs {
				w.write(rdf.Quad{S: g.nodes[a.owner].term, P: a.p, O: a.o, G: g.name})
			}
		}
	}
}

// sortedGraphs returns the default graph, then the named ones by name.
func (d *document) sortedGraphs() []*triplesOf {
	return slices.SortedFunc(maps.Values(d.graphs), func(a, b *triplesOf) int { return compareNames(a.name, b.name) })
}

func (g *triplesOf) add(q rdf.Quad) {
	s := g.subject(q.S)
	if g.size%chunk == 0 {
		g.arcs = append(g.arcs, make([]ownArc, 0, min(max(g.size, 16), chunk)))
	}
	last := &g.arcs[len(g.arcs)-1]
	*last = append(*last, ownArc{arc{p: q.P, o: q.O}, s})
	g.size++
}

// subject returns the index of the node of t, as one of the recent subjects.
func (g *triplesOf) subject(t rdf.Term) int32 {
	at := len(g.recent) - 1
	for i, s := range g.recent {
		if int(s) < len(g.nodes) && g.nodes[s].term == t {
			at = i
			break
		}
	}
	s := g.recent[at]
	if int(s) >= len(g.nodes) || g.nodes[s].term != t {
		s = g.node(t)
	}
	copy(g.recent[1:at+1], g.recent[:at])
	g.recent[0] = s
	return s
}

// node returns the index of the node of t, which it adds if need be.
func (g *triplesOf) node(t rdf.Term) int32 {
	i, ok := g.index[t]
	if !ok {
		i = int32(len(g.nodes))
		g.index[t] = i
		g.nodes = append(g.nodes, node{term: t})
	}
	return i
}

// write writes the graphs behind the prefixes that they use.
func (d *document) write(out *output, n *names) {
	shared := d.shared()
	var body pages
	for i, g := range d.sortedGraphs() {
		g.arrange(shared)
		l := layout{graph: g, names: n, body: &body}
		l.writeGraph(i == 0)
	}
	out.buf = n.appendPrefixes(out.buf, false)
	out.flush()
	for _, page := range append(body.full, body.last) {
		out.buf = page
		out.flush()
	}
}

// compareNames orders subjects and graphs: no name, IRIs, blank nodes.
func compareNames(a, b rdf.Term) int {
	if a.IsZero() || b.IsZero() {
		return rdf.Compare(a, b)
	}
	return cmp.Or(-cmp.Compare(a.Kind(), b.Kind()), rdf.Compare(a, b))
}

// shared returns the blank nodes that several graphs have, or that name a
// graph.
func (d *document) shared() map[rdf.Term]bool {
	shared := map[rdf.Term]bool{}
	if len(d.graphs) == 1 && d.graphs[rdf.Term{}] != nil {
		return shared
	}
	in := map[rdf.Term]*triplesOf{}
	meet := func(t rdf.Term, g *triplesOf) {
		if !t.IsBlank() {
			return
		}
		if first, met := in[t]; !met {
			in[t] = g
		} else if first != g {
			shared[t] = true
		}
	}
	for name, g := range d.graphs {
		meet(name, nil)
		for i := range g.nodes {
			meet(g.nodes[i].term, g)
		}
		for _, arcs := range g.arcs {
			for _, a := range arcs {
				meet(a.o, g)
			}
		}
	}
	return shared
}

// arrange sorts the arcs of each node and decides which nodes are nested.
func (g *triplesOf) arrange(shared map[rdf.Term]bool) {
	g.sortArcs()
	for i := range g.nodes {
		arcs := g.nodes[i].arcs
		for j := range arcs {
			a := &arcs[j]
			if a.o.IsBlank() {
				o := g.node(a.o)
				a.node = o + 1
				g.nodes[o].refs++
				g.nodes[o].parent = int32(i)
			}
			if a.p.IsBlank() {
				g.nodes[g.node(a.p)].labelled = true
			}
		}
	}
	for i := range g.nodes {
		n := &g.nodes[i]
		n.labelled = n.labelled || shared[n.term]
		n.nested = n.term.IsBlank() && n.refs == 1 && !n.labelled
	}
	g.breakCycles()
}

// sortArcs gives each node its arcs: a counting sort by subject, then a small
// sort for each.
func (g *triplesOf) sortArcs() {
	ends := make([]int32, len(g.nodes))
	for _, arcs := range g.arcs {
		for _, a := range arcs {
			ends[a.owner]++
		}
	}
	total := int32(0)
	for i, n := range ends {
		ends[i] = total
		total += n
	}
	sorted := make([]arc, g.size)
	for _, arcs := range g.arcs {
		for _, a := range arcs {
			sorted[ends[a.owner]] = a.arc
			ends[a.owner]++
		}
	}
	g.arcs = nil
	start := int32(0)
	for i, end := range ends {
		arcs := sorted[start:end]
		slices.SortFunc(arcs, compareArcs)
		g.nodes[i].arcs = slices.Compact(arcs)
		start = end
	}
}

// compareArcs orders by predicate, rdf:type first, then by object.
func compareArcs(a, b arc) int {
	if a.p != b.p {
		switch rdfType {
		case a.p:
			return -1
		case b.p:
			return +1
		}
		return rdf.Compare(a.p, b.p)
	}
	return rdf.Compare(a.o, b.o)
}

// breakCycles gives places of their own to the nodes of each cycle of nested
// nodes: no subject would lead to them. To all of them, so that the choice does
// not hang on labels.
func (g *triplesOf) breakCycles() {
	for i := range g.nodes {
		walk, at := int32(i)+1, int32(i)
		for g.nodes[at].nested && g.nodes[at].visited == 0 {
			g.nodes[at].visited = walk
			at = g.nodes[at].parent
		}
		if g.nodes[at].visited != walk {
			continue
		}
		for ; g.nodes[at].nested; at = g.nodes[at].parent {
			g.nodes[at].nested = false
		}
	}
}
