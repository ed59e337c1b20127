package external_test

import (
	"strings"
	"testing"

	"qlgraph/internal/external"
)

// recorder is a test that is asked for something and says how it ended.
type recorder struct {
	testing.TB
	ended string
}

func (r *recorder) Helper()           {}
func (r *recorder) Fatal(args ...any) { r.ended = "failed: " + args[0].(string); panic(r) }
func (r *recorder) Skip(args ...any)  { r.ended = "skipped: " + args[0].(string); panic(r) }

func TestWhatIsMissing(t *testing.T) {
	for _, variable := range []string{"W3C_TESTS", "QLGRAPH_SAMPLES", "QLGRAPH_ONTOLOGY", "PATH"} {
		t.Setenv(variable, "")
	}
	for name, ask := range map[string]func(testing.TB) string{
		"W3C_TESTS": external.Suites, "QLGRAPH_SAMPLES": external.Samples, "QLGRAPH_ONTOLOGY": external.Ontology,
		"curl": func(t testing.TB) string { return external.Program(t, "curl", "curl") },
	} {
		for ci, want := range map[string]string{"": "skipped: " + name, "true": "failed: " + name} {
			t.Setenv("CI", ci)
			if got := ending(ask); !strings.HasPrefix(got, want) {
				t.Errorf("%s with CI=%q: %q, want %q", name, ci, got, want)
			}
		}
	}
}

func TestWhatIsThere(t *testing.T) {
	t.Setenv("CI", "true")
	t.Setenv("QLGRAPH_SAMPLES", "somewhere")
	if dir := external.Samples(t); dir != "somewhere" {
		t.Errorf("Samples is %q", dir)
	}
}

// ending tells how a test ends that asks.
func ending(ask func(testing.TB) string) string {
	r := &recorder{}
	func() {
		defer func() { recover() }()
		ask(r)
	}()
	return r.ended
}
