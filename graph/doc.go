// Package graph is the contract between those who keep quads and those who
// read them: a Dataset opens Snapshots, a Snapshot scans a Pattern into batches
// of IDs, counts it, looks terms up and turns IDs back into terms.
//
// The nouns are few:
//
//   - ID names a term within one dataset; its top bits say the term's kind, and
//     small values (numbers, booleans, dates) live in the ID itself.
//   - Quad is four IDs; Pattern is a Quad with holes and a choice of graphs.
//   - Snapshot is one version of the dataset. A query opens exactly one.
//   - Cursor walks the matches of a Pattern in one Order, batch by batch, and
//     can Seek forward, which is what merge joins need.
//   - Tx is a write transaction of a Writer; it commits as a whole or not at all.
//
// Implementations: graph/mem (in memory), graph/store (bbolt); graph/graphtest
// is the suite that each of them passes. The package knows nothing of storage,
// SPARQL or HTTP.
//
// Lifetimes: what a Cursor puts into a Batch belongs to the caller; Terms
// returned by a Snapshot stay valid after it is closed. Cursors die with their
// Snapshot. A Snapshot may be used from several goroutines, a Cursor from one.
package graph
