// Package golden compares what a test got with a file under testdata.
//
// "go test ./… -update" writes the files instead; the difference is then
// reviewed like any other.
package golden
