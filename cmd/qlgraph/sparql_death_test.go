package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"qlgraph/graph/store"
	"qlgraph/sparql"
	"qlgraph/sparql/protocol"
	"qlgraph/web/server"
)

// Limits of the server under attack: small, so that the attacks end soon.
const (
	deathTime   = time.Second
	deathMemory = 32 << 20
	deathWrite  = time.Second / 2 // for a client to take a part of an answer
	// deathGrace is how much later than its limit a query may end. On an idle
	// machine it is a few milliseconds; the rest is for a busy one.
	deathGrace = 4 * time.Second
	// healthBound is the longest that /healthz may take meanwhile, as generous.
	healthBound = 2 * time.Second
	// deathHeap is what the process may hold more after the attacks than before.
	deathHeap = 32 << 20
)

// besieged is a server with small limits over a loaded store.
type besieged struct {
	*httptest.Server
	endpoint *protocol.Endpoint
}

// deathData is a graph that offers something to each attack: a long chain, a hub
// that everything links to, and texts.
func deathData() string {
	var b strings.Builder
	b.WriteString("@prefix : <http://e/> .\n")
	for i := range 4000 {
		fmt.Fprintf(&b, ":n%d a :Thing ; :next :n%d , :n%d ; :hub :centre ; :title \"%s %d\"@en ; :size %d .\n",
			i, (i+1)%4000, (i*7+3)%4000, strings.Repeat("a", 20+i%20), i, i)
	}
	return b.String()
}

func besiege(t *testing.T) *besieged {
	t.Helper()
	s, err := store.Open(filepath.Join(t.TempDir(), "data"), store.Options{Owner: "test"})
	if err != nil {
		t.Fatal(err)
	}
	engine := sparql.New(s, sparql.Options{
		DefaultGraphUnion: true, BaseIRI: "http://e/",
		Limits: sparql.Limits{Time: deathTime, Memory: deathMemory},
	})
	endpoint := protocol.New(protocol.Config{
		Turns:  newTurns(),
		Engine: engine, Dataset: s, Writer: s, BaseIRI: "http://e", GraphsPath: "/data",
		DefaultGraphUnion: true, Authorizer: newAuthority("token", s), Client: server.Client,
		Limits: protocol.Limits{
			Concurrent: 4, Queue: 8, QueueTime: 500 * time.Millisecond, WriteTime: deathWrite, CacheBytes: -1,
		},
	})
	b := &besieged{endpoint: endpoint, Server: httptest.NewServer(server.New(server.Config{
		Log: slog.New(slog.DiscardHandler), Ready: func() error { return nil }, Routes: sparqlRoutes(endpoint),
	}))}
	t.Cleanup(func() {
		b.Close()
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	req, err := http.NewRequest(http.MethodPut, b.URL+"/data?default", strings.NewReader(deathData()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "text/turtle")
	req.Header.Set("Authorization", "Bearer token")
	resp, err := b.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		body, _ := io.ReadAll(resp.Body)
		t.Fatalf("load: %s: %s", resp.Status, body)
	}
	return b
}

// attack sends a form and says how it ended: "answered", "broken" where an answer
// began and was cut off, or the limit or problem type that refused it.
func (b *besieged) attack(ctx context.Context, path, field, text string) (outcome string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, b.URL+path, strings.NewReader(url.Values{field: {text}}.Encode()))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "Bearer token")
	resp, err := b.Client().Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	if resp.StatusCode < 300 {
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			return "broken", nil
		}
		return "answered", nil
	}
	var problem struct {
		Type, Detail, Limit string
		Status              int
	}
	if got := resp.Header.Get("Content-Type"); got != "application/problem+json" {
		return "", fmt.Errorf("%s with content type %q", resp.Status, got)
	}
	if err := json.NewDecoder(resp.Body).Decode(&problem); err != nil {
		return "", fmt.Errorf("%s: %w", resp.Status, err)
	}
	if problem.Status != resp.StatusCode || problem.Detail == "" {
		return "", fmt.Errorf("%s, but the problem says %+v", resp.Status, problem)
	}
	if problem.Limit != "" {
		return problem.Limit, nil
	}
	return problem.Type[strings.LastIndexAny(problem.Type, "/#:")+1:], nil
}

// beats are the times in which /healthz answered, ascending.
type beats []time.Duration

func (b beats) longest() time.Duration { return b.at(1) }

