package protocol

import (
	"io"
	"net/http"
	"strconv"

	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
)

const (
	// prettyQuads is the largest graph that is held to be written in order and
	// nested, as people like to read it; a larger one streams.
	prettyQuads = 5000
	// treeQuads is the largest graph in a syntax that cannot stream: about 300
	// bytes each while it is held.
	treeQuads = 200_000
)

// graphWriter writes triples in a syntax, in bounded memory.
type graphWriter struct {
	w        io.Writer
	format   rdfio.Format
	prefixes map[string]string
	held     []rdf.Quad
	encoder  rdfio.Encoder // once there is more than may be held
	n        int
}

func (x *exchange) graphWriter(f rdfio.Format) *graphWriter {
	return &graphWriter{w: x.out, format: f, prefixes: x.config.Prefixes}
}

// encode takes a triple.
func (g *graphWriter) encode(q rdf.Quad) error {
	g.n++
	if g.encoder == nil && g.n > prettyQuads {
		if err := g.open(true); err != nil {
			return err
		}
	}
	if g.encoder == nil {
		g.held = append(g.held, q)
		return nil
	}
	if g.format == rdfio.JSONLD && g.n > treeQuads {
		return &failure{
			status: http.StatusNotAcceptable, kind: "format",
			detail: "more than " + strconv.Itoa(treeQuads) + " triples are not served in this format; ask for application/n-triples or text/turtle",
		}
	}
	return g.encoder.Encode(q)
}

// open starts the document with what is held.
func (g *graphWriter) open(stream bool) (err error) {
	g.encoder, err = rdfio.NewEncoder(g.w, g.format, rdfio.EncoderOptions{Prefixes: g.prefixes, Stream: stream})
	if err != nil {
		return err
	}
	for _, q := range g.held {
		if err := g.encoder.Encode(q); err != nil {
			return err
		}
	}
	g.held = nil
	return nil
}

// close completes the document.
func (g *graphWriter) close() error {
	if g.encoder == nil {
		if err := g.open(false); err != nil {
			return err
		}
	}
	return g.encoder.Close()
}
