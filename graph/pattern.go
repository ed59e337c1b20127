package graph

import (
	"cmp"
	"slices"
)

// Quad is a triple in a graph, as IDs. A zero G is the unnamed graph.
type Quad struct {
	S, P, O, G ID
}

// Pattern selects quads: a zero S, P or O matches every term, Graphs says
// which graphs are read and whether a triple in several of them counts once.
type Pattern struct {
	S, P, O ID
	Graphs  Graphs
}

// Graphs is the choice of graphs that a Pattern reads. The zero value is the
// unnamed graph alone.
type Graphs struct {
	scope  scope
	merged bool
	ids    []ID // sorted; with scopeSet
}

type scope uint8

const (
	scopeUnnamed scope = iota
	scopeSet           // the graphs in ids
	scopeNamed         // every named graph
	scopeAll           // the unnamed graph and every named one
)

// UnnamedGraph reads the unnamed graph alone.
func UnnamedGraph() Graphs { return Graphs{} }

// OneGraph reads the single graph g; the zero ID is the unnamed graph.
func OneGraph(g ID) Graphs { return Graphs{scope: scopeSet, ids: []ID{g}} }

// EachNamed reads every named graph; quads carry their graph.
func EachNamed() Graphs { return Graphs{scope: scopeNamed} }

// EachOf reads the given graphs; quads carry their graph.
func EachOf(ids ...ID) Graphs { return Graphs{scope: scopeSet, ids: sortedIDs(ids)} }

// EveryQuad reads the whole dataset, the unnamed graph included; quads carry
// their graph.
func EveryQuad() Graphs { return Graphs{scope: scopeAll} }

// Union reads the whole dataset as one graph: a triple counts once, however
// many graphs hold it, and its G reads as zero.
func Union() Graphs { return Graphs{scope: scopeAll, merged: true} }

// UnionOf reads the given graphs as one, like Union.
func UnionOf(ids ...ID) Graphs { return Graphs{scope: scopeSet, merged: true, ids: sortedIDs(ids)} }

func sortedIDs(ids []ID) []ID {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Merged reports whether the graphs are read as one, each triple once.
func (g Graphs) Merged() bool { return g.merged }

// Single returns the only graph that is read, if there is only one.
func (g Graphs) Single() (ID, bool) {
	switch {
	case g.scope == scopeUnnamed:
		return 0, true
	case g.scope == scopeSet && len(g.ids) == 1:
		return g.ids[0], true
	}
	return 0, false
}

// Set returns the graphs that are read, sorted, and false where they are not
// listed but described (all graphs, all named ones).
func (g Graphs) Set() ([]ID, bool) {
	switch g.scope {
	case scopeUnnamed:
		return []ID{0}, true
	case scopeSet:
		return g.ids, true
	}
	return nil, false
}

// Contains reports whether quads of the graph id are read.
func (g Graphs) Contains(id ID) bool {
	switch g.scope {
	case scopeUnnamed:
		return id == 0
	case scopeSet:
		_, found := slices.BinarySearch(g.ids, id)
		return found
	case scopeNamed:
		return id != 0
	}
	return true
}

// Order is the order in which a Cursor yields quads: by which component first.
type Order uint8

// The orders that every dataset can scan. G comes last in the triple orders, so
// that reading several graphs as one drops duplicates by looking at the
// neighbour.
const (
	SPOG Order = iota
	PSOG
	POSG
	OSPG
	GSPO
)

// String returns the order's name, "SPOG".
func (o Order) String() string { return [...]string{"SPOG", "PSOG", "POSG", "OSPG", "GSPO"}[o] }

// Components lists the places of S, P, O and G, 0 to 3, in the order o.
func (o Order) Components() [4]int {
	switch o {
	case SPOG:
		return [4]int{0, 1, 2, 3}
	case PSOG:
		return [4]int{1, 0, 2, 3}
	case POSG:
		return [4]int{1, 2, 0, 3}
	case OSPG:
		return [4]int{2, 0, 1, 3}
	}
	return [4]int{3, 0, 1, 2}
}

// Key returns q's components in the order o.
func (o Order) Key(q Quad) [4]ID {
	switch o {
	case SPOG:
		return [4]ID{q.S, q.P, q.O, q.G}
	case PSOG:
		return [4]ID{q.P, q.S, q.O, q.G}
	case POSG:
		return [4]ID{q.P, q.O, q.S, q.G}
	case OSPG:
		return [4]ID{q.O, q.S, q.P, q.G}
	}
	return [4]ID{q.G, q.S, q.P, q.O}
}

// Quad is the inverse of Key.
func (o Order) Quad(k [4]ID) Quad {
	switch o {
	case SPOG:
		return Quad{S: k[0], P: k[1], O: k[2], G: k[3]}
	case PSOG:
		return Quad{P: k[0], S: k[1], O: k[2], G: k[3]}
	case POSG:
		return Quad{P: k[0], O: k[1], S: k[2], G: k[3]}
	case OSPG:
		return Quad{O: k[0], S: k[1], P: k[2], G: k[3]}
	}
	return Quad{G: k[0], S: k[1], P: k[2], O: k[3]}
}

// Compare compares two quads in the order o.
func (o Order) Compare(a, b Quad) int {
	ka, kb := o.Key(a), o.Key(b)
	for i := range ka {
		if c := cmp.Compare(ka[i], kb[i]); c != 0 {
			return c
		}
	}
	return 0
}

// Prefix returns p's bound components that lead the order o, and how many there
// are: the matches of p lie between the quads that begin with them. Graphs that
// are merged bind nothing, as quads then carry no graph.
func (o Order) Prefix(p Pattern) (key [4]ID, n int) {
	g, bound := p.Graphs.Single()
	bound = bound && !p.Graphs.merged
	key = o.Key(Quad{S: p.S, P: p.P, O: p.O, G: g})
	for n < len(key) && (key[n] != 0 || bound && o.graphAt(n)) {
		n++
	}
	for i := n; i < len(key); i++ {
		key[i] = 0
	}
	return key, n
}

// graphAt reports whether the order's component i is the graph.
func (o Order) graphAt(i int) bool { return o == GSPO && i == 0 || o != GSPO && i == 3 }

// Matches reports whether p selects the quad q, given with its own graph.
func (p Pattern) Matches(q Quad) bool {
	return (p.S == 0 || p.S == q.S) && (p.P == 0 || p.P == q.P) && (p.O == 0 || p.O == q.O) &&
		p.Graphs.Contains(q.G)
}

// OrderFor returns an order in which p's bound components come first, so that
// its matches are one contiguous run (or, where G is bound too but does not
// lead, a run that is filtered by graph).
func OrderFor(p Pattern) Order {
	s, pr, o := p.S != 0, p.P != 0, p.O != 0
	switch {
	case s && o && !pr:
		return OSPG
	case s:
		return SPOG
	case pr && o:
		return POSG
	case pr:
		return PSOG
	case o:
		return OSPG
	}
	if _, single := p.Graphs.Single(); single {
		return GSPO
	}
	return SPOG
}
