package dumps_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/mem"
	"qlgraph/graph/ntriples"
	"qlgraph/graph/rdf"
	"qlgraph/graph/turtle"
	"qlgraph/ontology"
	"qlgraph/ontology/courseid"
	"qlgraph/ontology/ql"
	"qlgraph/web/dumps"
)

const license = "https://creativecommons.org/licenses/by-nc/4.0/"

const base = "http://data.example"

// catalogue returns what a harvest of three providers leaves, two of them in an
// alliance.
func catalogue() []rdf.Quad {
	var quads []rdf.Quad
	add := func(g, s, p string, o rdf.Term) {
		quads = append(quads, rdf.Triple(rdf.IRI(s), rdf.IRI(p), o).In(rdf.IRI(base+g)))
	}
	for _, code := range []string{"uni-a.example", "uni-b.example", "uni-c.example"} {
		add("/graph/reference", courseid.Provider(base, code), ontology.ROV+"legalName", rdf.LangLiteral("University of "+code, "en"))
		for n := range 3 {
			c := courseid.Course{SCHAC: code, ID: fmt.Sprintf("C %d", n)}
			g := "/graph/source/" + code + "/main"
			add(g, c.IRI(base), rdf.RDFType, rdf.IRI(ontology.QL+"LearningOpportunitySpecification"))
			add(g, c.IRI(base), ontology.DCTerms+"title", rdf.LangLiteral(fmt.Sprintf("Kurs %d, \"x\"", n), "de"))
			add(g, c.IRI(base), ontology.DCTerms+"title", rdf.LangLiteral(fmt.Sprintf("Course %d", n), "en"))
			add(g, c.IRI(base), ontology.DCTerms+"publisher", rdf.IRI(courseid.Provider(base, code)))
		}
		add("/graph/validation/"+code+"/main", base+"/report", rdf.RDFType, rdf.IRI(ontology.SHACL+"ValidationReport"))
	}
	alliance := courseid.Alliance(base, "INT1")
	add("/graph/reference", alliance, rdf.RDFType, rdf.IRI(ql.EuropeanUniversityAllianceClass))
	for _, code := range []string{"uni-c.example", "uni-a.example", "silent.example"} {
		add("/graph/reference", alliance, ontology.FOAF+"member", rdf.IRI(courseid.Provider(base, code)))
	}
	return quads
}

func publisher(d graph.Dataset, dir string) *dumps.Publisher {
	return dumps.New(dumps.Config{
		Dataset: d, BaseIRI: base, Dir: dir, License: license,
		Licenses: map[string]string{"uni-b.example": "https://creativecommons.org/licenses/by/4.0/"},
		Now:      func() time.Time { return time.Date(2026, 11, 1, 3, 0, 0, 0, time.UTC) },
		Describe: func(_ graph.Snapshot, course rdf.Term) (*dumps.Course, error) {
			var own []rdf.Quad
			for _, q := range catalogue() {
				if q.S == course {
					own = append(own, q)
				}
			}
			return &dumps.Course{IRI: course.Value(), Subject: course, Quads: own, JSON: []byte(`{"id":"` + course.Value() + `"}`)}, nil
		},
	})
}

