package shapes

import (
	"strings"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/graph/xsd"
)

// compare orders two terms as the operator < of SPARQL 1.1 §17.3 does. IRIs,
// blank nodes and literals of different families are Incomparable, which
// violates every constraint that asks for an order.
func compare(a, b rdf.Term) xsd.Order {
	if !a.IsLiteral() || !b.IsLiteral() {
		return xsd.Incomparable
	}
	if a.Datatype() == rdf.XSDString && b.Datatype() == rdf.XSDString {
		return xsd.Order(strings.Compare(a.Value(), b.Value()))
	}
	va, ok := xsd.Parse(a.Value(), a.Datatype())
	if !ok {
		return xsd.Incomparable
	}
	vb, ok := xsd.Parse(b.Value(), b.Datatype())
	if !ok {
		return xsd.Incomparable
	}
	return xsd.Compare(va, vb)
}

func less(o xsd.Order) bool    { return o == xsd.Less }
func atMost(o xsd.Order) bool  { return o == xsd.Less || o == xsd.Equal }
func greater(o xsd.Order) bool { return o == xsd.Greater }
func atLeast(o xsd.Order) bool { return o == xsd.Greater || o == xsd.Equal }

// compileRange compiles the constraints of SHACL §4.3: each value compared to
// the parameter must be in an order that holds.
func compileRange(holds func(xsd.Order) bool, text string) compileFunc {
	return func(c *compiler, s *shape, v rdf.Term) (check, message) {
		if !v.IsLiteral() {
			c.illFormed(s.term, "the bound of a value range is a literal, not %s", v)
			return nil, ""
		}
		return func(e *evaluation) {
			for i, id := range e.values {
				if !holds(compare(e.term(i), v)) {
					e.fail(id)
				}
			}
		}, message(text + " " + v.Value())
	}
}

// pair compiles what the constraints of SHACL §4.5 share: the predicate whose
// values are compared to the value nodes.
func (c *compiler) pair(s *shape, name string, v rdf.Term) (int, bool) {
	if !v.IsIRI() {
		c.illFormed(s.term, "sh:%s is an IRI, not %s", name, v)
		return 0, false
	}
	predicate := c.constant(v)
	s.compared = append(s.compared, predicate)
	return predicate, true
}

// compileEquals compiles sh:equals (SHACL §4.5.1).
func compileEquals(c *compiler, s *shape, v rdf.Term) (check, message) {
	predicate, ok := c.pair(s, "equals", v)
	if !ok {
		return nil, ""
	}
	return func(e *evaluation) {
		others := e.others(predicate)
		e.failMissing(e.values, others)
		e.failMissing(others, e.values)
	}, message("has not the values of " + c.out.prefixes.shorten(v))
}

// failMissing reports each of ids that is not among in.
func (e *evaluation) failMissing(ids, in []graph.ID) {
	for _, id := range ids {
		if !contains(in, id) {
			e.fail(id)
		}
	}
}

// compileDisjoint compiles sh:disjoint (SHACL §4.5.2).
func compileDisjoint(c *compiler, s *shape, v rdf.Term) (check, message) {
	predicate, ok := c.pair(s, "disjoint", v)
	if !ok {
		return nil, ""
	}
	return func(e *evaluation) {
		others := e.others(predicate)
		for _, id := range e.values {
			if contains(others, id) {
				e.fail(id)
			}
		}
	}, message("is a value of " + c.out.prefixes.shorten(v) + " too")
}

// compileLessThan compiles sh:lessThan (SHACL §4.5.3).
func compileLessThan(c *compiler, s *shape, v rdf.Term) (check, message) {
	return compileOrder(c, s, v, "lessThan", less, "is not less than the value of ")
}

// compileLessThanOrEquals compiles sh:lessThanOrEquals (SHACL §4.5.4).
func compileLessThanOrEquals(c *compiler, s *shape, v rdf.Term) (check, message) {
	return compileOrder(c, s, v, "lessThanOrEquals", atMost, "is greater than the value of ")
}

func compileOrder(c *compiler, s *shape, v rdf.Term, name string, holds func(xsd.Order) bool, text string) (check, message) {
	predicate, ok := c.pair(s, name, v)
	if !ok {
		return nil, ""
	}
	return func(e *evaluation) {
		others := e.others(predicate)
		for i, id := range e.values {
			for _, other := range others {
				if !holds(compare(e.term(i), e.w.term(other))) {
					e.fail(id)
				}
			}
		}
	}, message(text + c.out.prefixes.shorten(v))
}

// others returns the values of the predicate at the focus node.
func (e *evaluation) others(predicate int) []graph.ID {
	return e.w.objects(e.focus, e.w.ids[predicate])
}

func contains(ids []graph.ID, id graph.ID) bool {
	for _, x := range ids {
		if x == id {
			return true
		}
	}
	return false
}
