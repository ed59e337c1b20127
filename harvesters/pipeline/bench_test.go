package pipeline_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"qlgraph/graph/store"
	"qlgraph/harvesters"
	"qlgraph/harvesters/demo"
	"qlgraph/harvesters/formats"
	"qlgraph/harvesters/pipeline"
	"qlgraph/harvesters/registry"
)

const benchCourses = 10_000

// BenchmarkHarvest harvests a provider of 10,000 courses on loopback into a
// durable store: for the first time, unchanged, and with one course changed.
func BenchmarkHarvest(b *testing.B) {
	for _, format := range formats.All() {
		b.Run(string(format.Name), func(b *testing.B) {
			l := demo.NewLoad(format.Name, 1, benchCourses)
			institution := benchProvider(b, format.Name, l)
			b.Run("full", func(b *testing.B) {
				for b.Loop() {
					b.StopTimer()
					s, err := store.Open(b.TempDir(), store.Options{})
					if err != nil {
						b.Fatal(err)
					}
					pipe := benchPipeline(b, s, institution)
					b.StartTimer()
					benchRun(b, pipe, pipeline.OK)
					b.StopTimer()
					s.Close()
					b.StartTimer()
				}
				b.ReportMetric(float64(benchCourses*b.N)/b.Elapsed().Seconds(), "courses/s")
			})
			s, err := store.Open(b.TempDir(), store.Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			pipe := benchPipeline(b, s, institution)
			benchRun(b, pipe, pipeline.OK)
			b.Run("unchanged", func(b *testing.B) {
				for b.Loop() {
					benchRun(b, pipe, pipeline.Unchanged)
				}
			})
			b.Run("one changed", func(b *testing.B) {
				for b.Loop() {
					b.StopTimer()
					l.Change(1)
					b.StartTimer()
					benchRun(b, pipe, pipeline.OK)
				}
			})
		})
	}
}

func benchProvider(b *testing.B, format harvesters.Format, l *demo.Load) registry.Institution {
	b.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	b.Cleanup(server.Close)
	feed := demo.Mounted("/feed", demo.Handler(format, l.Catalogue))
	mux.Handle("/feed", feed)
	mux.Handle("/feed/", feed)
	mux.HandleFunc("/manifest", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "sources: [{id: s, type: %s, path: '%s/feed'}]", format, server.URL)
	})
	return registry.Institution{Provider: harvesters.Provider{SCHAC: "load.example"}, Manifest: server.URL + "/manifest"}
}

func benchPipeline(b *testing.B, s *store.Store, in registry.Institution) *pipeline.Pipeline {
	b.Helper()
	return testPipeline(b, s, func(c *pipeline.Config) { c.Registry.Institutions = []registry.Institution{in} })
}

func benchRun(b *testing.B, p *pipeline.Pipeline, want pipeline.Status) {
	b.Helper()
	report, err := p.Run(b.Context(), pipeline.Options{})
	if err != nil {
		b.Fatal(err)
	}
	if r := report.Sources[0]; r.Status != want || r.Courses != benchCourses {
		b.Fatalf("%s, %d courses: %v", r.Status, r.Courses, r.Errors)
	}
}
