// Package lifting is what the lifters of the JSON formats share: a table of
// rules that is program, documentation and lineage at once, and the
// conversions that its rows are made of.
//
// A Table is a list of Rows: which members of a record, which property, by what
// conversion. Apply walks it over a record and writes to a Subject, the course
// or offering under construction; a Subject belongs to a Lift, which collects
// the statements of one record with the rule and the JSON Pointer that each came
// from. Nodes without a name of their own (credits, notes, identifiers) get an
// IRI made from their content, so that the same record gives the same
// statements, in whatever order its members stand.
//
// What a record holds and no row looks at is counted: Lifted.Unmapped.
//
// Every accessor takes what it finds: a string where an array should be, a
// number in a string, a single object for a list. What cannot be understood
// becomes a Finding, never a guess and never an error.
//
// The mapping: docs/mapping. Nothing here does input or output; a Lift belongs
// to one goroutine.
package lifting
