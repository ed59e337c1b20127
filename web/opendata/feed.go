package opendata

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/harvesters/pipeline"
	"qlgraph/internal/problem"
	"qlgraph/ontology"
	"qlgraph/ontology/courseid"
	"qlgraph/web/resource"
)

// feedPage is how many entries a page of a feed has.
const feedPage = 100

// atomFeed is a feed (RFC 4287 §4.1.1).
type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  atomAuthor  `xml:"author"`
	Rights  string      `xml:"rights"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomAuthor struct {
	Name string `xml:"name"`
	URI  string `xml:"uri,omitempty"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
	Type string `xml:"type,attr,omitempty"`
}

type atomEntry struct {
	ID       string       `xml:"id"`
	Title    atomText     `xml:"title"`
	Updated  string       `xml:"updated"`
	Author   atomAuthor   `xml:"author"`
	Links    []atomLink   `xml:"link"`
	Category atomCategory `xml:"category"`
}

type atomText struct {
	Lang string `xml:"http://www.w3.org/XML/1998/namespace lang,attr,omitempty"`
	Text string `xml:",chardata"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

// Feed lists the courses that changed last: of the whole dataset, of a provider or
// of the members of an alliance.
func (h *Handler) Feed(w http.ResponseWriter, r *http.Request) {
	page, err := strconv.Atoi(r.URL.Query().Get("page"))
	if r.URL.Query().Has("page") && (err != nil || page < 1) {
		problem.Write(w, r, problem.Details{Status: http.StatusBadRequest, Detail: "page: want a number from 1 on"})
		return
	}
	page = max(page, 1)
	all, err := h.latest(r.Context())
	if err != nil {
		fail(w, r, err)
		return
	}
	var body []byte
	var updated time.Time
	err = h.view(r.Context(), func(snap graph.Snapshot) (err error) {
		f := &feed{snap: snap, base: h.config.BaseIRI, path: r.URL.EscapedPath(), license: h.config.License, names: map[string]string{}}
		if f.archive, err = h.config.Journal.Archive(snap); err != nil {
			return err
		}
		found, err := f.about(all)
		if err != nil || !found {
			return err
		}
		if len(f.states) > 0 {
			updated = f.states[0].Since
		}
		body, err = f.page(page)
		return err
	})
	switch {
	case err != nil:
		fail(w, r, err)
	case body == nil:
		notFound(w, r, "there is no such provider or alliance, or no such page of its feed")
	default:
		sendBody(w, r, "application/atom+xml; charset=utf-8", body, updated)
	}
}

// feed is a feed that is being written.
type feed struct {
	snap         graph.Snapshot
	archive      *pipeline.Archive
	base, path   string
	license      string
	title, thing string // what it is about: its name and IRI
	states       []pipeline.CourseState
	names        map[string]string // of providers
}

// about finds what the feed's path names.
func (f *feed) about(all *changes) (found bool, err error) {
	kind, id, _ := strings.Cut(strings.TrimPrefix(strings.TrimSuffix(f.path, "/feed.atom"), "/"), "/")
	if id == "" {
		f.title, f.thing, f.states = datasetTitle, f.base+"/", all.all
		return true, nil
	}
	id, err = courseid.Unescape(id)
	if err != nil {
		return false, nil
	}
	if kind == "provider" {
		f.thing, f.states = courseid.Provider(f.base, strings.ToLower(id)), all.byProvider[strings.ToLower(id)]
	} else {
		f.thing = courseid.Alliance(f.base, id)
		members, err := f.objects(rdf.IRI(f.thing), ontology.FOAF+"member")
		if err != nil {
			return false, err
		}
		for _, m := range members {
			code, err := courseid.Unescape(strings.TrimPrefix(m.Value(), courseid.Provider(f.base, "")))
			if err == nil {
				f.states = append(f.states, all.byProvider[code]...)
			}
		}
		f.states = keepNewest(f.states, newestOf)
	}
	types, err := f.objects(rdf.IRI(f.thing), rdf.RDFType)
	if err != nil || len(types) == 0 && len(f.states) == 0 {
		return false, err
	}
	f.title, err = f.name(f.thing)
	return true, err
}

// page writes a page, nil where the feed has not that many.
func (f *feed) page(n int) ([]byte, error) {
	pages := max(1, (len(f.states)+feedPage-1)/feedPage)
	if n > pages {
		return nil, nil
	}
	feed := atomFeed{
		ID: f.base + f.path, Title: "Changes: " + f.title, Rights: f.license,
		Author: atomAuthor{Name: "QualityLink course data aggregator", URI: f.base + "/"},
		Links: []atomLink{
			{"self", f.pageURL(n), "application/atom+xml"}, {"alternate", f.thing, "text/html"}, {"license", f.license, ""},
			{"first", f.pageURL(1), ""}, {"last", f.pageURL(pages), ""},
		},
		Updated: time.Unix(0, 0).UTC().Format(time.RFC3339),
	}
	if n > 1 {
		feed.Links = append(feed.Links, atomLink{"previous", f.pageURL(n - 1), ""})
	}
	if n < pages {
		feed.Links = append(feed.Links, atomLink{"next", f.pageURL(n + 1), ""})
	}
	if len(f.states) > 0 {
		feed.Updated = f.states[0].Since.UTC().Format(time.RFC3339)
	}
	for _, s := range f.states[(n-1)*feedPage : min(n*feedPage, len(f.states))] {
		entry, err := f.entry(s)
		if err != nil {
			return nil, err
		}
		feed.Entries = append(feed.Entries, entry)
	}
	var body bytes.Buffer
	body.WriteString(xml.Header)
	enc := xml.NewEncoder(&body)
	enc.Indent("", " ")
	if err := enc.Encode(feed); err != nil {
		return nil, err
	}
	body.WriteByte('\n')
	return body.Bytes(), nil
}

func (f *feed) pageURL(n int) string {
	if n == 1 {
		return f.base + f.path
	}
	return f.base + f.path + "?page=" + strconv.Itoa(n)
}

func (f *feed) entry(s pipeline.CourseState) (atomEntry, error) {
	e := atomEntry{ID: s.IRI, Updated: s.Since.UTC().Format(time.RFC3339), Category: atomCategory{"published"}}
	quads, err := f.quads(s)
	if err != nil {
		return e, err
	}
	e.Title = title(s.IRI, quads)
	if s.Withdrawn {
		e.Title.Text, e.Category.Term = "Withdrawn: "+e.Title.Text, "withdrawn"
	}
	e.Links = []atomLink{{"alternate", f.base + "/resolve?" + url.Values{"id": {s.IRI}}.Encode(), ""}}
	if strings.HasPrefix(s.IRI, f.base+"/course/") {
		e.Links[0].Href = s.IRI
	}
	provider := courseid.Provider(f.base, s.Provider)
	e.Author.URI = provider
	e.Author.Name, err = f.name(provider)
	return e, err
}

// quads returns what is said of a course, or was said before its withdrawal.
func (f *feed) quads(s pipeline.CourseState) ([]rdf.Quad, error) {
	if !s.Withdrawn {
		titles, err := f.objects(rdf.IRI(s.IRI), ontology.DCTerms+"title")
		var quads []rdf.Quad
		for _, t := range titles {
			quads = append(quads, rdf.Triple(rdf.IRI(s.IRI), rdf.IRI(ontology.DCTerms+"title"), t))
		}
		return quads, err
	}
	parts, err := f.archive.Parts(s.IRI)
	if err != nil || len(parts) == 0 {
		return nil, err
	}
	for _, state := range slices.Backward(parts[0].States) {
		if !state.Gone {
			return f.archive.Quads(parts[0], state)
		}
	}
	return nil, nil
}

// title returns the English title, or the first by language.
func title(iri string, quads []rdf.Quad) atomText {
	best := atomText{Text: iri}
	found := false
	for _, q := range quads {
		if q.S.Value() != iri || q.P.Value() != ontology.DCTerms+"title" {
			continue
		}
		lang := q.O.Lang()
		if english := strings.HasPrefix(lang, "en"); !found || english && !strings.HasPrefix(best.Lang, "en") || lang < best.Lang && !strings.HasPrefix(best.Lang, "en") {
			best, found = atomText{Lang: lang, Text: q.O.Value()}, true
		}
	}
	return best
}

// name returns the English name of a provider or alliance, or another.
func (f *feed) name(iri string) (string, error) {
	if name, known := f.names[iri]; known {
		return name, nil
	}
	names, err := resource.Labels(f.snap, rdf.IRI(iri))
	if err != nil {
		return "", err
	}
	name := iri
	for i, n := range names {
		if i == 0 || n.Lang() == "en" {
			name = n.Value()
		}
	}
	f.names[iri] = name
	return name, nil
}

// objects returns the distinct objects of a property, in order.
func (f *feed) objects(s rdf.Term, property string) ([]rdf.Term, error) {
	quads, err := resource.Match(f.snap, s, rdf.IRI(property), rdf.Term{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Value(), err)
	}
	terms := make([]rdf.Term, len(quads))
	for i, q := range quads {
		terms[i] = q.O
	}
	slices.SortFunc(terms, rdf.Compare)
	return slices.Compact(terms), nil
}
