package profile_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qlgraph/graph"
	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/graph/turtle"
	"qlgraph/internal/external"
	"qlgraph/ontology"
	"qlgraph/shapes"
	"qlgraph/shapes/profile"
)

// sample reads one of the files that institutions and the Commission publish.
func sample(t *testing.T, name string) []rdf.Quad {
	t.Helper()
	f, err := os.Open(filepath.Join(external.Samples(t), "elm", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var quads []rdf.Quad
	for q, err := range turtle.NewDecoder(f, turtle.Options{Base: "http://example.org/" + name, AnyIRI: true}).All() {
		if err != nil {
			t.Fatal(err)
		}
		quads = append(quads, q)
	}
	return quads
}

// The example files use the names of ELM 3.2. As they are written, half of
// their nodes are no target of the profile, and what is found of the others
// is mostly a matter of names. Read as 3.3, they show their real faults.
func TestSamplesUnderProfile(t *testing.T) {
	p := profile.New()
	for _, c := range []struct {
		file                     string
		writtenNodes, readNodes  int
		writtenResults, findings int
	}{
		{"AT0002.ttl", 5, 9, 16, 9},
		{"SI0001.ttl", 5, 9, 16, 4},
		{"alliance.ttl", 9, 9, 12, 6},
		{"eciu-hei-aliases.ttl", 0, 0, 0, 0},
		{"epicur-hei-aliases.ttl", 0, 0, 0, 0},
	} {
		t.Run(c.file, func(t *testing.T) {
			data := sample(t, c.file)
			for _, asWritten := range []bool{true, false} {
				nodes, results := c.readNodes, c.findings
				if asWritten {
					nodes, results = c.writtenNodes, c.writtenResults
				}
				v, err := p.Validate(context.Background(), data, nil, profile.Options{AsWritten: asWritten})
				if err != nil {
					t.Fatal(err)
				}
				if n := focusNodes(v.Report); n != nodes || len(v.Report.Results) != results {
					t.Errorf("as written %v: %d focus nodes and %d results, want %d and %d", asWritten, n, len(v.Report.Results), nodes, results)
				}
				explained(t, v.Report)
			}
		})
	}
}

// The same course under the old and the new names is the same to the profile.
func TestNamespacesAreOne(t *testing.T) {
	p := profile.New()
	data := sample(t, "AT0002.ttl")
	var reports []*shapes.Report
	for _, version := range []ontology.ELMVersion{ontology.ELMOld, ontology.ELMCurrent} {
		v, err := p.Validate(context.Background(), version.RenameAll(data), nil, profile.Options{})
		if err != nil {
			t.Fatal(err)
		}
		reports = append(reports, v.Report)
	}
	a, b := reports[0].Results, reports[1].Results
	if len(a) != len(b) || len(a) == 0 {
		t.Fatalf("%d and %d results", len(a), len(b))
	}
	for i := range a {
		if a[i].Focus != b[i].Focus || a[i].Path.String() != b[i].Path.String() || a[i].Value != b[i].Value || a[i].Component != b[i].Component {
			t.Errorf("result %d differs: %s %s and %s %s", i, a[i].Focus, a[i].Path, b[i].Focus, b[i].Path)
		}
	}
}

// A report names the terms of the other namespace and says what is meant.
func TestNearMisses(t *testing.T) {
	v, err := profile.New().Validate(context.Background(), sample(t, "AT0002.ttl"), nil, profile.Options{AsWritten: true})
	if err != nil {
		t.Fatal(err)
	}
	hints := 0
	for _, u := range v.Report.Unknown {
		local, old := strings.CutPrefix(u.Term.Value(), ontology.ELM32)
		if old && u.DidYouMean == rdf.IRI(ontology.ELM+local) {
			hints++
		}
	}
	if hints != 7 {
		t.Errorf("%d terms of ELM 3.2 are recognised, not 7 of %v", hints, v.Report.Unknown)
	}
}

// The shapes of ELM's own profile compile and validate the example files, under
// the names that both are written in and under the current ones.
func TestLOQShapes(t *testing.T) {
	type outcome struct{ focusNodes, results int }
	for _, c := range []struct {
		shapes  string
		outcome map[string]outcome
	}{
		{"LOQ-constraints-1.1.0.shapes.ttl", map[string]outcome{"AT0002.ttl": {5, 0}, "SI0001.ttl": {9, 5}, "alliance.ttl": {0, 0}}},
		{"LOQ-constraints-mdr.shapes.ttl", map[string]outcome{"AT0002.ttl": {4, 0}, "SI0001.ttl": {7, 4}, "alliance.ttl": {0, 0}}},
	} {
		for _, version := range []ontology.ELMVersion{ontology.ELMOld, ontology.ELMCurrent} {
			compiled, err := shapes.Compile(version.RenameAll(sample(t, c.shapes)), shapes.CompileOptions{Import: ontology.Import})
			if err != nil {
				t.Fatalf("%s: %v", c.shapes, err)
			}
			for file, want := range c.outcome {
				snapshot, err := mem.FromQuads(version.RenameAll(sample(t, file))...).Snapshot(context.Background())
				if err != nil {
					t.Fatal(err)
				}
				report, err := compiled.Validate(context.Background(), snapshot, shapes.Options{View: graph.Union()})
				if err != nil {
					t.Fatal(err)
				}
				if got := (outcome{focusNodes(report), len(report.Results)}); got != want {
					t.Errorf("%s under %s, version %d: %+v, want %+v", file, c.shapes, version, got, want)
				}
				explained(t, report)
			}
		}
	}
}

func focusNodes(r *shapes.Report) int {
	n := 0
	for _, c := range r.Coverage {
		n += c.FocusNodes
	}
	return n
}

// explained checks that each group of findings says what is wrong, where, and
// shows an example.
func explained(t *testing.T, r *shapes.Report) {
	t.Helper()
	total := 0
	for _, g := range r.Groups(3, "de", "en") {
		total += g.Count
		if g.Message == "" || g.ShapeName == "" || len(g.Examples) == 0 || !g.Path.IsZero() && g.PathName == "" {
			t.Errorf("unexplained: %+v", g)
		}
	}
	if total != len(r.Results) {
		t.Errorf("the groups hold %d of %d results", total, len(r.Results))
	}
}
