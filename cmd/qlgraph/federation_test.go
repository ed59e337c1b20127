package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// courseServer is a second server of ours with courses 0 to n-1 that counts what
// it is asked.
func courseServer(t *testing.T, n int) (s *served, requests func() float64) {
	t.Helper()
	s = serveWith(t, "", nil)
	var b strings.Builder
	b.WriteString("PREFIX : <http://e/> INSERT DATA {")
	for i := range n {
		fmt.Fprintf(&b, " :c%d :title \"Course %d\"@en ; :credits %d .", i, i, i%10)
	}
	s.update(b.String() + ` :blank :node _:b . }`)
	counted := func() float64 {
		return max(0, s.value(`qlgraph_sparql_requests_total{operation="query",outcome="ok"}`))
	}
	return s, func() float64 { // a request is counted after its answer
		n := counted()
		for again := -1.0; again != n; again, n = n, counted() {
			time.Sleep(3 * time.Millisecond)
		}
		return n
	}
}

// federated is a server that may ask others at the addresses of allow.
func federated(t *testing.T, settings string, allow ...string) *served {
	t.Helper()
	s := serveWith(t, "network: {allow_private: true}\nsparql: {"+settings+"service_allow: ['"+strings.Join(allow, "', '")+"'], load_allow: ['"+strings.Join(allow, "', '")+"']}", nil)
	var b strings.Builder
	b.WriteString("PREFIX : <http://e/> INSERT DATA {")
	for i := range 300 {
		fmt.Fprintf(&b, " :student%d :takes :c%d .", i, i%40)
	}
	s.update(b.String() + " :x :endpoint <" + allow[0] + "/sparql> ; :takes :c9999 . _:b :takes _:c . }")
	return s
}

func TestService(t *testing.T) {
	other, requests := courseServer(t, 500)
	s := federated(t, "", other.url)
	endpoint := "<" + other.url + "/sparql>"
	for _, test := range []struct {
		name, query, want string
		atMost            float64 // requests
	}{
		{"join sends the values along", "SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?t) AS ?d) { ?s :takes ?c SERVICE " + endpoint + " { ?c :title ?t } }", "n,d\r\n300,40", 1},
		{"values of two variables", "SELECT (COUNT(*) AS ?n) { VALUES (?c ?k) { (:c1 1) (:c2 1) (:c3 3) (:c4 UNDEF) } SERVICE " + endpoint + " { ?c :credits ?k } }", "n\r\n3", 2},
		{"alone", "SELECT (COUNT(*) AS ?n) { SERVICE " + endpoint + " { ?c :title ?t } }", "n\r\n500", 1},
		{"nothing to ask for", "SELECT * { ?s :nothing ?c SERVICE " + endpoint + " { ?c :title ?t } }", "s,c,t", 0},
		{"filter over both", "SELECT ?c { VALUES ?k { 3 } ?s :takes ?c SERVICE " + endpoint + " { ?c :credits ?l } FILTER(?l = ?k && ?s = :student3) }", "c\r\nhttp://e/c3", 1},
		{"variable endpoint", "SELECT ?t { :x :endpoint ?e SERVICE ?e { :c7 :title ?t } }", "t\r\nCourse 7", 1},
		{"endpoint from VALUES, written after", "SELECT ?t { SERVICE ?e { :c7 :title ?t } VALUES ?e { " + endpoint + " } }", "t\r\nCourse 7", 1},
		{"subquery with LIMIT", "SELECT (COUNT(*) AS ?n) { SERVICE " + endpoint + " { SELECT ?c { ?c :credits 1 } ORDER BY ?c LIMIT 5 } }", "n\r\n5", 1},
		{"aggregate elsewhere", "SELECT ?n { SERVICE " + endpoint + " { SELECT (COUNT(*) AS ?n) { ?c :credits 1 } } }", "n\r\n50", 1},
		{"optional", "SELECT (COUNT(?s) AS ?n) (COUNT(?t) AS ?with) { ?s :takes ?c OPTIONAL { SERVICE " + endpoint + " { ?c :title ?t } } }", "n,with\r\n302,300", 2},
		{"exists", "SELECT (COUNT(*) AS ?n) { VALUES ?c { :c1 :c9999 } FILTER EXISTS { SERVICE " + endpoint + " { ?c :title ?t } } }", "n\r\n1", 2},
		{"two services", "SELECT ?t ?k { SERVICE " + endpoint + " { ?c :title ?t } SERVICE " + endpoint + " { ?c :credits ?k } VALUES ?c { :c8 } }", "t,k\r\nCourse 8,8", 2},
		{"blank nodes are strangers", "SELECT (COUNT(*) AS ?n) { ?s :takes ?b SERVICE " + endpoint + " { :blank :node ?b } }", "n\r\n0", 2},
		{"many values", "SELECT (COUNT(*) AS ?n) { SERVICE " + endpoint + " { ?c :title ?u } SERVICE " + endpoint + " { ?c :credits ?k } }", "n\r\n500", 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := requests()
			resp, body := s.query("PREFIX : <http://e/> " + test.query)
			if resp.StatusCode != 200 || strings.TrimSpace(body) != test.want {
				t.Errorf("%s: %q, want %q", resp.Status, body, test.want)
			}
			if got := requests() - before; got > test.atMost {
				t.Errorf("%g requests, want at most %g", got, test.atMost)
			}
		})
	}
}

