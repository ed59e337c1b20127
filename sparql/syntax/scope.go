package syntax

// VarSet is a set of variable names in the order of their first addition.
type VarSet struct {
	Names []string
	known map[string]bool
}

// Add adds names to s.
func (s *VarSet) Add(names ...string) {
	if s.known == nil {
		s.known = map[string]bool{}
	}
	for _, n := range names {
		if !s.known[n] {
			s.known[n] = true
			s.Names = append(s.Names, n)
		}
	}
}

// Has reports whether name is in s.
func (s *VarSet) Has(name string) bool { return s.known[name] }

// InScope returns the variables that g may bind, in the order in which the text
// mentions them (SPARQL 1.1 §18.2.1).
func (g *Group) InScope() *VarSet {
	s := &VarSet{}
	g.addScope(s)
	return s
}

func (g *Group) addScope(s *VarSet) {
	if g.Sub != nil {
		s.Add(g.Sub.Columns()...)
		return
	}
	for _, e := range g.Elements {
		addElementScope(s, e)
	}
}

func addElementScope(s *VarSet, e Element) {
	switch e := e.(type) {
	case *TriplesBlock:
		walkTerms(e.Triples, s.addTerm)
	case *GraphPattern:
		s.addTerm(e.Name)
	case *ServicePattern:
		s.addTerm(e.Name)
	case *Bind:
		s.Add(e.Var.Name)
	case *Values:
		for _, v := range e.Vars {
			s.Add(v.Name)
		}
	case *Minus:
		return // binds nothing outside
	}
	for _, g := range nested(e) {
		g.addScope(s)
	}
}

func (s *VarSet) addTerm(t Term) {
	if v, ok := t.(*Var); ok {
		s.Add(v.Name)
	}
}

// Columns returns the variables that the SELECT query q projects.
func (q *Query) Columns() []string {
	s := &VarSet{}
	if q.Select.Star {
		s = q.Where.InScope()
		if q.Values != nil {
			addElementScope(s, q.Values)
		}
	}
	for _, item := range q.Select.Items {
		s.Add(item.Var.Name)
	}
	return s.Names
}

// Grouped reports whether q has groups: a GROUP BY or an aggregate anywhere.
func (q *Query) Grouped() bool {
	if len(q.Modifiers.GroupBy) > 0 {
		return true
	}
	for _, e := range q.outputs() {
		if hasAggregate(e) {
			return true
		}
	}
	return false
}

// outputs returns the expressions in which q may use aggregates.
func (q *Query) outputs() []Expr {
	var list []Expr
	if q.Select != nil {
		for _, item := range q.Select.Items {
			if item.Expr != nil {
				list = append(list, item.Expr)
			}
		}
	}
	list = append(list, q.Modifiers.Having...)
	for _, o := range q.Modifiers.OrderBy {
		list = append(list, o.Expr)
	}
	return list
}

func hasAggregate(e Expr) bool {
	if _, ok := e.(*Aggregate); ok {
		return true
	}
	for _, x := range operands(e) {
		if hasAggregate(x) {
			return true
		}
	}
	return false
}
