// Package ontology holds what the aggregator knows beforehand: the QualityLink
// ontology and its application profile, the part of the European Learning Model
// that they use, and the code lists of the European vocabularies, all as Turtle
// bundled with the program.
package ontology
