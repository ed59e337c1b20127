package timeline

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"qlgraph/internal/problem"
	"qlgraph/web/resource"
	"qlgraph/web/variants"
)

const (
	timegates  = "/timegate"
	timemaps   = "/timemap"
	linkFormat = "application/link-format" // RFC 6690
)

// mementoLinks lead to a document's past (RFC 7089 §2.2.1).
func mementoLinks(t resource.Target) []resource.Link {
	return []resource.Link{
		{Href: t.Path, Rel: "original"},
		{Href: timegates + t.Thing(), Rel: "timegate"},
		{Href: timemaps + t.Thing(), Rel: "timemap", Type: linkFormat},
	}
}

// links lead from a version to the document, to its time map, and to the first,
// the last and the neighbouring mementos (RFC 7089 §2.2.4).
func (h *History) links(v *Version) []resource.Link {
	links := mementoLinks(h.target)
	i := v.Number - 1
	relations := map[int][]string{}
	for _, r := range []struct {
		name string
		at   int
	}{{"first", 0}, {"prev", i - 1}, {"next", i + 1}, {"last", len(h.Versions) - 1}} {
		if r.at >= 0 && r.at < len(h.Versions) {
			relations[r.at] = append(relations[r.at], r.name)
		}
	}
	relations[i] = append(relations[i], "") // the version itself is a memento
	for n := range h.Versions {
		if names, ok := relations[n]; ok {
			rel := strings.TrimLeft(strings.Join(slices.DeleteFunc(names, func(s string) bool { return s == "" }), " ")+" memento", " ")
			links = append(links, h.memento(&h.Versions[n], rel))
		}
	}
	return links
}

func (h *History) memento(v *Version, rel string) resource.Link {
	return resource.Link{Href: h.Memento(v), Rel: rel, Attributes: []string{`datetime="` + v.At.UTC().Format(http.TimeFormat) + `"`}}
}

// known opens a snapshot and returns the history of what a path, percent-encoded,
// names; it answers itself where there is none. Of a path that ends like a
// format the ending is set apart, unless an id ends so.
func (l *Timeline) known(w http.ResponseWriter, r *http.Request, documents *resource.Handler, path string, use func(*History, string)) {
	if !resource.Reading(w, r) {
		return
	}
	snap, err := l.data.Snapshot(r.Context())
	if err != nil {
		fail(w, r, err)
		return
	}
	defer snap.Close()
	ending := ""
	for {
		t, err := documents.Target(path)
		if err != nil {
			problem.Write(w, r, problem.Details{Status: http.StatusBadRequest, Detail: err.Error()})
			return
		}
		h, err := l.History(snap, t)
		if err != nil {
			fail(w, r, err)
			return
		}
		if h != nil {
			use(h, ending)
			return
		}
		dot := strings.LastIndexByte(path, '.')
		if ending != "" || dot < strings.LastIndexByte(path, '/') {
			problem.Write(w, r, problem.Details{Status: http.StatusNotFound, Detail: "nothing is recorded of " + t.IRI})
			return
		}
		path, ending = path[:dot], path[dot:]
	}
}

func fail(w http.ResponseWriter, r *http.Request, err error) {
	problem.Write(w, r, problem.Details{Status: http.StatusInternalServerError, Detail: err.Error()})
}

// TimeGate answers /timegate/course/…: 302 to the memento of the time in
// Accept-Datetime, without one to the present version (RFC 7089 §4.1.1). A time
// before the first memento means the first.
func (l *Timeline) TimeGate(documents *resource.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := strings.TrimPrefix(r.URL.EscapedPath(), timegates)
		l.known(w, r, documents, path, func(h *History, ending string) {
			w.Header().Set("Vary", "Accept-Datetime")
			v := h.Now()
			if text := r.Header.Get("Accept-Datetime"); text != "" {
				at, err := http.ParseTime(text)
				if err != nil {
					problem.Write(w, r, problem.Details{Status: http.StatusBadRequest, Detail: "Accept-Datetime: want a date as HTTP writes it, like Thu, 31 Dec 2026 12:00:00 GMT"})
					return
				}
				if v = h.At(endOfSecond(at)); v == nil {
					v = &h.Versions[0]
				}
			}
			setLinks(w, h.links(v))
			w.Header().Set("Location", h.Memento(v)+ending)
			w.WriteHeader(http.StatusFound)
		})
	})
}

func setLinks(w http.ResponseWriter, links []resource.Link) {
	for _, l := range links {
		w.Header().Add("Link", l.String())
	}
}

// Memento answers /memento/{time}/course/…: the document as it was, or 302 to
// the address of the version that was in force then.
func (l *Timeline) Memento(documents *resource.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		digits, path, _ := strings.Cut(strings.TrimPrefix(r.URL.EscapedPath(), mementos), "/")
		at, err := parseDigits(digits)
		if err != nil {
			problem.Write(w, r, problem.Details{Status: http.StatusBadRequest, Detail: "want /memento/{YYYYMMDDhhmmss}/course/…, in UTC"})
			return
		}
		l.known(w, r, documents, "/"+path, func(h *History, ending string) {
			l.sendMemento(w, r, documents, h, at, ending)
		})
	})
}

