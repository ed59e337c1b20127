package resource

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/text/language"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
	"qlgraph/internal/conneg"
	"qlgraph/internal/problem"
	"qlgraph/ontology"
)

// Config is what a Handler needs.
type Config struct {
	Dataset graph.Dataset
	BaseIRI string // without a trailing slash
	// Past knows earlier states; nil where none are kept.
	Past Past
}

// Handler serves things, their documents and the resolver.
type Handler struct {
	data      graph.Dataset
	base      string
	past      Past
	parts     map[string]Part
	templates *template.Template
}

// New returns a Handler.
func New(c Config) *Handler {
	return &Handler{data: c.Dataset, base: c.BaseIRI, past: c.Past, parts: map[string]Part{}, templates: parseTemplates()}
}

// representation is a syntax in which a document is sent.
type representation struct {
	name, ending, mediaType string
	format                  rdfio.Format // 0: HTML
}

// representations are all of them, in the server's order of preference.
func representations() []representation {
	list := []representation{{"HTML", ".html", "text/html", 0}}
	for _, f := range []struct {
		name   string
		format rdfio.Format
	}{
		{"Turtle", rdfio.Turtle}, {"JSON-LD", rdfio.JSONLD}, {"RDF/XML", rdfio.RDFXML},
		{"N-Triples", rdfio.NTriples}, {"TriG", rdfio.TriG}, {"N-Quads", rdfio.NQuads},
	} {
		list = append(list, representation{f.name, f.format.Ending(), f.format.MediaType(), f.format})
	}
	return list
}

func byEnding(ending string) *representation {
	for _, r := range representations() {
		if r.ending == ending {
			return &r
		}
	}
	return nil
}

// Thing redirects from a thing to its document: 303, as it is not itself a
// document.
func (h *Handler) Thing(w http.ResponseWriter, r *http.Request) {
	t, err := target(h.base, r.URL.EscapedPath())
	if err != nil {
		problem.Write(w, r, problem.Details{Status: http.StatusBadRequest, Detail: err.Error()})
		return
	}
	w.Header().Set("Vary", "Accept")
	http.Redirect(w, r, t.Path, http.StatusSeeOther)
}

// Document sends the document of a thing, in the syntax that the path's ending
// names or, without one, that the client asks for.
func (h *Handler) Document(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		problem.Write(w, r, problem.Details{Status: http.StatusMethodNotAllowed})
		return
	}
	path := strings.TrimPrefix(r.URL.EscapedPath(), documents)
	if t, part := h.part(path); part != nil {
		part.ServePart(w, r, t)
		return
	}
	snap, err := h.data.Snapshot(r.Context())
	if err != nil {
		h.fail(w, r, err)
		return
	}
	defer snap.Close()
	at, err := asOf(r)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	doc, t, err := h.find(snap, path, at)
	switch {
	case err != nil:
		h.fail(w, r, err)
	case doc == nil:
		problem.Write(w, r, problem.Details{Status: http.StatusNotFound, Detail: "no published source describes " + t.IRI})
	default:
		h.Send(w, r, snap, doc, Moment(w, doc, t))
	}
}

// find returns the document of the thing at path, with what the path names. A
// path that ends like a format is first tried as it stands: ids may contain
// dots.
func (h *Handler) find(snap graph.Snapshot, path string, at time.Time) (*Document, Target, error) {
	t, err := target(h.base, path)
	if err != nil {
		return nil, t, err
	}
	doc, err := h.state(snap, t, at)
	if doc != nil || err != nil {
		return doc, t, err
	}
	for _, r := range representations() {
		stem, found := strings.CutSuffix(path, r.ending)
		if !found {
			continue
		}
		if t, err = target(h.base, stem); err != nil {
			return nil, t, err
		}
		t.Ending = r.ending
		doc, err = h.state(snap, t, at)
		return doc, t, err
	}
	return nil, t, nil
}

func negotiate(r *http.Request) *representation {
	list := representations()
	offers := make([]conneg.Offer, len(list))
	for i := range list {
		offers[i].Type = list[i].mediaType
	}
	i, ok := conneg.Choose(strings.Join(r.Header.Values("Accept"), ","), offers)
	if !ok {
		return nil
	}
	return &list[i]
}

func notAcceptable(w http.ResponseWriter, r *http.Request) {
	var types []string
	for _, alternative := range representations() {
		types = append(types, alternative.mediaType)
	}
	problem.Write(w, r, problem.Details{
		Status: http.StatusNotAcceptable,
		Detail: "the document can be had as " + strings.Join(types, ", "),
		Extra:  map[string]any{"alternatives": types},
	})
}

