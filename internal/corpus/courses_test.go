package corpus_test

import (
	"slices"
	"testing"

	"qlgraph/graph/rdf"
	"qlgraph/internal/corpus"
)

func TestCourses(t *testing.T) {
	const courses = 200
	quads := slices.Collect(corpus.Courses(courses))
	if again := slices.Collect(corpus.Courses(courses)); !slices.Equal(quads, again) {
		t.Error("two generations differ")
	}
	if n := len(quads) / courses; n < 40 || n > 60 {
		t.Errorf("%d quads for each course, want about 44", n)
	}
	seen := map[rdf.Quad]bool{}
	for _, q := range quads {
		if seen[q] {
			t.Fatalf("generated twice: %v", q)
		}
		seen[q] = true
	}
}

func TestCoursesStop(t *testing.T) {
	n := 0
	for range corpus.Courses(10) {
		if n++; n == 3 {
			break
		}
	}
	if n != 3 {
		t.Errorf("yielded %d quads behind a break", n)
	}
}
