package pipeline

import (
	"maps"
	"slices"
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/harvesters/lifting/term"
	"qlgraph/harvesters/occapi"
	"qlgraph/harvesters/registry"
	"qlgraph/ontology"
	"qlgraph/ontology/courseid"
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
	ruleField    = "enrich.field"
	ruleActive   = "enrich.active"
	ruleAlliance = "enrich.alliance"
)

// Rules are the rules by which the pipeline adds to what a lifter states.
func Rules() []harvesters.Rule {
	return []harvesters.Rule{
		{ID: ruleField, Source: "elm:ISCEDFCode", Target: "ql:ISCEDFBroadField, ql:ISCEDFNarrowField",
			Conversion: "The broad and the narrow field follow from the ISCED-F 2013 code."},
		{ID: ruleActive, Source: "dcterms:valid", Target: "ql:isActive",
			Conversion: "A course is active on the days of its validity, unless its source says that it is not."},
		{ID: ruleAlliance, Source: "ql:learnerGroup", Target: "ql:studentsOf",
			Conversion: "The alliance of the reference graph whose OrgReg id, code or name the source gives; where it gives none, the provider's, if it has one only."},
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
	case term.StudentsOf:
		return ruleAlliance
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

// alliances knows the alliances of the registry by what sources call them.
type alliances struct {
	named map[string]rdf.Term   // by OrgReg id, code and name, in lower case
	of    map[string][]rdf.Term // by member
}

func newAlliances(base string, list []registry.Alliance) alliances {
	a := alliances{named: map[string]rdf.Term{}, of: map[string][]rdf.Term{}}
	for _, alliance := range list {
		node := rdf.IRI(courseid.Alliance(base, alliance.ID))
		for _, name := range slices.Concat([]string{alliance.ID}, alliance.Codes, slices.Sorted(maps.Values(alliance.Names))) {
			if _, taken := a.named[strings.ToLower(name)]; !taken {
				a.named[strings.ToLower(name)] = node
			}
		}
		for _, member := range alliance.Members {
			a.of[strings.ToLower(member)] = append(a.of[strings.ToLower(member)], node)
		}
	}
	return a
}

// enrich links groups of learners to the alliance that they are of. Sources
// name it in an identifier of the group, or say only that there is one.
func (a alliances) enrich(triples []rdf.Quad, provider string) []rdf.Quad {
	if len(a.named) == 0 {
		return triples
	}
	for _, q := range triples {
		if q.P != term.Type || q.O != term.LearnerGroup {
			continue
		}
		names := values(triples, q.S, term.HasIdentifier, term.Notation)
		for _, name := range names {
			if alliance, ok := a.named[strings.ToLower(name)]; ok {
				triples = append(triples, rdf.Triple(q.S, term.StudentsOf, alliance))
			}
		}
		if own := a.of[provider]; len(names) == 0 && len(own) == 1 && slices.Contains(triples, rdf.Triple(q.S, term.Title, occapi.AllianceGroup())) {
			triples = append(triples, rdf.Triple(q.S, term.StudentsOf, own[0]))
		}
	}
	return triples
}
