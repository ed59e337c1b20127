package golden

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// Check fails the test if got is not the content of testdata/name, and shows
// the first line that differs. Under -update it writes the file.
func Check(t testing.TB, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", filepath.FromSlash(name))
	if *update {
		write(t, path, got)
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run the test with -update to create it)", err)
	}
	if !bytes.Equal(got, want) {
		line, g, w := firstDifference(string(got), string(want))
		t.Errorf("%s:%d differs (run the test with -update to accept)\n got: %s\nwant: %s", path, line, g, w)
	}
}

func write(t testing.TB, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

// firstDifference returns the number of the first line that differs, from 1,
// and that line of both; "(end)" stands for a line behind the last.
func firstDifference(got, want string) (n int, gotLine, wantLine string) {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for n < len(g) && n < len(w) && g[n] == w[n] {
		n++
	}
	at := func(lines []string) string {
		if n < len(lines) {
			return lines[n]
		}
		return "(end)"
	}
	return n + 1, at(g), at(w)
}
