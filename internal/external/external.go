package external

import (
	"os"
	"os/exec"
	"testing"
)

// Suites returns the directory of the W3C's test suites.
func Suites(t testing.TB) string {
	t.Helper()
	return directory(t, "W3C_TESTS", "the W3C suites are not run")
}

// Samples returns the directory of the records that institutions and the
// European Commission publish.
func Samples(t testing.TB) string {
	t.Helper()
	return directory(t, "QLGRAPH_SAMPLES", "the published records are not read")
}

// Ontology returns the directory of the ontologies and shapes as their
// publishers have them.
func Ontology(t testing.TB) string {
	t.Helper()
	return directory(t, "QLGRAPH_ONTOLOGY", "the published ontologies are not compared with")
}

func directory(t testing.TB, variable, consequence string) string {
	t.Helper()
	dir := os.Getenv(variable)
	if dir == "" {
		Missing(t, variable+" is not set: "+consequence)
	}
	return dir
}

// Program returns the path of a program, which the Debian package has.
func Program(t testing.TB, name, debian string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		Missing(t, name+" is not installed (Debian: "+debian+")")
	}
	return path
}

// Missing ends a test for want of something: in CI it fails, else it is skipped.
func Missing(t testing.TB, reason string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(reason)
	}
	t.Skip(reason)
}
