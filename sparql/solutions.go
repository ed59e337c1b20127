package sparql

import (
	"iter"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/sparql/algebra"
	"qlgraph/sparql/exec"
)

// solutions decodes the rows of a SELECT, a batch at a time. Columns that were
// bound beforehand keep that value.
func solutions(run *exec.Run, columns []string, bound map[string]rdf.Term, limit int64) iter.Seq2[[]rdf.Term, error] {
	return func(yield func([]rdf.Term, error) bool) {
		from := places(run.Columns(), columns)
		terms := make([][]rdf.Term, len(columns))
		row := make([]rdf.Term, len(columns))
		returned := int64(0)
		for {
			cols, n, err := run.Next()
			if err != nil {
				yield(nil, err)
				return
			}
			if n == 0 {
				return
			}
			if returned += int64(n); returned > limit {
				yield(nil, &LimitError{Limit: "rows", Max: limit})
				return
			}
			for i, c := range from {
				if terms[i], err = column(run, cols, c, n, terms[i]); err != nil {
					yield(nil, err)
					return
				}
			}
			for k := range n {
				for i, name := range columns {
					if row[i] = terms[i][k]; row[i].IsZero() {
						row[i] = bound[name]
					}
				}
				if !yield(row, nil) {
					return
				}
			}
		}
	}
}

// column decodes column c of cols, -1 for one that is unbound.
func column(run *exec.Run, cols [][]graph.ID, c, n int, dst []rdf.Term) ([]rdf.Term, error) {
	if cap(dst) < n {
		dst = make([]rdf.Term, n)
	}
	dst = dst[:n]
	if c < 0 {
		clear(dst)
		return dst, nil
	}
	return dst, run.Terms(cols[c][:n], dst)
}

func places(have, want []string) []int {
	list := make([]int, len(want))
	for i, name := range want {
		list[i] = -1
		for k, h := range have {
			if h == name {
				list[i] = k
			}
		}
	}
	return list
}

// constructed instantiates the template for each solution (SPARQL 1.1 §16.2);
// distinct says that no two solutions are the same.
func constructed(run *exec.Run, template []algebra.Quad, distinct bool) iter.Seq2[rdf.Quad, error] {
	return func(yield func(rdf.Quad, error) bool) {
		c, err := run.Construct(template, distinct)
		if err != nil {
			yield(rdf.Quad{}, err)
			return
		}
		var s, p, o []rdf.Term
		for {
			cols, n, err := c.Next()
			for i, dst := range []*[]rdf.Term{&s, &p, &o} {
				if err == nil && n > 0 {
					*dst, err = column(run, cols, i, n, *dst)
				}
			}
			if err != nil {
				yield(rdf.Quad{}, err)
				return
			}
			if n == 0 {
				return
			}
			for i := range n {
				if !yield(rdf.Triple(s[i], p[i], o[i]), nil) {
					return
				}
			}
		}
	}
}
