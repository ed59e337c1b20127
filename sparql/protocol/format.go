package protocol

import (
	"io"
	"net/http"
	"strings"

	"qlgraph/graph/rdfio"
	"qlgraph/internal/conneg"
	"qlgraph/sparql/results"
)

// rdfOffer is an RDF syntax under one of its media types.
type rdfOffer struct {
	format    rdfio.Format
	mediaType string
}

// rdfOffers returns what can be written, the registered media types before the
// others so that these decide ties.
func rdfOffers() []rdfOffer {
	var registered, others []rdfOffer
	for _, f := range rdfio.Formats() {
		if _, err := rdfio.NewEncoder(io.Discard, f, rdfio.EncoderOptions{}); err != nil {
			continue
		}
		for i, m := range f.MediaTypes() {
			if i == 0 {
				registered = append(registered, rdfOffer{f, m})
			} else {
				others = append(others, rdfOffer{f, m})
			}
		}
	}
	return append(registered, others...)
}

// resultOffer is a results format under one of its media types.
type resultOffer struct {
	format    results.Format
	mediaType string
}

var resultOffers = []resultOffer{
	{results.JSON, results.JSON.MediaType()},
	{results.XML, results.XML.MediaType()},
	{results.CSV, results.CSV.MediaType()},
	{results.TSV, results.TSV.MediaType()},
	{results.JSON, "application/json"},
	{results.XML, "application/xml"},
	{results.XML, "text/xml"},
}

// chooseResults negotiates the format of solutions and booleans. The content
// type is the media type that the client asked for, the registered one unless it
// named another.
func (x *exchange) chooseResults(format string) (results.Format, string, error) {
	if format != "" {
		f, ok := results.FormatOf(format)
		if !ok {
			return 0, "", notAcceptable(format, resultTypes())
		}
		return f, f.ContentType(), nil
	}
	i, ok := conneg.Choose(x.accept(), offersOf(resultTypes()))
	if !ok {
		return 0, "", notAcceptable(x.accept(), resultTypes()[:len(results.Formats)])
	}
	offer := resultOffers[i]
	if offer.mediaType == offer.format.MediaType() {
		return offer.format, offer.format.ContentType(), nil
	}
	return offer.format, offer.mediaType, nil
}

// rdfNames are names of RDF syntaxes beside rdfio's own.
var rdfNames = map[string]string{
	"ttl": "turtle", "nt": "ntriples", "n-triples": "ntriples", "nq": "nquads", "n-quads": "nquads",
	"rdf": "rdfxml", "rdf/xml": "rdfxml", "rdf+xml": "rdfxml", "xml": "rdfxml", "json-ld": "jsonld", "json": "jsonld",
	"n3": "turtle", // every Turtle document is one in N3
}

// chooseRDF negotiates the syntax of a graph.
func (x *exchange) chooseRDF(format string) (rdfio.Format, string, error) {
	if format != "" {
		f, ok := x.rdfByName(format)
		if !ok {
			return 0, "", notAcceptable(format, x.rdfTypes())
		}
		return f, rdfContentType(f.MediaType()), nil
	}
	types := x.rdfTypes()
	i, ok := conneg.Choose(x.accept(), offersOf(types))
	if !ok {
		return 0, "", notAcceptable(x.accept(), types)
	}
	return x.graphs[i].format, rdfContentType(x.graphs[i].mediaType), nil
}

func (x *exchange) rdfByName(name string) (rdfio.Format, bool) {
	name = strings.ToLower(strings.TrimSpace(name))
	f := rdfio.ByMediaType(name)
	if f == 0 {
		if full, ok := rdfNames[name]; ok {
			name = full
		}
		f, _ = rdfio.ByName(name)
	}
	for _, offer := range x.graphs {
		if offer.format == f {
			return f, true
		}
	}
	return 0, false
}

// rdfContentType names the encoding of text types, as the W3C's tests of the
// Graph Store Protocol want it of Turtle. What is dereferenced as linked data
// follows conneg.ContentType instead.
func rdfContentType(mediaType string) string {
	if strings.HasPrefix(mediaType, "text/") {
		return mediaType + "; charset=utf-8"
	}
	return mediaType
}

func (x *exchange) rdfTypes() []string {
	types := make([]string, len(x.graphs))
	for i, offer := range x.graphs {
		types[i] = offer.mediaType
	}
	return types
}

func resultTypes() []string {
	types := make([]string, len(resultOffers))
	for i, offer := range resultOffers {
		types[i] = offer.mediaType
	}
	return types
}

func offersOf(types []string) []conneg.Offer { return conneg.Types(types...) }

// accept returns the Accept header, several of which count as one.
func (x *exchange) accept() string { return strings.Join(x.r.Header.Values("Accept"), ",") }

// wantsPage reports whether the client is a browser: it prefers HTML to all
// that could be sent otherwise.
func (x *exchange) wantsPage() bool {
	if x.config.Page == nil || x.accept() == "" {
		return false
	}
	types := append(append(resultTypes(), x.rdfTypes()...), "text/html")
	i, ok := conneg.Choose(x.accept(), offersOf(types))
	return ok && i == len(types)-1
}

func notAcceptable(got string, alternatives []string) *failure {
	return &failure{
		status: http.StatusNotAcceptable, kind: "format",
		detail: "nothing here is in the format " + got,
		extra:  map[string]any{"alternatives": alternatives},
	}
}
