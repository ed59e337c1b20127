package resource

import (
	"io"

	"qlgraph/graph"
	"qlgraph/graph/jsonld"
	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
	"qlgraph/ontology"
)

// encode writes the document for programs.
func (h *Handler) encode(w io.Writer, snap graph.Snapshot, doc *Document, v variant) error {
	quads := doc.Quads
	if v.elm != ontology.ELMCurrent {
		quads = v.elm.RenameAll(quads)
	}
	switch v.ending {
	case ".csv":
		return writeTable(w, quads)
	case ".json":
		v.form = jsonld.Framed
		return h.encodeJSONLD(w, quads, doc, v)
	case ".jsonld":
		return h.encodeJSONLD(w, quads, doc, v)
	}
	enc, err := rdfio.NewEncoder(w, v.format, rdfio.EncoderOptions{Prefixes: ontology.Prefixes()})
	if err != nil {
		return err
	}
	return encodeAll(enc, quads)
}

func encodeAll(enc rdfio.Encoder, quads []rdf.Quad) error {
	for _, q := range quads {
		if err := enc.Encode(q); err != nil {
			return err
		}
	}
	return enc.Close()
}
