package lifttest

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"qlgraph/graph/canon"
	"qlgraph/graph/ntriples"
	"qlgraph/graph/rdf"
	"qlgraph/graph/turtle"
	"qlgraph/harvesters"
	"qlgraph/internal/golden"
)

// Base is the base IRI of the fixtures.
const Base = "http://data.quality-link.eu"

// Format is what a format's package brings to the suite.
type Format struct {
	Lifter  harvesters.Lifter
	Rules   []harvesters.Rule
	Records func(payload txtar.File) ([]harvesters.Record, error)
	Source  harvesters.Source // its provider's SCHAC code defaults to uni.example
}

// Context returns the context in which the fixtures are lifted.
func (f Format) Context() harvesters.Context {
	src := f.Source
	if src.Provider.SCHAC == "" {
		src.Provider.SCHAC = "uni.example"
	}
	return harvesters.Context{BaseIRI: Base, Source: src}
}

// Run runs the fixtures testdata/*.txtar, and fails if a rule of the format has
// no fixture that applies it.
func Run(t *testing.T, f Format) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no fixtures in testdata: %v", err)
	}
	used := map[string]bool{}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			lifted := fixture(t, f, archive, filepath.Base(path))
			for _, st := range lifted.Statements {
				used[st.Rule] = true
			}
		})
	}
	for _, r := range f.Rules {
		if !used[r.ID] && r.Target != "–" {
			t.Errorf("no fixture applies the rule %s", r.ID)
		}
	}
}

// fixture lifts the payload and compares.
func fixture(t *testing.T, f Format, archive *txtar.Archive, name string) harvesters.Lifted {
	records, err := f.Records(archive.Files[0])
	if err != nil {
		t.Fatalf("%s: %v", archive.Files[0].Name, err)
	}
	var all harvesters.Lifted
	for _, rec := range records {
		lifted := f.Lifter.Lift(rec, f.Context())
		Invariants(t, f, rec, lifted)
		all.Statements = append(all.Statements, lifted.Statements...)
		all.Findings = append(all.Findings, lifted.Findings...)
		for path, n := range lifted.Unmapped {
			if all.Unmapped == nil {
				all.Unmapped = map[string]int{}
			}
			all.Unmapped[path] += n
		}
		if lifted.Owner != "" {
			all.Owner = lifted.Owner
		}
	}
	if flag.Lookup("update").Value.String() == "true" {
		files := append([]txtar.File{archive.Files[0]}, txtar.File{Name: "expected.ttl", Data: Turtle(Quads(all.Statements))})
		files = appendSection(files, "findings", findings(all))
		files = appendSection(files, "unmapped", unmapped(all))
		golden.Check(t, name, txtar.Format(&txtar.Archive{Comment: archive.Comment, Files: files}))
		return all
	}
	compare(t, archive, all)
	return all
}

func appendSection(files []txtar.File, name, content string) []txtar.File {
	if content == "" {
		return files
	}
	return append(files, txtar.File{Name: name, Data: []byte(content)})
}

func compare(t *testing.T, archive *txtar.Archive, got harvesters.Lifted) {
	want := map[string]string{}
	for _, file := range archive.Files[1:] {
		want[file.Name] = string(file.Data)
	}
	var quads []rdf.Quad
	for q, err := range turtle.NewDecoder(strings.NewReader(want["expected.ttl"]), turtle.Options{Base: Base}).All() {
		if err != nil {
			t.Fatalf("expected.ttl: %v", err)
		}
		quads = append(quads, q)
	}
	same, err := canon.Isomorphic(blankNodes(Quads(got.Statements)), quads)
	if err != nil {
		t.Fatal(err)
	}
	if !same {
		t.Errorf("the graph differs; got:\n%s", Turtle(Quads(got.Statements)))
	}
	if g := findings(got); g != want["findings"] {
		t.Errorf("findings:\n%swant:\n%s", g, want["findings"])
	}
	if g := unmapped(got); g != want["unmapped"] {
		t.Errorf("unmapped:\n%swant:\n%s", g, want["unmapped"])
	}
}

func findings(lifted harvesters.Lifted) string {
	var b strings.Builder
	for _, f := range lifted.Findings {
		fmt.Fprintf(&b, "%s %s %s: %s\n", f.Severity, f.Code, f.At.Pointer, f.Message)
	}
	if lifted.Owner != "" {
		fmt.Fprintf(&b, "owner %s\n", lifted.Owner)
	}
	return b.String()
}

func unmapped(lifted harvesters.Lifted) string {
	var b strings.Builder
	for _, path := range slices.Sorted(maps.Keys(lifted.Unmapped)) {
		fmt.Fprintf(&b, "%d %s\n", lifted.Unmapped[path], path)
	}
	return b.String()
}

