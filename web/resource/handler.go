package resource

import (
	"errors"
	"html/template"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/zeebo/xxh3"

	"qlgraph/graph"
	"qlgraph/graph/jsonld"
	"qlgraph/graph/rdf"
	"qlgraph/internal/problem"
	"qlgraph/ontology"
	"qlgraph/web/coding"
)

// Config is what a Handler needs.
type Config struct {
	Dataset graph.Dataset
	BaseIRI string // without a trailing slash
	License string // URI of the licence of the data, "" where it is not known
	// Licenses are those of what single providers publish, by SCHAC code.
	Licenses map[string]string
	// Past knows earlier states; nil where none are kept.
	Past Past
	// Run describes a harvest by its id, in whatever graph, and returns nothing
	// where there was none; nil where runs are known from the graph alone.
	Run func(snap graph.Snapshot, id string) ([]rdf.Quad, error)
}

// Handler serves things, their documents and the resolver.
type Handler struct {
	data       graph.Dataset
	base       string
	license    string
	licenses   map[string]string
	past       Past
	run        func(graph.Snapshot, string) ([]rdf.Quad, error)
	parts      map[string]Part
	templates  *template.Template
	contexts   *jsonld.Contexts
	courses    courseFrames
	prefixes   map[string]string
	negotiator negotiator
	compressor *coding.Compressor
	shelf      *shelf
	readers    sync.Pool // of *reader
	tags       *tags
}

// New returns a Handler.
func New(c Config) *Handler {
	contexts := jsonld.NewContexts()
	h := &Handler{
		data: c.Dataset, base: c.BaseIRI, license: c.License, licenses: c.Licenses, past: c.Past, run: c.Run, parts: map[string]Part{},
		templates: parseTemplates(), contexts: contexts, courses: newCourseFrames(contexts),
		prefixes: ontology.Prefixes(), negotiator: newNegotiator(), compressor: coding.New(), shelf: newShelf(c.BaseIRI), tags: newCurrent[xxh3.Uint128, validator](maxTags),
	}
	h.Mount("linkset", linkset{h})
	return h
}

// Thing redirects from a thing to its document: 303, as it is not itself a
// document.
func (h *Handler) Thing(w http.ResponseWriter, r *http.Request) {
	if !reading(w, r) {
		return
	}
	path, isDID := strings.CutSuffix(strings.TrimSuffix(r.URL.EscapedPath(), "/"), didFile)
	t, err := target(h.base, path)
	if err != nil {
		problem.Write(w, r, problem.Details{Status: http.StatusBadRequest, Detail: err.Error()})
		return
	}
	if isDID && t.Kind == Course {
		h.did(w, r, t)
		return
	}
	if strings.HasSuffix(r.URL.EscapedPath(), "/") {
		redirect(w, r, t.Thing(), http.StatusPermanentRedirect)
		return
	}
	w.Header().Set("Vary", "Accept")
	redirect(w, r, t.Path, http.StatusSeeOther)
}

// redirect sends the client on, with the query: asOf and the like are meant for
// the document.
func redirect(w http.ResponseWriter, r *http.Request, path string, status int) {
	if r.URL.RawQuery != "" {
		path += "?" + r.URL.RawQuery
	}
	w.Header().Set("Cache-Control", "public, max-age=3600")
	http.Redirect(w, r, path, status)
}

// reading admits the methods that read, from pages of any origin, and answers
// the others: a preflight request, or one that would change something.
func reading(w http.ResponseWriter, r *http.Request) bool {
	header := w.Header()
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Access-Control-Expose-Headers", "Content-Location, ETag, Last-Modified, Link, Location, Memento-Datetime")
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		return true
	case http.MethodOptions:
		header.Set("Allow", allowed)
		header.Set("Access-Control-Allow-Methods", allowed)
		header.Set("Access-Control-Allow-Headers", "Accept, Accept-Datetime, Accept-Language, Accept-Profile, If-Modified-Since, If-None-Match")
		header.Set("Access-Control-Max-Age", "86400")
		w.WriteHeader(http.StatusNoContent)
	default:
		header.Set("Allow", allowed)
		problem.Write(w, r, problem.Details{Status: http.StatusMethodNotAllowed})
	}
	return false
}

// allowed are the methods that things and documents have.
const allowed = "GET, HEAD, OPTIONS"

// Document sends the document of a thing, in the syntax that the path's ending
// names or, without one, that the client asks for.
func (h *Handler) Document(w http.ResponseWriter, r *http.Request) {
	if !reading(w, r) {
		return
	}
	path := strings.TrimPrefix(r.URL.EscapedPath(), documents)
	if t, part := h.part(path); part != nil {
		h.compressor.Handler(func(w http.ResponseWriter, r *http.Request) { part.ServePart(w, r, t) })(w, r)
		return
	}
	snap, err := h.data.Snapshot(r.Context())
	if err != nil {
		h.fail(w, r, err)
		return
	}
	defer snap.Close()
	if h.unchanged(w, r, snap.Version()) {
		return
	}
	at, err := asOf(r)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	doc, t, err := h.find(snap, path, at)
	switch {
	case err != nil:
		h.fail(w, r, err)
	case doc == nil || doc.Status == http.StatusGone:
		h.missing(w, r, snap, doc, t)
	default:
		h.Send(w, r, snap, doc, Moment(w, doc, t))
	}
}

// find returns the document of the thing at path, with what the path names. A
// path that ends like a format may be meant as it stands: ids may contain dots.
// That is seldom, so it is tried first only where the graph knows the whole IRI.
func (h *Handler) find(snap graph.Snapshot, path string, at time.Time) (*Document, Target, error) {
	whole, err := target(h.base, path)
	if err != nil {
		return nil, whole, err
	}
	dot := strings.LastIndexByte(path, '.')
	if dot < 0 || byEnding(path[dot:]) == nil {
		doc, err := h.state(snap, whole, at)
		return doc, whole, err
	}
	_, known, err := snap.Lookup(rdf.IRI(whole.IRI))
	if err != nil {
		return nil, whole, err
	}
	if known {
		if doc, err := h.state(snap, whole, at); doc != nil || err != nil {
			return doc, whole, err
		}
	}
	stem, err := target(h.base, path[:dot])
	if err != nil {
		return nil, stem, err
	}
	stem.Ending = path[dot:]
	doc, err := h.state(snap, stem, at)
	if doc != nil || err != nil || known {
		return doc, stem, err
	}
	if doc, err = h.state(snap, whole, at); doc != nil || err != nil {
		return doc, whole, err
	}
	return nil, stem, nil
}

// fail answers for an error: 400 where the request is at fault.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	status := http.StatusInternalServerError
	if errors.Is(err, errMalformed) {
		status = http.StatusBadRequest
	}
	problem.Write(w, r, problem.Details{Status: status, Detail: err.Error()})
}
