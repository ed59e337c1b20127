package pipeline

import (
	"fmt"
	"slices"
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/ontology"
	"qlgraph/ontology/courseid"
	"qlgraph/ontology/ql"
)

var (
	typeTerm      = rdf.IRI(rdf.RDFType)
	courseClass   = rdf.IRI(ql.LearningOpportunitySpecificationClass)
	instanceClass = rdf.IRI(ql.LearningOpportunityInstanceClass)
)

// foreign returns why a record is not this provider's to publish, "" where it
// is (QualityLink access policy: education providers describe their own
// courses, authoritative sources anyone's, third parties named indicators).
func (h *harvest) foreign(lifted harvesters.Lifted) string {
	provider := h.plan.source.Provider
	if provider.Class == harvesters.Authoritative || provider.Class == harvesters.ThirdParty {
		return ""
	}
	base := h.run.pipeline.config.BaseIRI
	own := courseid.Provider(base, provider.Key())
	if owner := lifted.Owner; owner != "" && owner != own {
		if other := h.institution(owner); other != "" && other != provider.Key() {
			return fmt.Sprintf("not published: the record names %s as its institution, and %s may describe its own courses only", owner, provider.Key())
		}
		h.result.Findings["ownership.unknown"]++
	}
	mine := base + "/course/" + courseid.Escape(provider.Key()) + "/"
	for _, s := range lifted.Subjects {
		if under(s.Value(), base+"/") && !under(s.Value(), mine) && !under(s.Value(), base+"/.well-known/genid/") {
			return fmt.Sprintf("not published: %s is not an address of %s", s.Value(), provider.Key())
		}
	}
	return ""
}

// institution returns the key of the institution that a SCHAC code, an OrgReg
// or DEQARINST id or an IRI names; "" for one that the name does not tell.
func (h *harvest) institution(name string) string {
	config := h.run.pipeline.config
	for _, in := range config.Registry.Institutions {
		if strings.EqualFold(name, in.SCHAC) || in.ETER != "" && strings.EqualFold(name, in.ETER) ||
			in.DEQAR != "" && strings.EqualFold(name, in.DEQAR) || name == courseid.Provider(config.BaseIRI, in.Key()) {
			return in.Key()
		}
	}
	if !strings.Contains(name, "://") {
		return name // a code that names somebody, known or not
	}
	if under(name, config.BaseIRI+"/provider/") {
		return strings.TrimPrefix(name, config.BaseIRI+"/provider/")
	}
	for _, in := range config.Registry.Institutions {
		if in.SCHAC != "" && (host(name) == in.SCHAC || strings.HasSuffix(host(name), "."+in.SCHAC)) {
			return in.Key()
		}
	}
	return ""
}

// controlled are the namespaces whose terms no feed defines: what a source says
// of them would otherwise be read by every query over all graphs.
func controlled(iri string) bool {
	return under(iri, ontology.QL) || under(iri, ontology.ELM) || under(iri, "http://data.europa.eu/snb/") ||
		under(iri, "http://publications.europa.eu/resource/authority/")
}

// admit returns the triples that this provider may state.
func (h *harvest) admit(lifted harvesters.Lifted, at harvesters.Origin) []rdf.Quad {
	provider := h.plan.source.Provider
	base := h.run.pipeline.config.BaseIRI
	triples := make([]rdf.Quad, 0, len(lifted.Statements)+8)
	refused := map[string]bool{}
	for _, s := range lifted.Statements {
		q := rdf.Triple(s.S, s.P, s.O)
		switch {
		case provider.Class == harvesters.ThirdParty && !slices.Contains(provider.Indicators, q.P.Value()):
			h.result.Findings["ownership.indicator"]++
			continue
		case provider.Class == harvesters.Authoritative || provider.Class == harvesters.ThirdParty:
		case q.S.IsIRI() && controlled(q.S.Value()):
			h.result.Findings["ownership.vocabulary"]++
			continue
		case q.S.IsIRI() && under(q.S.Value(), base+"/") && !h.ownAddress(q.S.Value()):
			refused[q.S.Value()] = true
			continue
		}
		triples = append(triples, q)
	}
	for subject := range refused {
		h.result.Findings["ownership.subject"]++
		h.result.complain("not published: what the record says of "+subject+", which is not "+provider.Key()+"'s", place(at))
	}
	return triples
}

// ownAddress reports whether an IRI of ours is this provider's to describe.
func (h *harvest) ownAddress(iri string) bool {
	base := h.run.pipeline.config.BaseIRI
	key := h.plan.source.Provider.Key()
	own := courseid.Provider(base, key)
	return iri == own || under(iri, own+"#") || under(iri, base+"/course/"+courseid.Escape(key)+"/") || under(iri, base+"/.well-known/genid/")
}
