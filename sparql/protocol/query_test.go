package protocol_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
	"qlgraph/internal/w3ctest"
	"qlgraph/sparql"
	"qlgraph/sparql/protocol"
)

func TestW3CProtocol(t *testing.T) {
	w3ctest.Suite{
		Manifest: "sparql/sparql11/protocol/manifest.ttl",
		Entries:  34, Passes: 34,
	}.Run(t, runConnection)
}

// ask makes the URL of a query.
func ask(query string, params ...string) string {
	v := url.Values{"query": {query}}
	for i := 0; i < len(params); i += 2 {
		v.Add(params[i], params[i+1])
	}
	return "/sparql?" + v.Encode()
}

const (
	sparqlQuery  = "Content-Type: application/sparql-query"
	sparqlUpdate = "Content-Type: application/sparql-update"
	wwwForm      = "Content-Type: application/x-www-form-urlencoded"
)

const courses = `<c1> <title> "Physics"@en ; <credits> 5 . <c2> <title> "Chemie"@de ; <credits> 10 .`

// Accept × form of the query × content type.
func TestNegotiation(t *testing.T) {
	f := serve(t, nil)
	f.load("", courses)
	const selects, asks, constructs, describes = "SELECT ?t { ?c <title> ?t }", "ASK {}", "CONSTRUCT WHERE { ?c <title> ?t }", "DESCRIBE <c1>"
	const json, xml, csv, tsv = "application/sparql-results+json", "application/sparql-results+xml", "text/csv; charset=utf-8; header=present", "text/tab-separated-values; charset=utf-8"
	const turtle = "text/turtle; charset=utf-8"
	for _, c := range []struct{ query, accept, format, want string }{
		{selects, "", "", json}, {selects, "*/*", "", json}, {selects, "application/sparql-results+xml", "", xml},
		{selects, "text/csv", "", csv}, {selects, "text/tab-separated-values", "", tsv}, {selects, "text/*", "", csv},
		{selects, "application/json", "", "application/json"}, {selects, "application/xml", "", "application/xml"}, {selects, "text/xml", "", "text/xml"},
		{selects, "application/sparql-results+json;q=0.8, application/sparql-results+xml", "", xml},
		{selects, "text/html, application/xhtml+xml, */*;q=0.1", "", json},
		{selects, "application/sparql-results+xml;q=0.9,application/sparql-results+json", "", json},
		{selects, "text/turtle", "", ""}, {selects, "text/turtle, */*;q=0.01", "", json},
		{selects, "image/png", "csv", csv}, {selects, "", "json", json}, {selects, "", "xml", xml}, {selects, "", "tsv", tsv},
		{selects, "", "application/sparql-results+xml", xml}, {selects, "", "text/csv", csv}, {selects, "", "turtle", ""}, {selects, "", "word", ""},
		{asks, "", "", json}, {asks, "application/sparql-results+xml", "", xml}, {asks, "text/csv", "", csv}, {asks, "text/turtle", "", ""},
		{constructs, "", "", turtle}, {constructs, "*/*", "", turtle}, {constructs, "application/n-triples", "", "application/n-triples"},
		{constructs, "application/sparql-results+json", "", ""}, {constructs, "text/turtle;q=0.5, application/trig", "", "application/trig"},
		{constructs, "", "ntriples", "application/n-triples"}, {constructs, "", "ttl", turtle}, {constructs, "", "n3", turtle}, {constructs, "", "rdf+xml", "application/rdf+xml"}, {constructs, "", "csv", ""},
		{constructs, "application/n-quads", "", "application/n-quads"}, {constructs, "text/plain", "", "text/plain; charset=utf-8"},
		{describes, "", "", turtle}, {describes, "application/rdf+xml, text/turtle;q=0.9", "", "application/rdf+xml"}, {describes, "", "rdfxml", "application/rdf+xml"},
	} {
		path := ask(c.query)
		if c.format != "" {
			path = ask(c.query, "format", c.format)
		}
		var headers []string
		if c.accept != "" {
			headers = []string{"Accept: " + c.accept}
		}
		for _, method := range []string{"GET", "HEAD"} {
			a := f.do(method, path, "", headers...)
			what := method + " " + c.query + " as " + c.accept + c.format
			if c.want == "" {
				if a.status != 406 {
					t.Errorf("%s: %d", what, a.status)
				} else if method == "GET" {
					if members := f.problem(what, a, 406, "format"); len(members["alternatives"].([]any)) < 4 {
						t.Errorf("%s: %v", what, members)
					}
				}
				continue
			}
			if a.status != 200 || a.header.Get("Content-Type") != c.want || a.header.Get("Vary") != "Accept, Accept-Encoding" {
				t.Errorf("%s: %d %s, want %s", what, a.status, a.header.Get("Content-Type"), c.want)
			}
			if (method == "GET") != (a.body != "") {
				t.Errorf("%s: %d bytes", what, len(a.body))
			}
		}
	}
}

