package main

import (
	"context"
	"errors"
	"log/slog"

	"qlgraph/harvesters/pipeline"
	"qlgraph/harvesters/registry"
	"qlgraph/harvesters/schedule"
)

// runSchedule harvests what is due until ctx ends. Failures are in the runs; the
// log has a line for each source that changed or failed.
func runSchedule(ctx context.Context, harvest *pipeline.Pipeline, reg registry.Registry, log *slog.Logger) {
	scheduler := schedule.New(schedule.Config{
		Institutions: func() []string {
			var keys []string
			for _, in := range reg.Institutions {
				keys = append(keys, in.Key())
			}
			return keys
		},
		Sources: func(ctx context.Context) ([]schedule.Source, error) {
			known, err := harvest.Journal().Sources(ctx)
			sources := make([]schedule.Source, len(known))
			for i, s := range known {
				sources[i] = schedule.Source{Provider: s.Provider, ID: s.Source, LastDone: s.LastDone, Refresh: s.Refresh}
			}
			return sources, err
		},
		Harvest: func(ctx context.Context, institutions []string) ([]string, error) {
			report, err := harvest.Run(ctx, pipeline.Options{Providers: institutions, Due: true})
			if err != nil {
				return nil, err
			}
			return logSources(log, report), nil
		},
	})
	if err := scheduler.Run(ctx); !errors.Is(err, context.Canceled) {
		log.Error("scheduled harvests have stopped", "error", err)
	}
}

// logSources logs the sources of a run and returns the providers that failed, or
// wait for credentials: both are tried again later, and later still.
func logSources(log *slog.Logger, report *pipeline.RunReport) []string {
	var failed []string
	for _, s := range report.Sources {
		attrs := []any{"provider", s.Provider, "source", s.Source, "status", s.Status, "run", report.ID,
			"created", s.Created, "changed", s.Changed, "withdrawn", s.Withdrawn}
		switch s.Status {
		case pipeline.Failed, pipeline.Waiting:
			failed = append(failed, s.Provider)
			if len(s.Errors) > 0 {
				attrs = append(attrs, "error", s.Errors[0].Message, "at", s.Errors[0].At)
			}
			log.Warn("harvest", attrs...)
		case pipeline.Unchanged:
			log.Debug("harvest", attrs...)
		default:
			log.Info("harvest", attrs...)
		}
	}
	return failed
}
