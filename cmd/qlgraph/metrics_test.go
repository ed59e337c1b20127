package main

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// value returns a metric's value, -1 where it is not there.
func (s *served) value(metric string) float64 {
	s.Helper()
	line := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(metric) + ` (\S+)$`).FindStringSubmatch(s.metrics())
	if line == nil {
		return -1
	}
	x, err := strconv.ParseFloat(line[1], 64)
	if err != nil {
		s.Fatal(err)
	}
	return x
}

// abandon asks a long query and leaves.
func (s *served) abandon() {
	ctx, cancel := context.WithTimeout(s.Context(), 50*time.Millisecond)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", s.url+"/sparql?query="+url.QueryEscape(longQuery), nil)
	if err != nil {
		s.Fatal(err)
	}
	if resp, err := http.DefaultClient.Do(req); err == nil {
		s.Errorf("abandoned, but answered: %s", resp.Status)
	}
}

// breakOff asks for an answer that a limit breaks off.
func (s *served) breakOff() {
	resp, err := http.Get(s.url + "/sparql?query=" + url.QueryEscape("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"))
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err == nil {
		s.Error("the answer came whole")
	}
}

// TestMetricsAndLog has requests of each outcome: each is counted, timed and
// logged once.
func TestMetricsAndLog(t *testing.T) {
	s := serveWith(t, "sparql: {time: 700ms, memory: 2MiB, query_bytes: 1MB, limit_loopback: true, burst: 40, rate: 0.001}", nil)
	s.update(chain(100))
	const ask = "ASK { ?s ?p ?o }"
	_, _ = s.query(ask)
	tag := func() string {
		resp, _ := s.send("GET", "/sparql?query="+url.QueryEscape(ask), "", "")
		return resp.Header.Get("ETag")
	}()
	for _, outcome := range []struct {
		operation, outcome string
		cause              func()
	}{
		{"query", "ok", func() { s.query("SELECT * { ?s ?p ?o }") }},
		{"query", "cached", func() { s.query("SELECT * { ?s ?p ?o }") }},
		{"query", "unmodified", func() { s.send("GET", "/sparql?query="+url.QueryEscape(ask), "", "", "If-None-Match: "+tag) }},
		{"query", "syntax", func() { s.query("SELECT * {") }},
		{"query", "time", func() { s.query(longQuery) }},
		{"query", "memory", func() { s.query("SELECT * { ?a ?p ?b . ?d ?q ?e . ?f ?r ?g } ORDER BY ?e ?a") }},
		{"query", "querybytes", func() { s.query(strings.Repeat(" ", 1_000_001)) }},
		{"query", "nodes", func() { s.query("ASK { VALUES ?x {" + strings.Repeat("1 ", 100_001) + "} }") }},
		{"query", "depth", func() { s.query("SELECT * " + strings.Repeat("{", 1000)) }},
		{"query", "format", func() { s.send("GET", "/sparql?query="+url.QueryEscape(ask), "", "", "Accept: image/png") }},
		{"query", "mediatype", func() { s.send("POST", "/sparql", "text/plain", ask) }},
		{"query", "method", func() { s.send("PUT", "/sparql", "text/plain", ask) }},
		{"query", "canceled", s.abandon},
		{"query", "broken", s.breakOff},
		{"query", "service", func() { s.query("SELECT * { SERVICE <http://e/sparql> {} }") }},
		{"update", "ok", func() { s.update("INSERT DATA { <http://e/a> <http://e/b> 1 }") }},
		{"update", "syntax", func() { s.send("POST", "/update", "application/sparql-update", "CLEAR", tokenHeader) }},
		{"update", "unauthorized", func() { s.send("POST", "/update", "application/sparql-update", "CLEAR ALL") }},
		{"update", "graph", func() {
			s.send("POST", "/update", "application/sparql-update", "DROP GRAPH <http://e/none>", tokenHeader)
		}},
		{"graph", "ok", func() { s.send("GET", "/data?default", "", "") }},
		{"graph", "graph", func() { s.send("GET", "/data?graph=http://e/none", "", "") }},
		{"query", "rate", func() {
			for range 60 {
				s.query(ask)
			}
		}},
	} {
		t.Run(outcome.operation+" "+outcome.outcome, func(t *testing.T) {
			counter := `qlgraph_sparql_requests_total{operation="` + outcome.operation + `",outcome="` + outcome.outcome + `"}`
			before := max(0, s.value(counter))
			outcome.cause()
			for begin := time.Now(); s.value(counter) <= before; time.Sleep(time.Millisecond) { // of one who left
				if time.Since(begin) > 5*time.Second {
					t.Fatalf("%s does not grow from %g", counter, before)
				}
			}
		})
	}
	s.checkTotals()
	s.checkStoreMetrics()
}

// checkTotals compares the counters, the histograms and the log.
func (s *served) checkTotals() {
	s.Helper()
	for _, operation := range []string{"query", "update", "graph"} {
		sum := 0.0
		for _, line := range regexp.MustCompile(`(?m)^qlgraph_sparql_requests_total\{operation="`+operation+`".*\} (\d+)$`).FindAllStringSubmatch(s.metrics(), -1) {
			n, _ := strconv.ParseFloat(line[1], 64)
			sum += n
		}
		if timed := s.value(`qlgraph_sparql_request_duration_seconds_count{operation="` + operation + `"}`); timed != sum || sum == 0 {
			s.Errorf("%s: %g requests, %g timed", operation, sum, timed)
		}
		logged := regexp.MustCompile(`(?m)^time=\S+ level=INFO msg=`+operation+` outcome=[a-z]+ status=\d+ hash=\S+ rows=\d+ bytes=\d+ took=\S+ waited=\S+ memory=\d+ version=\d+`).FindAllString(s.log(), -1)
		if float64(len(logged)) != sum {
			s.Errorf("%s: %g requests, %d lines in the log:\n%s", operation, sum, len(logged), s.log())
		}
	}
	if strings.Contains(s.log(), "ASK {") {
		s.Error("the log has the text of a query")
	}
	// One query needs more than 2 MiB, and is stopped there.
	if over := s.value(`qlgraph_sparql_memory_bytes_bucket{operation="query",le="+Inf"}`) - s.value(`qlgraph_sparql_memory_bytes_bucket{operation="query",le="1.048576e+06"}`); over < 1 {
		s.Errorf("%g queries beyond a mebibyte", over)
	}
	if rows := s.value(`qlgraph_sparql_rows_total{operation="query"}`); rows < 200 {
		s.Errorf("%g rows", rows)
	}
}

func (s *served) checkStoreMetrics() {
	s.Helper()
	for metric, want := range map[string]float64{
		"qlgraph_store_quads": 101, "qlgraph_store_commits_total": 2, "qlgraph_store_snapshots": 0,
		"qlgraph_sparql_running": 0, "qlgraph_sparql_waiting": 0,
	} {
		if got := s.value(metric); got != want {
			s.Errorf("%s is %g, want %g", metric, got, want)
		}
	}
	version := s.value("qlgraph_store_version")
	if version < 1 || s.value("qlgraph_store_file_bytes") < 4096 || s.value("qlgraph_store_terms") < 101 {
		s.Errorf("store: %s", onlyValues(s.metrics()))
	}
	s.send("DELETE", "/data?default", "", "", tokenHeader)
	if got := s.value("qlgraph_store_version"); got != version+1 {
		s.Errorf("version %g after a change of version %g", got, version)
	}
}
