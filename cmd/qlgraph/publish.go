package main

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"text/tabwriter"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/graph/store"
	"qlgraph/harvesters/pipeline"
	"qlgraph/ontology/courseid"
	"qlgraph/web/dumps"
	"qlgraph/web/opendata"
	"qlgraph/web/resource"
	"qlgraph/web/server"
)

// publishSettings are those of the dumps.
type publishSettings struct {
	Dir   string        `yaml:"dir"`   // default: dumps in the data directory
	Every time.Duration `yaml:"every"` // default a day; negative: only by command
}

// Intervals of publication.
const (
	publishEvery = 24 * time.Hour
	publishSoon  = time.Minute // after the start, where nothing was published yet
	publishRetry = time.Hour   // after a failure
)

func (s settings) publishEvery() time.Duration {
	return max(0, cmp.Or(s.Publish.Every, publishEvery))
}

// dumpsDir returns the directory of the dumps.
func (s settings) dumpsDir(dataDir string) string {
	return cmp.Or(s.Publish.Dir, filepath.Join(dataDir, "dumps"))
}

// licenses returns the licences of the providers that have one of their own.
func (s settings) licenses() map[string]string {
	licenses := map[string]string{}
	for _, p := range s.Providers {
		if p.License != "" {
			licenses[cmp.Or(p.SCHAC, p.Website)] = p.License
		}
	}
	return licenses
}

type publishCommand struct {
	dataFlags
	configFlags
	BaseIRI string `name:"base-iri" help:"IRI that names of this aggregator begin with (http://data.quality-link.eu)." placeholder:"IRI"`
	Out     string `help:"Directory for the dumps (dumps in the data directory)." placeholder:"DIR"`
	JSON    bool   `name:"json" help:"Print the index of the edition."`
}

// Run publishes an edition and says what is in it.
func (c *publishCommand) Run(ctx context.Context, p process) error {
	config, dir, err := c.configured(p, c.configFlags)
	if err != nil {
		return err
	}
	base := p.setting(c.BaseIRI, "BASE_IRI", config.BaseIRI, defaultBaseIRI)
	out := config.dumpsDir(dir)
	if c.Out != "" {
		out = p.path(c.Out)
	}
	return p.withStore(dir, func(s *store.Store) error {
		edition, fresh, err := newPublisher(s, base, out, config, func(path string) { fmt.Fprintln(p.stderr, "writing", path) }).Publish(ctx)
		if err != nil {
			return err
		}
		if !fresh {
			fmt.Fprintln(p.stderr, "nothing has changed since", edition.Issued.Format(time.RFC3339))
		}
		if c.JSON {
			return printJSON(p.stdout, edition)
		}
		return printEdition(p, edition, filepath.Join(out, "current"))
	})
}

func printEdition(p process, e *dumps.Edition, dir string) error {
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	for _, share := range e.Collections {
		for _, f := range share.Files {
			fmt.Fprintf(w, "%s\t%d bytes\t%d entries\t%s\n", f.Path, f.Bytes, f.Items, f.SHA256)
		}
	}
	fmt.Fprintf(p.stderr, "version %d of the dataset is in %s\n", e.Version, dir)
	return w.Flush()
}

func newPublisher(d graph.Dataset, base, dir string, config settings, progress func(string)) *dumps.Publisher {
	return dumps.New(dumps.Config{
		Dataset: d, BaseIRI: base, Dir: dir, License: config.license(), Licenses: config.licenses(),
		Describe: describeCourse(d, base), Progress: progress,
	})
}

// publishOnSchedule publishes until ctx ends.
func publishOnSchedule(ctx context.Context, p *dumps.Publisher, dir string, every time.Duration, log *slog.Logger) {
	wait := publishSoon
	if edition, _, err := dumps.Current(dir); err == nil && edition != nil {
		wait = max(publishSoon, time.Until(edition.Issued.Add(every)))
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		start := time.Now()
		edition, fresh, err := p.Publish(ctx)
		wait = every
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			log.Error("publish", "error", err)
			wait = min(publishRetry, every)
		default:
			log.Info("publish", "version", edition.Version, "fresh", fresh, "took", time.Since(start))
		}
	}
}

// openData returns the routes of the entrances to the whole of the data.
func openData(s *store.Store, base, dir string, config settings) ([]server.Route, error) {
	journal, err := pipeline.NewJournal(s, base)
	if err != nil {
		return nil, err
	}
	entrances := opendata.New(opendata.Config{
		Dataset: s, Journal: journal, BaseIRI: base, Dumps: config.dumpsDir(dir),
		License: config.license(), Licenses: config.licenses(), Every: config.publishEvery(),
	})
	var routes []server.Route
	for _, r := range entrances.Routes() {
		routes = append(routes, server.Route{Pattern: r.Pattern, Handler: r.Handler})
	}
	return routes, nil
}

// describeCourse returns what the JSON and CSV dumps say of a course.
func describeCourse(d graph.Dataset, base string) func(graph.Snapshot, rdf.Term) (*dumps.Course, error) {
	documents := resource.New(resource.Config{Dataset: d, BaseIRI: base})
	return func(snap graph.Snapshot, course rdf.Term) (*dumps.Course, error) {
		iri, err := resource.Resolve(snap, base, course.Value())
		if err != nil {
			return nil, err
		}
		id, err := courseid.Parse(base, iri)
		if err != nil || id.Offering != "" {
			return nil, nil // loaded by hand, under a name that is no course's
		}
		doc, err := resource.Assemble(snap, base, iri)
		if err != nil || doc == nil {
			return nil, err
		}
		line, err := documents.Framed(doc)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", iri, err)
		}
		return &dumps.Course{IRI: iri, URN: id.Course.URN(), Subject: doc.Subject, Quads: doc.Quads, JSON: line}, nil
	}
}
