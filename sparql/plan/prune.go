package plan

import (
	"qlgraph/sparql/algebra"
)

// names is a set of columns.
type names map[string]bool

func namesOf(lists ...[]string) names {
	set := names{}
	for _, list := range lists {
		for _, name := range list {
			set[name] = true
		}
	}
	return set
}

// and returns the union of s and what else is added.
func (s names) and(lists ...[]string) names {
	set := namesOf(lists...)
	for name := range s {
		set[name] = true
	}
	return set
}

// of returns those of list that are in s, in order.
func (s names) of(list []string) []string {
	out := make([]string, 0, len(list))
	for _, name := range list {
		if s[name] {
			out = append(out, name)
		}
	}
	return out
}

// pruner drops columns that nobody looks at, from the root downwards: what is
// not read need not be decoded, copied or held.
type pruner struct {
	exists map[*algebra.Exists]*Exists
	outer  map[*Correlation][]string // what Inputs hand out from now on
}

func (p *pruner) plan(root Node) Node {
	for _, x := range p.exists {
		if x.Right != nil {
			p.outer[x.Of] = with(x.Outer, x.Row)
			x.Right = p.prune(x.Right, namesOf([]string{x.Row}))
		}
	}
	return p.prune(root, namesOf(root.Output().Columns))
}

// reads returns the columns that expressions look at.
func (p *pruner) reads(list ...algebra.Expr) []string {
	set := map[string]bool{}
	var visit func(algebra.Expr)
	visit = func(e algebra.Expr) {
		if x, ok := e.(*algebra.Exists); ok && p.exists[x] != nil {
			for _, name := range p.exists[x].Outer {
				set[name] = true
			}
		}
		for _, a := range algebra.Args(e) {
			visit(a)
		}
	}
	for _, e := range list {
		if e != nil {
			algebra.ExprVars(e, set)
			visit(e)
		}
	}
	var out []string
	for name := range set {
		out = append(out, name)
	}
	return out
}

// prune returns n with the columns need, and those that it could not do without.
func (p *pruner) prune(n Node, need names) Node {
	switch n := n.(type) {
	case *Scan:
		return pruneScan(n, need)
	case *SeekJoin:
		return p.seekJoin(n, need)
	case *HashJoin:
		return p.hashJoin(n, need)
	case *Apply:
		return p.apply(n, need)
	case *Input:
		out := *n
		out.Columns = p.outer[n.Of]
		return &out
	case *Path:
		return p.path(n, need)
	case *TextSearch:
		return p.textSearch(n, need)
	case *Filter:
		out := *n
		out.Input = p.prune(n.Input, need.and(p.reads(n.Exprs...)))
		out.Columns = out.Input.Output().Columns
		return &out
	case *Extend:
		return p.extend(n, need)
	case *Union:
		out := *n
		out.Columns, out.Branches = need.of(n.Columns), nil
		for _, c := range n.Branches {
			out.Branches = append(out.Branches, p.prune(c, need))
		}
		return &out
	case *Project:
		return p.project(n, need)
	case *Service:
		out := *n
		if n.Input != nil {
			out.Input = p.whole(n.Input)
		}
		return &out
	}
	return p.holding(n, need)
}

// whole prunes below n, whose columns all count.
func (p *pruner) whole(n Node) Node { return p.prune(n, namesOf(n.Output().Columns)) }

// holding prunes the operators that look at whole rows or hold them.
func (p *pruner) holding(n Node, need names) Node {
	switch n := n.(type) {
	case *Group:
		out := *n
		out.Input = p.prune(n.Input, p.grouped(n))
		return &out
	case *Sort:
		out := p.sort(n, need)
		return &out
	case *Best:
		out := *n
		out.Sort = p.sort(&n.Sort, need)
		return &out
	case *Distinct:
		out := *n
		out.Input = narrow(p.whole(n.Input), namesOf(n.Columns))
		out.Columns = out.Input.Output().Columns
		return &out
	case *Slice:
		out := *n
		out.Input = p.prune(n.Input, need)
		out.Columns = out.Input.Output().Columns
		return &out
	}
	return n
}

func (p *pruner) sort(n *Sort, need names) Sort {
	out := *n
	for _, c := range n.Conditions {
		need = need.and(p.reads(c.Expr))
	}
	out.Input = narrow(p.prune(n.Input, need), need)
	out.Columns = out.Input.Output().Columns
	return out
}

// narrow drops the columns of n that are not needed, for those who hold rows.
func narrow(n Node, need names) Node {
	if columns := need.of(n.Output().Columns); len(columns) < len(n.Output().Columns) {
		return project(n, columns)
	}
	return n
}

func pruneScan(n *Scan, need names) Node {
	columns := need.of(n.Columns)
	if len(columns) == len(n.Columns) || n.Pattern.repeats() || n.Spans != nil {
		return n
	}
	if len(columns) == 0 { // rows have to be counted by something
		columns = n.Columns[:1]
	}
	out := *n
	out.Columns = columns
	return &out
}

func (p *pruner) seekJoin(n *SeekJoin, need names) Node {
	out := *n
	out.Input = p.prune(n.Input, need.and(n.Pattern.vars()))
	in := out.Input.Output()
	out.Columns = nil
	for _, name := range n.Columns {
		if need[name] && (in.Has(name) || contains(n.Pattern.vars(), name)) {
			out.Columns = append(out.Columns, name)
		}
	}
	return &out
}

