package timeline

import (
	"cmp"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/harvesters/pipeline"
	"qlgraph/internal/problem"
	"qlgraph/ontology"
	"qlgraph/ontology/courseid"
	"qlgraph/web/resource"
)

var sameAs = rdf.IRI(ontology.OWL + "sameAs")

// Timeline answers for the past of courses and offerings. It is safe for
// concurrent use.
type Timeline struct {
	data      graph.Dataset
	journal   *pipeline.Journal
	base      string
	templates *template.Template
}

// New returns the timeline of a dataset whose journal is j. base is the base
// IRI, without a trailing slash.
func New(data graph.Dataset, j *pipeline.Journal, base string) *Timeline {
	return &Timeline{data: data, journal: j, base: base, templates: parseTemplates()}
}

var _ resource.Past = (*Timeline)(nil)

// Changed implements resource.Past.
func (l *Timeline) Changed(snap graph.Snapshot, t resource.Target) (time.Time, error) {
	if t.Kind != resource.Course && t.Kind != resource.Offering {
		return time.Time{}, nil
	}
	archive, err := l.journal.Archive(snap)
	if err != nil {
		return time.Time{}, err
	}
	changed, err := archive.Changed(t.IRI)
	if err != nil || !changed.IsZero() {
		return changed, err
	}
	subject, err := resource.Subject(snap, l.base, t.IRI)
	if err != nil || subject.IsZero() || subject.Value() == t.IRI {
		return time.Time{}, err
	}
	return archive.Changed(subject.Value())
}

// Withdrawn implements resource.Past.
func (l *Timeline) Withdrawn(snap graph.Snapshot, t resource.Target) (*resource.Document, error) {
	h, err := l.History(snap, t)
	if err != nil || h == nil || !h.Now().Gone {
		return nil, err
	}
	return h.tombstone(h.Now())
}

// Named implements resource.Past.
func (l *Timeline) Named(snap graph.Snapshot, identifier string) (string, error) {
	archive, err := l.journal.Archive(snap)
	if err != nil {
		return "", err
	}
	name := identifier
	if id, err := courseid.Parse(l.base, identifier); err == nil {
		name = cmp.Or(id.UUID, id.IRI(l.base))
	}
	iri, err := archive.Withdrawn(name)
	if err != nil || iri == "" || strings.HasPrefix(iri, l.base+"/course/") {
		return iri, err
	}
	return l.alias(archive, iri)
}

// alias returns the aggregator's IRI of a thing that its source called iri, as
// its last state has it.
func (l *Timeline) alias(archive *pipeline.Archive, iri string) (string, error) {
	parts, err := archive.Parts(iri)
	if err != nil || len(parts) == 0 {
		return "", err
	}
	last := slices.IndexFunc(parts[0].States, func(s pipeline.State) bool { return s.Gone }) - 1
	if last < 0 {
		return "", nil
	}
	quads, err := archive.Quads(parts[0], parts[0].States[last])
	for _, q := range quads {
		if q.S.Value() == iri && q.P == sameAs && strings.HasPrefix(q.O.Value(), l.base+"/course/") {
			return q.O.Value(), nil
		}
	}
	return "", err
}

// At implements resource.Past.
func (l *Timeline) At(snap graph.Snapshot, t resource.Target, at time.Time) (*resource.Document, error) {
	h, err := l.History(snap, t)
	if err != nil || h == nil {
		return nil, err
	}
	v := h.At(endOfSecond(at))
	if v == nil {
		return nil, nil
	}
	return h.document(v)
}

// Links implements resource.Past.
func (l *Timeline) Links(t resource.Target) []resource.Link {
	if t.Kind != resource.Course && t.Kind != resource.Offering {
		return nil
	}
	return append(mementoLinks(t), resource.Link{Href: t.Path + "/versions", Rel: "version-history"})
}

// document returns the document of a version, with what tells that it is past.
func (h *History) document(v *Version) (*resource.Document, error) {
	if v.Gone {
		doc, err := h.tombstone(v)
		if err == nil {
			doc.Moment, doc.Memento = v.At, h.Memento(v)
		}
		return doc, err
	}
	doc := *v.Document
	doc.Changed, doc.Moment, doc.Memento, doc.Run = v.At, v.At, h.Memento(v), v.By
	doc.Links = h.links(v)
	text := "An earlier version: the course was published like this from " + day(v.At) + " to " + day(v.Until) + "."
	if v.Until.IsZero() {
		text = "The version that has been published since " + day(v.At) + "."
	}
	doc.Notes = []resource.Note{{Text: text, Links: []resource.Link{
		{Href: h.target.Path, Title: "The course today"}, {Href: h.target.Path + "/versions", Title: "All versions"},
	}}}
	return &doc, nil
}

// local returns the path of an IRI of the aggregator's own, the IRI of others.
func (h *History) local(t rdf.Term) string {
	if path, ours := strings.CutPrefix(t.Value(), h.base+"/"); ours {
		return "/" + path
	}
	return t.Value()
}

// Serve finds the version of t that a request is about, the present one or that
// of asOf, and lets use answer. It answers itself where there is none: 404, or
// 410 with the way to the last one where the thing was withdrawn.
func (l *Timeline) Serve(w http.ResponseWriter, r *http.Request, t resource.Target, use func(*History, *Version)) {
	snap, err := l.data.Snapshot(r.Context())
	if err != nil {
		fail(w, r, err)
		return
	}
	defer snap.Close()
	at, err := resource.AsOf(r)
	if err != nil {
		problem.Write(w, r, problem.Details{Status: http.StatusBadRequest, Detail: err.Error()})
		return
	}
	h, err := l.History(snap, t)
	switch {
	case err != nil:
		fail(w, r, err)
		return
	case h == nil:
		problem.Write(w, r, problem.Details{Status: http.StatusNotFound, Detail: "nothing is recorded of " + t.IRI})
		return
	}
	v := h.Now()
	if !at.IsZero() {
		v = h.At(endOfSecond(at))
	}
	switch {
	case v == nil:
		problem.Write(w, r, problem.Details{Status: http.StatusNotFound, Detail: t.IRI + " is known since " + stamp(h.Versions[0].At)})
	case v.Gone:
		last := t.Path + "/" + t.Part + t.Ending + "?" + h.Last(v).AsOf()
		setLinks(w, []resource.Link{{Href: last, Rel: "predecessor-version"}})
		problem.Write(w, r, problem.Details{Status: http.StatusGone, Detail: "withdrawn on " + stamp(v.At) + "; of the last version: " + last})
	default:
		use(h, v)
	}
}

// AsOf returns the query by which documents of this version are asked for.
func (v *Version) AsOf() string { return url.Values{"asOf": {stamp(v.At)}}.Encode() }
