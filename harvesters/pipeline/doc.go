// Package pipeline harvests: it turns what institutions publish into the named
// graphs of the dataset, and remembers what it did.
//
//	discover → fetch → archive → lift → own → enrich → validate → commit
//
// The nouns: a Pipeline has what every run shares; a Run goes over
// institutions and their sources and reports a SourceResult for each; a
// Validator says what is wrong with what they publish.
//
// Each source ends in one commit: its named graph, its validation report, and
// in the same transaction what recognises it the next time (graph.LedgerTx).
// A source that fails, however it does, leaves what was stored before, and the
// other sources alone. Records are withdrawn only by a complete run, and a run
// that would change or withdraw an implausible share is held.
//
// Only records that changed are lifted and validated; the quads of the others
// are taken from the ledger, so that an incremental run commits exactly what a
// full one would.
//
// The package speaks no HTTP of its own (harvesters/fetch does), parses no
// format, and does not schedule (harvesters/schedule).
//
// A Pipeline may be used from several goroutines; a source is harvested by one
// at a time.
package pipeline
