package algebra

import (
	"fmt"
	"strings"

	"qlgraph/graph/rdf"
)

// String prints n as an S-expression, an operator per line.
func String(n Node) string {
	p := &sexpr{}
	p.node(n)
	return strings.TrimPrefix(p.String(), "\n") + "\n"
}

// ExprString prints e as an S-expression on one line.
func ExprString(e Expr) string {
	p := &sexpr{}
	p.expr(e)
	return p.String()
}

// PathString prints p as an S-expression on one line.
func PathString(p Path) string {
	w := &sexpr{}
	w.path(p)
	return w.String()
}

type sexpr struct {
	strings.Builder
	depth int
}

func (w *sexpr) f(format string, args ...any) { fmt.Fprintf(w, format, args...) }

// op prints "(head", calls the rest one level deeper and closes.
func (w *sexpr) op(head string, children ...Node) {
	w.f("\n%*s(%s", 2*w.depth, "", head)
	w.depth++
	for _, c := range children {
		w.node(c)
	}
	w.depth--
	w.f(")")
}

func (w *sexpr) node(n Node) {
	switch n := n.(type) {
	case *BGP:
		w.bgp(n)
	case *PathPattern:
		w.op(fmt.Sprintf("path %v %s %v", n.S, PathString(n.Path), n.O))
	case *Join:
		w.op("join", n.Left, n.Right)
	case *LeftJoin:
		head := "leftjoin"
		if n.Expr != nil {
			head += " " + ExprString(n.Expr)
		}
		w.op(head, n.Left, n.Right)
	case *Filter:
		w.op("filter "+ExprString(n.Expr), n.Input)
	case *Union:
		w.op("union", n.Branches...)
	case *Minus:
		w.op("minus", n.Left, n.Right)
	case *Graph:
		w.op("graph "+n.Name.String(), n.Input)
	case *Extend:
		w.op(fmt.Sprintf("extend (?%s %s)", n.Var, ExprString(n.Expr)), n.Input)
	case *Table:
		w.table(n)
	case *TextMatch:
		w.op(fmt.Sprintf("text %v %v %v", n.Literal, n.Score, n.Wanted()))
	case *Service:
		head := "service "
		if n.Silent {
			head += "silent "
		}
		w.op(head+n.Name.String(), n.Input)
	case *Group:
		w.op(groupHead(n), n.Input)
	case *OrderBy:
		w.op("order"+conditionsString(n.Conditions), n.Input)
	case *Project:
		w.op("project ("+varsString(n.Vars)+")", n.Input)
	case *Distinct:
		w.op("distinct", n.Input)
	case *Reduced:
		w.op("reduced", n.Input)
	case *Slice:
		limit := "_"
		if n.Limit >= 0 {
			limit = fmt.Sprint(n.Limit)
		}
		w.op(fmt.Sprintf("slice %d %s", n.Offset, limit), n.Input)
	}
}

func (w *sexpr) bgp(n *BGP) {
	w.f("\n%*s(bgp", 2*w.depth, "")
	for _, t := range n.Triples {
		w.f("\n%*s(triple %v %v %v)", 2*w.depth+2, "", t.S, t.P, t.O)
	}
	w.f(")")
}

func (w *sexpr) table(n *Table) {
	w.f("\n%*s(table (%s)", 2*w.depth, "", varsString(n.Vars))
	for _, row := range n.Rows {
		w.f("\n%*s(row", 2*w.depth+2, "")
		for _, t := range row {
			if t.IsZero() {
				w.f(" UNDEF")
			} else {
				w.f(" %v", t)
			}
		}
		w.f(")")
	}
	w.f(")")
}

func groupHead(n *Group) string {
	var b strings.Builder
	b.WriteString("group (")
	for i, k := range n.Keys {
		b.WriteString(space(i))
		if v, ok := k.Expr.(*Var); ok && v.Name == k.Var {
			b.WriteString("?" + k.Var)
		} else {
			fmt.Fprintf(&b, "(?%s %s)", k.Var, ExprString(k.Expr))
		}
	}
	b.WriteString(") (")
	for i, a := range n.Aggregates {
		fmt.Fprintf(&b, "%s(?%s %s)", space(i), a.Var, a.Aggregate)
	}
	return b.String() + ")"
}

// String prints a as an S-expression.
func (a Aggregate) String() string {
	var b strings.Builder
	b.WriteString("(" + strings.ToLower(a.Name))
	if a.Distinct {
		b.WriteString(" distinct")
	}
	if a.Name == "GROUP_CONCAT" {
		fmt.Fprintf(&b, " (separator %v)", rdf.Literal(a.Separator))
	}
	if a.Arg != nil {
		b.WriteString(" " + ExprString(a.Arg))
	}
	return b.String() + ")"
}

func conditionsString(list []Condition) string {
	var b strings.Builder
	for _, c := range list {
		if c.Desc {
			b.WriteString(" (desc " + ExprString(c.Expr) + ")")
		} else {
			b.WriteString(" " + ExprString(c.Expr))
		}
	}
	return b.String()
}

func varsString(vars []string) string {
	var b strings.Builder
	for i, v := range vars {
		b.WriteString(space(i) + "?" + v)
	}
	return b.String()
}

func space(i int) string {
	if i == 0 {
		return ""
	}
	return " "
}

// String prints t: "?x" or the term in N-Triples syntax.
func (t Term) String() string {
	if t.IsVar() {
		return "?" + t.Var
	}
	return t.Value.String()
}

func (w *sexpr) expr(e Expr) {
	switch e := e.(type) {
	case *Var:
		w.f("?%s", e.Name)
	case *Const:
		w.f("%v", e.Value)
	case *Call:
		w.call(strings.ToLower(e.Op), e.Args)
	case *Function:
		w.call("<"+e.IRI+">", e.Args)
	case *Exists:
		name := "exists"
		if e.Not {
			name = "notexists"
		}
		w.depth++
		w.op(name, e.Pattern)
		w.depth--
	}
}

func (w *sexpr) call(name string, args []Expr) {
	w.f("(%s", name)
	for _, a := range args {
		w.f(" ")
		w.expr(a)
	}
	w.f(")")
}

func (w *sexpr) path(p Path) {
	unary := func(name string, inner Path) {
		w.f("(%s ", name)
		w.path(inner)
		w.f(")")
	}
	switch p := p.(type) {
	case *Link:
		w.f("%v", p.IRI)
	case *Inverse:
		unary("inv", p.Path)
	case *Sequence:
		w.f("(seq ")
		w.path(p.Left)
		w.f(" ")
		w.path(p.Right)
		w.f(")")
	case *Alternative:
		w.f("(alt")
		for _, b := range p.Paths {
			w.f(" ")
			w.path(b)
		}
		w.f(")")
	case *ZeroOrMore:
		unary("path*", p.Path)
	case *OneOrMore:
		unary("path+", p.Path)
	case *ZeroOrOne:
		unary("path?", p.Path)
	case *NegatedSet:
		w.f("(nps")
		for _, i := range p.IRIs {
			w.f(" %v", i)
		}
		w.f(")")
	}
}
