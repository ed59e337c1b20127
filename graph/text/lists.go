package text

import (
	"cmp"
	"slices"

	"qlgraph/graph"
)

// mergeRuns sorts a list of ascending runs.
func mergeRuns(list []Posting, ends []int) []Posting {
	spare := make([]Posting, len(list))
	for len(ends) > 1 {
		var merged []int
		start := 0
		for i := 0; i < len(ends); i += 2 {
			middle, end := ends[i], ends[min(i+1, len(ends)-1)]
			mergeTwo(spare[start:end], list[start:middle], list[middle:end])
			merged = append(merged, end)
			start = end
		}
		list, spare, ends = spare, list, merged
	}
	return list
}

func mergeTwo(out, a, b []Posting) {
	for len(a) > 0 && len(b) > 0 {
		if a[0] <= b[0] {
			out[0], a = a[0], a[1:]
		} else {
			out[0], b = b[0], b[1:]
		}
		out = out[1:]
	}
	copy(out[copy(out, a):], b)
}

// intersect returns the matches that are in both, with the sum of their scores.
// It overwrites a.
func intersect(a, b []match) []match {
	out := a[:0]
	for _, m := range a {
		n := forward(b, m.ID)
		if b = b[n:]; len(b) == 0 {
			break
		}
		if b[0].ID == m.ID {
			out = append(out, match{ID: m.ID, Score: m.Score + b[0].Score})
		}
	}
	return out
}

// without returns the matches of a that are not in b. It overwrites a.
func without(a, b []match) []match {
	out := a[:0]
	for _, m := range a {
		if b = b[forward(b, m.ID):]; len(b) == 0 || b[0].ID != m.ID {
			out = append(out, m)
		}
	}
	return out
}

// forward returns the place of the first match that is not before the literal,
// in time that grows with the logarithm of how far it is.
func forward(list []match, literal graph.ID) int {
	end := 1
	for end < len(list) && list[end-1].ID < literal {
		end *= 2
	}
	n, _ := slices.BinarySearchFunc(list[end/2:min(end, len(list))], literal,
		func(m match, literal graph.ID) int { return cmp.Compare(m.ID, literal) })
	return end/2 + n
}

// union returns the matches that are in one of both, with the sum of their
// scores.
func union(a, b []match) []match {
	if len(a) == 0 {
		return b
	} else if len(b) == 0 {
		return a
	}
	out := make([]match, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].ID < b[0].ID:
			out, a = append(out, a[0]), a[1:]
		case a[0].ID > b[0].ID:
			out, b = append(out, b[0]), b[1:]
		default:
			out = append(out, match{ID: a[0].ID, Score: a[0].Score + b[0].Score})
			a, b = a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}
