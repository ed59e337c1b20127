package main

import (
	"bytes"
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// startServer runs the serve command on a free port until the test ends, and
// returns its URL.
func startServer(t *testing.T, data string, flags ...string) (address string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	messages, done := &lockedBuffer{}, make(chan int, 1)
	go func() {
		done <- run(ctx, append([]string{"serve", "--data", data, "--listen", "127.0.0.1:0"}, flags...), process{
			stdin: strings.NewReader(""), stdout: messages, stderr: messages, getenv: func(string) string { return "" },
		})
	}()
	t.Cleanup(func() {
		cancel()
		if status := <-done; status != statusDone {
			t.Errorf("the server ended with status %d: %s", status, messages)
		}
	})
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if _, rest, ok := strings.Cut(messages.String(), " on "); ok {
			url, _, _ := strings.Cut(rest, "\n")
			if resp, err := http.Get(url + "readyz"); err == nil {
				resp.Body.Close()
				return url
			}
		}
	}
	t.Fatalf("the server does not serve: %s", messages)
	return ""
}

// TestCommandsBesideServer runs commands on the data directory of a running
// server: they are handed to it, input and output included.
func TestCommandsBesideServer(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	startServer(t, data)
	var out, messages bytes.Buffer
	p := process{
		stdin:  strings.NewReader("<http://example.org/s> <http://example.org/p> \"x\" .\n"),
		stdout: &out, stderr: &messages, getenv: func(string) string { return "" },
	}
	if status := run(t.Context(), []string{"load", "--data", data, "--from", "ntriples", "-"}, p); status != statusDone {
		t.Fatalf("load: status %d: %s", status, messages.String())
	}
	status, stdout, stderr := command(t, "query", "--data", data, "--format", "csv", "SELECT ?o { ?s ?p ?o }")
	if status != statusDone || !strings.Contains(stdout, "x") {
		t.Errorf("query: status %d, %q, %s", status, stdout, stderr)
	}
	status, _, stderr = command(t, "query", "--data", data, "SELECT broken")
	if status != statusFailed || !strings.Contains(stderr, "expected") {
		t.Errorf("broken query: status %d, %s", status, stderr)
	}
	backup := filepath.Join(t.TempDir(), "backup")
	if status, _, stderr := command(t, "backup", "--data", data, backup); status != statusDone {
		t.Errorf("backup: status %d, %s", status, stderr)
	}
	status, _, stderr = command(t, "serve", "--data", data, "--listen", "127.0.0.1:0")
	if status != statusFailed || !strings.Contains(stderr, "in use by process") {
		t.Errorf("second server: status %d, %s", status, stderr)
	}
}
