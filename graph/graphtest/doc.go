// Package graphtest is the suite that every graph.Writer passes: it compares
// scans, counts, transactions and isolation with a model that is a set of
// quads. An implementation calls Run from its own tests.
package graphtest
