package lineage

import (
	"context"
	"html/template"
	"io"
	"net/http"
	"slices"
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/ontology"
	"qlgraph/shapes/profile"
	"qlgraph/web/resource"
	"qlgraph/web/timeline"
	"qlgraph/web/variants"
)

// Validation is the part "validation" of a document: what the profile finds in
// it. Of the present version these are the results of the validation graph; a
// past one is validated again, by the profile of today.
type Validation struct {
	past      *timeline.Timeline
	base      string
	profile   *profile.Profile
	templates *template.Template
}

// NewValidation returns the part. base is the base IRI, without a trailing
// slash.
func NewValidation(past *timeline.Timeline, base string, p *profile.Profile) *Validation {
	return &Validation{past: past, base: base, profile: p, templates: parseTemplates()}
}

// ServePart implements resource.Part.
func (p *Validation) ServePart(w http.ResponseWriter, r *http.Request, t resource.Target) {
	p.past.Serve(w, r, t, func(h *timeline.History, v *timeline.Version) {
		report, err := p.report(r.Context(), h, v, t)
		if err != nil {
			fail(w, r, err)
			return
		}
		answer := variants.Answer{Path: t.Path + "/validation", Ending: t.Ending, Query: query(r, v)}
		page := variants.Page(func(w io.Writer) error { return p.writePage(w, h, v, t, report, answer) })
		answer.Variants = append([]variants.Variant{page}, append(variants.RDF(report), variants.JSON(findings(report)))...)
		variants.Send(w, r, answer)
	})
}

var (
	focusNode        = rdf.IRI(ontology.SHACL + "focusNode")
	hasResult        = rdf.IRI(ontology.SHACL + "result")
	validationResult = rdf.IRI(ontology.SHACL + "ValidationResult")
	rdfType          = rdf.IRI(rdf.RDFType)
)

// report returns the SHACL validation report about the version.
func (p *Validation) report(ctx context.Context, h *timeline.History, v *timeline.Version, t resource.Target) ([]rdf.Quad, error) {
	name := rdf.IRI(p.base + t.Path + "/validation")
	var results []rdf.Quad
	var err error
	if v.Until.IsZero() {
		results, err = p.stored(h, v)
	} else {
		results, err = p.again(ctx, h, v, name)
	}
	if err != nil {
		return nil, err
	}
	report := []rdf.Quad{rdf.Triple(name, rdfType, rdf.IRI(ontology.SHACL+"ValidationReport"))}
	conforms := "true"
	for _, q := range results {
		if q.P == rdfType && q.O == validationResult {
			conforms = "false"
			report = append(report, rdf.Triple(name, hasResult, q.S))
		}
	}
	report = append(report, rdf.Triple(name, rdf.IRI(ontology.SHACL+"conforms"), rdf.TypedLiteral(conforms, rdf.XSDBoolean)))
	return append(report, results...), nil
}

// stored returns the results of the validation graphs that are about nodes of
// the document.
func (p *Validation) stored(h *timeline.History, v *timeline.Version) ([]rdf.Quad, error) {
	var results []rdf.Quad
	prefix := p.base + "/graph/validation/"
	for _, node := range nodes(v) {
		about, err := h.Match(rdf.Term{}, focusNode, node)
		if err != nil {
			return nil, err
		}
		for _, q := range about {
			if !strings.HasPrefix(q.G.Value(), prefix) {
				continue
			}
			result, err := h.Describe(q.S, prefix)
			if err != nil {
				return nil, err
			}
			results = append(results, result...)
		}
	}
	slices.SortFunc(results, rdf.CompareQuads)
	return slices.Compact(results), nil
}

// nodes are the subjects of the version's document.
func nodes(v *timeline.Version) []rdf.Term {
	var list []rdf.Term
	for _, q := range v.Document.Quads { // sorted by subject
		if len(list) == 0 || list[len(list)-1] != q.S {
			list = append(list, q.S)
		}
	}
	return list
}

