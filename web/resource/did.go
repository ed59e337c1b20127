package resource

import (
	"encoding/json"
	"net"
	"net/http"
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/internal/conneg"
	"qlgraph/internal/problem"
	"qlgraph/ontology"
	"qlgraph/ontology/courseid"
	"qlgraph/web/coding"
)

// The paths of DID documents. A course's DID is did:web:{schac}:courseId:{id},
// which resolves to https://{schac}/courseId/{id}/did.json (did:web §3.2): a
// provider whose web server hands that path on to this one has DIDs without
// doing more. Under the course's own path the document is there in any case.
const (
	didFile   = "/did.json"
	didPrefix = "/courseId/"
)

// didDocument is a DID document (DID Core 1.0 §5) without keys: it identifies,
// and says where to read on.
type didDocument struct {
	Context     []string     `json:"@context"`
	ID          string       `json:"id"`
	AlsoKnownAs []string     `json:"alsoKnownAs,omitempty"`
	Service     []didService `json:"service"`
}

type didService struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Endpoint string `json:"serviceEndpoint"`
}

// DID sends the DID document of the course whose id the path names, of the
// provider whose domain the request was sent to: for requests that a provider
// hands on.
func (h *Handler) DID(w http.ResponseWriter, r *http.Request) {
	if !reading(w, r) {
		return
	}
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	id, isDID := strings.CutPrefix(strings.TrimSuffix(r.URL.EscapedPath(), didFile), didPrefix)
	if !isDID || !strings.HasSuffix(r.URL.Path, didFile) || host == "" {
		problem.Write(w, r, problem.Details{Status: http.StatusNotFound, Detail: "expected /courseId/{id}/did.json"})
		return
	}
	t, err := target(h.base, "/course/"+courseid.Escape(host)+"/"+id)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	h.did(w, r, t)
}

// did sends the DID document of a course.
func (h *Handler) did(w http.ResponseWriter, r *http.Request, t Target) {
	snap, err := h.data.Snapshot(r.Context())
	if err != nil {
		h.fail(w, r, err)
		return
	}
	defer snap.Close()
	doc, err := h.Find(snap, t)
	switch {
	case err != nil:
		h.fail(w, r, err)
		return
	case doc == nil || doc.Status != 0:
		h.missing(w, r, snap, doc, t)
		return
	}
	body, err := h.didOf(doc, t)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	types := []string{"application/did+json", "application/did+ld+json", "application/json"}
	i, ok := conneg.Choose(strings.Join(r.Header.Values("Accept"), ","), conneg.Types(types...))
	if !ok {
		i = 0 // there is but one document; a resolver that asks for another type reads it all the same
	}
	header := w.Header()
	header.Set("Content-Type", types[i])
	header.Set("Vary", "Accept, Accept-Encoding")
	header.Set("Cache-Control", cacheControl)
	by := ""
	if len(body) >= coding.Least {
		by = coding.Accepted(r)
	}
	h.write(w, r, append(body, '\n'), by, 0)
}

// didOf returns the DID document of a course.
func (h *Handler) didOf(doc *Document, t Target) ([]byte, error) {
	id, err := courseid.Parse(h.base, t.IRI)
	if err != nil {
		return nil, err
	}
	known := []string{t.IRI}
	for _, q := range doc.Quads {
		if q.S == doc.Subject && q.P == rdf.IRI(ontology.OWL+"sameAs") && q.O.Value() != id.Course.DID() && q.O.Value() != t.IRI {
			known = append(known, q.O.Value())
		}
	}
	if !doc.Alias.IsZero() {
		known = append(known, doc.Subject.Value())
	}
	return json.MarshalIndent(didDocument{
		Context: []string{"https://www.w3.org/ns/did/v1"}, ID: id.Course.DID(), AlsoKnownAs: known,
		Service: []didService{{ID: id.Course.DID() + "#course", Type: "LinkedData", Endpoint: h.base + t.Path}},
	}, "", "  ")
}
