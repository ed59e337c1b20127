package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"

	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/harvesters/discover"
	"qlgraph/harvesters/pipeline"
	"qlgraph/ontology"
	"qlgraph/shapes"
	"qlgraph/shapes/profile"
)

// checkReport is what a dry run says.
type checkReport struct {
	Provider  string                  `json:"provider,omitempty"`
	Discovery *discover.Report        `json:"discovery,omitempty"`
	Sources   []pipeline.SourceResult `json:"sources"`
	Tiers     map[profile.Tier]int    `json:"tiers,omitempty"` // courses by quality
	FixFirst  []fix                   `json:"fixFirst"`
	Profile   []broken                `json:"profile"`
}

// fix is a rule of quality that courses do not meet.
type fix struct {
	Rule    string            `json:"rule"`
	About   profile.Dimension `json:"about"`
	Needs   string            `json:"needs"`
	Points  int               `json:"points"` // each course would gain
	Courses int               `json:"courses"`
}

// broken is a constraint of the profile that the data break.
type broken struct {
	Severity string `json:"severity"`
	Shape    string `json:"shape"`
	Path     string `json:"path,omitempty"`
	Message  string `json:"message"`
	Advice   string `json:"advice,omitempty"`
	Nodes    int    `json:"nodes"`
	Example  string `json:"example"`
}

// clean reports whether everything would be published and conforms.
func (r *checkReport) clean() bool {
	if r.Discovery != nil && (r.Discovery.Manifest == nil || slices.ContainsFunc(r.Discovery.Manifest.Problems, func(p discover.Problem) bool { return p.Severity == harvesters.Violation })) {
		return false
	}
	for _, s := range r.Sources {
		if s.Status != pipeline.OK && s.Status != pipeline.Unchanged || s.Withheld > 0 || s.Violations > 0 {
			return false
		}
	}
	return len(r.Sources) > 0
}

// print writes the report for people: what there is, what would become of it,
// and what to do about it, dearest first.
func (r *checkReport) print(w io.Writer) error {
	if r.Discovery != nil {
		if err := printDiscovery(w, r.Discovery, nil); err != nil {
			return err
		}
		if r.Discovery.Manifest == nil {
			_, err := fmt.Fprintln(w, "\nNothing would be harvested:", r.Discovery.Reason())
			return err
		}
		fmt.Fprintln(w)
	}
	for _, s := range r.Sources {
		printRehearsed(w, s)
	}
	if len(r.Tiers) > 0 {
		fmt.Fprintf(w, "Quality of the courses: A %d, B %d, C %d, D %d\n", r.Tiers["A"], r.Tiers["B"], r.Tiers["C"], r.Tiers["D"])
	}
	if len(r.FixFirst) > 0 {
		fmt.Fprintln(w, "\nWhat to fix first:")
		table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "  COURSES WITHOUT\tWHAT\tPOINTS EACH")
		for _, f := range r.FixFirst {
			fmt.Fprintf(table, "  %d\t%s\t%d\n", f.Courses, f.Needs, f.Points)
		}
		if err := table.Flush(); err != nil {
			return err
		}
	}
	if len(r.Profile) > 0 {
		fmt.Fprintln(w, "\nWhat the profile finds:")
	}
	for _, b := range r.Profile {
		where := b.Shape
		if b.Path != "" {
			where += " › " + b.Path
		}
		fmt.Fprintf(w, "  %s, %d nodes: %s: %s\n", b.Severity, b.Nodes, where, b.Message)
		if b.Advice != "" {
			fmt.Fprintf(w, "    %s\n", b.Advice)
		}
		fmt.Fprintf(w, "    as in %s\n", b.Example)
	}
	return nil
}

