package timeline

import (
	"net/http"
	"slices"
	"time"

	"qlgraph/graph/rdf"
	"qlgraph/ontology"
	"qlgraph/web/resource"
)

// statusWithdrawn is the status of ADMS for what is not available any more.
const statusWithdrawn = "http://purl.org/adms/status/Withdrawn"

var (
	publisher = rdf.IRI(ontology.DCTerms + "publisher")
	legalName = rdf.IRI(ontology.ROV + "legalName")
)

// kept are the properties of the last version that a tombstone repeats: what
// the thing was, whose, and under which names it is known.
var kept = []string{
	rdf.RDFType, ontology.DCTerms + "title", ontology.DCTerms + "publisher", ontology.ELM + "providedBy",
	ontology.OWL + "sameAs", ontology.ADMS + "identifier", ontology.ELM + "learningAchievementSpecification",
}

// tombstone returns what is left to say of a thing in a version in which it is
// gone.
func (h *History) tombstone(gone *Version) (*resource.Document, error) {
	last := h.Last(gone)
	subject := last.Document.Subject
	doc := &resource.Document{
		Subject: subject, Alias: last.Document.Alias, Graphs: last.Document.Graphs,
		Status: http.StatusGone, Changed: gone.At, Run: gone.By,
	}
	doc.Quads = excerpt(last.Document.Quads, subject)
	if err := h.nameProviders(doc); err != nil {
		return nil, err
	}
	add := func(p string, o rdf.Term) { doc.Quads = append(doc.Quads, rdf.Triple(subject, rdf.IRI(p), o)) }
	first := &h.Versions[0]
	add(ontology.ADMS+"status", rdf.IRI(statusWithdrawn))
	add(ontology.PROV+"generatedAtTime", dateTime(first.At))
	add(ontology.PROV+"invalidatedAtTime", dateTime(gone.At))
	add(ontology.PROV+"wasInvalidatedBy", gone.By)
	add(ontology.DCTerms+"hasVersion", rdf.IRI(h.base+h.Memento(last)))
	successors, err := h.successors(last)
	if err != nil {
		return nil, err
	}
	for _, s := range successors {
		add(ontology.DCTerms+"isReplacedBy", s)
	}
	slices.SortFunc(doc.Quads, rdf.CompareQuads)
	doc.Quads = slices.Compact(doc.Quads)
	doc.Links = append(h.links(gone), resource.Link{Href: h.Memento(last), Rel: "predecessor-version"})
	for _, s := range successors {
		doc.Links = append(doc.Links, resource.Link{Href: h.local(s), Rel: "successor-version"})
	}
	doc.Notes = h.obituary(first, last, gone, successors)
	return doc, nil
}

// nameProviders adds the names of those who published the thing.
func (h *History) nameProviders(doc *resource.Document) error {
	for _, q := range slices.Clone(doc.Quads) {
		if q.P != publisher && q.P != providedBy {
			continue
		}
		names, err := resource.Labels(h.snap, q.O)
		if err != nil {
			return err
		}
		for _, name := range names {
			doc.Quads = append(doc.Quads, rdf.Triple(q.O, legalName, name))
		}
	}
	return nil
}

// obituary says in words what became of the thing.
func (h *History) obituary(first, last, gone *Version, successors []rdf.Term) []resource.Note {
	notes := []resource.Note{{
		Text: "Withdrawn: its provider has not published it since " + day(gone.At) + ". It was known here from " + day(first.At) + " on.",
		Links: []resource.Link{
			{Href: h.Memento(last), Title: "As it was last"},
			{Href: h.target.Path + "/versions", Title: "All versions"},
		},
	}}
	if len(successors) > 0 {
		n := resource.Note{Text: "Superseded by"}
		for _, s := range successors {
			n.Links = append(n.Links, resource.Link{Href: h.local(s), Title: s.Value()})
		}
		notes = append(notes, n)
	}
	return notes
}

// excerpt returns the kept properties of the subject, with the nodes of its
// identifiers.
func excerpt(quads []rdf.Quad, subject rdf.Term) []rdf.Quad {
	var out []rdf.Quad
	nodes := []rdf.Term{}
	for _, q := range quads {
		if q.S == subject && slices.Contains(kept, q.P.Value()) {
			out = append(out, q)
			if q.P == identifier {
				nodes = append(nodes, q.O)
			}
		}
	}
	for _, q := range quads {
		if slices.Contains(nodes, q.S) {
			out = append(out, q)
		}
	}
	return out
}

func dateTime(t time.Time) rdf.Term {
	return rdf.TypedLiteral(t.UTC().Format("2006-01-02T15:04:05.999Z07:00"), rdf.XSDDateTime)
}

// day is a time as a page says it.
func day(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04:05 UTC") }
