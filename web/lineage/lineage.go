package lineage

import (
	"fmt"
	"html/template"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"qlgraph/graph/rdf"
	"qlgraph/internal/problem"
	"qlgraph/ontology"
	"qlgraph/web/resource"
	"qlgraph/web/timeline"
	"qlgraph/web/variants"
)

// Lineage is the part "lineage" of a document: where each value comes from.
type Lineage struct {
	past      *timeline.Timeline
	base      string
	templates *template.Template
}

// New returns the part. base is the base IRI, without a trailing slash.
func New(past *timeline.Timeline, base string) *Lineage {
	return &Lineage{past: past, base: base, templates: parseTemplates()}
}

// ServePart implements resource.Part.
func (l *Lineage) ServePart(w http.ResponseWriter, r *http.Request, t resource.Target) {
	l.past.Serve(w, r, t, func(h *timeline.History, v *timeline.Version) {
		a, err := tell(h, v, t.Path)
		if err != nil {
			fail(w, r, err)
			return
		}
		answer := variants.Answer{Path: t.Path + "/lineage", Ending: t.Ending, Changed: v.At, Query: query(r, v)}
		page := variants.Page(func(w io.Writer) error { return l.writePage(w, a, t, answer) })
		answer.Variants = append([]variants.Variant{page}, append(variants.RDF(a.graph(l.base+t.Path+"/lineage")), variants.JSON(a.data(h)))...)
		variants.Send(w, r, answer)
	})
}

// query is what a part's address needs to mean the same version: nothing for
// the present one.
func query(r *http.Request, v *timeline.Version) string {
	if !r.URL.Query().Has("asOf") {
		return ""
	}
	return v.AsOf()
}

func fail(w http.ResponseWriter, r *http.Request, err error) {
	problem.Write(w, r, problem.Details{Status: http.StatusInternalServerError, Detail: err.Error()})
}

// lineageData is the account as JSON.
type lineageData struct {
	Thing   string              `json:"thing"`
	Version versionData         `json:"version"`
	Records []record            `json:"records"`
	Rules   map[string]ruleData `json:"rules"`
	Values  []valueData         `json:"values"`
}

type versionData struct {
	Number  int       `json:"number"`
	Since   time.Time `json:"since"`
	Run     string    `json:"run"`
	SHA256  string    `json:"sha256"`
	Memento string    `json:"memento"`
}

type ruleData struct {
	Source     string `json:"source,omitempty"`
	Target     string `json:"target,omitempty"`
	Conversion string `json:"conversion"`
}

// valueData is a statement: subject, property and object in N-Triples, and its
// origin.
type valueData struct {
	Subject  string `json:"subject"`
	Property string `json:"property"`
	Object   string `json:"object"`
	Rule     string `json:"rule,omitempty"`
	Record   *int   `json:"record,omitempty"`
	Pointer  string `json:"pointer,omitempty"`
	Line     int    `json:"line,omitempty"`
}

func (a *account) data(h *timeline.History) lineageData {
	d := lineageData{
		Thing:   a.version.Document.Subject.Value(),
		Version: versionData{a.version.Number, a.version.At, a.version.Run, a.version.Hash, h.Memento(a.version)},
		Records: a.records, Rules: map[string]ruleData{}, Values: []valueData{},
	}
	for _, s := range a.statements {
		v := valueData{Subject: s.S.String(), Property: s.P.String(), Object: s.O.String(), Rule: s.rule, Pointer: s.pointer, Line: s.line}
		if s.record >= 0 {
			v.Record = &s.record
		}
		if s.rule != "" {
			r := a.rule(s.rule)
			d.Rules[s.rule] = ruleData{r.Source, r.Target, r.Conversion}
		}
		d.Values = append(d.Values, v)
	}
	return d
}

// graph is the account in RDF: every statement reified, derived from a place in
// a record (PROV-O, with the selectors of the Web Annotation Vocabulary), in
// accordance with a rule.
func (a *account) graph(name string) []rdf.Quad {
	g := grapher{a: a, name: name + "#"}
	for i := range a.records {
		g.record(&a.records[i])
	}
	used := map[string]bool{}
	for i, s := range a.statements {
		g.statement(i+1, s)
		if s.rule != "" && !used[s.rule] {
			used[s.rule] = true
			g.rule(s.rule)
		}
	}
	return g.quads
}

