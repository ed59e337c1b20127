package graph

// RangeCounter is an optional extra of a Snapshot: how many quads have an object
// in a range of values, which tells whether reading just these is worth it.
type RangeCounter interface {
	// CountObjects returns how many quads match p with an object in span,
	// without a look at most of them; it may stop at any number above enough. p
	// has a predicate and nothing else; its graphs may be taken for all graphs,
	// and a triple counts once for each graph that holds it.
	CountObjects(p Pattern, span Span, enough int64) (int64, error)
}

// Span is IDs from First to Last, both included.
type Span struct{ First, Last ID }

// SpanOf returns the IDs of an inlined kind that have a rank from first to last
// (ID.Rank).
func SpanOf(k IDKind, first, last uint64) Span {
	shift := rankShift(k)
	return Span{First: ID(first << shift), Last: ID((last+1)<<shift - 1)}
}

// KindSpan returns all IDs of a kind.
func KindSpan(k IDKind) Span { return Span{First: MakeID(k, 0), Last: MakeID(k, 1<<idKindShift-1)} }
