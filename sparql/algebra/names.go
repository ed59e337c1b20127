package algebra

import (
	"maps"
	"strings"

	"qlgraph/graph/iri"
	"qlgraph/graph/rdf"
	"qlgraph/sparql/syntax"
)

func newTranslator(text string, opts Options) *translator {
	t := &translator{text: text, base: opts.Base, prefixes: maps.Clone(opts.Prefixes)}
	if t.prefixes == nil {
		t.prefixes = map[string]string{}
	}
	return t
}

// recover turns the panic of fail into an error.
func (t *translator) recover(err *error) {
	switch r := recover().(type) {
	case nil:
	case *syntax.Error:
		*err = r
	default:
		panic(r)
	}
}

func (t *translator) fail(pos syntax.Pos, msg string) {
	panic(syntax.ErrorAt(t.text, pos, msg))
}

// declare applies BASE and PREFIX declarations in order (§4.1.1).
func (t *translator) declare(list []syntax.Declaration) {
	for _, d := range list {
		ref := t.reference(d.Pos, d.IRI)
		if d.Base {
			t.base = ref
		} else {
			t.prefixes[d.Prefix] = ref
		}
	}
}

// resolve returns the absolute IRI that i stands for.
func (t *translator) resolve(i *syntax.IRI) string {
	if !i.Prefixed {
		return t.reference(i.Pos, i.Value)
	}
	ns, ok := t.prefixes[i.Prefix]
	if !ok {
		t.fail(i.Pos, "prefix "+i.Prefix+": is not declared")
	}
	return ns + i.Value
}

func (t *translator) reference(pos syntax.Pos, ref string) string {
	abs := iri.Resolve(t.base, ref)
	if iri.SchemeLen(abs) == 0 {
		t.fail(pos, "<"+ref+"> is relative and no base is known")
	}
	return abs
}

// term translates a variable, IRI, literal or plain blank node; a blank node
// becomes a variable of its own.
func (t *translator) term(x syntax.Term) Term {
	switch x := x.(type) {
	case *syntax.Var:
		return Term{Var: x.Name}
	case *syntax.IRI:
		return Term{Value: rdf.IRI(t.resolve(x))}
	case *syntax.Literal:
		return Term{Value: t.literal(x)}
	case *syntax.Blank:
		if x.Label == "" {
			return Term{Var: t.freshVar("b")}
		}
		return Term{Var: "._:" + x.Label}
	}
	panic("algebra: unknown term")
}

func (t *translator) literal(l *syntax.Literal) rdf.Term {
	switch {
	case l.Bare == syntax.BareInteger:
		return rdf.TypedLiteral(l.Lexical, rdf.XSDInteger)
	case l.Bare == syntax.BareDecimal:
		return rdf.TypedLiteral(l.Lexical, rdf.XSDDecimal)
	case l.Bare == syntax.BareDouble:
		return rdf.TypedLiteral(l.Lexical, rdf.XSDDouble)
	case l.Bare == syntax.BareBoolean:
		return rdf.TypedLiteral(l.Lexical, rdf.XSDBoolean)
	case l.Lang != "":
		return rdf.LangLiteral(l.Lexical, l.Lang)
	case l.Datatype != nil:
		return rdf.TypedLiteral(l.Lexical, t.resolve(l.Datatype))
	}
	return rdf.Literal(l.Lexical)
}

// service is Service of SPARQL 1.1 Federated Query §4.
func (t *translator) service(e *syntax.ServicePattern) Node {
	var b strings.Builder
	if t.base != "" {
		b.WriteString("BASE <" + t.base + ">\n")
	}
	for _, p := range sortedKeys(t.prefixes) {
		b.WriteString("PREFIX " + p + ": <" + t.prefixes[p] + ">\n")
	}
	b.WriteString("SELECT * WHERE " + e.Group.String())
	return &Service{
		Name:   t.term(e.Name),
		Silent: e.Silent,
		Query:  b.String(),
		Vars:   e.Group.InScope().Names,
		Input:  t.group(e.Group),
	}
}
