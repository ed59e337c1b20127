package pipeline_test

import (
	"context"
	"testing"

	"qlgraph/graph"
	"qlgraph/graph/mem"
	"qlgraph/harvesters"
	"qlgraph/harvesters/demo"
	"qlgraph/harvesters/discover"
	"qlgraph/harvesters/fetch"
	"qlgraph/harvesters/pipeline"
	"qlgraph/internal/netguard"
	"qlgraph/shapes/profile"
)

const base = "http://data.quality-link.eu"

// demoPipeline harvests the sample providers into w.
func demoPipeline(t *testing.T, providers *demo.Providers, w graph.Writer) *pipeline.Pipeline {
	t.Helper()
	network := netguard.New(netguard.Config{AllowPrivate: true, Resolver: providers.Resolver, Routes: providers.Routes})
	client := fetch.New(fetch.Config{Network: network, PlainTokens: true})
	t.Cleanup(client.Close)
	p, err := pipeline.New(pipeline.Config{
		BaseIRI: base, Dataset: w, Client: client,
		Finder:    &discover.Finder{Client: client, Resolver: network.Resolver()},
		Validator: profile.New(), Registry: providers.Registry,
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func run(t *testing.T, p *pipeline.Pipeline, opts pipeline.Options) *pipeline.RunReport {
	t.Helper()
	report, err := p.Run(context.Background(), opts)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestSampleProviders(t *testing.T) {
	providers, err := demo.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer providers.Close()
	dataset := withLedger(mem.New())
	p := demoPipeline(t, providers, dataset)
	for _, s := range run(t, p, pipeline.Options{}).Sources {
		if s.Status != pipeline.OK || s.Courses < 5 || s.Violations == 0 || s.Created == 0 || s.Quads == 0 {
			t.Errorf("first run: %+v", s)
		}
	}
	before := version(t, dataset)
	for _, s := range run(t, p, pipeline.Options{}).Sources {
		if s.Status != pipeline.Unchanged || s.Created+s.Changed+s.Withdrawn != 0 || s.Unchanged == 0 || s.Quads != 0 {
			t.Errorf("second run: %+v", s)
		}
		if s.Type == harvesters.ELM && s.Requests != 1 {
			t.Errorf("%d requests for an unchanged file", s.Requests)
		}
	}
	if after := version(t, dataset); after != before {
		t.Errorf("an unchanged harvest made version %d of %d", after, before)
	}
}

func version(t *testing.T, d graph.Dataset) uint64 {
	t.Helper()
	s, err := d.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	return s.Version()
}
