package syntax

// [53] GroupGraphPattern ::= '{' ( SubSelect | GroupGraphPatternSub ) '}'
func (p *parser) group() *Group {
	p.enter()
	defer p.leave()
	g := &Group{Pos: p.pos()}
	p.expectPunct("{")
	if p.isWord("SELECT") {
		g.Sub = p.subSelect()
	} else {
		g.Elements = p.groupElements()
	}
	p.expectPunct("}")
	return g
}

// [54] GroupGraphPatternSub ::= TriplesBlock? ( GraphPatternNotTriples '.'? TriplesBlock? )*
func (p *parser) groupElements() []Element {
	var list []Element
	for {
		if p.atTerm() {
			list = append(list, p.triplesBlock())
		}
		e := p.patternNotTriples()
		if e == nil {
			return list
		}
		list = append(list, e)
		p.acceptPunct(".")
	}
}

// [55] TriplesBlock ::= TriplesSameSubjectPath ( '.' TriplesBlock? )?
func (p *parser) triplesBlock() *TriplesBlock {
	b := &TriplesBlock{}
	for p.atTerm() {
		b.Triples = append(b.Triples, p.triplesSameSubject(true))
		if !p.acceptPunct(".") {
			break
		}
	}
	return b
}

// patternNotTriples returns nil where none starts.
//
// [56] GraphPatternNotTriples ::= GroupOrUnionGraphPattern | OptionalGraphPattern | MinusGraphPattern |
// GraphGraphPattern | ServiceGraphPattern | Filter | Bind | InlineData
func (p *parser) patternNotTriples() Element {
	pos := p.pos()
	switch {
	case p.isPunct("{"):
		return p.groupOrUnion()
	case p.acceptWord("OPTIONAL"): // [57]
		return &Optional{Group: p.group()}
	case p.acceptWord("GRAPH"): // [58] GraphGraphPattern ::= 'GRAPH' VarOrIri GroupGraphPattern
		name := p.varOrIRI()
		return &GraphPattern{Name: name, Group: p.group()}
	case p.acceptWord("SERVICE"): // [59] ServiceGraphPattern ::= 'SERVICE' 'SILENT'? VarOrIri GroupGraphPattern
		silent := p.acceptWord("SILENT")
		name := p.varOrIRI()
		return &ServicePattern{Silent: silent, Name: name, Group: p.group()}
	case p.acceptWord("BIND"):
		return p.bind()
	case p.acceptWord("VALUES"): // [61] InlineData ::= 'VALUES' DataBlock
		return p.dataBlock(pos)
	case p.acceptWord("MINUS"): // [66]
		return &Minus{Group: p.group()}
	case p.acceptWord("FILTER"): // [68] Filter ::= 'FILTER' Constraint
		return &Filter{Expr: p.constraint()}
	}
	return nil
}

// [60] Bind ::= 'BIND' '(' Expression 'AS' Var ')'
func (p *parser) bind() Element {
	p.expectPunct("(")
	b := &Bind{Expr: p.expression()}
	p.expectWord("AS")
	b.Var = p.variable()
	p.expectPunct(")")
	return b
}

// [67] GroupOrUnionGraphPattern ::= GroupGraphPattern ( 'UNION' GroupGraphPattern )*
func (p *parser) groupOrUnion() Element {
	u := &Union{Branches: []*Group{p.group()}}
	for p.acceptWord("UNION") {
		u.Branches = append(u.Branches, p.group())
	}
	return u
}

// [62] DataBlock ::= InlineDataOneVar | InlineDataFull
// [63] InlineDataOneVar ::= Var '{' DataBlockValue* '}'
// [64] InlineDataFull ::= ( NIL | '(' Var* ')' ) '{' ( '(' DataBlockValue* ')' | NIL )* '}'
func (p *parser) dataBlock(pos Pos) *Values {
	v := &Values{Pos: pos}
	if p.tok.kind == tokVar {
		v.Vars = []*Var{p.variable()}
		p.expectPunct("{")
		for !p.acceptPunct("}") {
			v.Rows = append(v.Rows, []Term{p.dataValue()})
		}
		return v
	}
	p.expectPunct("(")
	for p.tok.kind == tokVar {
		v.Vars = append(v.Vars, p.variable())
	}
	p.expectPunct(")")
	p.expectPunct("{")
	for !p.acceptPunct("}") {
		rowPos := p.pos()
		p.expectPunct("(")
		row := make([]Term, 0, len(v.Vars))
		for !p.acceptPunct(")") {
			row = append(row, p.dataValue())
		}
		if len(row) != len(v.Vars) {
			p.failf(rowPos, "row of %d values for %d variables", len(row), len(v.Vars))
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

// [65] DataBlockValue ::= iri | RDFLiteral | NumericLiteral | BooleanLiteral | 'UNDEF'
func (p *parser) dataValue() Term {
	switch {
	case p.acceptWord("UNDEF"):
		return nil
	case p.tok.kind == tokVar || !p.atGraphTerm() || p.isPunct("(") || p.isPunct("[") || p.tok.kind == tokBlank:
		p.expected("an IRI, a literal or UNDEF")
	}
	return p.graphTerm()
}

// [69] Constraint ::= BrackettedExpression | BuiltInCall | FunctionCall
func (p *parser) constraint() Expr {
	switch {
	case p.isPunct("("):
		return p.bracketted()
	case p.atIRI():
		f := p.iri()
		return p.call(f)
	case p.tok.kind == tokWord:
		return p.builtin()
	}
	p.expected("'(' or a function call")
	return nil
}

// atConstraint reports whether a further condition of HAVING or ORDER BY starts.
func (p *parser) atConstraint() bool {
	if p.isPunct("(") || p.atIRI() {
		return true
	}
	return p.tok.kind == tokWord && !p.isWord("HAVING") && !p.isWord("ORDER") &&
		!p.isWord("LIMIT") && !p.isWord("OFFSET") && !p.isWord("VALUES")
}

// [108] Var ::= VAR1 | VAR2
func (p *parser) variable() *Var {
	if p.tok.kind != tokVar {
		p.expected("a variable")
	}
	v := &Var{Name: p.tok.text, Pos: p.pos()}
	p.advance()
	return v
}

// [107] VarOrIri ::= Var | iri
func (p *parser) varOrIRI() Term {
	if p.tok.kind == tokVar {
		return p.variable()
	}
	if !p.atIRI() {
		p.expected("a variable or an IRI")
	}
	return p.iri()
}

func (p *parser) atIRI() bool { return p.tok.kind == tokIRI || p.tok.kind == tokPName }

// [136] iri ::= IRIREF | PrefixedName
func (p *parser) iri() *IRI {
	if !p.atIRI() {
		p.expected("an IRI")
	}
	i := &IRI{Value: p.tok.text, Prefix: p.tok.prefix, Prefixed: p.tok.kind == tokPName, Pos: p.pos()}
	p.advance()
	return i
}