func TestWaysToAsk(t *testing.T) {
	f := serve(t, nil)
	f.load("", courses)
	f.load("http://e/g", "<http://e/x> <"+base+"/title> \"X\" .")
	const query = "SELECT ?t { ?c <title> ?t } ORDER BY ?t"
	const want = "t\r\nChemie\r\nPhysics\r\n"
	form := url.Values{"query": {query}}.Encode()
	for what, a := range map[string]answer{
		"GET":         f.do("GET", ask(query, "format", "csv"), ""),
		"POST form":   f.do("POST", "/sparql", form, wwwForm, "Accept: text/csv"),
		"POST direct": f.do("POST", "/sparql", query, sparqlQuery, "Accept: text/csv"),
		"charset":     f.do("POST", "/sparql?format=csv", query, sparqlQuery+"; charset=UTF-8"),
		"QUERY":       f.do("QUERY", "/sparql", query, sparqlQuery, "Accept: text/csv"),
	} {
		if a.status != 200 || a.body != want {
			t.Errorf("%s: %d %q", what, a.status, a.body)
		}
	}
	if a := f.do("GET", ask(query, "format", "csv", "default-graph-uri", "http://e/g"), ""); a.body != "t\r\nX\r\n" {
		t.Errorf("default-graph-uri: %q", a.body)
	}
	if a := f.do("POST", "/sparql?named-graph-uri=http://e/g", "SELECT ?t { ?c <title> ?t }", sparqlQuery, "Accept: text/csv"); a.body != "t\r\n" {
		t.Errorf("named-graph-uri: %q", a.body)
	}
	for what, c := range map[string]struct {
		a      answer
		status int
		kind   string
	}{
		"two queries":          {f.do("GET", "/sparql?query=ASK{}&query=ASK{}", ""), 400, "request"},
		"no query":             {f.do("POST", "/sparql", "x=1", wwwForm), 400, "request"},
		"an update":            {f.do("GET", "/sparql?update=CLEAR+ALL", ""), 400, "request"},
		"malformed escapes":    {f.do("GET", "/sparql?query=%zz", ""), 400, "request"},
		"not UTF-8":            {f.do("GET", "/sparql?query=ASK{}%ff", ""), 400, "request"},
		"query twice":          {f.do("POST", "/sparql?query=ASK{}", "ASK {}", sparqlQuery), 400, "request"},
		"other type":           {f.do("POST", "/sparql", "ASK {}", "Content-Type: text/plain"), 415, "mediatype"},
		"no type":              {f.do("POST", "/sparql", "ASK {}", "Content-Type: "), 415, "mediatype"},
		"malformed type":       {f.do("POST", "/sparql", "ASK {}", "Content-Type: ;"), 415, "mediatype"},
		"other encoding":       {f.do("POST", "/sparql", "ASK {}", sparqlQuery+"; charset=utf-16"), 415, "mediatype"},
		"a graph that is none": {f.do("GET", ask("ASK {}", "default-graph-uri", "a b"), ""), 400, "request"},
		"a time that is none":  {f.do("GET", ask("ASK {}", "timeout", "soon"), ""), 400, "request"},
		"no time":              {f.do("GET", ask("ASK {}", "timeout", "0"), ""), 400, "request"},
	} {
		f.problem(what, c.a, c.status, c.kind)
	}
}

func TestSyntaxErrorHasItsPlace(t *testing.T) {
	f := serve(t, nil)
	members := f.problem("GET", f.do("GET", ask("SELECT *\n{ ?s ?p }"), ""), 400, "syntax")
	if members["line"] != 2.0 || members["column"] == nil || members["detail"] == "" {
		t.Errorf("%v", members)
	}
	if r := f.last(); r.Outcome != "syntax" || r.Status != 400 || r.Hash == "" || r.Err == nil {
		t.Errorf("record %+v", r)
	}
	f.problem("update", f.do("POST", "/update", "INSERT DATA { <a> <b> }", sparqlUpdate, writer), 400, "syntax")
}

