package ontology

import (
	"iter"
	"slices"

	"qlgraph/graph/rdf"
)

// Edition reads an edition of a European vocabulary: it yields those of the
// quads that describe concepts, as the vocabulary graph holds them. The
// editions of the Publications Office have labels in all official languages and
// a hundred statements about each concept's management, which are left out.
//
// Where languages are given, labels in others are left out too. An error among
// the quads is yielded and ends the sequence.
func Edition(quads iter.Seq2[rdf.Quad, error], languages ...string) iter.Seq2[rdf.Quad, error] {
	return func(yield func(rdf.Quad, error) bool) {
		for q, err := range quads {
			if err != nil {
				yield(rdf.Quad{}, err)
				return
			}
			if describesConcept(q, languages) && !yield(q.In(rdf.Term{}), nil) {
				return
			}
		}
	}
}

func describesConcept(q rdf.Quad, languages []string) bool {
	switch q.P.Value() {
	case rdf.RDFType:
		return q.O.Value() == SKOS+"Concept" || q.O.Value() == SKOS+"ConceptScheme"
	case SKOS + "prefLabel", SKOS + "altLabel", SKOS + "definition":
		return q.O.Lang() != "" && (len(languages) == 0 || slices.Contains(languages, q.O.Lang()))
	case SKOS + "inScheme", SKOS + "topConceptOf", SKOS + "broader", SKOS + "narrower", SKOS + "notation", SKOS + "exactMatch":
		return true
	}
	return false
}
