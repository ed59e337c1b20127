package w3ctest_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"qlgraph/graph/rdf"
	"qlgraph/internal/w3ctest"
)

// suite writes files, by slash-separated path, and returns their root.
func suite(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

const prologue = `
PREFIX mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#>
PREFIX qt: <http://www.w3.org/2001/sw/DataAccess/tests/test-query#>
PREFIX e: <http://example.org/>
`

func TestLoad(t *testing.T) {
	root := suite(t, map[string]string{
		"sparql/manifest-all.ttl": prologue + `<> mf:include (<a/manifest.ttl> <b/manifest.ttl>) .`,
		"sparql/a/manifest.ttl": prologue + `<> mf:entries (<#second> <#first>) .
			<#first> a e:Syntax ; mf:name "first" ; mf:action <first.rq> .
			<#second> a e:Evaluation ; mf:name "second" ; mf:action [ qt:query <q.rq> ; qt:data <d1.ttl>, <d2.ttl> ] ; mf:result <r.srx> ; e:approved true .`,
		"sparql/b/manifest.ttl": prologue + `<> mf:entries ([ mf:name "third" ]) ; mf:include <../a/manifest.ttl> .`,
		"sparql/a/first.rq":     "ASK {}",
	})
	entries, err := w3ctest.Load(root, "sparql/manifest-all.ttl")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name)
	}
	if want := []string{"second", "first", "third"}; !slices.Equal(names, want) {
		t.Fatalf("got %v, want %v", names, want)
	}
	second, first := entries[0], entries[1]
	if want := "https://w3c.github.io/rdf-tests/sparql/a/manifest.ttl#second"; second.IRI() != want {
		t.Errorf("IRI %s, want %s", second.IRI(), want)
	}
	if second.Type != "http://example.org/Evaluation" || second.Result.Value() != "https://w3c.github.io/rdf-tests/sparql/a/r.srx" {
		t.Errorf("type %s, result %v", second.Type, second.Result)
	}
	if n := len(second.Objects(second.Action, w3ctest.QT+"data")); n != 2 {
		t.Errorf("%d data files, want 2", n)
	}
	if q := second.Object(second.Action, w3ctest.QT+"query").Value(); !strings.HasSuffix(q, "/sparql/a/q.rq") {
		t.Errorf("query %s", q)
	}
	if !second.Has("http://example.org/approved", rdf.TypedLiteral("true", rdf.XSDBoolean)) || first.Has("http://example.org/approved", rdf.Literal("true")) {
		t.Error("Has does not tell what the manifest says")
	}
	if data, err := first.Read(first.Action); string(data) != "ASK {}" || err != nil {
		t.Errorf("Read: %q, %v", data, err)
	}
	if _, err := first.Read(rdf.IRI("http://example.org/elsewhere")); err == nil {
		t.Error("reads what is outside of the suites")
	}
}

func TestLoadErrors(t *testing.T) {
	root := suite(t, map[string]string{
		"rdf/broken.ttl":  "<x:s> .",
		"rdf/missing.ttl": prologue + "<> mf:include (<nowhere.ttl>) .",
		"rdf/outside.ttl": prologue + "<> mf:include <http://example.org/> .",
	})
	for _, rel := range []string{"rdf/broken.ttl", "rdf/missing.ttl", "rdf/outside.ttl", "rdf/absent.ttl", "other/manifest.ttl"} {
		if _, err := w3ctest.Load(root, rel); err == nil {
			t.Errorf("%s: no error", rel)
		}
	}
}

func TestPathAndIRI(t *testing.T) {
	for _, rel := range []string{"rdf/rdf11/rdf-turtle/manifest.ttl", "sparql/sparql11/add/add-01.ru", "shacl/core/node/class-001.ttl"} {
		iri, err := w3ctest.IRI(rel)
		if err != nil {
			t.Fatal(err)
		}
		path, err := w3ctest.Path("root", iri+"#fragment")
		if want := filepath.Join("root", filepath.FromSlash(rel)); path != want || err != nil {
			t.Errorf("Path(%q) = %q, %v, want %q", iri, path, err, want)
		}
	}
}
