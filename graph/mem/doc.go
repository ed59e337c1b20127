// Package mem is a graph.Writer in memory: sorted arrays of quads over a
// dictionary that only grows. It serves documents that are validated or
// compared, tests, and as the measure of what the durable store must answer.
//
// The noun is Dataset. A commit copies the arrays, so it suits datasets that
// are built once or change rarely, up to a few million quads; a durable or
// larger one is graph/store.
//
// A Dataset may be used from several goroutines; snapshots cost nothing and
// hold the version they show in memory.
package mem
