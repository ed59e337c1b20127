// Package corpus generates course data for benchmarks: what many institutions
// publish, under the QualityLink ontology and the European Learning Model, with
// the skew of real catalogues (few institutions have most courses; most words,
// fields and languages are rare). The same number of courses gives the same
// quads.
//
// About 44 quads come with each course. Three quarters of the subjects are blank
// nodes with a single reference, as they are in published data.
package corpus