// TestServiceRefusals: where a query may not go.
func TestServiceRefusals(t *testing.T) {
	other, _ := courseServer(t, 1)
	port := other.url[strings.LastIndex(other.url, ":"):]
	s := federated(t, "", other.url+"/sparql", "http://169.254.169.254")
	closed := serveWith(t, "sparql: {service_allow: ['"+other.url+"']}", nil)
	none := serveWith(t, "", nil)
	for _, test := range []struct {
		name   string
		s      *served
		query  string
		status int
		want   string
	}{
		{"no list", none, "SELECT * { SERVICE <" + other.url + "/sparql> {} }", 403, "sparql.service_allow"},
		{"another path", s, "SELECT * { SERVICE <" + other.url + "/qualitylink/sparql> {} }", 403, "sparql.service_allow"},
		{"longer path", s, "SELECT * { SERVICE <" + other.url + "/sparql2> {} }", 403, "sparql.service_allow"},
		{"way up", s, "SELECT * { SERVICE <" + other.url + "/sparql/../update> {} }", 403, "sparql.service_allow"},
		{"another name of the host", s, "SELECT * { SERVICE <http://localhost" + port + "/sparql> {} }", 403, "sparql.service_allow"},
		{"user name", s, "SELECT * { SERVICE <http://127.0.0.1@evil.example/sparql> {} }", 403, "sparql.service_allow"},
		{"file", s, "SELECT * { SERVICE <file:///etc/passwd> {} }", 403, "sparql.service_allow"},
		{"urn", s, "SELECT * { SERVICE <urn:x:y> {} }", 403, "sparql.service_allow"},
		{"variable without a value", s, "SELECT * { SERVICE ?e { ?s ?p ?o } }", 403, "no value"},
		{"literal", s, `SELECT * { VALUES ?e { "x" } SERVICE ?e { ?s ?p ?o } }`, 403, "not an IRI"},
		{"allowed, but never reached", s, "SELECT * { SERVICE <http://169.254.169.254/sparql> {} }", 403, "link-local"},
		{"allowed, but private", closed, "SELECT * { SERVICE <" + other.url + "/sparql> {} }", 403, "network.allow_private"},
	} {
		t.Run(test.name, func(t *testing.T) {
			resp, body := test.s.query(test.query)
			if resp.StatusCode != test.status || !strings.Contains(body, test.want) || !strings.Contains(body, "problem:service") {
				t.Errorf("%s: %s, want %d with %q", resp.Status, body, test.status, test.want)
			}
			silent := strings.Replace(test.query, "SERVICE", "SERVICE SILENT", 1)
			if resp, body := test.s.query(silent); resp.StatusCode != 200 {
				t.Errorf("SILENT: %s: %s", resp.Status, body)
			}
		})
	}
}

