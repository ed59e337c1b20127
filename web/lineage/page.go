package lineage

import (
	"bytes"
	"embed"
	"html/template"
	"io"
	"slices"
	"strings"
	"time"

	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/ontology"
	"qlgraph/ontology/courseid"
	"qlgraph/web/frame"
	"qlgraph/web/resource"
	"qlgraph/web/timeline"
	"qlgraph/web/variants"
)

//go:embed templates/*.html
var templateFiles embed.FS

func parseTemplates() *template.Template {
	return frame.Parse(templateFiles, "templates/*.html")
}

// heading is what the pages have in common.
type heading struct {
	Heading, Title, Document, Identifier string
	Since, SinceText                     string
	Formats                              []resource.Link
	Alternates                           []frame.Alternate
}

func newHeading(text string, a *account, t resource.Target, answer variants.Answer) heading {
	return heading{
		Heading: text, Title: a.history.Title(), Document: t.Path, Identifier: t.IRI,
		Since: a.version.At.UTC().Format(time.RFC3339), SinceText: a.version.At.UTC().Format(time.DateTime),
		Formats: answer.Formats(), Alternates: answer.Alternates(),
	}
}

// lineagePage is what templates/lineage.html shows.
type lineagePage struct {
	heading
	Records []recordRow
	Values  []valueRow
}

type recordRow struct {
	record
	FetchedText, Place, RunPath string
}

// valueRow is a value with its origin.
type valueRow struct {
	Property, Path, Of string
	Text, Lang         string
	Record             string
	Place, Excerpt     string
	Rule               harvesters.Rule
	Helper             bool
}

func (l *Lineage) writePage(w io.Writer, a *account, t resource.Target, answer variants.Answer) error {
	page := lineagePage{heading: newHeading("Where it comes from", a, t, answer)}
	for _, r := range a.records {
		row := recordRow{record: r, Place: r.Pointer, RunPath: "/run/" + courseid.Escape(r.Run)}
		if !r.Fetched.IsZero() {
			row.FetchedText = r.Fetched.UTC().Format(time.DateTime)
		}
		page.Records = append(page.Records, row)
	}
	names := timeline.NewLabels(a.history)
	for _, v := range a.values() {
		row, err := a.row(names, v)
		if err != nil {
			return err
		}
		page.Values = append(page.Values, row)
	}
	return render(w, l.templates, "lineage.html", page)
}

// render executes a template whole, so that an error leaves nothing behind.
func render(w io.Writer, t *template.Template, name string, page any) error {
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, page); err != nil {
		return err
	}
	_, err := b.WriteTo(w)
	return err
}

// located is a value with the way to it from the course or offering.
type located struct {
	statement
	subject rdf.Term
	path    []string
}

// values returns the values of the course and its offerings in the order of the
// paths to them; the nodes between are no values.
func (a *account) values() []located {
	about := map[rdf.Term][]statement{}
	for _, s := range a.statements {
		about[s.S] = append(about[s.S], s)
	}
	doc := a.version.Document
	subjects := append([]rdf.Term{doc.Subject}, doc.Offerings...)
	var out []located
	for _, subject := range subjects {
		open := map[rdf.Term]bool{}
		var walk func(s rdf.Term, path []string)
		walk = func(s rdf.Term, path []string) {
			open[s] = true
			for _, st := range about[s] {
				here := append(path[:len(path):len(path)], st.P.Value())
				switch {
				case st.P.Value() == rdf.RDFType && len(path) > 0: // of a helper node
				case !st.O.IsLiteral() && len(about[st.O]) > 0 && !open[st.O] && !slices.Contains(subjects, st.O):
					walk(st.O, here)
				default:
					out = append(out, located{st, subject, here})
				}
			}
			delete(open, s)
		}
		walk(subject, nil)
	}
	return out
}

func (a *account) row(names timeline.Labels, v located) (valueRow, error) {
	row := valueRow{Text: v.O.Value(), Lang: v.O.Lang(), Place: v.place(), Excerpt: a.excerpt(v.statement), Rule: a.rule(v.rule)}
	if row.Lang == "und" {
		row.Lang = ""
	}
	var parts []string
	for _, p := range v.path {
		name, err := names.Of(rdf.IRI(p))
		if err != nil {
			return row, err
		}
		parts = append(parts, name)
	}
	row.Property, row.Path = strings.Join(parts, " › "), ontology.CURIEs(v.path)
	if v.subject != a.version.Document.Subject {
		row.Of = "offering " + resource.Name(v.subject.Value())
	}
	if !v.O.IsLiteral() {
		var err error
		if row.Text, err = names.Of(v.O); err != nil {
			return row, err
		}
	}
	if v.record >= 0 {
		row.Record = a.records[v.record].Raw
	}
	return row, nil
}
