package syntax

// nested returns the groups directly inside e, expressions apart.
func nested(e Element) []*Group {
	switch e := e.(type) {
	case *Optional:
		return []*Group{e.Group}
	case *Minus:
		return []*Group{e.Group}
	case *GraphPattern:
		return []*Group{e.Group}
	case *ServicePattern:
		return []*Group{e.Group}
	case *Union:
		return e.Branches
	}
	return nil
}

// operands returns the expressions directly inside e.
func operands(e Expr) []Expr {
	switch e := e.(type) {
	case *Nary:
		return e.Args
	case *Binary:
		return []Expr{e.Left, e.Right}
	case *Unary:
		return []Expr{e.Arg}
	case *In:
		return append([]Expr{e.Arg}, e.List...)
	case *Call:
		return e.Args
	case *Builtin:
		return e.Args
	case *Aggregate:
		if e.Arg != nil {
			return []Expr{e.Arg}
		}
	}
	return nil
}

// walkTerms calls f for every term of the triples, subjects first, nested ones
// after the one that holds them, verbs included where they are variables.
func walkTerms(list []*Triples, f func(Term)) {
	for _, t := range list {
		walkTerm(t.Subject, f)
		walkProperties(t.Properties, f)
	}
}

func walkProperties(list []Property, f func(Term)) {
	for _, p := range list {
		if v, ok := p.Verb.(*Var); ok {
			f(v)
		}
		for _, o := range p.Objects {
			walkTerm(o, f)
		}
	}
}

func walkTerm(t Term, f func(Term)) {
	f(t)
	switch t := t.(type) {
	case *BlankProperties:
		walkProperties(t.Properties, f)
	case *Collection:
		for _, item := range t.Items {
			walkTerm(item, f)
		}
	}
}
