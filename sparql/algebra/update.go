package algebra

import (
	"qlgraph/graph/rdf"
	"qlgraph/sparql/syntax"
)

// Operation is a translated update operation (SPARQL 1.1 Update §3).
type Operation interface{ operation() }

// The operations. A zero graph term is the unnamed graph.
type (
	// Load is LOAD.
	Load struct {
		Silent bool
		From   string
		Into   rdf.Term
	}
	// Clear is CLEAR or, where Drop, DROP of one graph or of a Scope.
	Clear struct {
		Drop, Silent bool
		Scope        syntax.Scope
		Graph        rdf.Term // with syntax.OneGraph
	}
	// Create is CREATE.
	Create struct {
		Silent bool
		Graph  rdf.Term
	}
	// Transfer is ADD, MOVE or COPY.
	Transfer struct {
		Name     string
		Silent   bool
		From, To rdf.Term
	}
	// Modify removes and adds what its templates give for the solutions of
	// Pattern (§4.3.1). INSERT DATA, DELETE DATA and DELETE WHERE are Modify too.
	Modify struct {
		Delete, Insert []Quad
		Pattern        Node
		Using          *Dataset // nil: the whole dataset
		With           rdf.Term // default graph of Pattern where Using is nil
		Base           string
	}
)

func (*Load) operation()     {}
func (*Clear) operation()    {}
func (*Create) operation()   {}
func (*Transfer) operation() {}
func (*Modify) operation()   {}

// TranslateUpdate translates u. An error is a *syntax.Error.
func TranslateUpdate(u *syntax.Update, opts Options) (list []Operation, err error) {
	t := newTranslator(u.Text, opts)
	defer t.recover(&err)
	declared := 0
	for _, op := range u.Operations {
		t.declare(op.Prologue[declared:])
		declared = len(op.Prologue)
		list = append(list, t.operation(op.Kind))
	}
	return list, nil
}

func (t *translator) operation(k syntax.OperationKind) Operation {
	switch k := k.(type) {
	case *syntax.Load:
		return &Load{Silent: k.Silent, From: t.resolve(k.From), Into: t.graphName(k.Into)}
	case *syntax.Clear:
		return &Clear{Drop: k.Drop, Silent: k.Silent, Scope: k.Target.Scope, Graph: t.graphName(k.Target.Graph)}
	case *syntax.Create:
		return &Create{Silent: k.Silent, Graph: t.graphName(k.Graph)}
	case *syntax.Transfer:
		return &Transfer{Name: k.Name, Silent: k.Silent, From: t.graphName(k.From), To: t.graphName(k.To)}
	case *syntax.InsertData:
		return &Modify{Insert: t.template(k.Quads), Pattern: &BGP{}, Base: t.base}
	case *syntax.DeleteData:
		return &Modify{Delete: t.template(k.Quads), Pattern: &BGP{}, Base: t.base}
	case *syntax.DeleteWhere:
		return &Modify{Delete: t.template(k.Quads), Pattern: t.quadPattern(k.Quads), Base: t.base}
	case *syntax.Modify:
		return t.modify(k)
	}
	panic("algebra: unknown operation")
}

func (t *translator) graphName(i *syntax.IRI) rdf.Term {
	if i == nil {
		return rdf.Term{}
	}
	return rdf.IRI(t.resolve(i))
}

// modify is §3.1.3. WITH names the graph of templates without GRAPH and, unless
// USING says otherwise, of the pattern.
func (t *translator) modify(k *syntax.Modify) Operation {
	m := &Modify{
		Delete: t.template(k.Delete), Insert: t.template(k.Insert),
		Pattern: t.group(k.Where), With: t.graphName(k.With), Base: t.base,
	}
	if len(k.Using) > 0 {
		m.Using = t.dataset(k.Using)
	}
	if !m.With.IsZero() {
		for _, list := range [][]Quad{m.Delete, m.Insert} {
			for i := range list {
				if list[i].G.IsZero() {
					list[i].G = Term{Value: m.With}
				}
			}
		}
	}
	return m
}

// quadPattern is the pattern of DELETE WHERE (§3.1.3.3).
func (t *translator) quadPattern(blocks []syntax.QuadBlock) Node {
	var p Node = &BGP{}
	for _, b := range blocks {
		var inner Node = &BGP{}
		for _, n := range t.triplesBlock(&syntax.TriplesBlock{Triples: b.Triples}) {
			inner = join(inner, n)
		}
		if b.Graph != nil {
			inner = &Graph{Name: t.term(b.Graph), Input: inner}
		}
		p = join(p, inner)
	}
	return p
}
