// Package harvesters is the contract between those who fetch course data and
// those who understand its formats.
//
// A Source is one published feed of one Provider. The Reader of its format
// walks the feed through a Getter and yields Records, the raw pieces that are
// archived, hashed and compared. The Lifter of the format turns one Record into
// RDF: a pure function, without clock, network or store, whose every Statement
// says by which rule and from where in the record it comes.
//
// The formats are in elm/, ooapi/, eduapi/ and occapi/; discover/ finds the
// manifests, fetch/ is the polite and guarded Getter, pipeline/ puts it all
// together, registry/ knows the institutions, schedule/ knows when.
//
// Nothing here does input or output.
package harvesters
