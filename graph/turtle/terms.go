package turtle

import (
	"fmt"
	"strconv"

	"qlgraph/graph/iri"
	"qlgraph/graph/rdf"
)

var (
	rdfType  = rdf.IRI(rdf.RDFType)
	rdfFirst = rdf.IRI(rdf.RDFFirst)
	rdfRest  = rdf.IRI(rdf.RDFRest)
	rdfNil   = rdf.IRI(rdf.RDFNil)
)

// iriRef reads an IRIREF and resolves it (Turtle §6.3). IRIs with a scheme are
// kept as they are written: only relative ones are resolved.
func (d *Decoder) iriRef() rdf.Term {
	raw, n := d.lex.IRIRef()
	term, ok := d.iris.Get(raw)
	if !ok {
		term = d.newIRI(raw)
	}
	d.lex.Advance(n)
	return term
}

func (d *Decoder) newIRI(raw []byte) rdf.Term {
	value := d.lex.IRIText(raw)
	if iri.SchemeLen(value) > 0 {
		d.checkIRI(iri.Check(value), value, 1)
	} else {
		if d.base.Scheme == "" {
			d.lex.Fail(1, "expected an absolute IRI, as there is no base")
		}
		d.checkIRI(iri.CheckRef(value), value, 1)
		value = d.base.Resolve(iri.Split(value)).String()
		d.checkIRI(nil, value, 1)
	}
	term := rdf.IRI(value)
	d.iris.Put(raw, term)
	return term
}

// checkIRI fails if value, which is written at offset at, is too long, or with
// err, which a check of it returned.
func (d *Decoder) checkIRI(err error, value string, at int) {
	if limit := d.lex.Limits().IRI; len(value) > limit {
		d.lex.Fail(at, fmt.Sprintf("IRI longer than the limit of %d bytes", limit))
	}
	if invalid, ok := err.(*iri.Error); ok && !d.opts.AnyIRI {
		d.lex.Fail(at, invalid.Error())
	}
}

// name reads a PrefixedName; what names it in an error.
func (d *Decoder) name(what string) rdf.Term {
	term, ok := d.prefixedName()
	if !ok {
		d.lex.Expected(0, what)
	}
	return term
}

// prefixedName reads a PrefixedName, if there is one.
func (d *Decoder) prefixedName() (rdf.Term, bool) {
	token, local := d.lex.PrefixedName()
	if local < 0 {
		return rdf.Term{}, false
	}
	term, ok := d.names.Get(token)
	if !ok {
		term = d.newName(token, local)
	}
	d.lex.Advance(len(token))
	return term, true
}

// verbName reads a PrefixedName or "a".
func (d *Decoder) verbName() rdf.Term {
	if term, ok := d.prefixedName(); ok {
		return term
	}
	if word := d.lex.Word(); string(word) != "a" {
		d.lex.Expected(0, "a predicate")
	}
	d.lex.Advance(1)
	return rdfType
}

// objectName reads a PrefixedName or a BooleanLiteral.
func (d *Decoder) objectName() rdf.Term {
	if term, ok := d.prefixedName(); ok {
		return term
	}
	value := ""
	switch word := d.lex.Word(); string(word) {
	case "true":
		value = "true"
	case "false":
		value = "false"
	default:
		d.lex.Expected(0, "an object")
	}
	d.lex.Advance(len(value))
	return rdf.TypedLiteral(value, rdf.XSDBoolean)
}

// newName expands a prefixed name whose local part starts at local.
func (d *Decoder) newName(token []byte, local int) rdf.Term {
	ns, ok := d.prefixes[string(token[:local-1])]
	if !ok {
		d.lex.Fail(0, fmt.Sprintf("prefix %q is not declared", token[:local]))
	}
	value := ns + string(d.lex.UnescapeLocal(token[local:]))
	d.checkIRI(iri.Check(value), value, 0)
	term := rdf.IRI(value)
	d.names.Put(token, term)
	return term
}

// literal ::= String (LANGTAG | '^^' iri)?
func (d *Decoder) literal() rdf.Term {
	value := d.lex.Quoted(true)
	d.lex.SkipSpace()
	switch d.lex.Next() {
	case '@':
		d.lex.Advance(1)
		return rdf.LangLiteral(value, d.names.LangTag(d.lex))
	case '^':
		if c, _ := d.lex.Peek(1); c != '^' {
			d.lex.Expected(1, `"^^"`)
		}
		d.lex.Advance(2)
		d.lex.SkipSpace()
		if d.lex.Next() == '<' {
			return rdf.TypedLiteral(value, d.iriRef().Value())
		}
		return rdf.TypedLiteral(value, d.name("a datatype").Value())
	}
	return rdf.Literal(value)
}

func (d *Decoder) number() rdf.Term {
	if next, _ := d.lex.Peek(1); d.lex.Next() == '.' && (next < '0' || next > '9') {
		d.lex.Expected(0, "an object")
	}
	text, datatype := d.lex.Number()
	value := string(text)
	d.lex.Advance(len(text))
	return rdf.TypedLiteral(value, datatype)
}

func (d *Decoder) blank() rdf.Term {
	token := d.lex.BlankLabel()
	term, ok := d.names.Get(token)
	if !ok {
		label := string(token[2:])
		if looksGenerated(label) {
			label += "_"
		}
		term = rdf.Blank(d.opts.LabelPrefix + label)
		d.names.Put(token, term)
	}
	d.lex.Advance(len(token))
	return term
}

// newBlank returns a blank node with a label that no other has.
func (d *Decoder) newBlank() rdf.Term {
	d.blanks++
	label := make([]byte, 0, 24)
	label = append(label, d.opts.LabelPrefix...)
	label = append(label, 'g')
	return rdf.Blank(string(strconv.AppendInt(label, int64(d.blanks), 10)))
}

// looksGenerated reports whether label is "g", digits and any number of
// underscores: such labels move one underscore up, away from those of newBlank
// and without meeting each other.
func looksGenerated(label string) bool {
	if len(label) < 2 || label[0] != 'g' {
		return false
	}
	i := 1
	for i < len(label) && '0' <= label[i] && label[i] <= '9' {
		i++
	}
	if i == 1 {
		return false
	}
	for i < len(label) && label[i] == '_' {
		i++
	}
	return i == len(label)
}