// TestFederationIsDescribed: the service description tells whether SERVICE may
// ask anybody (SPARQL 1.1 Service Description §3.2.11).
func TestFederationIsDescribed(t *testing.T) {
	for config, want := range map[string]bool{"": false, "sparql: {service_allow: ['https://example.org/sparql']}": true} {
		_, body := serveWith(t, config, nil).send("GET", "/sparql?format=ntriples", "", "")
		if got := strings.Contains(body, "sparql-service-description#BasicFederatedQuery"); got != want {
			t.Errorf("%q: described as %v", config, got)
		}
	}
}

// hostile answers requests for /sparql and documents in ways that hurt.
func hostile(t *testing.T) *httptest.Server {
	const json = "application/sparql-results+json"
	endless := func(w http.ResponseWriter, contentType, begin, part string) {
		w.Header().Set("Content-Type", contentType)
		_, err := io.WriteString(w, begin)
		for err == nil {
			_, err = io.WriteString(w, part)
		}
	}
	mux := http.NewServeMux()
	to := func(path, target string, status int) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, target, status) })
	}
	to("/redirect", "http://169.254.169.254/latest/meta-data", 307)
	to("/elsewhere", "http://example.org/sparql", 308)
	to("/loop", "/loop", 307)
	to("/moved", "/whole", 302)
	mux.HandleFunc("/whole", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", json)
		io.WriteString(w, `{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"y"}}]}}`)
	})
	mux.HandleFunc("/html", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("<html>")) })
	mux.HandleFunc("/error", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) })
	mux.HandleFunc("/broken", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", json)
		io.WriteString(w, `{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"y"}},`)
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})
	mux.HandleFunc("/endless", func(w http.ResponseWriter, _ *http.Request) {
		endless(w, json, `{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"`, strings.Repeat("y", 1<<16))
	})
	mux.HandleFunc("/rows", func(w http.ResponseWriter, _ *http.Request) {
		endless(w, json, `{"head":{"vars":["x"]},"results":{"bindings":[{}`, `,{"x":{"type":"literal","value":"y"}}`)
	})
	mux.HandleFunc("/triples", func(w http.ResponseWriter, _ *http.Request) {
		endless(w, "application/n-triples", "", "<http://e/a> <http://e/b> <http://e/c> .\n")
	})
	mux.HandleFunc("/drip", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", json)
		for r.Context().Err() == nil {
			io.WriteString(w, " ")
			w.(http.Flusher).Flush()
			time.Sleep(20 * time.Millisecond)
		}
	})
	mux.HandleFunc("/silence", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // a server notices that a client leaves when it has read what it sent
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// TestServiceOfHostileServers: what they do ends inside the limits, with a
// status that says whose fault it was.
func TestServiceOfHostileServers(t *testing.T) {
	h := hostile(t)
	s := federated(t, "remote_time: 400ms, remote_bytes: 1MB, remote_rows: 1000, document_bytes: 100kB, document_time: 400ms, ", h.URL)
	for _, test := range []struct {
		path, limit string
		status      int
		want        string
	}{
		{"/whole", "", 200, "x\r\ny"},
		{"/redirect", "", 403, "169.254.169.254"},
		{"/elsewhere", "", 403, "sparql.service_allow"},
		{"/loop", "", 502, "redirects"},
		{"/moved", "", 502, "without the query"},
		{"/html", "", 502, "not with SPARQL results"},
		{"/triples", "", 502, "not with SPARQL results"},
		{"/error", "", 502, "500"},
		{"/nothing", "", 502, "404"},
		{"/broken", "", 502, "EOF"},
		{"/endless", "remotebytes", 502, "sparql.remote_bytes"},
		{"/rows", "remoterows", 502, "sparql.remote_rows"},
		{"/drip", "remotetime", 504, "sparql.remote_time"},
		{"/silence", "remotetime", 504, "sparql.remote_time"},
	} {
		t.Run(test.path, func(t *testing.T) {
			query := "SELECT * { SERVICE <" + h.URL + test.path + "> { ?x ?x ?x } }"
			start := time.Now()
			resp, body := s.query(query)
			if resp.StatusCode != test.status || !strings.Contains(body, test.want) || test.limit != "" && !strings.Contains(body, `"limit":"`+test.limit+`"`) {
				t.Errorf("%s: %.300s, want %d with %q", resp.Status, body, test.status, test.want)
			}
			if test.status != 200 && resp.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("content type %s", resp.Header.Get("Content-Type"))
			}
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("took %v", took)
			}
			if resp, body := s.query(strings.Replace(query, "SERVICE", "SERVICE SILENT", 1)); resp.StatusCode != 200 {
				t.Errorf("SILENT: %s: %s", resp.Status, body)
			}
		})
	}
}

