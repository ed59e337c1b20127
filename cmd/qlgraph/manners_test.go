package main

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestHTTPManners asks the running server what clients and caches rely on.
func TestHTTPManners(t *testing.T) {
	s := serveWith(t, "sparql: {query_bytes: 2000, upload_bytes: 2000, limit_loopback: true, rate: 100, burst: 1000}", nil)
	s.update(chain(100))
	const (
		form    = "application/x-www-form-urlencoded"
		direct  = "application/sparql-query"
		json    = "application/sparql-results+json"
		problem = "application/problem+json"
		both    = "Accept, Accept-Encoding"
		expose  = "Allow, Content-Location, ETag, Location, RateLimit, RateLimit-Policy, Retry-After"
	)
	all := "/sparql?query=" + url.QueryEscape("SELECT * { ?s ?p ?o }")
	ask := "/sparql?query=" + url.QueryEscape("ASK {}")
	construct := "/sparql?query=" + url.QueryEscape("CONSTRUCT WHERE { ?s ?p ?o }")
	varying := "/sparql?query=" + url.QueryEscape("SELECT (NOW() AS ?t) {}")
	resp, _ := s.send("GET", all, "", "")
	tag := resp.Header.Get("ETag")
	resp, _ = s.send("GET", "/data?default", "", "")
	graphTag := resp.Header.Get("ETag")
	type headers map[string]string
	for _, test := range []struct {
		name, method, path, contentType, body string
		sent                                  []string
		status                                int
		want                                  headers // "" for a header that is not there, a part of the others
		has                                   string  // in the body
	}{
		{"GET", "GET", all, "", "", nil, 200, headers{"Content-Type": json, "Vary": both, "Cache-Control": "no-cache", "ETag": `W/"`, "Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": expose, "X-Content-Type-Options": "nosniff", "RateLimit": `"rate";r=`, "RateLimit-Policy": `"rate";q=1000;w=10`}, "bindings"},
		{"HEAD", "HEAD", all, "", "", nil, 200, headers{"Content-Type": json, "Vary": both, "Cache-Control": "no-cache", "ETag": tag}, ""},
		{"HEAD of a mistake", "HEAD", "/sparql?query=x", "", "", nil, 400, headers{"Content-Type": problem}, ""},
		{"QUERY", "QUERY", "/sparql", direct, "ASK {}", nil, 200, headers{"Content-Type": json}, "true"},
		{"OPTIONS", "OPTIONS", "/sparql", "", "", nil, 204, headers{"Allow": "GET, HEAD, OPTIONS, POST, QUERY"}, ""},
		{"OPTIONS of updates", "OPTIONS", "/update", "", "", nil, 204, headers{"Allow": "OPTIONS, POST"}, ""},
		{"OPTIONS of graphs", "OPTIONS", "/data?default", "", "", nil, 204, headers{"Allow": "DELETE, GET, HEAD, OPTIONS, POST, PUT"}, ""},
		{"preflight", "OPTIONS", "/update", "", "", []string{"Origin: https://yasgui.example", "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: authorization, content-type"}, 204, headers{"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "POST", "Access-Control-Allow-Headers": "Authorization", "Access-Control-Max-Age": "86400", "Access-Control-Allow-Credentials": ""}, ""},
		{"CORS of a problem", "GET", "/sparql?query=x", "", "", []string{"Origin: https://yasgui.example"}, 400, headers{"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store", "ETag": ""}, `"line":1`},

		{"unchanged", "GET", all, "", "", []string{"If-None-Match: " + tag}, 304, headers{"ETag": tag, "Vary": both, "Cache-Control": "no-cache", "Content-Type": ""}, ""},
		{"unchanged, strongly", "GET", all, "", "", []string{`If-None-Match: "other", ` + strings.TrimPrefix(tag, "W/")}, 304, headers{"ETag": tag}, ""},
		{"whatever there is", "GET", all, "", "", []string{"If-None-Match: *"}, 304, headers{"ETag": tag}, ""},
		{"changed", "GET", all, "", "", []string{`If-None-Match: W/"other"`}, 200, headers{"ETag": tag}, "bindings"},
		{"unchanged, in another format", "GET", all + "&format=csv", "", "", []string{"If-None-Match: " + tag}, 200, headers{"Content-Type": "text/csv"}, "s,p,o"},
		{"unchanged, by POST", "POST", "/sparql", direct, "SELECT * { ?s ?p ?o }", []string{"If-None-Match: " + tag}, 200, headers{"ETag": "", "Content-Type": json}, "bindings"},
		{"unchanged, HEAD", "HEAD", all, "", "", []string{"If-None-Match: " + tag}, 304, headers{"ETag": tag}, ""},
		{"varies by itself", "GET", varying, "", "", nil, 200, headers{"ETag": "", "Cache-Control": "no-store"}, "bindings"},
		{"unchanged graph", "GET", "/data?default", "", "", []string{"If-None-Match: " + graphTag}, 304, headers{"ETag": graphTag, "Vary": both}, ""},
		{"graph, HEAD", "HEAD", "/data?default", "", "", nil, 200, headers{"ETag": graphTag, "Content-Type": "text/turtle"}, ""},
		{"write of what has changed", "PUT", "/data?default", "text/turtle", "<a> <b> <c> .", []string{tokenHeader, `If-Match: "old"`}, 412, headers{"Content-Type": problem}, ""},
		{"creation of what is there", "PUT", "/data?default", "text/turtle", "<a> <b> <c> .", []string{tokenHeader, "If-None-Match: *"}, 412, headers{"Content-Type": problem}, ""},

		{"compressed", "GET", construct + "&format=nt", "", "", []string{"Accept-Encoding: gzip"}, 200, headers{"Content-Encoding": "gzip", "Vary": both, "Content-Length": ""}, "\x1f\x8b"},
		{"compressed by any", "GET", construct + "&format=nt", "", "", []string{"Accept-Encoding: br, *;q=0.1"}, 200, headers{"Content-Encoding": "gzip"}, "\x1f\x8b"},
		{"gzip refused", "GET", construct + "&format=nt", "", "", []string{"Accept-Encoding: gzip;q=0, *"}, 200, headers{"Content-Encoding": ""}, "<http://e/n>"},
		{"too short to compress", "GET", ask, "", "", []string{"Accept-Encoding: gzip"}, 200, headers{"Content-Encoding": ""}, "true"},
		{"compressed twice the same", "GET", construct + "&format=nt", "", "", []string{"Accept-Encoding: gzip"}, 200, headers{"Content-Encoding": "gzip"}, "\x1f\x8b"},

		{"preference", "GET", ask, "", "", []string{"Accept: application/sparql-results+xml;q=0.5, text/csv;q=0.9, */*;q=0.1"}, 200, headers{"Content-Type": "text/csv"}, "true"},
		{"not to be had", "GET", ask, "", "", []string{"Accept: image/png"}, 406, headers{"Content-Type": problem, "Vary": both}, `"alternatives":["application/sparql-results+json","application/sparql-results+xml","text/csv","text/tab-separated-values"]`},
		{"graph, not to be had", "GET", construct, "", "", []string{"Accept: application/sparql-results+json"}, 406, headers{"Content-Type": problem}, `"alternatives":["text/turtle","application/trig","application/n-triples","application/n-quads","application/rdf+xml","application/ld+json"`},
		{"format, not to be had", "GET", ask + "&format=word", "", "", nil, 406, headers{"Content-Type": problem}, `"alternatives"`},
		{"graph store, not to be had", "GET", "/data?default", "", "", []string{"Accept: text/csv"}, 406, headers{"Content-Type": problem}, `"alternatives"`},
		{"page for people", "GET", "/sparql", "", "", []string{"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}, 200, headers{"Content-Type": "text/html"}, "<form"},
		{"description for others", "GET", "/sparql", "", "", []string{"Accept: text/turtle"}, 200, headers{"Content-Type": "text/turtle", "Vary": both}, "sparql-service-description#"},

		{"text", "POST", "/sparql", "text/plain", "ASK {}", nil, 415, headers{"Content-Type": problem}, "application/sparql-query"},
		{"update as a query", "POST", "/sparql", "application/sparql-update", "CLEAR ALL", nil, 415, headers{}, "mediatype"},
		{"query as an update", "POST", "/update", direct, "ASK {}", []string{tokenHeader}, 415, headers{}, "mediatype"},
		{"compressed query", "POST", "/sparql", direct, gzipped("ASK {}"), []string{"Content-Encoding: gzip"}, 200, headers{"Content-Type": json}, "true"},
		{"compressed query that is long", "POST", "/sparql", direct, gzipped("ASK {}" + strings.Repeat(" ", 100_000)), []string{"Content-Encoding: gzip"}, 413, headers{}, "sparql.query_bytes"},
		{"query that is not compressed", "POST", "/sparql", direct, "ASK {}", []string{"Content-Encoding: gzip"}, 400, headers{"Content-Type": problem}, ""},
		{"query compressed otherwise", "POST", "/sparql", direct, "ASK {}", []string{"Content-Encoding: br"}, 415, headers{"Accept-Encoding": "gzip, zstd"}, "mediatype"},
		{"graph that is no RDF", "PUT", "/data?default", "text/csv", "a,b", []string{tokenHeader}, 415, headers{}, "mediatype"},
		{"long query", "POST", "/sparql", direct, "ASK {}" + strings.Repeat(" ", 2000), nil, 413, headers{"Content-Type": problem}, "sparql.query_bytes"},
		{"long query in a form", "POST", "/sparql", form, "query=" + strings.Repeat("+", 100_000), nil, 413, headers{"Content-Type": problem}, "sparql.query_bytes"},
		{"long graph", "PUT", "/data?default", "text/turtle", strings.Repeat(" ", 3000), []string{tokenHeader}, 413, headers{"Content-Type": problem}, "sparql.upload_bytes"},

		{"method", "DELETE", "/sparql", "", "", nil, 405, headers{"Allow": "GET, HEAD, OPTIONS, POST, QUERY", "Content-Type": problem}, "DELETE"},
		{"GET of an update", "GET", "/update?update=CLEAR+ALL", "", "", []string{tokenHeader}, 405, headers{"Allow": "OPTIONS, POST"}, "GET"},
		{"no token", "POST", "/update", form, "update=CLEAR+ALL", nil, 401, headers{"WWW-Authenticate": "Bearer", "Content-Type": problem}, "token"},
		{"wrong token", "PUT", "/data?default", "text/turtle", "", []string{"Authorization: Bearer guess"}, 401, headers{"WWW-Authenticate": "Bearer"}, "token"},
		{"no such graph", "GET", "/data?graph=http://e/none", "", "", nil, 404, headers{"Content-Type": problem}, "http://e/none"},
		{"no such path", "GET", "/sparkle", "", "", nil, 404, headers{"Content-Type": problem}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if len(test.sent) == 0 || !strings.HasPrefix(strings.Join(test.sent, "\n"), "Accept-Encoding") {
				test.sent = append(test.sent, "Accept-Encoding: identity") // else Go's client asks for gzip, and hides it
			}
			resp, body := s.send(test.method, test.path, test.contentType, test.body, test.sent...)
			if resp.StatusCode != test.status || !strings.Contains(body, test.has) {
				t.Errorf("%s, want %d with %q: %.300s", resp.Status, test.status, test.has, body)
			}
			if test.method == "HEAD" && body != "" {
				t.Errorf("a body: %s", body)
			}
			for name, want := range test.want {
				if got := strings.Join(resp.Header.Values(name), ", "); !strings.Contains(got, want) || want == "" && got != "" {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
		})
	}
	s.update("INSERT DATA { <http://e/new> <http://e/p> 1 }")
	if resp, body := s.send("GET", all, "", "", "If-None-Match: "+tag); resp.StatusCode != 200 || resp.Header.Get("ETag") == tag || !strings.Contains(body, "http://e/new") {
		t.Errorf("after a change: %s, %s", resp.Status, resp.Header.Get("ETag"))
	}
}

func gzipped(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(s)) // to memory
	z.Close()
	return b.String()
}

// TestStoredAnswers: an answer is kept for its version, and given again unless
// the client refuses that.
func TestStoredAnswers(t *testing.T) {
	s := serveWith(t, "", nil)
	s.update(chain(10))
	const all = `qlgraph_sparql_request_duration_seconds_count{operation="query"}`
	outcomes := func(query string, headers ...string) string {
		kept := `qlgraph_sparql_requests_total{operation="query",outcome="cached"}`
		before, asked := max(0, s.value(kept)), max(0, s.value(all))
		if resp, body := s.query(query, headers...); resp.StatusCode != 200 {
			t.Fatalf("%s: %s", resp.Status, body)
		}
		for s.value(all) <= asked { // a request is counted after its answer
			time.Sleep(time.Millisecond)
		}
		if max(0, s.value(kept)) > before {
			return "kept"
		}
		return "new"
	}
	const query = "SELECT * { ?s ?p ?o }"
	for i, step := range []struct{ want, header string }{
		{"new", ""}, {"kept", ""}, {"new", "Cache-Control: no-cache"}, {"new", "Cache-Control: max-age=0, no-cache"},
		{"new", "Pragma: no-cache"}, {"kept", "Accept: text/csv"}, {"change", ""}, {"new", ""}, {"kept", ""},
	} {
		if step.want == "change" {
			s.update("INSERT DATA { <http://e/new> <http://e/p> 1 }")
			continue
		}
		var headers []string
		if step.header != "" {
			headers = []string{step.header}
		}
		if got := outcomes(query, headers...); got != step.want {
			t.Errorf("step %d, %s: %s, want %s", i, step.header, got, step.want)
		}
	}
}

// TestClientsBehindProxies: rates hold for the client that a trusted proxy
// names, and for the proxy itself where nobody trusts it.
func TestClientsBehindProxies(t *testing.T) {
	const limits = "sparql: {limit_loopback: true, rate: 0.001, burst: 2}\n"
	from := func(s *served, address string) int {
		resp, _ := s.query("ASK {}", "X-Forwarded-For: "+address)
		return resp.StatusCode
	}
	trusting := serveWith(t, limits+"trusted_proxies: [127.0.0.0/8, 10.0.0.1]", nil)
	for i, step := range []struct {
		address string
		status  int
	}{
		{"192.0.2.1", 200}, {"192.0.2.1", 200}, {"192.0.2.1", 429},
		{"192.0.2.2", 200}, {"192.0.2.2, 10.0.0.1", 200}, {"192.0.2.2", 429},
		{"203.0.113.9, 192.0.2.2", 429}, // what a client claims itself does not count
		{"2001:db8::1", 200}, {"2001:db8::2", 200}, {"2001:db8::3", 429},
	} {
		if got := from(trusting, step.address); got != step.status {
			t.Errorf("step %d, %s: %d, want %d", i, step.address, got, step.status)
		}
	}
	doubting := serveWith(t, limits, nil)
	for i, want := range []int{200, 200, 429, 429} {
		if got := from(doubting, "192.0.2."+string(rune('1'+i))); got != want {
			t.Errorf("without trust, request %d: %d, want %d", i, got, want)
		}
	}
	resp, body := doubting.query("ASK {}")
	if resp.Header.Get("RateLimit") != `"rate";r=0;t=`+resp.Header.Get("Retry-After")+`, "work";r=119;t=1` && resp.Header.Get("RateLimit") != `"rate";r=0;t=`+resp.Header.Get("Retry-After")+`, "work";r=120;t=0` ||
		resp.Header.Get("RateLimit-Policy") != `"rate";q=2;w=2000, "work";q=120;w=120;qu="qlgraph-seconds", "perclient";q=4;qu="concurrent-requests"` ||
		!strings.Contains(body, `"violated-policies":["rate"]`) {
		t.Errorf("%v: %s", resp.Header, body)
	}
	exempt := serveWith(t, "sparql: {rate: 0.001, burst: 1}", nil)
	for range 5 {
		resp, _ := exempt.query("ASK {}")
		if resp.StatusCode != http.StatusOK || resp.Header.Get("RateLimit") != "" {
			t.Fatalf("loopback: %s, %q", resp.Status, resp.Header.Get("RateLimit"))
		}
	}
}
