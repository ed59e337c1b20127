// Package sorted walks a snapshot in the order of its terms, so that datasets
// with the same content give the same bytes, however and in whatever order they
// were stored: the order of dumps.
//
// Quads come by graph (the unnamed one first), subject, predicate and object,
// each as rdf.Compare has them. Blank nodes have the labels of RDFC-1.0
// (https://www.w3.org/TR/rdf-canon/), as far as these can be computed.
//
// A View reads one Snapshot, which it does not close; it keeps at most a share of
// a graph in memory. It belongs to one goroutine.
package sorted
