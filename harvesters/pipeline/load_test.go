package pipeline_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"qlgraph/graph"
	"qlgraph/graph/store"
	"qlgraph/harvesters"
	"qlgraph/harvesters/demo"
	"qlgraph/harvesters/discover"
	"qlgraph/harvesters/fetch"
	"qlgraph/harvesters/pipeline"
	"qlgraph/harvesters/registry"
	"qlgraph/internal/netguard"
	"qlgraph/shapes/profile"
)

// provider is one provider whose feed a test serves.
type provider struct {
	schac    string
	manifest string
	mux      *http.ServeMux
	server   *httptest.Server
}

// newProvider serves what the test adds to mux; its manifest names the source
// in YAML flow style, without the path, which is the server's plus /feed.
func newProvider(t *testing.T, schac, source string) *provider {
	t.Helper()
	p := &provider{schac: schac, mux: http.NewServeMux()}
	p.server = httptest.NewServer(p.mux)
	t.Cleanup(p.server.Close)
	p.manifest = "sources: [{id: s, path: '" + p.server.URL + "/feed', " + source + "}]"
	p.mux.HandleFunc("/manifest", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(p.manifest)) })
	return p
}

func (p *provider) institution() registry.Institution {
	return registry.Institution{Provider: harvesters.Provider{SCHAC: p.schac}, Manifest: p.server.URL + "/manifest"}
}

// load serves a seeded catalogue as the provider's feed.
func (p *provider) load(l http.Handler) {
	p.mux.Handle("/feed", http.StripPrefix("/feed", mounted(l)))
	p.mux.Handle("/feed/", http.StripPrefix("/feed", mounted(l)))
}

func mounted(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("X-Demo-Mount", "/feed")
		h.ServeHTTP(w, r)
	})
}

// testPipeline harvests the providers into w; edit changes its configuration.
func testPipeline(t testing.TB, w graph.Writer, edit func(*pipeline.Config), providers ...*provider) *pipeline.Pipeline {
	t.Helper()
	network := netguard.New(netguard.Config{AllowPrivate: true})
	client := fetch.New(fetch.Config{Network: network, PlainTokens: true})
	t.Cleanup(client.Close)
	c := pipeline.Config{
		BaseIRI: base, Dataset: w, Client: client,
		Finder:    &discover.Finder{Client: client, Resolver: network.Resolver()},
		Validator: profile.New(),
	}
	for _, p := range providers {
		c.Registry.Institutions = append(c.Registry.Institutions, p.institution())
	}
	if edit != nil {
		edit(&c)
	}
	p, err := pipeline.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func openStore(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestLoad(t *testing.T) {
	l := demo.NewLoad(harvesters.OOAPI, 1, 10_000)
	p := newProvider(t, "load.example", "type: ooapi, version: 5")
	p.load(demo.Handler(harvesters.OOAPI, l.Catalogue))
	s := openStore(t)
	pipe := testPipeline(t, s, nil, p)
	for _, edit := range []func(){func() {}, func() {}, func() { l.Change(1) }, func() { l.Remove(1) }, func() { l.Add(1) }} {
		edit()
		r := run(t, pipe, pipeline.Options{}).Sources[0]
		t.Logf("%+v", r)
	}
}
