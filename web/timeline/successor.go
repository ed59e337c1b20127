package timeline

import (
	"slices"
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/ontology"
	"qlgraph/ontology/courseid"
	"qlgraph/ontology/ql"
	"qlgraph/web/resource"
)

var (
	supersededBy = rdf.IRI(ql.SupersededBy)
	superseded   = rdf.IRI(ql.Superseded)
	isReplacedBy = rdf.IRI(ontology.DCTerms + "isReplacedBy")
	replaces     = rdf.IRI(ontology.DCTerms + "replaces")
	seeAlso      = rdf.IRI(ontology.RDFS + "seeAlso")
	identifier   = rdf.IRI(ontology.ADMS + "identifier")
	notation     = rdf.IRI(ontology.SKOS + "notation")
	providedBy   = rdf.IRI(ontology.ELM + "providedBy")
)

// successors returns the courses that took the place of a withdrawn one, as far
// as anybody said so: it in its last version, or they.
func (h *History) successors(last *Version) ([]rdf.Term, error) {
	var found []rdf.Term
	for _, q := range last.Document.Quads {
		if q.S == last.Document.Subject && (q.P == supersededBy || q.P == isReplacedBy) && q.O.IsIRI() {
			found = append(found, h.referred(last.Document.Quads, q.O))
		}
	}
	names, err := h.references(last)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		for _, p := range []rdf.Term{superseded, replaces} {
			quads, err := resource.Match(h.snap, rdf.Term{}, p, name)
			if err != nil {
				return nil, err
			}
			for _, q := range quads {
				if strings.HasPrefix(q.G.Value(), h.base+"/graph/source/") && q.S.IsIRI() {
					found = append(found, q.S)
				}
			}
		}
	}
	slices.SortFunc(found, rdf.Compare)
	return slices.Compact(found), nil
}

// referred returns the course that a node stands for: itself, or the one to
// which a reference leads by link or by provider and identifier.
func (h *History) referred(quads []rdf.Quad, node rdf.Term) rdf.Term {
	provider, id := "", ""
	for _, q := range quads {
		switch {
		case q.S != node:
		case q.P == seeAlso && strings.HasPrefix(q.O.Value(), h.base+"/course/"):
			return q.O
		case q.P == providedBy:
			provider = strings.TrimPrefix(q.O.Value(), h.base+"/provider/")
		case q.P == identifier:
			for _, r := range quads {
				if r.S == q.O && r.P == notation {
					id = r.O.Value()
				}
			}
		}
	}
	schac, err := courseid.Unescape(provider)
	if id == "" || err != nil || schac == "" || strings.Contains(provider, "/") {
		return node
	}
	if named, err := courseid.Parse(h.base, id); err == nil && named.UUID == "" {
		return rdf.IRI(named.IRI(h.base))
	}
	return rdf.IRI(courseid.Course{SCHAC: schac, ID: id}.IRI(h.base))
}

// maxReferences bounds the references to a withdrawn course that are followed.
const maxReferences = 1000

// references returns the nodes by which other courses may mean this one: its
// names, and references that lead to them by link or by provider and identifier.
func (h *History) references(last *Version) ([]rdf.Term, error) {
	names := []rdf.Term{last.Document.Subject}
	if alias := rdf.IRI(h.target.IRI); alias != names[0] {
		names = append(names, alias)
	}
	for _, name := range slices.Clone(names) {
		linked, err := h.subjects(seeAlso, name)
		if err != nil {
			return nil, err
		}
		names = append(names, linked...)
	}
	id, err := courseid.Parse(h.base, h.target.IRI)
	if err != nil {
		return nil, err
	}
	for _, text := range []string{id.Course.ID, id.Course.URN()} {
		identifiers, err := h.subjects(notation, rdf.Literal(text))
		if err != nil {
			return nil, err
		}
		for _, node := range identifiers {
			identified, err := h.subjects(identifier, node)
			if err != nil {
				return nil, err
			}
			for _, n := range identified {
				if names, err = h.appendReference(names, n); err != nil {
					return nil, err
				}
			}
		}
	}
	return names, nil
}

// appendReference adds a node that is a reference to this course.
func (h *History) appendReference(names []rdf.Term, node rdf.Term) ([]rdf.Term, error) {
	quads, err := h.Describe(node, h.base+"/graph/source/")
	if err == nil && h.referred(quads, node).Value() == h.target.IRI {
		names = append(names, node)
	}
	return names, err
}

// subjects returns what has the value o for a property.
func (h *History) subjects(p, o rdf.Term) ([]rdf.Term, error) {
	quads, err := h.Match(rdf.Term{}, p, o)
	var found []rdf.Term
	for _, q := range quads[:min(len(quads), maxReferences)] {
		found = append(found, q.S)
	}
	return found, err
}
