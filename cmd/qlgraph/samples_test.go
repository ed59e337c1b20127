package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qlgraph/internal/external"
)

// sampleServer serves the payloads as their owners' servers would: OOAPI v5
// items in the envelope of a page, the pages of OOAPI v6 and the OCCAPI tree as
// they are, ELM files as Turtle; and a manifest for each.
func sampleServer(t *testing.T, dir string) *httptest.Server {
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	mux.HandleFunc("GET /v5/{collection}", func(w http.ResponseWriter, r *http.Request) {
		items, err := os.ReadFile(filepath.Join(dir, "ooapi/v5-tue-osiris", r.PathValue("collection")+".items.json"))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"pageSize":250,"pageNumber":1,"hasPreviousPage":false,"hasNextPage":false,"items":%s}`, items)
	})
	mux.HandleFunc("GET /v6/{collection}", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, filepath.Join(dir, "ooapi/v6-from-spec-examples", r.PathValue("collection")+".json"))
	})
	mux.HandleFunc("GET /occapi/v1/{path...}", func(w http.ResponseWriter, r *http.Request) {
		body, err := os.ReadFile(filepath.Join(dir, "occapi/v1-example-server", r.PathValue("path"), "index.json"))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/vnd.api+json")
		w.Write(body)
	})
	mux.Handle("GET /elm/", http.StripPrefix("/elm/", http.FileServer(http.Dir(filepath.Join(dir, "elm")))))
	for name, source := range map[string]string{
		"tue":    `{"type": "ooapi", "version": "5", "path": "%s/v5"}`,
		"v6":     `{"type": "ooapi", "version": "6.0", "path": "%s/v6"}`,
		"occapi": `{"type": "occapi", "path": "%s/occapi/v1/hei/domain.tld"}`,
		"si":     `{"type": "elm", "path": "%s/elm/SI0001.ttl"}`,
		"at":     `{"type": "elm", "path": "%s/elm/AT0002.ttl"}`,
	} {
		mux.HandleFunc("GET /manifests/"+name, func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"sources": [`+source+`]}`, server.URL)
		})
	}
	return server
}

func sampleConfig(t *testing.T, url string) string {
	config := strings.ReplaceAll(`
network: {allow_private: true}
providers:
  - {schac: tue.nl, name: {en: Eindhoven University of Technology}, manifest: URL/manifests/tue}
  - {schac: oeapi.example, name: {en: OEAPI examples}, manifest: URL/manifests/v6}
  - {schac: domain.tld, name: {en: Example Institution}, manifest: URL/manifests/occapi}
  - {schac: uni-lj.si, eter: SI0001, name: {en: University of Ljubljana}, manifest: URL/manifests/si}
  - {schac: univie.ac.at, eter: AT0001, name: {en: University of Vienna}, manifest: URL/manifests/at}
`, "URL", url)
	name := filepath.Join(t.TempDir(), "qlgraph.yaml")
	if err := os.WriteFile(name, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// command runs a command line and returns what it printed.
func command(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, messages bytes.Buffer
	status = run(context.Background(), args, process{
		stdin: strings.NewReader(""), stdout: &out, stderr: &messages, getenv: func(string) string { return "" },
	})
	return status, out.String(), messages.String()
}

// harvestSamples harvests the given providers and returns the number of courses
// of each.
func harvestSamples(t *testing.T, data, config string, args ...string) map[string]int {
	t.Helper()
	status, stdout, stderr := command(t, append([]string{"harvest", "--data", data, "--config", config, "--json"}, args...)...)
	if status != 0 {
		t.Fatalf("status %d: %s\n%s", status, stderr, stdout)
	}
	var report struct {
		Sources []struct {
			Provider string
			Courses  int
		}
	}
	if err := json.Unmarshal([]byte(stdout), &report); err != nil {
		t.Fatal(err)
	}
	courses := map[string]int{}
	for _, s := range report.Sources {
		courses[s.Provider] = s.Courses
	}
	return courses
}

// TestRealSamples takes the real payloads the whole way: harvested over HTTP,
// stored, queried, dumped and validated.
func TestRealSamples(t *testing.T) {
	server := sampleServer(t, external.Samples(t))
	data, config := filepath.Join(t.TempDir(), "data"), sampleConfig(t, server.URL)
	got := harvestSamples(t, data, config, "--provider", "tue.nl", "--provider", "oeapi.example", "--provider", "domain.tld", "--provider", "uni-lj.si")
	// The examples of OOAPI v6 give a course and a programme the same id: the
	// programme is published, the course is held back with the reason.
	want := map[string]int{"tue.nl": 20, "oeapi.example": 1, "domain.tld": 2, "uni-lj.si": 2}
	if !maps.Equal(got, want) {
		t.Errorf("courses %v, want %v", got, want)
	}
	// The two ELM files describe the same courses under IRIs of the default base,
	// which no provider may: the second needs an aggregator of its own.
	other := filepath.Join(t.TempDir(), "data")
	got = harvestSamples(t, other, config, "--provider", "univie.ac.at", "--base-iri", "https://aggregator.example")
	if want := map[string]int{"univie.ac.at": 2}; !maps.Equal(got, want) {
		t.Errorf("courses %v, want %v", got, want)
	}
	status, stdout, stderr := command(t, "query", "--data", data, "--format", "csv",
		`SELECT ?p (COUNT(DISTINCT ?c) AS ?n) { ?c a ql:LearningOpportunitySpecification ; dcterms:publisher ?p } GROUP BY ?p ORDER BY ?p`)
	if status != 0 {
		t.Fatalf("query: %s", stderr)
	}
	if !strings.Contains(stdout, "http://data.quality-link.eu/provider/tue.nl,20") {
		t.Errorf("query: %s", stdout)
	}
	status, stdout, stderr = command(t, "dump", "--data", data, "--graph", tueGraph(t, data), "--to", "turtle")
	if status != 0 {
		t.Fatalf("dump: %s", stderr)
	}
	file := filepath.Join(t.TempDir(), "tue.ttl")
	if err := os.WriteFile(file, []byte(stdout), 0o600); err != nil {
		t.Fatal(err)
	}
	status, stdout, stderr = command(t, "validate", file)
	if status != 1 || !strings.Contains(stdout, "thematic area (elm:ISCEDFCode)") || !strings.Contains(stdout, "20 nodes") {
		t.Errorf("validate: status %d\n%s%s", status, stdout, stderr)
	}
}

func tueGraph(t *testing.T, data string) string {
	t.Helper()
	status, stdout, stderr := command(t, "query", "--data", data, "--format", "csv",
		`SELECT DISTINCT ?g { GRAPH ?g { ?c a ql:LearningOpportunitySpecification } FILTER(CONTAINS(STR(?g), "/source/tue.nl/")) }`)
	if status != 0 {
		t.Fatalf("query: %s", stderr)
	}
	_, graph, _ := strings.Cut(strings.TrimSpace(strings.ReplaceAll(stdout, "\r", "")), "\n")
	return graph
}
