package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const checkedRecords = `{"pageNumber": 1, "hasNextPage": false, "items": [
{"courseId": "c1", "name": [{"language": "en", "value": "Course one"}], "level": "wizard", "invented": {"here": 1}},
{"courseId": "c2"}]}`

func tempFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// checked is what check --json prints, as far as the tests look at it.
type checked struct {
	Provider  string
	Discovery struct{ Manifest *struct{} }
	Sources   []struct {
		Status                               string
		Requests, Records, Courses, Withheld int
		Errors                               []struct{ Message, At string }
		Findings, Unmapped                   map[string]int
	}
	FixFirst []struct {
		Rule            string
		Courses, Points int
	}
	Profile []struct{ Path, Message string }
}

func checkJSON(t *testing.T, args ...string) (int, checked) {
	t.Helper()
	status, stdout, stderr := command(t, append([]string{"check", "--json"}, args...)...)
	var report checked
	if err := json.Unmarshal([]byte(stdout), &report); err != nil {
		t.Fatalf("status %d, %v: %s%s", status, err, stdout, stderr)
	}
	return status, report
}

// TestCheckRecords checks a file of records: which of them would be published,
// what is wrong where, what no rule uses, and what to fix first.
func TestCheckRecords(t *testing.T) {
	file := tempFile(t, "courses.json", checkedRecords)
	status, report := checkJSON(t, "--type", "ooapi", "--schac", "uni.example", file)
	if status != statusFailed || report.Provider != "uni.example" || len(report.Sources) != 1 {
		t.Fatalf("status %d: %+v", status, report)
	}
	s := report.Sources[0]
	if s.Status != "ok" || s.Records != 2 || s.Courses != 1 || s.Withheld != 1 || len(s.Errors) != 1 || !strings.HasSuffix(s.Errors[0].At, "#/items/1") {
		t.Errorf("source: %+v", s)
	}
	if s.Findings["ooapi.level.unknown"] != 1 || s.Unmapped["course/invented/here"] != 1 {
		t.Errorf("findings %v, unmapped %v", s.Findings, s.Unmapped)
	}
	if len(report.FixFirst) == 0 || report.FixFirst[0].Rule != "outcomes" || report.FixFirst[0].Points != 14 || report.FixFirst[0].Courses != 1 {
		t.Errorf("fix first: %+v", report.FixFirst)
	}
	if len(report.Profile) == 0 || !strings.Contains(report.Profile[0].Path, "elm:") {
		t.Errorf("profile: %+v", report.Profile)
	}
	_, stdout, _ := command(t, "check", "--type", "ooapi", file)
	for _, want := range []string{"would be held back: 1", "#/items/1: The course has no name", `#/items/0/level: "wizard" is not understood`, "course/invented/here", "What to fix first", "learning outcomes"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("%q is not in\n%s", want, stdout)
		}
	}
}

// TestCheckProvider goes the whole way from the manifest, and stores nothing.
func TestCheckProvider(t *testing.T) {
	l, config := loadServer(t, 12)
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	_, manifest, _ := strings.Cut(strings.TrimRight(string(text), "}\n"), "manifest: ")
	data := filepath.Join(t.TempDir(), "data")
	_, report := checkJSON(t, "--config", config, "--data", data, manifest)
	if len(report.Sources) != 1 || report.Sources[0].Status != "ok" || report.Sources[0].Courses != 12 || report.Sources[0].Requests == 0 || report.Provider != "load.example" {
		t.Errorf("got %+v", report)
	}
	if stored, err := filepath.Glob(filepath.Join(data, "*.db")); err != nil || len(stored) != 0 {
		t.Errorf("stored: %v, %v", stored, err)
	}

	if status, _, stderr := command(t, "harvest", "--data", data, "--config", config); status != statusDone {
		t.Fatal(stderr)
	}
	startServer(t, data, "--config", config)
	l.Remove(6)
	if _, report = checkJSON(t, "--data", data, manifest); len(report.Sources) != 1 || report.Sources[0].Courses != 6 {
		t.Errorf("beside a server: %+v", report)
	}
	if got := storedCourses(t, data); got != "12" {
		t.Errorf("the check changed the store: %s courses", got)
	}
}

func TestCheckWithoutManifest(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	config := tempFile(t, "qlgraph.yaml", "network: {allow_private: true}\n")
	status, stdout, _ := command(t, "check", "--config", config, server.URL+"/manifest")
	if status != statusFailed || !strings.Contains(stdout, "Nothing would be harvested: no manifest found") {
		t.Errorf("status %d: %s", status, stdout)
	}
	file := tempFile(t, "manifest.yaml", "sources: [{type: ooapi, path: 'ftp://x.example/'}]\n")
	if status, stdout, _ = command(t, "check", "--config", config, file); status != statusFailed || !strings.Contains(stdout, "sources[0].path") {
		t.Errorf("status %d: %s", status, stdout)
	}
	if status, _, stderr := command(t, "check", tempFile(t, "x.json", checkedRecords)); status != statusUsage || !strings.Contains(stderr, "--type") {
		t.Errorf("records without a type: status %d: %s", status, stderr)
	}
	if status, stdout, _ = command(t, "check", "--type", "edu-api", tempFile(t, "x.json", `<html>`)); status != statusFailed || !strings.Contains(stdout, "would fail") {
		t.Errorf("no records: status %d: %s", status, stdout)
	}
}
