package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

const goodCourse = `{"pageSize":250,"pageNumber":1,"hasPreviousPage":false,"hasNextPage":false,"items":[
{"courseId":"C1","name":[{"language":"en-GB","value":"Ocean currents"}],"primaryCode":{"codeType":"identifier","code":"OC1"},
"abbreviation":"OC","description":[{"language":"en-GB","value":"How water moves."}],"teachingLanguage":"eng","level":"bachelor"}]}`

// brokenProviders serves a source in each of the states in which sources are
// found. While healthy is true the one named "fickle" is as good as "good".
func brokenProviders(t *testing.T, healthy *atomic.Bool) *httptest.Server {
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	say := func(mediaType, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", mediaType)
			fmt.Fprint(w, text)
		}
	}
	mux.HandleFunc("/good/courses", say("application/json", goodCourse))
	mux.HandleFunc("/fickle/courses", func(w http.ResponseWriter, r *http.Request) {
		if healthy.Load() {
			say("application/json", goodCourse)(w, r)
		} else {
			say("text/html", "<html><body>Wartungsarbeiten</body></html>")(w, r)
		}
	})
	mux.HandleFunc("/html/courses", say("text/html", "<html><body>Welcome</body></html>"))
	mux.HandleFunc("/json/courses", say("application/json", `{"items":[{"courseId":`))
	mux.HandleFunc("/turtle", say("text/turtle", "@prefix e: <http://e.example/> .\ne:a e:b \"no end .\n"))
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	for name, source := range map[string]string{
		"good": `{"type":"ooapi","version":"5","path":"URL/good"}`, "fickle": `{"type":"ooapi","version":"5","path":"URL/fickle"}`,
		"html": `{"type":"ooapi","version":"5","path":"URL/html"}`, "json": `{"type":"ooapi","version":"5","path":"URL/json"}`,
		"turtle": `{"type":"elm","path":"URL/turtle"}`, "down": `{"type":"ooapi","version":"5","path":"` + closed.URL + `"}`,
	} {
		mux.HandleFunc("/manifest/"+name, say("application/json", `{"sources":[`+strings.ReplaceAll(source, "URL", server.URL)+`]}`))
	}
	return server
}

type sourceReport struct {
	Provider, Status string
	Courses          int
	Errors           []struct{ Message, At string }
}

func harvestReport(t *testing.T, data, config string) (int, map[string]sourceReport) {
	t.Helper()
	status, stdout, stderr := command(t, "harvest", "--data", data, "--config", config, "--json")
	var report struct{ Sources []sourceReport }
	if err := json.Unmarshal([]byte(stdout), &report); err != nil {
		t.Fatalf("%v: %s%s", err, stdout, stderr)
	}
	sources := map[string]sourceReport{}
	for _, s := range report.Sources {
		sources[strings.TrimSuffix(s.Provider, ".example")] = s
	}
	return status, sources
}

// TestBrokenSources harvests sources that are down, answer HTML, broken JSON or
// broken Turtle: each is reported with place and reason, the others are
// harvested, and what was stored before stays.
func TestBrokenSources(t *testing.T) {
	var healthy atomic.Bool
	healthy.Store(true)
	server := brokenProviders(t, &healthy)
	text := "network: {allow_private: true}\nproviders:\n"
	for _, name := range []string{"good", "fickle", "html", "json", "turtle", "down"} {
		text += fmt.Sprintf("  - {schac: %s.example, manifest: %s/manifest/%s}\n", name, server.URL, name)
	}
	config := filepath.Join(t.TempDir(), "qlgraph.yaml")
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(t.TempDir(), "data")
	status, sources := harvestReport(t, data, config)
	if status != statusFailed {
		t.Errorf("status %d, want %d", status, statusFailed)
	}
	for name, want := range map[string]struct{ message, at string }{
		"html":   {"not JSON", "/html/courses"},
		"json":   {"JSON", "/json/courses"},
		"turtle": {"expected", "/turtle"},
		"down":   {"refused", ""},
	} {
		s := sources[name]
		if s.Status != "failed" || len(s.Errors) == 0 || !strings.Contains(s.Errors[0].Message, want.message) ||
			!strings.Contains(s.Errors[0].At+s.Errors[0].Message, want.at) {
			t.Errorf("%s: %+v, want a failure with %q at %q", name, s, want.message, want.at)
		}
	}
	for _, name := range []string{"good", "fickle"} {
		if s := sources[name]; s.Status != "ok" || s.Courses != 1 {
			t.Errorf("%s: %+v", name, s)
		}
	}
	healthy.Store(false)
	if _, sources = harvestReport(t, data, config); sources["fickle"].Status != "failed" || sources["good"].Status != "unchanged" {
		t.Errorf("second run: %+v", sources)
	}
	_, stdout, _ := command(t, "query", "--data", data, "--format", "csv",
		`SELECT (COUNT(*) AS ?n) { ?c a ql:LearningOpportunitySpecification ; dcterms:title ?t }`)
	if !strings.Contains(stdout, "2") {
		t.Errorf("what was stored before is gone: %s", stdout)
	}
}
