package protocol_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/graph/turtle"
	"qlgraph/sparql"
	"qlgraph/sparql/protocol"
)

const base = "http://data.example"

// tokens is an Authorizer with two tokens.
type tokens struct{}

func (tokens) Authorize(token string) protocol.Permission {
	switch token {
	case "writer":
		return protocol.MayWrite
	case "reader":
		return protocol.Known
	}
	return protocol.Stranger
}

// fixture is an Endpoint over a dataset in memory, served on loopback.
type fixture struct {
	*testing.T
	data     *mem.Dataset
	endpoint *protocol.Endpoint
	server   *httptest.Server
	mu       sync.Mutex
	records  []protocol.Record
	answered int // requests that do has finished, preflights aside
}

func serve(t *testing.T, change func(*protocol.Config)) *fixture {
	t.Helper()
	f := &fixture{T: t, data: mem.New()}
	config := protocol.Config{
		Engine:     sparql.New(f.data, sparql.Options{BaseIRI: base}),
		Dataset:    f.data,
		Writer:     f.data,
		BaseIRI:    base,
		GraphsPath: "/data",
		Authorizer: tokens{},
		Observe: func(_ context.Context, r protocol.Record) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.records = append(f.records, r)
		},
	}
	if change != nil {
		change(&config)
	}
	e := protocol.New(config)
	f.endpoint = e
	mux := http.NewServeMux()
	mux.Handle("/sparql", e.Query())
	mux.Handle("/update", e.Update())
	mux.Handle(config.GraphsPath, e.Graphs())
	mux.Handle(config.GraphsPath+"/", e.Graphs())
	f.server = httptest.NewServer(mux)
	t.Cleanup(f.server.Close)
	return f
}

// load inserts Turtle into a graph, the unnamed one where name is "".
func (f *fixture) load(name, document string) {
	f.Helper()
	_, err := f.data.Update(context.Background(), func(tx graph.Tx) error {
		var g rdf.Term
		if name != "" {
			g = rdf.IRI(name)
		}
		for q, err := range turtle.NewDecoder(strings.NewReader(document), turtle.Options{Base: base}).All() {
			if err != nil {
				return err
			}
			if err := tx.Insert(q.In(g)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		f.Fatal(err)
	}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
	err    error // of reading the body
}

// do sends a request; headers are "Name: value".
func (f *fixture) do(method, path, body string, headers ...string) answer {
	f.Helper()
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	r, err := http.NewRequest(method, f.server.URL+path, content)
	if err != nil {
		f.Fatal(err)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Add(name, value)
	}
	defer func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		if method != http.MethodOptions {
			f.answered++
		}
	}()
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return answer{err: err}
	}
	defer response.Body.Close()
	content2, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(content2), err}
}

// last returns the record of the latest request, which is written just after
// its answer.
func (f *fixture) last() protocol.Record {
	f.Helper()
	for range 1000 {
		f.mu.Lock()
		if n := len(f.records); n > 0 && n >= f.answered {
			defer f.mu.Unlock()
			return f.records[n-1]
		}
		f.mu.Unlock()
		time.Sleep(5 * time.Millisecond)
	}
	f.Fatal("no record")
	return protocol.Record{}
}

// problem checks that an answer is a problem of the kind, and returns its
// members.
func (f *fixture) problem(what string, a answer, status int, kind string) map[string]any {
	f.Helper()
	var members map[string]any
	if a.status != status || a.header.Get("Content-Type") != "application/problem+json" {
		f.Errorf("%s: %d %s %.200s, want a problem with status %d", what, a.status, a.header.Get("Content-Type"), a.body, status)
		return nil
	}
	if err := json.Unmarshal([]byte(a.body), &members); err != nil {
		f.Errorf("%s: %v", what, err)
		return nil
	}
	if members["type"] != "urn:qlgraph:problem:"+kind || members["status"] != float64(status) {
		f.Errorf("%s: %s, want the kind %s", what, a.body, kind)
	}
	return members
}

const (
	writer     = "Authorization: Bearer writer"
	turtleType = "Content-Type: text/turtle"
)

