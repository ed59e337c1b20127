package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"qlgraph/harvesters"
	"qlgraph/harvesters/demo"
	"qlgraph/harvesters/formats"
	"qlgraph/harvesters/pipeline"
)

var soak = flag.Bool("soak", false, "run the long versions of the tests")

// maxHarvestMemory is what a harvest may take, whatever a source sends.
const maxHarvestMemory = 1 << 30

// sourceOf serves a manifest, and at /feed what a source sends.
func sourceOf(t *testing.T, source string, h http.Handler) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	mux.Handle("/feed", demo.Mounted("/feed", h))
	mux.Handle("/feed/", demo.Mounted("/feed", h))
	mux.HandleFunc("/manifest", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "sources: [{id: s, path: '%s/feed', %s}]", server.URL, source)
	})
	return server
}

// harvestIn harvests the feed in a process of its own, which it returns, into the
// data directory.
func harvestIn(t *testing.T, data string, feed *httptest.Server) (pipeline.SourceResult, *os.ProcessState) {
	t.Helper()
	config := filepath.Join(t.TempDir(), "qlgraph.yaml")
	text := fmt.Sprintf("network: {allow_private: true}\nproviders: [{schac: load.example, manifest: '%s/manifest'}]\n", feed.URL)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "qlgraph", "harvest", "--data", data, "--config", config, "--json")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var report pipeline.RunReport
	if json.Unmarshal(out, &report) != nil || len(report.Sources) != 1 {
		t.Fatalf("harvest: %v\n%s%s", err, out, stderr.String())
	}
	return report.Sources[0], cmd.ProcessState
}

// checkMemory fails the test if the process took more than a harvest may, and
// returns what it took in MiB.
func checkMemory(t *testing.T, process *os.ProcessState) int64 {
	t.Helper()
	usage, ok := process.SysUsage().(*syscall.Rusage)
	if !ok {
		t.Fatal("the system does not tell what a process took")
	}
	peak := usage.Maxrss
	if runtime.GOOS != "darwin" {
		peak <<= 10 // getrusage(2): kilobytes, there bytes
	}
	if peak > maxHarvestMemory {
		t.Errorf("the harvest took %d MiB, want %d at most", peak>>20, maxHarvestMemory>>20)
	}
	return peak >> 20
}

// TestHarvestMemory harvests a large provider of each format: at first, unchanged
// and with a course changed.
func TestHarvestMemory(t *testing.T) {
	courses := 500
	if *soak {
		courses = 100_000
	}
	for _, format := range formats.All() {
		t.Run(string(format.Name), func(t *testing.T) {
			n := courses
			if format.Name == harvesters.OOAPI && !*soak {
				n = 10_000
			}
			load := demo.NewLoad(format.Name, 1, n)
			server := sourceOf(t, "type: "+string(format.Name), demo.Handler(format.Name, load.Catalogue))
			data := t.TempDir()
			for _, run := range []struct {
				name   string
				edit   func()
				status pipeline.Status
			}{
				{"first", func() {}, pipeline.OK},
				{"unchanged", func() {}, pipeline.Unchanged},
				{"one changed", func() { load.Change(1) }, pipeline.OK},
			} {
				run.edit()
				result, process := harvestIn(t, data, server)
				if result.Status != run.status || result.Courses != n {
					t.Fatalf("%s: %s, %d courses: %v", run.name, result.Status, result.Courses, result.Errors)
				}
				t.Logf("%d courses, %s: %d MiB, %.1f s", n, run.name, checkMemory(t, process), result.Seconds)
			}
		})
	}
}

// repeated is a text that is made while it is sent: the head, then each piece that
// is made from its number, n of them, and the tail.
func repeated(w io.Writer, head string, n int, piece func(i int) string, tail string) {
	io.WriteString(w, head)
	var b strings.Builder
	for i := range n {
		if b.WriteString(piece(i)); b.Len() > 1<<16 || i == n-1 {
			if _, err := io.WriteString(w, b.String()); err != nil {
				return
			}
			b.Reset()
		}
	}
	io.WriteString(w, tail)
}

// only serves a text for a path, and nothing else.
func only(path string, text func(w io.Writer, page int)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != path {
			http.NotFound(w, r)
			return
		}
		page := 1
		fmt.Sscan(r.URL.Query().Get("pageNumber"), &page)
		text(w, page)
	}
}

// jsonLD serves a file of n things with a text.
func jsonLD(n int, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/ld+json")
		repeated(w, `[`, n, func(i int) string { return fmt.Sprintf(`{"@id":"x:%d","x:p":"%s"},`, i, text) }, `{}]`)
	}
}

