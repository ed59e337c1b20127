package shapes

import (
	"cmp"
	"slices"
	"strings"

	"qlgraph/graph/rdf"
)

// Group gathers the results that one constraint of one path gave.
type Group struct {
	Shape     rdf.Term // the nearest shape with an IRI, else the shape itself
	ShapeName string   // what people call it
	Path      Path
	PathName  string // the path's sh:name, with the path in brackets
	Component rdf.Term
	Severity  rdf.Term
	Message   string
	Advice    string // what to provide: sh:description
	Count     int    // of results
	Nodes     int    // of distinct focus nodes
	Examples  []Result
}

// Groups gathers the results, worst and most frequent first. Texts are in the
// first of the languages in which the shapes have them (tags as in
// Accept-Language order), else in English, else in any. Each group has at most
// the given number of examples, of different focus nodes.
func (r *Report) Groups(examples int, languages ...string) []Group {
	type groupKey struct {
		shape, component, severity rdf.Term
		path, message              string
	}
	at := map[groupKey]int{}
	var groups []Group
	for i := range r.Results {
		result := &r.Results[i]
		named := result.shape.named()
		text := choose(result.Messages, languages)
		k := groupKey{named.term, result.Component, result.Severity, result.Path.String(), text}
		n, ok := at[k]
		if !ok {
			n = len(groups)
			at[k] = n
			groups = append(groups, Group{
				Shape: named.term, ShapeName: r.shapes.nameOf(named, languages),
				Path: result.Path, PathName: r.shapes.pathName(result, languages),
				Component: result.Component, Severity: result.Severity,
				Message: text, Advice: choose(result.shape.advice, languages),
			})
		}
		groups[n].take(*result, examples)
	}
	slices.SortStableFunc(groups, func(a, b Group) int {
		return cmp.Or(severityRank(a.Severity)-severityRank(b.Severity), b.Count-a.Count)
	})
	return groups
}

// take counts a result; results come ordered by focus node.
func (g *Group) take(r Result, examples int) {
	g.Count++
	last := len(g.Examples) - 1
	if last >= 0 && g.Examples[last].Focus == r.Focus {
		return
	}
	if len(g.Examples) < examples {
		g.Examples = append(g.Examples, r)
	}
	g.Nodes++
}

func severityRank(s rdf.Term) int {
	switch s {
	case violation:
		return 0
	case rdf.IRI(sh + "Warning"):
		return 1
	case rdf.IRI(sh + "Info"):
		return 2
	}
	return 3
}

// named returns the nearest shape with an IRI that s is a property of.
func (s *shape) named() *shape {
	for n := s; n != nil; n = n.parent {
		if n.term.IsIRI() {
			return n
		}
		if n.parent == s {
			break
		}
	}
	return s
}

// nameOf returns what people call the shape: its label, or its IRI.
func (s *Shapes) nameOf(sh *shape, languages []string) string {
	if text := choose(sh.labels, languages); text != "" {
		return strings.TrimSpace(text)
	}
	return s.prefixes.shorten(sh.term)
}

// pathName returns the result's path with the name that its shape gives it.
func (s *Shapes) pathName(r *Result, languages []string) string {
	path := r.Path.format(s.prefixes.shorten)
	if name := choose(r.shape.names, languages); name != "" && path != "" {
		return strings.TrimSpace(name) + " (" + path + ")"
	}
	return path
}

// choose returns the text in the first of the languages that has one, else in
// English or without a language, else any.
func choose(texts []rdf.Term, languages []string) string {
	for _, l := range languages {
		for _, t := range texts {
			if matchesLanguage(t.Lang(), []string{l}) {
				return t.Value()
			}
		}
	}
	fallback := ""
	for _, t := range texts {
		if t.Lang() == "" || matchesLanguage(t.Lang(), []string{"en"}) {
			return t.Value()
		}
		fallback = cmp.Or(fallback, t.Value())
	}
	return fallback
}

// NamedShape returns the nearest shape with an IRI that the result's shape is a
// property of: property shapes are blank nodes as a rule, which mean nothing
// outside of their graph.
func (r Result) NamedShape() rdf.Term { return r.shape.named().term }
