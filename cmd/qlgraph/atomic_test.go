package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// kills is how often TestKilledUpdate kills; more of them find rarer moments.
var kills = flag.Int("kills", 6, "updates to kill in TestKilledUpdate")

// TestInvalidUpdates: nothing of an update that fails anywhere is applied, over
// HTTP and by the command.
func TestInvalidUpdates(t *testing.T) {
	s := serveWith(t, "", nil)
	data := t.TempDir()
	s.update(chain(20))
	ranWith(t, 0, "update", "--data", data, chain(20))
	const count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
	for _, test := range []struct {
		name, update string
		status       int
		says         string
	}{
		{"syntax in the first operation", "INSERT DATA { <http://e/a> } ; CLEAR ALL", 400, "1:28"},
		{"syntax in the last operation", "CLEAR ALL ;\nINSERT DATA { <http://e/a> <http://e/b> }", 400, "2:41"},
		{"unknown prefix", "CLEAR ALL ; INSERT DATA { nobody:a <http://e/b> 1 }", 400, "nobody"},
		{"variable in data", "CLEAR ALL ; INSERT DATA { ?x <http://e/b> 1 }", 400, "1:27"},
		{"blank node in DELETE", "CLEAR ALL ; DELETE DATA { _:x <http://e/b> 1 }", 400, "1:27"},
		{"IRI that is none", "CLEAR ALL ; INSERT DATA { <http://e/a b> <http://e/b> 1 }", 400, "1:27"},
		{"graph that is there", "INSERT DATA { GRAPH <http://e/g> { <http://e/a> <http://e/b> 1 } } ; CREATE GRAPH <http://e/g>", 409, "http://e/g"},
		{"graph that is not there", "CLEAR ALL ; DROP GRAPH <http://e/none>", 409, "http://e/none"},
		{"copy of nothing", "CLEAR ALL ; COPY <http://e/none> TO DEFAULT", 409, "http://e/none"},
		{"LOAD that is not allowed", "CLEAR ALL ; LOAD <http://127.0.0.1:1/x>", 403, "sparql.load_allow"},
		{"SERVICE that is not allowed", "CLEAR ALL ; INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:1/x> { ?s ?p ?o } }", 403, "sparql.service_allow"},
		{"query", "SELECT * { ?s ?p ?o }", 400, "1:1"},
		{"ends within", "CLEAR ALL ; INSERT DATA { <http://e/a> <http://e/b> \"x", 400, "1:53"},
	} {
		t.Run(test.name, func(t *testing.T) {
			resp, body := s.send("POST", "/update", "application/sparql-update", test.update, tokenHeader)
			line, column, atPlace := strings.Cut(test.says, ":")
			says := test.says
			if atPlace && test.status == 400 {
				says = `"column":` + column + `,`
				if !strings.Contains(body, `"line":`+line+`,`) {
					t.Errorf("HTTP: %s, want line %s", body, line)
				}
			}
			if resp.StatusCode != test.status || !strings.Contains(body, says) {
				t.Errorf("HTTP: %s: %s, want %d with %q", resp.Status, body, test.status, says)
			}
			if _, n := s.query(count); n != "n\r\n20\r\n" {
				t.Errorf("HTTP: %q afterwards", n)
			}
			if out := ranWith(t, 1, "update", "--data", data, test.update); !strings.Contains(out, test.says) || test.status == 400 && !strings.Contains(out, "^") {
				t.Errorf("command: %s, want %q", out, test.says)
			}
			if n := ranWith(t, 0, "query", "--data", data, "--format", "csv", count); n != "n\r\n20\r\n" {
				t.Errorf("command: %q afterwards", n)
			}
		})
	}
}

// ranWith runs a command line and returns what it wrote; it has to end with the
// status.
func ranWith(t *testing.T, status int, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	if got := run(t.Context(), args, process{stdin: strings.NewReader(""), stdout: &out, stderr: &out, getenv: func(string) string { return "" }}); got != status {
		t.Fatalf("%s: status %d, want %d: %s", args[0], got, status, out.String())
	}
	return out.String()
}

// TestKilledUpdate kills the program at any moment of a long update: afterwards
// everything of it is there, or nothing.
func TestKilledUpdate(t *testing.T) {
	const n = 20_000
	var b strings.Builder
	b.WriteString("INSERT DATA {")
	for i := range n {
		fmt.Fprintf(&b, " <http://e/s%d> <http://e/old> %d .", i, i)
	}
	data := filepath.Join(t.TempDir(), "data")
	run := func(ctx context.Context, args ...string) (string, error) {
		out, err := exec.CommandContext(ctx, "qlgraph", append(args[:1:1], append([]string{"--data", data}, args[1:]...)...)...).CombinedOutput()
		return string(out), err
	}
	must := func(args ...string) string {
		t.Helper()
		out, err := run(t.Context(), args...)
		if err != nil {
			t.Fatalf("%s: %v: %.300s", args[0], err, out)
		}
		return out
	}
	file := filepath.Join(t.TempDir(), "insert.ru")
	if err := os.WriteFile(file, []byte(b.String()+" }"), 0o600); err != nil {
		t.Fatal(err)
	}
	must("update", "@"+file)
	state := func() string {
		return must("query", "--format", "csv", "SELECT (COUNT(*) AS ?n) (SUM(IF(?p = <http://e/old>, 1, 0)) AS ?old) { ?s ?p ?o }")
	}
	old, renamed := fmt.Sprintf("n,old\r\n%d,%d\r\n", n, n), fmt.Sprintf("n,old\r\n%d,0\r\n", n)
	if got := state(); got != old {
		t.Fatalf("%q", got)
	}
	rename := func(from, to string) string {
		return "INSERT { ?s <http://e/" + to + "> ?o } WHERE { ?s <http://e/" + from + "> ?o } ; DELETE WHERE { ?s <http://e/" + from + "> ?o }"
	}
	start := time.Now()
	must("update", rename("old", "new"))
	whole := time.Since(start)
	must("update", rename("new", "old"))
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	nothing, everything := 0, 0
	for range *kills {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(random.Int64N(int64(2*whole))))
		_, err := run(ctx, "update", rename("old", "new"))
		cancel()
		switch got := state(); {
		case got == renamed:
			everything++
			must("update", rename("new", "old"))
		case got == old && err != nil:
			nothing++
		default:
			t.Fatalf("seed %d: %q after an update that ended with %v", seed, got, err)
		}
		if out := must("verify"); !strings.Contains(out, "sound") {
			t.Fatalf("seed %d: %s", seed, out)
		}
	}
	t.Logf("of %d updates of %v, nothing was applied of %d, everything of %d", *kills, whole.Round(time.Millisecond), nothing, everything)
}
