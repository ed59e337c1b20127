// Package ontology holds what the aggregator knows beforehand: the QualityLink
// ontology and its application profile, the part of the European Learning Model
// that they use, and the code lists of the European vocabularies, all as Turtle
// bundled with the program.
//
// The graphs are read when they are first asked for (Graph, VocabularyGraph and
// the accessors of their parts) and shared: callers do not change them. From
// the code lists come the look-ups that lifters need (LanguageConcept,
// ISCEDField, ConceptIn and the like), which are pure functions. ELMVersion
// renames terms between the two namespaces that the European Learning Model has
// had; data are stored under the newer one.
//
// The packages ql and elm below name the terms as constants, courseid the
// things that the aggregator itself names. Nothing here is fetched, and nothing
// is inferred.
package ontology
