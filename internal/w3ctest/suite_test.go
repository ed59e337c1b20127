package w3ctest

import (
	"errors"
	"testing"

	"qlgraph/graph/rdf"
)

func TestVerdict(t *testing.T) {
	broken := errors.New("broken")
	s := Suite{Fails: map[string]string{"x:listed": "a reason"}}
	tests := []struct {
		iri     string
		err     error
		passes  bool
		problem bool
	}{
		{"x:other", nil, true, false},
		{"x:other", broken, false, true},
		{"x:listed", broken, false, false},
		{"x:listed", nil, true, true},
	}
	for _, tt := range tests {
		passes, problem := s.verdict(Entry{Term: rdf.IRI(tt.iri)}, tt.err)
		if passes != tt.passes || (problem != "") != tt.problem {
			t.Errorf("%s with error %v: passes %t, problem %q", tt.iri, tt.err, passes, problem)
		}
	}
}
