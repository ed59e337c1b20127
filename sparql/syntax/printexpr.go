package syntax

// The binding strengths of expressions, weakest first.
const (
	bindOr = iota
	bindAnd
	bindRelational
	bindAdditive
	bindMultiplicative
	bindUnary
	bindPrimary
)

func strength(e Expr) int {
	switch e := e.(type) {
	case *Nary:
		if e.Op == "||" {
			return bindOr
		}
		return bindAnd
	case *In:
		return bindRelational
	case *Binary:
		switch e.Op {
		case "+", "-":
			return bindAdditive
		case "*", "/":
			return bindMultiplicative
		}
		return bindRelational
	case *Unary:
		return bindUnary
	case *Literal:
		if e.Bare != Quoted && (e.Lexical[0] == '-' || e.Lexical[0] == '+') {
			return bindUnary
		}
	}
	return bindPrimary
}

// expr prints e, in parentheses where it binds weaker than outer.
func (w *printer) expr(e Expr, outer int) {
	own := strength(e)
	if own < outer {
		w.f("(")
		defer w.f(")")
	}
	switch e := e.(type) {
	case *Var:
		w.f("?%s", e.Name)
	case *IRI:
		w.iri(e)
	case *Literal:
		w.literal(e)
	case *Nary:
		w.exprs(e.Args, " "+e.Op+" ", own+1)
	case *Binary:
		left := own
		if own == bindRelational { // does not chain
			left++
		}
		w.expr(e.Left, left)
		w.f(" %s ", e.Op)
		w.expr(e.Right, own+1)
	case *Unary:
		w.f("%s ", e.Op) // the space keeps a sign apart from a number
		w.expr(e.Arg, bindPrimary)
	case *In:
		w.in(e)
	case *Call:
		w.iri(e.Function)
		w.f("(")
		if e.Distinct {
			w.f("DISTINCT ")
		}
		w.exprs(e.Args, ", ", 0)
		w.f(")")
	case *Builtin:
		w.f("%s(", e.Name)
		w.exprs(e.Args, ", ", 0)
		w.f(")")
	case *Aggregate:
		w.aggregate(e)
	case *Exists:
		if e.Not {
			w.f("NOT ")
		}
		w.f("EXISTS ")
		w.group(e.Group)
	}
}

func (w *printer) exprs(list []Expr, separator string, outer int) {
	for i, e := range list {
		if i > 0 {
			w.f("%s", separator)
		}
		w.expr(e, outer)
	}
}

func (w *printer) in(e *In) {
	w.expr(e.Arg, bindAdditive)
	if e.Not {
		w.f(" NOT")
	}
	w.f(" IN (")
	w.exprs(e.List, ", ", 0)
	w.f(")")
}

func (w *printer) aggregate(e *Aggregate) {
	w.f("%s(", e.Name)
	if e.Distinct {
		w.f("DISTINCT ")
	}
	if e.Arg == nil {
		w.f("*")
	} else {
		w.expr(e.Arg, 0)
	}
	if e.Separator != nil {
		w.f("; SEPARATOR=")
		w.quoted(*e.Separator)
	}
	w.f(")")
}
