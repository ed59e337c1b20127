package resource_test

import (
	"bytes"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/deiu/rdf2go"

	"qlgraph/graph/canon"
	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
	"qlgraph/internal/external"
	"qlgraph/ontology"
)

// read parses a document with this project's readers. Language tags are brought
// to lower case, as reading JSON-LD does (they are compared without regard to
// case, RDF 1.1 Concepts §3.3).
func read(t *testing.T, body string, f rdfio.Format) []rdf.Quad {
	t.Helper()
	dec, err := rdfio.NewDecoder(strings.NewReader(body), f, rdfio.DecoderOptions{Base: base + document})
	if err != nil {
		t.Fatal(err)
	}
	var quads []rdf.Quad
	for q, err := range dec.All() {
		if err != nil {
			t.Fatalf("%v: %v in\n%s", f, err, body)
		}
		if lang := q.O.Lang(); lang != "" {
			q.O = rdf.LangLiteral(q.O.Value(), strings.ToLower(lang))
		}
		quads = append(quads, q)
	}
	return quads
}

func wantGraph(t *testing.T, what string, got, want []rdf.Quad) {
	t.Helper()
	same, err := canon.Isomorphic(got, want)
	if err != nil {
		t.Fatal(err)
	}
	if !same {
		t.Errorf("%s: another graph, %d statements instead of %d", what, len(got), len(want))
	}
}

// ofDefaultGraph returns the quads outside named graphs: in TriG and N-Quads the
// document.
func ofDefaultGraph(quads []rdf.Quad) []rdf.Quad {
	return slices.DeleteFunc(slices.Clone(quads), func(q rdf.Quad) bool { return !q.G.IsZero() })
}

// TestFormatsAgree reads every format of a course, with texts and nodes of all
// kinds, into one graph.
func TestFormatsAgree(t *testing.T) {
	s := serve(t, catalogue(oddities()...))
	want := read(t, ask(t, s, http.MethodGet, document+".nt").body, rdfio.NTriples)
	if len(want) < 20 {
		t.Fatalf("only %d statements", len(want))
	}
	for path, f := range map[string]rdfio.Format{
		".ttl": rdfio.Turtle, ".rdf": rdfio.RDFXML, ".trig": rdfio.TriG, ".nq": rdfio.NQuads, ".jsonld": rdfio.JSONLD,
		".jsonld?profile=expanded": rdfio.JSONLD, ".jsonld?profile=flattened": rdfio.JSONLD,
	} {
		wantGraph(t, path, ofDefaultGraph(read(t, ask(t, s, http.MethodGet, document+path).body, f)), want)
	}
	older := ontology.ELMOld.RenameAll(want)
	for path, f := range map[string]rdfio.Format{".ttl": rdfio.Turtle, ".rdf": rdfio.RDFXML, ".jsonld": rdfio.JSONLD} {
		wantGraph(t, path+" of ELM 3.2", read(t, ask(t, s, http.MethodGet, document+path+"?elm=3.2").body, f), older)
	}
}

// oddities are statements with what syntaxes stumble over.
func oddities() []rdf.Quad {
	c, text := iri(course), iri(ontology.DCTerms+"description")
	node := rdf.Blank("b1")
	return in(source,
		[3]rdf.Term{c, text, rdf.LangLiteral("Zeilen\nund \"Anführung\" \\ & <b>fett</b> ]]> \u2028 \U0001F600", "de-AT")},
		[3]rdf.Term{c, text, rdf.Literal("ends in a quote\"")},
		[3]rdf.Term{c, text, rdf.LangLiteral("", "und")},
		[3]rdf.Term{c, iri(ontology.ELM + "volumeOfLearning"), rdf.TypedLiteral("PT150H", rdf.XSD+"duration")},
		[3]rdf.Term{c, iri(ontology.QL + "isActive"), rdf.TypedLiteral("true", rdf.XSDBoolean)},
		[3]rdf.Term{c, iri(ontology.QL + "enrolmentCapacity"), rdf.TypedLiteral("30", rdf.XSDInteger)}, // spelled 030, rdflib reads it as 30
		[3]rdf.Term{c, iri(ontology.ELM + "additionalNote"), node},
		[3]rdf.Term{node, iri(ontology.ELM + "noteLiteral"), rdf.LangLiteral("in a node without a name", "en")},
		[3]rdf.Term{c, iri(ontology.RDFS + "seeAlso"), iri("https://uni.example/%20odd/(a)?q=1&b=%C3%A9#é")},
	)
}

// reread runs a program on a document and returns what it makes of it, in
// N-Triples.
func reread(t *testing.T, input string, command ...string) []rdf.Quad {
	t.Helper()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdin = strings.NewReader(input)
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v: %s", command[0], err, problems.String())
	}
	return read(t, string(out), rdfio.NTriples)
}

// TestRapper lets Debian's rapper read Turtle, N-Triples, RDF/XML and what of
// TriG it can.
func TestRapper(t *testing.T) {
	rapper := external.Program(t, "rapper", "raptor2-utils")
	s := serve(t, catalogue(oddities()...))
	want := read(t, ask(t, s, http.MethodGet, document+".nt").body, rdfio.NTriples)
	for ending, syntax := range map[string]string{".ttl": "turtle", ".rdf": "rdfxml", ".nt": "ntriples"} {
		body := ask(t, s, http.MethodGet, document+ending).body
		wantGraph(t, "rapper, "+syntax, reread(t, body, rapper, "-q", "-i", syntax, "-o", "ntriples", "-", base+document), want)
	}
}

const rdflibScript = `
import sys, rdflib
rdflib.NORMALIZE_LITERALS = False # literals stay as they are spelled
g = rdflib.ConjunctiveGraph()
g.parse(data=sys.stdin.read(), format=sys.argv[1], publicID=sys.argv[2])
sys.stdout.write(g.serialize(format="nt"))
`

