package plan

import (
	"slices"

	"qlgraph/sparql/algebra"
)

// service plans SERVICE as a join with in, whose values it sends along; nil
// stands for one row without values.
func (b *builder) service(n *algebra.Service, in Node) *Service {
	s := &Service{Input: in, Call: n}
	columns := &nameSet{}
	maybe := map[string]bool{}
	rows := 100.0
	if in != nil {
		columns.add(in.Output().Columns...)
		maybe = withMaybe(in.Output().Maybe)
		rows *= in.Output().Rows
	}
	for _, name := range n.Vars {
		if in == nil || !in.Output().Has(name) {
			maybe[name] = true
		}
	}
	columns.add(n.Vars...)
	s.Props = Props{Columns: columns.names, Maybe: maybe, Rows: rows}
	return s
}

// joinServices joins what other endpoints say, which comes last: the more values
// there are to send along, the less they answer. A service with a variable for a
// name waits for those that may bind it.
func (a *assembly) joinServices() {
	for left := slices.Clone(a.g.services); len(left) > 0; {
		at := max(0, slices.IndexFunc(left, func(s *algebra.Service) bool {
			return !s.Name.IsVar() || a.cur != nil && a.cur.Output().Has(s.Name.Var)
		}))
		s := left[at]
		left = slices.Delete(left, at, at+1)
		a.cur = a.g.b.service(s, a.cur)
		for _, v := range s.Vars {
			a.waiting[v]--
		}
		a.applyFilters(nil)
	}
}
