package canon

import (
	"fmt"

	"qlgraph/graph/rdf"
)

// DefaultMaxWork is the default of Limits.MaxWork, beside a share per quad.
// A step costs about 0.1 µs (isomorphism) to 1 µs (canonicalisation), so that a
// poison graph is given up after a few seconds at most.
const DefaultMaxWork = 1 << 22

// workPerQuad is what each quad adds to the default limit: a large but harmless
// dataset is visited a handful of times, and must not be taken for a poison one.
const workPerQuad = 64

// Limits bounds the work that is put into one call. The zero value holds the
// defaults.
type Limits struct {
	// MaxWork is the number of steps: quads looked at and labels tried.
	// 0 means DefaultMaxWork plus 64 for each quad.
	MaxWork int
}

// LimitError says that a dataset's blank nodes are too symmetrical to be told
// apart within Limits.MaxWork steps.
type LimitError struct {
	MaxWork int
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("canon: blank nodes too symmetrical: gave up after %d steps", e.MaxWork)
}

// budget counts steps down. Exceeding it panics with a *LimitError, which
// recoverLimit turns into the entry point's error.
type budget struct {
	left, max int
}

func (l Limits) budget(quads int) *budget {
	n := l.MaxWork
	if n <= 0 {
		n = DefaultMaxWork + workPerQuad*quads
	}
	return &budget{left: n, max: n}
}

func (b *budget) spend(steps int) {
	if b.left -= steps; b.left < 0 {
		panic(&LimitError{MaxWork: b.max})
	}
}

func recoverLimit(err *error) {
	switch r := recover().(type) {
	case nil:
	case *LimitError:
		*err = r
	default:
		panic(r)
	}
}

// distinct returns the quads of a dataset without repetitions, in order of
// their first occurrence.
func distinct(quads []rdf.Quad) ([]rdf.Quad, map[rdf.Quad]struct{}) {
	seen := make(map[rdf.Quad]struct{}, len(quads))
	set := make([]rdf.Quad, 0, len(quads))
	for _, q := range quads {
		if _, dup := seen[q]; !dup {
			seen[q] = struct{}{}
			set = append(set, q)
		}
	}
	return set, seen
}
