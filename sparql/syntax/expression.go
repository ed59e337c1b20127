package syntax

import "strings"

// [110] Expression ::= ConditionalOrExpression
// [111] ConditionalOrExpression ::= ConditionalAndExpression ( '||' ConditionalAndExpression )*
func (p *parser) expression() Expr {
	p.enter()
	defer p.leave()
	return p.nary("||", func() Expr {
		// [112] ConditionalAndExpression ::= ValueLogical ( '&&' ValueLogical )*
		return p.nary("&&", p.relational)
	})
}

// nary keeps a chain flat, so that a long one does not nest.
func (p *parser) nary(op string, operand func() Expr) Expr {
	first := operand()
	if !p.isPunct(op) {
		return first
	}
	n := &Nary{Op: op, Args: []Expr{first}}
	for p.acceptPunct(op) {
		n.Args = append(n.Args, operand())
	}
	return n
}

// [114] RelationalExpression ::= NumericExpression ( '=' NumericExpression | '!=' NumericExpression |
// '<' NumericExpression | '>' NumericExpression | '<=' NumericExpression | '>=' NumericExpression |
// 'IN' ExpressionList | 'NOT' 'IN' ExpressionList )?
func (p *parser) relational() Expr {
	left := p.additive()
	if p.tok.kind == tokPunct {
		switch op := p.tok.text; op {
		case "=", "!=", "<", ">", "<=", ">=":
			p.advance()
			return &Binary{Op: op, Left: left, Right: p.additive()}
		}
	}
	if p.acceptWord("IN") {
		return &In{Arg: left, List: p.expressionList()}
	}
	if p.acceptWord("NOT") {
		p.expectWord("IN")
		return &In{Not: true, Arg: left, List: p.expressionList()}
	}
	return left
}

// additive parses sums. The grammar lets "1 +2" be an operand followed by a
// signed number; its meaning is the sum, so the lexer leaves signs apart.
//
// [116] AdditiveExpression ::= MultiplicativeExpression ( '+' MultiplicativeExpression | '-' MultiplicativeExpression |
// ( NumericLiteralPositive | NumericLiteralNegative ) ( ( '*' UnaryExpression ) | ( '/' UnaryExpression ) )* )*
func (p *parser) additive() Expr {
	e := p.multiplicative()
	for p.isPunct("+") || p.isPunct("-") {
		op := p.tok.text
		p.advance()
		e = &Binary{Op: op, Left: e, Right: p.multiplicative()}
	}
	return e
}

// [117] MultiplicativeExpression ::= UnaryExpression ( '*' UnaryExpression | '/' UnaryExpression )*
func (p *parser) multiplicative() Expr {
	e := p.unary()
	for p.isPunct("*") || p.isPunct("/") {
		op := p.tok.text
		p.advance()
		e = &Binary{Op: op, Left: e, Right: p.unary()}
	}
	return e
}

// [118] UnaryExpression ::= '!' PrimaryExpression | '+' PrimaryExpression | '-' PrimaryExpression | PrimaryExpression
func (p *parser) unary() Expr {
	switch {
	case p.acceptPunct("!"):
		return &Unary{Op: "!", Arg: p.primary()}
	case p.isPunct("+"), p.isPunct("-"):
		if next := p.peek(); next.pos == p.tok.end && (next.kind == tokInteger || next.kind == tokDecimal || next.kind == tokDouble) {
			return p.literal()
		}
		op := p.tok.text
		p.advance()
		return &Unary{Op: op, Arg: p.primary()}
	}
	return p.primary()
}

// [119] PrimaryExpression ::= BrackettedExpression | BuiltInCall | iriOrFunction | RDFLiteral | NumericLiteral | BooleanLiteral | Var
func (p *parser) primary() Expr {
	switch {
	case p.isPunct("("):
		return p.bracketted()
	case p.tok.kind == tokVar:
		return p.variable()
	case p.atIRI():
		// [128] iriOrFunction ::= iri ArgList?
		f := p.iri()
		if p.isPunct("(") {
			return p.call(f)
		}
		return f
	case p.isWord("true"), p.isWord("false"), p.tok.kind == tokString, p.bareNumber() != Quoted:
		return p.literal()
	case p.tok.kind == tokWord:
		return p.builtin()
	}
	p.expected("an expression")
	return nil
}

// [120] BrackettedExpression ::= '(' Expression ')'
func (p *parser) bracketted() Expr {
	p.expectPunct("(")
	e := p.expression()
	p.expectPunct(")")
	return e
}

