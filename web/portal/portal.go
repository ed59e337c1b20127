package portal

import (
	"bytes"
	"context"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"qlgraph/internal/problem"
	"qlgraph/ontology"
	"qlgraph/sparql"
	"qlgraph/web/frame"
	"qlgraph/web/static"
)

//go:embed templates/*.html
var templateFiles embed.FS

// Portal serves the pages.
type Portal struct {
	engine    *sparql.Engine
	base      string
	templates *template.Template
}

// New returns the pages over what engine answers. base is the base IRI.
func New(engine *sparql.Engine, base string) *Portal {
	return &Portal{
		engine: engine, base: base,
		templates: frame.Parse(templateFiles, "templates/*.html"),
	}
}

// providersQuery counts the courses of each provider.
const providersQuery = `PREFIX ql: <` + ontology.QL + `>
PREFIX dcterms: <` + ontology.DCTerms + `>
PREFIX rov: <` + ontology.ROV + `>
SELECT ?provider (SAMPLE(?name) AS ?label) (COUNT(DISTINCT ?course) AS ?courses) WHERE {
  ?course a ql:LearningOpportunitySpecification ; dcterms:publisher ?provider .
  OPTIONAL { ?provider rov:legalName ?name }
}
GROUP BY ?provider
ORDER BY DESC(?courses) ?provider
LIMIT 500`

// coursesQuery lists courses to begin with.
const coursesQuery = `PREFIX ql: <` + ontology.QL + `>
PREFIX dcterms: <` + ontology.DCTerms + `>
SELECT ?course (SAMPLE(?t) AS ?title) WHERE {
  ?course a ql:LearningOpportunitySpecification ; dcterms:title ?t .
}
GROUP BY ?course
ORDER BY ?title
LIMIT 25`

// entry is a row of a list on the start page.
type entry struct{ Href, Text, Lang, Number string }

type homePage struct {
	Providers, Courses []entry
	CountQuery         string // link to the query behind the numbers
}

// Home serves the start page.
func (p *Portal) Home(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" {
		problem.Write(w, r, problem.Details{Status: http.StatusNotFound})
		return
	}
	page := homePage{CountQuery: "/sparql?" + url.Values{"query": {providersQuery}, "format": {"csv"}}.Encode()}
	var err error
	if page.Providers, err = p.entries(r.Context(), providersQuery); err == nil {
		page.Courses, err = p.entries(r.Context(), coursesQuery)
	}
	if err != nil {
		problem.Write(w, r, problem.Details{Status: http.StatusServiceUnavailable, Detail: err.Error()})
		return
	}
	p.render(w, "home.html", page)
}

// entries runs a query whose rows are: thing, name, number (optional).
func (p *Portal) entries(ctx context.Context, text string) ([]entry, error) {
	query, err := p.engine.Parse(text)
	if err != nil {
		return nil, err
	}
	result, err := p.engine.Query(ctx, query, sparql.Params{})
	if err != nil {
		return nil, err
	}
	defer result.Close()
	var entries []entry
	for row, err := range result.Rows() {
		if err != nil {
			return nil, err
		}
		if row[0].IsZero() {
			continue // the one empty group of a query without solutions
		}
		e := entry{Text: row[1].Value(), Lang: row[1].Lang()}
		if e.Text == "" {
			e.Text = row[0].Value()
		}
		if path, ours := strings.CutPrefix(row[0].Value(), p.base); ours {
			e.Href = path
		} else if row[0].IsIRI() { // a provider's own name of a course
			e.Href = "/resolve?" + url.Values{"id": {row[0].Value()}}.Encode()
		}
		if len(row) > 2 {
			e.Number = row[2].Value()
		}
		entries = append(entries, e)
	}
	return entries, nil
}

type queryPage struct{ Query, Editor string }

// Query serves the page on which to write a query; it submits to /sparql.
func (p *Portal) Query(w http.ResponseWriter, _ *http.Request) {
	p.render(w, "query.html", queryPage{Query: providersQuery, Editor: static.Editor()})
}

func (p *Portal) render(w http.ResponseWriter, name string, data any) {
	var body bytes.Buffer
	if err := p.templates.ExecuteTemplate(&body, name, data); err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(body.Bytes()) // the client is gone where this fails
}