func TestPreflight(t *testing.T) {
	f := serve(t, nil)
	for path, methods := range map[string]string{
		"/sparql": "GET, HEAD, OPTIONS, POST, QUERY", "/update": "OPTIONS, POST", "/data": "DELETE, GET, HEAD, OPTIONS, POST, PUT",
	} {
		a := f.do("OPTIONS", path, "", "Origin: https://elsewhere.example", "Access-Control-Request-Method: POST")
		if a.status != 204 || a.header.Get("Allow") != methods || a.header.Get("Access-Control-Allow-Methods") != methods ||
			a.header.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(a.header.Get("Access-Control-Allow-Headers"), "Authorization") {
			t.Errorf("%s: %d %v", path, a.status, a.header)
		}
		a = f.do("PATCH", path, "")
		f.problem(path, a, 405, "method")
		if a.header.Get("Allow") != methods || a.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %v", path, a.header)
		}
	}
}

func TestGraphStore(t *testing.T) {
	f := serve(t, nil)
	const g = "/data?graph=http%3A%2F%2Fexample.org%2Fg"
	f.problem("GET of nothing", f.do("GET", g, ""), 404, "graph")
	if a := f.do("PUT", g, `<a> <b> "c"@en .`, writer, turtleType); a.status != 201 {
		t.Fatalf("PUT: %d %s", a.status, a.body)
	}
	if r := f.last(); r.Operation != "graph" || r.Outcome != "ok" || r.Rows != 1 || r.Status != 201 || r.Version == 0 {
		t.Errorf("record %+v", r)
	}
	a := f.do("GET", g, "", "Accept: application/n-triples")
	if a.status != 200 || a.body != "<http://example.org/a> <http://example.org/b> \"c\"@en .\n" ||
		a.header.Get("Content-Type") != "application/n-triples" || a.header.Get("Vary") != "Accept, Accept-Encoding" {
		t.Errorf("GET: %d %v %s", a.status, a.header, a.body)
	}
	tag := a.header.Get("ETag")
	if a := f.do("GET", g, "", "Accept: application/n-triples", "If-None-Match: "+tag); a.status != 304 || a.body != "" {
		t.Errorf("conditional GET: %d", a.status)
	}
	if a := f.do("GET", g, "", "Accept: text/turtle", "If-None-Match: "+tag); a.status != 200 {
		t.Errorf("conditional GET of another syntax: %d", a.status)
	}
	if a := f.do("HEAD", g, "", "Accept: text/turtle"); a.status != 200 || a.header.Get("Content-Type") != "text/turtle; charset=utf-8" || a.header.Get("ETag") == "" || a.header.Get("Content-Length") != "" {
		t.Errorf("HEAD: %d %v", a.status, a.header)
	}
	if a := f.do("POST", g, `<a> <b> "d" .`, writer, turtleType); a.status != 204 {
		t.Errorf("POST: %d %s", a.status, a.body)
	}
	if a := f.do("GET", g+"&format=nt", ""); strings.Count(a.body, "\n") != 2 {
		t.Errorf("after POST: %s", a.body)
	}
	f.problem("PUT on another state", f.do("PUT", g, "", writer, turtleType, "If-Match: "+tag), 412, "precondition")
	f.problem("PUT only if new", f.do("PUT", g, "", writer, turtleType, "If-None-Match: *"), 412, "precondition")
	if a := f.do("PUT", g, `<x> <y> <z> .`, writer, turtleType, "If-Match: *"); a.status != 204 {
		t.Errorf("PUT: %d %s", a.status, a.body)
	}
	if a := f.do("GET", g, "", "Accept: application/n-triples"); strings.Count(a.body, "\n") != 1 {
		t.Errorf("after PUT: %s", a.body)
	}
	if a := f.do("DELETE", g, "", writer); a.status != 204 {
		t.Errorf("DELETE: %d", a.status)
	}
	f.problem("DELETE again", f.do("DELETE", g, "", writer), 404, "graph")
	f.problem("GET after DELETE", f.do("GET", g, ""), 404, "graph")
}