// [70] FunctionCall ::= iri ArgList
// [71] ArgList ::= NIL | '(' 'DISTINCT'? Expression ( ',' Expression )* ')'
func (p *parser) call(f *IRI) Expr {
	c := &Call{Function: f}
	p.expectPunct("(")
	if p.acceptPunct(")") {
		return c
	}
	c.Distinct = p.acceptWord("DISTINCT")
	c.Args = p.arguments()
	return c
}

// arguments parses expressions up to the closing parenthesis.
func (p *parser) arguments() []Expr {
	list := []Expr{p.expression()}
	for p.acceptPunct(",") {
		list = append(list, p.expression())
	}
	p.expectPunct(")")
	return list
}

// [72] ExpressionList ::= NIL | '(' Expression ( ',' Expression )* ')'
func (p *parser) expressionList() []Expr {
	p.expectPunct("(")
	if p.acceptPunct(")") {
		return nil
	}
	return p.arguments()
}

// arity is the number of arguments that a built-in takes.
type arity struct{ min, max int }

// anyNumber is the maximum of a built-in with an ExpressionList; nothing in the
// grammar bounds it.
const anyNumber = 1 << 30

// builtins holds the names of [121] BuiltInCall, aggregates and EXISTS apart.
var builtins = builtinArities()

func builtinArities() map[string]arity {
	m := map[string]arity{
		"BNODE": {0, 1}, "CONCAT": {0, anyNumber}, "COALESCE": {0, anyNumber},
		"IF": {3, 3}, "REGEX": {2, 3}, "SUBSTR": {2, 3}, "REPLACE": {3, 4}, "BOUND": {1, 1},
	}
	for _, name := range strings.Fields(`RAND NOW UUID STRUUID`) {
		m[name] = arity{0, 0}
	}
	for _, name := range strings.Fields(`STR LANG DATATYPE IRI URI ABS CEIL FLOOR ROUND STRLEN UCASE LCASE
		ENCODE_FOR_URI YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ MD5 SHA1 SHA256 SHA384 SHA512
		ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC`) {
		m[name] = arity{1, 1}
	}
	for _, name := range strings.Fields(`LANGMATCHES CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER STRLANG STRDT SAMETERM`) {
		m[name] = arity{2, 2}
	}
	return m
}

// [121] BuiltInCall ::= Aggregate | 'STR' '(' Expression ')' | … | ExistsFunc | NotExistsFunc
func (p *parser) builtin() Expr {
	pos, name := p.pos(), strings.ToUpper(p.tok.text)
	switch name {
	case "COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT":
		return p.aggregate(name)
	case "EXISTS": // [125] ExistsFunc ::= 'EXISTS' GroupGraphPattern
		p.advance()
		return &Exists{Group: p.group()}
	case "NOT": // [126] NotExistsFunc ::= 'NOT' 'EXISTS' GroupGraphPattern
		p.advance()
		p.expectWord("EXISTS")
		return &Exists{Not: true, Group: p.group()}
	}
	takes, known := builtins[name]
	if !known {
		p.expected("an expression")
	}
	p.advance()
	b := &Builtin{Name: name, Args: p.expressionList(), Pos: pos}
	if n := len(b.Args); n < takes.min || n > takes.max {
		p.failf(pos, "%s does not take %d arguments", name, n)
	}
	if name == "BOUND" {
		if _, ok := b.Args[0].(*Var); !ok {
			p.failf(pos, "BOUND takes a variable")
		}
	}
	return b
}

// [127] Aggregate ::= 'COUNT' '(' 'DISTINCT'? ( '*' | Expression ) ')' | 'SUM' '(' 'DISTINCT'? Expression ')' | … |
// 'GROUP_CONCAT' '(' 'DISTINCT'? Expression ( ';' 'SEPARATOR' '=' String )? ')'
func (p *parser) aggregate(name string) Expr {
	a := &Aggregate{Name: name, Pos: p.pos()}
	p.advance()
	p.expectPunct("(")
	a.Distinct = p.acceptWord("DISTINCT")
	if name != "COUNT" || !p.acceptPunct("*") {
		a.Arg = p.expression()
	}
	if name == "GROUP_CONCAT" && p.acceptPunct(";") {
		p.expectWord("SEPARATOR")
		p.expectPunct("=")
		if p.tok.kind != tokString {
			p.expected("a string")
		}
		s := p.tok.text
		a.Separator = &s
		p.advance()
	}
	p.expectPunct(")")
	return a
}