func TestLimitsHaveTheirStatus(t *testing.T) {
	f := serve(t, func(c *protocol.Config) {
		c.Engine = sparql.New(c.Dataset, sparql.Options{BaseIRI: base, Limits: sparql.Limits{QueryBytes: 500, UpdateBytes: 600, Depth: 10}})
	})
	f.load("", many(2000))
	f.problem("text beyond the engine's limit", f.do("GET", ask("ASK {} #"+strings.Repeat("x", 600)), ""), 413, "querybytes")
	f.problem("text beyond the endpoint's limit", f.do("POST", "/sparql", strings.Repeat("x", 3000), sparqlQuery), 413, "querybytes")
	members := f.problem("time", f.do("GET", ask("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c < ?f && ?f < ?i) }", "timeout", "50ms"), ""), 503, "time")
	if members["limit"] != "time" {
		t.Errorf("time: %v", members)
	}
	if r := f.last(); r.Outcome != "time" {
		t.Errorf("record %+v", r)
	}
}

func TestResultsAreConditional(t *testing.T) {
	f := serve(t, nil)
	f.load("", courses)
	path := ask("SELECT ?t { ?c <title> ?t }")
	a := f.do("GET", path, "")
	tag := a.header.Get("ETag")
	if !strings.HasPrefix(tag, `W/"`) || a.header.Get("Cache-Control") != "no-cache" {
		t.Fatalf("%v", a.header)
	}
	if b := f.do("GET", path, "", `If-None-Match: "x", `+tag); b.status != 304 || b.body != "" || b.header.Get("ETag") != tag || b.header.Get("Vary") != "Accept, Accept-Encoding" {
		t.Errorf("unchanged: %d %v", b.status, b.header)
	}
	if r := f.last(); r.Outcome != "unmodified" || r.Status != 304 {
		t.Errorf("record %+v", r)
	}
	if b := f.do("HEAD", path, "", "If-None-Match: "+tag); b.status != 304 {
		t.Errorf("HEAD: %d", b.status)
	}
	for what, b := range map[string]answer{
		"another format": f.do("GET", path, "", "If-None-Match: "+tag, "Accept: text/csv"),
		"another query":  f.do("GET", ask("SELECT ?c { ?c <title> ?t }"), "", "If-None-Match: "+tag),
		"another graph":  f.do("GET", path+"&default-graph-uri=http://e/g", "", "If-None-Match: "+tag),
	} {
		if b.status != 200 {
			t.Errorf("%s: %d", what, b.status)
		}
	}
	f.load("", "<c3> <title> \"Art\" .")
	if b := f.do("GET", path, "", "If-None-Match: "+tag); b.status != 200 || !strings.Contains(b.body, "Art") {
		t.Errorf("after a change: %d", b.status)
	}
	for _, query := range []string{"SELECT (now() AS ?t) {}", "SELECT (Rand() AS ?t) {}", `SELECT (\u006Eow() AS ?t) {}`, "SELECT (STRUUID() AS ?t) {}"} {
		if b := f.do("GET", ask(query), ""); b.status != 200 || b.header.Get("ETag") != "" || b.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v", query, b.status, b.header)
		}
	}
}

func TestResultsAreKept(t *testing.T) {
	f := serve(t, func(c *protocol.Config) { c.Limits.CacheEntry = 10_000 })
	f.load("", courses)
	path := ask("SELECT ?t { ?c <title> ?t }", "format", "csv")
	outcome := func(what, want string, a answer) {
		t.Helper()
		if r := f.last(); a.status != 200 || r.Outcome != want {
			t.Errorf("%s: %d %s, want %s", what, a.status, r.Outcome, want)
		}
	}
	first := f.do("GET", path, "")
	outcome("first", "ok", first)
	second := f.do("GET", path, "")
	outcome("second", "cached", second)
	if second.body != first.body || second.header.Get("Content-Type") != first.header.Get("Content-Type") ||
		second.header.Get("ETag") != first.header.Get("ETag") || f.last().Rows != 2 {
		t.Errorf("from the cache: %v %q", second.header, second.body)
	}
	outcome("POST", "cached", f.do("POST", "/sparql?format=csv", "SELECT ?t { ?c <title> ?t }", sparqlQuery))
	outcome("no-cache", "ok", f.do("GET", path, "", "Cache-Control: no-cache"))
	outcome("no-cache of old", "ok", f.do("GET", path, "", "Pragma: no-cache"))
	outcome("another format", "ok", f.do("GET", ask("SELECT ?t { ?c <title> ?t }", "format", "tsv"), ""))
	outcome("varying", "ok", f.do("GET", ask("SELECT (RAND() AS ?r) {}"), ""))
	outcome("varying again", "ok", f.do("GET", ask("SELECT (RAND() AS ?r) {}"), ""))
	f.load("", "<c3> <title> \"Art\" .")
	third := f.do("GET", path, "")
	outcome("after a change", "ok", third)
	if !strings.Contains(third.body, "Art") {
		t.Errorf("after a change: %q", third.body)
	}
	f.load("", many(500))
	outcome("large", "ok", f.do("GET", ask("SELECT * { ?a ?b ?c }"), ""))
	outcome("large again", "ok", f.do("GET", ask("SELECT * { ?a ?b ?c }"), ""))
}

