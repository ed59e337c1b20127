package lifttest

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/ontology"
)

// helper recognises the IRIs of helper nodes.
var helper = regexp.MustCompile(`(?:#(?:unit-.*-)?[a-z]+-[0-9a-f]{16}|/\.well-known/genid/[0-9a-f]+)$`)

// blankNodes returns the graph with its helper nodes blank.
func blankNodes(quads []rdf.Quad) []rdf.Quad {
	labels := map[string]string{}
	blank := func(t rdf.Term) rdf.Term {
		if !t.IsIRI() || !helper.MatchString(t.Value()) {
			return t
		}
		if labels[t.Value()] == "" {
			labels[t.Value()] = fmt.Sprintf("b%d", len(labels))
		}
		return rdf.Blank(labels[t.Value()])
	}
	out := make([]rdf.Quad, len(quads))
	for i, q := range quads {
		out[i] = rdf.Triple(blank(q.S), q.P, blank(q.O))
	}
	return out
}

// Turtle writes a graph for people: sorted, with prefixes, and with helper
// nodes as blank nodes within the node that refers to them.
func Turtle(quads []rdf.Quad) []byte {
	w := &writer{about: map[rdf.Term][]rdf.Quad{}, references: map[rdf.Term]int{}, labels: map[rdf.Term]string{}, prefixes: map[string]bool{}}
	quads = slices.Clone(quads)
	slices.SortFunc(quads, rdf.CompareQuads)
	var subjects []rdf.Term
	for _, q := range quads {
		if w.about[q.S] == nil {
			subjects = append(subjects, q.S)
		}
		w.about[q.S] = append(w.about[q.S], q)
		if w.isHelper(q.O) {
			w.references[q.O]++
		}
	}
	for _, s := range subjects {
		if w.isHelper(s) && w.references[s] == 1 {
			continue
		}
		fmt.Fprintf(&w.out, "\n%s", w.term(s))
		w.properties(s, "    ")
		w.out.WriteString(" .\n")
	}
	var head strings.Builder
	for _, p := range slices.Sorted(maps.Keys(w.prefixes)) {
		fmt.Fprintf(&head, "@prefix %s: <%s> .\n", p, prefixes[p])
	}
	return []byte(head.String() + w.out.String())
}

var prefixes = func() map[string]string {
	p := ontology.Prefixes()
	p["course"] = Base + "/course/uni.example/"
	p["lo"] = ontology.LearningOpportunity
	p["mode"] = ontology.Mode
	p["schedule"] = ontology.Schedule
	return p
}()

type writer struct {
	out        strings.Builder
	about      map[rdf.Term][]rdf.Quad
	references map[rdf.Term]int
	labels     map[rdf.Term]string
	prefixes   map[string]bool
}

func (w *writer) isHelper(t rdf.Term) bool { return t.IsIRI() && helper.MatchString(t.Value()) }

func (w *writer) properties(s rdf.Term, indent string) {
	quads := w.about[s]
	for i, q := range quads {
		switch {
		case i > 0 && quads[i-1].P == q.P:
			w.out.WriteString(", ")
		case i > 0:
			fmt.Fprintf(&w.out, " ;\n%s%s ", indent, w.predicate(q.P))
		default:
			fmt.Fprintf(&w.out, " %s ", w.predicate(q.P))
		}
		if w.isHelper(q.O) && w.references[q.O] == 1 && len(w.about[q.O]) > 0 {
			w.out.WriteString("[")
			w.properties(q.O, indent+"    ")
			w.out.WriteString(" ]")
		} else {
			w.out.WriteString(w.term(q.O))
		}
	}
}

func (w *writer) predicate(p rdf.Term) string {
	if p.Value() == rdf.RDFType {
		return "a"
	}
	return w.term(p)
}

// local is a local name that needs no escapes.
var local = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_-]*$`)

func (w *writer) term(t rdf.Term) string {
	switch {
	case w.isHelper(t):
		if w.labels[t] == "" {
			w.labels[t] = fmt.Sprintf("_:b%d", len(w.labels))
		}
		return w.labels[t]
	case t.IsIRI():
		for _, p := range slices.Sorted(maps.Keys(prefixes)) {
			if rest, ok := strings.CutPrefix(t.Value(), prefixes[p]); ok && local.MatchString(rest) {
				w.prefixes[p] = true
				return p + ":" + rest
			}
		}
	case t.IsLiteral() && t.Datatype() != rdf.XSDString && t.Lang() == "":
		lexical := rdf.Literal(t.Value()).String()
		return lexical + "^^" + w.term(rdf.IRI(t.Datatype()))
	}
	return t.String()
}