type grapher struct {
	a     *account
	name  string
	quads []rdf.Quad
}

const (
	annotation  = "http://www.w3.org/ns/oa#"
	jsonPointer = "https://www.rfc-editor.org/rfc/rfc6901"
	textPart    = "https://www.rfc-editor.org/rfc/rfc5147"
)

func (g *grapher) add(s rdf.Term, p string, o rdf.Term) {
	g.quads = append(g.quads, rdf.Triple(s, rdf.IRI(p), o))
}

func (g *grapher) node(format string, args ...any) rdf.Term {
	return rdf.IRI(g.name + fmt.Sprintf(format, args...))
}

func (g *grapher) record(r *record) {
	n := g.node("record-%d", r.Number)
	g.add(n, rdf.RDFType, rdf.IRI(ontology.PROV+"Entity"))
	g.add(n, ontology.DCTerms+"format", rdf.Literal(r.MediaType))
	g.add(n, ontology.DCTerms+"identifier", rdf.Literal("sha256:"+r.SHA256))
	g.add(n, ontology.DCTerms+"extent", rdf.TypedLiteral(strconv.Itoa(r.Size), rdf.XSDInteger))
	if !r.Fetched.IsZero() {
		g.add(n, ontology.PROV+"generatedAtTime", rdf.TypedLiteral(r.Fetched.Format(time.RFC3339), rdf.XSDDateTime))
		g.add(n, "http://www.w3.org/2011/http#statusCodeValue", rdf.TypedLiteral(strconv.Itoa(r.Status), rdf.XSDInteger))
	}
	if r.URL != "" {
		at := r.URL
		if r.Pointer != "" {
			at += "#" + strings.ReplaceAll(r.Pointer, " ", "%20")
		}
		g.add(n, ontology.DCTerms+"source", rdf.TypedLiteral(at, rdf.XSDAnyURI))
	}
}

func (g *grapher) statement(i int, s statement) {
	n := g.node("statement-%d", i)
	g.add(n, rdf.RDFType, rdf.IRI(rdf.RDF+"Statement"))
	g.add(n, rdf.RDF+"subject", s.S)
	g.add(n, rdf.RDF+"predicate", s.P)
	g.add(n, rdf.RDF+"object", s.O)
	if s.rule != "" {
		g.add(n, ontology.DCTerms+"conformsTo", g.node("rule-%s", s.rule))
	}
	if s.record < 0 {
		return
	}
	record := g.node("record-%d", s.record)
	if s.place() == "" {
		g.add(n, ontology.PROV+"wasDerivedFrom", record)
		return
	}
	value, standard := s.pointer, jsonPointer
	if s.line > 0 {
		value, standard = fmt.Sprintf("line=%d,%d", s.line-1, s.line), textPart
	}
	place, selector := g.node("statement-%d-place", i), g.node("statement-%d-selector", i)
	g.add(n, ontology.PROV+"wasDerivedFrom", place)
	g.add(place, rdf.RDFType, rdf.IRI(annotation+"SpecificResource"))
	g.add(place, annotation+"hasSource", record)
	g.add(place, annotation+"hasSelector", selector)
	g.add(selector, rdf.RDFType, rdf.IRI(annotation+"FragmentSelector"))
	g.add(selector, ontology.DCTerms+"conformsTo", rdf.IRI(standard))
	g.add(selector, rdf.RDF+"value", rdf.Literal(value))
}

func (g *grapher) rule(id string) {
	r, n := g.a.rule(id), g.node("rule-%s", id)
	g.add(n, rdf.RDFType, rdf.IRI(ontology.PROV+"Plan"))
	g.add(n, ontology.DCTerms+"identifier", rdf.Literal(id))
	g.add(n, ontology.DCTerms+"description", rdf.LangLiteral(r.Conversion, "en"))
	if r.Source != "" {
		g.add(n, ontology.DCTerms+"source", rdf.Literal(r.Source))
	}
}
