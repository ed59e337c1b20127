package opendata

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
	"qlgraph/internal/conneg"
	"qlgraph/internal/problem"
	"qlgraph/ontology"
)

// syntax is one in which a description is sent.
type syntax struct {
	format            rdfio.Format
	ending, mediaType string
}

// syntaxes are all of them, the preferred one first.
func syntaxes() []syntax {
	var list []syntax
	for _, f := range []rdfio.Format{rdfio.Turtle, rdfio.JSONLD, rdfio.RDFXML, rdfio.NTriples} {
		list = append(list, syntax{f, f.Ending(), f.MediaType()})
	}
	return list
}

// choose returns the syntax that the path's ending names or else the client asks
// for; nil, and the answer written, where there is none.
func choose(w http.ResponseWriter, r *http.Request) *syntax {
	list := syntaxes()
	var types []string
	for i, s := range list {
		if s.ending == ending(r.URL.Path) {
			return &list[i]
		}
		types = append(types, s.mediaType)
	}
	w.Header().Add("Vary", "Accept")
	i, ok := conneg.Choose(strings.Join(r.Header.Values("Accept"), ","), conneg.Types(types...))
	if !ok {
		problem.Write(w, r, problem.Details{
			Status: http.StatusNotAcceptable, Detail: "this can be had as " + strings.Join(types, ", "),
			Extra: map[string]any{"alternatives": types},
		})
		return nil
	}
	return &list[i]
}

// send writes a description, which is at stem with the ending of each syntax.
func send(w http.ResponseWriter, r *http.Request, s *syntax, stem string, quads []rdf.Quad, changed time.Time) {
	slices.SortFunc(quads, rdf.CompareQuads)
	quads = slices.Compact(quads)
	var body bytes.Buffer
	enc, err := rdfio.NewEncoder(&body, s.format, rdfio.EncoderOptions{Prefixes: prefixes()})
	for i := 0; i < len(quads) && err == nil; i++ {
		err = enc.Encode(quads[i])
	}
	if err == nil {
		err = enc.Close()
	}
	if err != nil {
		fail(w, r, err)
		return
	}
	for _, other := range syntaxes() {
		w.Header().Add("Link", "<"+stem+other.ending+`>; rel="alternate"; type="`+other.mediaType+`"`)
	}
	w.Header().Set("Content-Location", stem+s.ending)
	sendBody(w, r, conneg.ContentType(s.mediaType), body.Bytes(), changed)
}

// sendBody writes a body with its entity tag; http.ServeContent sees to
// conditions, ranges and HEAD.
func sendBody(w http.ResponseWriter, r *http.Request, mediaType string, body []byte, changed time.Time) {
	sum := sha256.Sum256(body)
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Cache-Control", "public, max-age=300")
	http.ServeContent(w, r, "", changed, bytes.NewReader(body))
}

// Namespaces that only descriptions use.
const (
	spdx    = "http://spdx.org/rdf/terms#"
	formats = "http://www.w3.org/ns/formats/"
	media   = "https://www.iana.org/assignments/media-types/"
	euVocab = "http://publications.europa.eu/resource/authority/"
	xsdHex  = "http://www.w3.org/2001/XMLSchema#hexBinary"
)

// prefixes are those of the course data and of descriptions.
func prefixes() map[string]string {
	p := ontology.Prefixes()
	p["spdx"], p["formats"], p["dcat"], p["void"] = spdx, formats, ontology.DCAT, ontology.VOID
	return p
}

// description collects the statements about a dataset.
type description struct {
	base  string
	quads []rdf.Quad
	nodes int
}

func (d *description) add(s rdf.Term, property string, o rdf.Term) {
	d.quads = append(d.quads, rdf.Triple(s, rdf.IRI(property), o))
}

func (d *description) iri(s rdf.Term, property, iri string) { d.add(s, property, rdf.IRI(iri)) }

func (d *description) count(s rdf.Term, property string, n int64) {
	d.add(s, property, rdf.TypedLiteral(strconv.FormatInt(n, 10), rdf.XSDInteger))
}

func (d *description) text(s rdf.Term, property, text string) {
	d.add(s, property, rdf.LangLiteral(text, "en"))
}

func (d *description) time(s rdf.Term, property string, t time.Time) {
	d.add(s, property, rdf.TypedLiteral(t.UTC().Format(time.RFC3339), rdf.XSDDateTime))
}

// node returns a new blank node.
func (d *description) node() rdf.Term {
	d.nodes++
	return rdf.Blank("n" + strconv.Itoa(d.nodes))
}

// The names of the whole dataset and its shares: one in VoID and DCAT.
func (d *description) dataset(kind, id string) rdf.Term {
	if id == "" {
		return rdf.IRI(d.base + "/.well-known/void#dataset")
	}
	return rdf.IRI(d.base + "/.well-known/void#" + kind + "-" + id)
}
