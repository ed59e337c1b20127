package opendata

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"qlgraph/internal/conneg"
	"qlgraph/web/dumps"
	"qlgraph/web/frame"
)

//go:embed templates/*.html
var templateFiles embed.FS

func parseTemplates() *template.Template { return frame.Parse(templateFiles, "templates/*.html") }

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// Dumps serves the files of the current edition, the deltas, and at /dumps/ the
// list of both, as a page or as the edition's index.
func (h *Handler) Dumps(w http.ResponseWriter, r *http.Request) {
	edition, root, err := dumps.Current(h.config.Dumps)
	if err != nil {
		fail(w, r, err)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/dumps/")
	if name == "" {
		w.Header().Add("Vary", "Accept")
		if i, _ := conneg.Choose(strings.Join(r.Header.Values("Accept"), ","), conneg.Types("text/html", "application/json")); i == 1 {
			name = "index.json"
		}
	}
	switch {
	case name == "":
		h.dumpsPage(w, r, edition)
	case edition == nil:
		notFound(w, r, "no dumps have been published yet: qlgraph publish, or wait for the schedule")
	case name == "index.json":
		h.file(w, r, filepath.Join(root, name), "application/json", "", edition.Issued)
	case name == "SHA256SUMS":
		h.file(w, r, filepath.Join(root, name), "text/plain; charset=utf-8", "", edition.Issued)
	case strings.HasPrefix(name, "deltas/"):
		h.delta(w, r, name)
	default:
		h.dump(w, r, edition, root, name)
	}
}

// dump sends a file that the index lists: no other is reached.
func (h *Handler) dump(w http.ResponseWriter, r *http.Request, e *dumps.Edition, root, name string) {
	for _, c := range e.Collections {
		for _, f := range c.Files {
			if f.Path == name {
				w.Header().Add("Link", "<"+c.License+`>; rel="license"`)
				w.Header().Add("Link", `</catalog>; rel="describedby"`)
				h.file(w, r, filepath.Join(root, filepath.FromSlash(name)), "application/gzip", f.SHA256, e.Issued)
				return
			}
		}
	}
	notFound(w, r, "no such dump: /dumps/ lists them")
}

func (h *Handler) delta(w http.ResponseWriter, r *http.Request, name string) {
	deltas, err := dumps.Deltas(h.config.Dumps)
	if err != nil {
		fail(w, r, err)
		return
	}
	i := slices.IndexFunc(deltas, func(d dumps.Delta) bool { return d.Path == name })
	if i < 0 {
		notFound(w, r, "no such delta: /dumps/ lists those that are kept")
		return
	}
	h.file(w, r, filepath.Join(h.config.Dumps, filepath.FromSlash(name)), "application/gzip", deltas[i].SHA256, deltas[i].Issued)
}

// file sends a file, or the ranges of it that are asked for.
func (h *Handler) file(w http.ResponseWriter, r *http.Request, path, mediaType, tag string, changed time.Time) {
	f, err := os.Open(path)
	if err != nil {
		fail(w, r, err)
		return
	}
	defer f.Close()
	if tag != "" {
		w.Header().Set("ETag", `"`+tag+`"`)
	}
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Cache-Control", "public, max-age=300")
	http.ServeContent(w, r, "", changed, f)
}

// dumpsPage is what templates/dumps.html shows.
type dumpsPage struct {
	Issued  time.Time
	Version uint64
	Every   string
	License string
	Shares  []dumpedShare
	Deltas  []dumpedDelta
}

type dumpedShare struct {
	Title, Lang, Href, Feed, License string
	Courses                          string
	Files                            []dumpedFile
}

type dumpedFile struct{ Name, Href, Size, Items, SHA256 string }

type dumpedDelta struct {
	Href, Size, Added, Removed string
	Issued                     time.Time
}

func (h *Handler) dumpsPage(w http.ResponseWriter, r *http.Request, e *dumps.Edition) {
	page := dumpsPage{License: h.config.License}
	if h.config.Every > 0 {
		page.Every = interval(h.config.Every)
	}
	if e != nil {
		page.Issued, page.Version = e.Issued, e.Version
		for _, c := range e.Collections {
			page.Shares = append(page.Shares, shareOf(c))
		}
	}
	deltas, err := dumps.Deltas(h.config.Dumps)
	for _, d := range deltas {
		page.Deltas = append(page.Deltas, dumpedDelta{dumpPath(d.Path), size(d.Bytes), grouped(d.Added), grouped(d.Removed), d.Issued})
	}
	var body bytes.Buffer
	if err == nil {
		err = h.templates.ExecuteTemplate(&body, "dumps.html", page)
	}
	if err != nil {
		fail(w, r, err)
		return
	}
	sendBody(w, r, "text/html; charset=utf-8", body.Bytes(), page.Issued)
}

func shareOf(c dumps.Collection) dumpedShare {
	s := dumpedShare{Title: "Everything", Lang: "en", Feed: "/feed.atom", License: c.License, Courses: grouped(c.Courses)}
	if c.Kind != dumps.Whole {
		s.Title, s.Lang, s.Href = c.ID, "", "/"+c.Kind+"/"+c.ID
		s.Feed = s.Href + "/feed.atom"
		for _, tag := range append([]string{"en"}, c.Languages()...) {
			if c.Names[tag] != "" {
				s.Title, s.Lang = c.Names[tag], tag
				break
			}
		}
	}
	for _, f := range c.Files {
		s.Files = append(s.Files, dumpedFile{f.Path[strings.LastIndexByte(f.Path, '/')+1:], dumpPath(f.Path), size(f.Bytes), grouped(f.Items), f.SHA256})
	}
	return s
}

// size writes a number of bytes for people.
func size(n int64) string {
	units := []string{"B", "kB", "MB", "GB", "TB"}
	f, i := float64(n), 0
	for f >= 1000 && i < len(units)-1 {
		f, i = f/1000, i+1
	}
	if i == 0 || f >= 100 {
		return strconv.FormatFloat(f, 'f', 0, 64) + " " + units[i]
	}
	return strconv.FormatFloat(f, 'f', 1, 64) + " " + units[i]
}

// grouped writes a number with thin spaces between thousands.
func grouped(n int64) string {
	s := decimal(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u2009" + s[i:]
	}
	return s
}

func interval(d time.Duration) string {
	switch {
	case d == 24*time.Hour:
		return "daily"
	case d%(24*time.Hour) == 0:
		return "every " + decimal(int64(d/(24*time.Hour))) + " days"
	}
	return "every " + strings.TrimSuffix(strings.TrimSuffix(d.String(), "0s"), "0m")
}
