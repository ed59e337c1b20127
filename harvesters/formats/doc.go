// Package formats is the table of the source formats: for each the reader, the
// lifter, the records of a file, and the rules.
//
// It exists so that those who handle sources of any format need not list them.
package formats
