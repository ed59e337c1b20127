package demo

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"qlgraph/harvesters"
)

// Handler serves a catalogue as a provider of the format does. Paths are
// relative to the source's path, which the caller strips.
func Handler(format harvesters.Format, c *Catalogue) http.Handler {
	switch format {
	case harvesters.OOAPI:
		return ooapi{c}
	case harvesters.EduAPI:
		return eduapi{c}
	case harvesters.OCCAPI:
		return occapi{c}
	}
	return file{c}
}

// Mounted serves a catalogue's handler under the path of the source.
func Mounted(path string, handler http.Handler) http.Handler {
	handler = http.StripPrefix(path, handler)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set(mountHeader, path)
		handler.ServeHTTP(w, r)
	})
}

// file serves one resource with validators (RFC 9110 §8.8).
type file struct{ *Catalogue }

func (f file) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.RLock()
	version, modified := f.version, f.modified
	var text []byte
	if list := f.lists[""]; list != nil {
		text = list.items[0].text
	}
	f.mu.RUnlock()
	etag := fmt.Sprintf(`"v%d"`, version)
	w.Header().Set("Content-Type", "text/turtle; charset=utf-8")
	w.Header().Set("ETag", etag)
	w.Header().Set("Last-Modified", modified.Format(http.TimeFormat))
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Write(text)
}

// ooapi serves pages in the envelope of OOAPI v5.
type ooapi struct{ *Catalogue }

func (o ooapi) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	segments := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch {
	case len(segments) == 1 && segments[0] == "":
		writeJSON(w, "application/json", map[string]any{"contactEmail": "api@example.org", "specification": "https://openonderwijsapi.nl/"})
	case len(segments) == 1 && o.has(segments[0]) && segments[0] != "offerings":
		o.page(w, r, o.list(segments[0], nil))
	case len(segments) == 2:
		one(w, o.list(segments[0], func(it item) bool { return it.id == segments[1] }))
	case len(segments) == 3 && segments[2] == "offerings":
		o.page(w, r, o.list("offerings", func(it item) bool {
			return it.of == segments[1] || segments[0] == "academic-sessions" && it.at == segments[1]
		}))
	default:
		http.NotFound(w, r)
	}
}

func (o ooapi) page(w http.ResponseWriter, r *http.Request, items []json.RawMessage) {
	size := number(r, "pageSize", 10)
	page := number(r, "pageNumber", 1)
	from, to := window(len(items), (page-1)*size, size)
	writeJSON(w, "application/json", map[string]any{
		"pageSize": size, "pageNumber": page, "hasPreviousPage": page > 1, "hasNextPage": to < len(items),
		"totalPages": (len(items) + size - 1) / size, "items": items[from:to],
	})
}

// eduapi serves bare arrays with the total in a header.
type eduapi struct{ *Catalogue }

func (e eduapi) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	segments := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch {
	case len(segments) == 1 && e.has(segments[0]):
		items := e.list(segments[0], since(r.URL.Query().Get("filter")))
		w.Header().Set("X-Total-Count", strconv.Itoa(len(items)))
		from, to := window(len(items), number(r, "offset", 0), number(r, "limit", 100))
		writeJSON(w, "application/json", items[from:to])
	case len(segments) == 2:
		one(w, e.list(segments[0], func(it item) bool { return it.id == segments[1] }))
	default:
		http.NotFound(w, r)
	}
}

// since reads the one filter that is understood, dateLastModified>='…'.
func since(filter string) func(item) bool {
	at, ok := strings.CutPrefix(filter, "dateLastModified>=")
	if !ok {
		return nil
	}
	return func(it item) bool {
		var record struct {
			Modified string `json:"dateLastModified"`
		}
		return json.Unmarshal(it.text, &record) == nil && record.Modified >= strings.Trim(at, "'") // RFC 3339, UTC
	}
}

// occapi serves JSON:API documents from the institution down (OCCAPI v2). The
// collection "hei" has one record; links are made from what there is.
type occapi struct{ *Catalogue }

func (o occapi) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.Trim(r.URL.Path, "/")
	base := "http://" + r.Host + strings.TrimSuffix(r.Header.Get(mountHeader), "/")
	segments := strings.Split(path, "/")
	switch {
	case path == "":
		o.document(w, o.linked(o.list("hei", nil), base, "hei"), true)
	case len(segments) == 1 && o.has(segments[0]):
		o.document(w, o.linked(o.list(segments[0], listed), base, segments[0]), false)
	case len(segments) == 2:
		o.document(w, o.linked(o.list(segments[0], func(it item) bool { return it.id == segments[1] }), base, segments[0]), true)
	case len(segments) == 3 && segments[2] == "instance":
		o.document(w, o.linked(o.list("instance", func(it item) bool { return it.of == segments[1] }), base, "instance"), false)
	default:
		http.NotFound(w, r)
	}
}

// listed reports whether a resource is in its list: deprecated ones can only be
// asked for by themselves.
func listed(it item) bool { return !strings.Contains(string(it.text), `"deprecated":true`) }

// mountHeader tells the handler under which path it is mounted.
const mountHeader = "X-Demo-Mount"

// linked gives resources their links.
func (o occapi) linked(items []json.RawMessage, base, kind string) []map[string]any {
	var out []map[string]any
	for _, text := range items {
		var resource map[string]any
		if json.Unmarshal(text, &resource) != nil {
			continue
		}
		link := func(path string) map[string]any { return map[string]any{"href": base + path} }
		self := fmt.Sprintf("/%s/%v", kind, resource["id"])
		links := map[string]any{"self": link(self)}
		switch kind {
		case "hei":
			links["self"] = link("")
			for _, collection := range []string{"course", "programme", "ounit"} {
				if o.has(collection) {
					links[collection] = link("/" + collection)
				}
			}
		case "course":
			links["instance"] = link(self + "/instance")
		}
		resource["links"] = links
		out = append(out, resource)
	}
	return out
}

func (o occapi) document(w http.ResponseWriter, resources []map[string]any, single bool) {
	document := map[string]any{"jsonapi": map[string]any{"version": "1.1"}}
	switch {
	case !single && resources == nil:
		document["data"] = []any{}
	case !single:
		document["data"] = resources
	case len(resources) == 1:
		document["data"] = resources[0]
	default:
		w.WriteHeader(http.StatusNotFound)
		document["errors"] = []any{map[string]any{"status": "404", "title": "no such resource"}}
	}
	writeJSON(w, "application/vnd.api+json", document)
}

// one answers with a single record.
func one(w http.ResponseWriter, items []json.RawMessage) {
	if len(items) != 1 {
		http.Error(w, `{"status":404,"title":"no such resource"}`, http.StatusNotFound)
		return
	}
	writeJSON(w, "application/json", items[0])
}

func writeJSON(w http.ResponseWriter, mediaType string, v any) {
	w.Header().Set("Content-Type", mediaType)
	json.NewEncoder(w).Encode(v) // the client is gone where this fails
}

func number(r *http.Request, name string, missing int) int {
	n, err := strconv.Atoi(r.URL.Query().Get(name))
	if err != nil || n < 0 {
		return missing
	}
	return n
}

func window(n, from, size int) (int, int) {
	from = min(from, n)
	return from, min(from+max(size, 1), n)
}
