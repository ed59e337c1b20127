package graph

import (
	"context"
	"iter"

	"qlgraph/graph/rdf"
)

// BulkWriter is an optional extra of a Writer, for changes that are too many to
// wait in memory.
type BulkWriter interface {
	// BulkPays reports whether Bulk is better than Update for a change of so many
	// quads: from some number on it is faster, or all that memory allows.
	BulkPays(quads int64) bool
	// Bulk runs fn and commits what it did as a whole, as Update does; what waits
	// for the commit waits on disk. It takes time in proportion to the dataset.
	// The Change counts what the transaction as a whole added and removed.
	Bulk(ctx context.Context, fn func(BulkTx) error) (Change, error)
}

// BulkTx is the transaction of a BulkWriter, perhaps also a HistoryTx. Unlike a
// Tx it shows the dataset, ledger and history as they were before it.
type BulkTx interface {
	LedgerTx
	// Fill makes quads, in any order and with repetitions, the content of the
	// graph g, as Tx.Replace does. Filled twice, a graph has both.
	Fill(g rdf.Term, quads iter.Seq2[rdf.Quad, error]) error
}
