package timeline

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"net/url"
	"strings"
	"time"

	"qlgraph/graph/diff"
	"qlgraph/graph/rdf"
	"qlgraph/ontology"
	"qlgraph/ontology/courseid"
	"qlgraph/web/frame"
	"qlgraph/web/resource"
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
	Formats                              []resource.Link
	Alternates                           []frame.Alternate
}

func (h *History) heading(text string, a variants.Answer) heading {
	return heading{Heading: text, Title: h.Title(), Document: h.target.Path, Identifier: h.target.IRI, Formats: a.Formats(), Alternates: a.Alternates()}
}

// Title is the thing's newest title, in English where there is one, its IRI
// where there is none.
func (h *History) Title() string {
	last := h.Last(h.Now())
	title := ""
	for _, q := range last.Document.Quads {
		if q.S == last.Document.Subject && q.P.Value() == ontology.DCTerms+"title" && (title == "" || q.O.Lang() == "en") {
			title = q.O.Value()
		}
	}
	if title == "" {
		return h.target.IRI
	}
	return title
}

// listPage is what templates/versions.html shows.
type listPage struct {
	heading
	Versions []row
}

// row is a version on a page.
type row struct {
	Number                           int
	Memento, At, Since, Run, RunPath string
	Event, Hash, DiffPath            string
	Current                          bool
	Changes                          []shown
	More                             int
}

// shown is a change on a page.
type shown struct {
	Property, Path, Of string
	Removed, Added     []text
}

// text is a value on a page.
type text struct{ Text, Lang, Chip string }

// maxShown bounds the changes that the list tells of one version.
const maxShown = 5

func (p Versions) writeList(w io.Writer, h *History, list []listed, a variants.Answer) error {
	page := listPage{heading: h.heading("Versions", a)}
	names := NewLabels(h)
	for i := len(list) - 1; i >= 0; i-- {
		v := &h.Versions[i]
		r := h.row(v)
		if before := h.before(v); before != nil && !v.Gone {
			changes := h.changes(before, v)
			r.More = max(len(changes)-maxShown, 0)
			r.DiffPath = h.target.Path + "/versions?" + url.Values{"from": {fmt.Sprint(before.Number)}, "to": {fmt.Sprint(v.Number)}}.Encode()
			var err error
			if r.Changes, err = h.show(names, changes[:len(changes)-r.More]); err != nil {
				return err
			}
			for _, c := range r.Changes {
				clip(c.Removed)
				clip(c.Added)
			}
		}
		page.Versions = append(page.Versions, r)
	}
	return p.buffered(w, "versions.html", page)
}

func (h *History) row(v *Version) row {
	r := row{
		Number: v.Number, Memento: h.Memento(v), At: stamp(v.At), Since: v.At.UTC().Format(time.DateTime), Run: v.Run,
		RunPath: "/run/" + courseid.Escape(v.Run), Hash: v.Hash, Current: v.Until.IsZero(),
	}
	switch {
	case v.Gone:
		r.Event = "Withdrawn"
	case v.Number == 1:
		r.Event = "First seen"
	case h.Versions[v.Number-2].Gone:
		r.Event = "Published again"
	}
	return r
}

// show puts changes into words.
func (h *History) show(names Labels, changes []diff.Change) ([]shown, error) {
	var out []shown
	for _, c := range changes {
		s := shown{Path: ontology.CURIEs(c.Path)}
		var parts []string
		for _, p := range c.Path {
			name, err := names.Of(rdf.IRI(p))
			if err != nil {
				return nil, err
			}
			parts = append(parts, name)
		}
		s.Property = strings.Join(parts, " › ")
		if c.Subject.Value() != h.iri {
			s.Of = "offering " + resource.Name(c.Subject.Value())
		}
		var err error
		if s.Removed, err = texts(names, c.Removed); err != nil {
			return nil, err
		}
		if s.Added, err = texts(names, c.Added); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// maxClip is how much of a text the list shows; what two versions differ in
// shows all of it.
const maxClip = 100

func clip(texts []text) {
	for i, t := range texts {
		if r := []rune(t.Text); len(r) > maxClip {
			texts[i].Text = string(r[:maxClip]) + "…"
		}
	}
}

func texts(names Labels, values []rdf.Term) ([]text, error) {
	var out []text
	for _, v := range values {
		t := text{Text: v.Value(), Lang: v.Lang(), Chip: v.Lang()}
		if t.Lang == "und" {
			t.Lang = ""
		}
		if !v.IsLiteral() {
			var err error
			if t.Text, err = names.Of(v); err != nil {
				return nil, err
			}
		}
		out = append(out, t)
	}
	return out, nil
}

// diffPage is what templates/diff.html shows.
type diffPage struct {
	heading
	From, To row
	Changes  []shown
}

func (p Versions) writeDifference(w io.Writer, h *History, from, to *Version, changes []diff.Change, a variants.Answer) error {
	page := diffPage{heading: h.heading("What changed", a), From: h.row(from), To: h.row(to)}
	var err error
	if page.Changes, err = h.show(NewLabels(h), changes); err != nil {
		return err
	}
	return p.buffered(w, "diff.html", page)
}
