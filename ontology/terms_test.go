package ontology_test

import (
	"flag"
	"fmt"
	"go/format"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"qlgraph/graph/rdf"
	"qlgraph/ontology"
)

var write = flag.Bool("write", false, "write the generated constants instead of comparing with them")

// The constants of ontology/ql and ontology/elm are those that the Turtle files
// give.
func TestTermConstants(t *testing.T) {
	for _, c := range []struct {
		pkg, file, namespace string
		quads                []rdf.Quad
	}{
		{"ql", "qualitylink.ttl", ontology.QL, ontology.QualityLinkGraph()},
		{"elm", "elm.ttl", ontology.ELM, ontology.ELMGraph()},
	} {
		want, err := format.Source(termConstants(c.pkg, c.file, c.namespace, c.quads))
		if err != nil {
			t.Fatal(err)
		}
		path := c.pkg + "/terms.go"
		if *write {
			if err := os.WriteFile(path, want, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) {
			t.Errorf("%s is not what %s gives: run go generate ./ontology/...", path, c.file)
		}
	}
}

func termConstants(pkg, file, namespace string, quads []rdf.Quad) []byte {
	classes := map[string]bool{}
	comments := map[string]string{}
	for _, q := range quads {
		local, ok := strings.CutPrefix(q.S.Value(), namespace)
		if !ok || local == "" {
			continue
		}
		switch q.P.Value() {
		case rdf.RDFType:
			if strings.HasSuffix(q.O.Value(), "#Class") {
				classes[local] = true
			}
		case ontology.RDFS + "comment":
			comments[local] = q.O.Value()
		}
	}
	var locals []string
	for local := range comments {
		locals = append(locals, local)
	}
	slices.Sort(locals)
	var b strings.Builder
	fmt.Fprintf(&b, "// Code generated from %s; DO NOT EDIT.\n\npackage %s\n\n// Namespace of the terms.\nconst Namespace = %q\n", file, pkg, namespace)
	section := func(title string, class bool) {
		fmt.Fprintf(&b, "\n// %s\nconst (\n", title)
		for _, local := range locals {
			if classes[local] == class {
				name := string(unicode.ToUpper(rune(local[0]))) + local[1:]
				if class {
					name += "Class"
				}
				fmt.Fprintf(&b, "// %s: %s\n%s = Namespace + %q\n", name, comments[local], name, local)
			}
		}
		b.WriteString(")\n")
	}
	section("Classes.", true)
	section("Properties and individuals.", false)
	return []byte(b.String())
}
