package graph

import "iter"

// DatasetStatistics is an optional extra of a Snapshot beside Statistics: what
// a description of the dataset (VoID) and an estimate of star joins need.
type DatasetStatistics interface {
	// Totals returns the counts of the whole dataset.
	Totals() (Totals, error)
	// Graph returns the counts of the graph g, the zero ID being the unnamed
	// graph; a graph that does not exist has none.
	Graph(g ID) (GraphCounts, error)
	// CharacteristicSets walks the sets of predicates that subjects have, over
	// all graphs. It ends after the first error; single use.
	CharacteristicSets() iter.Seq2[CharacteristicSet, error]
}

// Totals counts a whole dataset; Triples counts a triple once, however many
// graphs hold it.
type Totals struct {
	Quads, Triples, Subjects, Objects int64
}

// GraphCounts counts one graph. Predicates and Classes are sorted by ID; for a
// class the number is that of its instances.
type GraphCounts struct {
	Quads, Subjects     int64
	Predicates, Classes []Count
}

// CharacteristicSet is the predicates that Subjects subjects have, each with
// the number of quads in which they have it, sorted by ID.
type CharacteristicSet struct {
	Subjects   int64
	Predicates []Count
}

// Count is a number of something.
type Count struct {
	ID ID
	N  int64
}
