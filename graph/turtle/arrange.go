package turtle

import (
	"cmp"
	"math"
	"slices"

	"qlgraph/graph/rdf"
)

// nodes is one graph, as nodes with arcs to their objects.
type nodes struct {
	name  termID
	nodes []node
	arcs  []arc
}

// node is a subject, or a blank node that is only an object.
type node struct {
	term termID
	// The arcs of the node are arcs[start:end] of the graph: sorted, without
	// duplicates.
	start, end int32
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
// its index and one.
type arc struct {
	p    verb
	o    termID
	node int32
}

// of returns the arcs of a node.
func (g *nodes) of(n *node) []arc { return g.arcs[n.start:n.end] }

// verb is a predicate, as its index among those of the document in the order in
// which they are written.
type verb uint32

// verbs are the predicates of a document, rdf:type first.
type verbs struct {
	sorted           []termID
	typ, first, rest verb // noVerb where the document has none
	hasBlank         bool
	empty            termID // rdf:nil, or 0
}

const noVerb verb = math.MaxUint32

// arranger turns triples into nodes, graph by graph.
type arranger struct {
	terms  *termTable
	verbs  verbs
	rank   []verb  // of predicates, by ID
	shared []bool  // by ID, see sharedBlanks; nil where there are none
	index  []int32 // of the node of a term and one, by ID; 0 between two graphs
}

func newArranger(terms *termTable, graphs []*triplesOf) *arranger {
	a := &arranger{terms: terms, index: make([]int32, terms.entries.size)}
	a.rankVerbs(graphs)
	if len(graphs) > 1 || len(graphs) == 1 && graphs[0].name != 0 {
		a.shared = sharedBlanks(terms, graphs)
	}
	return a
}

// rankVerbs sorts the predicates.
func (a *arranger) rankVerbs(graphs []*triplesOf) {
	a.rank = make([]verb, a.terms.entries.size)
	for _, g := range graphs {
		for _, page := range g.triples.pages {
			for i := range page {
				if p := page[i].p; a.rank[p] == 0 {
					a.rank[p] = noVerb
					a.verbs.sorted = append(a.verbs.sorted, p)
				}
			}
		}
	}
	typ := a.terms.lookup(rdf.RDFType)
	slices.SortFunc(a.verbs.sorted, func(p, q termID) int {
		switch typ {
		case p:
			return -1
		case q:
			return +1
		}
		return a.terms.compare(p, q)
	})
	for i, p := range a.verbs.sorted {
		a.rank[p] = verb(i)
		a.verbs.hasBlank = a.verbs.hasBlank || a.terms.kind(p) == rdf.KindBlank
	}
	a.verbs.typ = a.verb(rdf.RDFType)
	a.verbs.first = a.verb(rdf.RDFFirst)
	a.verbs.rest = a.verb(rdf.RDFRest)
	a.verbs.empty = a.terms.lookup(rdf.RDFNil)
}

// verb returns the verb of a predicate, or noVerb.
func (a *arranger) verb(iri string) verb {
	id := a.terms.lookup(iri)
	if i := a.rank[id]; int(i) < len(a.verbs.sorted) && a.verbs.sorted[i] == id {
		return i
	}
	return noVerb
}

// sharedBlanks returns the blank nodes that several graphs have, or that name a
// graph.
func sharedBlanks(terms *termTable, graphs []*triplesOf) []bool {
	shared := make([]bool, terms.entries.size)
	in := make([]int32, terms.entries.size)
	meet := func(t termID, g int32) {
		switch {
		case t == 0 || terms.kind(t) != rdf.KindBlank:
		case in[t] == 0:
			in[t] = g
		case in[t] != g:
			shared[t] = true
		}
	}
	for i, g := range graphs {
		meet(g.name, math.MaxInt32)
		for _, page := range g.triples.pages {
			for j := range page {
				meet(page[j].s, int32(i)+1)
				meet(page[j].o, int32(i)+1)
			}
		}
	}
	return shared
}

// arrange sorts the triples of a graph, which it takes, and decides which nodes
// are nested.
func (a *arranger) arrange(triples *triplesOf) *nodes {
	g := &nodes{name: triples.name}
	a.sortArcs(g, &triples.triples)
	for i := range g.nodes {
		arcs := g.of(&g.nodes[i])
		for j := range arcs {
			arc := &arcs[j]
			if a.terms.kind(arc.o) == rdf.KindBlank {
				o := a.node(g, arc.o)
				arc.node = o + 1
				g.nodes[o].refs++
				g.nodes[o].parent = int32(i)
			}
			if a.verbs.hasBlank {
				if p := a.verbs.sorted[arc.p]; a.terms.kind(p) == rdf.KindBlank {
					g.nodes[a.node(g, p)].labelled = true
				}
			}
		}
	}
	for i := range g.nodes {
		n := &g.nodes[i]
		n.labelled = n.labelled || a.shared != nil && a.shared[n.term]
		n.nested = a.terms.kind(n.term) == rdf.KindBlank && n.refs == 1 && !n.labelled
		a.index[n.term] = 0
	}
	g.breakCycles()
	return g
}

// node returns the index of the node of t, which it adds if need be.
func (a *arranger) node(g *nodes, t termID) int32 {
	if a.index[t] == 0 {
		g.nodes = append(g.nodes, node{term: t})
		a.index[t] = int32(len(g.nodes))
	}
	return a.index[t] - 1
}

// sortArcs gives each node its arcs: a counting sort by subject, then a small
// sort for each.
func (a *arranger) sortArcs(g *nodes, triples *list[triple]) {
	for _, page := range triples.pages {
		for i := range page {
			g.nodes[a.node(g, page[i].s)].end++
		}
	}
	total := int32(0)
	for i := range g.nodes {
		n := &g.nodes[i]
		n.start, total = total, total+n.end
		n.end = n.start
	}
	g.arcs = make([]arc, total)
	for i, page := range triples.pages {
		for _, t := range page {
			n := &g.nodes[a.index[t.s]-1]
			g.arcs[n.end] = arc{p: a.rank[t.p], o: t.o}
			n.end++
		}
		triples.pages[i] = nil
	}
	for i := range g.nodes {
		n := &g.nodes[i]
		arcs := g.of(n)
		slices.SortFunc(arcs, a.compareArcs)
		n.end = n.start + int32(len(slices.CompactFunc(arcs, a.sameArc)))
	}
}

// compareArcs orders by predicate, then by object.
func (a *arranger) compareArcs(x, y arc) int {
	if x.p != y.p {
		return cmp.Compare(x.p, y.p)
	}
	return a.terms.compare(x.o, y.o)
}

func (a *arranger) sameArc(x, y arc) bool { return a.compareArcs(x, y) == 0 }

// breakCycles gives places of their own to the nodes of each cycle of nested
// nodes: no subject would lead to them. To all of them, so that the choice does
// not hang on labels.
func (g *nodes) breakCycles() {
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
