package w3ctest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/graph/turtle"
)

// Namespaces of the manifests' vocabularies.
const (
	MF   = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
	QT   = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
	UT   = "http://www.w3.org/2009/sparql/tests/test-update#"
	RDFT = "http://www.w3.org/ns/rdftest#"
	SHT  = "http://www.w3.org/ns/shacl-test#"
)

// published maps the suites' directories to the IRIs at which the W3C publishes
// them. They are the bases of the documents.
var published = []struct{ dir, iri string }{
	{"rdf/", "https://w3c.github.io/rdf-tests/rdf/"},
	{"sparql/", "https://w3c.github.io/rdf-tests/sparql/"},
	{"shacl/", "https://w3c.github.io/data-shapes/data-shapes-test-suite/tests/"},
}

// Path returns the file, below root, that the W3C publishes at iri.
func Path(root, iri string) (string, error) {
	for _, p := range published {
		if rel, ok := strings.CutPrefix(iri, p.iri); ok {
			rel, _, _ = strings.Cut(rel, "#")
			return filepath.Join(root, filepath.FromSlash(p.dir+rel)), nil
		}
	}
	return "", fmt.Errorf("no suite has the document %s", iri)
}

// IRI returns where the W3C publishes the file rel, a slash-separated path
// below the root.
func IRI(rel string) (string, error) {
	for _, p := range published {
		if rest, ok := strings.CutPrefix(rel, p.dir); ok {
			return p.iri + rest, nil
		}
	}
	return "", fmt.Errorf("%s is not below rdf/, sparql/ or shacl/", rel)
}

// Entry is one test of a manifest.
type Entry struct {
	Term   rdf.Term // the test's IRI
	Name   string
	Type   string   // the first rdf:type, an IRI
	Action rdf.Term // an IRI, or a blank node with properties
	Result rdf.Term // likewise, or the zero Term

	root  string
	graph graph
}

// graph holds the triples of the manifests, by subject.
type graph map[rdf.Term][]rdf.Quad

// IRI returns the test's IRI.
func (e Entry) IRI() string { return e.Term.Value() }

// Object returns the first object of the triples with the subject and the
// predicate IRI, or the zero Term.
func (e Entry) Object(subject rdf.Term, predicate string) rdf.Term {
	return e.graph.object(subject, predicate)
}

// Objects returns all objects of the triples with the subject and the predicate
// IRI.
func (e Entry) Objects(subject rdf.Term, predicate string) []rdf.Term {
	return e.graph.objects(subject, predicate)
}

// Has reports whether the manifest says (test, predicate IRI, object).
func (e Entry) Has(predicate string, object rdf.Term) bool {
	for _, o := range e.Objects(e.Term, predicate) {
		if o == object {
			return true
		}
	}
	return false
}

// Path returns the file that the IRI term t names.
func (e Entry) Path(t rdf.Term) (string, error) { return Path(e.root, t.Value()) }

// Read returns the content of the file that the IRI term t names.
func (e Entry) Read(t rdf.Term) ([]byte, error) {
	path, err := e.Path(t)
	if err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

func (g graph) objects(s rdf.Term, predicate string) []rdf.Term {
	var out []rdf.Term
	for _, q := range g[s] {
		if q.P.Value() == predicate {
			out = append(out, q.O)
		}
	}
	return out
}

func (g graph) object(s rdf.Term, predicate string) rdf.Term {
	for _, q := range g[s] {
		if q.P.Value() == predicate {
			return q.O
		}
	}
	return rdf.Term{}
}

// list returns the elements of the RDF collection at node.
func (g graph) list(node rdf.Term) []rdf.Term {
	var out []rdf.Term
	for !node.IsZero() && node.Value() != rdf.RDFNil {
		out = append(out, g.object(node, rdf.RDFFirst))
		node = g.object(node, rdf.RDFRest)
	}
	return out
}

// Load returns the entries of the manifest rel, a slash-separated path below
// root, and of the manifests that it includes, in their order.
func Load(root, rel string) ([]Entry, error) {
	start, err := IRI(rel)
	if err != nil {
		return nil, err
	}
	l := loader{root: root, graph: graph{}, seen: map[string]bool{}}
	if err := l.load(start); err != nil {
		return nil, err
	}
	return l.entries, nil
}

type loader struct {
	root    string
	graph   graph
	seen    map[string]bool
	entries []Entry
}

func (l *loader) load(manifest string) error {
	if l.seen[manifest] {
		return nil
	}
	l.seen[manifest] = true
	if err := l.read(manifest); err != nil {
		return err
	}
	m := rdf.IRI(manifest)
	for _, head := range l.graph.objects(m, MF+"entries") {
		for _, test := range l.graph.list(head) {
			l.entries = append(l.entries, l.entry(test))
		}
	}
	for _, o := range l.graph.objects(m, MF+"include") {
		included := []rdf.Term{o}
		if o.IsBlank() {
			included = l.graph.list(o)
		}
		for _, next := range included {
			if err := l.load(next.Value()); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *loader) read(manifest string) error {
	path, err := Path(l.root, manifest)
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	d := turtle.NewDecoder(f, turtle.Options{
		Base:        manifest,
		LabelPrefix: fmt.Sprintf("m%d-", len(l.seen)),
	})
	for q, err := range d.All() {
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		l.graph[q.S] = append(l.graph[q.S], q)
	}
	return nil
}

func (l *loader) entry(test rdf.Term) Entry {
	return Entry{
		Term:   test,
		Name:   l.graph.object(test, MF+"name").Value(),
		Type:   l.graph.object(test, rdf.RDFType).Value(),
		Action: l.graph.object(test, MF+"action"),
		Result: l.graph.object(test, MF+"result"),
		root:   l.root,
		graph:  l.graph,
	}
}