func (p *pruner) hashJoin(n *HashJoin, need names) Node {
	out := *n
	need = need.and(n.Keys, n.Loose, p.reads(n.Expr))
	out.Left = p.prune(n.Left, need)
	right := need
	if n.Kind != InnerJoin && n.Kind != LeftJoin {
		right = namesOf(n.Keys, n.Loose)
	}
	out.Right = narrow(p.prune(n.Right, right), right)
	l, r := out.Left.Output(), out.Right.Output()
	out.Columns = l.Columns
	if n.Kind != InnerJoin && n.Kind != LeftJoin {
		return &out
	}
	for _, name := range r.Columns {
		if !l.Has(name) {
			out.Columns = with(out.Columns, name)
		}
	}
	return &out
}

// apply prunes both sides; the right one hands on what is left of the left.
func (p *pruner) apply(n *Apply, need names) Node {
	out := *n
	cond := p.reads(n.Expr)
	used := map[string]bool{}
	p.uses(n.Right, used)
	left := need.and(cond)
	for name := range used {
		left[name] = true
	}
	out.Left = p.prune(n.Left, left)
	l := out.Left.Output()
	outer := l.Columns
	if n.Kind == SemiJoin || n.Kind == AntiJoin {
		outer = namesOf(l.Columns).of(n.Outer)
	}
	out.Outer, out.Columns = outer, l.Columns
	p.outer[n.Of] = with(outer, n.Row)
	if n.Kind == SemiJoin || n.Kind == AntiJoin {
		out.Right = p.prune(n.Right, namesOf([]string{n.Row}))
		return &out
	}
	out.Right = p.prune(n.Right, need.and(cond, outer, []string{n.Row}))
	for _, name := range n.Columns {
		if !l.Has(name) && need[name] && n.Right.Output().Has(name) {
			out.Columns = with(out.Columns, name)
		}
	}
	return &out
}

// uses adds the columns that the operators of n look at.
func (p *pruner) uses(n Node, set map[string]bool) {
	var list []string
	switch n := n.(type) {
	case *SeekJoin:
		list = n.Pattern.vars()
	case *HashJoin:
		list = append(append(list, n.Keys...), n.Loose...)
		list = append(list, p.reads(n.Expr)...)
	case *Apply:
		list = append(append(list, n.Outer...), p.reads(n.Expr)...)
		if n.Kind == InnerJoin || n.Kind == LeftJoin {
			list = p.reads(n.Expr)
		}
	case *Filter:
		list = p.reads(n.Exprs...)
	case *Extend:
		for _, b := range n.Bindings {
			list = append(list, p.reads(b.Expr)...)
		}
	case *Path:
		list = slotVars(n.S, n.O)
	case *TextSearch:
		list = slotVars(n.Literal, n.Score)
	case *Best, *Sort, *Group, *Distinct, *Service, *Project:
		for _, in := range Inputs(n) {
			list = append(list, in.Output().Columns...)
		}
	}
	for _, name := range list {
		set[name] = true
	}
	for _, in := range Inputs(n) {
		p.uses(in, set)
	}
}

func slotVars(slots ...Slot) []string {
	var list []string
	for _, s := range slots {
		if s.Var != "" {
			list = append(list, s.Var)
		}
	}
	return list
}

func (p *pruner) path(n *Path, need names) Node {
	if n.Input == nil {
		return n
	}
	out := *n
	out.Input, out.Columns = p.extended(n.Input, need, slotVars(n.S, n.O))
	return &out
}

func (p *pruner) textSearch(n *TextSearch, need names) Node {
	if n.Input == nil { // a Best may refer to it
		return n
	}
	out := *n
	out.Input, out.Columns = p.extended(n.Input, need, slotVars(n.Literal, n.Score))
	return &out
}

// extended prunes the rows that an operator looks own up in, and returns the
// columns that it then has.
func (p *pruner) extended(n Node, need names, own []string) (in Node, columns []string) {
	need = need.and(own)
	in = narrow(p.prune(n, need), need)
	set := &nameSet{}
	set.add(in.Output().Columns...)
	set.add(own...)
	return in, set.names
}

// extend drops values that nobody asks for.
func (p *pruner) extend(n *Extend, need names) Node {
	var kept []Binding
	for i := len(n.Bindings) - 1; i >= 0; i-- {
		if b := n.Bindings[i]; need[b.Var] {
			kept = append([]Binding{b}, kept...)
			need = need.and(p.reads(b.Expr))
		}
	}
	in := p.prune(n.Input, need)
	if kept == nil {
		return in
	}
	out := *n
	out.Input, out.Bindings, out.Columns = in, kept, in.Output().Columns
	for _, b := range kept {
		out.Columns = with(out.Columns, b.Var)
	}
	return &out
}

func (p *pruner) project(n *Project, need names) Node {
	out := *n
	out.Columns, out.From = nil, nil
	for i, name := range n.Columns {
		if need[name] {
			out.Columns = append(out.Columns, name)
			out.From = append(out.From, n.From[i])
		}
	}
	out.Input = p.prune(n.Input, namesOf(out.From))
	return &out
}

// grouped returns the columns that a Group looks at.
func (p *pruner) grouped(n *Group) names {
	need := namesOf(n.Keys)
	for _, a := range n.Aggregates {
		switch {
		case a.Arg != nil:
			need = need.and(p.reads(a.Arg))
		case a.Distinct: // of whole rows
			need = need.and(n.Input.Output().Columns)
		}
	}
	return need
}