func TestGraphStoreNames(t *testing.T) {
	f := serve(t, nil)
	if a := f.do("PUT", "/data?default", "<a> <b> <c> .", writer, turtleType); a.status != 204 {
		t.Errorf("PUT ?default: %d", a.status)
	}
	if a := f.do("GET", "/data?default", "", "Accept: application/n-triples"); !strings.HasPrefix(a.body, "<"+base+"/a>") {
		t.Errorf("GET ?default: %d %s", a.status, a.body)
	}
	a := f.do("POST", "/data", "<a> <b> <> .", writer, turtleType)
	location := a.header.Get("Location")
	if a.status != 201 || !strings.HasPrefix(location, "/data/") {
		t.Fatalf("POST: %d %v", a.status, a.header)
	}
	want := "<" + base + location + ">"
	if a := f.do("GET", location, "", "Accept: application/n-triples"); !strings.Contains(a.body, want) {
		t.Errorf("GET %s: %d %s", location, a.status, a.body)
	}
	if a := f.do("GET", "/data?graph="+base+location, "", "Accept: application/n-triples"); !strings.Contains(a.body, want) {
		t.Errorf("GET ?graph=%s: %d %s", location, a.status, a.body)
	}
	for _, path := range []string{"/data", "/data?default&graph=http://a", "/data?graph=http://a&graph=http://b", "/data?graph=http://a%20b", "/data?graph=%zz", "/data?graph=http://[", "/data?x=1"} {
		f.problem("GET "+path, f.do("GET", path, ""), 400, "request")
	}
	f.problem("PUT without a graph", f.do("PUT", "/data", "", writer, turtleType), 400, "request")
	f.problem("DELETE without a graph", f.do("DELETE", "/data", "", writer), 400, "request")
}

func TestGraphStoreUploads(t *testing.T) {
	f := serve(t, func(c *protocol.Config) { c.Limits.UploadBytes = 1000 })
	const g = "/data?graph=http://example.org/g"
	members := f.problem("malformed", f.do("PUT", g, "<a> <b> .\n", writer, turtleType), 400, "data")
	if members["line"] != 1.0 || members["column"] == nil {
		t.Errorf("malformed: %v", members)
	}
	f.problem("nothing of it stays", f.do("GET", g, ""), 404, "graph")
	f.problem("no type", f.do("PUT", g, "x", writer, "Content-Type: "), 415, "mediatype")
	f.problem("no RDF", f.do("PUT", g, "x", writer, "Content-Type: image/png"), 415, "mediatype")
	f.problem("unknown coding", f.do("PUT", g, "x", writer, turtleType, "Content-Encoding: br"), 415, "mediatype")
	f.problem("broken coding", f.do("PUT", g, "x", writer, turtleType, "Content-Encoding: gzip"), 400, "data")
	f.problem("too large", f.do("PUT", g, strings.Repeat("<a> <b> <c> .\n", 100), writer, turtleType), 413, "size")
	f.problem("a bomb", f.do("PUT", g, bomb(t), writer, turtleType, "Content-Encoding: gzip"), 413, "size")
	form := "--x\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a.ttl\"\r\nContent-Type: application/octet-stream\r\n\r\n<a> <b> _:c .\r\n" +
		"--x\r\nContent-Disposition: form-data; name=\"b\"\r\nContent-Type: application/n-triples\r\n\r\n<http://a> <http://b> _:c .\r\n--x--\r\n"
	if a := f.do("POST", g, form, writer, "Content-Type: multipart/form-data; boundary=x"); a.status != 201 {
		t.Errorf("form: %d %s", a.status, a.body)
	}
	if a := f.do("GET", g, "", "Accept: application/n-triples"); countDistinct(a.body, "_:") != 2 {
		t.Errorf("blank nodes of two documents: %s", a.body)
	}
	f.problem("part without a syntax", f.do("POST", g, strings.Replace(form, "a.ttl", "a", 1), writer, "Content-Type: multipart/form-data; boundary=x"), 415, "mediatype")
	f.problem("form without its end", f.do("POST", g, form[:200], writer, "Content-Type: multipart/form-data; boundary=x"), 400, "data")
	f.problem("unacceptable", f.do("GET", g, "", "Accept: image/png"), 406, "format")
	f.problem("unknown format", f.do("GET", g+"&format=word", ""), 406, "format")
}

// countDistinct counts the different words with the prefix.
func countDistinct(s, prefix string) int {
	words := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\n' })
	words = slices.DeleteFunc(words, func(w string) bool { return !strings.HasPrefix(w, prefix) })
	slices.Sort(words)
	return len(slices.Compact(words))
}

