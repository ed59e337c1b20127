package diff

import (
	"cmp"
	"slices"
	"strings"

	"qlgraph/graph/rdf"
)

// Change is what became of one property of a thing.
type Change struct {
	Subject rdf.Term
	// Path leads from the subject to the values: the property, and after it
	// those of the nodes between.
	Path    []string
	Removed []rdf.Term // values that are gone, sorted; one that was there twice and is once, once
	Added   []rdf.Term
}

// maxDepth bounds the nodes between a thing and a value; what lies deeper
// counts as a value of the node at that depth.
const maxDepth = 16

// Descriptions returns the changes between two descriptions of the subjects, in
// the order of subjects, then of paths.
func Descriptions(before, after []rdf.Quad, subjects ...rdf.Term) []Change {
	var changes []Change
	for _, s := range subjects {
		was, is := values(before, s, subjects), values(after, s, subjects)
		paths := map[string]bool{}
		for p := range was {
			paths[p] = true
		}
		for p := range is {
			paths[p] = true
		}
		for p := range paths {
			removed, added := minus(was[p], is[p]), minus(is[p], was[p])
			if len(removed)+len(added) > 0 {
				changes = append(changes, Change{Subject: s, Path: strings.Split(p, "\x00"), Removed: removed, Added: added})
			}
		}
	}
	slices.SortStableFunc(changes, func(a, b Change) int {
		return cmp.Or(slices.Index(subjects, a.Subject)-slices.Index(subjects, b.Subject), slices.Compare(a.Path, b.Path))
	})
	return changes
}

// values returns the values of a subject by the path to them.
func values(quads []rdf.Quad, subject rdf.Term, subjects []rdf.Term) map[string][]rdf.Term {
	about := map[rdf.Term][]rdf.Quad{}
	for _, q := range quads {
		about[q.S] = append(about[q.S], q)
	}
	found := map[string][]rdf.Term{}
	open := map[rdf.Term]bool{}
	var walk func(s rdf.Term, path []string)
	walk = func(s rdf.Term, path []string) {
		open[s] = true
		for _, q := range about[s] {
			here := append(path[:len(path):len(path)], q.P.Value())
			described := !q.O.IsLiteral() && len(about[q.O]) > 0 && q.P.Value() != rdf.RDFType
			if described && !open[q.O] && !slices.Contains(subjects, q.O) && len(here) < maxDepth {
				walk(q.O, here)
				continue
			}
			key := strings.Join(here, "\x00")
			found[key] = append(found[key], q.O)
		}
		delete(open, s)
	}
	walk(subject, nil)
	return found
}

// minus returns the terms of a without those of b, each as often as it is left
// over, sorted.
func minus(a, b []rdf.Term) []rdf.Term {
	left := map[rdf.Term]int{}
	for _, t := range b {
		left[t]++
	}
	var out []rdf.Term
	for _, t := range a {
		if left[t] > 0 {
			left[t]--
			continue
		}
		out = append(out, t)
	}
	slices.SortFunc(out, rdf.Compare)
	return out
}
