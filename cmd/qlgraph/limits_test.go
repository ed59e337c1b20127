package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// served is the command serve, running.
type served struct {
	*testing.T
	url, dir string
	log      func() string // what it wrote to stderr after its address
	stop     func() int    // ends it and returns its exit status
}

// serveWith runs serve on an empty directory with a configuration file; env and
// args come beside it. The token is "token".
func serveWith(t *testing.T, config string, env map[string]string, args ...string) *served {
	t.Helper()
	s := &served{T: t, dir: t.TempDir()}
	file := filepath.Join(s.dir, "qlgraph.yaml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r, w := io.Pipe()
	status := make(chan int, 1)
	args = append([]string{"serve", "--data", filepath.Join(s.dir, "data"), "--listen", "127.0.0.1:0", "--config", file}, args...)
	go func() {
		code := run(ctx, args, process{stdout: w, stderr: w, getenv: func(name string) string {
			if name == "QLGRAPH_ADMIN_TOKEN" {
				return "token"
			}
			return env[name]
		}})
		w.Close()
		status <- code
	}()
	s.stop = sync.OnceValue(func() int { cancel(); return <-status })
	t.Cleanup(func() { s.stop() })
	lines := bufio.NewReader(r)
	for s.url == "" {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("serve ended with %d: %s", s.stop(), line)
		}
		if _, address, ok := strings.Cut(line, " on http://"); ok {
			s.url = "http://" + strings.TrimSuffix(address, "/\n")
		}
	}
	var mu sync.Mutex
	var rest bytes.Buffer
	go func() {
		for line, err := lines.ReadString('\n'); err == nil; line, err = lines.ReadString('\n') {
			mu.Lock()
			rest.WriteString(line)
			mu.Unlock()
		}
	}()
	s.log = func() string { mu.Lock(); defer mu.Unlock(); return rest.String() }
	return s
}

// send sends a request with the token and returns the answer with its body.
func (s *served) send(method, path, contentType, body string, headers ...string) (*http.Response, string) {
	s.Helper()
	req, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		s.Fatal(err)
	}
	return resp, string(content)
}

const tokenHeader = "Authorization: Bearer token"

// update applies an update, which has to succeed.
func (s *served) update(text string) {
	s.Helper()
	if resp, body := s.send("POST", "/update", "application/sparql-update", text, tokenHeader); resp.StatusCode != 204 {
		s.Fatalf("update: %s: %s", resp.Status, body)
	}
}

// query asks a query without a token.
func (s *served) query(text string, headers ...string) (*http.Response, string) {
	s.Helper()
	return s.send("POST", "/sparql?format=csv", "application/sparql-query", text, headers...)
}

// metrics returns the metrics as they stand.
func (s *served) metrics() string {
	s.Helper()
	_, body := s.send("GET", "/metrics", "", "")
	return body
}

// onlyValues leaves the comments out of metrics.
func onlyValues(metrics string) string {
	return regexp.MustCompile(`(?m)^#.*\n`).ReplaceAllString(metrics, "")
}

// chain is data with a path of n nodes.
func chain(n int) string {
	var b strings.Builder
	b.WriteString("PREFIX : <http://e/> INSERT DATA {")
	for i := range n {
		b.WriteString(" :n" + strings.Repeat("i", i) + " :next :n" + strings.Repeat("i", i+1) + " .")
	}
	return b.String() + " }"
}

// longQuery runs until its time is over.
const longQuery = `SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?d ?q ?e . ?f ?r ?g . ?h ?s ?i FILTER(CONCAT(STR(?a), STR(?b), STR(?d), STR(?e), STR(?f), STR(?g), STR(?h), STR(?i), STR(RAND())) = "x") }`

