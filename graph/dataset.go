package graph

import (
	"context"
	"iter"

	"qlgraph/graph/rdf"
)

// Dataset is an RDF dataset that can be read: one unnamed graph and any number
// of named ones. A named graph exists while it holds a triple.
type Dataset interface {
	// Snapshot opens the newest committed version for reading. The caller
	// closes it; it ends by itself when ctx does, and reads then fail.
	Snapshot(ctx context.Context) (Snapshot, error)
}

// Snapshot is one immutable version of a Dataset.
type Snapshot interface {
	// Version numbers the commit that the snapshot shows; it grows with every
	// commit that changed a quad, and with no other.
	Version() uint64

	// Scan opens a cursor on the quads that match p, in the order o. Any order
	// is allowed; one that leads with p's bound components is fast (OrderFor).
	Scan(p Pattern, o Order) (Cursor, error)

	// Count returns how many quads match p (triples, where p's graphs are
	// merged). Where exact is false n is an estimate that was cheap to make.
	Count(p Pattern) (n int64, exact bool, err error)

	// Lookup returns the ID of t, and false where the dataset does not know it:
	// then no quad holds it. A term that is known need not be in use (values
	// that are inlined are always known).
	Lookup(t rdf.Term) (ID, bool, error)

	// Terms sets dst[i] to the term of ids[i], the zero Term for a zero ID.
	// len(dst) is at least len(ids). An unknown ID is an error.
	Terms(ids []ID, dst []rdf.Term) error

	// Close releases the snapshot and its cursors. It may be called twice.
	Close() error
}

// BatchSize is the largest number of quads that a Cursor yields at once. Two
// columns of it fit the first-level cache.
const BatchSize = 1024

// Batch receives quads column by column. A nil column is not wanted and costs
// nothing; the others have one length, at most BatchSize, which limits Next.
type Batch struct {
	S, P, O, G []ID
}

// NewBatch returns a Batch with all four columns at BatchSize.
func NewBatch() *Batch {
	ids := make([]ID, 4*BatchSize)
	return &Batch{
		S: ids[:BatchSize:BatchSize],
		P: ids[BatchSize : 2*BatchSize : 2*BatchSize],
		O: ids[2*BatchSize : 3*BatchSize : 3*BatchSize],
		G: ids[3*BatchSize:],
	}
}

// Len returns the number of quads that b has room for.
func (b *Batch) Len() int { return max(len(b.S), len(b.P), len(b.O), len(b.G)) }

// Cursor walks the matches of a Pattern in one Order.
type Cursor interface {
	// Next fills b from its first row on and returns the number of rows, 0 at
	// the end. It may return fewer rows than b has room for before the end.
	Next(b *Batch) (int, error)

	// Seek moves forward to the first match that is not before q in the
	// cursor's order; a q that was passed already leaves the cursor where it is.
	// Where graphs are merged the matches have a zero G, and q should have.
	Seek(q Quad) error

	// Close releases the cursor. It may be called twice.
	Close() error
}

// Writer is a Dataset that can be changed.
type Writer interface {
	Dataset

	// Update runs fn in a write transaction and commits what it did as a whole;
	// where fn or the commit fails nothing of it stays. Once Update returns nil
	// the change is durable, as far as the dataset is durable at all. It
	// returns the version that holds the change: the old one where nothing
	// changed. Writers take turns; readers are never blocked.
	Update(ctx context.Context, fn func(Tx) error) (version uint64, err error)
}

// Tx is a write transaction. It is a Snapshot as well, which sees its own
// changes; cursors opened before a change need not see it. It belongs to the
// goroutine of Update's fn.
type Tx interface {
	Snapshot

	// Insert adds quads; those already there are ignored.
	Insert(quads ...rdf.Quad) error
	// Delete removes quads; those not there are ignored.
	Delete(quads ...rdf.Quad) error
	// Clear removes every quad of the graph g, the zero Term being the unnamed
	// graph.
	Clear(g rdf.Term) error
	// Replace makes quads, in any order and with repetitions, the whole content
	// of the graph g: their own graphs are ignored. Only what differs is
	// written. An error from quads is returned and undoes the transaction.
	Replace(g rdf.Term, quads iter.Seq2[rdf.Quad, error]) (Change, error)
}

// Change counts the quads that a Replace added and removed.
type Change struct {
	Added, Removed int64
}

// Statistics is an optional extra of a Snapshot: counts kept at commit, for a
// planner and for dataset descriptions. Counts are over all graphs.
type Statistics interface {
	// Predicate returns the counts of the predicate p.
	Predicate(p ID) (PredicateCounts, error)
	// Predicates returns every predicate in use.
	Predicates() ([]ID, error)
	// Instances returns the number of distinct subjects with rdf:type class.
	Instances(class ID) (int64, error)
	// Classes returns every class in use.
	Classes() ([]ID, error)
}

// PredicateCounts describes how a predicate is used.
type PredicateCounts struct {
	Quads    int64 // quads with the predicate
	Subjects int64 // distinct subjects among them
	Objects  int64 // distinct objects among them
}
