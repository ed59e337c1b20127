package pipeline

import (
	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting/term"
	"qlgraph/ontology"
	"qlgraph/ontology/elm"
	"qlgraph/ontology/ql"
)

var (
	iscedCode   = rdf.IRI(elm.ISCEDFCode)
	iscedBroad  = rdf.IRI(ql.ISCEDFBroadField)
	iscedNarrow = rdf.IRI(ql.ISCEDFNarrowField)
)

// Ids of the rules by which the pipeline adds to what a lifter states.
const (
	ruleField  = "enrich.field"
	ruleActive = "enrich.active"
)

// Rules are the rules by which the pipeline adds to what a lifter states.
func Rules() []harvesters.Rule {
	return []harvesters.Rule{
		{ID: ruleField, Source: "elm:ISCEDFCode", Target: "ql:ISCEDFBroadField, ql:ISCEDFNarrowField",
			Conversion: "The broad and the narrow field follow from the ISCED-F 2013 code."},
		{ID: ruleActive, Source: "dcterms:valid", Target: "ql:isActive",
			Conversion: "A course is active on the days of its validity, unless its source says that it is not."},
	}
}

// addition returns the id of the rule by which the pipeline adds statements with
// a property, "" where there is none.
func addition(property rdf.Term) string {
	switch property {
	case iscedBroad, iscedNarrow:
		return ruleField
	case term.IsActive:
		return ruleActive
	}
	return ""
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
