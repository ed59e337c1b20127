package shapes

import (
	"qlgraph/graph"
	"qlgraph/graph/rdf"
)

// refer returns the shape that a constraint of s refers to. A node that the
// shapes graph says nothing about is a shape without constraints, which is
// noted: as a rule the graph that describes it was not loaded.
func (c *compiler) refer(s *shape, v rdf.Term) *shape {
	if v.IsLiteral() {
		c.illFormed(s.term, "a shape is an IRI or a blank node, not %s", v)
		return nil
	}
	if _, known := c.out.byTerm[v]; !known && !c.src.described[v] {
		c.notice(v, "%s refers to this shape, which the shapes graph does not hold; it constrains nothing", c.name(s))
	}
	r := c.shape(v)
	s.references = append(s.references, r)
	return r
}

// name names a shape for a notice: by its IRI, else by its path and the shape
// that it is a property of.
func (c *compiler) name(s *shape) string {
	if s.term.IsIRI() {
		return c.out.prefixes.shorten(s.term)
	}
	for _, parent := range c.src.subjects[key{s.term, rdf.IRI(sh + "property")}] {
		return c.out.prefixes.shorten(parent) + ", property " + s.path.format(c.out.prefixes.shorten)
	}
	return s.term.String()
}

// referAll returns the shapes in the list at head, those that are not there
// left out.
func (c *compiler) referAll(s *shape, name string, head rdf.Term) []*shape {
	members, ok := c.src.list(head)
	if !ok || len(members) == 0 {
		c.illFormed(s.term, "sh:%s is a list of shapes", name)
		return nil
	}
	var shapes []*shape
	for _, m := range members {
		if r := c.refer(s, m); r != nil {
			shapes = append(shapes, r)
		}
	}
	return shapes
}

// compileNot compiles sh:not (SHACL §4.6.1).
func compileNot(c *compiler, s *shape, v rdf.Term) (check, message) {
	r := c.refer(s, v)
	if r == nil {
		return nil, ""
	}
	return eachValue(func(e *evaluation, id graph.ID) bool {
		return !e.w.conforms(r, id)
	}), "conforms to a shape that it must not conform to"
}

// compileAnd compiles sh:and (SHACL §4.6.2).
func compileAnd(c *compiler, s *shape, v rdf.Term) (check, message) {
	shapes := c.referAll(s, "and", v)
	if shapes == nil {
		return nil, ""
	}
	return eachValue(func(e *evaluation, id graph.ID) bool {
		return e.w.conforming(shapes, id) == len(shapes)
	}), "does not conform to all of several shapes"
}

// compileOr compiles sh:or (SHACL §4.6.3).
func compileOr(c *compiler, s *shape, v rdf.Term) (check, message) {
	shapes := c.referAll(s, "or", v)
	if shapes == nil {
		return nil, ""
	}
	return eachValue(func(e *evaluation, id graph.ID) bool {
		for _, r := range shapes {
			if e.w.conforms(r, id) {
				return true
			}
		}
		return false
	}), message("conforms to none of: " + c.summaries(shapes))
}

// compileXone compiles sh:xone (SHACL §4.6.4).
func compileXone(c *compiler, s *shape, v rdf.Term) (check, message) {
	shapes := c.referAll(s, "xone", v)
	if shapes == nil {
		return nil, ""
	}
	return eachValue(func(e *evaluation, id graph.ID) bool {
		return e.w.conforming(shapes, id) == 1
	}), message("does not conform to exactly one of: " + c.summaries(shapes))
}

// conforming counts the shapes that id conforms to.
func (w *worker) conforming(shapes []*shape, id graph.ID) int {
	n := 0
	for _, r := range shapes {
		if w.conforms(r, id) {
			n++
		}
	}
	return n
}

// compileNode compiles sh:node (SHACL §4.7.1).
func compileNode(c *compiler, s *shape, v rdf.Term) (check, message) {
	r := c.refer(s, v)
	if r == nil {
		return nil, ""
	}
	if !r.path.IsZero() {
		c.illFormed(s.term, "sh:node refers to a node shape, but %s has a path", v)
	}
	return eachValue(func(e *evaluation, id graph.ID) bool {
		return e.w.conforms(r, id)
	}), message("does not conform to " + c.out.prefixes.shorten(v))
}

// compileProperty compiles sh:property (SHACL §4.7.2): every value node is
// validated against the property shape, whose results are its own.
func compileProperty(c *compiler, s *shape, v rdf.Term) (check, message) {
	r := c.refer(s, v)
	if r == nil {
		return nil, ""
	}
	if r.path.IsZero() && !c.hasPath(r) {
		c.illFormed(v, "sh:property refers to a property shape, but this has no sh:path")
		return nil, ""
	}
	s.properties = append(s.properties, r)
	if r.parent == nil {
		r.parent = s
	}
	return func(e *evaluation) {
		for _, id := range e.values {
			if id == e.focus.id {
				e.w.validate(r, e.focus) // a node shape: what is known of the node serves
			} else {
				e.w.validateNode(r, id)
			}
		}
	}, ""
}

