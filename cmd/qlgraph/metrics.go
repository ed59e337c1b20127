package main

import (
	"context"
	"log/slog"
	"math"

	"qlgraph/graph/store"
	"qlgraph/sparql/protocol"
	"qlgraph/web/server"
)

// measure adds what is read from the endpoint and the store when the metrics
// are.
func measure(m *server.Metrics, s *store.Store, e *protocol.Endpoint) {
	m.Gauge("qlgraph_sparql_running", "Requests to the SPARQL protocols that are evaluated.", func() float64 {
		running, _ := e.Load()
		return float64(running)
	})
	m.Gauge("qlgraph_sparql_waiting", "Requests to the SPARQL protocols that wait for their turn.", func() float64 {
		_, waiting := e.Load()
		return float64(waiting)
	})
	// A store that cannot be read is not a number.
	activity := func(read func(store.Activity) float64) func() float64 {
		return func() float64 {
			a, err := s.Activity(context.Background())
			if err != nil {
				return math.NaN()
			}
			return read(a)
		}
	}
	for _, g := range []struct {
		name, help string
		read       func(store.Activity) float64
	}{
		{"version", "Version of the dataset.", func(a store.Activity) float64 { return float64(a.Version) }},
		{"quads", "Quads in the store.", func(a store.Activity) float64 { return float64(a.Quads) }},
		{"terms", "Terms in the store's dictionary.", func(a store.Activity) float64 { return float64(a.Terms) }},
		{"file_bytes", "Size of the store's file.", func(a store.Activity) float64 { return float64(a.FileBytes) }},
		{"snapshots", "Snapshots that are open: queries, exports, harvests.", func(a store.Activity) float64 { return float64(a.Snapshots) }},
	} {
		m.Gauge("qlgraph_store_"+g.name, g.help, activity(g.read))
	}
	m.Counter("qlgraph_store_commits_total", "Commits that changed the store.",
		activity(func(a store.Activity) float64 { return float64(a.Commits) }))
}

// observeQueries counts and logs finished requests of the SPARQL protocols: one
// line each, with what identifies the query but not its text.
func observeQueries(log *slog.Logger, metrics *server.Metrics) func(context.Context, protocol.Record) {
	memory := newMemoryReturn()
	return func(ctx context.Context, r protocol.Record) {
		metrics.Observe(r)
		memory.used(r.Usage.Memory)
		attrs := []slog.Attr{
			slog.String("outcome", r.Outcome), slog.Int("status", r.Status), slog.String("hash", r.Hash),
			slog.Int64("rows", r.Rows), slog.Int64("bytes", r.Bytes), slog.Duration("took", r.Took),
			slog.Duration("waited", r.Waited), slog.Int64("memory", r.Usage.Memory), slog.Uint64("version", r.Version),
		}
		if r.Err != nil {
			attrs = append(attrs, slog.String("error", r.Err.Error()))
		}
		log.LogAttrs(ctx, slog.LevelInfo, r.Operation, attrs...)
	}
}