// printRehearsed says what would become of a source.
func printRehearsed(w io.Writer, s pipeline.SourceResult) {
	name := string(s.Type)
	if s.Source != "" {
		name = s.Source + " (" + name + ")"
	}
	fmt.Fprintf(w, "Source %s %s\n", name, s.Path)
	switch s.Status {
	case pipeline.Failed:
		fmt.Fprintln(w, "  would fail: nothing is harvested, and what was harvested before stays")
	case pipeline.Waiting:
		fmt.Fprintln(w, "  would wait: credentials are missing")
	default:
		fmt.Fprintf(w, "  would be harvested: %d requests, %d records, %d courses, %d violations of the profile\n", s.Requests, s.Records, s.Courses, s.Violations)
	}
	if s.Status == pipeline.Partial {
		fmt.Fprintln(w, "  incomplete: nothing would be withdrawn")
	}
	if s.Withheld > 0 {
		fmt.Fprintf(w, "  would be held back: %d records\n", s.Withheld)
	}
	for _, e := range s.Errors {
		fmt.Fprintf(w, "  %s\n", strings.TrimPrefix(e.At+": "+e.Message, ": "))
	}
	printCounts(w, "  read otherwise, or not understood:", s.Findings, s.Examples)
	printCounts(w, "  sent, and used by no rule:", s.Unmapped, nil)
	fmt.Fprintln(w)
}

// shownCounts is how many kinds of finding are shown to people; --json has all.
const shownCounts = 12

// printCounts prints what was counted, the commonest first, with an example each.
func printCounts(w io.Writer, title string, counts map[string]int, examples map[string]pipeline.Error) {
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b))
	})
	if len(names) == 0 {
		return
	}
	fmt.Fprintln(w, title)
	for _, name := range names[:min(len(names), shownCounts)] {
		fmt.Fprintf(w, "    %d × %s\n", counts[name], name)
		if e, ok := examples[name]; ok {
			fmt.Fprintf(w, "        %s\n", strings.TrimPrefix(e.At+": "+e.Message, ": "))
		}
	}
	if more := len(names) - shownCounts; more > 0 {
		fmt.Fprintf(w, "    and %d more\n", more)
	}
}

// findings is a Validator that keeps what it found.
type findings struct {
	pipeline.Validator

	mu     sync.Mutex
	missed map[string]*fix
	tiers  map[profile.Tier]int
	report shapes.Report // of all batches
}

func newFindings(v pipeline.Validator) *findings {
	return &findings{Validator: v, missed: map[string]*fix{}, tiers: map[profile.Tier]int{}}
}

// maxFindings bounds the results that a dry run keeps; beyond it the counts of
// the sources are still right.
const maxFindings = 200_000

// Validate implements pipeline.Validator.
func (f *findings) Validate(ctx context.Context, data, reference []rdf.Quad, options profile.Options) (*profile.Validation, error) {
	v, err := f.Validator.Validate(ctx, data, reference, options)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	results := f.report.Results
	f.report = *v.Report // for what it knows of the shapes
	f.report.Results = results
	if len(results) < maxFindings {
		f.report.Results = append(results, v.Report.Results...)
	}
	for _, o := range v.Outcomes {
		if !o.Course {
			continue
		}
		f.tiers[o.Tier]++
		for _, rule := range o.Missed {
			if f.missed[rule.ID] == nil {
				f.missed[rule.ID] = &fix{Rule: rule.ID, About: rule.Dimension, Needs: rule.Text, Points: rule.Points}
			}
			f.missed[rule.ID].Courses++
		}
	}
	return v, nil
}

// into puts what was found into the report. What to fix first is what would gain
// the courses the most points together.
func (f *findings) into(r *checkReport) {
	r.Tiers, r.FixFirst, r.Profile = f.tiers, []fix{}, []broken{}
	for _, rule := range profile.Scores() { // in the order of the table where they gain the same
		if m := f.missed[rule.ID]; m != nil {
			r.FixFirst = append(r.FixFirst, *m)
		}
	}
	slices.SortStableFunc(r.FixFirst, func(a, b fix) int { return cmp.Compare(b.Points*b.Courses, a.Points*a.Courses) })
	// Batches end in any order.
	slices.SortStableFunc(f.report.Results, func(a, b shapes.Result) int { return rdf.Compare(a.Focus, b.Focus) })
	for _, g := range f.report.Groups(1) {
		b := broken{Severity: strings.ToLower(strings.TrimPrefix(g.Severity.Value(), ontology.SHACL)), Shape: g.ShapeName,
			Path: g.PathName, Message: g.Message, Advice: g.Advice, Nodes: g.Nodes}
		if len(g.Examples) > 0 {
			b.Example = g.Examples[0].Focus.Value()
		}
		r.Profile = append(r.Profile, b)
	}
}