func TestCacheIsBounded(t *testing.T) {
	f := serve(t, func(c *protocol.Config) { c.Limits.CacheBytes, c.Limits.CacheEntry = 1500, 1000 })
	f.load("", courses)
	query := func(i int) string { return ask("ASK { <c1> ?p " + string(rune('0'+i)) + " }") }
	for i := range 10 {
		f.do("GET", query(i), "")
	}
	f.do("GET", query(9), "")
	if r := f.last(); r.Outcome != "cached" {
		t.Errorf("the latest: %s", r.Outcome)
	}
	cachedOnes := 0
	for i := range 10 {
		if f.do("GET", query(i), "", "If-None-Match: x"); f.last().Outcome == "cached" {
			cachedOnes++
		}
	}
	if cachedOnes > 9 {
		t.Error("nothing was ever dropped")
	}
	f = serve(t, func(c *protocol.Config) { c.Limits.CacheBytes = -1 })
	f.do("GET", ask("ASK {}"), "")
	f.do("GET", ask("ASK {}"), "")
	if f.last().Outcome != "ok" {
		t.Errorf("without a cache: %s", f.last().Outcome)
	}
}

func TestUpdate(t *testing.T) {
	f := serve(t, nil)
	form := url.Values{"update": {`INSERT DATA { <c9> <title> "Law" }`}}.Encode()
	if a := f.do("POST", "/update", form, wwwForm, writer); a.status != 204 || a.body != "" {
		t.Errorf("form: %d %s", a.status, a.body)
	}
	if r := f.last(); r.Operation != "update" || r.Outcome != "ok" || r.Version == 0 || r.Hash == "" {
		t.Errorf("record %+v", r)
	}
	if a := f.do("POST", "/update", `INSERT DATA { <c8> <title> "Music" }`, sparqlUpdate, "Authorization: Basic YW55OndyaXRlcg=="); a.status != 204 {
		t.Errorf("direct: %d %s", a.status, a.body)
	}
	if a := f.do("GET", ask("SELECT ?t { ?c <title> ?t } ORDER BY ?t", "format", "csv"), ""); a.body != "t\r\nLaw\r\nMusic\r\n" {
		t.Errorf("afterwards: %q", a.body)
	}
	f.problem("nothing of a failed request stays", f.do("POST", "/update", "DELETE WHERE { ?s ?p ?o } ; INSERT DATA { <a> }", sparqlUpdate, writer), 400, "syntax")
	if a := f.do("GET", ask("ASK { ?c <title> \"Law\" }", "format", "csv"), ""); a.body != "true\r\n" {
		t.Errorf("afterwards: %q", a.body)
	}
	f.problem("a refused LOAD", f.do("POST", "/update", "LOAD <http://127.0.0.1/>", sparqlUpdate, writer), 403, "load")
	f.problem("a graph that exists", f.do("POST", "/update", "INSERT DATA { GRAPH <g> { <a> <b> <c> } } ; CREATE GRAPH <g>", sparqlUpdate, writer), 409, "graph")
	f.problem("no update", f.do("POST", "/update", "x=1", wwwForm, writer), 400, "request")
	f.problem("a query", f.do("POST", "/update", "ASK {}", sparqlQuery, writer), 415, "mediatype")
	f.problem("GET", f.do("GET", "/update?update=CLEAR+ALL", "", writer), 405, "method")
}

func TestServiceIsRefused(t *testing.T) {
	f := serve(t, nil)
	f.problem("SERVICE", f.do("GET", ask("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"), ""), 403, "service")
}

func TestExplain(t *testing.T) {
	f := serve(t, nil)
	f.load("", courses)
	path := ask("SELECT ?t { ?c <title> ?t }", "explain", "true")
	if a := f.do("GET", path, ""); a.status != 200 || !strings.HasPrefix(a.header.Get("Content-Type"), "text/plain") || !strings.Contains(a.body, "rows 2") {
		t.Errorf("text: %d %s", a.status, a.body)
	}
	a := f.do("GET", path, "", "Accept: application/json")
	var plan sparql.Explanation
	if err := json.Unmarshal([]byte(a.body), &plan); err != nil || plan.Rows != 2 || plan.Operator == "" {
		t.Errorf("json: %v %s", err, a.body)
	}
	if a := f.do("GET", ask("SELECT ?t { ?c <title> ?t }", "explain", "0"), ""); !strings.Contains(a.body, "bindings") {
		t.Errorf("without: %s", a.body)
	}
}

