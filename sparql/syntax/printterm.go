package syntax

import "strings"

// braced prints triples between braces.
func (w *printer) braced(list []*Triples) {
	w.f("{")
	w.indent++
	if len(list) > 0 {
		w.newline()
		w.triples(list)
	}
	w.indent--
	w.newline()
	w.f("}")
}

func (w *printer) triples(list []*Triples) {
	for i, t := range list {
		if i > 0 {
			w.newline()
		}
		w.term(t.Subject)
		if len(t.Properties) > 0 {
			w.f(" ")
			w.properties(t.Properties)
		}
		w.f(" .")
	}
}

func (w *printer) properties(list []Property) {
	for i, p := range list {
		if i > 0 {
			w.f(" ; ")
		}
		switch v := p.Verb.(type) {
		case *Var:
			w.f("?%s", v.Name)
		case Path:
			w.path(v, 0)
		}
		for j, o := range p.Objects {
			if j > 0 {
				w.f(",")
			}
			w.f(" ")
			w.term(o)
		}
	}
}

func (w *printer) term(t Term) {
	switch t := t.(type) {
	case *Var:
		w.f("?%s", t.Name)
	case *IRI:
		w.iri(t)
	case *Literal:
		w.literal(t)
	case *Blank:
		if t.Label == "" {
			w.f("[]")
		} else {
			w.f("_:%s", t.Label)
		}
	case *BlankProperties:
		w.f("[ ")
		w.properties(t.Properties)
		w.f(" ]")
	case *Collection:
		w.f("(")
		for i, item := range t.Items {
			w.f("%s", sep(i))
			w.term(item)
		}
		w.f(")")
	}
}

func (w *printer) iri(t *IRI) {
	switch {
	case t.Prefixed:
		w.f("%s:%s", t.Prefix, escapeLocal(t.Value))
	default:
		w.f("<%s>", t.Value)
	}
}

// escapeLocal writes a local name with the escapes that PN_LOCAL needs; a
// percent sign stands for itself where two hexadecimal digits follow.
func escapeLocal(s string) string {
	var b strings.Builder
	for i, r := range s {
		percent := r == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2])
		edge := r == '.' && (i == 0 || i == len(s)-1) || r == '-' && i == 0
		if edge || !percent && strings.ContainsRune("~!$&'()*+,;=/?#@%", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func (w *printer) literal(t *Literal) {
	if t.Bare != Quoted {
		w.f("%s", t.Lexical)
		return
	}
	w.quoted(t.Lexical)
	switch {
	case t.Lang != "":
		w.f("@%s", t.Lang)
	case t.Datatype != nil:
		w.f("^^")
		w.iri(t.Datatype)
	}
}

func (w *printer) quoted(s string) {
	w.WriteByte('"')
	for i := range len(s) {
		// "\u" must not come about: it would be read before the string is.
		if j := strings.IndexByte(escapeValues, s[i]); j >= 0 && s[i] != '\'' {
			w.WriteByte('\\')
			w.WriteByte(escapeLetters[j])
		} else {
			w.WriteByte(s[i])
		}
	}
	w.WriteByte('"')
}

// The binding strengths of paths, weakest first.
const (
	pathAlternative = iota
	pathSequence
	pathInverse
	pathRepeat
	pathPrimary
)

func (w *printer) path(p Path, outer int) {
	level := pathPrimary
	switch p.(type) {
	case *PathAlternative:
		level = pathAlternative
	case *PathSequence:
		level = pathSequence
	case *PathInverse:
		level = pathInverse
	case *PathRepeat:
		level = pathRepeat
	}
	if level < outer {
		w.f("(")
		defer w.f(")")
	}
	switch p := p.(type) {
	case *IRI:
		w.iri(p)
	case *PathAlternative:
		w.paths(p.Paths, "|", pathSequence)
	case *PathSequence:
		w.paths(p.Paths, "/", pathInverse)
	case *PathInverse:
		w.f("^")
		w.path(p.Path, pathRepeat)
	case *PathRepeat:
		w.path(p.Path, pathPrimary)
		w.f("%c", p.Mod)
	case *PathNegated:
		w.negated(p)
	}
}

func (w *printer) paths(list []Path, op string, level int) {
	for i, p := range list {
		if i > 0 {
			w.f("%s", op)
		}
		w.path(p, level)
	}
}

func (w *printer) negated(p *PathNegated) {
	w.f("!(")
	for i, f := range p.Forward {
		if i > 0 {
			w.f("|")
		}
		w.iri(f)
	}
	for i, f := range p.Inverse {
		if i+len(p.Forward) > 0 {
			w.f("|")
		}
		w.f("^")
		w.iri(f)
	}
	w.f(")")
}
