package syntax

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// MaxDepth is how deep groups, parentheses, subqueries, collections and unary
// operators may nest where Options name no other depth: far beyond what people
// write, and far from where the goroutine's stack would matter.
const MaxDepth = 200

// Options bound what the parser accepts.
type Options struct {
	MaxDepth int // nesting; zero means MaxDepth
}

// ParseQuery parses a query. An error is a *Error.
func ParseQuery(text string, opts Options) (q *Query, err error) {
	p, err := newParser(text, opts)
	if err != nil {
		return nil, err
	}
	defer p.recover(&err)
	q = p.query()
	p.checkQuery(q)
	return q, nil
}

// ParseUpdate parses an update request. An error is a *Error.
func ParseUpdate(text string, opts Options) (u *Update, err error) {
	p, err := newParser(text, opts)
	if err != nil {
		return nil, err
	}
	defer p.recover(&err)
	u = p.update()
	p.checkUpdate(u)
	return u, nil
}

// parser is a recursive-descent parser with one token of look-ahead (two where
// it peeks). Its methods panic with a *Error.
type parser struct {
	written  string // before codepoint escapes were resolved
	moved    []shift
	lex      lexer
	tok      token // current
	prevEnd  int   // end of the token before it
	depth    int
	maxDepth int
}

func newParser(text string, opts Options) (*parser, error) {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			return nil, errorAt(text, i, "malformed UTF-8")
		}
		i += size
	}
	src, moved, bad := codepoints(text)
	if bad >= 0 {
		return nil, errorAt(text, bad, "malformed codepoint escape")
	}
	p := &parser{written: text, moved: moved, maxDepth: opts.MaxDepth}
	if p.maxDepth == 0 {
		p.maxDepth = MaxDepth
	}
	p.lex = lexer{src: src, fail: p.fail}
	return p, nil
}

// recover turns the panic of fail into an error. Parsing starts after it is
// deferred: the first token is read by query and update.
func (p *parser) recover(err *error) {
	switch r := recover().(type) {
	case nil:
	case *Error:
		*err = r
	default:
		panic(r)
	}
}

func (p *parser) fail(pos int, msg string) {
	panic(errorAt(p.written, original(p.moved, pos), msg))
}

func (p *parser) failf(pos Pos, format string, args ...any) {
	p.fail(int(pos), fmt.Sprintf(format, args...))
}

// expected fails at the current token.
func (p *parser) expected(what string) {
	p.fail(p.tok.pos, "expected "+what+", found "+p.tok.describe())
}

func (t token) describe() string {
	switch t.kind {
	case tokEOF:
		return "the end"
	case tokIRI:
		return "<" + t.text + ">"
	case tokPName:
		return t.prefix + ":" + t.text
	case tokBlank:
		return "_:" + t.text
	case tokVar:
		return "?" + t.text
	case tokLang:
		return "@" + t.text
	case tokString:
		return "a string"
	}
	return strconv.Quote(t.text)
}

func (p *parser) advance() {
	p.prevEnd = p.tok.end
	p.tok = p.lex.next()
}

// peek returns the token after the current one.
func (p *parser) peek() token {
	saved := p.lex.pos
	t := p.lex.next()
	p.lex.pos = saved
	return t
}

// enter and leave bracket what nests.
func (p *parser) enter() {
	if p.depth++; p.depth > p.maxDepth {
		e := errorAt(p.written, original(p.moved, p.tok.pos), fmt.Sprintf("nested deeper than %d", p.maxDepth))
		e.MaxDepth = p.maxDepth
		panic(e)
	}
}

func (p *parser) leave() { p.depth-- }

func (p *parser) pos() Pos { return Pos(p.tok.pos) }

func (p *parser) isPunct(s string) bool { return p.tok.kind == tokPunct && p.tok.text == s }

func (p *parser) acceptPunct(s string) bool {
	if !p.isPunct(s) {
		return false
	}
	p.advance()
	return true
}

func (p *parser) expectPunct(s string) {
	if !p.acceptPunct(s) {
		p.expected("'" + s + "'")
	}
}

func (p *parser) isWord(w string) bool { return p.tok.isWord(w) }

// isWord compares as the grammar does: keywords are case-insensitive.
func (t token) isWord(w string) bool { return t.kind == tokWord && strings.EqualFold(t.text, w) }

func (p *parser) acceptWord(w string) bool {
	if !p.isWord(w) {
		return false
	}
	p.advance()
	return true
}

func (p *parser) expectWord(w string) {
	if !p.acceptWord(w) {
		p.expected(w)
	}
}