func TestWritingNeedsPermission(t *testing.T) {
	f := serve(t, nil)
	const g = "/data?graph=http://example.org/g"
	for _, method := range []string{"PUT", "POST", "DELETE"} {
		a := f.do(method, g, "", turtleType)
		f.problem(method, a, 401, "unauthorized")
		if !strings.Contains(a.header.Get("WWW-Authenticate"), "Bearer") || !strings.Contains(a.header.Get("WWW-Authenticate"), "Basic") {
			t.Errorf("%s: %v", method, a.header)
		}
		f.problem(method+" with a wrong token", f.do(method, g, "", turtleType, "Authorization: Bearer guess"), 401, "unauthorized")
		f.problem(method+" with a reader's token", f.do(method, g, "", turtleType, "Authorization: Bearer reader"), 403, "permission")
		f.problem(method+" from another site", f.do(method, g, "", turtleType, "Authorization: Basic YW55OndyaXRlcg==", "Sec-Fetch-Site: cross-site"), 403, "forged")
	}
	f.problem("update", f.do("POST", "/update", "CLEAR ALL", "Content-Type: application/sparql-update"), 401, "unauthorized")
	if a := f.do("PUT", g, "<a> <b> <c> .", turtleType, "Authorization: Basic YW55OndyaXRlcg=="); a.status != 201 {
		t.Errorf("PUT with Basic: %d %s", a.status, a.body)
	}
	f = serve(t, func(c *protocol.Config) { c.Writer = nil })
	f.problem("read-only", f.do("PUT", g, "", writer, turtleType), 403, "readonly")
	f.problem("read-only update", f.do("POST", "/update", "CLEAR ALL", writer), 403, "readonly")
	f = serve(t, func(c *protocol.Config) { c.Authorizer = nil })
	f.problem("no tokens", f.do("PUT", g, "", writer, turtleType), 401, "unauthorized")
}

func TestGraphAliasIsRead(t *testing.T) {
	f := serve(t, func(c *protocol.Config) {
		c.GraphAlias = func(_ graph.Snapshot, iri string) ([]rdf.Term, bool, error) {
			return []rdf.Term{rdf.IRI("http://e/1"), rdf.IRI("http://e/2"), rdf.IRI("http://e/3")}, iri == "http://e/all", nil
		}
	})
	f.load("http://e/1", "<http://a> <http://b> 1, 2 .")
	f.load("http://e/2", "<http://a> <http://b> 2, 3 .")
	if a := f.do("GET", "/data?graph=http://e/all", "", "Accept: application/n-triples"); strings.Count(a.body, "\n") != 3 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// bomb is a small gzip file of much Turtle.
func bomb(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(strings.Repeat("<a> <b> <c> .\n", 10_000))); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if b.Len() > 900 {
		t.Fatalf("%d bytes are no bomb", b.Len())
	}
	return b.String()
}

func TestCompression(t *testing.T) {
	f := serve(t, nil)
	f.load("http://e/g", many(20_000))
	f.load("http://e/small", many(2))
	plain := f.do("GET", someGraph, "", "Accept: application/n-triples", "Accept-Encoding: identity")
	for header, compressed := range map[string]bool{
		"gzip": true, "gzip, deflate, br, zstd": true, "x-gzip;q=0.1": true, "*": true, "deflate, *;q=0.5": true, "GZIP ; q=0.5": true,
		"": false, "identity": false, "gzip;q=0": false, "gzip;q=0, *": false, "*;q=0": false, "br": false, "gzip;q=x": false,
	} {
		a := f.do("GET", someGraph, "", "Accept: application/n-triples", "Accept-Encoding: "+header)
		if (a.header.Get("Content-Encoding") == "gzip") != compressed {
			t.Errorf("%q: %q", header, a.header.Get("Content-Encoding"))
			continue
		}
		body := a.body
		if compressed {
			r, err := gzip.NewReader(strings.NewReader(a.body))
			if err != nil {
				t.Fatal(err)
			}
			content, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			body = string(content)
		}
		if body != plain.body {
			t.Errorf("%q: %d bytes, want %d", header, len(body), len(plain.body))
		}
	}
	if a := f.do("GET", "/data?graph=http://e/small", "", "Accept-Encoding: gzip"); a.header.Get("Content-Encoding") != "" {
		t.Error("a small answer is compressed")
	}
}
