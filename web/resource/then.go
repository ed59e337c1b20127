package resource

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/internal/problem"
)

// past is what the source graphs held at another time than the snapshot's.
type past struct {
	prefix  string // of the source graphs' names
	quads   []rdf.Quad
	subject map[rdf.Term][]rdf.Quad
}

func newPast(base string, quads []rdf.Quad) *past {
	p := &past{prefix: base + "/graph/source/", quads: quads, subject: map[rdf.Term][]rdf.Quad{}}
	for _, q := range quads {
		p.subject[q.S] = append(p.subject[q.S], q)
	}
	return p
}

// amend makes of what the snapshot says in all graphs what it would say if the
// source graphs held the quads of the past.
func (p *past) amend(quads []rdf.Quad, s, pred, o rdf.Term) []rdf.Quad {
	quads = slices.DeleteFunc(quads, func(q rdf.Quad) bool { return strings.HasPrefix(q.G.Value(), p.prefix) })
	candidates := p.quads
	if !s.IsZero() {
		candidates = p.subject[s]
	}
	for _, q := range candidates {
		if (pred.IsZero() || pred == q.P) && (o.IsZero() || o == q.O) {
			quads = append(quads, q)
		}
	}
	return quads
}

// AssembleThen returns the document that Assemble would give if the source
// graphs held these quads, which are in such graphs. It has no labels of what
// the thing points to: they are no part of what a source said then, and change
// without it.
func AssembleThen(snap graph.Snapshot, base, iri string, quads []rdf.Quad) (*Document, error) {
	a := newAssembly(newReader(snap), base)
	a.past = newPast(base, quads)
	if err := a.thing(iri); err != nil || a.doc.Subject.IsZero() {
		return nil, err
	}
	a.finish()
	return a.doc, nil
}

// Subject returns the node that stands for the thing with the aggregator's IRI
// iri in the published sources, the zero Term where none describes it.
func Subject(snap graph.Snapshot, base, iri string) (rdf.Term, error) {
	return newAssembly(newReader(snap), base).subject(rdf.IRI(iri), authority(base, iri))
}

// Match returns the quads of every graph that match the pattern; zero terms
// match everything.
func Match(snap graph.Snapshot, s, p, o rdf.Term) ([]rdf.Quad, error) {
	return newReader(snap).match(s, p, o)
}

// Resolve returns the aggregator's IRI of the course that any identifier of it
// names, "" where no published course has it.
func Resolve(snap graph.Snapshot, base, identifier string) (string, error) {
	return resolve(snap, base, identifier)
}

// Labels returns the names of a thing by its best naming property, in every
// graph and all languages.
func Labels(snap graph.Snapshot, thing rdf.Term) ([]rdf.Term, error) {
	quads, err := newReader(snap).about(thing)
	if err != nil {
		return nil, err
	}
	for _, property := range labelling {
		var labels []rdf.Term
		for _, q := range quads {
			if q.P.Value() == property && q.O.IsLiteral() && !slices.Contains(labels, q.O) {
				labels = append(labels, q.O)
			}
		}
		if len(labels) > 0 {
			return labels, nil
		}
	}
	return nil, nil
}

// Name reads the last part of an IRI as words: what a page calls a property or
// a thing that nothing labels.
func Name(iri string) string { return localName(iri) }

// AsOf reads the parameter asOf of a request, the zero Time where there is none:
// a date, which means its end, or a time.
func AsOf(r *http.Request) (time.Time, error) { return asOf(r) }

// Moment makes of t what the answer is about: where doc is a past state, the
// memento, whose time goes into the header (RFC 7089 §2.1.1).
func Moment(w http.ResponseWriter, doc *Document, t Target) Target {
	if doc.Memento == "" {
		return t
	}
	w.Header().Set("Memento-Datetime", doc.Moment.UTC().Format(http.TimeFormat))
	t.moment = strings.TrimSuffix(doc.Memento, t.Thing())
	t.Path = doc.Memento
	return t
}

// unresolved answers for an identifier that no published course has: 410 with
// the tombstone where it named one that was withdrawn, else 404.
func (h *Handler) unresolved(w http.ResponseWriter, r *http.Request, snap graph.Snapshot, identifier string) {
	doc, t, err := h.lost(snap, identifier)
	switch {
	case err != nil:
		h.fail(w, r, err)
	case doc == nil:
		problem.Write(w, r, problem.Details{Status: http.StatusNotFound, Detail: "no course has the identifier " + identifier})
	default:
		h.Send(w, r, snap, doc, t)
	}
}

func (h *Handler) lost(snap graph.Snapshot, identifier string) (*Document, Target, error) {
	if h.past == nil {
		return nil, Target{}, nil
	}
	iri, err := h.past.Named(snap, identifier)
	if err != nil || iri == "" {
		return nil, Target{}, err
	}
	t, err := target(h.base, strings.TrimPrefix(iri, h.base))
	if err != nil {
		return nil, t, err
	}
	doc, err := h.past.Withdrawn(snap, t)
	return doc, t, err
}

// partNames are what pages call the parts that courses and offerings may have.
var partNames = [...]struct{ name, title string }{
	{"versions", "Versions"}, {"lineage", "Where each value comes from"}, {"raw", "Original record"},
	{"validation", "What validation finds"}, {"evidence", "Signed evidence"}, {"edc", "For a digital credential"},
}

// partLinks lead to the parts of a course or offering: of a past state those as
// of then, of a withdrawn one those that there are.
func (h *Handler) partLinks(doc *Document, t Target) []Link {
	if t.Kind != Course && t.Kind != Offering {
		return nil
	}
	var links []Link
	for _, p := range partNames {
		if h.parts[p.name] == nil || p.name == "edc" && t.Kind != Course || doc.Status == http.StatusGone && p.name != "versions" {
			continue
		}
		link := Link{Href: documents + t.Thing() + "/" + p.name, Title: p.title}
		if doc.Memento != "" && p.name != "versions" {
			link.Href += "?asOf=" + doc.Moment.UTC().Format("2006-01-02T15:04:05.999Z")
		}
		links = append(links, link)
	}
	return links
}

// Reading admits the methods that read, from pages of any origin, and answers
// the others.
func Reading(w http.ResponseWriter, r *http.Request) bool { return reading(w, r) }