// Send writes the document of t in the representation that the path or the
// client asks for: 304 where the client has it.
func (h *Handler) Send(w http.ResponseWriter, r *http.Request, snap graph.Snapshot, doc *Document, t Target) {
	rep := byEnding(t.Ending)
	if rep == nil {
		w.Header().Add("Vary", "Accept")
		if rep = negotiate(r); rep == nil {
			notAcceptable(w, r)
			return
		}
	}
	var body bytes.Buffer
	var err error
	if rep.format == 0 {
		prefer, _, _ := language.ParseAcceptLanguage(r.Header.Get("Accept-Language")) // an unreadable header has no preference
		w.Header().Add("Vary", "Accept-Language")
		err = newPageBuilder(newReader(snap), doc, h.base, prefer).write(&body, h.templates, links(t.Path))
	} else {
		version, known := elmVersion(r)
		if !known {
			problem.Write(w, r, problem.Details{Status: http.StatusBadRequest, Detail: "elm: want 3.2 or 3.3"})
			return
		}
		err = encode(&body, version.RenameAll(doc.Quads), rep.format)
	}
	if err != nil {
		h.fail(w, r, err)
		return
	}
	h.respond(w, r, body.Bytes(), doc, t, rep)
}

// respond writes the headers and, unless the client has it, the body.
func (h *Handler) respond(w http.ResponseWriter, r *http.Request, body []byte, doc *Document, t Target, rep *representation) {
	sum := sha256.Sum256(append([]byte(rep.mediaType+"\n"), body...)) // no two syntaxes share a tag
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	if rep.format == 0 {
		tag = "W/" + tag // what the page shows besides the course may change without it
	}
	header := w.Header()
	header.Set("ETag", tag)
	if !doc.Changed.IsZero() {
		header.Set("Last-Modified", doc.Changed.UTC().Format(http.TimeFormat))
	}
	header.Set("Content-Location", t.Path+rep.ending)
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Access-Control-Expose-Headers", "ETag, Link, Content-Location")
	header.Set("Cache-Control", "public, max-age=300")
	for _, l := range links(t.Path) {
		header.Add("Link", "<"+l.Href+`>; rel="alternate"; type="`+l.MediaType+`"`)
	}
	header.Add("Link", "<"+t.Thing()+`>; rel="about"`)
	for _, l := range doc.Links {
		header.Add("Link", l.String())
	}
	if doc.Status == 0 && matches(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	header.Set("Content-Type", rep.mediaType+"; charset=utf-8")
	if doc.Status != 0 {
		w.WriteHeader(doc.Status)
	}
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the client is gone where this fails
	}
}

// elmVersion reads the parameter elm: a document can be had under the names of
// ELM 3.2, for programs that know no newer ones.
func elmVersion(r *http.Request) (ontology.ELMVersion, bool) {
	switch r.URL.Query().Get("elm") {
	case "", "3.3":
		return ontology.ELMCurrent, true
	case "3.2":
		return ontology.ELMOld, true
	}
	return ontology.ELMCurrent, false
}

// encode writes the document; in a syntax with named graphs too it is one graph.
func encode(body *bytes.Buffer, quads []rdf.Quad, f rdfio.Format) error {
	enc, err := rdfio.NewEncoder(body, f, rdfio.EncoderOptions{Prefixes: ontology.Prefixes()})
	if err != nil {
		return err
	}
	for _, q := range quads {
		if err := enc.Encode(q); err != nil {
			return err
		}
	}
	return enc.Close()
}

func links(path string) []format {
	var list []format
	for _, r := range representations() {
		list = append(list, format{Name: r.name, MediaType: r.mediaType, Href: path + r.ending})
	}
	return list
}

// matches compares If-None-Match weakly (RFC 9110 §13.1.2).
func matches(header, tag string) bool {
	for candidate := range strings.SplitSeq(header, ",") {
		candidate = strings.TrimSpace(candidate)
		if candidate == "*" || strings.TrimPrefix(candidate, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

// fail answers for an error: 400 where the request is at fault.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	status := http.StatusInternalServerError
	if errors.Is(err, errMalformed) {
		status = http.StatusBadRequest
	}
	problem.Write(w, r, problem.Details{Status: status, Detail: err.Error()})
}

// Resolve redirects from any identifier of a course to its document.
func (h *Handler) Resolve(w http.ResponseWriter, r *http.Request) {
	text := r.URL.Query().Get("id")
	if text == "" {
		problem.Write(w, r, problem.Details{
			Status: http.StatusBadRequest,
			Detail: "give an identifier: /resolve?id=" + url.QueryEscape("urn:schac:uniqueCourseId:uni.example:C1"),
		})
		return
	}
	snap, err := h.data.Snapshot(r.Context())
	if err != nil {
		h.fail(w, r, err)
		return
	}
	defer snap.Close()
	found, err := resolve(snap, h.base, text)
	switch {
	case errors.Is(err, errMalformed):
		problem.Write(w, r, problem.Details{Status: http.StatusBadRequest, Detail: err.Error()})
	case err != nil:
		h.fail(w, r, err)
	case found == "":
		h.unresolved(w, r, snap, text)
	default:
		http.Redirect(w, r, "/doc"+strings.TrimPrefix(found, h.base), http.StatusSeeOther)
	}
}