// again validates the version, beside what the reference graph says of those
// that it names.
func (p *Validation) again(ctx context.Context, h *timeline.History, v *timeline.Version, name rdf.Term) ([]rdf.Quad, error) {
	reference, err := p.reference(h, v)
	if err != nil {
		return nil, err
	}
	validation, err := p.profile.Validate(ctx, v.Document.Quads, reference, profile.Options{Now: v.At})
	if err != nil {
		return nil, err
	}
	var results []rdf.Quad
	for _, o := range validation.Outcomes {
		results = append(results, profile.ResultQuads(name, o.Results)...)
	}
	results = slices.DeleteFunc(results, func(q rdf.Quad) bool { return q.S == name })
	for i := range results {
		results[i].G = rdf.Term{}
	}
	slices.SortFunc(results, rdf.CompareQuads)
	return slices.Compact(results), nil
}

func (p *Validation) reference(h *timeline.History, v *timeline.Version) ([]rdf.Quad, error) {
	var reference []rdf.Quad
	seen := map[rdf.Term]bool{}
	for _, q := range v.Document.Quads {
		if !strings.HasPrefix(q.O.Value(), p.base+"/provider/") || seen[q.O] {
			continue
		}
		seen[q.O] = true
		quads, err := h.Describe(q.O, p.base+"/graph/")
		if err != nil {
			return nil, err
		}
		reference = append(reference, quads...)
	}
	return reference, nil
}

// finding is a result as data.
type finding struct {
	Severity   string   `json:"severity"` // "violation", "warning", "info"
	Focus      string   `json:"focusNode"`
	Path       string   `json:"path,omitempty"`
	Value      string   `json:"value,omitempty"`
	Messages   []string `json:"messages"`
	Shape      string   `json:"sourceShape,omitempty"`
	Constraint string   `json:"constraint,omitempty"`
}

// findings reads the results of a report, the severest first.
func findings(report []rdf.Quad) []finding {
	byNode := map[rdf.Term]*finding{}
	var order []rdf.Term
	for _, q := range report {
		if q.P == rdfType && q.O == validationResult {
			byNode[q.S] = &finding{Messages: []string{}}
			order = append(order, q.S)
		}
	}
	for _, q := range report {
		f := byNode[q.S]
		if f == nil {
			continue
		}
		switch strings.TrimPrefix(q.P.Value(), ontology.SHACL) {
		case "resultSeverity":
			f.Severity = strings.ToLower(strings.TrimPrefix(q.O.Value(), ontology.SHACL))
		case "focusNode":
			f.Focus = q.O.Value()
		case "resultPath":
			f.Path = q.O.Value()
		case "value":
			f.Value = q.O.String()
		case "resultMessage":
			f.Messages = append(f.Messages, q.O.Value())
		case "sourceShape":
			f.Shape = q.O.Value()
		case "sourceConstraintComponent":
			f.Constraint = strings.TrimPrefix(q.O.Value(), ontology.SHACL)
		}
	}
	list := []finding{}
	for _, n := range order {
		list = append(list, *byNode[n])
	}
	severities := []string{"violation", "warning", "info"}
	slices.SortStableFunc(list, func(a, b finding) int {
		return slices.Index(severities, a.Severity) - slices.Index(severities, b.Severity)
	})
	return list
}

// validationPage is what templates/validation.html shows.
type validationPage struct {
	heading
	Findings []findingRow
	Again    bool // validated by the profile of today, not when it was published
}

type findingRow struct {
	finding
	Property, Of string
}

func (p *Validation) writePage(w io.Writer, h *timeline.History, v *timeline.Version, t resource.Target, report []rdf.Quad, answer variants.Answer) error {
	page := validationPage{heading: newHeading("What validation finds", &account{history: h, version: v}, t, answer), Again: !v.Until.IsZero()}
	names := timeline.NewLabels(h)
	for _, f := range findings(report) {
		row := findingRow{finding: f}
		if f.Path != "" {
			var err error
			if row.Property, err = names.Of(rdf.IRI(f.Path)); err != nil {
				return err
			}
		}
		if f.Focus != v.Document.Subject.Value() {
			row.Of = resource.Name(f.Focus)
		}
		page.Findings = append(page.Findings, row)
	}
	return render(w, p.templates, "validation.html", page)
}
