package vocabulary

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/rdfio"
	"qlgraph/internal/conneg"
	"qlgraph/internal/problem"
	"qlgraph/ontology"
)

// Path is where the ontology is; with an ending it is one representation of it.
// Term IRIs are {ontology.QL}{name}, whose document this is.
const Path = "/ontology/v1"

// Handler serves the ontology at Path.
type Handler struct {
	data            graph.Dataset
	template        *template.Template
	page            page
	representations []representation // in the server's order of preference
}

// representation is a syntax in which the ontology is sent.
type representation struct {
	Name, MediaType, Href string
	rdf                   func() ([]byte, error) // nil: the page
}

// New returns a Handler that counts the uses of terms in data.
func New(data graph.Dataset) *Handler {
	h := &Handler{data: data, template: parseTemplate(), page: newPage()}
	h.representations = append(h.representations, representation{Name: "HTML", MediaType: "text/html", Href: Path + ".html"})
	for _, r := range []struct {
		name   string
		format rdfio.Format
	}{{"Turtle", rdfio.Turtle}, {"JSON-LD", rdfio.JSONLD}, {"RDF/XML", rdfio.RDFXML}, {"N-Triples", rdfio.NTriples}} {
		h.representations = append(h.representations, representation{
			Name: r.name, MediaType: r.format.MediaType(), Href: Path + r.format.Ending(),
			rdf: sync.OnceValues(func() ([]byte, error) { return encode(r.format) }),
		})
	}
	h.page.Formats = h.representations
	return h
}

// ServeHTTP answers GET and HEAD for Path and its endings.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != Path && h.byEnding(r.URL.Path) == nil {
		problem.Write(w, r, problem.Details{Status: http.StatusNotFound, Detail: "the ontology is at " + Path})
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		problem.Write(w, r, problem.Details{Status: http.StatusMethodNotAllowed})
		return
	}
	chosen := h.byEnding(r.URL.Path)
	if chosen == nil {
		w.Header().Add("Vary", "Accept")
		if chosen = h.negotiate(r); chosen == nil {
			h.notAcceptable(w, r)
			return
		}
	}
	h.send(w, r, chosen)
}

func (h *Handler) byEnding(path string) *representation {
	i := slices.IndexFunc(h.representations, func(rep representation) bool { return rep.Href == path })
	if i < 0 {
		return nil
	}
	return &h.representations[i]
}

func (h *Handler) negotiate(r *http.Request) *representation {
	i, ok := conneg.Choose(strings.Join(r.Header.Values("Accept"), ","), conneg.Types(h.mediaTypes()...))
	if !ok {
		return nil
	}
	return &h.representations[i]
}

func (h *Handler) mediaTypes() []string {
	types := make([]string, len(h.representations))
	for i, rep := range h.representations {
		types[i] = rep.MediaType
	}
	return types
}

func (h *Handler) notAcceptable(w http.ResponseWriter, r *http.Request) {
	problem.Write(w, r, problem.Details{
		Status: http.StatusNotAcceptable,
		Detail: "the ontology can be had as " + strings.Join(h.mediaTypes(), ", "),
		Extra:  map[string]any{"alternatives": h.mediaTypes()},
	})
}

// send writes the representation with its entity tag; http.ServeContent sees to
// conditions, ranges and HEAD.
func (h *Handler) send(w http.ResponseWriter, r *http.Request, rep *representation) {
	body, err := h.body(r, rep)
	if err != nil {
		problem.Write(w, r, problem.Details{Status: http.StatusInternalServerError, Detail: err.Error()})
		return
	}
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	if rep.rdf == nil {
		tag = "W/" + tag // the numbers on the page change without the ontology
	}
	header := w.Header()
	header.Set("ETag", tag)
	header.Set("Content-Type", conneg.ContentType(rep.MediaType))
	header.Set("Content-Location", rep.Href)
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Access-Control-Expose-Headers", "ETag, Link, Content-Location")
	header.Set("Cache-Control", "public, max-age=300")
	for _, l := range h.representations {
		header.Add("Link", "<"+l.Href+`>; rel="alternate"; type="`+l.MediaType+`"`)
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

func (h *Handler) body(r *http.Request, rep *representation) ([]byte, error) {
	if rep.rdf != nil {
		return rep.rdf()
	}
	snap, err := h.data.Snapshot(r.Context())
	if err != nil {
		return nil, err
	}
	defer snap.Close()
	p := h.page
	if p.Uses, err = uses(snap, p.Groups); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = h.template.ExecuteTemplate(&b, "ontology.html", p)
	return b.Bytes(), err
}

// encode writes the ontology with its shapes and what it uses of ELM.
func encode(f rdfio.Format) ([]byte, error) {
	var b bytes.Buffer
	enc, err := rdfio.NewEncoder(&b, f, rdfio.EncoderOptions{Prefixes: ontology.Prefixes()})
	if err != nil {
		return nil, err
	}
	for _, q := range ontology.Graph() {
		if err := enc.Encode(q); err != nil {
			return nil, err
		}
	}
	err = enc.Close()
	return b.Bytes(), err
}
