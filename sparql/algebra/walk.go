package algebra

// Inputs returns the nodes directly below n, without those in expressions.
func Inputs(n Node) []Node {
	switch n := n.(type) {
	case *Join:
		return []Node{n.Left, n.Right}
	case *LeftJoin:
		return []Node{n.Left, n.Right}
	case *Minus:
		return []Node{n.Left, n.Right}
	case *Union:
		return n.Branches
	case *Filter:
		return []Node{n.Input}
	case *Graph:
		return []Node{n.Input}
	case *Extend:
		return []Node{n.Input}
	case *Group:
		return []Node{n.Input}
	case *OrderBy:
		return []Node{n.Input}
	case *Project:
		return []Node{n.Input}
	case *Distinct:
		return []Node{n.Input}
	case *Reduced:
		return []Node{n.Input}
	case *Slice:
		return []Node{n.Input}
	}
	return nil
}

// Map returns n with f applied to every node, inputs first. Nodes that f leaves
// alone are shared. Patterns inside EXISTS are not visited.
func Map(n Node, f func(Node) Node) Node {
	return f(withInputs(n, func(c Node) Node { return Map(c, f) }))
}

// withInputs returns n with its inputs replaced by f of them.
func withInputs(n Node, f func(Node) Node) Node {
	old := Inputs(n)
	if len(old) == 0 {
		return n
	}
	in := make([]Node, len(old))
	changed := false
	for i, c := range old {
		in[i] = f(c)
		changed = changed || in[i] != c
	}
	if !changed {
		return n
	}
	return replaceInputs(n, in)
}

func replaceInputs(n Node, in []Node) Node {
	switch n := n.(type) {
	case *Join:
		return &Join{Left: in[0], Right: in[1]}
	case *LeftJoin:
		return &LeftJoin{Left: in[0], Right: in[1], Expr: n.Expr}
	case *Minus:
		return &Minus{Left: in[0], Right: in[1]}
	case *Union:
		return &Union{Branches: in}
	case *Filter:
		return &Filter{Expr: n.Expr, Input: in[0]}
	case *Graph:
		return &Graph{Name: n.Name, Input: in[0]}
	case *Extend:
		return &Extend{Input: in[0], Var: n.Var, Expr: n.Expr}
	case *Group:
		return &Group{Input: in[0], Keys: n.Keys, Aggregates: n.Aggregates}
	case *OrderBy:
		return &OrderBy{Input: in[0], Conditions: n.Conditions}
	case *Project:
		return &Project{Input: in[0], Vars: n.Vars}
	case *Distinct:
		return &Distinct{Input: in[0]}
	case *Reduced:
		return &Reduced{Input: in[0]}
	case *Slice:
		return &Slice{Input: in[0], Offset: n.Offset, Limit: n.Limit}
	}
	return n
}

// Size counts the nodes, triples, expressions and data values below n, as a
// measure of what a query costs before it runs.
func Size(n Node) int {
	size := 1
	switch n := n.(type) {
	case *BGP:
		size += len(n.Triples)
	case *Table:
		size += len(n.Rows) * max(1, len(n.Vars))
	}
	for _, e := range Exprs(n) {
		size += exprSize(e)
	}
	for _, c := range Inputs(n) {
		size += Size(c)
	}
	return size
}

func exprSize(e Expr) int {
	size := 1
	if x, ok := e.(*Exists); ok {
		size += Size(x.Pattern)
	}
	for _, a := range Args(e) {
		size += exprSize(a)
	}
	return size
}

// Exprs returns the expressions of n itself.
func Exprs(n Node) []Expr {
	var list []Expr
	switch n := n.(type) {
	case *LeftJoin:
		if n.Expr != nil {
			list = append(list, n.Expr)
		}
	case *Filter:
		list = append(list, n.Expr)
	case *Extend:
		list = append(list, n.Expr)
	case *OrderBy:
		for _, c := range n.Conditions {
			list = append(list, c.Expr)
		}
	case *Group:
		for _, k := range n.Keys {
			list = append(list, k.Expr)
		}
		for _, a := range n.Aggregates {
			if a.Arg != nil {
				list = append(list, a.Arg)
			}
		}
	}
	return list
}

// Args returns the operands of e.
func Args(e Expr) []Expr {
	switch e := e.(type) {
	case *Call:
		return e.Args
	case *Function:
		return e.Args
	}
	return nil
}
