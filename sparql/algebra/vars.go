package algebra

// Vars is what is known of the variables of a node's solutions: a name is
// there where a solution may bind it, and true where every solution does.
type Vars map[string]bool

// VarsOf returns the variables of n.
func VarsOf(n Node) Vars {
	v := Vars{}
	switch n := n.(type) {
	case *BGP:
		for _, t := range n.Triples {
			v.certain(t.S, t.P, t.O)
		}
	case *PathPattern:
		v.certain(n.S, n.O)
	case *Table:
		v.table(n)
	case *TextMatch:
		v.certain(n.Literal, n.Score)
	case *Service:
		for _, name := range n.Vars {
			v[name] = false
		}
		v.certain(n.Name)
	case *Join:
		v.add(VarsOf(n.Left))
		v.add(VarsOf(n.Right))
	case *LeftJoin:
		v.add(VarsOf(n.Left))
		v.possible(VarsOf(n.Right))
	case *Union:
		v.union(n.Branches)
	case *Minus:
		return VarsOf(n.Left)
	case *Graph:
		v.add(VarsOf(n.Input))
		v.certain(n.Name)
	case *Extend:
		v.add(VarsOf(n.Input))
		v[n.Var] = neverFails(n.Expr)
	case *Group:
		v.group(n)
	case *Project:
		in := VarsOf(n.Input)
		for _, name := range n.Vars {
			v[name] = in[name]
		}
	default:
		return VarsOf(Inputs(n)[0])
	}
	return v
}

func (v Vars) certain(terms ...Term) {
	for _, t := range terms {
		if t.IsVar() {
			v[t.Var] = true
		}
	}
}

func (v Vars) add(w Vars) {
	for name, certain := range w {
		v[name] = v[name] || certain
	}
}

// possible adds what an OPTIONAL part may bind.
func (v Vars) possible(w Vars) {
	for name := range w {
		if _, known := v[name]; !known {
			v[name] = false
		}
	}
}

func (v Vars) table(n *Table) {
	for i, name := range n.Vars {
		v[name] = true
		for _, row := range n.Rows {
			if row[i].IsZero() {
				v[name] = false
			}
		}
	}
}

func (v Vars) union(branches []Node) {
	for i, b := range branches {
		w := VarsOf(b)
		for name := range v {
			v[name] = v[name] && w[name]
		}
		for name, certain := range w {
			if _, known := v[name]; !known {
				v[name] = certain && i == 0
			}
		}
	}
}

func (v Vars) group(n *Group) {
	in := VarsOf(n.Input)
	for _, k := range n.Keys {
		x, bare := k.Expr.(*Var)
		v[k.Var] = neverFails(k.Expr) || bare && in[x.Name]
	}
	for _, a := range n.Aggregates {
		v[a.Var] = a.Name == "COUNT"
	}
}

// neverFails reports expressions that always have a value.
func neverFails(e Expr) bool {
	_, ok := e.(*Const)
	return ok
}

// ExprVars adds the variables that e mentions to set, those of EXISTS
// patterns included.
func ExprVars(e Expr, set map[string]bool) {
	switch e := e.(type) {
	case *Var:
		set[e.Name] = true
	case *Exists:
		Mentioned(e.Pattern, set)
	}
	for _, a := range Args(e) {
		ExprVars(a, set)
	}
}

// Mentioned adds every variable that occurs in n to set, whether or not it is
// visible outside.
func Mentioned(n Node, set map[string]bool) {
	add := func(list ...Term) {
		for _, t := range list {
			if t.IsVar() {
				set[t.Var] = true
			}
		}
	}
	switch n := n.(type) {
	case *BGP:
		for _, t := range n.Triples {
			add(t.S, t.P, t.O)
		}
	case *PathPattern:
		add(n.S, n.O)
	case *Graph:
		add(n.Name)
	case *Service:
		add(n.Name)
		Mentioned(n.Input, set)
	case *Extend:
		set[n.Var] = true
	default:
		for name := range VarsOf(n) {
			set[name] = true
		}
	}
	for _, e := range Exprs(n) {
		ExprVars(e, set)
	}
	for _, c := range Inputs(n) {
		Mentioned(c, set)
	}
}
