package expr

import (
	"math/rand/v2"
	"unicode/utf8"

	"golang.org/x/text/cases"

	"qlgraph/graph/xsd"
)

// Limits of single functions.
const (
	// DefaultMaxBytes bounds a string that a function returns, where Env does
	// not say otherwise: doubling a string forty times must not cost a terabyte.
	DefaultMaxBytes = 1 << 20
	// MaxPattern bounds a regular expression's text. Longer ones are not written
	// by people.
	MaxPattern = 1 << 10
	// maxProgram bounds the instructions of a compiled regular expression, which
	// repetition multiplies: (a{30}){30} has 900.
	maxProgram = 20_000
	// maxMatchWork bounds instructions × bytes of one match, which takes time in
	// proportion: at most about a second.
	maxMatchWork = 1 << 25
	// quickMatchWork is the work below which a match takes microseconds.
	quickMatchWork = 1 << 14
	// maxCachedProgram bounds the instructions of all patterns that an Env
	// keeps, about 40 bytes each.
	maxCachedProgram = 100_000
)

// Env is what the functions of one query share. It belongs to one goroutine;
// goroutines of the same query have Envs with the same Now and other Rands.
type Env struct {
	// Now is what NOW() returns, one instant for the whole query.
	Now xsd.Value
	// Rand feeds RAND, UUID, STRUUID and BNODE.
	Rand *rand.Rand
	// Resolve makes the IRI reference of IRI(string) absolute; ok is false where
	// it is no IRI reference. Nil takes every reference as it is.
	Resolve func(reference string) (iri string, ok bool)
	// MaxBytes bounds a string that a function returns; 0 means DefaultMaxBytes.
	MaxBytes int
	// Canceled is asked from time to time by functions that may take long; nil
	// means that nothing cancels them.
	Canceled func() bool
	// Solution numbers the solution that is being computed: BNODE(label) gives
	// the same blank node for the same label in one solution only.
	Solution uint64

	exceeded    string
	exceededMax int64
	patterns    map[patternKey]*pattern
	cached      int // instructions in patterns
	upper       *cases.Caser
	lower       *cases.Caser
	blankScope  string
}

// Exceeded tells which limit a function has reached since the Env was made:
// its result was an error Value, and the query is to end with that limit. It is
// "" where none was.
func (e *Env) Exceeded() (limit string, max int64) { return e.exceeded, e.exceededMax }

func (e *Env) maxBytes() int {
	if e.MaxBytes == 0 {
		return DefaultMaxBytes
	}
	return e.MaxBytes
}

// fits reports whether a function may return n bytes, and notes where not.
func (e *Env) fits(n int) bool {
	if n <= e.maxBytes() {
		return true
	}
	e.exceed("functionbytes", int64(e.maxBytes()))
	return false
}

func (e *Env) exceed(limit string, max int64) {
	if e.exceeded == "" {
		e.exceeded, e.exceededMax = limit, max
	}
}

func (e *Env) canceled() bool { return e.Canceled != nil && e.Canceled() }

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