// [2] Query ::= Prologue ( SelectQuery | ConstructQuery | DescribeQuery | AskQuery ) ValuesClause
func (p *parser) query() *Query {
	p.advance()
	q := &Query{Text: p.written, Prologue: p.prologue(nil)}
	switch {
	case p.isWord("SELECT"):
		p.selectQuery(q)
	case p.acceptWord("CONSTRUCT"):
		p.constructQuery(q)
	case p.acceptWord("DESCRIBE"):
		p.describeQuery(q)
	case p.acceptWord("ASK"):
		q.Form = Ask
		q.Dataset = p.datasetClauses("FROM")
		q.Where = p.whereClause()
		q.Modifiers = p.solutionModifier()
	default:
		p.expected("SELECT, CONSTRUCT, DESCRIBE or ASK")
	}
	q.Values = p.valuesClause()
	if p.tok.kind != tokEOF {
		p.expected("the end of the query")
	}
	return q
}

// [4] Prologue ::= ( BaseDecl | PrefixDecl )*
func (p *parser) prologue(decls []Declaration) []Declaration {
	for {
		d := Declaration{Pos: p.pos()}
		switch {
		case p.acceptWord("BASE"): // [5] BaseDecl ::= 'BASE' IRIREF
			d.Base = true
		case p.acceptWord("PREFIX"): // [6] PrefixDecl ::= 'PREFIX' PNAME_NS IRIREF
			if p.tok.kind != tokPName || p.tok.text != "" {
				p.expected("a prefix such as ex:")
			}
			d.Prefix = p.tok.prefix
			p.advance()
		default:
			return decls
		}
		if p.tok.kind != tokIRI {
			p.expected("an IRI in angle brackets")
		}
		d.IRI = p.tok.text
		p.advance()
		decls = append(decls, d)
	}
}

// [7] SelectQuery ::= SelectClause DatasetClause* WhereClause SolutionModifier
func (p *parser) selectQuery(q *Query) {
	q.Select = p.selectClause()
	q.Dataset = p.datasetClauses("FROM")
	q.Where = p.whereClause()
	q.Modifiers = p.solutionModifier()
}

// [8] SubSelect ::= SelectClause WhereClause SolutionModifier ValuesClause
func (p *parser) subSelect() *Query {
	p.enter()
	defer p.leave()
	q := &Query{Text: p.written, Select: p.selectClause()}
	q.Where = p.whereClause()
	q.Modifiers = p.solutionModifier()
	q.Values = p.valuesClause()
	return q
}

// [9] SelectClause ::= 'SELECT' ( 'DISTINCT' | 'REDUCED' )? ( ( Var | ( '(' Expression 'AS' Var ')' ) )+ | '*' )
func (p *parser) selectClause() *Projection {
	p.expectWord("SELECT")
	s := &Projection{Distinct: p.acceptWord("DISTINCT")}
	s.Reduced = !s.Distinct && p.acceptWord("REDUCED")
	if p.acceptPunct("*") {
		s.Star = true
		return s
	}
	for {
		switch {
		case p.tok.kind == tokVar:
			s.Items = append(s.Items, SelectItem{Var: p.variable()})
		case p.acceptPunct("("):
			e := p.expression()
			p.expectWord("AS")
			s.Items = append(s.Items, SelectItem{Expr: e, Var: p.variable()})
			p.expectPunct(")")
		default:
			if len(s.Items) == 0 {
				p.expected("a variable, '(' or '*'")
			}
			return s
		}
	}
}

// [10] ConstructQuery ::= 'CONSTRUCT' ( ConstructTemplate DatasetClause* WhereClause SolutionModifier |
// DatasetClause* 'WHERE' '{' TriplesTemplate? '}' SolutionModifier )
func (p *parser) constructQuery(q *Query) {
	q.Form = Construct
	if p.isPunct("{") {
		q.Template = p.constructTemplate()
		q.Dataset = p.datasetClauses("FROM")
		q.Where = p.whereClause()
	} else {
		q.Short = true
		q.Dataset = p.datasetClauses("FROM")
		p.expectWord("WHERE")
		pos := p.pos()
		q.Template = p.constructTemplate()
		q.Where = &Group{Pos: pos}
		if len(q.Template) > 0 {
			q.Where.Elements = []Element{&TriplesBlock{Triples: q.Template}}
		}
	}
	q.Modifiers = p.solutionModifier()
}

// [73] ConstructTemplate ::= '{' ConstructTriples? '}'
func (p *parser) constructTemplate() []*Triples {
	p.expectPunct("{")
	t := p.triplesTemplate()
	p.expectPunct("}")
	return t
}