// qualified is the part that the two qualified cardinalities share
// (SHACL §4.7.3).
type qualified struct {
	shape    *shape
	siblings []*shape // other qualified shapes that a value must not conform to
}

func (c *compiler) qualified(s *shape) (qualified, bool) {
	v, ok := c.single(s.term, "qualifiedValueShape")
	if !ok {
		return qualified{}, false // without the other parameter there is no constraint
	}
	q := qualified{shape: c.refer(s, v)}
	if d, ok := c.single(s.term, "qualifiedValueShapesDisjoint"); ok && c.boolean(s.term, "qualifiedValueShapesDisjoint", d) {
		for _, sibling := range c.siblings(s, v) {
			if r := c.refer(s, sibling); r != nil {
				q.siblings = append(q.siblings, r)
			}
		}
	}
	return q, q.shape != nil
}

// siblings returns the qualified value shapes of the other property shapes of
// the shapes that s is a property of (SHACL §4.7.3, sibling shapes).
func (c *compiler) siblings(s *shape, own rdf.Term) []rdf.Term {
	var siblings []rdf.Term
	property := rdf.IRI(sh + "property")
	for _, parent := range c.src.subjects[key{s.term, property}] {
		for _, p := range c.src.objects[key{parent, property}] {
			for _, v := range c.src.values(p, "qualifiedValueShape") {
				if v != own {
					siblings = append(siblings, v)
				}
			}
		}
	}
	return siblings
}

// count returns how many of the value nodes conform to q.
func (q qualified) count(e *evaluation) int {
	n := 0
	for _, id := range e.values {
		if e.w.conforms(q.shape, id) && e.w.conforming(q.siblings, id) == 0 {
			n++
		}
	}
	return n
}

func compileQualifiedMin(c *compiler, s *shape, v rdf.Term) (check, message) {
	n, ok := c.count(s, "qualifiedMinCount", v)
	q, found := c.qualified(s)
	if !ok || !found {
		return nil, ""
	}
	return func(e *evaluation) {
		if q.count(e) < n {
			e.failFocus()
		}
	}, message("has fewer than " + v.Value() + " value(s) of a required kind")
}

func compileQualifiedMax(c *compiler, s *shape, v rdf.Term) (check, message) {
	n, ok := c.count(s, "qualifiedMaxCount", v)
	q, found := c.qualified(s)
	if !ok || !found {
		return nil, ""
	}
	return func(e *evaluation) {
		if q.count(e) > n {
			e.failFocus()
		}
	}, message("has more than " + v.Value() + " value(s) of a limited kind")
}

// compileClosed compiles sh:closed with sh:ignoredProperties (SHACL §4.8.1).
func compileClosed(c *compiler, s *shape, v rdf.Term) (check, message) {
	if !c.boolean(s.term, "closed", v) || v.Value() != "true" {
		return nil, ""
	}
	var allowed []int
	if head, ok := c.single(s.term, "ignoredProperties"); ok {
		members, ok := c.src.list(head)
		for _, m := range members {
			ok = ok && m.IsIRI()
		}
		if !ok {
			c.illFormed(s.term, "sh:ignoredProperties is a list of IRIs")
			return nil, ""
		}
		allowed = c.constantsOf(members)
	}
	for _, p := range c.src.values(s.term, "property") {
		for _, path := range c.src.values(p, "path") {
			if path.IsIRI() {
				allowed = append(allowed, c.constant(path))
			}
		}
	}
	s.closed = true
	return func(e *evaluation) {
		for _, id := range e.values {
			e.closed(id, allowed)
		}
	}, "is the value of a property that the closed shape does not know"
}

// closed reports the statements of the node with a predicate not allowed.
func (e *evaluation) closed(id graph.ID, allowed []int) {
	n, release := e.w.focusOn(e.focus, id)
	defer release()
	for i, p := range n.predicates {
		known := false
		for _, k := range allowed {
			known = known || e.w.ids[k] == p
		}
		if !known {
			e.failAt(n.values[i], PredicatePath(e.w.term(p)))
		}
	}
}

// summaries names shapes for a message.
func (c *compiler) summaries(shapes []*shape) string {
	text := ""
	for i, r := range shapes {
		if i > 0 {
			text += ", "
		}
		text += c.summary(r)
	}
	return text
}

// summary names a shape by its IRI, or else by what its only simple constraint
// asks for.
func (c *compiler) summary(r *shape) string {
	if r.term.IsIRI() {
		return c.out.prefixes.shorten(r.term)
	}
	for _, name := range []string{"class", "datatype", "node", "nodeKind", "pattern", "hasValue"} {
		if v := c.src.values(r.term, name); len(v) == 1 {
			return name + " " + c.out.prefixes.shorten(v[0])
		}
	}
	return "an anonymous shape"
}