func TestPageForBrowsers(t *testing.T) {
	const browser = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	f := serve(t, func(c *protocol.Config) {
		c.Page = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "the page") })
	})
	for path, page := range map[string]bool{
		"/sparql": true, ask("ASK {}"): true, ask("ASK {}", "format", "json"): false, "/sparql?format=turtle": false,
	} {
		if a := f.do("GET", path, "", browser); a.status != 200 || (a.body == "the page") != page || a.header.Get("Vary") != "Accept, Accept-Encoding" {
			t.Errorf("%s in a browser: %d %.50s", path, a.status, a.body)
		}
		if a := f.do("GET", path, ""); a.body == "the page" {
			t.Errorf("%s elsewhere: the page", path)
		}
	}
	if a := serve(t, nil).do("GET", ask("ASK {}"), "", browser); a.status != 200 || !strings.Contains(a.header.Get("Content-Type"), "xml") {
		t.Errorf("without a page: %d %v", a.status, a.header)
	}
}

func TestFailedQueryBreaksTheConnection(t *testing.T) {
	u := &unruly{}
	f := serve(t, func(c *protocol.Config) {
		u.Dataset = c.Dataset
		c.Engine = sparql.New(u, sparql.Options{BaseIRI: base})
	})
	f.load("", many(40_000))
	u.next = func(_ context.Context, n int) error {
		if n == 30 {
			return errors.New("page 7 is damaged")
		}
		return nil
	}
	for _, format := range []string{"json", "xml", "csv", "tsv"} {
		a := f.do("GET", ask("SELECT * { ?a ?b ?c }", "format", format), "")
		if a.status != 200 || !errors.Is(a.err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: %d, %d bytes, error %v", format, a.status, len(a.body), a.err)
		}
		if r := f.last(); r.Outcome != "broken" {
			t.Errorf("record %+v", r)
		}
	}
	f.problem("an error before the first chunk", f.do("GET", ask("SELECT (MAX(STR(?c)) AS ?n) { ?a ?b ?c }"), ""), 500, "evaluation")
}

func TestQueryTimesOutWithinASecond(t *testing.T) {
	f := serve(t, nil)
	f.load("", many(3000))
	done := make(chan answer, 1)
	go func() {
		done <- f.do("GET", ask("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c < ?f && ?f < ?i) }", "timeout", "0.2"), "")
	}()
	select {
	case a := <-done:
		f.problem("the query", a, 503, "time")
	case <-time.After(20 * time.Second):
		t.Fatal("it goes on")
	}
}

// FuzzRequest checks that no request makes the server fail: whatever a client
// sends is answered or is the client's fault.
func FuzzRequest(f *testing.F) {
	f.Add("GET", "query=ASK{}", "", "", "application/json")
	f.Add("POST", "default-graph-uri=a&timeout=1", "application/sparql-query", "SELECT * { ?s ?p ?o } LIMIT 1", "*/*;q=0.1, text/csv")
	f.Add("POST", "format=xml", "application/x-www-form-urlencoded; charset=utf-8", "query=DESCRIBE%20%3Ca%3E", "")
	f.Add("QUERY", "explain", "application/sparql-query", "CONSTRUCT WHERE { ?s ?p 1.5 }", "text/turtle")
	data := mem.FromQuads(rdf.Triple(rdf.IRI("http://a"), rdf.IRI("http://b"), rdf.Literal("c")))
	e := protocol.New(protocol.Config{
		Engine: sparql.New(data, sparql.Options{BaseIRI: base, Limits: sparql.Limits{Time: time.Second}}), Dataset: data, Writer: data,
		BaseIRI: base, GraphsPath: "/data", Authorizer: tokens{},
	})
	f.Fuzz(func(t *testing.T, method, params, contentType, body, accept string) {
		for _, h := range []http.Handler{e.Query(), e.Update(), e.Graphs()} {
			r := httptest.NewRequest(http.MethodPost, "/data", strings.NewReader(body))
			r.Method = method
			r.URL.RawQuery = params
			r.RemoteAddr = "127.0.0.1:1"
			r.Header.Set("Content-Type", contentType)
			r.Header.Set("Accept", accept)
			r.Header.Set("Authorization", "Bearer writer")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code == http.StatusInternalServerError {
				t.Fatalf("%s %q %q %q: %s", method, params, contentType, body, w.Body)
			}
		}
	})
}