// TestEveryLimit reaches each limit with a setting that makes it small: the
// problem has the right status and names the limit and the setting.
func TestEveryLimit(t *testing.T) {
	const query, update = "application/sparql-query", "application/sparql-update"
	for _, test := range []struct {
		name, config       string // below sparql
		path, kind, body   string
		status             int
		limit, wantSetting string
	}{
		{"time", "time: 400ms", "/sparql", query, longQuery, 503, "time", "sparql.time"},
		{"time of an update", "time: 400ms", "/update", update, "INSERT { ?a ?p ?g } WHERE { ?a ?p ?b . ?d ?q ?e . ?f ?r ?g . ?h ?s ?i FILTER(CONCAT(STR(?a), STR(?b), STR(?d), STR(?e), STR(?f), STR(?g), STR(?h), STR(?i), STR(RAND())) = \"x\") }", 503, "time", "sparql.time"},
		{"memory", "memory: 100kB", "/sparql", query, "SELECT * { ?a ?p ?b . ?d ?q ?e } ORDER BY ?e ?a", 503, "memory", "sparql.memory"},
		{"rows", "rows: 10", "/sparql", query, "SELECT * { ?a ?p ?b }", 503, "rows", "sparql.rows"},
		{"query text", "query_bytes: 100", "/sparql", query, "ASK {} #" + strings.Repeat("x", 100), 413, "querybytes", "sparql.query_bytes"},
		{"query text in a form", "query_bytes: 100", "/sparql", "application/x-www-form-urlencoded", "query=" + url.QueryEscape("ASK {} #"+strings.Repeat("ä", 60)), 413, "querybytes", "sparql.query_bytes"},
		{"huge form", "query_bytes: 100", "/sparql", "application/x-www-form-urlencoded", "query=" + strings.Repeat("x", 1<<17), 413, "querybytes", "sparql.query_bytes"},
		{"update text", "update_bytes: 40kB", "/update", update, "CLEAR ALL #" + strings.Repeat("x", 40_000), 413, "updatebytes", "sparql.update_bytes"},
		{"depth", "depth: 5", "/sparql", query, "SELECT * {{{{{{{ }}}}}}}", 400, "depth", "sparql.depth"},
		{"depth of an update", "depth: 5", "/update", update, "DELETE { ?s ?p ?o } WHERE {{{{{{{ }}}}}}}", 400, "depth", "sparql.depth"},
		{"nodes", "nodes: 10", "/sparql", query, "SELECT * { VALUES ?x { 1 2 3 4 5 6 7 8 9 10 11 12 } }", 400, "nodes", "sparql.nodes"},
		{"path nodes", "path_nodes: 20", "/sparql", query, "SELECT * { ?a <http://e/next>+ ?b }", 503, "pathnodes", "sparql.path_nodes"},
		{"function", "function_bytes: 20", "/sparql", query, `SELECT (CONCAT("0123456789", "0123456789", "0123456789") AS ?x) {}`, 503, "functionbytes", "sparql.function_bytes"},
		{"upload", "upload_bytes: 30", "/data?default", "application/n-triples", "<http://e/a> <http://e/b> <http://e/c> .\n", 413, "uploadbytes", "sparql.upload_bytes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := serveWith(t, "sparql: {"+test.config+"}", nil)
			s.update(chain(100))
			resp, body := s.send("POST", test.path, test.kind, test.body, tokenHeader)
			s.wantProblem(resp, body, test.status, test.limit, test.wantSetting)
			if _, n := s.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o } #"); test.name != "rows" && strings.TrimSpace(n) != "n\r\n100" {
				t.Errorf("afterwards: %q", n)
			}
		})
	}
}

// wantProblem checks a problem about a limit.
func (s *served) wantProblem(resp *http.Response, body string, status int, limit, setting string) {
	s.Helper()
	var problem struct {
		Type, Detail, Limit, Setting string
		Status                       int
		Max                          any
	}
	if got := resp.Header.Get("Content-Type"); got != "application/problem+json" {
		s.Fatalf("%s, %s: %.200s", resp.Status, got, body)
	}
	if err := json.Unmarshal([]byte(body), &problem); err != nil {
		s.Fatal(err)
	}
	if resp.StatusCode != status || problem.Status != status || problem.Limit != limit || problem.Setting != setting ||
		problem.Max == nil || !strings.Contains(problem.Detail, setting) {
		s.Errorf("%s: %s, want status %d, limit %q, setting %q", resp.Status, body, status, limit, setting)
	}
}

// TestCrowdLimits reaches the limits that several requests share.
func TestCrowdLimits(t *testing.T) {
	for _, test := range []struct {
		name, config   string
		long, waiting  int // long queries meanwhile, and how many of them wait
		status         int
		limit, setting string
	}{
		{"no queue", "concurrent: 1, queue: off", 1, 0, 503, "queue", "sparql.queue"},
		{"full queue", "concurrent: 1, queue: 1, queue_time: 1m", 2, 1, 503, "queue", "sparql.queue"},
		{"waiting", "concurrent: 1, queue_time: 50ms", 1, 0, 503, "queuetime", "sparql.queue_time"},
		{"one client", "concurrent: 9, limit_loopback: true, per_client: 1, burst: 2000", 1, 0, 429, "perclient", "sparql.per_client"},
		{"rate", "limit_loopback: true, rate: 0.01, burst: 2", 0, 0, 429, "rate", "sparql.rate"},
		{"work", "concurrent: 2, limit_loopback: true, work: 800ms, burst: 2000", 2, 0, 429, "work", "sparql.work"},
		{"a token", "limit_loopback: true, limit_tokens: true, rate: 0.01, burst: 2", 0, 0, 429, "rate", "sparql.rate"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := serveWith(t, "sparql: {time: 700ms, "+test.config+"}", nil)
			if test.name != "a token" {
				s.update(chain(100))
			}
			var wait sync.WaitGroup
			var enough atomic.Bool
			defer wait.Wait()
			defer enough.Store(true)
			for range test.long {
				wait.Go(func() {
					for s.query(longQuery); !enough.Load(); s.query(longQuery) {
					}
				})
			}
			load := fmt.Sprintf("\nqlgraph_sparql_running %d\nqlgraph_sparql_waiting %d\n", test.long-test.waiting, test.waiting)
			for begin := time.Now(); !strings.Contains(onlyValues(s.metrics()), load); time.Sleep(time.Millisecond) {
				if time.Since(begin) > 10*time.Second {
					t.Fatal("the crowd did not form")
				}
			}
			if test.name == "work" {
				enough.Store(true)
				wait.Wait()
			}
			headers := []string{}
			if test.name == "a token" {
				headers = append(headers, tokenHeader)
			}
			for range 1000 {
				if resp, body := s.query("ASK { ?s ?p "+time.Now().Format(`"05.000000"`)+" }", headers...); resp.StatusCode != 200 {
					s.wantProblem(resp, body, test.status, test.limit, test.setting)
					if resp.Header.Get("Retry-After") == "" {
						t.Error("no Retry-After")
					}
					return
				}
			}
			t.Error("never refused")
		})
	}
}

