package shapes

import (
	"slices"

	"qlgraph/graph/rdf"
)

// SPARQL-based constraint components (SHACL §6).

// customComponent is a constraint component that the shapes graph declares.
type customComponent struct {
	term       rdf.Term
	parameters []parameter
}

type parameter struct {
	predicate rdf.Term
	name      string // the variable
	optional  bool
}

var constraintComponent = rdf.IRI(sh + "ConstraintComponent")

// components reads the constraint components that the shapes graph declares.
func (c *compiler) components() {
	for _, s := range c.src.order {
		if !c.src.isInstance(s, constraintComponent) {
			continue
		}
		d := customComponent{term: s}
		for _, p := range c.src.values(s, "parameter") {
			path, ok := c.single(p, "path")
			if !ok || !path.IsIRI() {
				c.illFormed(s, "a parameter has an IRI as sh:path")
				continue
			}
			_, local := splitIRI(path.Value())
			next := parameter{predicate: path, name: local}
			if o, ok := c.single(p, "optional"); ok {
				next.optional = c.boolean(p, "optional", o)
			}
			d.parameters = append(d.parameters, next)
		}
		mandatory := slices.DeleteFunc(slices.Clone(d.parameters), func(p parameter) bool { return p.optional })
		if len(mandatory) == 0 {
			c.illFormed(s, "a constraint component has at least one parameter that is not optional")
			continue
		}
		c.custom = append(c.custom, d)
	}
}

// declareCustom compiles the constraints of s that the component d makes.
func (c *compiler) declareCustom(s *shape, d customComponent) {
	values := make([][]rdf.Term, len(d.parameters))
	for i, p := range d.parameters {
		values[i] = c.src.objects[key{s.term, p.predicate}]
		if len(values[i]) == 0 && !p.optional {
			return // not all mandatory parameters: no constraint (SHACL §6.2)
		}
		if len(values[i]) > 1 && len(d.parameters) > 1 {
			c.illFormed(s.term, "%s has one value, as its component has several parameters", c.out.prefixes.shorten(p.predicate))
			return
		}
	}
	if len(d.parameters) == 1 {
		for _, v := range values[0] {
			c.validator(s, d, map[string]rdf.Term{d.parameters[0].name: v})
		}
		return
	}
	arguments := map[string]rdf.Term{}
	for i, p := range d.parameters {
		if len(values[i]) > 0 {
			arguments[p.name] = values[i][0]
		}
	}
	c.validator(s, d, arguments)
}

// validator adds the constraint with the validator that suits the kind of
// shape (SHACL §6.2.3).
func (c *compiler) validator(s *shape, d customComponent, arguments map[string]rdf.Term) {
	var names []string
	for _, p := range d.parameters {
		names = append(names, p.name)
	}
	special := "nodeValidator"
	if !s.path.IsZero() {
		special = "propertyValidator"
	}
	for _, property := range []string{special, "validator"} {
		validators := c.src.values(d.term, property)
		if len(validators) == 0 {
			continue
		}
		v := validators[0]
		var run check
		if property == "validator" {
			q, ok := c.query(s, v, "ask", append(names, "value"))
			if !ok {
				return
			}
			run = askCheck(q, arguments)
		} else {
			q, ok := c.query(s, v, "select", names)
			if !ok {
				return
			}
			run = selectCheck(q, arguments)
		}
		k := c.constrain(s, d.term, run, "")
		k.parameters = arguments
		for _, source := range []rdf.Term{v, d.term} {
			if texts := c.texts(source, "message"); len(k.messages) == 0 && len(texts) > 0 {
				k.messages = texts
			}
		}
		s.opaque = true
		return
	}
	c.illFormed(d.term, "the component has no validator for %s", c.name(s))
}
