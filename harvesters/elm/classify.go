package elm

import (
	"slices"

	"qlgraph/graph/rdf"
	"qlgraph/ontology"
)

// The kinds of records.
const (
	KindSpecification = "specification"
	KindInstance      = "instance"
	KindOrganisation  = "organisation"
	KindConcept       = "concept"
	// KindResource is what belongs to none of the others.
	KindResource = "resource"
)

// kind is that of an entry point, none for a helper node.
type kind uint8

const (
	none kind = iota
	specification
	instance
	organisation
	concept
	resource
)

func (k kind) String() string {
	return [...]string{"", KindSpecification, KindInstance, KindOrganisation, KindConcept, KindResource}[k]
}

// kinds are the classes of the entry points, under the names of ELM 3.3.
var kinds = map[string]kind{
	ontology.QL + "LearningOpportunitySpecification":  specification,
	ontology.ELM + "LearningAchievementSpecification": specification,
	ontology.ELM + "Qualification":                    specification,
	ontology.QL + "LearningOpportunityInstance":       instance,
	ontology.ELM + "LearningOpportunity":              instance,
	ontology.QL + "HigherEducationInstitution":        organisation,
	ontology.QL + "GroupOfHEIs":                       organisation,
	ontology.QL + "EuropeanUniversityAlliance":        organisation,
	ontology.ELM + "Organisation":                     organisation,
	ontology.SKOS + "Concept":                         concept,
	ontology.SKOS + "ConceptScheme":                   concept,
}

var (
	isA       = rdf.IRI(rdf.RDFType)
	specOf    = elmProperty("learningAchievementSpecification")
	provided  = elmProperty("providedBy")
	publisher = [2]rdf.Term{rdf.IRI(ontology.DCTerms + "publisher"), rdf.IRI(elements + "publisher")}
	field     = elmProperty("ISCEDFCode")
	outcome   = elmProperty("learningOutcome")
)

// link says that a node refers to another as one of a kind.
type link struct {
	from, to int32
	as       kind
}

// classify notes what a triple of the last subject says about kinds: by its type,
// and for nodes without one, by how others refer to them.
func (g *graph) classify(q rdf.Quad) error {
	n := &g.nodes[g.last]
	refers := none
	switch {
	case q.P == isA:
		n.typed = true
		if k := kinds[canonical(q.O.Value())]; k != none && (n.kind == none || n.kind == concept) {
			n.kind = k
		}
	case among(q.P, specOf):
		refers = specification
		if n.own == none {
			n.own = instance
		}
	case among(q.P, provided), among(q.P, publisher):
		refers = organisation
	case among(q.P, field), among(q.P, outcome):
		if n.own == none {
			n.own = specification
		}
	}
	if refers == none || q.O.IsLiteral() {
		return nil
	}
	to, err := g.number(q.O)
	g.links = append(g.links, link{g.last, to, refers})
	return err
}

func among(t rdf.Term, terms [2]rdf.Term) bool { return t == terms[0] || t == terms[1] }

// infer makes entry points of described nodes without a kind.
func (g *graph) infer() {
	slices.SortStableFunc(g.links, func(a, b link) int { return int(a.from) - int(b.from) })
	links := g.links
	set := func(n int32, k kind) {
		if g.nodes[n].first != 0 && g.nodes[n].kind == none {
			g.nodes[n].kind = k
		}
	}
	for i := range g.nodes {
		n := int32(i)
		if own := g.nodes[n].own; own != none && !g.nodes[n].typed {
			set(n, own)
		}
		for len(links) > 0 && links[0].from == n {
			set(links[0].to, links[0].as)
			links = links[1:]
		}
	}
	g.links = nil
}
