package protocol_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"qlgraph/graph"
	"qlgraph/graph/canon"
	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
	"qlgraph/internal/w3ctest"
	"qlgraph/sparql"
	"qlgraph/sparql/protocol"
	"qlgraph/sparql/results"
)

// Vocabularies of the HTTP tests.
const (
	httpVocabulary = "http://www.w3.org/2011/http#"
	statusCodes    = "http://www.w3.org/2011/http-statusCodes#"
	contentChars   = "http://www.w3.org/2011/content#chars"
	sdNamespace    = "http://www.w3.org/ns/sparql-service-description#"
)

func TestW3CGraphStoreProtocol(t *testing.T) {
	w3ctest.Suite{
		Manifest: "sparql/sparql11/graph-store-protocol/manifest.ttl",
		Entries:  13, Passes: 13,
	}.Run(t, runConnection)
}

func TestW3CServiceDescription(t *testing.T) {
	w3ctest.Suite{
		Manifest: "sparql/sparql11/service-description/manifest.ttl",
		Entries:  3, Passes: 3,
	}.Run(t, checkDescription)
}

// connection runs the requests of one test against an endpoint of its own.
type connection struct {
	w3ctest.Entry
	server    *httptest.Server
	variables []string // pairs for a strings.Replacer
}

// newServer serves queries and updates at one path, as the suites want it.
func newServer(data *mem.Dataset) *httptest.Server {
	e := protocol.New(protocol.Config{
		Engine:  sparql.New(data, sparql.Options{BaseIRI: "http://www.example/sparql/", DefaultGraphUnion: true}),
		Dataset: data, Writer: data, BaseIRI: "http://www.example", GraphsPath: "/gsp", Authorizer: tokens{},
		DefaultGraphUnion: true,
	})
	mux := http.NewServeMux()
	mux.HandleFunc("/sparql/", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(err)
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		update := strings.HasPrefix(r.Header.Get("Content-Type"), "application/sparql-update") || strings.HasPrefix(string(body), "update=")
		if update {
			e.Update().ServeHTTP(w, r)
		} else {
			e.Query().ServeHTTP(w, r)
		}
	})
	mux.Handle("/gsp", e.Graphs())
	mux.Handle("/gsp/", e.Graphs())
	return httptest.NewServer(mux)
}

func runConnection(e w3ctest.Entry) error {
	data := mem.New()
	if err := loadGraphs(e, data); err != nil {
		return err
	}
	c := connection{Entry: e, server: newServer(data)}
	defer c.server.Close()
	requests := c.list(c.Object(e.Action, httpVocabulary+"requests"))
	if len(requests) == 0 {
		return fmt.Errorf("no requests")
	}
	for i, request := range requests {
		if err := c.send(request); err != nil {
			return fmt.Errorf("request %d: %w", i+1, err)
		}
	}
	return nil
}