// at returns the time within which the share of the answers came.
func (b beats) at(share float64) time.Duration {
	if len(b) == 0 {
		return 0
	}
	return b[int(share*float64(len(b)-1))]
}

func (b beats) String() string {
	return fmt.Sprintf("healthz %d times, median %v, p95 %v, p99 %v, longest %v",
		len(b), b.at(0.5), b.at(0.95), b.at(0.99), b.longest())
}

// pulse asks /healthz again and again until ctx ends.
func (b *besieged) pulse(ctx context.Context, t *testing.T) func() beats {
	var wait sync.WaitGroup
	var took beats
	wait.Go(func() {
		for ctx.Err() == nil {
			start := time.Now()
			resp, err := b.Client().Get(b.URL + "/healthz")
			if err != nil {
				t.Errorf("healthz: %v", err)
				return
			}
			resp.Body.Close()
			if resp.StatusCode != http.StatusOK {
				t.Errorf("healthz: %s", resp.Status)
			}
			took = append(took, time.Since(start))
			time.Sleep(10 * time.Millisecond)
		}
	})
	return func() beats {
		wait.Wait()
		slices.Sort(took)
		return took
	}
}

// heap returns the bytes in use after a collection.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestQueriesOfDeath sends what brings endpoints down: each query ends inside
// its limits, with the limit named, while the server stays well.
func TestQueriesOfDeath(t *testing.T) {
	b := besiege(t)
	before := heap()
	ctx, stop := context.WithCancel(t.Context())
	pulse := b.pulse(ctx, t)
	var slowest atomic.Int64
	t.Run("attacks", func(t *testing.T) {
		gate := make(chan struct{}, 2) // more at a time would measure each other
		for _, q := range deathQueries() {
			t.Run(q.name, func(t *testing.T) {
				t.Parallel()
				gate <- struct{}{}
				defer func() { <-gate }()
				start := time.Now()
				got, err := b.attack(t.Context(), "/sparql", "query", q.text)
				took := time.Since(start)
				t.Logf("%s after %v", got, took.Round(time.Millisecond))
				slowest.Store(max(slowest.Load(), int64(took)))
				if err != nil || !slices.Contains(strings.Fields(q.want), got) {
					t.Errorf("%q, %v, want %s", got, err, q.want)
				}
				if took > deathTime+deathGrace {
					t.Errorf("ended after %v", took)
				}
			})
		}
	})
	stop()
	beats := pulse()
	t.Logf("slowest query %v; %v", time.Duration(slowest.Load()), beats)
	if len(beats) == 0 || beats.longest() > healthBound {
		t.Error(beats)
	}
	if running, waiting := b.endpoint.Load(); running+waiting > 0 {
		t.Errorf("%d queries run and %d wait after the end", running, waiting)
	}
	b.Client().CloseIdleConnections()
	if after := heap(); after > before+deathHeap {
		t.Errorf("heap grew from %d to %d bytes", before, after)
	}
}

// deathQuery is an attack with how it may end, separated by spaces.
type deathQuery struct{ name, want, text string }

// How attacks may end. Which of several limits is reached first depends on the
// machine.
const (
	fine     = "answered"
	limited  = "time memory"
	cut      = "time memory broken" // the answer may have begun
	whatever = "answered time memory broken"
)

func deathQueries() []deathQuery {
	queries := slices.Concat(crossProducts(), deathPaths(), deathTexts(), deathShapes(), deathValues())
	for i := range queries {
		queries[i].text = "PREFIX : <http://e/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n" + queries[i].text
	}
	return queries
}

