package shapes

import (
	"qlgraph/graph/rdf"
)

// component is a constraint component: the parameter that declares its
// constraints and the function that compiles them (SHACL §2.3).
type component struct {
	parameter rdf.Term
	iri       rdf.Term
	compile   compileFunc

	propertyOnly bool // not allowed in a node shape
	single       bool // the parameter has at most one value
}

// compileFunc compiles the value v of the component's parameter at s. It
// returns nil where v is ill-formed, which it has reported, or asks for
// nothing.
type compileFunc func(c *compiler, s *shape, v rdf.Term) (check, message)

// message is what a constraint says about a value that fails it, unless the
// shape has an sh:message.
type message string

// coreComponents is SHACL Core: every constraint component in the order of
// SHACL §4.
func coreComponents() []component {
	row := func(parameter, name string, compile compileFunc) component {
		return component{parameter: rdf.IRI(sh + parameter), iri: rdf.IRI(sh + name + "ConstraintComponent"), compile: compile}
	}
	once := func(d component) component { d.single = true; return d }
	property := func(d component) component { d.propertyOnly = true; return d }
	return []component{
		// §4.1 value type
		row("class", "Class", compileClass),
		once(row("datatype", "Datatype", compileDatatype)),
		once(row("nodeKind", "NodeKind", compileNodeKind)),
		// §4.2 cardinality
		property(once(row("minCount", "MinCount", compileMinCount))),
		property(once(row("maxCount", "MaxCount", compileMaxCount))),
		// §4.3 value range
		once(row("minExclusive", "MinExclusive", compileRange(greater, "is not greater than"))),
		once(row("minInclusive", "MinInclusive", compileRange(atLeast, "is less than"))),
		once(row("maxExclusive", "MaxExclusive", compileRange(less, "is not less than"))),
		once(row("maxInclusive", "MaxInclusive", compileRange(atMost, "is greater than"))),
		// §4.4 string-based
		once(row("minLength", "MinLength", compileMinLength)),
		once(row("maxLength", "MaxLength", compileMaxLength)),
		row("pattern", "Pattern", compilePattern),
		once(row("languageIn", "LanguageIn", compileLanguageIn)),
		property(once(row("uniqueLang", "UniqueLang", compileUniqueLang))),
		// §4.5 property pair
		row("equals", "Equals", compileEquals),
		row("disjoint", "Disjoint", compileDisjoint),
		property(row("lessThan", "LessThan", compileLessThan)),
		property(row("lessThanOrEquals", "LessThanOrEquals", compileLessThanOrEquals)),
		// §4.6 logical
		row("not", "Not", compileNot),
		row("and", "And", compileAnd),
		row("or", "Or", compileOr),
		row("xone", "Xone", compileXone),
		// §4.7 shape-based
		row("node", "Node", compileNode),
		row("property", "Property", compileProperty),
		row("qualifiedMinCount", "QualifiedMinCount", compileQualifiedMin),
		row("qualifiedMaxCount", "QualifiedMaxCount", compileQualifiedMax),
		// §4.8 other
		once(row("closed", "Closed", compileClosed)),
		row("hasValue", "HasValue", compileHasValue),
		once(row("in", "In", compileIn)),
	}
}

// declare compiles the constraints of s that the component d makes.
func (c *compiler) declare(s *shape, d component) {
	values := c.src.objects[key{s.term, d.parameter}]
	if len(values) == 0 {
		return
	}
	name := c.out.prefixes.shorten(d.parameter)
	if d.propertyOnly && s.path.IsZero() && !c.hasPath(s) {
		c.illFormed(s.term, "%s is for property shapes, but this shape has no sh:path", name)
		return
	}
	if d.single && len(values) > 1 {
		c.illFormed(s.term, "%s has at most one value, not %d", name, len(values))
		return
	}
	for _, v := range values {
		if check, text := d.compile(c, s, v); check != nil {
			c.constrain(s, d.iri, check, text)
		}
	}
}

func (c *compiler) hasPath(s *shape) bool { return len(c.src.values(s.term, "path")) > 0 }

// constrain adds a constraint to s.
func (c *compiler) constrain(s *shape, component rdf.Term, check check, text message) *constraint {
	k := &constraint{index: c.out.constraints, component: component, check: check, messages: s.messages}
	if len(k.messages) == 0 && text != "" {
		k.messages = []rdf.Term{rdf.LangLiteral(string(text), "en")}
	}
	c.out.constraints++
	s.constraints = append(s.constraints, k)
	return k
}
