package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"qlgraph/graph/store"
	"qlgraph/harvesters/discover"
	"qlgraph/harvesters/pipeline"
)

type runsCommand struct {
	List     runsListCommand     `cmd:"" default:"withargs" help:"The latest runs, newest first."`
	Show     runsShowCommand     `cmd:"" help:"One run with its sources and their errors."`
	Manifest runsManifestCommand `cmd:"" help:"The versions of an institution's manifest, with what changed."`
	Release  runsReleaseCommand  `cmd:"" help:"Let a held run pass: its sources are harvested and committed now."`
}

// journal calls fn with the journal of the data directory's harvests.
func (f dataFlags) journal(p process, fn func(*pipeline.Journal, *pipeline.Pipeline) error) error {
	dir, err := f.directory(p, "")
	if err != nil {
		return err
	}
	return p.withStore(dir, func(s *store.Store) error {
		harvest, err := pipeline.New(pipeline.Config{BaseIRI: p.setting("", "BASE_IRI", "", defaultBaseIRI), Dataset: s})
		if err != nil {
			return err
		}
		return fn(harvest.Journal(), harvest)
	})
}

type runsListCommand struct {
	dataFlags
	Limit int  `default:"20" help:"How many runs."`
	JSON  bool `help:"Print JSON."`
}

// Run prints a line per run.
func (c *runsListCommand) Run(ctx context.Context, p process) error {
	return c.journal(p, func(j *pipeline.Journal, _ *pipeline.Pipeline) error {
		runs, err := j.Runs(ctx, c.Limit)
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(p.stdout, runs)
		}
		table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "RUN\tSTARTED\tSECONDS\tSOURCES\tFAILED\tHELD\tCREATED\tCHANGED\tWITHDRAWN")
		for _, r := range runs {
			held, created, changed, withdrawn := 0, 0, 0, 0
			for _, s := range r.Sources {
				if s.Status == pipeline.Held {
					held++
				}
				created, changed, withdrawn = created+s.Created, changed+s.Changed, withdrawn+s.Withdrawn
			}
			fmt.Fprintf(table, "%s\t%s\t%.1f\t%d\t%d\t%d\t%d\t%d\t%d\n", r.ID, r.Started.Format("2006-01-02 15:04:05"),
				r.Ended.Sub(r.Started).Seconds(), len(r.Sources), r.FailedSources(), held, created, changed, withdrawn)
		}
		return table.Flush()
	})
}

type runsShowCommand struct {
	dataFlags
	JSON bool   `help:"Print JSON."`
	ID   string `arg:"" name:"run" help:"Id of the run."`
}

// Run prints a run's sources.
func (c *runsShowCommand) Run(ctx context.Context, p process) error {
	return c.journal(p, func(j *pipeline.Journal, _ *pipeline.Pipeline) error {
		report, err := j.Run(ctx, c.ID)
		if err != nil {
			return err
		}
		if report == nil {
			return fmt.Errorf("no run %s", c.ID)
		}
		if c.JSON {
			return printJSON(p.stdout, report)
		}
		return printRun(p.stdout, report)
	})
}

type runsManifestCommand struct {
	dataFlags
	JSON     bool   `help:"Print JSON."`
	Provider string `arg:"" help:"SCHAC code of the institution."`
}

// manifestVersion is a version of a manifest with what it changed.
type manifestVersion struct {
	Since   time.Time `json:"since"`
	URL     string    `json:"url"`
	Changes []string  `json:"changes"`
}

// Run prints the versions of an institution's manifest, newest first.
func (c *runsManifestCommand) Run(ctx context.Context, p process) error {
	return c.journal(p, func(j *pipeline.Journal, _ *pipeline.Pipeline) error {
		kept, err := j.Manifests(ctx, strings.ToLower(c.Provider))
		if err != nil {
			return err
		}
		if len(kept) == 0 {
			return fmt.Errorf("no manifest of %s was ever seen", c.Provider)
		}
		versions := manifestVersions(kept)
		if c.JSON {
			return printJSON(p.stdout, versions)
		}
		for _, v := range versions {
			if _, err := fmt.Fprintf(p.stdout, "since %s  %s\n  %s\n", v.Since.Format(time.DateTime), v.URL, strings.Join(v.Changes, "\n  ")); err != nil {
				return err
			}
		}
		return nil
	})
}

// manifestVersions compares each version with the one before it.
func manifestVersions(kept []pipeline.ManifestVersion) []manifestVersion {
	versions := make([]manifestVersion, len(kept))
	for i, v := range kept {
		versions[i] = manifestVersion{v.Since, v.URL, []string{"first seen"}}
		if i+1 == len(kept) {
			continue
		}
		after, err := discover.Parse(v.Body)
		before, err2 := discover.Parse(kept[i+1].Body)
		if err != nil || err2 != nil {
			versions[i].Changes = []string{"cannot be compared: one of the two cannot be read"}
			continue
		}
		before.URL, after.URL = kept[i+1].URL, v.URL
		if versions[i].Changes = discover.Changes(before, after); len(versions[i].Changes) == 0 {
			versions[i].Changes = []string{"nothing but its wording"}
		}
	}
	return versions
}

type runsReleaseCommand struct {
	dataFlags
	configFlags
	BaseIRI string `name:"base-iri" help:"IRI that names of this aggregator begin with." placeholder:"IRI"`
	JSON    bool   `help:"Print JSON."`
	ID      string `arg:"" name:"run" help:"Id of the held run."`
}

// Run releases the run's held sources and harvests them at once: what is
// committed is what they serve now, unless that is worse than what was held.
func (c *runsReleaseCommand) Run(ctx context.Context, p process) error {
	h := harvestCommand{dataFlags: c.dataFlags, configFlags: c.configFlags, BaseIRI: c.BaseIRI, JSON: c.JSON}
	var released []string
	report, err := h.harvest(ctx, p, func(harvest *pipeline.Pipeline) (_ []string, err error) {
		released, err = harvest.Release(ctx, c.ID)
		return released, err
	})
	if released != nil {
		fmt.Fprintln(p.stderr, "released:", strings.Join(released, ", "))
	}
	if errors.Is(err, pipeline.ErrNoInstitution) {
		fmt.Fprintln(p.stderr, "the next harvest commits it; with --config it is harvested at once")
		return nil
	}
	if err != nil {
		return err
	}
	return h.print(p, report)
}