// crossProducts are joins without a condition, and what is done with their rows.
func crossProducts() []deathQuery {
	const cross = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
	return []deathQuery{
		{"cross product", cut, "SELECT * " + cross},
		{"cross product counted", whatever, "SELECT (COUNT(*) AS ?n) " + cross},
		{"cross product sorted", limited, "SELECT * " + cross + " ORDER BY ?c ?f ?i"},
		{"cross product in random order", limited, "SELECT * " + cross + " ORDER BY RAND()"},
		{"top of a cross product", limited, "SELECT * " + cross + " ORDER BY DESC(STR(?c)) LIMIT 10"},
		{"cross product distinct", cut, "SELECT DISTINCT ?a ?d ?g " + cross},
		{"cross product count distinct", limited, "SELECT (COUNT(DISTINCT *) AS ?n) " + cross},
		{"cross product grouped", limited, "SELECT ?a ?d ?g (COUNT(*) AS ?n) " + cross + " GROUP BY ?a ?d ?g"},
		{"cross product with HAVING", limited, "SELECT ?a (SUM(?c) AS ?n) " + cross + " GROUP BY ?a ?d HAVING (COUNT(DISTINCT ?i) > 3 && MAX(STR(?f)) > \"x\")"},
		{"cross product behind an offset", limited, "SELECT * " + cross + " OFFSET 2000000000 LIMIT 1"},
		{"cross product constructed", cut, "CONSTRUCT { ?a ?e ?i . ?d ?h ?c } WHERE " + cross},
		{"cross product hashed", cut, "SELECT (SHA512(CONCAT(STR(?a), STR(?f), STR(?i))) AS ?x) " + cross},
		{"cross product of new nodes", cut, "SELECT (BNODE() AS ?x) (UUID() AS ?y) (RAND() AS ?z) " + cross},
		{"cross product of graphs", whatever, "SELECT * { GRAPH ?g { ?a ?b ?c } GRAPH ?h { ?d ?e ?f } GRAPH ?k { ?i ?j ?l } }"},
		{"cross product by values", cut, "SELECT * {" + values5() + "}"},
		{"MINUS without a shared variable", whatever, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?x ?y ?z MINUS { ?d ?e ?f . ?g ?h ?i } }"},
		{"NOT EXISTS for every row", limited, "SELECT * { ?a ?b ?c FILTER NOT EXISTS { ?d ?e ?f FILTER(STR(?f) = CONCAT(STR(?c), \"!\")) } }"},
		{"cross product under a filter", limited, "SELECT * { ?a :title ?t . ?b :title ?u . ?c :title ?v FILTER(CONCAT(STR(?t), STR(?u)) = STR(?v)) }"},
		{"everything sorted", whatever, "SELECT * { ?s ?p ?o } ORDER BY ?o DESC(?p) STR(?s)"},
		{"unions of cross products", limited, "SELECT (COUNT(?c) AS ?n) {" + strings.Repeat("{ SELECT DISTINCT ?c "+cross+" } UNION ", 20) + "{} }"},
	}
}

func values5() string {
	var b strings.Builder
	for i := range 5 {
		fmt.Fprintf(&b, " VALUES ?v%d {", i)
		for j := range 200 {
			fmt.Fprintf(&b, " %d", j)
		}
		b.WriteString(" }")
	}
	return b.String()
}

// deathPaths are property paths whose evaluation by enumeration never ends.
func deathPaths() []deathQuery {
	return []deathQuery{
		{"any path between anything", cut + " pathnodes", "SELECT * { ?a (<>|!<>)+ ?b }"},
		{"star of a star", cut + " pathnodes", "SELECT * { ?a ((:next*)*)* ?b }"},
		{"negated star", cut + " pathnodes", "SELECT * { ?a (!:none)* ?b }"},
		{"pairs of paths", limited + " pathnodes", "SELECT (COUNT(*) AS ?n) { ?a :next+ ?b . ?b :next+ ?c . ?c :next+ ?a }"},
		{"options of options", whatever, "SELECT (COUNT(*) AS ?n) { :n1 (" + strings.Repeat("(", 30) + ":next" + strings.Repeat("/:next?)?", 30) + ") ?b }"},
		{"sequence of a thousand", whatever + " depth nodes", "SELECT (COUNT(*) AS ?n) { ?a " + strings.Repeat(":next/", 999) + ":next ?b }"},
		{"there and back through the hub", whatever, "SELECT (COUNT(*) AS ?n) { ?a :hub/^:hub/:hub/^:hub ?b }"},
		{"star through the hub", cut + " pathnodes", "SELECT * { ?a (:hub|^:hub|:next)* ?b }"},
	}
}