// TestHostileSourceMemory harvests what no source should send. Each comes upon a
// limit, which the error names, and stays within what a harvest may take.
func TestHostileSourceMemory(t *testing.T) {
	ooapi := "type: ooapi, version: 5"
	constant := func(s string) func(int) string { return func(int) string { return s } }
	tiny := func(page, i int) string { return fmt.Sprintf(`{"courseId":"%d-%d","name":"x"},`, page, i) }
	for _, test := range []struct {
		name, source string
		long         bool
		handler      http.Handler
		want         string
	}{
		{"a record of 1 GB", ooapi, false, only("/courses", func(w io.Writer, _ int) {
			repeated(w, `{"items": [{"courseId": "1", "name": "`, 1<<20, constant(strings.Repeat("x", 1<<10)), `"}]}`)
		}), "body of more than 48 MiB"},
		{"a record of 40 MB", ooapi, false, only("/courses", func(w io.Writer, _ int) {
			repeated(w, `{"items": [{"courseId": "1", "name": "`, 40<<10, constant(strings.Repeat("x", 1<<10)), `"}]}`)
		}), "larger than 8192 KiB"},
		{"a record of 200,000 outcomes", ooapi, false, only("/courses", func(w io.Writer, _ int) {
			repeated(w, `{"items": [{"courseId": "1", "name": "x", "learningOutcomes": [`, 200_000, func(i int) string { return fmt.Sprintf(`[{"language":"en","value":"%d"}],`, i) }, `[]]}]}`)
		}), "more than 200000 statements"},
		{"a record of many values", ooapi, false, only("/courses", func(w io.Writer, _ int) {
			repeated(w, `{"items": [{"courseId": "1", "name": "x", "x": [`, 20_000_000, constant("1,"), `1]}]}`)
		}), "more than 2000000 values"},
		{"10 million tiny records in a page", ooapi, false, only("/courses", func(w io.Writer, _ int) {
			repeated(w, `{"items": [`, 10_000_000, constant("{},"), `{}]}`)
		}), "more than 200000 records in one page"},
		{"10 million tiny records", ooapi, true, only("/courses", func(w io.Writer, page int) {
			repeated(w, `{"hasNextPage": true, "items": [`, 100_000, func(i int) string { return tiny(page, i) }, `{"courseId":"x"}]}`)
		}), "more than 500000 records"},
		{"endless pages", ooapi, true, only("/courses", func(w io.Writer, page int) {
			repeated(w, `{"hasNextPage": true, "items": [`, 10, func(i int) string { return tiny(page, i) }, `{"courseId":"x"}]}`)
		}), "more than 10000 pages"},
		{"shared records without end", ooapi, true, only("/organizations", func(w io.Writer, page int) {
			repeated(w, `{"hasNextPage": true, "items": [`, 20_000, func(i int) string {
				return fmt.Sprintf(`{"organizationId":"%d-%d","name":"x"},`, page, i)
			}, `{"organizationId":"x"}]}`)
		}), "more than 200000 records besides"},
		{"a file of 10 million things", "type: elm", true, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/n-triples")
			repeated(w, "", 10_000_000, func(i int) string { return fmt.Sprintf("<x:%d> <x:p> <x:o> .\n", i) }, "")
		}), "more than 4000000 things"},
		{"a file of 2 GB", "type: elm", true, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/turtle")
			repeated(w, "", 2<<20, constant("<x:s> <x:p> \""+strings.Repeat("x", 1<<10)+"\" .\n"), "")
		}), "body of more than 1024 MiB"},
		{"a thing of 500 MB", "type: elm", true, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/turtle")
			repeated(w, "", 5_000_000, func(i int) string { return fmt.Sprintf("<x:s> <x:p> \"%080d\" .\n", i) }, "")
		}), "larger than 16 MiB"},
		{"a large file in JSON-LD", "type: elm", false, jsonLD(30_000, strings.Repeat("x", 1<<10)), "JSON-LD of more than"},
		{"a file in JSON-LD as large as it may be", "type: elm", false, jsonLD(22_000, strings.Repeat("x", 1<<10)), ""},
		{"half a million things in JSON-LD", "type: elm", true, jsonLD(499_000, ""), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.long && !*soak {
				t.Skip("takes minutes: run with -soak")
			}
			result, process := harvestIn(t, t.TempDir(), sourceOf(t, test.source, test.handler))
			t.Logf("%s, %d records, %.1f s, %d MiB", result.Status, result.Records, result.Seconds, checkMemory(t, process))
			messages := fmt.Sprint(result.Errors)
			if test.want != "" && !strings.Contains(messages, test.want) {
				t.Errorf("%s: errors %.500s, want one that says %q", result.Status, messages, test.want)
			}
		})
	}
}