// loadGraphs loads the ut:graphData of a test.
func loadGraphs(e w3ctest.Entry, data *mem.Dataset) error {
	for _, node := range e.Objects(e.Term, w3ctest.UT+"graphData") {
		content, err := e.Read(e.Object(node, w3ctest.UT+"graph"))
		if err != nil {
			return err
		}
		name := e.Object(node, "http://www.w3.org/2000/01/rdf-schema#label").Value()
		quads, err := parse(string(content), rdfio.NTriples)
		if err != nil {
			return err
		}
		_, err = data.Update(context.Background(), func(tx graph.Tx) error {
			for _, q := range quads {
				if err := tx.Insert(q.In(rdf.IRI(name))); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func parse(document string, f rdfio.Format) ([]rdf.Quad, error) {
	d, err := rdfio.NewDecoder(strings.NewReader(document), f, rdfio.DecoderOptions{Base: "http://www.example/gsp"})
	if err != nil {
		return nil, err
	}
	var quads []rdf.Quad
	for q, err := range d.All() {
		if err != nil {
			return nil, err
		}
		quads = append(quads, q)
	}
	return quads, nil
}

// list flattens an RDF collection; the manifests put one into another.
func (c *connection) list(node rdf.Term) []rdf.Term {
	var items []rdf.Term
	for !node.IsZero() && node.Value() != rdf.RDFNil {
		item := c.Object(node, rdf.RDFFirst)
		if inner := c.list(item); c.Object(item, rdf.RDFFirst) != (rdf.Term{}) {
			items = append(items, inner...)
		} else if !item.IsZero() {
			items = append(items, item)
		}
		node = c.Object(node, rdf.RDFRest)
	}
	return items
}

func (c *connection) headers(node rdf.Term) http.Header {
	h := http.Header{}
	for _, field := range c.list(c.Object(node, httpVocabulary+"headers")) {
		h.Add(c.Object(field, httpVocabulary+"fieldName").Value(), c.Object(field, httpVocabulary+"fieldValue").Value())
	}
	return h
}

func (c *connection) text(node rdf.Term) string {
	return c.Object(c.Object(node, httpVocabulary+"body"), contentChars).Value()
}

func (c *connection) send(request rdf.Term) error {
	replacer := strings.NewReplacer(c.variables...)
	target := replacer.Replace(c.Object(request, httpVocabulary+"absolutePath").Value())
	body := replacer.Replace(c.text(request))
	r, err := http.NewRequest(c.Object(request, httpVocabulary+"methodName").Value(), c.server.URL+target, strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header = c.headers(request)
	r.Header.Set("Authorization", "Bearer writer")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	return c.compare(c.Object(request, httpVocabulary+"resp"), response, string(content))
}

// compare checks every expectation of a test's response.
func (c *connection) compare(want rdf.Term, response *http.Response, body string) error {
	if err := c.compareStatus(want, response.StatusCode); err != nil {
		return fmt.Errorf("%w: %.200s", err, body)
	}
	if variable := c.Object(want, w3ctest.MF+"expectedLocation").Value(); variable != "" {
		location := response.Header.Get("Location")
		if location == "" {
			return fmt.Errorf("no Location")
		}
		c.variables = append(c.variables, variable, location)
	}
	for name, values := range c.headers(want) {
		if got := response.Header.Get(name); got != values[0] {
			return fmt.Errorf("%s is %q, want %q", name, got, values[0])
		}
	}
	if expected := c.text(want); expected != "" {
		if err := isomorphic(body, expected); err != nil {
			return err
		}
	}
	return c.compareResults(want, response.Header.Get("Content-Type"), body)
}

func (c *connection) compareStatus(want rdf.Term, status int) error {
	codes := map[string]int{"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404}
	expected := c.Objects(want, w3ctest.MF+"expectedStatus")
	for _, e := range expected {
		name := strings.TrimPrefix(e.Value(), statusCodes)
		if class, ok := strings.CutPrefix(name, "StatusCode"); ok && fmt.Sprintf("%dxx", status/100) == class {
			return nil
		}
		if code, ok := codes[name]; ok && code == status {
			return nil
		}
	}
	return fmt.Errorf("status %d, want one of %v", status, expected)
}

func isomorphic(body, expected string) error {
	got, err := parse(body, rdfio.Turtle)
	if err != nil {
		return err
	}
	want, err := parse(expected, rdfio.Turtle)
	if err != nil {
		return err
	}
	same, err := canon.Isomorphic(got, want)
	if err == nil && !same {
		err = fmt.Errorf("the graph is\n%s\nwant\n%s", body, expected)
	}
	return err
}

func (c *connection) compareResults(want rdf.Term, contentType, body string) error {
	format := c.Object(want, w3ctest.MF+"expectedFormat").Value()
	switch format {
	case "":
		return nil
	case "RDF":
		if rdfio.ByMediaType(contentType) == 0 {
			return fmt.Errorf("%s is no RDF syntax", contentType)
		}
		return nil
	}
	f, ok := results.FormatOf(contentType)
	if !ok {
		return fmt.Errorf("%s is no results format", contentType)
	}
	r, err := results.Decode(strings.NewReader(body), f)
	if err != nil {
		return err
	}
	if r.Boolean != (format == "boolean") {
		return fmt.Errorf("the results are not %s: %s", format, body)
	}
	if expected := c.Object(want, w3ctest.MF+"expectedBoolean").Value(); expected != "" && fmt.Sprint(r.Bool) != expected {
		return fmt.Errorf("the answer is %v", r.Bool)
	}
	return nil
}

// checkDescription is what the tests' names ask for; they have no actions.
func checkDescription(e w3ctest.Entry) error {
	data := mem.FromQuads(rdf.Triple(rdf.IRI("http://a"), rdf.IRI("http://b"), rdf.IRI("http://c")).In(rdf.IRI("http://g")))
	server := newServer(data)
	defer server.Close()
	response, err := http.Get(server.URL + "/sparql/")
	if err != nil {
		return err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	f := rdfio.ByMediaType(response.Header.Get("Content-Type"))
	if f == 0 || response.StatusCode != http.StatusOK {
		return fmt.Errorf("%d %s", response.StatusCode, response.Header.Get("Content-Type"))
	}
	quads, err := parse(string(content), f)
	if err != nil {
		return err
	}
	switch name := e.IRI()[strings.LastIndexByte(e.IRI(), '#')+1:]; name {
	case "returns-rdf":
		if len(quads) == 0 {
			return fmt.Errorf("no triple")
		}
	case "has-endpoint-triple":
		want := rdf.IRI(server.URL + "/sparql/")
		if !slices.ContainsFunc(quads, func(q rdf.Quad) bool { return q.P == rdf.IRI(sdNamespace+"endpoint") && q.O == want }) {
			return fmt.Errorf("no sd:endpoint %s", want)
		}
	case "conforms-to-schema":
		return conforms(quads)
	default:
		return fmt.Errorf("unknown test %s", name)
	}
	return nil
}

// domains and ranges of the properties (SPARQL 1.1 Service Description §3.4).
var (
	domains = map[string]string{
		"endpoint": "Service", "supportedLanguage": "Service", "feature": "Service", "resultFormat": "Service",
		"inputFormat": "Service", "extensionFunction": "Service", "propertyFeature": "Service", "defaultDataset": "Service",
		"defaultGraph": "Dataset", "namedGraph": "Dataset", "name": "NamedGraph",
	}
	ranges = map[string]string{
		"defaultDataset": "Dataset", "defaultGraph": "Graph", "namedGraph": "NamedGraph", "extensionFunction": "Function",
		"propertyFeature": "Feature",
	}
)

func conforms(quads []rdf.Quad) error {
	types := map[rdf.Term]string{}
	for _, q := range quads {
		if q.P.Value() == rdf.RDFType {
			types[q.S] = strings.TrimPrefix(q.O.Value(), sdNamespace)
		}
	}
	endpoints := 0
	for _, q := range quads {
		property, ok := strings.CutPrefix(q.P.Value(), sdNamespace)
		if !ok {
			continue
		}
		if property == "endpoint" {
			endpoints++
		}
		domain, known := domains[property]
		if !known || types[q.S] != domain {
			return fmt.Errorf("sd:%s of a sd:%s", property, types[q.S])
		}
		if r, ok := ranges[property]; ok && types[q.O] != r {
			return fmt.Errorf("sd:%s is a sd:%s", property, types[q.O])
		} else if !ok && !q.O.IsIRI() {
			return fmt.Errorf("sd:%s is %s, want an IRI", property, q.O)
		}
	}
	if endpoints != 1 {
		return fmt.Errorf("%d endpoints", endpoints)
	}
	return nil
}