// [11] DescribeQuery ::= 'DESCRIBE' ( VarOrIri+ | '*' ) DatasetClause* WhereClause? SolutionModifier
func (p *parser) describeQuery(q *Query) {
	q.Form = Describe
	if !p.acceptPunct("*") {
		for p.tok.kind == tokVar || p.atIRI() {
			q.Describe = append(q.Describe, p.varOrIRI())
		}
		if q.Describe == nil {
			p.expected("a variable, an IRI or '*'")
		}
	}
	q.Dataset = p.datasetClauses("FROM")
	if p.isWord("WHERE") || p.isPunct("{") {
		q.Where = p.whereClause()
	}
	q.Modifiers = p.solutionModifier()
}

// [13] DatasetClause ::= 'FROM' ( DefaultGraphClause | NamedGraphClause )
// [44] UsingClause ::= 'USING' ( iri | 'NAMED' iri )
func (p *parser) datasetClauses(keyword string) []DatasetClause {
	var list []DatasetClause
	for p.acceptWord(keyword) {
		named := p.acceptWord("NAMED")
		list = append(list, DatasetClause{Named: named, Graph: p.iri()})
	}
	return list
}

// [17] WhereClause ::= 'WHERE'? GroupGraphPattern
func (p *parser) whereClause() *Group {
	p.acceptWord("WHERE")
	return p.group()
}

// [18] SolutionModifier ::= GroupClause? HavingClause? OrderClause? LimitOffsetClauses?
func (p *parser) solutionModifier() Modifiers {
	var m Modifiers
	if p.acceptWord("GROUP") {
		p.expectWord("BY")
		m.GroupBy = p.groupConditions()
	}
	if p.acceptWord("HAVING") { // [21] HavingClause ::= 'HAVING' HavingCondition+
		m.Having = append(m.Having, p.constraint())
		for p.atConstraint() {
			m.Having = append(m.Having, p.constraint())
		}
	}
	if p.acceptWord("ORDER") { // [23] OrderClause ::= 'ORDER' 'BY' OrderCondition+
		p.expectWord("BY")
		m.OrderBy = append(m.OrderBy, p.orderCondition())
		for p.isWord("ASC") || p.isWord("DESC") || p.tok.kind == tokVar || p.atConstraint() {
			m.OrderBy = append(m.OrderBy, p.orderCondition())
		}
	}
	p.limitOffset(&m)
	return m
}

// [20] GroupCondition ::= BuiltInCall | FunctionCall | '(' Expression ( 'AS' Var )? ')' | Var
func (p *parser) groupConditions() []SelectItem {
	var list []SelectItem
	for {
		switch {
		case p.tok.kind == tokVar:
			list = append(list, SelectItem{Expr: p.variable()})
		case p.acceptPunct("("):
			item := SelectItem{Expr: p.expression()}
			if p.acceptWord("AS") {
				item.Var = p.variable()
			}
			p.expectPunct(")")
			list = append(list, item)
		case p.atConstraint():
			list = append(list, SelectItem{Expr: p.constraint()})
		default:
			if list == nil {
				p.expected("a variable, an expression or '('")
			}
			return list
		}
	}
}

// [24] OrderCondition ::= ( ( 'ASC' | 'DESC' ) BrackettedExpression ) | ( Constraint | Var )
func (p *parser) orderCondition() OrderCondition {
	switch {
	case p.acceptWord("ASC"):
		return OrderCondition{Expr: p.bracketted()}
	case p.acceptWord("DESC"):
		return OrderCondition{Desc: true, Expr: p.bracketted()}
	case p.tok.kind == tokVar:
		return OrderCondition{Expr: p.variable()}
	}
	return OrderCondition{Expr: p.constraint()}
}

// [25] LimitOffsetClauses ::= LimitClause OffsetClause? | OffsetClause LimitClause?
func (p *parser) limitOffset(m *Modifiers) {
	for {
		var field **int64
		switch {
		case m.Limit == nil && p.acceptWord("LIMIT"):
			field = &m.Limit
		case m.Offset == nil && p.acceptWord("OFFSET"):
			field = &m.Offset
		default:
			return
		}
		if p.tok.kind != tokInteger {
			p.expected("a whole number")
		}
		n, err := strconv.ParseInt(p.tok.text, 10, 64)
		if err != nil {
			p.fail(p.tok.pos, "number too large")
		}
		p.advance()
		*field = &n
	}
}

// [28] ValuesClause ::= ( 'VALUES' DataBlock )?
func (p *parser) valuesClause() *Values {
	pos := p.pos()
	if !p.acceptWord("VALUES") {
		return nil
	}
	return p.dataBlock(pos)
}
