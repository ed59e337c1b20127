package syntax

// [52] TriplesTemplate ::= TriplesSameSubject ( '.' TriplesTemplate? )?
func (p *parser) triplesTemplate() []*Triples {
	var list []*Triples
	for p.atTerm() {
		list = append(list, p.triplesSameSubject(false))
		if !p.acceptPunct(".") {
			break
		}
	}
	return list
}

// triplesSameSubject parses a subject with its properties; verbs may be paths
// where paths is set.
//
// [75] TriplesSameSubject ::= VarOrTerm PropertyListNotEmpty | TriplesNode PropertyList
// [81] TriplesSameSubjectPath ::= VarOrTerm PropertyListPathNotEmpty | TriplesNodePath PropertyListPath
func (p *parser) triplesSameSubject(paths bool) *Triples {
	t := &Triples{Subject: p.graphNode(paths)}
	optional := false
	switch s := t.Subject.(type) {
	case *BlankProperties:
		optional = true
	case *Collection:
		optional = len(s.Items) > 0
	}
	if optional && !p.atVerb() {
		return t
	}
	t.Properties = p.propertyList(paths)
	return t
}

// [77] PropertyListNotEmpty ::= Verb ObjectList ( ';' ( Verb ObjectList )? )*
// [83] PropertyListPathNotEmpty ::= ( VerbPath | VerbSimple ) ObjectListPath ( ';' ( ( VerbPath | VerbSimple ) ObjectList )? )*
func (p *parser) propertyList(paths bool) []Property {
	var list []Property
	for {
		prop := Property{Verb: p.verb(paths)}
		for {
			prop.Objects = append(prop.Objects, p.graphNode(paths))
			if !p.acceptPunct(",") {
				break
			}
		}
		list = append(list, prop)
		if !p.isPunct(";") {
			return list
		}
		for p.acceptPunct(";") {
		}
		if !p.atVerb() {
			return list
		}
	}
}

func (p *parser) atVerb() bool {
	return p.tok.kind == tokVar || p.atIRI() || p.isWord("a") ||
		p.isPunct("^") || p.isPunct("!") || p.isPunct("(")
}

// [78] Verb ::= VarOrIri | 'a'
// [84] VerbPath ::= Path
// [85] VerbSimple ::= Var
func (p *parser) verb(paths bool) Verb {
	switch {
	case p.tok.kind == tokVar:
		return p.variable()
	case paths:
		return p.pathAlternative()
	case p.atA():
		return p.a()
	}
	return p.iri()
}

// atA reports the keyword "a", which alone is case-sensitive.
func (p *parser) atA() bool { return p.tok.kind == tokWord && p.tok.text == "a" }

func (p *parser) a() *IRI {
	i := &IRI{Value: rdfType, Pos: p.pos()}
	p.advance()
	return i
}

const rdfType = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

// [104] GraphNode ::= VarOrTerm | TriplesNode
// [105] GraphNodePath ::= VarOrTerm | TriplesNodePath
func (p *parser) graphNode(paths bool) Term {
	pos := p.pos()
	switch {
	case p.tok.kind == tokVar:
		return p.variable()
	case p.acceptPunct("("):
		return p.collection(pos, paths)
	case p.acceptPunct("["):
		return p.blankProperties(pos, paths)
	}
	return p.graphTerm()
}

// [102] Collection ::= '(' GraphNode+ ')', and [161] NIL
func (p *parser) collection(pos Pos, paths bool) Term {
	p.enter()
	defer p.leave()
	c := &Collection{Pos: pos}
	for !p.acceptPunct(")") {
		c.Items = append(c.Items, p.graphNode(paths))
	}
	return c
}

// [99] BlankNodePropertyList ::= '[' PropertyListNotEmpty ']', and [163] ANON
func (p *parser) blankProperties(pos Pos, paths bool) Term {
	p.enter()
	defer p.leave()
	if p.acceptPunct("]") {
		return &Blank{Pos: pos}
	}
	b := &BlankProperties{Properties: p.propertyList(paths), Pos: pos}
	p.expectPunct("]")
	return b
}

// atTerm reports whether a subject starts.
func (p *parser) atTerm() bool {
	return p.tok.kind == tokVar || p.isPunct("(") || p.isPunct("[") || p.atGraphTerm()
}

func (p *parser) atGraphTerm() bool {
	switch p.tok.kind {
	case tokIRI, tokPName, tokBlank, tokString, tokInteger, tokDecimal, tokDouble:
		return true
	case tokWord:
		return p.isWord("true") || p.isWord("false")
	}
	return p.isPunct("+") || p.isPunct("-")
}

// [109] GraphTerm ::= iri | RDFLiteral | NumericLiteral | BooleanLiteral | BlankNode | NIL
func (p *parser) graphTerm() Term {
	pos := p.pos()
	switch {
	case p.atIRI():
		return p.iri()
	case p.tok.kind == tokBlank:
		b := &Blank{Label: p.tok.text, Pos: pos}
		p.advance()
		return b
	case p.atGraphTerm():
		return p.literal()
	}
	p.expected("a term")
	return nil
}

// literal parses a literal; a sign must touch its number.
//
// [129] RDFLiteral ::= String ( LANGTAG | ( '^^' iri ) )?
// [130] NumericLiteral ::= NumericLiteralUnsigned | NumericLiteralPositive | NumericLiteralNegative
// [134] BooleanLiteral ::= 'true' | 'false'
func (p *parser) literal() *Literal {
	l := &Literal{Pos: p.pos()}
	if p.isPunct("+") || p.isPunct("-") {
		l.Lexical = p.tok.text
		p.advance()
		if p.bareNumber() == Quoted || p.tok.pos != p.prevEnd {
			p.expected("a number")
		}
	}
	l.Bare = p.bareNumber()
	switch {
	case l.Bare != Quoted:
		l.Lexical += p.tok.text
	case p.tok.kind == tokString:
		l.Lexical = p.tok.text
	case p.isWord("true"), p.isWord("false"):
		l.Bare, l.Lexical = BareBoolean, map[bool]string{true: "true", false: "false"}[p.isWord("true")]
	default:
		p.expected("a literal")
	}
	p.advance()
	if l.Bare != Quoted {
		return l
	}
	if p.tok.kind == tokLang {
		l.Lang = p.tok.text
		p.advance()
	} else if p.acceptPunct("^^") {
		l.Datatype = p.iri()
	}
	return l
}

// bareNumber tells which unsigned number the current token is, Quoted if none.
func (p *parser) bareNumber() Bare {
	switch p.tok.kind {
	case tokInteger:
		return BareInteger
	case tokDecimal:
		return BareDecimal
	case tokDouble:
		return BareDouble
	}
	return Quoted
}
