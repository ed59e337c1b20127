package syntax

// [29] Update ::= Prologue ( Update1 ( ';' Update )? )?
func (p *parser) update() *Update {
	p.advance()
	u := &Update{Text: p.written}
	var decls []Declaration
	for {
		decls = p.prologue(decls)
		if p.tok.kind == tokEOF {
			return u
		}
		u.Operations = append(u.Operations, Operation{Prologue: decls[:len(decls):len(decls)], Kind: p.operation()})
		if !p.acceptPunct(";") {
			break
		}
	}
	if p.tok.kind != tokEOF {
		p.expected("';' or the end of the update")
	}
	return u
}

// [30] Update1 ::= Load | Clear | Drop | Add | Move | Copy | Create | InsertData | DeleteData | DeleteWhere | Modify
func (p *parser) operation() OperationKind {
	switch {
	case p.acceptWord("LOAD"):
		return p.load()
	case p.acceptWord("CLEAR"):
		return p.clear(false)
	case p.acceptWord("DROP"):
		return p.clear(true)
	case p.acceptWord("CREATE"): // [34] Create ::= 'CREATE' 'SILENT'? GraphRef
		silent := p.acceptWord("SILENT")
		p.expectWord("GRAPH")
		return &Create{Silent: silent, Graph: p.iri()}
	case p.acceptWord("ADD"):
		return p.transfer("ADD")
	case p.acceptWord("MOVE"):
		return p.transfer("MOVE")
	case p.acceptWord("COPY"):
		return p.transfer("COPY")
	case p.isWord("WITH"):
		return p.modify()
	case p.isWord("INSERT"), p.isWord("DELETE"):
		return p.insertOrDelete()
	}
	p.expected("an update operation")
	return nil
}

// [31] Load ::= 'LOAD' 'SILENT'? iri ( 'INTO' GraphRef )?
func (p *parser) load() OperationKind {
	l := &Load{Silent: p.acceptWord("SILENT"), From: p.iri()}
	if p.acceptWord("INTO") {
		p.expectWord("GRAPH") // [46] GraphRef ::= 'GRAPH' iri
		l.Into = p.iri()
	}
	return l
}

// [32] Clear ::= 'CLEAR' 'SILENT'? GraphRefAll
// [33] Drop ::= 'DROP' 'SILENT'? GraphRefAll
// [47] GraphRefAll ::= GraphRef | 'DEFAULT' | 'NAMED' | 'ALL'
func (p *parser) clear(drop bool) OperationKind {
	c := &Clear{Drop: drop, Silent: p.acceptWord("SILENT")}
	switch {
	case p.acceptWord("GRAPH"):
		c.Target.Graph = p.iri()
	case p.acceptWord("DEFAULT"):
		c.Target.Scope = DefaultGraph
	case p.acceptWord("NAMED"):
		c.Target.Scope = NamedGraphs
	case p.acceptWord("ALL"):
		c.Target.Scope = AllGraphs
	default:
		p.expected("GRAPH, DEFAULT, NAMED or ALL")
	}
	return c
}

// [35] Add ::= 'ADD' 'SILENT'? GraphOrDefault 'TO' GraphOrDefault, and [36] Move, [37] Copy likewise
func (p *parser) transfer(name string) OperationKind {
	t := &Transfer{Name: name, Silent: p.acceptWord("SILENT")}
	t.From = p.graphOrDefault()
	p.expectWord("TO")
	t.To = p.graphOrDefault()
	return t
}

// [45] GraphOrDefault ::= 'DEFAULT' | 'GRAPH'? iri
func (p *parser) graphOrDefault() *IRI {
	if p.acceptWord("DEFAULT") {
		return nil
	}
	p.acceptWord("GRAPH")
	return p.iri()
}

// [38] InsertData ::= 'INSERT DATA' QuadData
// [39] DeleteData ::= 'DELETE DATA' QuadData
// [40] DeleteWhere ::= 'DELETE WHERE' QuadPattern
func (p *parser) insertOrDelete() OperationKind {
	insert := p.isWord("INSERT")
	switch next := p.peek(); {
	case next.isWord("DATA"):
		p.advance()
		p.advance()
		if insert {
			return &InsertData{Quads: p.quads()}
		}
		return &DeleteData{Quads: p.quads()}
	case next.isWord("WHERE") && !insert:
		p.advance()
		p.advance()
		return &DeleteWhere{Quads: p.quads()}
	}
	return p.modify()
}

// [41] Modify ::= ( 'WITH' iri )? ( DeleteClause InsertClause? | InsertClause ) UsingClause* 'WHERE' GroupGraphPattern
func (p *parser) modify() OperationKind {
	m := &Modify{}
	if p.acceptWord("WITH") {
		m.With = p.iri()
	}
	if p.acceptWord("DELETE") { // [42] DeleteClause ::= 'DELETE' QuadPattern
		m.HasDelete = true
		m.Delete = p.quads()
	}
	if p.acceptWord("INSERT") { // [43] InsertClause ::= 'INSERT' QuadPattern
		m.HasInsert = true
		m.Insert = p.quads()
	}
	if !m.HasDelete && !m.HasInsert {
		p.expected("DELETE or INSERT")
	}
	m.Using = p.datasetClauses("USING")
	p.expectWord("WHERE")
	m.Where = p.group()
	return m
}

// [48] QuadPattern ::= '{' Quads '}'
// [49] QuadData ::= '{' Quads '}'
// [50] Quads ::= TriplesTemplate? ( QuadsNotTriples '.'? TriplesTemplate? )*
func (p *parser) quads() []QuadBlock {
	p.expectPunct("{")
	var list []QuadBlock
	for {
		if t := p.triplesTemplate(); t != nil {
			list = append(list, QuadBlock{Triples: t})
		}
		if !p.acceptWord("GRAPH") { // [51] QuadsNotTriples ::= 'GRAPH' VarOrIri '{' TriplesTemplate? '}'
			break
		}
		block := QuadBlock{Graph: p.varOrIRI()}
		p.expectPunct("{")
		block.Triples = p.triplesTemplate()
		p.expectPunct("}")
		list = append(list, block)
		p.acceptPunct(".")
	}
	p.expectPunct("}")
	return list
}
