package opendata

import (
	"context"
	"html/template"
	"net/http"
	"strings"
	"sync"
	"time"

	"qlgraph/graph"
	"qlgraph/harvesters/pipeline"
	"qlgraph/internal/problem"
)

// Config is what a Handler needs.
type Config struct {
	Dataset  graph.Dataset
	Journal  *pipeline.Journal
	BaseIRI  string            // without a trailing slash
	Dumps    string            // directory of web/dumps
	License  string            // IRI
	Licenses map[string]string // of single providers, by SCHAC code
	Every    time.Duration     // between publications; 0: only by command
}

// Handler serves the entrances.
type Handler struct {
	config    Config
	templates *template.Template

	mu      sync.Mutex
	changes *changes // the newest that were read
	read    time.Time
}

// New returns a Handler.
func New(c Config) *Handler {
	return &Handler{config: c, templates: parseTemplates()}
}

// Route is a path, as the server's router writes it, with who answers there.
type Route struct {
	Pattern string
	Handler http.Handler
}

// Routes returns all entrances.
func (h *Handler) Routes() []Route {
	get := func(fn http.HandlerFunc) http.Handler { return onlyGet(fn) }
	routes := []Route{
		{"/.well-known/void", get(h.Void)},
		{"/catalog", get(h.Catalog)},
		{"/dumps", http.RedirectHandler("/dumps/", http.StatusMovedPermanently)},
		{"/dumps/*", get(h.Dumps)},
		{"/feed.atom", get(h.Feed)},
		{"/provider/:id/feed.atom", get(h.Feed)},
		{"/alliance/:id/feed.atom", get(h.Feed)},
		{"/sitemap.xml", get(h.Sitemap)},
		{"/sitemap/*", get(h.Sitemap)},
		{"/robots.txt", get(h.Robots)},
		{"/prefixes", get(h.Prefixes)},
		{"/openapi.json", get(h.OpenAPI)},
	}
	for _, f := range syntaxes() {
		routes = append(routes,
			Route{"/void" + f.ending, get(h.Void)}, Route{"/catalog" + f.ending, get(h.Catalog)}, Route{"/prefixes" + f.ending, get(h.Prefixes)})
	}
	return append(routes, Route{"/prefixes.json", get(h.Prefixes)}, Route{"/prefixes.csv", get(h.Prefixes)})
}

// onlyGet answers GET and HEAD alone.
func onlyGet(fn http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodGet, http.MethodHead:
			w.Header().Set("Access-Control-Allow-Origin", "*")
			w.Header().Set("Access-Control-Expose-Headers", "ETag, Link, Content-Location, Content-Range")
			fn(w, r)
		case http.MethodOptions:
			w.Header().Set("Allow", "GET, HEAD, OPTIONS")
			w.Header().Set("Access-Control-Allow-Origin", "*")
			w.Header().Set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
			w.WriteHeader(http.StatusNoContent)
		default:
			w.Header().Set("Allow", "GET, HEAD, OPTIONS")
			problem.Write(w, r, problem.Details{Status: http.StatusMethodNotAllowed})
		}
	})
}

func fail(w http.ResponseWriter, r *http.Request, err error) {
	problem.Write(w, r, problem.Details{Status: http.StatusInternalServerError, Detail: err.Error()})
}

func notFound(w http.ResponseWriter, r *http.Request, detail string) {
	problem.Write(w, r, problem.Details{Status: http.StatusNotFound, Detail: detail})
}

// view calls fn with a snapshot.
func (h *Handler) view(ctx context.Context, fn func(graph.Snapshot) error) error {
	snap, err := h.config.Dataset.Snapshot(ctx)
	if err != nil {
		return err
	}
	defer snap.Close()
	return fn(snap)
}

// ending returns the ending of the last segment of a path, "" where it has none.
func ending(path string) string {
	last := path[strings.LastIndexByte(path, '/')+1:]
	if dot := strings.LastIndexByte(last, '.'); dot > 0 {
		return last[dot:]
	}
	return ""
}
