package golden_test

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	"qlgraph/internal/golden"
)

// recorder is a testing.TB that notes failures instead of failing.
type recorder struct {
	testing.TB
	failures []string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func TestCheck(t *testing.T) {
	golden.Check(t, "lines.golden", []byte("one\ntwo\n"))
}

func TestCheckShowsFirstDifference(t *testing.T) {
	if flag.Lookup("update").Value.String() == "true" {
		t.Skip("-update writes instead of comparing")
	}
	tests := []struct{ name, got, want string }{
		{"changed", "one\n2\n", "lines.golden:2 differs"},
		{"missing", "one", "want: two"},
		{"added", "one\ntwo\nthree\n", "got: three"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &recorder{TB: t}
			golden.Check(r, "lines.golden", []byte(tt.got))
			if len(r.failures) != 1 || !strings.Contains(r.failures[0], tt.want) {
				t.Errorf("got %q, want one failure with %q", r.failures, tt.want)
			}
		})
	}
}
