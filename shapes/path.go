package shapes

import (
	"strings"

	"qlgraph/graph/rdf"
)

// Path is a SHACL property path (SHACL §2.3.1). The zero Path is no path.
type Path struct {
	op        pathOp
	predicate rdf.Term
	args      []Path
	constant  int // of the predicate, in a compiled shape
}

type pathOp uint8

const (
	noPath pathOp = iota
	predicatePath
	inversePath
	sequencePath
	alternativePath
	zeroOrMorePath
	oneOrMorePath
	zeroOrOnePath
)

// pathOperators are the properties that introduce the forms of paths with one
// or more arguments (SHACL §2.3.1.2 to §2.3.1.7), apart from the sequence,
// which is a list.
var pathOperators = []struct {
	name string
	op   pathOp
}{
	{"inversePath", inversePath},
	{"alternativePath", alternativePath},
	{"zeroOrMorePath", zeroOrMorePath},
	{"oneOrMorePath", oneOrMorePath},
	{"zeroOrOnePath", zeroOrOnePath},
}

// maxPathDepth bounds the nesting of a path: a person writes three levels at
// most, and the evaluation recurses on them.
const maxPathDepth = 64

// PredicatePath returns the path that is the predicate itself.
func PredicatePath(predicate rdf.Term) Path { return Path{op: predicatePath, predicate: predicate} }

// IsZero reports whether p is no path.
func (p Path) IsZero() bool { return p.op == noPath }

// Predicate returns the predicate of a path that is nothing else.
func (p Path) Predicate() (rdf.Term, bool) { return p.predicate, p.op == predicatePath }

// String returns the path in SPARQL's notation, with full IRIs.
func (p Path) String() string { return p.format(rdf.Term.String) }

// format returns the path in SPARQL's notation, with IRIs written by iri.
func (p Path) format(iri func(rdf.Term) string) string {
	arg := func(a Path) string {
		if s := a.format(iri); a.op == predicatePath {
			return s
		} else {
			return "(" + s + ")"
		}
	}
	join := func(separator string) string {
		parts := make([]string, len(p.args))
		for i, a := range p.args {
			parts[i] = arg(a)
		}
		return strings.Join(parts, separator)
	}
	switch p.op {
	case predicatePath:
		return iri(p.predicate)
	case inversePath:
		return "^" + arg(p.args[0])
	case sequencePath:
		return join("/")
	case alternativePath:
		return join("|")
	case zeroOrMorePath:
		return arg(p.args[0]) + "*"
	case oneOrMorePath:
		return arg(p.args[0]) + "+"
	case zeroOrOnePath:
		return arg(p.args[0]) + "?"
	}
	return ""
}

// path compiles the path at the node t. The second result is the rule that an
// ill-formed path breaks.
func (c *compiler) path(t rdf.Term, depth int) (Path, string) {
	if depth > maxPathDepth {
		return Path{}, "the path is nested too deeply or contains itself"
	}
	if t.IsIRI() && t != rdfNil {
		return Path{op: predicatePath, predicate: t, constant: c.constant(t)}, ""
	}
	if !t.IsBlank() {
		return Path{}, "a path is an IRI or a blank node"
	}
	if len(c.src.objects[key{t, rdfFirst}]) > 0 {
		return c.pathList(sequencePath, t, depth)
	}
	var found Path
	for _, form := range pathOperators {
		values := c.src.values(t, form.name)
		if len(values) == 0 {
			continue
		}
		if len(values) > 1 || !found.IsZero() {
			return Path{}, "a path has one form only"
		}
		var broken string
		if form.op == alternativePath {
			found, broken = c.pathList(form.op, values[0], depth)
		} else {
			var arg Path
			arg, broken = c.path(values[0], depth+1)
			found = Path{op: form.op, args: []Path{arg}}
		}
		if broken != "" {
			return Path{}, broken
		}
	}
	if found.IsZero() {
		return Path{}, "the node is no path of a known form"
	}
	return found, ""
}

func (c *compiler) pathList(op pathOp, head rdf.Term, depth int) (Path, string) {
	members, ok := c.src.list(head)
	if !ok || len(members) < 2 {
		return Path{}, "a sequence or alternative path is a list of at least two paths"
	}
	p := Path{op: op}
	for _, m := range members {
		arg, broken := c.path(m, depth+1)
		if broken != "" {
			return Path{}, broken
		}
		p.args = append(p.args, arg)
	}
	return p, ""
}

// triples returns the node that stands for p in RDF and the triples that
// describe it; blank makes fresh blank nodes.
func (p Path) triples(blank func() rdf.Term) (rdf.Term, []rdf.Quad) {
	switch p.op {
	case predicatePath:
		return p.predicate, nil
	case sequencePath:
		return p.list(blank)
	}
	for _, form := range pathOperators {
		if form.op != p.op {
			continue
		}
		n := blank()
		var arg rdf.Term
		var quads []rdf.Quad
		if p.op == alternativePath {
			arg, quads = p.list(blank)
		} else {
			arg, quads = p.args[0].triples(blank)
		}
		return n, append(quads, rdf.Triple(n, rdf.IRI(sh+form.name), arg))
	}
	return rdf.Term{}, nil
}

func (p Path) list(blank func() rdf.Term) (rdf.Term, []rdf.Quad) {
	head := rdfNil
	var quads []rdf.Quad
	for i := len(p.args) - 1; i >= 0; i-- {
		member, more := p.args[i].triples(blank)
		cell := blank()
		quads = append(append(quads, more...), rdf.Triple(cell, rdfFirst, member), rdf.Triple(cell, rdfRest, head))
		head = cell
	}
	return head, quads
}
