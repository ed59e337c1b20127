package pipeline_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/mem"
	"qlgraph/graph/rdf"
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
	feed := demo.Mounted("/feed", l)
	p.mux.Handle("/feed", feed)
	p.mux.Handle("/feed/", feed)
}

// testPipeline harvests the providers into w; edit changes its configuration.
func testPipeline(t testing.TB, w graph.Writer, edit func(*pipeline.Config), providers ...*provider) *pipeline.Pipeline {
	t.Helper()
	network := netguard.New(netguard.Config{AllowPrivate: true})
	client := fetch.New(fetch.Config{Network: network, PlainTokens: true,
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }})
	t.Cleanup(client.Close)
	c := pipeline.Config{
		BaseIRI: base, Dataset: w, Client: client,
		Finder:    &discover.Finder{Client: client, Resolver: network.Resolver()},
		Validator: profile.New(), Background: []pipeline.Background{},
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

// quads returns the sorted N-Quads of the named graphs whose IRI holds part.
func quads(t testing.TB, d graph.Dataset, part string) []string {
	t.Helper()
	s, err := d.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	cursor, err := s.Scan(graph.Pattern{Graphs: graph.EachNamed()}, graph.GSPO)
	if err != nil {
		t.Fatal(err)
	}
	defer cursor.Close()
	var lines []string
	batch := graph.NewBatch()
	terms := make([]rdf.Term, 4)
	for {
		n, err := cursor.Next(batch)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			slices.Sort(lines)
			return lines
		}
		for i := range n {
			if err := s.Terms([]graph.ID{batch.S[i], batch.P[i], batch.O[i], batch.G[i]}, terms); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(terms[3].Value(), part) {
				lines = append(lines, rdf.Quad{S: terms[0], P: terms[1], O: terms[2], G: terms[3]}.String())
			}
		}
	}
}

// harvest runs once over everything and returns the only source's result.
func harvest(t *testing.T, p *pipeline.Pipeline) pipeline.SourceResult {
	t.Helper()
	sources := run(t, p, pipeline.Options{}).Sources
	if len(sources) != 1 {
		t.Fatalf("%d sources: %+v", len(sources), sources)
	}
	return sources[0]
}

// memory is a dataset for tests that do not need a durable one.
func memory() graph.Writer { return withLedger(mem.New()) }

// loaded is a provider with a seeded catalogue of the format.
func loaded(t *testing.T, format harvesters.Format, courses int) (*provider, *demo.Load) {
	t.Helper()
	l := demo.NewLoad(format, 1, courses)
	p := newProvider(t, "load.example", "type: "+string(format))
	p.load(demo.Handler(format, l.Catalogue))
	return p, l
}

// testFinder finds manifests on loopback, whatever the pipeline's own client
// may reach.
func testFinder() *discover.Finder {
	network := netguard.New(netguard.Config{AllowPrivate: true})
	return &discover.Finder{Client: fetch.New(fetch.Config{Network: network}), Resolver: network.Resolver()}
}
