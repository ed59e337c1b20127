package shapes

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"qlgraph/graph/rdf"
)

// TextOptions of a report for people.
type TextOptions struct {
	// Languages are the reader's, best first; English is the fallback.
	Languages []string
	// Examples is how many focus nodes each group shows, 0 for three.
	Examples int
}

// WriteText writes the report for people: what is wrong, grouped by shape and
// path with counts, examples and what to do, then what was not tested.
func (r *Report) WriteText(w io.Writer, options TextOptions) error {
	if options.Examples == 0 {
		options.Examples = 3
	}
	out := bufio.NewWriter(w)
	r.writeSummary(out)
	for _, g := range r.Groups(options.Examples, options.Languages...) {
		r.writeGroup(out, g)
	}
	r.writeUntested(out)
	return out.Flush()
}

func (r *Report) writeSummary(w io.Writer) {
	nodes, tested := 0, 0
	for _, c := range r.Coverage {
		nodes += c.FocusNodes
		if c.FocusNodes > 0 {
			tested++
		}
	}
	over := fmt.Sprintf("%s under %s", plural(nodes, "focus node"), plural(tested, "shape"))
	switch {
	case nodes == 0:
		fmt.Fprintln(w, "Nothing was tested: no shape has a focus node in these data.")
	case r.Conforms:
		fmt.Fprintf(w, "Conforms: %s.\n", over)
	default:
		fmt.Fprintf(w, "Does not conform: %s, %s.\n", plural(len(r.Results), "result"), over)
	}
}

func (r *Report) writeGroup(w io.Writer, g Group) {
	short := r.shapes.prefixes.shorten
	where := g.ShapeName
	if g.PathName != "" {
		where += " › " + g.PathName
	}
	fmt.Fprintf(w, "\n%s: %s\n    %s", where, g.Message, severityName(g.Severity))
	if g.Count == g.Nodes {
		fmt.Fprintf(w, ", %s\n", plural(g.Nodes, "node"))
	} else {
		fmt.Fprintf(w, ", %s at %s\n", plural(g.Count, "result"), plural(g.Nodes, "node"))
	}
	for i, e := range g.Examples {
		lead := "          "
		if i == 0 {
			lead = "    e.g.  "
		}
		fmt.Fprint(w, lead, short(e.Focus))
		if !e.Value.IsZero() && e.Value != e.Focus {
			fmt.Fprint(w, "  has  ", excerpt(short(e.Value)))
		}
		fmt.Fprintln(w)
	}
	if g.Advice != "" {
		fmt.Fprintf(w, "    →  %s\n", strings.TrimSpace(g.Advice))
	}
}

// writeUntested lists the shapes without focus nodes and the notices.
func (r *Report) writeUntested(w io.Writer) {
	var idle []string
	for _, c := range r.Coverage {
		if c.FocusNodes == 0 {
			idle = append(idle, r.shapes.prefixes.shorten(c.Shape))
		}
	}
	if len(idle) > 0 {
		fmt.Fprintf(w, "\nNot tested, as nothing in the data is their target: %s\n", strings.Join(idle, ", "))
	}
	for i, u := range r.Unknown {
		if i == 0 {
			fmt.Fprintln(w, "\nTerms that no ontology here knows:")
		}
		fmt.Fprintf(w, "    %s, %s", r.shapes.prefixes.shorten(u.Term), plural(int(u.Count), "statement"))
		if !u.DidYouMean.IsZero() {
			fmt.Fprintf(w, ": did you mean %s?", u.DidYouMean)
		}
		fmt.Fprintln(w)
	}
	for i, n := range r.Notices {
		if i == 0 {
			fmt.Fprintln(w, "\nNotes on the shapes:")
		}
		fmt.Fprintf(w, "    %s: %s\n", r.shapes.prefixes.shorten(n.Node), n.Message)
	}
}

// maxExcerpt is how many characters of a value a report shows: a line of a
// terminal.
const maxExcerpt = 80

func excerpt(s string) string {
	if utf8.RuneCountInString(s) <= maxExcerpt {
		return s
	}
	return string([]rune(s)[:maxExcerpt]) + " …"
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// severityName returns the local name of a severity: Violation, Warning, Info.
func severityName(s rdf.Term) string { return strings.TrimPrefix(s.Value(), sh) }
