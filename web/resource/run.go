package resource

import (
	"slices"
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/ontology"
	"qlgraph/ontology/courseid"
)

// runDocument assembles the document of a harvest: of what is remembered of it
// and what the provenance graph says of its parts. It is nil for a run that
// there never was.
func (h *Handler) runDocument(r *reader, t Target) (*Document, error) {
	a := newAssembly(r, h.base)
	a.doc.Subject = rdf.IRI(t.IRI)
	provenance := rdf.IRI(h.base + "/graph/provenance")
	parts, err := r.matchIn(provenance, rdf.Term{}, rdf.IRI(ontology.DCTerms+"isPartOf"), a.doc.Subject)
	if err != nil {
		return nil, err
	}
	for _, part := range parts {
		about, err := r.aboutIn(provenance, part.S)
		if err != nil {
			return nil, err
		}
		a.quads = append(a.quads, about...)
	}
	if h.run != nil {
		id, err := courseid.Unescape(strings.TrimPrefix(t.IRI, h.base+"/run/"))
		if err != nil {
			return nil, err
		}
		known, err := h.run(r.snap, id)
		if err != nil {
			return nil, err
		}
		a.quads = append(a.quads, known...)
	}
	if len(a.quads) == 0 {
		return nil, nil
	}
	for i, q := range a.quads {
		a.quads[i] = q.In(rdf.Term{})
		if q.S != a.doc.Subject && q.P.Value() == ontology.DCTerms+"isPartOf" && !slices.Contains(a.doc.Offerings, q.S) {
			a.doc.Offerings = append(a.doc.Offerings, q.S)
		}
		if q.O.IsIRI() && q.O != a.doc.Subject && q.P.Value() != rdf.RDFType {
			a.pointed[q.O] = true
		}
	}
	slices.SortFunc(a.doc.Offerings, rdf.Compare)
	if err := a.labels(); err != nil {
		return nil, err
	}
	a.finish()
	return a.doc, nil
}