// TestRdflib lets Python's rdflib read JSON-LD in its forms, Turtle and RDF/XML.
func TestRdflib(t *testing.T) {
	python := ""
	for _, candidate := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(candidate, "-c", "import rdflib").Run() == nil {
			python = candidate
			break
		}
	}
	if python == "" {
		external.Missing(t, "rdflib is not installed (Debian: python3-rdflib)")
	}
	s := serve(t, catalogue(oddities()...))
	want := read(t, ask(t, s, http.MethodGet, document+".nt").body, rdfio.NTriples)
	for path, syntax := range map[string]string{
		".jsonld": "json-ld", ".jsonld?profile=expanded": "json-ld", ".jsonld?profile=flattened": "json-ld", ".ttl": "turtle", ".rdf": "xml",
	} {
		body := ask(t, s, http.MethodGet, document+path).body
		wantGraph(t, "rdflib, "+path, reread(t, body, python, "-c", rdflibScript, syntax, base+document), want)
	}
}

// TestRdf2go dereferences the course with a linked-data client of Go. One
// statement is left out: rdf2go percent-encodes the letters of IRIs that are not
// ASCII.
func TestRdf2go(t *testing.T) {
	s := serve(t, catalogue(oddities()...))
	g := rdf2go.NewGraph(base + document)
	if err := g.LoadURI(s.URL + "/course/uni.example/C1"); err != nil {
		t.Fatal(err)
	}
	var got []rdf.Quad
	for triple := range g.IterTriples() {
		got = append(got, rdf.Triple(fromRdf2go(triple.Subject), fromRdf2go(triple.Predicate), fromRdf2go(triple.Object)))
	}
	unheard := func(q rdf.Quad) bool { return q.P.Value() == ontology.RDFS+"seeAlso" }
	want := slices.DeleteFunc(read(t, ask(t, s, http.MethodGet, document+".nt").body, rdfio.NTriples), unheard)
	wantGraph(t, "rdf2go", slices.DeleteFunc(got, unheard), want)
}

func fromRdf2go(t rdf2go.Term) rdf.Term {
	switch t := t.(type) {
	case *rdf2go.Resource:
		return rdf.IRI(t.URI)
	case *rdf2go.BlankNode:
		return rdf.Blank(t.ID)
	case *rdf2go.Literal:
		if t.Language != "" {
			return rdf.LangLiteral(t.Value, strings.ToLower(t.Language))
		}
		if t.Datatype != nil {
			return rdf.TypedLiteral(t.Value, t.Datatype.RawValue())
		}
		return rdf.Literal(t.Value)
	}
	return rdf.Term{}
}

// TestEvidenceGraphs finds provenance and findings in TriG and N-Quads, in the
// graphs that say so.
func TestEvidenceGraphs(t *testing.T) {
	s := serve(t, catalogue())
	for ending, f := range map[string]rdfio.Format{".trig": rdfio.TriG, ".nq": rdfio.NQuads} {
		graphs := map[string]int{}
		for _, q := range read(t, ask(t, s, http.MethodGet, document+ending).body, f) {
			graphs[strings.TrimPrefix(q.G.Value(), base)]++
		}
		if graphs["/graph/provenance"] != 7 || graphs["/graph/validation/uni.example/main"] != 2 || len(graphs) != 3 {
			t.Errorf("%s: statements by graph %v", ending, graphs)
		}
	}
}

// TestTable reads the document as a table, in which nothing runs.
func TestTable(t *testing.T) {
	s := serve(t, catalogue(in(source, [3]rdf.Term{iri(course), iri(ontology.DCTerms + "description"), rdf.LangLiteral("=HYPERLINK(\"http://evil\")", "en")},
		[3]rdf.Term{iri(course), iri(ontology.ELM + "page"), rdf.Literal("-5")})...))
	body := ask(t, s, http.MethodGet, document+".csv").body
	lines := strings.Split(strings.TrimSuffix(body, "\r\n"), "\r\n")
	statements := read(t, ask(t, s, http.MethodGet, document+".nt").body, rdfio.NTriples)
	if lines[0] != "subject,property,value,kind,datatype,language,label" || len(lines) != len(statements)+1 {
		t.Errorf("%d rows for %d statements, header %s", len(lines), len(statements), lines[0])
	}
	for _, want := range []string{
		course + "," + ontology.DCTerms + "title,Ocean currents,literal," + rdf.RDF + "langString,en,",
		course + "," + ontology.DCTerms + "language," + ontology.LanguageTable + "ENG,iri,,,English",
		course + "," + ontology.DCTerms + `description,"'=HYPERLINK(""http://evil"")",literal,`,
		course + "," + ontology.ELM + "page,-5,literal,",
	} {
		if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, want) }) {
			t.Errorf("no row %s in\n%s", want, body)
		}
	}
}

// TestStability keeps document and tag of a course when something else changes.
func TestStability(t *testing.T) {
	before := ask(t, serve(t, catalogue()), http.MethodGet, document+".ttl")
	other := in(base+"/graph/provenance", [3]rdf.Term{iri(base + "/run/2#x"), iri(ontology.PROV + "generated"), iri(source)})
	other = append(other, in(source, [3]rdf.Term{iri(base + "/course/uni.example/C7"), a, spec},
		[3]rdf.Term{iri(base + "/course/uni.example/C7"), iri(ontology.ELM + "isPartOf"), iri(course)})...)
	after := ask(t, serve(t, catalogue(other...)), http.MethodGet, document+".ttl")
	if before.body != after.body || before.Header.Get("ETag") != after.Header.Get("ETag") {
		t.Error("the document changed with another course")
	}
}
