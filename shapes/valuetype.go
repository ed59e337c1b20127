package shapes

import (
	"fmt"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/graph/xsd"
)

// compileClass compiles sh:class (SHACL §4.1.1).
func compileClass(c *compiler, s *shape, v rdf.Term) (check, message) {
	if !v.IsIRI() {
		c.illFormed(s.term, "sh:class is an IRI, not %s", v)
		return nil, ""
	}
	class := c.constant(v)
	s.typed = true
	return eachValue(func(e *evaluation, id graph.ID) bool {
		return e.w.isInstance(id, class)
	}), message("is not an instance of " + c.out.prefixes.shorten(v))
}

// compileDatatype compiles sh:datatype (SHACL §4.1.2). A literal conforms only
// if its lexical form is in the datatype's lexical space.
func compileDatatype(c *compiler, s *shape, v rdf.Term) (check, message) {
	if !v.IsIRI() {
		c.illFormed(s.term, "sh:datatype is an IRI, not %s", v)
		return nil, ""
	}
	datatype := v.Value()
	text := message("is no valid " + c.out.prefixes.shorten(v))
	if datatype == rdf.RDFLangString {
		text = "is missing a language tag"
	}
	inlined := inlinedKind(datatype)
	return func(e *evaluation) {
		for i, id := range e.values {
			if id.Inlined() && id.Kind() == inlined {
				continue // inlined literals are canonical
			}
			if t := e.term(i); t.Datatype() != datatype || !xsd.Valid(t.Value(), datatype) {
				e.fail(id)
			}
		}
	}, text
}

// inlinedKind returns the kind of the IDs that carry values of the datatype.
func inlinedKind(datatype string) graph.IDKind {
	switch datatype {
	case rdf.XSDInteger:
		return graph.IDInteger
	case rdf.XSDDecimal:
		return graph.IDDecimal
	case rdf.XSDDouble:
		return graph.IDDouble
	case rdf.XSDBoolean:
		return graph.IDBoolean
	case rdf.XSDDate:
		return graph.IDDate
	case rdf.XSDDateTime:
		return graph.IDDateTime
	}
	return graph.IDNone
}

// nodeKinds are the values of sh:nodeKind with the kinds of terms they allow.
var nodeKinds = []struct {
	name  string
	text  string
	kinds [4]bool // by rdf.Kind
}{
	{"IRI", "an IRI", [4]bool{rdf.KindIRI: true}},
	{"BlankNode", "a blank node", [4]bool{rdf.KindBlank: true}},
	{"Literal", "a literal", [4]bool{rdf.KindLiteral: true}},
	{"BlankNodeOrIRI", "a blank node or an IRI", [4]bool{rdf.KindBlank: true, rdf.KindIRI: true}},
	{"BlankNodeOrLiteral", "a blank node or a literal", [4]bool{rdf.KindBlank: true, rdf.KindLiteral: true}},
	{"IRIOrLiteral", "an IRI or a literal", [4]bool{rdf.KindIRI: true, rdf.KindLiteral: true}},
}

// compileNodeKind compiles sh:nodeKind (SHACL §4.1.3).
func compileNodeKind(c *compiler, s *shape, v rdf.Term) (check, message) {
	for _, k := range nodeKinds {
		if v == rdf.IRI(sh+k.name) {
			return eachValue(func(e *evaluation, id graph.ID) bool {
				return k.kinds[e.w.kind(id)]
			}), message("is not " + k.text)
		}
	}
	c.illFormed(s.term, "sh:nodeKind is one of the six node kinds, not %s", v)
	return nil, ""
}

// compileMinCount compiles sh:minCount (SHACL §4.2.1).
func compileMinCount(c *compiler, s *shape, v rdf.Term) (check, message) {
	n, ok := c.count(s, "minCount", v)
	if !ok || n == 0 {
		return nil, ""
	}
	return func(e *evaluation) {
		if len(e.values) < n {
			e.failFocus()
		}
	}, message(countText("has no value", "has fewer than %d values", n == 1, n))
}

// compileMaxCount compiles sh:maxCount (SHACL §4.2.2).
func compileMaxCount(c *compiler, s *shape, v rdf.Term) (check, message) {
	n, ok := c.count(s, "maxCount", v)
	if !ok {
		return nil, ""
	}
	return func(e *evaluation) {
		if len(e.values) > n {
			e.failFocus()
		}
	}, message(countText("has a value", "has more than %d value(s)", n == 0, n))
}

func countText(special, general string, isSpecial bool, n int) string {
	if isSpecial {
		return special
	}
	return fmt.Sprintf(general, n)
}

// count parses the non-negative xsd:integer of a cardinality or length.
func (c *compiler) count(s *shape, name string, v rdf.Term) (int, bool) {
	if value, ok := xsd.Parse(v.Value(), v.Datatype()); ok && v.Datatype() == rdf.XSDInteger {
		if n, ok := value.Int64(); ok && n >= 0 && n <= maxCount {
			return int(n), true
		}
	}
	c.illFormed(s.term, "sh:%s is a non-negative xsd:integer, not %s", name, v)
	return 0, false
}

// maxCount bounds cardinalities and lengths, so that they fit an int anywhere.
const maxCount = 1<<31 - 1

// eachValue returns the check that every value node passes test.
func eachValue(test func(e *evaluation, id graph.ID) bool) check {
	return func(e *evaluation) {
		for _, id := range e.values {
			if !test(e, id) {
				e.fail(id)
			}
		}
	}
}
