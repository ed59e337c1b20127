package syntax

import (
	"fmt"
	"strings"
)

// printer writes a tree as SPARQL text. Parsing what it wrote gives the same
// tree, positions apart.
type printer struct {
	strings.Builder
	indent int
}

func (w *printer) f(format string, args ...any) { fmt.Fprintf(w, format, args...) }

func (w *printer) newline() { w.f("\n%*s", 2*w.indent, "") }

// String prints q.
func (q *Query) String() string {
	w := &printer{}
	w.prologue(q.Prologue)
	w.query(q)
	return w.Builder.String() + "\n"
}

// String prints u.
func (u *Update) String() string {
	w := &printer{}
	printed := 0
	for i, op := range u.Operations {
		if i > 0 {
			w.f(" ;\n")
		}
		w.prologue(op.Prologue[printed:])
		printed = len(op.Prologue)
		w.operation(op.Kind)
	}
	return w.Builder.String() + "\n"
}

// String prints g, a group with its braces.
func (g *Group) String() string {
	w := &printer{}
	w.group(g)
	return w.Builder.String()
}

func (w *printer) prologue(list []Declaration) {
	for _, d := range list {
		if d.Base {
			w.f("BASE <%s>\n", d.IRI)
		} else {
			w.f("PREFIX %s: <%s>\n", d.Prefix, d.IRI)
		}
	}
}

func (w *printer) query(q *Query) {
	switch q.Form {
	case Select:
		w.projection(q.Select)
	case Construct:
		w.f("CONSTRUCT")
		if !q.Short {
			w.f(" ")
			w.braced(q.Template)
		}
	case Describe:
		w.f("DESCRIBE")
		for _, t := range q.Describe {
			w.f(" ")
			w.term(t)
		}
		if q.Describe == nil {
			w.f(" *")
		}
	case Ask:
		w.f("ASK")
	}
	w.dataset("FROM", q.Dataset)
	if q.Where != nil {
		w.f(" WHERE ")
		w.group(q.Where)
	}
	w.modifiers(&q.Modifiers)
	if q.Values != nil {
		w.newline()
		w.values(q.Values)
	}
}

func (w *printer) projection(s *Projection) {
	w.f("SELECT")
	switch {
	case s.Distinct:
		w.f(" DISTINCT")
	case s.Reduced:
		w.f(" REDUCED")
	}
	if s.Star {
		w.f(" *")
	}
	w.items(s.Items)
}

func (w *printer) items(list []SelectItem) {
	for _, item := range list {
		switch {
		case item.Expr == nil:
			w.f(" ?%s", item.Var.Name)
		case item.Var == nil:
			w.f(" ")
			w.condition(item.Expr)
		default:
			w.f(" (")
			w.expr(item.Expr, 0)
			w.f(" AS ?%s)", item.Var.Name)
		}
	}
}

// condition prints an expression where the grammar wants a Constraint or Var.
func (w *printer) condition(e Expr) {
	if v, ok := e.(*Var); ok {
		w.f("?%s", v.Name)
		return
	}
	w.constraint(e)
}

func (w *printer) constraint(e Expr) {
	switch e.(type) {
	case *Call, *Builtin, *Aggregate, *Exists:
		w.expr(e, 0)
	default:
		w.f("(")
		w.expr(e, 0)
		w.f(")")
	}
}

func (w *printer) dataset(keyword string, list []DatasetClause) {
	for _, d := range list {
		w.f(" %s ", keyword)
		if d.Named {
			w.f("NAMED ")
		}
		w.term(d.Graph)
	}
}

func (w *printer) modifiers(m *Modifiers) {
	if len(m.GroupBy) > 0 {
		w.f(" GROUP BY")
		w.items(m.GroupBy)
	}
	if len(m.Having) > 0 {
		w.f(" HAVING")
		for _, e := range m.Having {
			w.f(" ")
			w.constraint(e)
		}
	}
	if len(m.OrderBy) > 0 {
		w.f(" ORDER BY")
		for _, o := range m.OrderBy {
			if o.Desc {
				w.f(" DESC(")
				w.expr(o.Expr, 0)
				w.f(")")
			} else {
				w.f(" ")
				w.condition(o.Expr)
			}
		}
	}
	if m.Limit != nil {
		w.f(" LIMIT %d", *m.Limit)
	}
	if m.Offset != nil {
		w.f(" OFFSET %d", *m.Offset)
	}
}