// TestSettingsPrecedence: a flag wins over the environment, that over the file.
func TestSettingsPrecedence(t *testing.T) {
	const file = "sparql: {rows: 1}"
	env := map[string]string{"QLGRAPH_SPARQL_ROWS": "2"}
	for _, test := range []struct {
		name string
		s    *served
		max  string
	}{
		{"file", serveWith(t, file, nil), `"max":1,`},
		{"environment", serveWith(t, file, env), `"max":2,`},
		{"flag", serveWith(t, file, env, "--sparql-rows", "3"), `"max":3,`},
	} {
		test.s.update(chain(10))
		if resp, body := test.s.query("SELECT * { ?s ?p ?o }"); resp.StatusCode != 503 || !strings.Contains(body, test.max) {
			t.Errorf("%s: %s: %s, want %s", test.name, resp.Status, body, test.max)
		}
	}
}

// TestMistakenSettings are refused with the setting named, before anything runs.
func TestMistakenSettings(t *testing.T) {
	for setting, want := range map[string]string{
		"sparql: {time: 30}":              `sparql.time: "30"`,
		"sparql: {memory: lots}":          `sparql.memory: "lots"`,
		"sparql: {depth: off}":            `sparql.depth: "off"`,
		"sparql: {rate: -1}":              `sparql.rate: "-1"`,
		"sparql: {query_bytes: 4GiB}":     `sparql.query_bytes: "4GiB"`,
		"sparql: {limit_tokens: perhaps}": `sparql.limit_tokens: "perhaps"`,
		"sparql: {tiem: 3s}":              "tiem",
		"trusted_proxies: [everywhere]":   `"everywhere"`,
	} {
		file := filepath.Join(t.TempDir(), "qlgraph.yaml")
		if err := os.WriteFile(file, []byte(setting), 0o600); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		status := run(t.Context(), []string{"serve", "--data", t.TempDir(), "--listen", "127.0.0.1:0", "--config", file},
			process{stdout: &out, stderr: &out, getenv: func(string) string { return "" }})
		if status != statusUsage || !strings.Contains(out.String(), want) {
			t.Errorf("%s: status %d, %s", setting, status, out.String())
		}
	}
}

// TestCommandsBesideServerHaveItsSettings: a query that is handed to the server
// is evaluated as the server's own, unless its flags say otherwise.
func TestCommandsBesideServerHaveItsSettings(t *testing.T) {
	s := serveWith(t, "sparql: {depth: 7}", map[string]string{"QLGRAPH_SPARQL_NODES": "50"},
		"--sparql-rows", "10", "--base-iri", "http://other.example", "--default-graph", "strict")
	s.update("INSERT DATA { <a> <b> 1 } ; INSERT DATA { GRAPH <g> { <c> <d> 2 } }")
	ask := func(status int, want string, args ...string) {
		t.Helper()
		var out bytes.Buffer
		got := run(t.Context(), append([]string{"query", "--data", filepath.Join(s.dir, "data"), "--format", "csv"}, args...),
			process{stdin: strings.NewReader(""), stdout: &out, stderr: &out, getenv: func(string) string { return "" }})
		if got != status || !strings.Contains(out.String(), want) {
			t.Errorf("%v: status %d, %s, want %d with %q", args, got, out.String(), status, want)
		}
	}
	ask(0, "s\r\nhttp://other.example/a\r\n", "SELECT ?s { ?s ?p ?o }")
	ask(0, "http://other.example/c", "--default-graph", "union", "SELECT ?s { ?s ?p ?o }")
	ask(1, "more than 10 rows", "SELECT * { VALUES ?x { 1 2 3 4 5 6 7 8 9 10 11 } }")
	ask(0, "11", "--sparql-rows", "11", "SELECT * { VALUES ?x { 1 2 3 4 5 6 7 8 9 10 11 } }")
	ask(1, "nested deeper than 7", "SELECT * "+strings.Repeat("{", 8)+strings.Repeat("}", 8))
	ask(1, "more than 50", "SELECT * { VALUES ?x { "+strings.Repeat("1 ", 60)+"} }")
}
