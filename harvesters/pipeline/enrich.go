package pipeline

import (
	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/ontology"
	"qlgraph/ontology/elm"
	"qlgraph/ontology/ql"
)

var (
	iscedCode   = rdf.IRI(elm.ISCEDFCode)
	iscedBroad  = rdf.IRI(ql.ISCEDFBroadField)
	iscedNarrow = rdf.IRI(ql.ISCEDFNarrowField)
)

// EnrichmentRule is the rule of the statements that the pipeline adds to those
// of a lifter.
func EnrichmentRule() harvesters.Rule {
	return harvesters.Rule{ID: "enrich.field", Source: "elm:ISCEDFCode", Target: "ql:ISCEDFBroadField, ql:ISCEDFNarrowField",
		Conversion: "The broad and the narrow field follow from the ISCED-F 2013 code, of which they are the first two and three digits."}
}

// enrich adds what follows from the triples: the broad and narrow fields of
// each ISCED-F code. It is a function of the triples alone, so that a full run
// and an incremental one agree.
func enrich(triples []rdf.Quad, subjects []rdf.Term) []rdf.Quad {
	for _, q := range triples {
		if q.P != iscedCode || !q.O.IsIRI() {
			continue
		}
		field, ok := ontology.ISCEDField(q.O.Value())
		if !ok {
			continue
		}
		triples = append(triples, rdf.Triple(q.S, iscedBroad, rdf.IRI(field.Broad)))
		if field.Narrow != "" {
			triples = append(triples, rdf.Triple(q.S, iscedNarrow, rdf.IRI(field.Narrow)))
		}
	}
	return triples
}