func publish(t *testing.T, p *dumps.Publisher, wantFresh bool) *dumps.Edition {
	t.Helper()
	e, fresh, err := p.Publish(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if fresh != wantFresh {
		t.Fatalf("fresh is %v", fresh)
	}
	return e
}

// collection returns the collection of that kind and id.
func collection(t *testing.T, e *dumps.Edition, kind, id string) *dumps.Collection {
	t.Helper()
	i := slices.IndexFunc(e.Collections, func(c dumps.Collection) bool { return c.Kind == kind && c.ID == id })
	if i < 0 {
		t.Fatalf("no %s %s", kind, id)
	}
	return &e.Collections[i]
}

// content returns a dump uncompressed.
func content(t *testing.T, name string) []byte {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func quadsOf(t *testing.T, nquads []byte) []rdf.Quad {
	t.Helper()
	var quads []rdf.Quad
	for q, err := range ntriples.NewDecoder(bytes.NewReader(nquads), ntriples.Options{}).All() {
		if err != nil {
			t.Fatal(err)
		}
		quads = append(quads, q)
	}
	return quads
}

func digests(e *dumps.Edition) map[string]string {
	sums := map[string]string{}
	for _, c := range e.Collections {
		for _, f := range c.Files {
			sums[f.Path] = f.SHA256
		}
	}
	return sums
}

func TestEdition(t *testing.T) {
	dir := t.TempDir()
	e := publish(t, publisher(mem.FromQuads(catalogue()...), dir), true)
	current := filepath.Join(dir, "current")

	if got, want := len(quadsOf(t, content(t, filepath.Join(current, "qualitylink.nq.gz")))), len(catalogue()); got != want {
		t.Errorf("the whole has %d quads, want %d", got, want)
	}
	provider := collection(t, e, dumps.Provider, "uni-b.example")
	if provider == nil || provider.Courses != 3 || provider.Names["en"] != "University of uni-b.example" || !strings.Contains(provider.License, "/by/") {
		t.Errorf("provider: %+v", provider)
	}
	for _, q := range quadsOf(t, content(t, filepath.Join(current, "provider", "uni-b.example.nq.gz"))) {
		if !strings.Contains(q.G.Value(), "/uni-b.example/main") {
			t.Errorf("a quad of another: %v", q)
		}
	}
	n := 0
	for _, err := range turtle.NewDecoder(bytes.NewReader(content(t, filepath.Join(current, "provider", "uni-b.example.ttl.gz"))), turtle.Options{}).All() {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 12 {
		t.Errorf("%d triples in Turtle, want the 12 that the source publishes", n)
	}
	alliance := collection(t, e, dumps.Alliance, "INT1")
	if alliance == nil || alliance.Courses != 6 || alliance.License != license {
		t.Errorf("alliance: %+v", alliance)
	}
	if lines := bytes.Count(content(t, filepath.Join(current, "alliance", "INT1.jsonl.gz")), []byte("\n")); lines != 6 {
		t.Errorf("%d lines of JSON", lines)
	}
	checkTable(t, content(t, filepath.Join(current, "qualitylink.csv.gz")), 9)
	checkTable(t, content(t, filepath.Join(current, "provider", "uni-a.example.csv.gz")), 3)
	checkSums(t, current, len(digests(e)))
}

// checkTable: one header, then the courses.
func checkTable(t *testing.T, table []byte, courses int) {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(table)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != courses+1 || rows[0][0] != "course" {
		t.Fatalf("%d rows, the first %v", len(rows), rows[0])
	}
	for _, row := range rows[1:] {
		if !strings.HasPrefix(row[0], base+"/course/") || !strings.HasPrefix(row[3], "Course ") || row[4] != "en" || !strings.HasPrefix(row[5], "de:Kurs") {
			t.Errorf("row %q", row)
		}
	}
}

// checkSums does what sha256sum -c does.
func checkSums(t *testing.T, root string, want int) {
	t.Helper()
	list, err := os.Open(filepath.Join(root, "SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	defer list.Close()
	n := 0
	for lines := bufio.NewScanner(list); lines.Scan(); n++ {
		sum, path, _ := strings.Cut(lines.Text(), "  ")
		body, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		if got := sha256.Sum256(body); hex.EncodeToString(got[:]) != sum {
			t.Errorf("%s has another digest", path)
		}
	}
	if n != want {
		t.Errorf("%d digests, want %d", n, want)
	}
}

// TestSameDataSameBytes publishes the same data from another store, filled in
// another order and by several commits.
func TestSameDataSameBytes(t *testing.T) {
	one := publish(t, publisher(mem.FromQuads(catalogue()...), t.TempDir()), true)
	shuffled := catalogue()
	slices.Reverse(shuffled)
	d := mem.FromQuads(shuffled[:7]...)
	if _, err := d.Update(context.Background(), func(tx graph.Tx) error { return tx.Insert(shuffled[7:]...) }); err != nil {
		t.Fatal(err)
	}
	two := publish(t, publisher(d, t.TempDir()), true)
	a, b := digests(one), digests(two)
	if len(a) != 18 {
		t.Errorf("%d files", len(a))
	}
	for path, sum := range a {
		if b[path] != sum {
			t.Errorf("%s differs", path)
		}
	}
}

// TestDelta: an unchanged dataset keeps its edition; a changed one gets a new one
// and a patch that turns the old quads into the new.
func TestDelta(t *testing.T) {
	dir := t.TempDir()
	d := mem.FromQuads(catalogue()...)
	p := publisher(d, dir)
	first := publish(t, p, true)
	publish(t, p, false)
	old := quadsOf(t, content(t, filepath.Join(dir, "current", "qualitylink.nq.gz")))

	added := rdf.Triple(rdf.IRI(base+"/course/uni-a.example/C%200"), rdf.IRI(ontology.DCTerms+"description"), rdf.Literal("new\n")).In(rdf.IRI(base + "/graph/source/uni-a.example/main"))
	if _, err := d.Update(context.Background(), func(tx graph.Tx) error {
		if err := tx.Delete(catalogue()[3], catalogue()[20]); err != nil {
			return err
		}
		return tx.Insert(added)
	}); err != nil {
		t.Fatal(err)
	}
	second := publish(t, p, true)
	deltas, err := dumps.Deltas(dir)
	if err != nil || len(deltas) != 1 {
		t.Fatalf("%v, %v", deltas, err)
	}
	patch := deltas[0]
	if patch.Added != 1 || patch.Removed != 2 || patch.From != digests(first)["qualitylink.nq.gz"] || patch.To != digests(second)["qualitylink.nq.gz"] {
		t.Errorf("%+v", patch)
	}
	got := apply(t, old, content(t, filepath.Join(dir, filepath.FromSlash(patch.Path))))
	want := quadsOf(t, content(t, filepath.Join(dir, "current", "qualitylink.nq.gz")))
	if !slices.Equal(got, want) {
		t.Errorf("applied, the patch gives %d quads, want %d", len(got), len(want))
	}
	editions, _ := filepath.Glob(filepath.Join(dir, "edition-*"))
	if len(editions) != 1 {
		t.Errorf("editions on disk: %v", editions)
	}
}

// apply applies an RDF Patch to sorted quads.
func apply(t *testing.T, quads []rdf.Quad, patch []byte) []rdf.Quad {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(string(patch), "\n"), "\n")
	if len(lines) < 4 || !strings.HasPrefix(lines[0], "H id <urn:sha256:") || lines[2] != "TX ." || lines[len(lines)-1] != "TC ." {
		t.Fatalf("not a patch: %s", patch)
	}
	for _, line := range lines[3 : len(lines)-1] {
		q := quadsOf(t, []byte(line[2:]+"\n"))[0]
		at, found := slices.BinarySearchFunc(quads, q, rdf.CompareQuads)
		switch {
		case line[0] == 'A' && !found:
			quads = slices.Insert(quads, at, q)
		case line[0] == 'D' && found:
			quads = slices.Delete(quads, at, at+1)
		default:
			t.Errorf("cannot apply %s", line)
		}
	}
	return quads
}

// TestLeftovers: what a killed publication left is neither seen nor kept.
func TestLeftovers(t *testing.T) {
	dir := t.TempDir()
	p := publisher(mem.FromQuads(catalogue()...), dir)
	first := publish(t, p, true)
	if err := os.MkdirAll(filepath.Join(dir, "edition-29990101T000000Z", "provider"), 0o755); err != nil {
		t.Fatal(err)
	}
	orphan := `{"path":"deltas/29990101T000000Z.rdfp.gz","issued":"2999-01-01T00:00:00Z"}`
	for name, body := range map[string]string{"29990101T000000Z.json": orphan, "29990101T000000Z.rdfp.gz": "cut"} {
		if err := os.WriteFile(filepath.Join(dir, "deltas", name), []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	e, _, err := dumps.Current(dir)
	if err != nil || !e.Issued.Equal(first.Issued) {
		t.Fatalf("%v, %v", e, err)
	}
	publish(t, p, false)
	if left, _ := filepath.Glob(filepath.Join(dir, "*", "2999*")); left != nil {
		t.Errorf("left: %v", left)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "edition-2999*")); left != nil {
		t.Errorf("left: %v", left)
	}
}

// TestCancelled: a publication that is interrupted leaves nothing.
func TestCancelled(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	p := dumps.New(dumps.Config{
		Dataset: mem.FromQuads(catalogue()...), BaseIRI: base, Dir: dir, Progress: func(path string) { cancel() },
		Describe: func(graph.Snapshot, rdf.Term) (*dumps.Course, error) { return nil, nil },
	})
	if _, fresh, err := p.Publish(ctx); err == nil || fresh {
		t.Fatalf("published: %v", err)
	}
	if e, _, err := dumps.Current(dir); e != nil || err != nil {
		t.Errorf("%v, %v", e, err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "edition-*")); left != nil {
		t.Errorf("left: %v", left)
	}
}
