package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qlgraph/harvesters"
	"qlgraph/harvesters/demo"
)

// loadServer serves a seeded catalogue with its manifest, and writes the
// configuration that names them.
func loadServer(t *testing.T, courses int) (l *demo.Load, config string) {
	t.Helper()
	l = demo.NewLoad(harvesters.OOAPI, 1, courses)
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	mux.Handle("/feed/", demo.Mounted("/feed", demo.Handler(harvesters.OOAPI, l.Catalogue)))
	mux.HandleFunc("/manifest", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "sources: [{id: s, type: ooapi, version: 5, path: '%s/feed'}]", server.URL)
	})
	config = filepath.Join(t.TempDir(), "qlgraph.yaml")
	text := "network: {allow_private: true}\nproviders:\n  - {schac: load.example, manifest: " + server.URL + "/manifest}\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return l, config
}

// heldRun harvests, takes half of the catalogue away and harvests again: the
// second run is held.
func heldRun(t *testing.T, l *demo.Load, data string, flags ...string) (run string) {
	t.Helper()
	args := append([]string{"harvest", "--data", data, "--json"}, flags...)
	if status, _, stderr := command(t, args...); status != statusDone {
		t.Fatalf("status %d: %s", status, stderr)
	}
	l.Remove(l.Courses() / 2)
	_, stdout, stderr := command(t, args...)
	var report struct {
		ID      string
		Sources []struct{ Status string }
	}
	if err := json.Unmarshal([]byte(stdout), &report); err != nil {
		t.Fatalf("%v: %s", err, stderr)
	}
	if len(report.Sources) != 1 || report.Sources[0].Status != "held" {
		t.Fatalf("not held: %s", stdout)
	}
	return report.ID
}

func storedCourses(t *testing.T, data string) string {
	t.Helper()
	_, stdout, _ := command(t, "query", "--data", data, "--format", "csv",
		`SELECT (COUNT(DISTINCT ?c) AS ?n) { ?c a ql:LearningOpportunitySpecification ; dcterms:title ?t }`)
	return strings.TrimSpace(strings.TrimPrefix(strings.ReplaceAll(stdout, "\r", ""), "n\n"))
}

// TestReleaseHarvestsAtOnce releases a held run: what it held is committed by
// the same command, and a run that would do more than that is held again.
func TestReleaseHarvestsAtOnce(t *testing.T) {
	l, config := loadServer(t, 40)
	data := filepath.Join(t.TempDir(), "data")
	run := heldRun(t, l, data, "--config", config)
	status, stdout, stderr := command(t, "runs", "release", run, "--data", data, "--config", config)
	if status != statusDone || !strings.Contains(stderr, "load.example") || !strings.Contains(stdout, "ok") || storedCourses(t, data) != "20" {
		t.Errorf("status %d, %s courses: %s%s", status, storedCourses(t, data), stdout, stderr)
	}
	if status, _, stderr = command(t, "runs", "release", run, "--data", data, "--config", config); status != statusFailed || !strings.Contains(stderr, "holds nothing") {
		t.Errorf("a second release: status %d: %s", status, stderr)
	}

	run = heldRun(t, l, data, "--config", config)
	l.Remove(5)
	if _, stdout, _ = command(t, "runs", "release", run, "--data", data, "--config", config); !strings.Contains(stdout, "held") || storedCourses(t, data) != "20" {
		t.Errorf("a worse run was committed, %s courses: %s", storedCourses(t, data), stdout)
	}
}

// TestReleaseWithoutConfiguration leaves the harvest to the next run.
func TestReleaseWithoutConfiguration(t *testing.T) {
	l, config := loadServer(t, 40)
	data := filepath.Join(t.TempDir(), "data")
	run := heldRun(t, l, data, "--config", config)
	if status, _, stderr := command(t, "runs", "release", run, "--data", data); status != statusDone || !strings.Contains(stderr, "the next harvest") {
		t.Errorf("status %d: %s", status, stderr)
	}
	if status, stdout, _ := command(t, "harvest", "--data", data, "--config", config); status != statusDone || !strings.Contains(stdout, "ok") {
		t.Errorf("status %d: %s", status, stdout)
	}
}

// TestReleaseBesideServer hands the release to the server that owns the
// directory, which knows the configuration.
func TestReleaseBesideServer(t *testing.T) {
	l, config := loadServer(t, 40)
	data := filepath.Join(t.TempDir(), "data")
	if status, _, stderr := command(t, "harvest", "--data", data, "--config", config); status != statusDone {
		t.Fatal(stderr)
	}
	startServer(t, data, "--config", config)
	run := heldRun(t, l, data)
	status, stdout, stderr := command(t, "runs", "release", run, "--data", data)
	if status != statusDone || !strings.Contains(stdout, "ok") || storedCourses(t, data) != "20" {
		t.Errorf("status %d, %s courses: %s%s", status, storedCourses(t, data), stdout, stderr)
	}
}
