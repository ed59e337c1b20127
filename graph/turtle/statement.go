package turtle

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"qlgraph/graph/iri"
	"qlgraph/graph/rdf"
)

// statement ::= directive | triples '.', and in TriG a graph block or its end.
func (d *Decoder) statement() {
	switch c := d.lex.Next(); {
	case c == '}' && d.inBlock:
		d.lex.Advance(1)
		d.inBlock, d.graph = false, rdf.Term{}
	case c == '{' && d.opts.TriG && !d.inBlock:
		d.openBlock(rdf.Term{})
	case c == '@' && !d.inBlock:
		d.atDirective()
	case c == '[':
		d.anonSubject()
	case c == '(':
		d.collectionSubject()
	case c == '<':
		d.subject(d.iriRef())
	case c == '_':
		d.subject(d.blank())
	default:
		if word := d.lex.Word(); !d.keyword(string(word)) {
			d.subject(d.name(d.expectedStatement()))
		}
	}
}

func (d *Decoder) expectedStatement() string {
	if d.inBlock {
		return `a subject or "}"`
	}
	return "a subject or a directive"
}

// subject starts triples about s, or in TriG the graph block with that label.
func (d *Decoder) subject(s rdf.Term) {
	if d.opts.TriG && !d.inBlock {
		d.lex.SkipSpace()
		if d.lex.Next() == '{' {
			d.openBlock(s)
			return
		}
	}
	d.push(triples, s)
	d.state = atVerb
}

func (d *Decoder) openBlock(label rdf.Term) {
	d.lex.Advance(1)
	d.graph, d.inBlock = label, true
}

// anonSubject starts with ANON or blankNodePropertyList; only behind the latter
// may the predicates be missing (Turtle §6.5, rule 6).
func (d *Decoder) anonSubject() {
	d.lex.Advance(1)
	d.lex.SkipSpace()
	node := d.newBlank()
	if d.lex.Accept(']') {
		d.subject(node)
		return
	}
	d.push(triples, node)
	d.push(properties, node)
	d.state = atVerb
}

func (d *Decoder) collectionSubject() {
	d.lex.Advance(1)
	d.lex.SkipSpace()
	if d.lex.Accept(')') {
		d.push(triples, rdfNil)
		d.state = atVerb
		return
	}
	node := d.newBlank()
	d.push(triples, node)
	d.push(collection, node)
	d.state = atItem
}

// atDirective reads "@prefix …" or "@base …" (prefixID, base).
func (d *Decoder) atDirective() {
	d.lex.Advance(1)
	switch word := string(d.lex.Word()); word {
	case "prefix":
		d.lex.Advance(len(word))
		d.prefixDirective()
	case "base":
		d.lex.Advance(len(word))
		d.baseDirective()
	default:
		d.lex.Expected(0, `"prefix" or "base"`)
	}
	d.lex.SkipSpace()
	if !d.lex.Accept('.') {
		d.lex.Expected(0, `"."`)
	}
}

// keyword reads a directive in the style of SPARQL, or the start of a graph
// block, and reports whether word, which stands first, was one (sparqlPrefix,
// sparqlBase; TriG §4.1).
func (d *Decoder) keyword(word string) bool {
	if len(word) < 4 || len(word) > 6 || d.inBlock {
		return false
	}
	if c, _ := d.lex.Peek(len(word)); c == ':' || c == '.' || c >= utf8.RuneSelf {
		return false // the start of a longer name
	}
	switch {
	case strings.EqualFold(word, "PREFIX"):
		d.lex.Advance(len(word))
		d.prefixDirective()
	case strings.EqualFold(word, "BASE"):
		d.lex.Advance(len(word))
		d.baseDirective()
	case d.opts.TriG && strings.EqualFold(word, "GRAPH"):
		d.lex.Advance(len(word))
		d.graphBlock()
	default:
		return false
	}
	return true
}

// graphBlock reads what follows the keyword GRAPH: labelOrSubject '{'.
func (d *Decoder) graphBlock() {
	d.lex.SkipSpace()
	var label rdf.Term
	switch c := d.lex.Next(); c {
	case '<':
		label = d.iriRef()
	case '_':
		label = d.blank()
	case '[':
		d.lex.Advance(1)
		d.lex.SkipSpace()
		if !d.lex.Accept(']') {
			d.lex.Expected(0, `"]"`)
		}
		label = d.newBlank()
	default:
		label = d.name("a graph name")
	}
	d.lex.SkipSpace()
	if d.lex.Next() != '{' {
		d.lex.Expected(0, `"{"`)
	}
	d.openBlock(label)
}

func (d *Decoder) prefixDirective() {
	d.lex.SkipSpace()
	token := d.lex.PrefixName()
	prefix := string(token[:len(token)-1])
	d.lex.Advance(len(token))
	d.lex.SkipSpace()
	ns := d.directiveIRI()
	old, known := d.prefixes[prefix]
	if !known && len(d.prefixes) >= d.lex.Limits().Prefixes {
		d.lex.Fail(0, fmt.Sprintf("more prefixes than the limit of %d", len(d.prefixes)))
	}
	if d.prefixBytes += len(ns) - len(old); d.prefixBytes > maxPrefixBytes {
		d.lex.Fail(0, fmt.Sprintf("prefixes longer than the limit of %d bytes together", maxPrefixBytes))
	}
	d.prefixes[prefix] = ns
	if known && old != ns {
		d.names.Forget()
	}
}

func (d *Decoder) baseDirective() {
	d.lex.SkipSpace()
	d.base = iri.Split(d.directiveIRI())
	d.iris.Forget()
}

func (d *Decoder) directiveIRI() string {
	if d.lex.Next() != '<' {
		d.lex.Expected(0, "an IRI in <…>")
	}
	return d.iriRef().Value()
}
