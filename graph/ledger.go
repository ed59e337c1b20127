package graph

import "iter"

// Ledger is an optional extra of a Snapshot: small values, in named tables,
// that those who feed a dataset keep beside its quads (what was harvested when,
// by which validators and hashes an unchanged source is recognised). They are
// opaque to the dataset and belong to its snapshot like the quads do.
type Ledger interface {
	// Value returns the value of a key, nil where there is none. It belongs to
	// the caller.
	Value(table, key string) ([]byte, error)
	// Values walks the keys of a table that begin with prefix, in byte order.
	// It ends after the first error; single use.
	Values(table, prefix string) iter.Seq2[Entry, error]
}

// LedgerTx is an optional extra of a Tx: it changes the Ledger in the
// transaction of the quads, so that no crash can part the two. Changes of the
// ledger alone do not make a new version.
type LedgerTx interface {
	Ledger
	// SetValue sets the value of a key, of at most 1 KiB and not empty; a nil
	// value removes the key. Values of some MiB are fine.
	SetValue(table, key string, value []byte) error
}

// Entry is a key of a Ledger's table with its value.
type Entry struct {
	Key   string
	Value []byte
}
