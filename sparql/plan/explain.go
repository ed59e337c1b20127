package plan

import (
	"fmt"
	"strings"

	"qlgraph/sparql/algebra"
)

// Inputs returns the operators directly below n, in the order in which it is
// compiled.
func Inputs(n Node) []Node {
	switch n := n.(type) {
	case *SeekJoin:
		return []Node{n.Input}
	case *HashJoin:
		return []Node{n.Left, n.Right}
	case *Apply:
		return []Node{n.Left, n.Right}
	case *Path:
		return optional(n.Input)
	case *Service:
		return optional(n.Input)
	case *TextSearch:
		return optional(n.Input)
	case *Best:
		return []Node{n.Input}
	case *Filter:
		return []Node{n.Input}
	case *Extend:
		return []Node{n.Input}
	case *Union:
		return n.Branches
	case *Group:
		return []Node{n.Input}
	case *Sort:
		return []Node{n.Input}
	case *Project:
		return []Node{n.Input}
	case *Distinct:
		return []Node{n.Input}
	case *Slice:
		return []Node{n.Input}
	}
	return nil
}

func optional(n Node) []Node {
	if n == nil {
		return nil
	}
	return []Node{n}
}

// Describe returns an operator's name and what it works on.
func Describe(n Node) (name, detail string) {
	switch n := n.(type) {
	case *Scan:
		detail = fmt.Sprintf("%v %v", n.Order, &n.Pattern)
		if n.Spans != nil {
			detail += " in a range"
		}
		return "Scan", detail + kept(n, n.Pattern.vars())
	case *SeekJoin:
		return n.Kind.String() + "SeekJoin", fmt.Sprintf("%v %v", n.Order, &n.Pattern) + kept(n, n.seen())
	case *Leapfrog:
		return "Leapfrog", leaps(n)
	case *HashJoin:
		return n.Kind.String() + "HashJoin", keys(n) + condition(n.Expr)
	case *Apply:
		return n.Kind.String() + "Apply", condition(n.Expr)
	case *Input:
		return "Input", vars(n.Columns)
	case *Path:
		return "Path", fmt.Sprintf("%v %s %v", n.S, algebra.PathString(n.Path), n.O)
	case *Filter:
		return "Filter", exprs(n.Exprs)
	case *Extend:
		return "Extend", bindings(n.Bindings)
	case *Union:
		return "Union", ""
	case *TextSearch:
		return "TextSearch", n.String()
	case *Best:
		_, detail = sortName(&n.Sort)
		return "Best", detail
	case *Table:
		return "Table", fmt.Sprintf("%s, %d rows", vars(n.Columns), len(n.Rows))
	case *Group:
		return "Group", strings.TrimSpace(vars(n.Keys) + aggregates(n))
	case *Runs:
		return "Runs", fmt.Sprintf("%v %v%s", n.Order, &n.Pattern, runDetail(n))
	case *Sort:
		return sortName(n)
	case *Project:
		return "Project", vars(n.Columns)
	case *Distinct:
		return "Distinct", ""
	case *Slice:
		return "Slice", fmt.Sprintf("offset %d limit %d", n.Offset, n.Limit)
	case *Service:
		if n.Optional {
			return "Service", "optional " + n.Call.Name.String()
		}
		return "Service", n.Call.Name.String()
	case *PerGraph:
		return "PerGraph", "?" + n.Var
	}
	return fmt.Sprintf("%T", n), ""
}

// seen returns the variables that n could return.
func (n *SeekJoin) seen() []string {
	set := &nameSet{}
	set.add(n.Input.Output().Columns...)
	if n.Kind == InnerJoin || n.Kind == LeftJoin {
		set.add(n.Pattern.vars()...)
	}
	return set.names
}

// kept names the columns of n where they are not all that it sees.
func kept(n Node, seen []string) string {
	columns := n.Output().Columns
	switch len(columns) {
	case len(seen):
		return ""
	case 0:
		return " → rows only"
	}
	return " → " + vars(columns)
}

// String prints the plan, an operator per line.
func String(n Node) string {
	var b strings.Builder
	write(&b, n, 0)
	return b.String()
}

func write(b *strings.Builder, n Node, depth int) {
	name, detail := Describe(n)
	b.WriteString(strings.TrimRight(fmt.Sprintf("%*s%s %s", 2*depth, "", name, detail), " ") + "\n")
	for _, c := range Inputs(n) {
		write(b, c, depth+1)
	}
}

func vars(names []string) string {
	var list []string
	for _, n := range names {
		list = append(list, "?"+n)
	}
	return strings.Join(list, " ")
}

func keys(n *HashJoin) string {
	s := vars(n.Keys)
	if len(n.Loose) > 0 {
		s = strings.TrimSpace(s + " loosely " + vars(n.Loose))
	}
	return s
}

func leaps(n *Leapfrog) string {
	list := make([]string, len(n.Relations))
	for i, r := range n.Relations {
		list[i] = fmt.Sprintf("%v %v", r.Order, &r.Pattern)
	}
	return vars(n.Vars) + " in " + strings.Join(list, ", ")
}

func condition(e algebra.Expr) string {
	if e == nil {
		return ""
	}
	return " if " + oneLine(e)
}

func exprs(list []algebra.Expr) string {
	var out []string
	for _, e := range list {
		out = append(out, oneLine(e))
	}
	return strings.Join(out, " ")
}

// oneLine prints e, which may have whole patterns in it, on one line.
func oneLine(e algebra.Expr) string {
	return strings.Join(strings.Fields(algebra.ExprString(e)), " ")
}

func bindings(list []Binding) string {
	var out []string
	for _, b := range list {
		out = append(out, fmt.Sprintf("?%s = %s", b.Var, oneLine(b.Expr)))
	}
	return strings.Join(out, ", ")
}

func runDetail(n *Runs) string {
	s := ""
	if len(n.Keys) > 0 {
		s = " by " + vars(n.Keys)
	}
	for _, c := range n.Counts {
		s += " COUNT"
		if c.Of != "" {
			s += "(DISTINCT ?" + c.Of + ")"
		}
	}
	return s
}

func aggregates(n *Group) string {
	var b strings.Builder
	for _, a := range n.Aggregates {
		fmt.Fprintf(&b, " %v", a.Aggregate)
	}
	return b.String()
}

func sortName(n *Sort) (name, detail string) {
	var list []string
	for _, c := range n.Conditions {
		s := algebra.ExprString(c.Expr)
		if c.Desc {
			s = "desc " + s
		}
		list = append(list, s)
	}
	detail = strings.Join(list, ", ")
	if n.Limit >= 0 {
		return "TopK", fmt.Sprintf("%d by %s", n.Limit, detail)
	}
	return "Sort", detail
}