// TestLoadFromTheWeb: LOAD reads what it may, as a whole or not at all.
func TestLoadFromTheWeb(t *testing.T) {
	other, _ := courseServer(t, 100)
	h := hostile(t)
	var asked atomic.Int32
	files := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", map[string]string{"/a.ttl": "text/plain", "/b": "application/ld+json", "/c.ttl": "text/turtle"}[r.URL.Path])
		io.WriteString(w, map[string]string{
			"/a.ttl": "<#it> a [] .",
			"/b":     `{"@context": {"p": "` + h.URL + `/p"}, "@id": "x", "p": 1}`,
			"/c.ttl": "<a> <b> <c> . <a> <b",
		}[r.URL.Path])
	}))
	defer files.Close()
	s := federated(t, "document_bytes: 100kB, document_time: 400ms, ", other.url+"/data", h.URL, files.URL)
	count := func() string {
		_, body := s.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
		return strings.TrimSpace(strings.TrimPrefix(body, "n\r\n"))
	}
	before := count()
	for _, test := range []struct {
		name, address string
		status        int
		want          string
		added         int
	}{
		{"graph of another server", other.url + "/data?default", 204, "", 201},
		{"Turtle that is called text", files.URL + "/a.ttl", 204, "", 1},
		{"JSON-LD", files.URL + "/b", 204, "", 1},
		{"broken Turtle", files.URL + "/c.ttl", 400, "problem:data", 0},
		{"not allowed", other.url + "/sparql", 403, "sparql.load_allow", 0},
		{"file", "file:///etc/passwd", 403, "sparql.load_allow", 0},
		{"redirect", h.URL + "/redirect", 403, "169.254.169.254", 0},
		{"results", h.URL + "/whole", 502, "not with RDF", 0},
		{"endless", h.URL + "/triples", 502, "sparql.document_bytes", 0},
		{"silence", h.URL + "/silence", 504, "sparql.document_time", 0},
		{"missing", h.URL + "/missing", 502, "404", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			update := "INSERT DATA { <http://e/before> <http://e/p> 1 } ; LOAD <" + test.address + "> ; DELETE DATA { <http://e/before> <http://e/p> 1 }"
			resp, body := s.send("POST", "/update", "application/x-www-form-urlencoded", "update="+url.QueryEscape(update), tokenHeader)
			if resp.StatusCode != test.status || !strings.Contains(body, test.want) {
				t.Errorf("%s: %s, want %d with %q", resp.Status, body, test.status, test.want)
			}
			var n, m int
			fmt.Sscan(before, &n)
			before = count()
			fmt.Sscan(before, &m)
			if m-n != test.added {
				t.Errorf("%d triples more, want %d", m-n, test.added)
			}
		})
	}
	if asked.Load() != 3 {
		t.Errorf("the files were asked for %d times", asked.Load())
	}
	if resp, _ := s.send("POST", "/update", "application/sparql-update", "LOAD SILENT <"+h.URL+"/triples>", tokenHeader); resp.StatusCode != 204 || count() != before {
		t.Errorf("SILENT: %s, %s triples", resp.Status, count())
	}
}
