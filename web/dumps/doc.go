// Package dumps publishes the dataset as files: the whole of it, and the share of
// each provider and alliance.
//
// The nouns: a Publisher writes an Edition, the dumps of one version of the
// dataset, which has a Collection for the whole and one for each provider and
// alliance; a Collection has Files. A Delta leads from one edition to the next.
//
//	DIR/current             link to the directory of the newest edition
//	DIR/edition-…/          index.json, SHA256SUMS and the files
//	DIR/deltas/             what changed from edition to edition, as RDF Patch
//
// The same data give the same bytes: statements come in the order of package
// graph/sorted, courses in the order of their IRIs, and compressed files carry no
// time. An edition appears as a whole, by one rename; a publication that is killed
// leaves the edition before it, and its leftovers are removed by the next one.
//
// The package speaks no HTTP and decides nothing about when to publish. One
// Publisher at a time writes to a directory, which a lock ensures; readers are not
// disturbed.
package dumps
