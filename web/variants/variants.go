package variants

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
	"qlgraph/internal/conneg"
	"qlgraph/internal/problem"
	"qlgraph/ontology"
	"qlgraph/web/frame"
	"qlgraph/web/resource"
)

// Variant is one representation.
type Variant struct {
	Name      string // for people
	Ending    string // ".ttl"
	MediaType string // without parameters
	Write     func(io.Writer) error
}

// Answer is what can be sent at one path.
type Answer struct {
	Path   string // percent-encoded, without an ending
	Ending string // that the request's path has, "" where Accept decides
	Query  string // that belongs to the thing asked for, without "?"
	Status int    // 0: 200
	// Variants in the order of the server's preference.
	Variants []Variant
	Links    []resource.Link
	Changed  time.Time // Last-Modified, zero where it is not known
}

// Formats returns the variants as links for a page: by the names people know them
// by, with the query of the answer.
func (a Answer) Formats() []resource.Link {
	var links []resource.Link
	for _, v := range a.Variants {
		links = append(links, resource.Link{Href: a.href(v), Rel: "alternate", Type: v.MediaType, Title: v.Name})
	}
	return links
}

// Alternates returns the variants as the head of a page lists them.
func (a Answer) Alternates() []frame.Alternate {
	var list []frame.Alternate
	for _, v := range a.Variants {
		list = append(list, frame.Alternate{MediaType: v.MediaType, Href: a.href(v)})
	}
	return list
}

func (a Answer) href(v Variant) string {
	if a.Query == "" {
		return a.Path + v.Ending
	}
	return a.Path + v.Ending + "?" + a.Query
}

// Send writes the variant that the request asks for: 404 for an ending that
// there is not, 406 where the client accepts none, 500 where writing fails.
func Send(w http.ResponseWriter, r *http.Request, a Answer) {
	v, ok := choose(w, r, a)
	if !ok {
		return
	}
	var body bytes.Buffer
	if err := v.Write(&body); err != nil {
		problem.Write(w, r, problem.Details{Status: http.StatusInternalServerError, Detail: err.Error()})
		return
	}
	header := w.Header()
	header.Set("ETag", entityTag(v, body.Bytes()))
	header.Set("Content-Location", a.href(v))
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Cache-Control", "public, max-age=300")
	header.Set("X-Content-Type-Options", "nosniff")
	if !a.Changed.IsZero() {
		header.Set("Last-Modified", a.Changed.UTC().Format(http.TimeFormat))
	}
	for _, l := range a.Formats() {
		if l.Type != v.MediaType {
			header.Add("Link", l.String())
		}
	}
	for _, l := range a.Links {
		header.Add("Link", l.String())
	}
	if a.Status == 0 && matches(r.Header.Get("If-None-Match"), header.Get("ETag")) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	header.Set("Content-Type", conneg.ContentType(v.MediaType))
	header.Set("Content-Length", strconv.Itoa(body.Len()))
	if a.Status != 0 {
		w.WriteHeader(a.Status)
	}
	if r.Method != http.MethodHead {
		_, _ = w.Write(body.Bytes()) // the client is gone where this fails
	}
}

// choose finds the variant, or answers that there is none.
func choose(w http.ResponseWriter, r *http.Request, a Answer) (Variant, bool) {
	var types []string
	for _, v := range a.Variants {
		if a.Ending != "" && a.Ending == v.Ending {
			return v, true
		}
		types = append(types, v.MediaType)
	}
	if a.Ending != "" {
		problem.Write(w, r, problem.Details{Status: http.StatusNotFound, Detail: "there is no " + a.Ending + " of this: it can be had as " + strings.Join(types, ", ")})
		return Variant{}, false
	}
	w.Header().Add("Vary", "Accept")
	i, ok := conneg.Choose(strings.Join(r.Header.Values("Accept"), ","), conneg.Types(types...))
	if !ok {
		for _, l := range a.Formats() {
			w.Header().Add("Link", l.String())
		}
		problem.Write(w, r, problem.Details{
			Status: http.StatusNotAcceptable,
			Detail: "this can be had as " + strings.Join(types, ", "),
			Extra:  map[string]any{"alternatives": types},
		})
		return Variant{}, false
	}
	return a.Variants[i], true
}

// entityTag hashes the content; a page's is weak, as labels on it may change
// without what it is about.
func entityTag(v Variant, body []byte) string {
	sum := sha256.Sum256(append([]byte(v.MediaType+"\n"), body...))
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	if v.MediaType == "text/html" {
		return "W/" + tag
	}
	return tag
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

// RDF returns the variants of a graph: Turtle, JSON-LD, RDF/XML and N-Triples.
func RDF(quads []rdf.Quad) []Variant {
	var list []Variant
	for _, s := range []struct {
		name   string
		format rdfio.Format
	}{{"Turtle", rdfio.Turtle}, {"JSON-LD", rdfio.JSONLD}, {"RDF/XML", rdfio.RDFXML}, {"N-Triples", rdfio.NTriples}} {
		list = append(list, Variant{Name: s.name, Ending: s.format.Ending(), MediaType: s.format.MediaType(), Write: func(w io.Writer) error {
			return Encode(w, quads, s.format)
		}})
	}
	return list
}

// Encode writes a graph in a syntax, with the prefixes that the server uses.
func Encode(w io.Writer, quads []rdf.Quad, f rdfio.Format) error {
	enc, err := rdfio.NewEncoder(w, f, rdfio.EncoderOptions{Prefixes: ontology.Prefixes()})
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

// JSON returns the variant of a value as JSON.
func JSON(value any) Variant {
	return Variant{Name: "JSON", Ending: ".json", MediaType: "application/json", Write: func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(value)
	}}
}

// Page returns the variant for people.
func Page(write func(io.Writer) error) Variant {
	return Variant{Name: "HTML", Ending: ".html", MediaType: "text/html", Write: write}
}