func (l *Timeline) sendMemento(w http.ResponseWriter, r *http.Request, documents *resource.Handler, h *History, at time.Time, ending string) {
	v := h.At(at)
	if v == nil {
		setLinks(w, append(mementoLinks(h.target), h.memento(&h.Versions[0], "first memento")))
		problem.Write(w, r, problem.Details{Status: http.StatusNotFound, Detail: h.target.IRI + " is known since " + h.Versions[0].At.UTC().Format(time.RFC3339)})
		return
	}
	if exact := h.Memento(v); !strings.HasPrefix(r.URL.EscapedPath(), exact) {
		setLinks(w, h.links(v))
		w.Header().Set("Location", exact+ending)
		w.WriteHeader(http.StatusFound)
		return
	}
	doc, err := h.document(v)
	if err != nil {
		fail(w, r, err)
		return
	}
	t := h.target
	t.Ending = ending
	documents.Send(w, r, h.snap, doc, resource.Moment(w, doc, t))
}

// parseDigits reads the time in a memento's address: a second means its end.
func parseDigits(s string) (time.Time, error) {
	if len(s) == len(secondDigits) {
		at, err := time.Parse(secondDigits, s)
		return endOfSecond(at), err
	}
	if len(s) != len(secondDigits)+3 {
		return time.Time{}, &time.ParseError{Layout: secondDigits, Value: s}
	}
	return time.Parse(milliDigits, s[:len(secondDigits)]+"."+s[len(secondDigits):])
}

// TimeMap answers /timemap/course/…: all mementos, as links (RFC 7089 §5) or as
// JSON.
func (l *Timeline) TimeMap(documents *resource.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := strings.TrimPrefix(r.URL.EscapedPath(), timemaps)
		l.known(w, r, documents, path, func(h *History, ending string) {
			variants.Send(w, r, variants.Answer{
				Path: timemaps + h.target.Thing(), Ending: ending, Changed: h.Now().At,
				Variants: []variants.Variant{
					{Name: "links", Ending: ".link", MediaType: linkFormat, Write: h.writeTimeMap},
					variants.JSON(h.timeMap()),
				},
			})
		})
	})
}

// writeTimeMap writes the time map in link format.
func (h *History) writeTimeMap(w io.Writer) error {
	self := timemaps + h.target.Thing()
	period := []string{`from="` + h.Versions[0].At.UTC().Format(http.TimeFormat) + `"`, `until="` + h.Now().At.UTC().Format(http.TimeFormat) + `"`}
	lines := []string{
		resource.Link{Href: h.target.Path, Rel: "original"}.String(),
		resource.Link{Href: self, Rel: "self", Type: linkFormat, Attributes: period}.String(),
		resource.Link{Href: timegates + h.target.Thing(), Rel: "timegate"}.String(),
	}
	for i := range h.Versions {
		rel := "memento"
		if i == len(h.Versions)-1 {
			rel = "last " + rel
		}
		if i == 0 {
			rel = "first " + rel
		}
		lines = append(lines, h.memento(&h.Versions[i], rel).String())
	}
	_, err := io.WriteString(w, strings.Join(lines, ",\n")+"\n")
	return err
}

// timeMap is a time map in JSON, as Memento aggregators write it.
type timeMap struct {
	Original string      `json:"original_uri"`
	TimeGate string      `json:"timegate_uri"`
	TimeMaps timeMapURIs `json:"timemap_uri"`
	Mementos mementoList `json:"mementos"`
}

type timeMapURIs struct {
	LinkFormat string `json:"link_format"`
	JSON       string `json:"json_format"`
}

type mementoList struct {
	First mementoURI   `json:"first"`
	Last  mementoURI   `json:"last"`
	List  []mementoURI `json:"list"`
}

type mementoURI struct {
	Datetime  string `json:"datetime"` // RFC 3339
	URI       string `json:"uri"`
	Withdrawn bool   `json:"withdrawn,omitempty"` // its status is 410
}

func (h *History) timeMap() timeMap {
	self := timemaps + h.target.Thing()
	m := timeMap{Original: h.target.Path, TimeGate: timegates + h.target.Thing(), TimeMaps: timeMapURIs{self + ".link", self + ".json"}}
	for i := range h.Versions {
		v := &h.Versions[i]
		m.Mementos.List = append(m.Mementos.List, mementoURI{v.At.UTC().Format(time.RFC3339Nano), h.Memento(v), v.Gone})
	}
	m.Mementos.First, m.Mementos.Last = m.Mementos.List[0], m.Mementos.List[len(h.Versions)-1]
	return m
}
