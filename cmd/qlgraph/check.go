package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"qlgraph/graph/store"
	"qlgraph/harvesters"
	"qlgraph/harvesters/discover"
	"qlgraph/harvesters/formats"
	"qlgraph/harvesters/pipeline"
	"qlgraph/harvesters/registry"
	"qlgraph/shapes/profile"
)

type checkCommand struct {
	dataFlags
	configFlags
	BaseIRI string `name:"base-iri" help:"IRI that names of this aggregator begin with." placeholder:"IRI"`
	Type    string `help:"Of a file of records: elm, ooapi, edu-api or occapi." placeholder:"TYPE"`
	SCHAC   string `name:"schac" help:"SCHAC code of the provider, where the target does not tell it." placeholder:"DOMAIN"`
	JSON    bool   `help:"Print JSON."`
	Target  string `arg:"" help:"Domain of an institution, URL of a manifest, or a file: a manifest, or records as an API sends them; - is stdin."`
}

// Run harvests what the target leads to into a store that is thrown away, and
// prints what would become of it. The status is 1 where nothing could be
// harvested, where something is not as it should be, and where records would be
// held back.
func (c *checkCommand) Run(ctx context.Context, p process) error {
	config, dir, err := c.configured(p, c.configFlags)
	if err != nil && !errors.Is(err, errNoData) {
		return err
	}
	if stored, err := filepath.Glob(filepath.Join(dir, "*.db")); dir == "" || err != nil || len(stored) == 0 {
		// Nothing was harvested into it, and a dry run does not make a store.
		return c.check(ctx, p, config, dir, nil)
	}
	return p.withStore(dir, func(s *store.Store) error { return c.check(ctx, p, config, dir, s) })
}

// check does it with what the data directory knows: its keys, and in the store,
// nil where there is none, whose the secrets are that manifests hold.
func (c *checkCommand) check(ctx context.Context, p process, config settings, dir string, known *store.Store) error {
	out, done := p.reach(config)
	defer done()
	report := &checkReport{}
	plan, err := c.plan(ctx, p, config, out, report)
	if err != nil {
		return err
	}
	if plan != nil {
		if dir != "" {
			plan.keys = keyRing(dir)
		}
		if err := c.rehearse(ctx, p, config, out, *plan, known, report); err != nil {
			return err
		}
	}
	if c.JSON {
		err = printJSON(p.stdout, report)
	} else {
		err = report.print(p.stdout)
	}
	if err == nil && !report.clean() {
		err = errNonconforming
	}
	return err
}

// rehearsal is what a dry run goes over.
type rehearsal struct {
	institution registry.Institution
	manifest    *discover.Manifest
	formats     []formats.Format // nil: all, over the network
	keys        pipeline.Keys    // nil where there is no data directory
}

