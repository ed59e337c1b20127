package plan

import (
	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/sparql/expr"
)

// Env is what a plan is made for.
type Env struct {
	Snapshot graph.Snapshot
	// Default is the query's default graph.
	Default graph.Graphs
	// Named are the query's named graphs.
	Named Named
	// ID returns the ID of a term, one of the query's own where the dataset does
	// not hold it.
	ID func(rdf.Term) (graph.ID, error)
	// Functions evaluates constant calls; nil leaves them for the run.
	Functions *expr.Env
	// Rules rewrite the algebra and choose joins; see None.
	Rules Rules
	// Check, where set, returns the error with which planning has to stop.
	Check func() error
}

// Named is a set of named graphs: those listed, or all that the dataset has.
type Named struct {
	All  bool
	Some []NamedGraph
	// Alias resolves a name that stands for several graphs; with All only.
	Alias func(rdf.Term) (graph.Graphs, bool, error)
}

// NamedGraph is a graph of a query's dataset: ID is its name, Graphs what is
// read under that name.
type NamedGraph struct {
	ID     graph.ID
	Graphs graph.Graphs
}

// List returns the graphs one by one.
func (n Named) List(snap graph.Snapshot) ([]NamedGraph, error) {
	if !n.All {
		return n.Some, nil
	}
	ids, err := graph.NamedGraphs(snap)
	if err != nil {
		return nil, err
	}
	list := make([]NamedGraph, len(ids))
	for i, id := range ids {
		list[i] = NamedGraph{ID: id, Graphs: graph.OneGraph(id)}
	}
	return list, nil
}

// each returns the choice of graphs that reads all of n at once, and false
// where a name stands for several graphs.
func (n Named) each() (graph.Graphs, bool) {
	if n.All {
		return graph.EachNamed(), true
	}
	var ids []graph.ID
	for _, g := range n.Some {
		if single, ok := g.Graphs.Single(); !ok || single != g.ID {
			return graph.Graphs{}, false
		}
		ids = append(ids, g.ID)
	}
	return graph.EachOf(ids...), true
}

// Active is the active graph (SPARQL 1.1 §13.3) of a pattern. Var is the
// variable of GRAPH ?g, where all named graphs are matched at once.
type Active struct {
	Graphs graph.Graphs
	Var    string
	None   bool // the named graph does not exist: nothing matches
}

// graph returns the active graph inside GRAPH name for a constant name.
func (e *Env) graph(name rdf.Term) (Active, error) {
	id, err := e.ID(name)
	if err != nil {
		return Active{}, err
	}
	if e.Named.All {
		if e.Named.Alias != nil {
			if g, ok, err := e.Named.Alias(name); ok || err != nil {
				return Active{Graphs: g}, err
			}
		}
		if id.Kind() == graph.IDLocal {
			return Active{None: true}, nil
		}
		return Active{Graphs: graph.OneGraph(id)}, nil
	}
	for _, g := range e.Named.Some {
		if g.ID == id {
			return Active{Graphs: g.Graphs}, nil
		}
	}
	return Active{None: true}, nil
}

// holds reports whether the active graph has a triple: a named graph without
// one does not exist.
func (e *Env) holds(a Active) (bool, error) {
	if a.None {
		return false, nil
	}
	p := graph.Pattern{Graphs: a.Graphs}
	c, err := e.Snapshot.Scan(p, graph.OrderFor(p))
	if err != nil {
		return false, err
	}
	defer c.Close()
	n, err := c.Next(&graph.Batch{S: make([]graph.ID, 1)})
	return n > 0, err
}