// Quads returns the distinct triples of the statements.
func Quads(statements []harvesters.Statement) []rdf.Quad {
	seen := map[rdf.Quad]bool{}
	var quads []rdf.Quad
	for _, st := range statements {
		if !seen[st.Quad] {
			seen[st.Quad] = true
			quads = append(quads, st.Quad)
		}
	}
	return quads
}

// Invariants fails the test if something does not hold for lifted that holds
// for all lifting.
func Invariants(t testing.TB, f Format, rec harvesters.Record, lifted harvesters.Lifted) {
	t.Helper()
	rules := map[string]bool{}
	for _, r := range f.Rules {
		rules[r.ID] = true
	}
	for _, st := range lifted.Statements {
		if !rules[st.Rule] {
			t.Errorf("%s: the rule %q is in no table", st.Quad, st.Rule)
		}
		if st.S.IsZero() || !st.S.IsIRI() || !st.P.IsIRI() || st.O.IsZero() || st.O.IsBlank() {
			t.Errorf("not a statement without blank nodes: %s", st.Quad)
		}
		if body := partOf(rec, st.Part); body != nil && !resolves(body, st.Pointer) {
			t.Errorf("%s: there is nothing at %q of part %d", st.Quad, st.Pointer, st.Part)
		}
	}
	validRDF(t, lifted)
	if again := f.Lifter.Lift(rec, f.Context()); !slices.Equal(again.Statements, lifted.Statements) {
		t.Error("lifting again gives other statements")
	}
	reordered := f.Lifter.Lift(reorder(rec), f.Context())
	if !sameSet(Quads(reordered.Statements), Quads(lifted.Statements)) {
		t.Errorf("with members and attachments in another order:\n%s", difference(Quads(reordered.Statements), Quads(lifted.Statements)))
	}
}

func validRDF(t testing.TB, lifted harvesters.Lifted) {
	t.Helper()
	var b bytes.Buffer
	for _, st := range lifted.Statements {
		b.Write(append(rdf.AppendQuad(nil, st.Quad), '\n'))
	}
	for _, err := range ntriples.NewDecoder(&b, ntriples.Options{TriplesOnly: true}).All() {
		if err != nil {
			t.Errorf("not valid N-Triples: %v", err)
		}
	}
}

// partOf returns the JSON body of a part, nil where it is not JSON.
func partOf(rec harvesters.Record, part int) any {
	body := rec.Body
	if part > 0 {
		body = rec.Attached[part-1].Body
	}
	var v any
	if json.Unmarshal(body, &v) != nil {
		return nil
	}
	return v
}

// resolves reports whether a JSON Pointer leads somewhere.
func resolves(v any, pointer string) bool {
	for _, token := range strings.Split(pointer, "/")[1:] {
		token = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
		switch node := v.(type) {
		case map[string]any:
			child, ok := node[token]
			if !ok {
				return false
			}
			v = child
		case []any:
			var i int
			if _, err := fmt.Sscanf(token, "%d", &i); err != nil || i < 0 || i >= len(node) {
				return false
			}
			v = node[i]
		default:
			return false
		}
	}
	return true
}

// reorder returns the record with the members of objects in the reverse of
// their alphabetical order, and the attachments reversed.
func reorder(rec harvesters.Record) harvesters.Record {
	var v any
	decoder := json.NewDecoder(bytes.NewReader(rec.Body))
	decoder.UseNumber()
	if decoder.Decode(&v) == nil {
		rec.Body = appendReversed(nil, v)
	}
	rec.Attached = slices.Clone(rec.Attached)
	for i := range rec.Attached {
		rec.Attached[i] = reorder(rec.Attached[i])
	}
	slices.Reverse(rec.Attached)
	return rec
}

func appendReversed(b []byte, v any) []byte {
	switch node := v.(type) {
	case map[string]any:
		names := slices.Sorted(maps.Keys(node))
		slices.Reverse(names)
		b = append(b, '{')
		for i, name := range names {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendReversed(b, name), ':')
			b = appendReversed(b, node[name])
		}
		return append(b, '}')
	case []any:
		b = append(b, '[')
		for i, e := range node {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendReversed(b, e)
		}
		return append(b, ']')
	}
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // a decoded value can be encoded
	}
	return append(b, text...)
}

func sameSet(a, b []rdf.Quad) bool { return difference(a, b) == "" }

// difference lists what is in one of the graphs only.
func difference(a, b []rdf.Quad) string {
	var out strings.Builder
	for i, pair := range [][2][]rdf.Quad{{a, b}, {b, a}} {
		other := map[rdf.Quad]bool{}
		for _, q := range pair[1] {
			other[q] = true
		}
		for _, q := range pair[0] {
			if !other[q] {
				fmt.Fprintf(&out, "%c %s\n", "+-"[i], q)
			}
		}
	}
	return out.String()
}
