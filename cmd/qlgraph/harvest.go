package main

import (
	"context"
	"errors"
	"runtime/debug"

	"qlgraph/graph/store"
	"qlgraph/harvesters/pipeline"
)

type harvestCommand struct {
	dataFlags
	configFlags
	BaseIRI  string   `name:"base-iri" help:"IRI that names of this aggregator begin with." placeholder:"IRI"`
	Provider []string `help:"Only the provider with this SCHAC code; may be repeated." placeholder:"SCHAC"`
	Full     bool     `help:"Lift and validate every record, also unchanged ones."`
	JSON     bool     `help:"Print JSON."`
}

// errSourceFailed ends a harvest with status 1: its report says why.
var errSourceFailed = errors.New("a source failed")

// Run harvests now, whatever the refresh interval says.
func (c *harvestCommand) Run(ctx context.Context, p process) error {
	report, err := c.harvest(ctx, p, func(*pipeline.Pipeline) ([]string, error) { return c.Provider, nil })
	if err != nil {
		return err
	}
	return c.print(p, report)
}

// harvest runs over the providers that which names; none are all.
func (c *harvestCommand) harvest(ctx context.Context, p process, which func(*pipeline.Pipeline) ([]string, error)) (report *pipeline.RunReport, err error) {
	config, dir, err := c.configured(p, c.configFlags)
	if err != nil {
		return nil, err
	}
	if p.lent == nil {
		defer debug.SetMemoryLimit(debug.SetMemoryLimit(harvestMemory))
	}
	base := p.setting(c.BaseIRI, "BASE_IRI", config.BaseIRI, defaultBaseIRI)
	out, done := p.reach(config)
	defer done()
	err = p.withStore(dir, func(s *store.Store) error {
		reg, err := config.institutions(ctx, p, out.client)
		if err != nil {
			return err
		}
		harvest, err := newPipeline(s, dir, base, reg, out)
		if err != nil {
			return err
		}
		providers, err := which(harvest)
		if err != nil {
			return err
		}
		report, err = harvest.Run(ctx, pipeline.Options{Providers: providers, Full: c.Full, Progress: p.showProgress()})
		return err
	})
	return report, err
}

func (c *harvestCommand) print(p process, report *pipeline.RunReport) error {
	var err error
	if c.JSON {
		err = printJSON(p.stdout, report)
	} else {
		err = printRun(p.stdout, report)
	}
	if err == nil && report.FailedSources() > 0 {
		err = errSourceFailed
	}
	return err
}