// plan finds out what the target is. Without anything to harvest it is nil, and
// the report says why.
func (c *checkCommand) plan(ctx context.Context, p process, config settings, out outside, report *checkReport) (*rehearsal, error) {
	if c.Target == "-" || c.Type != "" || !discover.IsURL(c.Target) && isFile(p.path(c.Target)) {
		return c.file(p, config, report)
	}
	search := discover.Institution{SCHAC: strings.ToLower(c.Target), Website: config.website(c.Target)}
	if discover.IsURL(c.Target) {
		search = discover.Institution{Manifest: c.Target}
	}
	found, err := out.finder.Discover(ctx, search)
	if err != nil {
		return nil, err
	}
	report.Discovery = found
	if found.Manifest == nil {
		return nil, nil
	}
	return &rehearsal{institution: c.institution(config, found.Manifest), manifest: found.Manifest}, nil
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// file plans the check of a manifest, or of records, in a file.
func (c *checkCommand) file(p process, config settings, report *checkReport) (*rehearsal, error) {
	body, err := p.read(c.Target, maxLiftFile)
	if err != nil {
		return nil, err
	}
	if c.Type == "" {
		manifest, err := discover.Parse(body)
		if err == nil {
			manifest.URL = c.Target
			report.Discovery = &discover.Report{Manifest: manifest, Probes: []discover.Probe{}}
			return &rehearsal{institution: c.institution(config, manifest), manifest: manifest}, nil
		}
		return nil, usageError{fmt.Errorf("%s is not a manifest (%w); if it holds records, say of which type with --type", c.Target, err)}
	}
	format, err := formats.Of(c.Type)
	if err != nil {
		return nil, usageError{err}
	}
	records, err := format.Records(body, "")
	format.Reader = fileReader{c.Target, records, err}
	manifest := &discover.Manifest{Sources: []discover.Entry{{ID: "file", Type: format.Name, Auth: discover.Access{Kind: discover.Open}}}}
	return &rehearsal{institution: c.institution(config, manifest), manifest: manifest, formats: []formats.Format{format}}, nil
}

// institution is whose data are checked: the one that the configuration knows
// by the code, or by the manifest, else what the manifest says of itself. That
// is believed for a rehearsal, and for nothing else.
func (c *checkCommand) institution(config settings, m *discover.Manifest) registry.Institution {
	code := strings.ToLower(c.SCHAC)
	if code == "" && !discover.IsURL(c.Target) && m.URL != c.Target && m.URL != "" {
		code = strings.ToLower(c.Target) // a domain
	}
	for _, in := range config.byHand().Institutions {
		if code != "" && in.SCHAC == code || code == "" && in.Manifest != "" && in.Manifest == m.URL {
			return in
		}
	}
	if code == "" {
		code = strings.ToLower(m.Meta.SCHAC)
	}
	if u, err := url.Parse(m.URL); code == "" && err == nil && u.Host != "" {
		return registry.Institution{Provider: harvesters.Provider{Website: m.URL}}
	}
	if code == "" {
		code = "provider.example"
	}
	return registry.Institution{Provider: harvesters.Provider{SCHAC: code}}
}

// rehearse runs the pipeline into a temporary store.
func (c *checkCommand) rehearse(ctx context.Context, p process, config settings, out outside, plan rehearsal, known *store.Store, report *checkReport) error {
	dir, err := os.MkdirTemp("", "qlgraph-check-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s, err := store.Open(dir, store.Options{NoSync: true, Owner: "qlgraph check"})
	if err != nil {
		return err
	}
	defer s.Close()
	found := newFindings(profile.New())
	run := pipeline.Config{
		BaseIRI: p.setting(c.BaseIRI, "BASE_IRI", config.BaseIRI, defaultBaseIRI),
		Dataset: s, Client: out.client, Finder: out.finder, Formats: plan.formats, Validator: found,
		Registry:   registry.Registry{Institutions: []registry.Institution{plan.institution}, Alliances: config.Alliances},
		Background: []pipeline.Background{}, Keys: plan.keys,
	}
	if known != nil { // a secret that belongs to another host is not sent in a rehearsal either
		if err := pipeline.CopySecretOwners(ctx, s, known); err != nil {
			return err
		}
	}
	dry, err := pipeline.New(run)
	if err != nil {
		return err
	}
	result, err := dry.Run(ctx, pipeline.Options{Manifest: plan.manifest, Progress: p.showProgress()})
	if err != nil {
		return err
	}
	report.Provider = plan.institution.Key()
	report.Sources = result.Sources
	found.into(report)
	return nil
}

// fileReader emits the records of a file.
type fileReader struct {
	name    string
	records []harvesters.Record
	err     error // where they broke off
}

// Read implements harvesters.Reader.
func (f fileReader) Read(_ context.Context, _ harvesters.Source, _ harvesters.Getter, emit func(harvesters.Record) error, warn func(harvesters.Finding)) error {
	if f.err != nil && len(f.records) == 0 {
		return fmt.Errorf("%s: %w", f.name, f.err)
	}
	for _, rec := range f.records {
		rec.Origin.URL = f.name
		if err := emit(rec); err != nil {
			return err
		}
	}
	if f.err != nil {
		warn(harvesters.Finding{Severity: harvesters.Violation, Code: "check.syntax", Message: f.err.Error(), At: harvesters.Origin{URL: f.name}})
	}
	return nil
}
