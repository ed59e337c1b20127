// Package store is the durable graph.Writer: quads in five sorted permutations
// of compressed blocks, and a compressed dictionary of terms, in one bbolt file.
//
// The nouns:
//
//   - Store owns a data directory; there is one owner at a time.
//   - Snapshot is one version for reading, a *Snapshot of graph.Snapshot's kind.
//   - Tx is a write transaction; Replace of a named graph writes only the
//     blocks that differ.
//
// It does not parse, query or schedule anything, and knows of no network.
//
// A Store and a Snapshot may be used from several goroutines, a Tx and a cursor
// from one. A Snapshot ends with its context or after Options.SnapshotLimit.
// Whatever a commit has acknowledged survives a crash; whatever a disk has
// damaged is reported as a *DamageError, not answered from.
package store