// deathTexts are strings, numbers and patterns that grow.
func deathTexts() []deathQuery {
	var double, encode, square, grow strings.Builder
	for i := range 40 {
		fmt.Fprintf(&double, "BIND(CONCAT(?x%d, ?x%d) AS ?x%d) ", i, i, i+1)
		fmt.Fprintf(&encode, "BIND(ENCODE_FOR_URI(?x%d) AS ?x%d) ", i, i+1)
		fmt.Fprintf(&square, "BIND(?x%d * ?x%d AS ?x%d) ", i, i, i+1)
		fmt.Fprintf(&grow, "BIND(REPLACE(?x%d, \"(.)\", \"$1$1$1\") AS ?x%d) ", i, i+1)
	}
	last := " FILTER(BOUND(?x40)) }"
	return []deathQuery{
		{"string doubled forty times", "functionbytes", `SELECT (STRLEN(?x40) AS ?n) { BIND("abcdefgh" AS ?x0) ` + double.String() + "}"},
		{"string encoded forty times", fine, `SELECT (STRLEN(?x40) AS ?n) { BIND("%%%%" AS ?x0) ` + encode.String() + "}"},
		{"string replaced forty times", "functionbytes time", `SELECT (STRLEN(?x40) AS ?n) { BIND("aaaa" AS ?x0) ` + grow.String() + "}"},
		{"integer squared forty times", whatever, "SELECT * { BIND(12345678901234567890 AS ?x0) " + square.String() + last},
		{"decimal squared forty times", whatever, "SELECT * { BIND(1.2345678901234567890 AS ?x0) " + square.String() + last},
		{"decimal divided", fine, "SELECT (AVG(1.0 / (?o + 7.000001)) AS ?x) { ?s :size ?o }"},
		{"integer of many digits", whatever, "SELECT (?x * ?x AS ?y) { BIND(" + strings.Repeat("9", 900_000) + " AS ?x) }"},
		{"doubling for every row", whatever, `SELECT (SUM(STRLEN(?x12)) AS ?n) { ?s :title ?t BIND(STR(?t) AS ?x0) ` + double.String()[:strings.Index(double.String(), "BIND(CONCAT(?x12")] + "}"},
		{"all literals in one", whatever, `SELECT (STRLEN(GROUP_CONCAT(?t)) AS ?n) { ?s :title ?t }`},
		{"all pairs of literals in one", "functionbytes", `SELECT (GROUP_CONCAT(?t) AS ?n) { ?s :title ?t . ?z :size ?x }`},
		{"regular expression that backtracks", fine, `SELECT (COUNT(*) AS ?n) { ?s :title ?t FILTER(REGEX(?t, "^(a+)+$")) }`},
		{"regular expression of repeated repeats", "answered pattern", `SELECT (COUNT(*) AS ?n) { ?s :title ?t FILTER(REGEX(?t, "((a{1000}){1000}){1000}")) }`},
		{"long regular expression", "answered pattern", `SELECT (COUNT(*) AS ?n) { ?s :title ?t FILTER(REGEX(?t, "` + strings.Repeat("(a|b)*", 20_000) + `")) }`},
		{"regular expressions from data", whatever, `SELECT (COUNT(*) AS ?n) { ?s :title ?t . ?z :title ?u FILTER(REGEX(?t, CONCAT("(", STR(?u), ")+$"))) }`},
		{"storm of STRDT", whatever, `SELECT (COUNT(DISTINCT ?d) AS ?n) { ?s :title ?t . ?z :size ?x BIND(STRDT(CONCAT(STR(?t), STR(?x)), IRI(CONCAT("http://e/", STR(?x)))) AS ?d) }`},
	}
}

// deathShapes are queries that are deep, long, or both.
func deathShapes() []deathQuery {
	optional := "SELECT (COUNT(*) AS ?n) { ?x0 :next ?x1 "
	for i := 1; i <= 30; i++ {
		optional += fmt.Sprintf("OPTIONAL { ?x%d :next ?x%d ", i, i+1)
	}
	var star strings.Builder
	for i := range 60 {
		fmt.Fprintf(&star, "?s%d ?p%d ?o%d . ", i, i, i)
	}
	nested := func(n int, open, inner, end string) string {
		return strings.Repeat(open, n) + inner + strings.Repeat(end, n)
	}
	return []deathQuery{
		{"thirty OPTIONALs in each other", limited, optional + strings.Repeat("}", 31)},
		{"thirty EXISTS in each other", whatever, "SELECT * { ?a :next ?b " + nested(30, "FILTER EXISTS { ?b :next ?a . ?c :next ?d ", "", "}") + "}"},
		{"ten thousand UNIONs", whatever + " nodes depth", "SELECT (COUNT(*) AS ?n) { {} " + strings.Repeat("UNION { ?a ?b ?c } ", 10_000) + "}"},
		{"ten thousand parentheses", "depth", "SELECT * { ?a ?b ?c FILTER(" + nested(10_000, "(", "?c", ")") + ") }"},
		{"ten thousand negations", "syntax", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c FILTER(" + strings.Repeat("!", 10_000) + "true) }"},
		{"ten thousand groups", "depth", "SELECT * " + nested(10_000, "{", "?a ?b ?c", "}")},
		{"ten thousand lists", "depth", "SELECT * { ?a ?b " + nested(10_000, "(", "1", ")") + " }"},
		{"a thousand subqueries", "depth", "SELECT * { " + nested(1_000, "{ SELECT * {", "?a ?b ?c", "} }") + " }"},
		{"sixty patterns that share nothing", whatever, "SELECT (COUNT(*) AS ?n) { " + star.String() + "}"},
		{"a thousand patterns on one variable", whatever, "SELECT (COUNT(*) AS ?n) { ?s " + strings.Repeat(":next ?o ; :hub ?h ; ", 500) + ":size ?z }"},
		{"template of a thousand triples", whatever, "CONSTRUCT { " + strings.Repeat("?a ?b [ ?b ?c ] . ", 500) + " } WHERE { ?a ?b ?c }"},
		{"DESCRIBE of the hub", fine, "DESCRIBE :centre"},
		{"DESCRIBE of everything", whatever, "DESCRIBE * { ?a ?b ?c }"},
		{"SERVICE that is the server itself", "service", "SELECT * { SERVICE <http://127.0.0.1/sparql> { ?s ?p ?o } }"},
		{"FROM a file", fine, "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }"},
	}
}

