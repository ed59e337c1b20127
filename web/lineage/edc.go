package lineage

import (
	"bytes"
	"html/template"
	"io"
	"net/http"
	"strings"

	"qlgraph/graph/jsonld"
	"qlgraph/graph/rdf"
	"qlgraph/graph/rdfio"
	"qlgraph/internal/problem"
	"qlgraph/ontology"
	"qlgraph/ontology/edc"
	"qlgraph/web/resource"
	"qlgraph/web/timeline"
	"qlgraph/web/variants"
)

// EDC is the part "edc" of a course's document: the block that an issuer embeds
// in a European Digital Credential.
type EDC struct {
	past      *timeline.Timeline
	base      string
	contexts  *jsonld.Contexts
	templates *template.Template
}

// NewEDC returns the part. base is the base IRI, without a trailing slash.
func NewEDC(past *timeline.Timeline, base string) *EDC {
	return &EDC{past: past, base: base, contexts: jsonld.NewContexts(), templates: parseTemplates()}
}

// ServePart implements resource.Part.
func (p *EDC) ServePart(w http.ResponseWriter, r *http.Request, t resource.Target) {
	if t.Kind != resource.Course {
		problem.Write(w, r, problem.Details{Status: http.StatusNotFound, Detail: "only a course is what a credential specifies an achievement by"})
		return
	}
	p.past.Serve(w, r, t, func(h *timeline.History, v *timeline.Version) {
		block, err := edc.Select(v.Document.Subject, v.Document.Quads, p.describe(h))
		if err != nil {
			fail(w, r, err)
			return
		}
		answer := variants.Answer{Path: t.Path + "/edc", Ending: t.Ending, Changed: v.At, Query: query(r, v)}
		write := func(w io.Writer) error { return edc.Write(w, v.Document.Subject, block, p.contexts) }
		answer.Variants = []variants.Variant{
			variants.Page(func(w io.Writer) error { return p.writePage(w, h, v, t, write, answer) }),
			{Name: "JSON-LD", Ending: rdfio.JSONLD.Ending(), MediaType: rdfio.JSONLD.MediaType(), Write: write},
			variants.RDF(ontology.ELMOld.RenameAll(block))[0],
		}
		variants.Send(w, r, answer)
	})
}

// describe asks the vocabularies, not the sources, for concepts.
func (p *EDC) describe(h *timeline.History) edc.Describer {
	return func(concept rdf.Term) ([]rdf.Quad, error) {
		quads, err := h.Match(concept, rdf.Term{}, rdf.Term{})
		var out []rdf.Quad
		for _, q := range quads {
			if !strings.HasPrefix(q.G.Value(), p.base+"/graph/source/") {
				out = append(out, rdf.Triple(q.S, q.P, q.O))
			}
		}
		return out, err
	}
}

// edcPage is what templates/edc.html shows.
type edcPage struct {
	heading
	Block string
}

func (p *EDC) writePage(w io.Writer, h *timeline.History, v *timeline.Version, t resource.Target, write func(io.Writer) error, answer variants.Answer) error {
	var block bytes.Buffer
	if err := write(&block); err != nil {
		return err
	}
	page := edcPage{heading: newHeading("For a digital credential", &account{history: h, version: v}, t, answer), Block: block.String()}
	return render(w, p.templates, "edc.html", page)
}
