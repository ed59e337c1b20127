package resource

import (
	"bytes"
	"embed"
	"encoding/json"
	"slices"

	"qlgraph/graph"
	"qlgraph/graph/jsonld"
	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
	"qlgraph/ontology"
)

// encode writes the document for programs.
func (h *Handler) encode(w *bytes.Buffer, snap graph.Snapshot, doc *Document, v variant) error {
	quads := doc.Quads
	switch v.ending {
	case ".trig", ".nq": // the document itself is the default graph
		about, err := statementsAbout(snap, h.base, doc)
		if err != nil {
			return err
		}
		quads = slices.Concat(quads, about)
	}
	if v.elm != ontology.ELMCurrent {
		quads = v.elm.RenameAll(quads)
	}
	switch v.ending {
	case ".csv":
		return writeTable(w, quads)
	case ".json":
		return h.courses.write(w, quads, doc, v.elm)
	case ".jsonld":
		return h.encodeJSONLD(w, quads, doc, v)
	}
	enc, err := rdfio.NewEncoder(w, v.format, rdfio.EncoderOptions{Prefixes: h.prefixes})
	if err != nil {
		return err
	}
	return encodeAll(enc, quads)
}

// encodeAll writes to a buffer, so that only what the syntax cannot hold is an
// error.
func encodeAll(enc rdfio.Encoder, quads []rdf.Quad) error {
	for _, q := range quads {
		if err := enc.Encode(q); err != nil {
			return syntaxError{err}
		}
	}
	if err := enc.Close(); err != nil {
		return syntaxError{err}
	}
	return nil
}

// elmOldContext is the IRI of the context with the names of ELM 3.2.
const elmOldContext = ontology.ELM32

func (h *Handler) encodeJSONLD(w *bytes.Buffer, quads []rdf.Quad, doc *Document, v variant) error {
	if v.form == jsonld.Framed {
		return h.courses.write(w, quads, doc, v.elm)
	}
	opts := jsonld.EncoderOptions{Form: v.form, Contexts: h.contexts}
	if v.elm == ontology.ELMOld {
		opts.Context = elmOldContext
	}
	return encodeAll(jsonld.NewEncoder(w, opts), quads)
}

// Framed returns the document of a course as programs of the European Learning
// Model read it: framed, as one line of JSON without its end.
func (h *Handler) Framed(doc *Document) ([]byte, error) {
	var text, line bytes.Buffer
	if err := h.courses.write(&text, doc.Quads, doc, ontology.ELMCurrent); err != nil {
		return nil, err
	}
	err := json.Compact(&line, text.Bytes())
	return line.Bytes(), err
}

//go:embed frames/course.jsonld
var frameFiles embed.FS

// courseFrames frame courses as documents of the European Learning Model, under
// the names of either version.
type courseFrames [2]*jsonld.Frame

// frameText returns the frame under the names of a version.
func frameText(v ontology.ELMVersion) []byte {
	text, err := frameFiles.ReadFile("frames/course.jsonld")
	if err != nil {
		panic(err) // the file is embedded
	}
	if v == ontology.ELMOld {
		text = bytes.ReplaceAll(text, []byte(ontology.ELM), []byte(ontology.ELM32))
	}
	return text
}

func newCourseFrames(contexts *jsonld.Contexts) courseFrames {
	var frames courseFrames
	for _, v := range []ontology.ELMVersion{ontology.ELMCurrent, ontology.ELMOld} {
		frame, err := jsonld.NewFrame(frameText(v), contexts)
		if err != nil {
			panic(err) // the file is embedded
		}
		frames[v] = frame
	}
	return frames
}

// write frames the document with its subject at the top. Offerings point to
// their course, and the frame wants them within it: so the inverse is added,
// which ELM has a property for.
func (c courseFrames) write(w *bytes.Buffer, quads []rdf.Quad, doc *Document, v ontology.ELMVersion) error {
	subject, property := v.Rename(doc.Subject), v.Rename(rdf.IRI(ontology.ELM+"learningOpportunity"))
	quads = slices.Clip(quads)
	for _, o := range doc.Offerings {
		quads = append(quads, rdf.Triple(subject, property, v.Rename(o)))
	}
	id := subject.Value()
	if subject.IsBlank() {
		id = "_:" + id
	}
	text, err := c[v].Document(quads, id)
	if err != nil {
		return syntaxError{err}
	}
	_, err = w.Write(text)
	return err
}
