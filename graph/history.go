package graph

import "time"

// History is an optional extra of a Snapshot: for resources that those who feed
// a dataset care about, the states that each has had, and the raw records that
// they came from. Names and states are opaque to the dataset.
type History interface {
	// Revisions returns the revisions of a resource, oldest first; none where
	// nothing is recorded of it.
	Revisions(resource string) ([]Revision, error)
	// RevisionState returns the state of a revision, nil where it is not (or
	// no longer) recorded. It belongs to the caller.
	RevisionState(resource string, number uint32) ([]byte, error)
	// Archived returns the record with the given SHA-256, nil where it is not
	// (or no longer) archived. It belongs to the caller.
	Archived(sha256 [32]byte) ([]byte, error)
}

// HistoryTx is an optional extra of a Tx: it records history in the transaction
// of the quads. History alone does not make a new version.
type HistoryTx interface {
	History
	// Record appends a revision of a resource, of at most 8 KiB of name, unless
	// its hash is that of the newest one; it tells whether it did. Number is
	// assigned.
	Record(resource string, r Revision, state []byte) (bool, error)
	// Archive keeps a raw record and returns its SHA-256; at says when it was
	// seen last.
	Archive(record []byte, at time.Time) ([32]byte, error)
}

// Revision is one state that a resource has had.
type Revision struct {
	Number uint32    // from 1 on, per resource
	Hash   [32]byte  // of the state's content, as its writer computes it
	At     time.Time // when it came into force, to the millisecond
	Run    string    // that found it
	Record [32]byte  // SHA-256 of the archived record it came from; zero: none
	Gone   bool      // the resource was withdrawn
}

// Retention says what of a History may go. The zero value keeps everything.
type Retention struct {
	Revisions int       // how many are kept per resource; 0: all
	Before    time.Time // what is older may go, the newest revision of a resource excepted
}
