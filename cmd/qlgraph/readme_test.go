package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// lockedBuffer collects output that is read while it is written.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// startDemo runs the demo command on a free port until the test ends, and
// returns its address and what it has printed when it serves.
func startDemo(t *testing.T) (address string, printed string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address = ln.Addr().String()
	ln.Close()
	data := t.TempDir() // before the cleanup below, so removed after it
	ctx, cancel := context.WithCancel(context.Background())
	out, messages, done := &lockedBuffer{}, &lockedBuffer{}, make(chan int, 1)
	go func() {
		done <- run(ctx, []string{"demo", "--listen", address, "--data", data}, process{
			stdin: strings.NewReader(""), stdout: out, stderr: messages, getenv: func(string) string { return "" },
		})
	}()
	t.Cleanup(func() {
		cancel()
		if status := <-done; status != statusDone {
			t.Errorf("the demo ended with status %d: %s", status, messages)
		}
	})
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if resp, err := http.Get("http://" + address + "/readyz"); err == nil {
			resp.Body.Close()
			return address, out.String()
		}
		if time.Now().After(deadline) {
			t.Fatalf("the demo does not serve: %s%s", out, messages)
		}
	}
}

// console returns the fenced console blocks of the README.
func console(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for i, part := range strings.Split(string(text), "```") {
		if block, ok := strings.CutPrefix(part, "console\n"); ok && i%2 == 1 {
			blocks = append(blocks, block)
		}
	}
	if len(blocks) != 2 {
		t.Fatalf("the README has %d console blocks, want the demo and a query", len(blocks))
	}
	return blocks
}

// withoutSeconds drops the last column of the demo's table, which no two runs
// share, and folds the width of the others.
func withoutSeconds(table string) string {
	var lines []string
	for line := range strings.Lines(table) {
		if fields := strings.Fields(line); len(fields) == 11 {
			line = strings.Join(fields[:10], " ")
		}
		lines = append(lines, strings.TrimRight(line, "\n"))
	}
	return strings.Join(lines, "\n")
}

// TestReadme runs what the README's first screen shows and compares.
func TestReadme(t *testing.T) {
	blocks := console(t)
	address, printed := startDemo(t)
	// No two runs have the ports of the sample providers in common.
	ports := regexp.MustCompile(`127\.0\.0\.1:\d+`)
	shown := ports.ReplaceAllString(withoutSeconds(strings.TrimPrefix(blocks[0], "$ make run\n")), "ADDRESS")
	got := ports.ReplaceAllString(withoutSeconds(printed), "ADDRESS")
	if strings.TrimSpace(got) != strings.TrimSpace(shown) {
		t.Errorf("the README shows\n%s\nthe demo prints\n%s", shown, got)
	}
	_, rest, found := strings.Cut(blocks[1], "query=")
	query, answer, ended := strings.Cut(rest, "'\n")
	if !found || !ended {
		t.Fatalf("no query in %q", blocks[1])
	}
	r, err := http.NewRequest(http.MethodPost, "http://"+address+"/sparql", strings.NewReader(url.Values{"query": {query}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "text/csv")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if rows := strings.ReplaceAll(string(body), "\r\n", "\n"); rows != answer {
		t.Errorf("the README shows\n%s\nthe server answers\n%s", answer, rows)
	}
}
