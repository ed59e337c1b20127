package pipeline_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/store"
	"qlgraph/harvesters/formats"
	"qlgraph/harvesters/pipeline"
	"qlgraph/shapes/profile"
)

// bulkAlways is a store that prefers bulk transactions, plain one that has none.
type (
	bulkAlways struct{ *store.Store }
	plain      struct{ graph.Writer }
)

func (bulkAlways) BulkPays(int64) bool { return true }

// A source that is committed in bulk transactions has the graphs, rows and past
// of one that is not.
func TestBulkEqualsUpdate(t *testing.T) {
	for _, format := range formats.All() {
		t.Run(string(format.Name), func(t *testing.T) {
			p, l := loaded(t, format.Name, 12)
			bulk, update := durable(t), durable(t)
			config := func(c *pipeline.Config) {
				calm(c)
				c.Validator = profile.New()
				c.RunID = func() string { return "run" }
				c.Now = func() time.Time { return time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC) }
			}
			one, other := testPipeline(t, bulkAlways{bulk}, config, p), testPipeline(t, plain{update}, config, p)
			random := rand.New(rand.NewPCG(7, 7))
			for range 6 {
				got, want := harvest(t, one), harvest(t, other)
				if got.Quads != want.Quads || got.Created != want.Created || got.Changed != want.Changed || got.Withdrawn != want.Withdrawn {
					t.Errorf("result %+v, want %+v", got, want)
				}
				for _, part := range []string{"/graph/source/", "/graph/validation/"} {
					if got, want := quads(t, bulk, part), quads(t, update, part); !slices.Equal(got, want) || len(want) == 0 {
						t.Fatalf("%s: %d quads, want %d\n%s", part, len(got), len(want), firstDifference(got, want))
					}
				}
				compareMemories(t, bulk, update, got)
				edit(l, random)
			}
			if _, err := bulk.Verify(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// compareMemories compares what two stores know of the records of a source,
// but for the times.
func compareMemories(t *testing.T, one, other *store.Store, source pipeline.SourceResult) {
	t.Helper()
	type known struct {
		hash, quads, raw, run string
		withdrawn             bool
		states                int
	}
	read := func(s *store.Store) map[string]known {
		journal, err := pipeline.NewJournal(s, base)
		if err != nil {
			t.Fatal(err)
		}
		snap, err := s.Snapshot(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		defer snap.Close()
		archive, err := journal.Archive(snap)
		if err != nil {
			t.Fatal(err)
		}
		all := map[string]known{}
		if err := journal.Records(t.Context(), source.Provider, source.Source, func(row pipeline.Row) {
			states := 0
			for _, iri := range row.Subjects {
				parts, err := archive.Parts(iri)
				if err != nil || len(parts) == 0 {
					t.Fatalf("%s: %d parts, error %v", iri, len(parts), err)
				}
				states += len(parts[0].States)
			}
			all[row.Kind+" "+row.ID] = known{row.Hash, row.Quads, row.Raw, row.Run, row.Withdrawn != nil, states}
		}); err != nil {
			t.Fatal(err)
		}
		return all
	}
	got, want := read(one), read(other)
	for id, row := range want {
		if got[id] != row {
			t.Errorf("%s: %+v, want %+v", id, got[id], row)
		}
	}
	if len(got) != len(want) || len(want) == 0 {
		t.Errorf("%d records, want %d", len(got), len(want))
	}
}
