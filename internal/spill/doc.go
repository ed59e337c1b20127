// Package spill keeps bytes that may be more than memory allows: the last of
// them in memory, the others in a temporary file, which there is none of for
// few.
//
// A File only grows, and may be used from several goroutines. What it holds is
// gone when it is closed, or with the process.
package spill