// deathValues are lists that are longer than anybody needs.
func deathValues() []deathQuery {
	list := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "%d,", i)
		}
		return strings.TrimSuffix(b.String(), ",")
	}
	var or strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&or, "||?o=%d", i)
	}
	return []deathQuery{
		{"a million values", "querybytes", "SELECT * { ?s :size ?o VALUES ?o { " + strings.ReplaceAll(list(1_000_000), ",", " ") + " } }"},
		{"a hundred and fifty thousand values", "nodes", "SELECT * { ?s :size ?o VALUES ?o { " + strings.ReplaceAll(list(150_000), ",", " ") + " } }"},
		{"fifty thousand values", fine, "SELECT (COUNT(*) AS ?n) { ?s :size ?o VALUES ?o { " + strings.ReplaceAll(list(50_000), ",", " ") + " } }"},
		{"fifty thousand in a list", whatever, "SELECT (COUNT(*) AS ?n) { ?s :size ?o FILTER(?o IN (" + list(50_000) + ")) }"},
		{"fifty thousand alternatives", whatever + " nodes depth", "SELECT (COUNT(*) AS ?n) { ?s :size ?o FILTER(false" + or.String() + ") }"},
	}
}

// TestUpdatesOfDeath sends updates that would fetch, or never end: nothing of
// them is applied.
func TestUpdatesOfDeath(t *testing.T) {
	b := besiege(t)
	count := func() string {
		resp, err := b.Client().Get(b.URL + "/sparql?format=csv&query=" + url.QueryEscape("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	before := count()
	for _, u := range []deathQuery{
		{"LOAD of the server itself", "load", "LOAD <" + b.URL + "/data?default> INTO GRAPH <http://e/copy>"},
		{"LOAD of a file", "load", "LOAD <file:///etc/passwd>"},
		{"insertion, then a LOAD", "load", "INSERT DATA { <http://e/a> <http://e/b> 1 } ; LOAD <http://127.0.0.1:1/>"},
		{"insertion of a cross product", limited, "INSERT { ?a ?e ?i } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"},
		{"deletion, then a cross product", limited, "DELETE WHERE { ?s ?p ?o } ; INSERT { ?a ?e ?i } WHERE { VALUES ?a { <http://e/x> } " + values5() + " BIND(<http://e/p> AS ?e) BIND(CONCAT(STR(?v0), STR(?v1), STR(?v2), STR(?v3), STR(?v4)) AS ?i) }"},
		{"syntax error at the end", "syntax", "CLEAR ALL ; INSERT DATA { <a> }"},
	} {
		t.Run(u.name, func(t *testing.T) {
			start := time.Now()
			got, err := b.attack(t.Context(), "/update", "update", u.text)
			t.Logf("%s after %v", got, time.Since(start).Round(time.Millisecond))
			if err != nil || !slices.Contains(strings.Fields(u.want), got) {
				t.Errorf("%q, %v, want %s", got, err, u.want)
			}
			if after := count(); after != before {
				t.Errorf("the store holds %q, held %q", after, before)
			}
		})
	}
}