func (w *printer) group(g *Group) {
	w.f("{")
	w.indent++
	if g.Sub != nil {
		w.newline()
		w.query(g.Sub)
	}
	for _, e := range g.Elements {
		w.newline()
		w.element(e)
	}
	w.indent--
	w.newline()
	w.f("}")
}

func (w *printer) element(e Element) {
	switch e := e.(type) {
	case *TriplesBlock:
		w.triples(e.Triples)
	case *Optional:
		w.f("OPTIONAL ")
		w.group(e.Group)
	case *Minus:
		w.f("MINUS ")
		w.group(e.Group)
	case *Union:
		for i, g := range e.Branches {
			if i > 0 {
				w.f(" UNION ")
			}
			w.group(g)
		}
	case *GraphPattern:
		w.f("GRAPH ")
		w.term(e.Name)
		w.f(" ")
		w.group(e.Group)
	case *ServicePattern:
		w.f("SERVICE ")
		if e.Silent {
			w.f("SILENT ")
		}
		w.term(e.Name)
		w.f(" ")
		w.group(e.Group)
	case *Filter:
		w.f("FILTER ")
		w.constraint(e.Expr)
	case *Bind:
		w.f("BIND(")
		w.expr(e.Expr, 0)
		w.f(" AS ?%s)", e.Var.Name)
	case *Values:
		w.values(e)
	}
}

func (w *printer) values(v *Values) {
	w.f("VALUES (")
	for i, x := range v.Vars {
		w.f("%s?%s", sep(i), x.Name)
	}
	w.f(") {")
	for _, row := range v.Rows {
		w.f(" (")
		for i, t := range row {
			w.f("%s", sep(i))
			if t == nil {
				w.f("UNDEF")
			} else {
				w.term(t)
			}
		}
		w.f(")")
	}
	w.f(" }")
}

func sep(i int) string {
	if i == 0 {
		return ""
	}
	return " "
}

func (w *printer) operation(k OperationKind) {
	switch k := k.(type) {
	case *Load:
		w.f("LOAD %s", silent(k.Silent))
		w.term(k.From)
		if k.Into != nil {
			w.f(" INTO GRAPH ")
			w.term(k.Into)
		}
	case *Clear:
		w.f("%s %s", map[bool]string{true: "DROP", false: "CLEAR"}[k.Drop], silent(k.Silent))
		w.target(k.Target)
	case *Create:
		w.f("CREATE %sGRAPH ", silent(k.Silent))
		w.term(k.Graph)
	case *Transfer:
		w.f("%s %s", k.Name, silent(k.Silent))
		w.graphOrDefault(k.From)
		w.f(" TO ")
		w.graphOrDefault(k.To)
	case *InsertData:
		w.f("INSERT DATA ")
		w.quads(k.Quads)
	case *DeleteData:
		w.f("DELETE DATA ")
		w.quads(k.Quads)
	case *DeleteWhere:
		w.f("DELETE WHERE ")
		w.quads(k.Quads)
	case *Modify:
		w.modify(k)
	}
}

func silent(yes bool) string {
	if yes {
		return "SILENT "
	}
	return ""
}

func (w *printer) target(t GraphTarget) {
	switch t.Scope {
	case OneGraph:
		w.f("GRAPH ")
		w.term(t.Graph)
	case DefaultGraph:
		w.f("DEFAULT")
	case NamedGraphs:
		w.f("NAMED")
	case AllGraphs:
		w.f("ALL")
	}
}

func (w *printer) graphOrDefault(g *IRI) {
	if g == nil {
		w.f("DEFAULT")
		return
	}
	w.f("GRAPH ")
	w.term(g)
}

func (w *printer) modify(m *Modify) {
	if m.With != nil {
		w.f("WITH ")
		w.term(m.With)
		w.f("\n")
	}
	if m.HasDelete {
		w.f("DELETE ")
		w.quads(m.Delete)
		w.f("\n")
	}
	if m.HasInsert {
		w.f("INSERT ")
		w.quads(m.Insert)
		w.f("\n")
	}
	w.dataset("USING", m.Using)
	w.f(" WHERE ")
	w.group(m.Where)
}

func (w *printer) quads(list []QuadBlock) {
	w.f("{")
	w.indent++
	for _, b := range list {
		w.newline()
		if b.Graph == nil {
			w.triples(b.Triples)
			continue
		}
		w.f("GRAPH ")
		w.term(b.Graph)
		w.f(" ")
		w.braced(b.Triples)
	}
	w.indent--
	w.newline()
	w.f("}")
}
